"""Counts of a monitoring mission: periods, not incidents."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Report
from trucewatch.reports.smm import READER

HEADER = (
    b"report_no,issued,period_end_date,region,ceasefire_violations,of_which_explosions,"
    b"previous_period_violations,period_days,note,url\n"
)


def test_a_real_day(samples, deliver):
    raw = (samples / "smm_2020_2021.csv").read_bytes()
    assert READER.recognises(raw)
    items = list(READER.read(deliver(raw)))
    assert len(items) == 12
    assert all(isinstance(item, Report) and not item.claims for item in items)
    one = next(i for i in items if i.text.startswith("Report 93/2021: 488"))
    (count,) = one.tallies
    # 19:30 in Kyiv is 16:30 UTC in April.
    assert count.when.earliest == datetime(2021, 4, 21, 16, 30, tzinfo=UTC)
    assert count.when.latest == datetime(2021, 4, 22, 16, 30, tzinfo=UTC)
    assert (count.region, count.count, count.previous) == ("Donetsk", 488, 276)
    assert count.parts == (("explosions", 370),)
    assert count.link.startswith("https://reliefweb.int/report/ukraine/")
    assert one.published.earliest == datetime(2021, 4, 22, 21, tzinfo=UTC)


def test_a_report_of_two_days_gives_a_count_of_each(samples, deliver):
    items = READER.read(deliver((samples / "smm_2020_2021.csv").read_bytes()))
    counts = [c for i in items for c in i.tallies if i.text.startswith("Report 207/2020")]
    donetsk = sorted(c for c in counts if c.region == "Donetsk")
    assert [c.count for c in sorted(donetsk, key=lambda c: c.when)] == [42, 0]
    assert {c.when.length for c in counts} == {timedelta(days=1)}


def test_the_broken_sample(samples, deliver):
    raw = (samples / "broken" / "counts.csv").read_bytes()
    items = list(READER.read(deliver(raw)))
    told = {i.pointer: i.reason for i in items if isinstance(i, RecordRejected)}
    assert len(items) == 14
    assert told == {
        "line 3": "ceasefire_violations is not a whole number: “four”",
        "line 4": "the report was issued before its period ended",
        "line 5": "of 4 counted, 5 cannot be explosions",
        "line 6": "region is blank",
        "line 7": "period_end_date is no day of the calendar",
        "line 8": "ceasefire_violations is not between 0 and 1000000: “-4”",
        "line 9": "period_days is not between 1 and 31: “0”",
        "line 10": "report_no is not number/year: “9 of 2031”",
        "line 11": "url is no web address: “javascript:alert(1)”",
        "line 12": "the record has 8 columns, the header 10",
        "line 13": "ceasefire_violations is blank",
        "line 15": "previous_period_violations is not a whole number: “many”",
    }
    first, weekend = (i.tallies[0] for i in items if isinstance(i, Report))
    assert first.when.length == timedelta(hours=23)  # the clocks go forward in the night
    assert weekend.when.length == timedelta(days=3)
    assert weekend.notes == ("a weekend in one report",)


@pytest.mark.parametrize("kept", ["", "0"])
def test_not_given_is_not_nought(deliver, kept):
    raw = HEADER + f"1/2031,2031-05-02,2031-05-01,North,5,{kept},{kept},1,,\n".encode()
    (report,) = READER.read(deliver(raw))
    (count,) = report.tallies
    assert count.previous == (0 if kept else None)
    assert count.parts == ((("explosions", 0),) if kept else ())
    assert count.link is None


def test_a_mission_that_states_what_it_could_see_is_heard(deliver):
    header = HEADER.strip() + b",seen_share\n"
    first, second = READER.read(
        deliver(
            header
            + b"1/2031,2031-05-02,2031-05-01,North,5,,,1,,,0.4\n"
            + b"2/2031,2031-05-03,2031-05-02,North,5,,,1,,,1.4\n"
        )
    )
    assert first.tallies[0].seen == 0.4
    assert isinstance(second, RecordRejected)


def test_the_whole_series_is_read(shared, deliver):
    raw = (shared / "data/osce-smm-daily-counts/smm_daily_counts.csv").read_bytes()
    items = list(READER.read(deliver(raw)))
    rows = list(csv.DictReader(raw.decode().splitlines()))
    assert len(items) == len(rows) == 46
    assert sum(i.tallies[0].count for i in items) == sum(
        int(row["ceasefire_violations"]) for row in rows
    )


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=6))
def test_rows_in_any_order_give_the_same_reports(deliver, counts):
    lines = [
        f"{n}/2031,2031-05-{n + 2:02},2031-05-{n + 1:02},North,{count},,,1,,\n".encode()
        for n, count in enumerate(counts)
    ]
    ids = [
        {r.id: r.tallies for r in READER.read(deliver(HEADER + b"".join(order)))}
        for order in (lines, lines[::-1])
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == len(counts)
