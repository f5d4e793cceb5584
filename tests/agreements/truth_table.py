"""The truth table as a jurist wrote it, read into nouns."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from trucewatch.agreements import read_agreement
from trucewatch.model import (
    Agreement,
    Count,
    Finding,
    Incident,
    Interval,
    Nature,
    Point,
    Responsibility,
    State,
)

FOLDER = Path(__file__).parent / "truth"
ZONE = ZoneInfo("Europe/Kyiv")
TABLES = ("times", "versions", "zones", "weapons", "conditions")


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    label: str
    provision: str
    incident: Incident
    finding: Finding
    outcome: str
    share: float | None
    why: str


def rows(name: str) -> list[dict[str, str]]:
    lines = (FOLDER / f"{name}.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter=";"))


@cache
def agreement() -> Agreement:
    files = {f"zones/{one.name}": one.read_text("utf-8") for one in (FOLDER / "zones").iterdir()}
    text = (FOLDER / "agreement.yaml").read_text("utf-8")
    return read_agreement(text, file="agreement.yaml", zone_files=files)


@cache
def places() -> dict[str, Point]:
    return {
        one["name"]: Point(float(one["latitude"]), float(one["longitude"]), float(one["error_m"]))
        for one in rows("places")
    }


def when(text: str) -> Interval:
    if text.startswith("day "):
        day = date.fromisoformat(text.removeprefix("day "))
        return Interval.days(day, day, ZONE)
    first, _, last = text.partition("/")
    return Interval(datetime.fromisoformat(first), datetime.fromisoformat(last or first))


def count(what: str, text: str) -> Count:
    low, dots, high = text.partition("..")
    if not dots:
        return Count(what=what, best=int(low), low=int(low), high=int(low))
    return Count(
        what=what, best=None, low=int(low) if low else None, high=int(high) if high else None
    )


def case(label: str, row: dict[str, str]) -> Case:
    more = dict(part.partition("=")[::2] for part in row["more"].split())
    nature = (
        Nature.FIRE
        if "fire" in more
        else Nature.STATIC_SOURCE
        if "static" in more
        else Nature.EVENT
    )
    incident = Incident(
        id=label,
        nature=nature,
        kind=row["kind"],
        place=places()[row["place"]],
        when=when(row["when"]),
        region=None,
        probability=0.9,
        claims=("c",),
        sources=("s",),
        origins=("o",),
        observations=int(more.get("observations", "1")),
        terms=(),
        reasons=(),
        weapons=tuple(row["weapons"].split()),
        counts=tuple(count(what, more[what]) for what in ("killed", "wounded") if what in more),
    )
    finding = Finding(
        id=f"fnd-{label}",
        incident=label,
        state=State(more.get("state", "reported")),
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="none",
        independent_origins=1,
        probability=0.9,
        seen_share=None,
        reasons=(),
    )
    known = {"fire", "static", "killed", "wounded", "observations", "state"}
    assert set(more) <= known, f"{label}: unknown words in {row['more']!r}"
    return Case(
        label=label,
        provision=row["provision"],
        incident=incident,
        finding=finding,
        outcome=row["outcome"],
        share=float(row["share"]) if row["share"] else None,
        why=row["why"],
    )


@cache
def cases() -> tuple[Case, ...]:
    return tuple(
        case(f"{table}-{number:03d}", row)
        for table in TABLES
        for number, row in enumerate(rows(table), 1)
    )
