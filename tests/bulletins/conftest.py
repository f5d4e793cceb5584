"""A truce on an island that does not exist: two sides, three parishes, a few incidents."""

from __future__ import annotations

import runpy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from trucewatch.bulletins import (
    Audience,
    Commitment,
    Evidence,
    ParametersInForce,
    Period,
    Situation,
)
from trucewatch.model import (
    Agreement,
    Area,
    Assessment,
    Claim,
    Compliance,
    Coverage,
    DayCount,
    Detection,
    Duty,
    Extent,
    Figure,
    Finding,
    Incident,
    Instrument,
    IntakeCount,
    Interval,
    Nature,
    Origin,
    Outcome,
    Party,
    Pass,
    Place,
    Point,
    Provision,
    Quarantined,
    Rate,
    RateRatio,
    RawRef,
    RegionDay,
    Responsibility,
    Sight,
    Source,
    SourceCoverage,
    SourceKind,
    State,
    Watch,
    Window,
)

READER = Path(__file__).with_name("pdf_reader.py")
ZONE_NAME = "Atlantic/Azores"
ZONE = ZoneInfo(ZONE_NAME)
TRUCE = Window(datetime(2031, 5, 3, 18, tzinfo=UTC), datetime(2031, 5, 5, 0, tzinfo=UTC))
SECRET_LAT, SECRET_LON = 38.7314159, -27.2271828


def box(code: str, name: str, west: float, south: float, east: float, north: float) -> Area:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Area(code=code, name=name, polygons=((ring,),))


def local(day: int, last: int | None = None) -> Interval:
    return Interval.days(date(2031, 5, day), date(2031, 5, last or day), ZONE)


def incident(key: str, when: Interval, place: Point, **changes: object) -> Incident:
    base = Incident(
        id=f"inc-{key}",
        nature=Nature.EVENT,
        kind="shelling",
        place=place,
        when=when,
        region="N",
        probability=0.86,
        claims=(f"clm-{key}",),
        sources=("gazette",),
        origins=("org-mayor",),
        observations=3,
        terms=(),
        reasons=("nearest report not joined: 2.7 km away",),
    )
    return replace(base, **changes)


def finding(of: Incident, state: State, origins: int, **changes: object) -> Finding:
    base = Finding(
        id=of.id.replace("inc", "fnd"),
        incident=of.id,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="reasonable suspicion",
        independent_origins=origins,
        probability=of.probability,
        seen_share=0.4,
        reasons=(f"{origins} independent voices, of 2 needed.",),
    )
    return replace(base, **changes)


def claim(key: str, source: str, place: Place, when: Interval, **changes: object) -> Claim:
    base = Claim(
        id=f"clm-{key}", report=f"rep-{key}", source=source, kind="shelling", place=place, when=when
    )
    return replace(base, **changes)


def assessment(of: Incident, outcome: Outcome, share: float) -> Assessment:
    return Assessment(
        id=of.id.replace("inc", "ass"),
        incident=of.id,
        finding=of.id.replace("inc", "fnd"),
        provision="P1",
        outcome=outcome,
        share=share,
        reasons=(f"P1: {share:.0%} of its time lies in the truce",),
        near_misses=(),
    )


