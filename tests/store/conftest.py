"""Three engines for one contract, a private PostgreSQL, and nouns to fill them with."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trucewatch.model import (
    Assessment,
    Claim,
    Compliance,
    Coverage,
    Figure,
    Finding,
    Incident,
    Interval,
    Nature,
    Obligation,
    Origin,
    Outcome,
    PeriodCount,
    Place,
    Point,
    Quarantined,
    RawRef,
    Report,
    Responsibility,
    State,
    Watch,
    content_id,
)
from trucewatch.store import Derived, Store, open_store

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)
Open = Callable[[], Store]


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a private server with an empty database, stopped when the tests end."""
    programs = _programs()
    if programs is None:
        # In CI the gate on skips turns this into a failure.
        pytest.skip("PostgreSQL with PostGIS is not installed (Debian: postgresql-15-postgis-3)")
    folder = Path(tempfile.mkdtemp(prefix="trucewatch-pg-"))
    become: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        become = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")

    def run(*command: str) -> None:
        subprocess.run([*become, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    run(
        *(str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "postgres"),
        *("--locale=C.UTF-8", "-E", "UTF8", "--no-sync"),
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = (str(programs / "pg_ctl"), "-D", data, "-w", "-s")
    try:
        run(*control, "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["memory", "file", pytest.param("postgres", marks=pytest.mark.server)])
def open_one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens one and the same empty projection, as often as asked (once, for memory)."""
    stores: list[Store] = []
    target: str | Path = ":memory:"
    if request.param == "file":
        target = tmp_path / "state.db"
    elif request.param == "postgres":
        target = f"{request.getfixturevalue('postgres_server')}?schema=contract"
        with open_store(target) as store:
            store.clear()

    def opener() -> Store:
        if request.param == "memory" and stores:
            pytest.fail("a projection in memory has one user")
        stores.append(open_store(target))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def store(open_one: Open) -> Store:
    """An empty projection on each engine in turn."""
    return open_one()


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.server)])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The target of an empty projection that other processes can open."""
    if request.param == "file":
        return str(tmp_path / "state.db")
    target = f"{request.getfixturevalue('postgres_server')}?schema=lasting"
    with open_store(target) as store:
        store.clear()
    return target


class Make:
    """Nouns with sensible values, told apart by a number."""

    @staticmethod
    def report(
        number: int,
        *,
        source: str = "coders",
        payload: str = "a",
        place: Place | None = None,
        text: str = "Shelling was reported.",
    ) -> Report:
        key = content_id("rep", [source, str(number)])
        when = Interval(NOON, NOON + timedelta(hours=number % 50))
        claim = Claim(
            id=content_id("clm", [key]),
            report=key,
            source=source,
            kind="shelling",
            place=place or Point(48.0 + number % 7 / 10, 37.0, 1000.0),
            when=when,
        )
        statement = Figure(
            id=content_id("sta", [key]),
            report=key,
            source=source,
            speaker="a ministry",
            subject="ceasefire violations",
            value=469,
            quote="469 violations",
            when=when,
        )
        watch = Watch(
            id=content_id("wat", [key]),
            report=key,
            source=source,
            of="satellite",
            where=None,
            when=when,
            share=0.3,
            reason="cloud",
        )
        tally = PeriodCount(
            id=content_id("cnt", [key]),
            report=key,
            source=source,
            what="violations",
            region="north",
            when=Interval(NOON, NOON + timedelta(days=1)),
            count=12,
            parts=(("explosions", 3),),
        )
        return Report(
            id=key,
            source=source,
            raw=RawRef(payload=payload * 64, pointer=f"line {number}", start=number, length=1),
            published=None,
            text=text,
            claims=(claim,),
            figures=(statement,),
            watches=(watch,),
            tallies=(tally,),
        )

    @staticmethod
    def quarantined(number: int, *, source: str = "coders", payload: str = "a") -> Quarantined:
        raw = RawRef(payload=payload * 64, pointer=f"line {number}", start=number, length=1)
        return Quarantined(source=source, raw=raw, reason="the date cannot be read")

    @staticmethod
    def incident(
        number: int,
        *,
        lat: float = 48.0,
        lon: float = 37.0,
        kind: str = "shelling",
        region: str | None = None,
        when: Interval | None = None,
    ) -> Incident:
        return Incident(
            id=content_id("inc", [str(number)]),
            nature=Nature.EVENT,
            kind=kind,
            place=Point(lat, lon, 500.0),
            when=when or Interval.instant(NOON + timedelta(hours=number)),
            region=region,
            probability=0.75,
            claims=(f"clm-{number}",),
            sources=("coders",),
            origins=(),
            observations=1,
            terms=(),
            reasons=("one claim",),
        )

    @staticmethod
    def finding(incident: Incident, state: State = State.REPORTED) -> Finding:
        return Finding(
            id=content_id("fin", [incident.id]),
            incident=incident.id,
            state=state,
            provisional=True,
            responsibility=Responsibility.WITHHELD,
            standard="reasonable suspicion",
            independent_origins=1,
            probability=0.75,
            seen_share=None,
            reasons=(),
        )

    @staticmethod
    def assessment(
        finding: Finding, outcome: Outcome = Outcome.BREACH, provision: str = "1"
    ) -> Assessment:
        return Assessment(
            id=content_id("ass", [finding.id, provision]),
            incident=finding.incident,
            finding=finding.id,
            provision=provision,
            outcome=outcome,
            share=1.0,
            reasons=(),
            near_misses=(),
        )

    def derived(self, *incidents: Incident) -> Derived:
        findings = tuple(self.finding(incident) for incident in incidents)
        return Derived(
            origins=(Origin(id="org-1", label="a post", party=None, claims=(), reasons=()),),
            incidents=incidents,
            findings=findings,
            assessments=tuple(self.assessment(finding) for finding in findings),
            obligations=(
                Obligation(
                    id="obl-1",
                    trigger="consultation",
                    incidents=tuple(incident.id for incident in incidents),
                    duty_of=("guarantor",),
                    duty="consult",
                    opened=NOON,
                    due=NOON + timedelta(days=1),
                    decided_by="council",
                ),
            ),
            coverage=Coverage(watches=(), passes=(), region_days=(), sources=()),
            compliance=Compliance(days=(), rates=(), ratios=(), caveats=("one day",)),
        )


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()


@pytest.fixture(scope="session")
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def truce_day() -> date:
    return NOON.date()
