"""Which days a mission looks at: the truce, its margins, and open ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.app.days import LONGEST_GAP, span
from trucewatch.model import NEVER, Interval, Window

START = datetime(2026, 4, 11, 13, tzinfo=UTC)
END = datetime(2026, 4, 12, 21, tzinfo=UTC)
KYIV = ZoneInfo("Europe/Kyiv")


def claims(*days):
    """When each of some claims happened."""
    return [Interval.days(day, day, UTC) for day in days]


def truce_days(window, *days):
    return span(window, claims(*days), UTC, baseline_days=3).truce


def test_a_closed_truce_is_its_local_days_and_the_end_itself_is_not_in_it():
    found = span(Window(START, END), [], KYIV, baseline_days=10)
    assert found.truce == (date(2026, 4, 11), date(2026, 4, 12))
    assert (found.days[0], found.days[-1]) == (date(2026, 4, 1), date(2026, 4, 22))


def test_an_open_end_reaches_as_far_as_the_reports():
    days = truce_days(Window(START, None), date(2026, 4, 12), date(2026, 6, 1))
    assert (days[0], days[-1]) == (date(2026, 4, 11), date(2026, 6, 1))


def test_one_date_of_the_far_future_or_past_stretches_nothing():
    near = date(2026, 4, 20)
    for far in (date(2099, 1, 1), date(1901, 1, 1)):
        assert truce_days(Window(START, None), near, far)[-1] == near
        assert truce_days(Window(None, END), near, far)[0] == date(2026, 4, 12)
        assert len(truce_days(Window(None, None), near, near, near, far)) == 1


def test_an_open_start_reaches_back_as_far_as_the_reports():
    assert truce_days(Window(None, END), date(2026, 3, 1))[0] == date(2026, 3, 1)


def test_no_reports_and_no_ends_is_one_day():
    assert len(truce_days(Window(None, None))) == 1
    assert truce_days(Window(START, None)) == (date(2026, 4, 11),)


@given(st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=8), st.randoms())
def test_order_and_repetition_change_nothing(days, chance):
    again = [*days, *days]
    chance.shuffle(again)
    for window in (Window(START, None), Window(None, END), Window(None, None)):
        if window.start or window.end:
            assert truce_days(window, *days) == truce_days(window, *again)
    assert timedelta(days=31) < LONGEST_GAP


@pytest.mark.parametrize("never", [NEVER, Window(START, START)])
def test_a_truce_that_does_not_hold_yet_touches_no_day(never):
    """The days are those that are told of, and no year 9999 is counted up to."""
    told = [date(2026, 4, 3), date(2026, 4, 5)]
    found = span(never, claims(*told), UTC, baseline_days=3)
    assert found.truce == ()
    assert found.days == span(Window(None, None), claims(*told), UTC, baseline_days=3).days
    assert {*told} <= {*found.days}
    assert len(found.days) < 100
