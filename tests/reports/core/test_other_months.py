"""Files of other months, countries and satellites: read right, or refused with a reason."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import trucewatch.reports
from trucewatch.errors import RecordRejected
from trucewatch.model import Report
from trucewatch.reports.registry import read_delivery

FOLDER = Path(trucewatch.reports.__file__).parent
UCDP = "ucdp/samples/candidate_2026-04.csv"
MODIS = "firms/samples/modis_2021.csv"
VIINA = "viina/samples/viina_2022.csv"
OFFICIAL = "sirens/samples/official.csv"
CLOUDS = "clouds/samples/cloud_cover_2026_04.csv"


@pytest.fixture(scope="module")
def changed(deliver):
    """The first record of a sample with some fields changed, columns added or left out."""

    def reading(
        path: str,
        changes: dict[str, str],
        without: tuple[str, ...] = (),
        timezone: str = "Europe/Kyiv",
    ) -> Report | str:
        row = next(csv.DictReader(io.StringIO((FOLDER / path).read_text("utf-8"))))
        row = {name: value for name, value in (row | changes).items() if name not in without}
        out = io.StringIO()
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row)
        (item,) = read_delivery(deliver(out.getvalue().encode(), timezone=timezone))
        return item.reason if isinstance(item, RecordRejected) else item

    return reading


ELSEWHERE = {
    "id": "700001", "relid": "LEB-2026-1-99-1", "country": "Lebanon", "country_id": "660",
    "region": "Middle East", "adm_1": "Nabatieh governorate", "adm_2": "", "latitude": "33.377",
    "longitude": "35.483", "dyad_name": "Government of A - B; Government of A - C",
    "where_description": "Marjayoun",
}  # fmt: skip


def test_a_candidate_event_of_another_country(changed):
    report = changed(UCDP, ELSEWHERE, timezone="Asia/Beirut")
    (claim,) = report.claims
    assert (claim.place.lat, claim.place.lon) == (33.377, 35.483)
    assert claim.region == "Nabatieh governorate"
    # Summer time there: the day begins at 21:00 UTC.
    assert claim.when.earliest == datetime(2026, 4, 4, 21, tzinfo=UTC)
    assert claim.when.length == timedelta(days=1)


def test_a_day_on_which_the_clocks_change_at_midnight(changed):
    days = {"date_start": "2026-03-29", "date_end": "2026-03-29"}
    claim = changed(UCDP, ELSEWHERE | days, timezone="Asia/Beirut").claims[0]
    assert claim.when.length == timedelta(hours=23)
    assert claim.when.earliest == datetime(2026, 3, 28, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-04-05", "2026-04-05 00:00:00", "2026-04-05 00:00:00.000", "2026-04-05T00:00:00.000"],
)
def test_a_bare_date_in_any_dress_is_the_same_day(changed, text):
    claim = changed(UCDP, {"date_start": text, "date_end": text}).claims[0]
    assert claim.when.earliest == datetime(2026, 4, 4, 21, tzinfo=UTC)


def test_columns_that_this_reader_does_not_need_may_be_absent_or_added(changed):
    whole = changed(UCDP, {})
    for without in (("gwnoa", "gwnob"), ("adm_1", "adm_2"), ("relid", "priogrid_gid", "geom_wkt")):
        fewer = changed(UCDP, {}, without)
        assert fewer.claims[0].when == whole.claims[0].when
        assert fewer.claims[0].counts == whole.claims[0].counts
    assert changed(UCDP, {"": "1", "gwnoc": "", "iso3": "UKR"}).claims[0].place


def test_the_vaguest_place_and_wide_counts_stay_vague_and_wide(changed):
    wide = {"where_prec": "7", "best": "12", "high": "300", "low": "0", "event_clarity": "2"}
    claim = changed(UCDP, wide).claims[0]
    assert claim.place.error_m == 250_000
    killed = claim.count("killed")
    assert (killed.low, killed.best, killed.high) == (0, 12, 300)
    assert claim.aggregated
    assert claim.kind == "hostile_act"


def test_counts_with_a_fraction_of_noughts(changed):
    claim = changed(UCDP, {"best": "3.0", "high": "4.0", "low": "3.0"}).claims[0]
    assert claim.count("killed").high == 4


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"where_prec": "8"}, "where_prec is not between 1 and 7"),
        ({"where_prec": ""}, "where_prec is blank"),
        ({"date_start": "2026-04-05 23:59:60"}, "a time of day that a bare date has not"),
        ({"date_end": "9999-12-31"}, "the year 9999"),
        ({"date_start": "0001-01-01"}, "the year 1"),
        ({"best": "9" * 5000}, "best is not a whole number"),
        ({"latitude": "46,47"}, "latitude is not a number"),
        ({"latitude": "90.0000001"}, "latitude is not between -90 and 90"),
        ({"type_of_violence": "4"}, "type_of_violence is not between 1 and 3"),
    ],
)
def test_what_no_codebook_knows_has_a_reason(changed, changes, reason):
    assert reason in changed(UCDP, changes)


@pytest.mark.parametrize(("lat", "lon"), [("90", "180"), ("-90", "-180"), ("90.0", "-180.0")])
def test_the_ends_of_the_earth_are_places(changed, lat, lon):
    place = changed(UCDP, {"latitude": lat, "longitude": lon}).claims[0].place
    assert (place.lat, place.lon) == (float(lat), float(lon))


def test_hxl_tags_count_only_right_below_the_header(deliver):
    """Further down a row of marks is a record like any other, and must not vanish."""
    head, tags, *rows = (FOLDER / "ucdp/samples/ged_hdx_2014.csv").read_bytes().split(b"\n")
    assert tags.startswith(b",,#date+year")
    good = [row for row in rows if row.strip()]
    first = list(read_delivery(deliver(b"\n".join([head, tags, *good]))))
    assert len(first) == len(good)
    later = list(read_delivery(deliver(b"\n".join([head, *good, tags]))))
    assert len(later) == len(good) + 1
    assert isinstance(later[-1], RecordRejected)
    width = head.count(b",")
    (loud,) = read_delivery(deliver(head + b"\n#!" + b"," * width + b"\n"))
    assert isinstance(loud, RecordRejected)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("5", (0, 5)), ("0005", (0, 5)), ("00:05", (0, 5)), ("00:05:00", (0, 5)), ("0", (0, 0)),
        ("54", (0, 54)), ("906", (9, 6)), ("2359", (23, 59)), ("1254.0", None), ("2400", None),
        ("1260", None), ("23:59:60", None), ("24:00", None), ("-5", None), ("", None),
    ],
)  # fmt: skip
def test_the_clocks_of_fires(changed, text, at):
    report = changed(MODIS, {"acq_time": text})
    if at is None:
        assert "acq_time" in report
    else:
        found = report.claims[0].when.earliest
        assert (found.hour, found.minute, found.tzinfo) == (*at, UTC)


@pytest.mark.parametrize(
    ("satellite", "platform"),
    [("Terra", "Terra"), ("T", "Terra"), ("Aqua", "Aqua"), ("A", "Aqua"), ("N", "Suomi NPP"),
     ("N20", "NOAA-20"), ("1", "NOAA-20"), ("N21", "NOAA-21"), ("MTG-I1", "MTG-I1")],
)  # fmt: skip
def test_one_satellite_has_one_name(changed, satellite, platform):
    assert changed(MODIS, {"satellite": satellite}).claims[0].detection.platform == platform


@pytest.mark.parametrize("kind", ["0", "1", "2", "3", ""])
def test_an_archive_with_more_columns(changed, kind):
    detection = changed(MODIS, {"country_id": "UKR", "type": kind}).claims[0].detection
    assert detection.declared_static is (None if not kind else kind == "2")


@pytest.mark.parametrize("confidence", ["n", "l", "H", "nominal", "0", "100", "35"])
def test_confidence_keeps_its_own_words(changed, confidence):
    detection = changed(MODIS, {"confidence": confidence}).claims[0].detection
    assert detection.confidence == confidence


def test_pixels_are_as_wide_as_they_say(changed):
    place = changed(MODIS, {"scan": "4.8", "track": "2"}).claims[0].place
    assert place.error_m == pytest.approx(4800 / math.sqrt(12))
    for side in ("0", "-1", "999", "nan", ""):
        assert "scan" in changed(MODIS, {"scan": side})


def test_viina_of_another_year(changed):
    report = changed(VIINA, {"date": "20240229", "event_id_1pd": "1"}, ("TriageStatus",))
    assert report.claims[0].when.earliest == datetime(2024, 2, 28, 22, tzinfo=UTC)
    assert "no day of the calendar" in changed(VIINA, {"date": "20230229"})
    assert "date" in changed(VIINA, {"date": "2024-02-29"})
    assert "0, 0" in changed(VIINA, {"latitude": "0", "longitude": "-0.0"})


def test_alerts_of_other_months(changed):
    hours = {"started_at": "2026-12-31 23:50:00+02:00", "finished_at": "2027-01-01T00:10:00+02:00"}
    when = changed(OFFICIAL, hours).claims[0].when
    assert when.length == timedelta(minutes=20)
    assert when.earliest == datetime(2026, 12, 31, 21, 50, tzinfo=UTC)
    for text in ("2026-12-31 23:59:60+00:00", "0001-01-01 00:00:00+14:00", "2026-12-31 23:59", ""):
        assert "started_at" in changed(OFFICIAL, {"started_at": text})


def test_clouds_over_another_country_are_not_guessed(changed):
    assert len(changed(CLOUDS, {"date": "2025-05-01"}).watches) == 2
    away = changed(CLOUDS, {"cloud_cover_in_south": "0.5"}, ("cloud_cover_in_east_of_country",))
    assert "no reader recognises it" in away
    assert "cloud_cover_in_country" in changed(CLOUDS, {"cloud_cover_in_country": "69,7"})
