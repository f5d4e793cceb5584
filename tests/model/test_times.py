"""Laws of spans of time: they keep what is known, and a share is a share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import ALWAYS, NEVER, Interval, Window, utc

ZONES = st.sampled_from(["Europe/Kyiv", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"])
HOURS = st.integers(0, 20_000).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=n))
DAYS = st.dates(date(1970, 1, 1), date(2100, 12, 31))
SPANS = st.tuples(HOURS, HOURS).map(lambda pair: Interval(min(pair), max(pair)))
WINDOWS = st.tuples(HOURS, HOURS).map(lambda pair: Window(min(pair), max(pair)))


@given(DAYS, st.integers(0, 40), ZONES)
def test_days_follow_one_another_without_gap_or_overlap(first, more, name):
    zone = ZoneInfo(name)
    last = first + timedelta(days=more)
    parts = [Interval.days(first + timedelta(days=n), first + timedelta(days=n), zone)
             for n in range(more + 1)]  # fmt: skip
    assert all(a.latest == b.earliest for a, b in pairwise(parts))
    whole = Interval.days(first, last, zone)
    assert (whole.earliest, whole.latest) == (parts[0].earliest, parts[-1].latest)
    assert abs(whole.length - timedelta(days=more + 1)) <= timedelta(hours=1)
    assert Window.days(first, last, zone) == Window(whole.earliest, whole.latest)


@given(SPANS, WINDOWS)
def test_the_shares_before_within_and_after_a_window_are_all_there_is(span, window):
    before, after = Window(None, window.start), Window(window.end, None)
    shares = [span.share_within(one) for one in (before, window, after)]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(sorted(shares)) == pytest.approx(1)
    assert span.share_within(Window(None, None)) == 1


@given(SPANS, WINDOWS, st.integers(0, 500))
def test_a_wider_window_never_holds_less(span, window, hours):
    wider = Window(window.start - timedelta(hours=hours), window.end + timedelta(hours=hours))
    assert span.share_within(wider) >= span.share_within(window)


@given(HOURS, WINDOWS)
def test_an_instant_lies_in_a_window_or_does_not(moment, window):
    share = Interval.instant(moment).share_within(window)
    assert share == float(window.contains(moment))
    assert not window.contains(window.end)


@given(SPANS, st.integers(-14, 14))
def test_the_zone_in_which_a_time_is_written_makes_no_difference(span, offset):
    there = timezone(timedelta(hours=offset))
    again = Interval(span.earliest.astimezone(there), span.latest.astimezone(there))
    assert again == span
    assert hash(again) == hash(span)
    assert again.earliest.utcoffset() == timedelta(0)
    assert span.earliest <= span.middle <= span.latest


def test_what_is_no_span_is_refused():
    noon = datetime(2026, 4, 12, 12, tzinfo=UTC)
    naive = noon.replace(tzinfo=None)
    for make in (utc, Interval.instant, Window(None, None).contains):
        with pytest.raises(ValueError, match="UTC offset"):
            make(naive)
    with pytest.raises(ValueError, match="before"):
        Interval(noon, noon - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="before"):
        Window(noon, noon - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="before the first"):
        Interval.days(date(2026, 4, 12), date(2026, 4, 11), UTC)


@pytest.mark.parametrize("name", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_the_ends_of_the_calendar_are_refused_in_words(name):
    """An OverflowError would go past everybody who expects a ValueError."""
    zone = ZoneInfo(name)
    for day in (date.min, date.max):
        try:
            assert Interval.days(day, day, zone).length == timedelta(days=1)
        except ValueError as error:
            assert "calendar" in str(error)  # noqa: PT017 - one zone in three can hold it
    with pytest.raises(ValueError, match="calendar"):
        utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=9))))
    with pytest.raises(ValueError, match="calendar"):
        utc(datetime.max.replace(tzinfo=timezone(timedelta(hours=-9))))


OPEN = st.builds(
    lambda window, first, last: Window(
        window.start if first else None, window.end if last else None
    ),
    WINDOWS,
    st.booleans(),
    st.booleans(),
)


@given(OPEN, OPEN, HOURS)
def test_what_lies_in_two_windows_lies_in_their_overlap(a, b, moment):
    both = a.overlap(b)
    assert both.contains(moment) is (a.contains(moment) and b.contains(moment))
    assert both.empty is b.overlap(a).empty
    assert a.overlap(a) == a


@given(OPEN, HOURS)
def test_nothing_lies_in_what_never_holds(window, moment):
    assert NEVER.empty
    assert window.overlap(NEVER).empty
    assert not NEVER.contains(moment)
    assert Interval.instant(moment).share_within(NEVER) == 0
    assert not (window.empty and window.contains(moment))
    assert not ALWAYS.empty
