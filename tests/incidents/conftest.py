"""Makers of small worlds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trucewatch.incidents import Parameters, find_incidents
from trucewatch.model import (
    Attribution,
    Claim,
    Detection,
    Incident,
    Interval,
    Origin,
    Point,
    Source,
    SourceKind,
    content_id,
)

START = datetime(2026, 4, 10, tzinfo=UTC)
SOURCES = {
    "press": SourceKind.PRESS,
    "radio": SourceKind.PRESS,
    "patrol": SourceKind.PATROL,
    "coder": SourceKind.CODER,
    "office": SourceKind.OFFICIAL,
    "sat": SourceKind.SATELLITE,
}


def make_claim(
    *,
    source: str = "press",
    kind: str = "shelling",
    lat: float = 10.0,
    lon: float = 20.0,
    error_m: float = 1000.0,
    day: float = 0.0,
    hours: float = 0.0,
    number: str | None = None,
    platform: str | None = None,
    name: str = "",
    published: float | None = None,
    **rest: object,
) -> Claim:
    """One claim; `day` counts from START and `name` tells apart claims that are alike."""
    at = START + timedelta(days=day)
    detection = platform and Detection(
        platform=platform,
        instrument="test",
        at=at,
        footprint_m=(400.0, 400.0),
        power_mw=5.0,
        confidence="nominal",
        daylight=True,
        declared_static=None,
    )
    told = ()
    if published is not None:
        out = Interval.instant(START + timedelta(days=published))
        told = (Attribution(outlet=source, published=out),)
    parts = [source, kind, f"{lat:.6f}", f"{lon:.6f}", f"{error_m}", f"{day}", f"{hours}"]
    return Claim(
        id=content_id("clm", [*parts, str(number), str(platform), name]),
        report=content_id("rep", parts),
        source=source,
        kind=kind,
        place=Point(lat, lon, error_m),
        when=Interval(at, at + timedelta(hours=hours)),
        external_id=number,
        detection=detection or None,
        attributions=told,
        **rest,  # type: ignore[arg-type]
    )


def make_origin(label: str, claims: list[Claim]) -> Origin:
    return Origin(
        id=content_id("org", [label]),
        label=label,
        party=None,
        claims=tuple(sorted(c.id for c in claims)),
        reasons=("made for a test",),
    )


def by_source(claims: list[Claim]) -> list[Origin]:
    """Each source, or platform of it, is an origin of its own."""
    labels: dict[str, list[Claim]] = {}
    for claim in claims:
        label = claim.detection.platform if claim.detection else claim.source
        labels.setdefault(label, []).append(claim)
    return [make_origin(label, of) for label, of in labels.items()]


def registry() -> dict[str, Source]:
    return {
        key: Source(id=key, name=f"The {key}", kind=kind, timezone="UTC")
        for key, kind in SOURCES.items()
    }


class World:
    """What a test needs to make claims and find incidents in them."""

    claim = staticmethod(make_claim)
    origin = staticmethod(make_origin)
    by_source = staticmethod(by_source)
    sources = registry()

    def find(
        self,
        claims: list[Claim],
        origins: list[Origin] | None = None,
        parameters: Parameters | None = None,
        **rest: object,
    ) -> tuple[Incident, ...]:
        given: dict[str, object] = {"sources": self.sources, "regions": (), **rest}
        return find_incidents(
            claims,
            by_source(claims) if origins is None else origins,
            parameters=parameters or Parameters(),
            **given,  # type: ignore[arg-type]
        )


@pytest.fixture(scope="session")
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def pixels_of_april(shared: Path) -> Callable[[], list[Claim]]:
    """The 438 VIIRS pixels of the demonstration, read by hand so that no reader is needed."""
    folder = shared / "data" / "firms-viirs-2026-04"

    def read() -> list[Claim]:
        out = []
        for file in sorted(folder.glob("*VIIRS*.csv")):
            with file.open(encoding="utf-8") as lines:
                for number, row in enumerate(csv.DictReader(lines)):
                    at = datetime.fromisoformat(f"{row['acq_date']}T{row['acq_time']}+00:00")
                    sides = float(row["scan"]) * 1000, float(row["track"]) * 1000
                    out.append(
                        Claim(
                            id=content_id("clm", [file.name, str(number)]),
                            report="rep",
                            source="sat",
                            kind="thermal_anomaly",
                            place=Point(float(row["latitude"]), float(row["longitude"]), 200.0),
                            when=Interval.instant(at),
                            detection=Detection(
                                platform=row["satellite"],
                                instrument="VIIRS",
                                at=at,
                                footprint_m=sides,
                                power_mw=float(row["frp"]),
                                confidence=row["confidence"],
                                daylight=row["daynight"] == "D",
                                declared_static=None,
                            ),
                        )
                    )
        return out

    return read