@pytest.fixture
def situation() -> Situation:
    """The island: one sealed source, one corroborated incident, fires, cloud, a side's claim."""
    harbour = Point(38.68, -27.20, 900.0)
    secret = Point(SECRET_LAT, SECRET_LON, 1500.0)
    one = incident(
        "a1", local(4), harbour, claims=("clm-a1", "clm-a2"), sources=("gazette", "ledger"),
        origins=("org-mayor", "org-nurse"), probability=0.97,
    )  # fmt: skip
    two = incident(
        "b1", local(4), secret, kind="drone_strike", region="C", probability=0.61,
        sources=("heron",), origins=("org-heron",),
        reasons=("Heron's Nest was standing at the mill",),
    )  # fmt: skip
    vague = incident("c1", local(2, 5), harbour, region=None, kind="explosion", observations=1)
    before = incident("d1", local(2), harbour)
    fire = incident(
        "f1", local(4), Point(38.70, -27.10, 400.0), nature=Nature.FIRE, kind="thermal_anomaly",
        region="S", sources=("skyeye",), origins=("org-sky",),
    )  # fmt: skip
    stack = replace(fire, id="inc-s1", nature=Nature.STATIC_SOURCE, claims=("clm-s1",))
    passed = datetime(2031, 5, 4, 1, 40, tzinfo=UTC)
    seen = Detection(
        platform="Skyeye-1", instrument="IR", at=passed, footprint_m=(400.0, 400.0), power_mw=3.0,
        confidence="nominal", daylight=False, declared_static=None,
    )  # fmt: skip
    incidents = (one, two, vague, before, fire, stack)
    sights = {("N", 4): Sight.REPORTED, ("C", 4): Sight.REPORTED, ("S", 4): Sight.UNOBSERVED}
    return Situation(
        mission="Isle of Terno",
        zone=ZONE_NAME,
        agreement=Agreement(
            id="terno",
            name="Terno harvest truce",
            parties=(
                Party(id="hill", name="Hill Council"),
                Party(id="shore", name="Shore Assembly"),
            ),
            guarantors=("Guild of Pilots",),
            instruments=(
                Instrument(
                    id="word", title="The word at the mill", standing="announced", version="1",
                    source="town crier", announced_by=("hill",),
                ),
            ),
            provisions=(
                Provision(
                    id="P1", instrument="word", duty=Duty.FORBID, kinds=("hostile_act",),
                    parties=("hill", "shore"), zones=(), window=TRUCE, exceptions=(),
                    words="no shot from dusk until the harvest is in", source="town crier",
                ),
            ),
            regions=(
                box("N", "North Parish", -27.40, 38.66, -27.15, 38.80),
                box("C", "Central Parish", -27.40, 38.60, -27.15, 38.66),
                box("S", "South & East Parish", -27.15, 38.60, -27.02, 38.80),
            ),
            zones=(),
            truce=TRUCE,
            standards=(("reported", "reasonable suspicion"),),
        ),
        incidents=incidents,
        findings=(
            finding(one, State.CORROBORATED, 2),
            finding(two, State.ALLEGATION, 1, reasons=("Only Heron's Nest says so.",)),
            finding(vague, State.REPORTED, 1),
            finding(before, State.REPORTED, 1),
            finding(fire, State.REPORTED, 1),
            finding(stack, State.REPORTED, 1),
        ),
        assessments=(
            assessment(one, Outcome.BREACH, 1.0),
            assessment(two, Outcome.BREACH, 1.0),
            assessment(vague, Outcome.UNDETERMINED, 0.33),
            assessment(before, Outcome.OUTSIDE, 0.0),
        ),
        origins=(
            Origin(id="org-mayor", label="The mayor", party=None, claims=("clm-a1",), reasons=()),
            Origin(id="org-nurse", label="A nurse", party=None, claims=("clm-a2",), reasons=()),
            Origin(id="org-heron", label="Heron", party=None, claims=("clm-b1",), reasons=()),
            Origin(id="org-sky", label="Skyeye", party=None, claims=("clm-f1",), reasons=()),
        ),
        claims=(
            claim("a1", "gazette", harbour, local(4), text="Shells on the quay, says the mayor"),
            claim("a2", "ledger", harbour, local(4)),
            claim("b1", "heron", secret, local(4), text="Quicksilver over the mill at vespers"),
            claim("c1", "gazette", harbour, local(2, 5)),
            claim("d1", "gazette", harbour, local(2)),
            claim("f1", "skyeye", fire.place, local(4), detection=seen),
            claim("s1", "skyeye", fire.place, local(4), detection=seen),
        ),
        statements=(
            Figure(
                id="sta-1", report="rep-a1", source="gazette", speaker="Hill Council",
                subject="ceasefire violations", value=40, quote="40 violations since dusk",
                when=local(4), outlet="The Gazette",
            ),
            Figure(
                id="sta-2", report="rep-b1", source="heron", speaker="The heron keeper",
                subject="ceasefire violations", value=7, quote="seven in one night",
                when=local(4),
            ),
        ),
        coverage=Coverage(
            watches=(
                Watch(
                    id="wat-1", report="rep-w", source="weather", of="satellite",
                    where=Extent(-27.5, 38.5, -27.0, 38.9), when=local(4), share=0.3,
                    reason="70 % cloud",
                ),
                Watch(
                    id="wat-2", report="rep-v", source="weather", of="satellite", where=None,
                    when=local(3), share=0.45, reason="55 % cloud",
                ),
            ),
            passes=(Pass(platform="Skyeye-1", first=passed, last=passed, detections=2),),
            region_days=tuple(
                RegionDay(
                    region=code, day=date(2031, 5, day),
                    sight=sights.get((code, day), Sight.UNOBSERVED if day < 4 else Sight.QUIET),
                    seen_share=0.3 if day == 4 else None, passes=1 if day == 4 else 0,
                    incidents=0, reporting=("gazette", "heron") if (code, day) in sights else (),
                    reason="nobody saw enough",
                )
                for code in ("N", "C", "S")
                for day in (2, 3, 4, 5)
            ),
            sources=(
                SourceCoverage(
                    source="gazette", claims=3, regions=(("N", 3),), first_day=date(2031, 5, 2),
                    last_day=date(2031, 5, 4), delay_days_median=1.0, delay_days_max=2.0,
                ),
                SourceCoverage(
                    source="heron", claims=17, regions=(("C", 17),), first_day=date(2031, 5, 4),
                    last_day=date(2031, 5, 4), delay_days_median=0.1, delay_days_max=0.2,
                ),
            ),
        ),
        compliance=Compliance(
            days=tuple(
                DayCount(
                    day=date(2031, 5, day), firm=firm, expected=expected, thermal=thermal,
                    static=static,
                )
                for day, firm, expected, thermal, static in (
                    (2, 1, 1.25, 0, 0), (3, 0, 0.25, 0, 0), (4, 2, 2.25, 1, 1), (5, 0, 0.25, 0, 0),
                )
            ),
            rates=(
                Rate(
                    period="before", window=Window.days(date(2031, 5, 1), date(2031, 5, 2), ZONE),
                    days=2, count=12, per_day=6.0, low=3.1, high=10.48, left_out=(),
                ),
                Rate(
                    period="during", window=Window.days(date(2031, 5, 4), date(2031, 5, 4), ZONE),
                    days=1, count=2, per_day=2.0, low=0.242, high=7.225,
                    left_out=("2031-05-03: lies only partly in the truce",),
                ),
                Rate(
                    period="after", window=Window(TRUCE.end, None), days=0, count=0, per_day=None,
                    low=None, high=None, left_out=(),
                ),
            ),
            ratios=(
                RateRatio(of="during", over="before", ratio=0.333, low=0.036, high=0.98),
                RateRatio(of="after", over="during", ratio=None, low=None, high=None),
            ),
            caveats=("Only what sources reported is counted.",),
        ),
        obligations=(),
        pledges=lambda _: (
            Commitment(
                id="ple-1", by="Guild of Pilots", priority="monitoring", domains=("sea",),
                what="two boats", stage="announced", sure=True, standing="announced",
                authorised="none on record", limits=("no number is fixed",),
            ),
        ),
        intake=(
            IntakeCount(source="gazette", accepted=3, quarantined=1),
            IntakeCount(source="heron", accepted=17, quarantined=2),
            IntakeCount(source="skyeye", accepted=2),
        ),
        quarantined=(
            Quarantined(
                source="gazette",
                raw=RawRef(payload="ab" * 32, pointer="line 9", start=0, length=9),
                reason="the day is missing",
            ),
            Quarantined(
                source="heron", raw=RawRef(payload="cd" * 32, pointer="line 2", start=0, length=9),
                reason="the feather code 'kestrel' is unknown",
            ),
        ),
        sources=(
            Source(
                id="gazette", name="The Terno Gazette", kind=SourceKind.PRESS, timezone=ZONE_NAME,
                licence="CC BY 4.0", citation="The Terno Gazette, issues of May",
            ),
            Source(id="ledger", name="Infirmary ledger", kind=SourceKind.OFFICIAL, timezone="UTC"),
            Source(id="skyeye", name="Skyeye", kind=SourceKind.SATELLITE, timezone="UTC"),
            Source(id="weather", name="Weather office", kind=SourceKind.SENSOR, timezone="UTC"),
            Source(
                id="heron", name="Heron's Nest", kind=SourceKind.PATROL, timezone=ZONE_NAME,
                owner="Widow Marsh", citation="From the mill's window", sealed=True,
            ),
        ),
        evidence=Evidence(
            origin="terno", size=12, root="5e" * 32, version="0.1.0",
            parameters=ParametersInForce(
                values="a7" * 32, how="learnt", since=datetime(2031, 5, 5, 9, 30, tzinfo=UTC)
            ),
        ),
    )  # fmt: skip


@pytest.fixture
def period() -> Period:
    return Period(
        first=date(2031, 5, 4), last=date(2031, 5, 4), title="4 May 2031", number="terno/2031-05-04"
    )


@pytest.fixture
def whole() -> Period:
    return Period(
        first=date(2031, 5, 3), last=date(2031, 5, 4), title="The whole truce", number="terno/truce"
    )


@pytest.fixture
def previous() -> Period:
    return Period(first=date(2031, 5, 3), last=date(2031, 5, 3), title="the day before", number="")


@pytest.fixture
def public() -> Audience:
    return Audience(
        name="public", grid_m=5000.0, delay=timedelta(hours=24), show_sources=True, min_count=2
    )


@pytest.fixture(scope="session")
def read_pdf():
    """Read the words of a PDF, sheet by sheet."""
    return runpy.run_path(str(READER))["Pdf"]


@pytest.fixture(scope="session")
def letters():
    """The words without blanks, as the sheets of `read_pdf` may set them anywhere."""
    return runpy.run_path(str(READER))["letters"]
