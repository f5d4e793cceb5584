"""Real data sets as claims, by the project's own readers; they lie beside the project.

Two of them say nothing of a licence, so they are read where they lie and nothing is copied. Their
columns of links are taken away before a reader sees the bytes: the truth for matching was made
from them.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.incidents import Parameters
from trucewatch.model import Report, Source, SourceKind
from trucewatch.reports.reader import Delivery
from trucewatch.reports.registry import read_delivery

if TYPE_CHECKING:
    from pathlib import Path

    from trucewatch.model import Claim

ZONE = "Europe/Kyiv"
CIVHARM, EYES = "civharm", "eyes-on-russia"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LINKS = frozenset({"link", "geolocation", "sources"})

# The publisher shifts each point by up to 150 m; what the footage shows is a day.
CIVHARM_MAPPING = """
[id]
column = "id"
[kind]
column = "weapon"
default = "hostile_act"
[kind.values]
"Small arms" = "small_arms"
"Cluster munitions" = "explosion"
"HE rocket artillery" = "multiple_rockets"
"HE artillery inc mortars" = "shelling"
"HE tube artillery" = "artillery"
"Cruise missile" = "missile"
"Ballistic missile" = "missile"
"Anti-air missile" = "missile"
"Air strike" = "airstrike"
"Loitering munition" = "drone_strike"
"Incendiary munitions" = "explosion"
"Thermobaric munition" = "explosion"
"Land mines" = "mine"
[place]
latitude = "latitude"
longitude = "longitude"
error_m = 200
[time]
start = "date"
format = "%m/%d/%Y"
precision = "day"
[text]
columns = "description"
"""
EYES_MAPPING = """
[id]
column = "entry"
[kind]
column = "group"
default = "event"
[kind.values]
"Civilian Infrastructure Damage" = "damage"
"Military Infrastructure Damage" = "damage"
"Civilian Casualty" = "casualties"
"Bombing or Explosion" = "explosion"
"Munitions" = "explosion"
"Ground Battle" = "armed_clash"
"Russian Military Presence" = "movement"
"Russian Firing Positions" = "heavy_weapons"
"Mass grave or Burial" = "casualties"
[place]
latitude = "lat"
longitude = "lon"
error_m = 150
[time]
start = "date"
precision = "day"
[text]
columns = "brief description"
"""
# Bellingcat's rows are incidents by its own rule. Eyes on Russia's are posts with footage, and its
# own guide says that one strike may have several; how many was not learnt from any truth here.
RETELLS = 0.3


@dataclass(frozen=True)
class ReadIn:
    """Claims of one data set, the source they are of, and the records that were rejected."""

    source: Source
    claims: tuple[Claim, ...]
    rejected: int


def civharm(path: Path) -> ReadIn:
    """Bellingcat's incidents of harm to civilians, without their sources."""
    rows = [
        {key: str(value) for key, value in row.items() if key not in LINKS | {"filters"}}
        | {"weapon": next((f["value"] for f in row["filters"] if f["key"] == "Weapon System"), "")}
        for row in json.loads(path.read_text("utf-8"))
    ]
    return _generic(CIVHARM, "Bellingcat: Civilian Harm", rows, CIVHARM_MAPPING)


def eyes_on_russia(path: Path) -> ReadIn:
    """The Centre for Information Resilience's rows, without link and geolocation."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            {key: value for key, value in row.items() if key not in LINKS}
            | {"group": _without_months(row["event_group"])}
            for row in csv.DictReader(file)
        ]
    return _generic(EYES, "Eyes on Russia", rows, EYES_MAPPING)


def delivered(path: Path, source_id: str, kind: SourceKind, reader: str) -> ReadIn:
    """A file of a format that has a reader of its own."""
    source = Source(id=source_id, name=source_id, kind=kind, timezone=ZONE, reader=reader)
    return _read(source, path.read_bytes(), path.name, None)


def parameters() -> Parameters:
    """The defaults, and what is known of the rows of Eyes on Russia."""
    plain = Parameters()
    coder = dict(plain.by_kind)[SourceKind.CODER]
    return replace(plain, by_source=((EYES, replace(coder, retells=RETELLS)),))


def _without_months(group: str) -> str:
    """ "Civilian Casualty March 2022" is "Civilian Casualty"; also without "Feb - June"."""
    words = group.split()
    while words and (words[-1][:3] in MONTHS or words[-1].isdigit() or words[-1] in {"-", "Now"}):
        words.pop()
    return " ".join(words)


def _generic(source_id: str, name: str, rows: list[dict[str, str]], mapping: str) -> ReadIn:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    source = Source(id=source_id, name=name, kind=SourceKind.CODER, timezone=ZONE, reader="generic")
    return _read(source, text.getvalue().encode(), f"{source_id}.csv", mapping)


def _read(source: Source, raw: bytes, name: str, mapping: str | None) -> ReadIn:
    delivery = Delivery(
        source=source,
        payload=hashlib.sha256(raw).hexdigest(),
        raw=raw,
        name=name,
        mapping=mapping,
        mapping_name=f"{source.id}.toml",
    )
    items = list(read_delivery(delivery))
    reports = {item.id: item for item in items if isinstance(item, Report)}
    rejected = sum(not isinstance(item, Report) for item in items)
    claims = tuple(claim for key in sorted(reports) for claim in reports[key].claims)
    return ReadIn(source, claims, rejected)
