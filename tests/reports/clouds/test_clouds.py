from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Extent, Report
from trucewatch.reports.clouds import READER

HEADER = b"date,cloud_cover_in_country,cloud_cover_in_east_of_country\n"


def test_a_real_day(samples, deliver):
    raw = (samples / "cloud_cover_2026_04.csv").read_bytes()
    assert READER.recognises(raw)
    items = list(READER.read(deliver(raw)))
    assert len(items) == 12
    assert all(isinstance(item, Report) for item in items)
    easter = next(i for i in items if "2026-04-12" in i.text)
    assert not easter.claims
    country, east = easter.watches
    assert country.where is None
    assert east.where == Extent(30, 44, 41, 53)
    assert east.of == "satellite"
    assert east.share == pytest.approx(1 - 0.6973154761904762)
    assert east.reason == "69.7 % cloud over the east, mean of the UTC day 2026-04-12"
    assert east.when.earliest == datetime(2026, 4, 12, tzinfo=UTC)
    assert east.when.latest == datetime(2026, 4, 13, tzinfo=UTC)


def test_the_broken_sample(samples, deliver):
    items = list(READER.read(deliver((samples / "broken" / "clouds.csv").read_bytes())))
    told = {i.pointer: i.reason for i in items if isinstance(i, RecordRejected)}
    assert len(items) == 9
    assert told == {
        "line 3": "cloud_cover_in_country is not between 0 and 1: “74.1”",
        "line 4": "no cloud cover is given",
        "line 5": "date is no day of the calendar",
        "line 7": "date is not a date (year-month-day): “12/04/2026”",
        "line 8": "cloud_cover_in_country is not a number: “NaN”",
        "line 9": "the record has 2 columns, the header 3",
        "line 10": "cloud_cover_in_country is not between 0 and 1: “-0.1”",
    }
    half = next(i for i in items if isinstance(i, Report) and "2026-04-13" in i.text)
    assert [watch.where for watch in half.watches] == [None]


def test_a_file_without_its_header_is_one_rejection(samples, deliver):
    (only,) = READER.read(deliver((samples / "broken" / "no_header.csv").read_bytes()))
    assert isinstance(only, RecordRejected)
    assert "unknown header" in only.reason


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_cloud_never_shows_more(deliver, a, b):
    low, high = sorted((a, b))
    raw = HEADER + f"2026-04-10,{low:.9f},\n2026-04-11,{high:.9f},\n".encode()
    first, second = READER.read(deliver(raw))
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert 0 <= second.watches[0].share <= first.watches[0].share <= 1
