"""The small parsers: strict, and never a number that is none."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import ConfigurationError
from trucewatch.model import Source, SourceKind
from trucewatch.reports import fields


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "-inf", "1e999", "1e308", "0x1", "1_0", "1,5", "١", "1e", "--1"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="latitude"):
        fields.number(text, -90, 90, "latitude")


@given(st.text(max_size=30))
def test_a_number_is_finite_and_in_range_or_refused(text: str) -> None:
    try:
        value = fields.number(text, -5, 5, "it")
    except ValueError:
        return
    assert math.isfinite(value)
    assert -5 <= value <= 5


@given(st.integers(-99, 99))
def test_whole_numbers(value: int) -> None:
    assert fields.whole(f" {value} ", -99, 99, "it") == value
    assert fields.whole(f"{value}.0", -99, 99, "it") == value


def test_minus_nought_is_nought() -> None:
    assert str(fields.number("-0.0", -5, 5, "it")) == "0.0"


@pytest.mark.parametrize("text", ["", "1.5", "1.", "1e2", "100", "9" * 40, "9" * 5000, "²", "1,0"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="count"):
        fields.whole(text, 0, 99, "count")


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "9999-01-01", "0000-01-01", "1/2/2026", "2026-1-2", ""]
)
def test_impossible_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="day"):
        fields.iso_day(text, "day")
    assert fields.iso_day("2024-02-29", "day") == date(2024, 2, 29)


def test_moments_with_and_without_an_offset() -> None:
    zone = ZoneInfo("Europe/Kyiv")
    at = datetime(2026, 4, 11, 13, 0, tzinfo=UTC)
    for text in ("2026-04-11T16:00", "2026-04-11 13:00:00Z", "2026-04-11T15:00:00.000+02:00"):
        moment = fields.iso_moment(text, "at", zone)
        assert moment.earliest == moment.latest == at


def test_an_hour_that_comes_twice_stays_open_and_one_left_out_is_refused() -> None:
    zone = ZoneInfo("Europe/Kyiv")
    twice = fields.iso_moment("2026-10-25T03:30", "at", zone)
    assert twice.length == timedelta(hours=1)
    with pytest.raises(ValueError, match="clocks leave out"):
        fields.iso_moment("2026-03-29T03:30", "at", zone)


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-11",
        "2026-04-11T25:00",
        "2026-04-11T10",
        "2026-04-11T10:00+99:00",
        "2026-04-11T10:00Zx",
        "x",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at"):
        fields.iso_moment(text, "at", ZoneInfo("UTC"))


def test_a_reason_shows_little_and_nothing_unprintable() -> None:
    assert fields.shown("a\x1b" * 50) == "“" + ("a?" * 25)[:25] + "…”"
    assert fields.shown("short") == "“short”"


def test_a_zone_that_does_not_exist_is_a_mistake_in_the_configuration() -> None:
    for name in ("Nowhere/Town", "../etc", ""):
        source = Source(id="s", name="s", kind=SourceKind.PRESS, timezone=name)
        with pytest.raises(ConfigurationError, match="timezone"):
            fields.zone_of(source)
