"""Lines that stand on many pages of an outlet are dropped from all of them."""

from __future__ import annotations

import itertools

from trucewatch.model import Article
from trucewatch.reports.press import read_outlet, recurring_lines

FRAME = "Your island, your harbour, your paper since the great flood of the year nine."
TEMPLATE = """A day in the {place}
The two councils met in the {place} on Tuesday to settle the truce.
Key points:
• the {place} stays open
{frame}
Nobody in the {place} could say how long the talks would take, its mayor told us.
"""
PAGES = [
    (f"{n}.txt", TEMPLATE.format(place=place, frame=FRAME))
    for n, place in enumerate(("harbour", "valley", "lighthouse", "rail yard"))
]


def texts(pages: list[tuple[str, str]]) -> list[str]:
    found = read_outlet([(name, text.encode()) for name, text in pages], outlet="Paper")
    return sorted(a.text for a in found if isinstance(a, Article))


def test_what_recurs_is_found_and_an_articles_own_labels_are_not():
    lines = recurring_lines(text.encode() for _, text in PAGES)
    assert len(lines) == 1
    assert next(iter(lines)).startswith("your island, your harbour")


def test_two_pages_tell_nothing_nor_does_one_page_many_times():
    assert recurring_lines(text.encode() for _, text in PAGES[:2]) == frozenset()
    assert recurring_lines([PAGES[0][1].encode()] * 9) == frozenset()


def test_it_is_dropped_and_the_order_of_the_files_makes_no_difference():
    wanted = texts(PAGES)
    assert len(wanted) == 4
    assert all(FRAME not in text and "Key points" in text for text in wanted)
    assert all(texts(list(order)) == wanted for order in itertools.permutations(PAGES, 4))


def test_alone_a_page_keeps_it():
    (alone,) = texts(PAGES[:1])
    assert FRAME in alone
