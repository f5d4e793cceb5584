from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trucewatch.model import Interval
from trucewatch.reports.generic.moments import read_time

KYIV = ZoneInfo("Europe/Kyiv")
FROM, TO = (datetime.fromisoformat(f"{year}-01-01") for year in (1950, 2090))
PRECISIONS = ("instant", "minute", "hour", "day", "week", "month", "year")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "formats", "earliest", "latest"),
    [
        ("2026-04-12", ("iso",), at(2026, 4, 11, 21), at(2026, 4, 12, 21)),
        ("2026-04-12T10:30:15", ("iso",), at(2026, 4, 12, 7, 30, 15), at(2026, 4, 12, 7, 30, 15)),
        ("2026-04-12 10:30", ("iso",), at(2026, 4, 12, 7, 30), at(2026, 4, 12, 7, 31)),
        ("2026-04-12T10:30Z", ("iso",), at(2026, 4, 12, 10, 30), at(2026, 4, 12, 10, 31)),
        ("2026-04-12T10:30:00+05", ("iso",), at(2026, 4, 12, 5, 30), at(2026, 4, 12, 5, 30)),
        ("2026-04", ("iso",), at(2026, 3, 31, 21), at(2026, 4, 30, 21)),
        ("2026", ("iso",), at(2025, 12, 31, 22), at(2026, 12, 31, 22)),
        ("12.04.2026 10", ("%d.%m.%Y %H",), at(2026, 4, 12, 7), at(2026, 4, 12, 8)),
        ("12 April 2026", ("iso", "%d %B %Y"), at(2026, 4, 11, 21), at(2026, 4, 12, 21)),
        ("April 2026", ("%B %Y",), at(2026, 3, 31, 21), at(2026, 4, 30, 21)),
        ("in 2026", ("in %Y",), at(2025, 12, 31, 22), at(2026, 12, 31, 22)),
        ("0", ("epoch",), at(1970, 1, 1), at(1970, 1, 1)),
        ("1775988000500", ("epoch_ms",), at(2026, 4, 12, 10, 0, 0, 500000), None),
        # The clocks go back on 25 October 2026 at 04:00: 03:30 comes twice.
        ("2026-10-25T03:30:00", ("iso",), at(2026, 10, 25, 0, 30), at(2026, 10, 25, 1, 30)),
        # The day on which they go forward has 23 hours.
        ("2026-03-29", ("iso",), at(2026, 3, 28, 22), at(2026, 3, 29, 21)),
    ],
)
def test_a_time_says_no_more_than_it_says(text, formats, earliest, latest):
    found = read_time(text, formats, KYIV, None)
    assert found == Interval(earliest, latest or earliest)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "20260412", "2026-W15-7", "2026-02-30", "2026-04-12T25:00", "12/04/2026",
        "0001-01-01", "9999-12-31", "2026-03-29T03:30:00", "9" * 100, "2026-04-12T10:30+99",
        "２０２６-04-12", "2026-04-12T10:30:00Europe/Kyiv",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_a_reason(text):
    with pytest.raises(ValueError, match=r"time") as caught:
        read_time(text, ("iso",), KYIV, None)
    assert len(str(caught.value)) < 200


@given(st.datetimes(FROM, TO), st.sampled_from(PRECISIONS))
def test_a_coarser_precision_holds_the_finer_one(moment, precision):
    text = moment.replace(microsecond=0).isoformat()
    local = moment.replace(tzinfo=KYIV)
    assume(local.utcoffset() == local.astimezone(UTC).astimezone(KYIV).utcoffset())
    exact = read_time(text, ("iso",), KYIV, None)
    wide = read_time(text, ("iso",), KYIV, precision)
    assert wide.earliest <= exact.earliest
    assert exact.latest <= wide.latest or precision in {"minute", "hour"}
    assert exact.earliest <= wide.latest


@given(st.datetimes(FROM, TO))
def test_a_bare_date_is_never_midnight(moment):
    day = read_time(moment.date().isoformat(), ("iso",), KYIV, "instant")
    assert timedelta(hours=22) < day.length < timedelta(hours=26)


@given(st.datetimes(FROM, TO, timezones=st.just(UTC)))
def test_an_instant_comes_back_as_it_was(moment):
    assert read_time(moment.isoformat(timespec="microseconds"), ("iso",), KYIV, None) == (
        Interval.instant(moment)
    )


@given(st.text(max_size=40), st.sampled_from([("iso",), ("epoch",), ("%d %B %Y %H:%M",)]))
def test_no_text_crashes(text, formats):
    with suppress(ValueError):
        assert read_time(text, formats, KYIV, None).length >= timedelta(0)
