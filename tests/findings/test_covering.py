"""Quiet is never said where it is unobserved; passes, regions and delays."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.findings.covering as covering
from trucewatch.findings import cover
from trucewatch.findings.seeing import seen_by_kind
from trucewatch.model import (
    Area,
    Attribution,
    Claim,
    Detection,
    Extent,
    Incident,
    Interval,
    Nature,
    Pass,
    Point,
    Sight,
    Source,
    SourceKind,
    Watch,
)

KYIV = ZoneInfo("Europe/Kyiv")
DAY = date(2026, 4, 12)
NOON = datetime(2026, 4, 12, 9, tzinfo=UTC)
EAST = Extent(30, 44, 41, 53)
TODAY = Interval.days(DAY, DAY, KYIV)


def box(code: str, west: float, south: float, side: float = 1) -> Area:
    ring = ((west, south), (west + side, south), (west + side, south + side), (west, south + side))
    return Area(code, code.title(), (((*ring, ring[0]),),))


REGIONS = (box("aa", 36, 48), box("bb", 24, 48))
SOURCES = {
    "sat": Source(id="sat", name="Sat", kind=SourceKind.SATELLITE, timezone="UTC"),
    "press": Source(id="press", name="Press", kind=SourceKind.PRESS, timezone="UTC"),
    "clouds": Source(id="clouds", name="Clouds", kind=SourceKind.SENSOR, timezone="UTC"),
}


def claim(name: str, *, source: str = "press", when: Interval = TODAY, **change: object) -> Claim:
    base = Claim(
        id=name, report="r", source=source, kind="mortar", place=Point(48.5, 36.5, 500.0), when=when
    )
    return replace(base, **change)


def pixel(name: str, at: datetime = NOON, platform: str = "N20", **change: object) -> Claim:
    seen = Detection(
        platform=platform,
        instrument="VIIRS",
        at=at,
        footprint_m=(375.0, 375.0),
        power_mw=1.0,
        confidence="nominal",
        daylight=True,
        declared_static=None,
    )
    return claim(name, source="sat", when=Interval.instant(at), detection=seen, **change)


def watch(name: str, share: float, where: Extent | None = None, **change: object) -> Watch:
    base = Watch(
        id=name,
        report="r",
        source="clouds",
        of="satellite",
        where=where,
        when=TODAY,
        share=share,
        reason="cloud",
    )
    return replace(base, **change)


def incident(name: str, region: str | None, **change: object) -> Incident:
    base = Incident(
        id=name,
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(48.5, 36.5, 500.0),
        when=TODAY,
        region=region,
        probability=0.9,
        claims=(),
        sources=("press",),
        origins=(),
        observations=1,
        terms=(),
        reasons=(),
    )
    return replace(base, **change)


def covered(claims=(), watches=(), incidents=(), *, days=(DAY,), threshold=0.5):
    return cover(
        claims,
        watches,
        incidents,
        sources=SOURCES,
        regions=REGIONS,
        days=days,
        zone=KYIV,
        quiet_threshold=threshold,
    )


def sight(region: str = "aa", **given_):
    found = covered(**given_)
    return next(one for one in found.region_days if one.region == region)


CLEAR = watch("w", 0.8)
LOOKING = [pixel("p1", NOON - timedelta(hours=8)), pixel("p2", NOON + timedelta(hours=8))]
BRIEFLY = [pixel("p1", NOON - timedelta(hours=11)), pixel("p2", NOON - timedelta(hours=1))]


@pytest.mark.parametrize(
    ("claims", "watches", "incidents", "expected", "words"),
    [
        ([], [], [], Sight.UNOBSERVED, "nobody stated"),
        (LOOKING, [], [], Sight.UNOBSERVED, "nobody stated"),
        ([], [CLEAR], [], Sight.UNOBSERVED, "no satellite has data for that day"),
        ([claim("c")], [CLEAR], [], Sight.UNOBSERVED, "no satellite has data for that day"),
        ([pixel("p", NOON + timedelta(days=2))], [CLEAR], [], Sight.UNOBSERVED, "no satellite"),
        # Data on both sides of the day, none of it; and data that stop before its half.
        ([pixel("p", NOON + timedelta(days=2)), pixel("q", NOON - timedelta(days=2))], [CLEAR],
         [], Sight.UNOBSERVED, "no satellite has data for that day"),
        (BRIEFLY, [CLEAR], [], Sight.UNOBSERVED, "no satellite has data for that day"),
        (LOOKING, [watch("w", 0.49)], [], Sight.UNOBSERVED, "only 49 % could be seen"),
        (LOOKING, [watch("w", 0.8, of="patrol")], [], Sight.UNOBSERVED, "no patrol"),
        (LOOKING, [watch("w", 0.8, EAST), watch("x", 0.1)], [], Sight.QUIET, "80 %"),
        (LOOKING, [CLEAR], [], Sight.QUIET, "nothing reported, and 80 % could be seen by sat"),
        (LOOKING, [CLEAR], [incident("i", "bb")], Sight.QUIET, ""),
        (LOOKING, [CLEAR], [incident("i", None)], Sight.QUIET, ""),
        (LOOKING, [CLEAR], [incident("i", "aa")], Sight.REPORTED, "1 event reported"),
        ([], [], [incident("i", "Aa")], Sight.REPORTED, ""),
        (LOOKING, [CLEAR],
         [incident("i", "aa", when=Interval.days(DAY, DAY + timedelta(days=3), KYIV))],
         Sight.REPORTED, "1 of them perhaps on another day"),
        (LOOKING, [CLEAR], [incident("i", "aa", nature=Nature.FIRE)],
         Sight.UNOBSERVED, "heat seen (1 fire)"),
        (LOOKING, [CLEAR], [incident("i", "aa", nature=Nature.STATIC_SOURCE)],
         Sight.QUIET, ""),
    ],
)  # fmt: skip
def test_what_may_be_said_of_a_region(claims, watches, incidents, expected, words):
    found = sight(claims=claims, watches=watches, incidents=incidents)
    assert found.sight is expected, found.reason
    assert words in found.reason


def test_the_numbers_beside_it():
    found = sight(
        claims=LOOKING,
        watches=[CLEAR],
        incidents=[incident("i", "aa"), incident("j", "aa", sources=("sat", "press"))],
    )
    assert (found.incidents, found.passes, found.seen_share) == (2, 2, 0.8)
    assert found.reporting == ("press", "sat")


@pytest.mark.parametrize("threshold", [0, -0.1, 1.1])
def test_a_threshold_that_calls_everything_quiet_is_refused(threshold):
    with pytest.raises(ValueError, match="quiet_threshold"):
        covered(threshold=threshold)


def test_the_guard_on_who_watches_bites(monkeypatch):
    """The saboteur: with the press taken for a watcher, its silence would be quiet."""
    watches = [watch("w", 0.8, of="press")]
    assert sight(claims=[claim("c")], watches=watches).sight is Sight.UNOBSERVED
    monkeypatch.setattr(SourceKind, "watches", property(lambda _: True))
    assert sight(claims=[claim("c")], watches=watches).sight is Sight.QUIET


def test_passes_are_runs_without_a_gap_of_twenty_minutes():
    at = [NOON + timedelta(minutes=minute) for minute in (0, 15, 35, 56)]
    claims = [pixel(f"p{k}", moment) for k, moment in enumerate(at)]
    claims += [pixel("q", at[0], "N21"), claim("c")]
    assert covering.passes(reversed(claims)) == (
        Pass(platform="N20", first=at[0], last=at[2], detections=3),
        Pass(platform="N21", first=at[0], last=at[0], detections=1),
        Pass(platform="N20", first=at[3], last=at[3], detections=1),
    )


def test_sources_with_their_reach_and_delay():
    def published(day: int) -> Attribution:
        return Attribution(published=Interval.days(date(2026, 4, day), date(2026, 4, day), KYIV))

    claims = [
        claim("a", attributions=(published(14), published(13))),
        claim("b", attributions=(published(12),), place=REGIONS[1]),
        claim("c", attributions=(published(17), Attribution())),
        claim("d", place=Point(48.5, 36.5, 90_000.0), when=Interval.days(DAY, DAY, KYIV)),
        claim("e", place=Point(10.0, 10.0, 10.0)),
        claim("f", attributions=(published(11),)),
        claim("g", source="unregistered"),
    ]
    found = {one.source: one for one in covered(claims=claims).sources}
    press = found["press"]
    assert (press.claims, press.regions) == (6, (("aa", 3), ("bb", 1)))
    assert (press.first_day, press.last_day) == (DAY, DAY)
    assert (press.delay_days_median, press.delay_days_max) == (0.5, 5.0)
    assert found["clouds"].claims == 0
    assert found["clouds"].first_day is None
    assert found["clouds"].delay_days_median is None
    assert found["unregistered"].claims == 1


HALF = Interval(TODAY.earliest, TODAY.middle)


@pytest.mark.parametrize(
    ("watches", "expected"),
    [
        ([], {}),
        ([watch("a", 0.3)], {"satellite": 0.3}),
        # The most specific speaks, whatever it says.
        ([watch("a", 0.9), watch("b", 0.2, EAST)], {"satellite": 0.2}),
        ([watch("a", 0.1), watch("b", 0.7, EAST)], {"satellite": 0.7}),
        ([watch("a", 0.1), watch("b", 0.7, Extent(0, 0, 1, 1))], {"satellite": 0.1}),
        # Two equal statements: the lower; two kinds: each for itself.
        ([watch("a", 0.6, EAST), watch("b", 0.4, EAST)], {"satellite": 0.4}),
        ([watch("a", 0.6), watch("b", 0.4, of="patrol")], {"satellite": 0.6, "patrol": 0.4}),
        # A span that is stated in part: the mean over what is stated, if that is half of it.
        ([watch("a", 0.6, when=HALF)], {"satellite": 0.6}),
        ([watch("a", 0.6, when=Interval(TODAY.earliest, NOON - timedelta(hours=4)))], {}),
        ([watch("a", 0.2, when=HALF),
          watch("b", 0.6, when=Interval(TODAY.middle, TODAY.latest))], {"satellite": 0.4}),
    ],
)  # fmt: skip
def test_who_speaks_on_what_could_be_seen(watches, expected):
    assert seen_by_kind(watches, 48.5, 36.5, TODAY) == pytest.approx(expected)


def test_an_instant_is_seen_by_the_statement_that_holds_it():
    stated = [watch("a", 0.2, when=HALF)]
    assert seen_by_kind(stated, 48.5, 36.5, Interval.instant(TODAY.earliest)) == {"satellite": 0.2}
    assert seen_by_kind(stated, 48.5, 36.5, Interval.instant(TODAY.middle)) == {}


shares = st.floats(0, 1)


@given(st.lists(shares, max_size=4), shares, st.floats(0.01, 1))
def test_a_doubt_never_makes_a_place_quiet(stated, doubt, threshold):
    watches = [watch(f"w{k}", share) for k, share in enumerate(stated)]
    before = sight(claims=LOOKING, watches=watches, threshold=threshold)
    if stated and before.sight is Sight.UNOBSERVED:
        more = [*watches, watch("doubt", doubt)]
        assert sight(claims=LOOKING, watches=more, threshold=threshold).sight is before.sight


@given(st.randoms(use_true_random=False), st.lists(shares, min_size=2, max_size=5))
def test_order_does_not_matter(chance, stated):
    claims = [pixel(f"p{k}", NOON + timedelta(minutes=13 * k)) for k in range(6)]
    claims += [claim(f"c{k}") for k in range(3)]
    watches = [watch(f"w{k}", share, EAST if k % 2 else None) for k, share in enumerate(stated)]
    incidents = [incident(f"i{k}", "aa" if k % 2 else "bb") for k in range(4)]
    days = [DAY, DAY + timedelta(days=1)]
    straight = covered(claims, watches, incidents, days=days)
    for things in (claims, watches, incidents, days):
        chance.shuffle(things)
    assert covered(claims, watches, incidents, days=days) == straight


def test_the_cloud_of_easter_leaves_most_unobserved(shared):
    """With the real clouds and pixels, nothing east of 30° is called quiet in the truce."""
    folder = shared / "data/firms-viirs-2026-04"
    pixels = []
    for path in sorted(folder.glob("*VIIRS*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for k, row in enumerate(csv.DictReader(lines)):
                at = datetime.fromisoformat(f"{row['acq_date']}T{row['acq_time']}+00:00")
                place = Point(float(row["latitude"]), float(row["longitude"]), 200.0)
                pixels.append(pixel(f"{path.name}-{k}", at, row["satellite"], place=place))
    assert len(pixels) == 438
    watches = []
    with (folder / "cloud_cover_ukraine_2026_04.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["date"])
            when = Interval.days(day, day, UTC)
            for column, where in (
                ("cloud_cover_in_country", None),
                ("cloud_cover_in_east_of_country", EAST),
            ):
                share = 1 - float(row[column])
                watches.append(watch(f"{day}-{column}", share, where, when=when))
    days = [date(2026, 4, 10) + timedelta(days=step) for step in range(4)]
    found = covered(pixels, watches, days=days)
    assert sum(one.detections for one in found.passes) == 438
    by_day = {(one.region, one.day.day): one for one in found.region_days}
    assert [by_day["aa", day].sight for day in (10, 11, 12, 13)] == [Sight.UNOBSERVED] * 4
    assert by_day["aa", 12].seen_share == pytest.approx(0.300, abs=0.01)
    assert by_day["aa", 12].passes > 0
    assert by_day["aa", 10].seen_share < 0.2
    # The files end at some 3 in the morning of the 14th, local time: nobody watched that day.
    late = covered(pixels, watches, days=[date(2026, 4, 14)]).region_days
    assert {one.sight for one in late} == {Sight.UNOBSERVED}
    assert all("no satellite has data for that day" in one.reason for one in late)


@given(
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),  # noqa: DTZ001 - made aware below
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.sampled_from(["Europe/Kyiv", "Asia/Beirut", "America/Havana", "UTC", "Pacific/Apia"]),
)
def test_the_first_and_last_day_are_those_that_hold_a_share(start, length, name):
    zone = ZoneInfo(name)
    start = start.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    when = Interval(start, start + timedelta(hours=length // timedelta(hours=1)))
    days = [day for day, _ in covering.local_days(when, zone)]
    assert covering.first_and_last(when, zone) == (days[0], days[-1])


def test_two_hundred_years_cost_no_more_than_a_day(monkeypatch):
    monkeypatch.setattr(covering, "local_days", lambda *_: pytest.fail("it listed every day"))
    long = Interval(datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    found = covering._source("press", [(claim("a", when=long), None)], ZoneInfo("UTC"))
    assert (found.first_day, found.last_day) == (date(1900, 1, 1), date(2099, 12, 31))


def test_a_day_that_the_calendar_left_out_is_no_day():
    """Samoa went from the 29th to the 31st of December 2011: there was no 30th."""
    apia = ZoneInfo("Pacific/Apia")
    start, end = datetime(2011, 12, 29, 12, tzinfo=apia), datetime(2011, 12, 31, 12, tzinfo=apia)
    days = covering.local_days(Interval(start.astimezone(UTC), end.astimezone(UTC)), apia)
    assert days == [(date(2011, 12, 29), 0.5), (date(2011, 12, 31), 0.5)]
