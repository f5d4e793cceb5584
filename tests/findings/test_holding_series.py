"""The series of a mission, the chain of its reports, and the weighing beneath the verdict."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from trucewatch.findings.holding import broken_links, courses
from trucewatch.findings.holding.dispersed import grid_for, log_likelihoods
from trucewatch.findings.holding.segments import PRIOR_NO_CHANGE, weigh
from trucewatch.model import Course, DayCount, Interval, PeriodCount, Window

START = datetime(2031, 5, 1, 16, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TRUCE = Window(START, None)


def told(at: int, count: int, previous: int | None = None, region: str = "north") -> PeriodCount:
    begins = START + at * DAY
    return PeriodCount(
        id=f"cnt-{region}-{at}-{count}",
        report=f"rep-{at}",
        source="patrols",
        what="violations",
        region=region,
        when=Interval(begins, begins + DAY),
        count=count,
        previous=previous,
    )


def on(day: int, firm: int) -> DayCount:
    return DayCount(day=date(2031, 5, 1) + day * DAY, firm=firm, expected=firm, thermal=0, static=0)


def found(tallies=(), days=(), truce=TRUCE):
    return courses(tallies, days, truce=truce, zone=UTC, baseline_days=10)


# ---- the chain


def test_a_chain_that_holds():
    assert broken_links([told(0, 5), told(1, 7, 5), told(2, 0, 7)]) == (
        "2 counts are told again by the next report, 0 of them otherwise",
    )


def test_a_link_that_does_not_hold_is_named_and_nothing_is_dropped():
    listed = [told(0, 5), told(1, 7, 6)]
    assert broken_links(listed)[1] == (
        "north, the period up to 2031-05-02T16:30Z: its own report counts 5, the next one says 6"
    )
    (one,) = found(listed)
    assert [each.count for each in one.series] == [5, 7]
    assert one.notes == broken_links(listed)


def test_another_region_or_a_gap_is_no_link():
    assert broken_links([told(0, 5), told(1, 7, 6, "south"), told(3, 1, 9)]) == ()


# ---- the series


def test_regions_add_up_and_each_source_has_its_own_course():
    listed = [told(0, 5), told(0, 2, region="south"), replace(told(0, 9), source="drones")]
    drones, patrols = found(listed)
    assert (drones.source, [one.count for one in drones.series]) == ("drones", [9])
    assert (patrols.source, [one.count for one in patrols.series]) == ("patrols", [7])


def test_days_outside_those_told_of_are_no_days_of_nought():
    days = [on(at, 0) for at in range(-9, -6)] + [on(-6, 4), on(-5, 0), on(-4, 5)]
    days += [on(at, 0) for at in range(-3, 20)]
    (one,) = found(days=days)
    assert one.verdict is Course.UNOBSERVED
    (one,) = found(days=[*days, on(20, 1)])
    assert one.verdict is not Course.UNOBSERVED


def test_nothing_told_and_no_start_give_no_course():
    assert found(days=[on(at, 0) for at in range(5)]) == ()
    assert found([told(0, 5)], truce=Window(None, START)) == ()


@settings(max_examples=20)
@given(st.permutations([told(at, n, region=r) for at, n in ((0, 3), (1, 0), (2, 9)) for r in "ab"]))
def test_the_order_of_reports_does_not_matter(listed):
    assert found(listed) == found(sorted(listed))


# ---- the weighing


def test_the_likelihood_is_the_negative_binomial_and_goes_to_poisson():
    counts, days, exposures = [0, 3, 40], [1.0, 1.0, 2.0], [1.0, 0.5, 2.0]
    grid = grid_for(counts, exposures)
    rates = np.exp(grid.log_rates)
    for alpha in (0.03, 1.0, 30.0):
        table = log_likelihoods(counts, days, exposures, grid, alpha)
        for row, (n, d, e) in enumerate(zip(counts, days, exposures, strict=True)):
            size = d / alpha
            expected = nbinom.logpmf(n, size, size / (size + rates * e)) + math.lgamma(n + 1)
            np.testing.assert_allclose(table[row], expected, rtol=1e-9, atol=1e-9)
    near = log_likelihoods([3], [1.0], [1.0], grid, 1e-9)[0]
    expected = poisson.logpmf(3, rates) + math.lgamma(4)
    np.testing.assert_allclose(near[::20], expected[::20], rtol=1e-4, atol=1e-4)


def test_two_days_together_have_the_law_of_their_sum():
    """So that a report on a weekend is worth what its two days are."""
    size, share = 1 / 0.7, 0.2
    n = 6
    apart = sum(nbinom.pmf(k, size, share) * nbinom.pmf(n - k, size, share) for k in range(n + 1))
    assert nbinom.pmf(n, 2 * size, share) == pytest.approx(apart)


def by_hand(table, log_prior):
    """Every segmentation, one by one: (weight, where it is cut)."""
    n = len(table)
    stay = PRIOR_NO_CHANGE ** (1 / (n - 1))
    for cuts in itertools.product((False, True), repeat=n - 1):
        edges = [0, *(at + 1 for at, cut in enumerate(cuts) if cut), n]
        weight = math.prod((1 - stay) if cut else stay for cut in cuts)
        for a, b in itertools.pairwise(edges):
            weight *= np.exp(np.logaddexp.reduce(table[a:b].sum(axis=0) + log_prior))
        yield weight, cuts


@pytest.mark.parametrize("counts", [[2, 0, 1, 9, 12, 8], [5, 5], [0, 0, 40, 0]])
def test_the_recursion_weighs_every_segmentation(counts):
    ones = [1.0] * len(counts)
    grid = grid_for(counts, ones)
    table = log_likelihoods(counts, ones, ones, grid, 0.3)
    table -= table.max()  # so that the plain sums below do not underflow
    cuts = weigh(table, grid.log_prior)
    listed = list(by_hand(table, grid.log_prior))
    total = sum(weight for weight, _ in listed)
    assert cuts.evidence == pytest.approx(math.log(total))
    never = next(weight for weight, cut in listed if not any(cut))
    assert cuts.untouched(0, len(counts) - 1) == pytest.approx(never / total)
    best = max(listed, key=lambda one: one[0])[1]
    assert cuts.best == tuple(at + 1 for at, cut in enumerate(best) if cut)
    for after, last in itertools.combinations(range(len(counts)), 2):
        kept = sum(weight for weight, cut in listed if not any(cut[after:last]))
        assert cuts.untouched(after, last) == pytest.approx(kept / total)


def test_a_single_period_has_nowhere_to_change():
    grid = grid_for([3], [1.0])
    cuts = weigh(log_likelihoods([3], [1.0], [1.0], grid, 1.0), grid.log_prior)
    assert cuts.best == ()
    assert math.isfinite(cuts.evidence)
