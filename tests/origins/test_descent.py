"""Which articles come from one text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.origins.made import article

from trucewatch.model import Interval, Tie
from trucewatch.origins import descent

DAY = datetime(2026, 1, 6, tzinfo=UTC)
STORY = (
    "A lorry with flour from the upper valley went down with the old bridge on Monday. The driver, "
    "Jonas Calder, swam ashore near the Weirbridge mill. Divers found the cab eleven metres deep. "
    "The district had closed the bridge to heavy traffic in March 2024."
)
OTHER = "Talks on fishing rights in the strait were put off for a third time, Harbour Post writes."


def on(days):
    return Interval.instant(DAY + timedelta(days=days))


def pair(a, b):
    found = descent([a, b])
    return found[0] if found else None


def test_the_same_text_and_a_part_of_it_are_certain():
    whole, part = article("A", STORY), article("B", STORY[: STORY.index(" The district")])
    for other in (article("B", STORY), part, article("B", f"Desk. {STORY}")):
        edge = pair(whole, other)
        assert (edge.tie, edge.strength) == (Tie.SAME_TEXT, 1.0)


def test_what_has_nothing_in_common_has_no_edge():
    assert descent([article("A", STORY), article("B", OTHER)]) == ()
    assert descent([article("A", STORY)]) == descent([]) == ()
    assert descent([article("A", ""), article("B", "?")]) == ()


def test_a_retelling_is_never_certain_and_says_what_it_rests_on():
    told = (
        "On Monday a flour lorry from the upper valley went down with the old bridge. Jonas "
        "Calder, its driver, swam ashore near the Weirbridge mill; divers found the "
        "cab eleven metres deep."
    )
    edge = pair(article("A", STORY), article("B", told))
    assert edge.tie is Tie.RETOLD
    assert 0.5 < edge.strength < 1
    assert "names and numbers" in edge.reason


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(0, 1, "A published first"), (2, 1, "B published first"), (1, 1, None), (None, 1, None)],
)
def test_who_was_first_is_said_only_where_both_days_are_known(first, second, said):
    days = [None if d is None else on(d) for d in (first, second)]
    edge = pair(article("A", STORY, published=days[0]), article("B", STORY, published=days[1]))
    assert (said in edge.reason) if said else ("first" not in edge.reason)


def test_order_changes_nothing_and_a_third_article_changes_no_pair():
    texts = [STORY, STORY[20:], OTHER, f"{OTHER} {STORY[:90]}", STORY.replace("Monday", "Tuesday")]
    articles = [article(outlet, text) for outlet, text in zip("ABCDE", texts, strict=True)]
    found = descent(articles)
    for seed in range(5):
        mixed = [*articles, *articles]
        Random(seed).shuffle(mixed)
        assert descent(mixed) == found
    for edge in found:
        alone = [a for a in articles if a.id in {edge.one, edge.other}]
        assert edge in descent(alone)


def test_copies_in_a_crowd_are_found():
    """Among many, words that all share lead nowhere; near-copies are found by their sketches."""
    crowd = [article(f"Near {k}", f"{STORY} Printed by desk {k}.") for k in range(120)]
    crowd += [article(f"Else {k}", f"{OTHER} Number {k} of {k * 7}.") for k in range(20)]
    together = {a.id for a in crowd[:120]}
    reached, ahead = set(), [min(together)]
    ties = [e for e in descent(crowd) if e.strength == 1.0]
    while ahead:
        here = ahead.pop()
        reached.add(here)
        for e in ties:
            for a, b in ((e.one, e.other), (e.other, e.one)):
                if a == here and b not in reached:
                    reached.add(b)
                    ahead.append(b)
    assert reached == together
