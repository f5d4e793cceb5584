"""What an incident says of weapons and casualties, and what it does not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.incidents.said as said
from trucewatch.incidents.said import counts_said, weapons_said
from trucewatch.model import Count

from .conftest import make_claim


def killed(best=None, low=None, high=None) -> Count:
    return Count(what="killed", best=best, low=low, high=high)


def claims(*counts: Count | tuple[Count, ...], **rest: object):
    return [
        make_claim(counts=one if isinstance(one, tuple) else (one,), name=str(place), **rest)
        for place, one in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("given", "together"),
    [
        ([killed(3)], killed(3, 3, 3)),
        ([killed(3), killed(3)], killed(3, 3, 3)),
        # Two that differ: no best, and the span of both.
        ([killed(3), killed(5)], killed(None, 3, 5)),
        ([killed(3, 2, 9), killed(4)], killed(None, 2, 9)),
        # "At least" and "at most" say nothing of the other end.
        ([killed(low=2)], killed(None, 2, None)),
        ([killed(high=4)], killed(None, None, 4)),
        ([killed(low=2), killed(3)], killed(3, 2, 3)),
        # A zero that somebody gives is a zero.
        ([killed(0)], killed(0, 0, 0)),
    ],
)
def test_numbers_together(given, together):
    assert counts_said(claims(*given)) == (together,)


def test_a_count_that_nobody_gives_is_absent():
    assert counts_said(claims(killed(), (), Count(what="wounded", best=2))) == (
        Count(what="wounded", best=2, low=2, high=2),
    )
    assert counts_said([]) == ()


def test_observations_and_sums_are_no_casualties_of_one_event():
    assert counts_said(claims(Count(what="observations", best=398))) == ()
    assert counts_said(claims(killed(50), aggregated=True)) == ()


def test_the_guard_against_sums_bites(monkeypatch):
    """The saboteur: with observations taken for casualties, they would be counted here."""
    monkeypatch.setattr(said, "OBSERVATIONS", "nothing")
    with pytest.raises(AssertionError):
        test_observations_and_sums_are_no_casualties_of_one_event()


def test_weapons_are_those_that_any_account_names(world):
    ones = [
        make_claim(source="press", weapons=("mortar_120mm",), counts=(killed(2),)),
        make_claim(source="patrol", weapons=("artillery",)),
    ]
    (found,) = world.find(ones)
    assert found.weapons == ("artillery", "mortar_120mm")
    assert found.counts == (killed(2, 2, 2),)
    (silent,) = world.find([make_claim()])
    assert (silent.weapons, silent.counts) == ((), ())


numbers = st.builds(
    lambda three, gaps: killed(*(None if gap else n for n, gap in zip(three, gaps, strict=True))),
    st.lists(st.integers(0, 50), min_size=3, max_size=3).map(
        lambda three: (sorted(three)[1], min(three), max(three))
    ),
    st.lists(st.booleans(), min_size=3, max_size=3),
)


@given(st.lists(numbers, max_size=5), numbers, st.randoms())
def test_order_does_not_matter_and_more_accounts_only_widen(counts, more, chance):
    ones = claims(*counts)
    shuffled = sorted(ones, key=lambda _: chance.random())
    assert counts_said(ones) == counts_said(shuffled)
    assert weapons_said(ones) == weapons_said(shuffled)
    before, after = counts_said(ones), counts_said(claims(*counts, more))
    if before and before[0].low is not None:
        assert after[0].low is not None
        assert after[0].low <= before[0].low
    if before and before[0].high is not None:
        assert after[0].high is not None
        assert after[0].high >= before[0].high
