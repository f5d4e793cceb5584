"""Lines that stand on many pages of an outlet are dropped from all of them."""

from __future__ import annotations

import itertools

from trucewatch.model import Article
from trucewatch.reports.press import read_articles, without_recurring

FRAME = "Your island, your harbour, your paper since the great flood of that bad year."
TEMPLATE = """A day in the {place}
The two councils met in the {place} on Tuesday to settle the truce.
Key points:
• the {place} stays open
• 12 boats came
{frame}
Nobody in the {place} could say how long the talks would take, its mayor told us.
"""
PLACES = ("harbour", "valley", "lighthouse", "rail yard")
PAGES = [TEMPLATE.format(place=place, frame=FRAME) for place in PLACES]


def read(pages: list[str], outlet: str | None = "Paper") -> list[Article]:
    return [
        one
        for n, text in enumerate(pages)
        for one in read_articles(text.encode(), name=f"{n}.txt", outlet=outlet)
        if isinstance(one, Article)
    ]


def test_what_recurs_is_dropped_and_what_is_the_articles_own_is_not():
    found = without_recurring(read(PAGES))
    assert len(found) == 4
    for one in found:
        assert FRAME not in one.text
        assert "Key points" in one.text
        assert "12 boats" in one.text
        assert (FRAME, "recurs on the outlet's pages") in {(d.text, d.reason) for d in one.dropped}
        assert "\n".join(one.text[b.start : b.end] for b in one.blocks) == one.text


def test_the_order_makes_no_difference_and_the_ids_stay():
    pages = read(PAGES)
    wanted = without_recurring(pages)
    assert {one.id for one in wanted} == {one.id for one in pages}
    assert all(without_recurring(order) == wanted for order in itertools.permutations(pages))


def test_two_pages_tell_nothing_nor_does_one_text_many_times_nor_other_outlets():
    for pages in (read(PAGES[:2]), read([PAGES[0]] * 9), read(PAGES, outlet=None)):
        assert all(FRAME in one.text for one in without_recurring(pages))


def test_background_that_an_outlet_repeats_is_its_own_text():
    background = (
        "The two councils have held the strait between them since the old treaty lapsed, and "
        "neither has said in public what it would take for its boats to go back to port for good."
    )
    pages = [TEMPLATE.format(place=place, frame=background) for place in PLACES]
    assert all(background in one.text for one in without_recurring(read(pages)))


def test_an_article_of_which_nothing_would_be_left_stays():
    lines = (
        "Both councils agreed on the truce on Tuesday night.\n"
        "Their boats go back to port, and nobody was hurt.\n"
    )
    pages = read(
        [f"News of the {one}\n{lines}The {one} is open to everybody again.\n" for one in PLACES[:3]]
    )
    short = read([f"The truce holds for now\n{lines}"])
    found = {one.id: one for one in without_recurring([*pages, *short])}
    assert [found[one.id] for one in short] == short
    assert all(len(found[one.id].blocks) == len(one.blocks) - 2 for one in pages)
