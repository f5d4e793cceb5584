"""Times of an agreement: clock changes, the end of a day, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.agreements.moments import read_calendar, read_moment, read_span, read_zone
from trucewatch.model import Clock, Step

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-04-11 16:00", "Europe/Moscow", "2026-04-11T13:00"),
        ("2026-04-12 24:00", "Europe/Moscow", "2026-04-12T21:00"),
        ("2026-04-12T24:00:00", "Europe/Moscow", "2026-04-12T21:00"),
        ("2026-04-12 24:00+03:00", None, "2026-04-12T21:00"),
        ("2026-04-12 23:59:59Z", None, "2026-04-12T23:59:59"),
        ("2026-04-11 16:00+03:00", "Europe/Moscow", "2026-04-11T13:00"),
        # The day of the clock change has 23 hours; its end is midnight by the new clock.
        ("2026-03-29 24:00", "Europe/Paris", "2026-03-29T22:00"),
        ("2026-10-25 24:00", "Europe/Paris", "2026-10-25T23:00"),
        # Written with its offset, an hour that happens twice is one of the two.
        ("2026-10-25 02:30+02:00", "Europe/Paris", "2026-10-25T00:30"),
        ("2026-10-25 02:30+01:00", "Europe/Paris", "2026-10-25T01:30"),
        # Clocks that skip midnight: the day still ends, at the moment of the change.
        ("2025-03-29 24:00", "Asia/Beirut", "2025-03-29T22:00"),
        ("2020-02-29 24:00", "UTC", "2020-03-01T00:00"),
        ("2025-12-31 24:00", "UTC", "2026-01-01T00:00"),
    ],
)
def test_a_time_is_one_instant(text, zone, expected):
    found = read_moment(text, None if zone is None else ZoneInfo(zone))
    assert found == datetime.fromisoformat(f"{expected}+00:00")
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("2026-03-29 02:30", PARIS, "the clocks skip it"),
        ("2026-10-25 02:30", PARIS, "happens twice"),
        ("2025-03-30 00:30", ZoneInfo("Asia/Beirut"), "the clocks skip it"),
        ("2026-10-25 02:30+03:00", PARIS, "does not have at that time"),
        ("2026-04-11 16:00", None, "needs an offset"),
        ("2026-04-11", PARIS, "bare date"),
        ("2026-02-29 10:00", PARIS, "no time of any day"),
        ("2026-02-28 25:00", PARIS, "no time of any day"),
        ("2026-02-28 24:01", PARIS, "no time of any day"),
        ("2026-02-28 10:00+15:00", None, "not an offset"),
        ("28.2.2026 10:00", PARIS, "is not a time"),
        ("0001-01-01 00:00+14:00", None, "is not a time"),
        ("tomorrow", PARIS, "is not a time"),
    ],
)
def test_a_time_that_is_none_is_refused_in_words(text, zone, words):
    with pytest.raises(ValueError, match=words):
        read_moment(text, zone)


@given(
    st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2037-01-01")),
    st.sampled_from(["UTC", "Europe/Paris", "Asia/Beirut", "Asia/Kathmandu", "America/St_Johns"]),
)
def test_a_local_time_comes_back_as_it_was_written_or_is_refused(local, zone):
    text = f"{local:%Y-%m-%d %H:%M}"
    with suppress(ValueError):
        moment = read_moment(text, ZoneInfo(zone))
        assert f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == text


@pytest.mark.parametrize("name", ["Nowhere/Town", "Europe", "../etc/passwd", "", "a\x00b"])
def test_an_unknown_zone_is_refused(name):
    with pytest.raises(ValueError, match="IANA"):
        read_zone(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 hours", timedelta(hours=24)),
        ("1 hour", timedelta(hours=1)),
        ("3 days", timedelta(days=3)),
        ("90 minutes", timedelta(minutes=90)),
    ],
)
def test_a_span_is_read(text, expected):
    assert read_span(text) == expected


@pytest.mark.parametrize("text", ["0 hours", "24", "24h", "-1 days", "1.5 hours", "1 month"])
def test_another_span_is_refused(text):
    with pytest.raises(ValueError, match="not a length"):
        read_span(text)


def step(after, calendar=None):
    return Step(
        id="s",
        duty="meet",
        duty_of=("council",),
        decided_by="chair",
        clock=Clock.EVENT,
        after=after,
        standard="none",
        standing="signed",
        source="page 3",
        calendar=calendar,
    )


@pytest.mark.parametrize(
    ("start", "hours", "days"),
    [
        # The clocks go forward on 29 March 2026: three days of 24 hours end an hour later by them.
        ("2026-03-27T10:00+01:00", "2026-03-30T11:00+02:00", "2026-03-31T00:00+02:00"),
        # They go back on 25 October.
        ("2026-10-23T10:00+02:00", "2026-10-26T09:00+01:00", "2026-10-27T00:00+01:00"),
        # The first and the last moment of a local day; in UTC they are those of two days.
        ("2026-05-01T00:00+02:00", "2026-05-04T00:00+02:00", "2026-05-05T00:00+02:00"),
        ("2026-05-01T23:59+02:00", "2026-05-04T23:59+02:00", "2026-05-05T00:00+02:00"),
    ],
)
def test_three_days_are_72_hours_and_calendar_days_end_at_midnight(start, hours, days):
    began = datetime.fromisoformat(start)
    assert read_span("3 days") == read_span("72 hours")
    assert step(read_span("3 days")).due(began) == datetime.fromisoformat(hours)
    counted = read_calendar("3 calendar days")
    assert step(counted, "Europe/Paris").due(began) == datetime.fromisoformat(days)


def test_where_the_clocks_skip_midnight_a_calendar_day_still_ends():
    """In Beirut 30 March 2025 begins at one o'clock: the day before ends at that moment."""
    began = datetime(2025, 3, 28, 12, tzinfo=UTC)
    due = step(read_calendar("1 calendar day"), "Asia/Beirut").due(began)
    assert due == datetime(2025, 3, 29, 22, tzinfo=UTC)


def test_a_step_without_an_hour_is_never_due():
    assert step(None).due(datetime(2026, 4, 12, tzinfo=UTC)) is None
    with pytest.raises(ValueError, match="UTC offset"):
        step(timedelta(hours=1)).due(datetime(2026, 4, 12))  # noqa: DTZ001 - that is refused


@given(
    st.datetimes(
        datetime.fromisoformat("1990-01-01"),
        datetime.fromisoformat("2036-01-01"),
        timezones=st.just(UTC),
    ),
    st.integers(1, 999),
    st.sampled_from(["UTC", "Europe/Paris", "Asia/Beirut", "Pacific/Apia", "America/St_Johns"]),
)
def test_calendar_days_are_never_shorter_than_their_last_day(start, days, zone):
    due = step(timedelta(days=days), zone).due(start)
    # At the least the whole of the last day lies between, an hour less where the clocks change.
    assert timedelta(days=days) - timedelta(hours=25) < due - start
    assert due - start <= timedelta(days=days + 1, hours=1)
    assert due.astimezone(ZoneInfo(zone)).hour in {0, 1}


@pytest.mark.parametrize("text", ["0 calendar days", "1000 calendar days", "3 Calendar days", "3"])
def test_what_is_no_number_of_calendar_days(text):
    assert read_calendar(text) is None


def test_days_of_the_calendar_have_their_place_named():
    with pytest.raises(ValueError, match="go with the `after` of a step alone"):
        read_span("3 calendar days")
