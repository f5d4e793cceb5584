"""Counts by day, exact intervals, and the Easter truce as it was coded."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest, chi2

from trucewatch.findings import compliance
from trucewatch.findings.poisson import rate_interval, ratio_interval
from trucewatch.model import NEVER, Incident, Interval, Nature, Point, Window

KYIV = ZoneInfo("Europe/Kyiv")
TRUCE = Window(datetime(2026, 4, 11, 13, tzinfo=UTC), datetime(2026, 4, 12, 21, tzinfo=UTC))
DAYS = [date(2026, 4, 1) + timedelta(days=step) for step in range(22)]


def incident(name: str, when: Interval, nature: Nature = Nature.EVENT) -> Incident:
    return Incident(
        id=name,
        nature=nature,
        kind="hostile_act",
        place=Point(48.0, 37.0, 1000.0),
        when=when,
        region=None,
        probability=0.9,
        claims=(),
        sources=(),
        origins=(),
        observations=1,
        terms=(),
        reasons=(),
    )


def on(first: int, last: int | None = None, zone=KYIV) -> Interval:
    return Interval.days(date(2026, 4, first), date(2026, 4, last or first), zone)


def counted(ones, *, truce=TRUCE, days=DAYS, baseline_days=10, zone=KYIV):
    return compliance(ones, truce=truce, zone=zone, days=days, baseline_days=baseline_days)


def rates(found):
    return {rate.period: rate for rate in found.rates}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 92, 500])
def test_the_rate_interval_is_garwoods(count):
    low, high = rate_interval(count, 10)
    expected_low = chi2.ppf(0.025, 2 * count) / 20 if count else 0
    assert low == pytest.approx(expected_low, rel=1e-9)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 20, rel=1e-9)


def test_no_event_is_no_certainty_of_none():
    low, high = rate_interval(0, 10)
    assert (low, round(high, 3)) == (0, 0.369)


@pytest.mark.parametrize(("days", "count"), [(0, 1), (1, -1)])
def test_a_rate_needs_days(days, count):
    with pytest.raises(ValueError, match="at least one day"):
        rate_interval(count, days)


@pytest.mark.parametrize(
    ("a", "d_a", "b", "d_b"), [(3, 1, 89, 10), (85, 10, 3, 1), (1, 2, 1, 3), (0, 1, 5, 10)]
)
def test_the_ratio_interval_is_the_exact_conditional_one(a, d_a, b, d_b):
    ratio, low, high = ratio_interval(a, d_a, b, d_b)
    assert ratio == pytest.approx((a / d_a) / (b / d_b))
    expected = binomtest(a, a + b).proportion_ci(0.95, method="exact")
    for ours, share in ((low, expected.low), (high, expected.high)):
        assert ours == pytest.approx(share / (1 - share) * d_b / d_a, rel=1e-6)


def test_a_ratio_over_nothing_is_none():
    ratio, low, high = ratio_interval(4, 1, 0, 1)
    assert (ratio, high) == (None, None)
    share = beta.ppf(0.025, 4, 1)
    assert low == pytest.approx(share / (1 - share))
    assert ratio_interval(0, 1, 0, 1) == (None, None, None)
    assert ratio_interval(1, 0, 1, 1) == (None, None, None)


def test_days_counts_and_left_out():
    ones = [
        incident("a", on(12)),
        incident("b", on(11)),
        incident("c", on(11, 12)),
        incident("d", Interval.instant(datetime(2026, 4, 12, 20, tzinfo=UTC))),
        incident("e", Interval.instant(datetime(2026, 4, 12, 21, tzinfo=UTC))),
        incident("f", on(12), Nature.FIRE),
        incident("g", on(1, 22), Nature.STATIC_SOURCE),
        incident("h", on(2, 4)),
    ]
    found = counted(ones)
    by_day = {one.day.day: one for one in found.days}
    twelfth = by_day[12]
    assert (twelfth.firm, twelfth.expected, twelfth.thermal, twelfth.static) == (2, 2.5, 1, 1)
    assert (by_day[11].firm, by_day[11].expected) == (1, 1.5)
    assert (by_day[13].firm, by_day[3].expected) == (1, 0.333333)
    periods = rates(found)
    assert periods["during"].count == 2
    assert periods["during"].window == Window.days(date(2026, 4, 12), date(2026, 4, 12), KYIV)
    assert periods["during"].left_out == ("2026-04-11: lies only partly in the truce",)
    assert (periods["before"].days, periods["before"].count) == (10, 1)
    assert periods["after"].window.start == TRUCE.end
    assert periods["after"].count == 1
    assert any("1 event may lie inside a period or outside it" in one for one in found.caveats)
    assert any("The truce holds 1 whole local day:" in one for one in found.caveats)


def test_a_day_without_data_is_no_day_without_events():
    found = rates(counted([incident("a", on(10))], days=DAYS[5:12], baseline_days=7))
    assert (found["before"].days, found["before"].per_day) == (5, 0.2)
    assert found["before"].left_out == (
        "2026-04-04: outside the days looked at",
        "2026-04-05: outside the days looked at",
    )
    assert (found["after"].days, found["after"].per_day) == (0, None)
    assert (found["after"].low, found["after"].high) == (None, None)


def test_an_event_between_two_runs_of_days_is_in_neither():
    days = [day for day in DAYS if day != date(2026, 4, 5)]
    found = rates(counted([incident("a", on(5)), incident("b", on(4, 6))], days=days))
    assert (found["before"].days, found["before"].count) == (9, 0)


@pytest.mark.parametrize(
    ("truce", "before", "during", "after"),
    [
        (Window(None, TRUCE.end), 0, 12, 10),
        (Window(TRUCE.start, None), 10, 11, 0),
        (Window(None, None), 0, 22, 0),
        # A truce of some hours holds no whole day, and no rate is made up for it.
        (Window(TRUCE.start, TRUCE.start + timedelta(hours=7)), 10, 0, 10),
        (Window.days(date(2026, 4, 11), date(2026, 4, 12), KYIV), 10, 2, 10),
    ],
)
def test_open_and_short_truces(truce, before, during, after):
    found = counted([incident("a", on(3))], truce=truce)
    assert [rate.days for rate in found.rates] == [before, during, after]
    for rate in found.rates:
        assert (rate.per_day is None) is (rate.days == 0)
    if not during:
        assert {ratio.ratio for ratio in found.ratios} == {None}


def test_a_baseline_of_no_days_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        counted([], baseline_days=0)


def test_the_day_of_a_clock_change_is_one_day():
    truce = Window.days(date(2026, 3, 29), date(2026, 3, 29), KYIV)
    assert truce.end - truce.start == timedelta(hours=23)
    days = [date(2026, 3, 27) + timedelta(days=step) for step in range(5)]
    event = incident("a", Interval.days(date(2026, 3, 29), date(2026, 3, 29), KYIV))
    found = rates(counted([event], truce=truce, days=days, baseline_days=2))
    assert (found["during"].days, found["during"].count) == (1, 1)
    assert found["before"].days == found["after"].days == 2


spans = st.tuples(st.integers(1, 22), st.integers(1, 22)).map(lambda two: on(min(two), max(two)))
events = st.lists(st.tuples(spans, st.sampled_from(Nature)), max_size=12)


@given(events, st.randoms(use_true_random=False))
def test_order_does_not_matter(made, chance):
    ones = [incident(f"i{k}", when, nature) for k, (when, nature) in enumerate(made)]
    shuffled = list(ones)
    chance.shuffle(shuffled)
    assert counted(ones) == counted(shuffled, days=list(reversed(DAYS)))


@given(events)
def test_expected_is_a_spread_of_what_there_is(made):
    ones = [incident(f"i{k}", when, nature) for k, (when, nature) in enumerate(made)]
    found = counted(ones)
    total = sum(one.nature is Nature.EVENT for one in ones)
    assert sum(one.expected for one in found.days) == pytest.approx(total, abs=1e-4)
    assert all(one.firm <= one.expected + 1e-6 for one in found.days)
    more = counted([*ones, incident("more", on(12))])
    assert rates(more)["during"].count == rates(found)["during"].count + 1


def test_the_easter_truce_as_it_was_coded(shared):
    path = shared / "data/ucdp-candidate-2026-04/ukraine_russia.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 215
    ones = [
        incident(
            row["id"],
            Interval.days(
                date.fromisoformat(row["date_start"][:10]),
                date.fromisoformat(row["date_end"][:10]),
                KYIV,
            ),
        )
        for row in rows
    ]
    found = counted(ones)
    periods = rates(found)
    assert [(rate.days, rate.count) for rate in found.rates] == [(10, 89), (1, 3), (10, 85)]
    assert periods["before"].per_day == 8.9
    assert (periods["before"].low, periods["before"].high) == pytest.approx(
        (7.147, 10.952), abs=1e-3
    )
    assert (periods["during"].low, periods["during"].high) == pytest.approx(
        (0.619, 8.767), abs=1e-3
    )
    fall, rise = found.ratios
    assert (fall.ratio, fall.low, fall.high) == pytest.approx((0.337, 0.068, 1.017), abs=1e-3)
    assert (rise.ratio, rise.low, rise.high) == pytest.approx((2.833, 0.937, 14.01), abs=1e-2)
    assert {one.day.day: one.firm for one in found.days}[12] == 3


def test_what_counts_is_the_nature_not_the_kind():
    one = incident("a", on(12))
    assert rates(counted([replace(one, nature=Nature.FIRE)]))["during"].count == 0


def test_a_truce_that_ends_where_the_clocks_skip_midnight_leaves_the_new_day_whole():
    """In Beirut the 29th of March 2026 begins at one o'clock; the truce ends there."""
    zone = ZoneInfo("Asia/Beirut")
    days = [date(2026, 3, 20) + timedelta(days=step) for step in range(20)]
    end = datetime(2026, 3, 28, 22, tzinfo=UTC)
    truce = Window(datetime(2026, 3, 25, 22, tzinfo=UTC), end)
    told = [incident("a", Interval.days(date(2026, 3, 21), date(2026, 3, 21), zone))]
    after = rates(counted(told, truce=truce, days=days, baseline_days=3, zone=zone))["after"]
    assert after.window.start == end
    assert after.days == 3


def test_where_nobody_tells_of_events_no_rate_is_known():
    """Heat alone, or nothing at all: nought a day would be something made of nothing."""
    for ones in ([], [incident("a", on(3), Nature.FIRE), incident("b", on(12), Nature.FIRE)]):
        found = counted(ones)
        assert {rate.per_day for rate in found.rates} == {None}
        assert all(rate.left_out == ("no source has told of any event",) for rate in found.rates)
        assert all(ratio.ratio is None for ratio in found.ratios)
        assert any("No source has told of any event" in caveat for caveat in found.caveats)
    assert rates(counted([incident("a", on(3))]))["during"].per_day == 0


def test_a_truce_that_does_not_hold_yet_has_no_rate_of_any_period():
    """No day lies in it, before it or after it: a rate would compare with nothing."""
    told = [incident(str(n), Interval.days(day, day, KYIV)) for n, day in enumerate(DAYS)]
    found = compliance(told, truce=NEVER, zone=KYIV, days=DAYS, baseline_days=3)
    assert [(rate.days, rate.per_day) for rate in found.rates] == [(0, None)] * 3
    assert [ratio.ratio for ratio in found.ratios] == [None, None]
    assert len(found.days) == len(DAYS)
