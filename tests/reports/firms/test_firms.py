"""FIRMS: both header families, both clocks, and what is rejected."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Report, SourceKind
from trucewatch.reports.firms import READER
from trucewatch.reports.registry import read_delivery

SAMPLES = Path(str(files("trucewatch.reports.firms"))) / "samples"


@pytest.fixture(scope="session")
def read(deliver):
    """The reports and the rejections of some bytes."""

    def reading(raw: bytes) -> tuple[list[Report], list[tuple[str, str]]]:
        items = list(read_delivery(deliver(raw, kind=SourceKind.SATELLITE, reader="firms")))
        assert all(isinstance(item, Report | RecordRejected) for item in items)
        return (
            [item for item in items if isinstance(item, Report)],
            [(i.pointer, i.reason) for i in items if isinstance(i, RecordRejected)],
        )

    return reading


def test_a_pixel_as_it_stands(read) -> None:
    raw = (SAMPLES / "viirs_noaa20_2026-04-13.csv").read_bytes()
    report = read(raw)[0][0]
    (claim,) = report.claims
    assert claim.kind == "thermal_anomaly"
    assert claim.text == "thermal anomaly, 342 K, 3.8 MW, NOAA-20"
    assert (claim.place.lat, claim.place.lon) == (49.79188, 35.54826)
    assert claim.place.error_m == pytest.approx(640 / math.sqrt(12))
    assert claim.when.earliest == datetime(2026, 4, 13, 0, 54, tzinfo=UTC)
    assert claim.when.length == timedelta(minutes=1)
    assert claim.detection.platform == "NOAA-20"
    assert claim.detection.instrument == "VIIRS"
    assert claim.detection.footprint_m == (460, 640)
    assert claim.detection.power_mw == 3.8
    assert claim.detection.confidence == "nominal"
    assert claim.detection.daylight is False
    assert claim.detection.declared_static is None
    assert report.published is None
    span = raw[report.raw.start : report.raw.start + report.raw.length]
    assert span.startswith(b"49.79188,35.54826")
    assert span.endswith(b",VIIRS")


@pytest.mark.parametrize(
    ("name", "accepted", "platform"),
    [
        ("viirs_noaa20_2026-04-13.csv", 12, "NOAA-20"),
        ("viirs_snpp_2022-09.csv", 8, "Suomi NPP"),
        ("modis_2021.csv", 12, "Terra"),
        ("modis_2022-09.csv", 8, "Aqua"),
    ],
)
def test_real_samples_are_read_whole(read, name: str, accepted: int, platform: str) -> None:
    raw = (SAMPLES / name).read_bytes()
    assert READER.recognises(raw)
    reports, rejected = read(raw)
    assert (len(reports), rejected) == (accepted, [])
    assert platform in {report.claims[0].detection.platform for report in reports}


def test_the_archive_declares_what_is_static(read) -> None:
    raw = (SAMPLES / "modis_2021.csv").read_bytes()
    table = list(csv.DictReader(io.StringIO(raw.decode())))
    declared = [report.claims[0].detection.declared_static for report in read(raw)[0]]
    assert declared == [row["type"] == "2" for row in table]
    assert True in declared


BROKEN = {
    "bytes.csv": (
        3,
        [
            ("line 3", "the record holds NUL bytes"),
            ("line 4", "the bytes are not utf-8 text"),
            ("line 5", "the record holds control characters"),
            ("line 6", "the record has 15 columns, the header 14"),
            ("line 7", "the record has 13 columns, the header 14"),
            ("line 8", "text follows a closing quote, or a quote is never closed"),
            ("line 10", "text follows a closing quote, or a quote is never closed"),
        ],
    ),
    "codes.csv": (
        1,
        [
            ("line 3", "confidence is neither low, nominal, high nor 0 to 100: “certain”"),
            ("line 4", "confidence is neither low, nominal, high nor 0 to 100: “101”"),
            ("line 5", "daynight is not one of D, N: “X”"),
            ("line 6", "satellite is blank"),
        ],
    ),
    "empty.csv": (0, [("the whole delivery", "the delivery is empty")]),
    "header_only.csv": (0, []),
    "lacks_columns.csv": (
        0,
        [
            (
                "the whole delivery",
                (
                    "unknown header: it lacks acq_time, confidence, frp, instrument, satellite, "
                    "scan, track, bright_ti4 or brightness"
                ),
            )
        ],
    ),
    "no_header.csv": (
        0,
        [
            (
                "the whole delivery",
                (
                    "unknown header: it lacks acq_date, acq_time, confidence, frp, instrument, "
                    "latitude, longitude, satellite, scan, track, bright_ti4 or brightness"
                ),
            )
        ],
    ),
    "numbers.csv": (
        1,
        [
            ("line 3", "latitude is not between -90 and 90: “91”"),
            ("line 4", "longitude is not between -180 and 180: “-181”"),
            ("line 5", "latitude is not a number: “nan”"),
            ("line 6", "latitude is blank"),
            ("line 7", "frp is not between 0 and 100000: “1e308”"),
            ("line 8", "frp is not between 0 and 100000: “1e999”"),
            ("line 9", "frp is not between 0 and 100000: “-1”"),
            ("line 10", "bright_ti4 is not a number: “inf”"),
            ("line 11", "scan is not between 0.1 and 20: “0”"),
            ("line 12", "track is blank"),
            ("line 13", "bright_ti4 is not between 100 and 1000: “4000”"),
        ],
    ),
    "open_quote_at_end.csv": (2, [("line 4", "a quote is never closed")]),
    "same_column_twice.csv": (0, [("the whole delivery", "two columns have the same name")]),
    "swallowing_quotes.csv": (
        1,
        [
            ("line 2", "a quote is never closed, or closed only in a later row"),
            ("line 4", 'satellite is not a plain name: “N20"”'),
        ],
    ),
    "times.csv": (
        1,
        [
            ("line 3", "acq_date is no day of the calendar"),
            ("line 4", "acq_date has the year 9999"),
            ("line 5", "acq_date is not a date (year-month-day): “13/04/2026”"),
            ("line 6", "acq_time is not between 0 and 2359: “2460”"),
            ("line 7", "acq_time is no time of day: “24:00:00”"),
            ("line 8", "acq_time is blank"),
            ("line 9", "acq_time is no time of day: “00540”"),
            ("line 10", "acq_time is no time of day: “1299”"),
        ],
    ),
    "utf16.csv": (
        0,
        [("the whole delivery", "no header can be read: the bytes are not utf-8 text")],
    ),
}


def test_every_broken_sample_has_its_expectation() -> None:
    assert {path.name for path in (SAMPLES / "broken").iterdir()} == set(BROKEN)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_samples(read, name: str) -> None:
    reports, rejected = read((SAMPLES / "broken" / name).read_bytes())
    assert (len(reports), rejected) == BROKEN[name]


HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,"
    "version,bright_t31,frp,daynight,type"
)
ROW = "48.1,37.2,310.5,1.1,1.0,2021-04-11,{time},{satellite},MODIS,{confidence},6.03,290,{frp},D,0"


def line(**values: str) -> bytes:
    filled = {"time": "0906", "satellite": "Terra", "confidence": "50", "frp": "11"} | values
    return f"{HEADER}\n{ROW.format(**filled)}\n".encode()


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("0906", 9, 6), ("54", 0, 54), ("7", 0, 7), ("906", 9, 6), ("2359", 23, 59), ("00:54", 0, 54)],
)
def test_clocks(read, text: str, hour: int, minute: int) -> None:
    (report,) = read(line(time=text))[0]
    assert report.claims[0].detection.at == datetime(2021, 4, 11, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("T", "Terra"),
        ("Aqua", "Aqua"),
        ("N", "Suomi NPP"),
        ("1", "NOAA-20"),
        ("N20", "NOAA-20"),
        ("N21", "NOAA-21"),
        ("2", "NOAA-21"),
        ("Himawari-9", "Himawari-9"),
    ],
)
def test_satellites(read, text: str, platform: str) -> None:
    assert read(line(satellite=text))[0][0].claims[0].detection.platform == platform


def test_a_blank_power_is_not_zero(read) -> None:
    claim = read(line(frp=""))[0][0].claims[0]
    assert claim.detection.power_mw is None
    assert claim.text == "thermal anomaly, 310 K, Terra"


def test_the_header_decides_what_it_recognises() -> None:
    assert READER.recognises(b"\xef\xbb\xbf" + line().replace(b"\n", b"\r\n"))
    quoted = ",".join(f'"{name}"' for name in reversed(HEADER.split(",")))
    assert READER.recognises(quoted.encode())
    assert not READER.recognises(line().replace(b"brightness", b"warmth"))
    assert not READER.recognises(b"date,cloud_cover_in_country\n2026-04-01,0.8\n")


def test_the_easter_files(read, shared: Path) -> None:
    days: Counter[str] = Counter()
    ids = set()
    for path in sorted((shared / "data/firms-viirs-2026-04").glob("*_NRT_*.csv")):
        reports, rejected = read(path.read_bytes())
        assert rejected == []
        ids |= {report.id for report in reports}
        days.update(str(report.claims[0].detection.at.date()) for report in reports)
    assert len(ids) == 438
    assert [days[day] for day in sorted(days)] == [92, 64, 82, 200]


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("modis_2021_baseline.csv", 10_796),
        ("modis_2022_feb24_may31.csv", 8_470),
        ("modis_2022_sep.csv", 595),
        ("viirs_snpp_2022_sep.csv", 2_475),
    ],
)
def test_the_older_families(read, shared: Path, name: str, accepted: int) -> None:
    raw = (shared / "data/firms-ukraine-2021-2022" / name).read_bytes()
    reports, rejected = read(raw)
    assert (len(reports), rejected) == (accepted, [])
    assert len({report.id for report in reports}) == accepted


REAL = (SAMPLES / "viirs_noaa20_2026-04-13.csv").read_bytes()


@given(st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_neither_columns_nor_rows_have_an_order(read, random) -> None:
    table = list(csv.reader(io.StringIO(REAL.decode())))
    order = list(range(len(table[0])))
    random.shuffle(order)
    body = table[1:]
    random.shuffle(body)
    out = io.StringIO()
    csv.writer(out).writerows([[row[i] for i in order] for row in [table[0], *body]])
    before, after = read(REAL)[0], read(out.getvalue().encode())[0]
    assert {r.id: r.claims for r in before} == {r.id: r.claims for r in after}


def test_a_file_twice_gives_every_id_twice(read) -> None:
    once = [report.id for report in read(REAL)[0]]
    twice = [report.id for report in read(REAL + REAL.split(b"\n", 1)[1])[0]]
    assert twice == once + once


@given(st.integers(0, len(REAL) - 1), st.binary(min_size=1, max_size=3))
@settings(max_examples=150)
def test_a_damaged_file_keeps_its_sums(read, at: int, junk: bytes) -> None:
    """Bytes overwritten anywhere below the header: every line is accepted or rejected, once."""
    at = max(at, REAL.index(b"\n") + 1)
    raw = REAL[:at] + junk + REAL[at + len(junk) :]
    reports, rejected = read(raw)
    lines = [text for text in raw.split(b"\n")[1:] if text.strip(b" \t\r")]
    assert len(reports) + len(rejected) == len(lines)
    assert len(rejected) <= 1 + junk.count(b"\n") + len(junk)


@given(st.binary(max_size=200))
def test_no_bytes_raise(read, raw: bytes) -> None:
    read(raw)
    read(HEADER.encode() + b"\n" + raw)


def test_a_blank_brightness_is_rejected(read) -> None:
    assert read(line().replace(b"310.5", b""))[1] == [("line 2", "the brightness is blank")]
