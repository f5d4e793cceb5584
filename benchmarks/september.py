"""September 2022 by six kinds of source, as the data folder holds it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.real import civharm, delivered, eyes_on_russia, parameters
from trucewatch.incidents import find_incidents
from trucewatch.model import SourceKind
from trucewatch.origins import find_origins

if TYPE_CHECKING:
    from pathlib import Path

    from trucewatch.model import Claim, Incident, Source

FIRST, LAST = datetime(2022, 8, 31, 21, tzinfo=UTC), datetime(2022, 9, 30, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Month:
    """Sources by id, and the claims whose time overlaps the month in local days."""

    sources: dict[str, Source]
    claims: tuple[Claim, ...]


def september(data: Path) -> Month:
    """Read the six folders; raises FileNotFoundError where one of them is absent."""
    firms = data / "firms-ukraine-2021-2022"
    sirens = data / "air-raid-sirens"
    read = [
        civharm(data / "bellingcat-civilian-harm" / "civharm.json"),
        eyes_on_russia(data / "cir-eyes-on-russia" / "events.csv"),
        delivered(
            data / "ucdp-candidate-ukraine-2022-09" / "ucdp_ukraine_2022.csv",
            "ucdp",
            SourceKind.CODER,
            "ucdp",
        ),
        delivered(
            data / "viina-infrastructure" / "viina_2022.csv", "viina", SourceKind.PRESS, "viina"
        ),
        delivered(firms / "modis_2022_sep.csv", "modis", SourceKind.SATELLITE, "firms"),
        delivered(firms / "viirs_snpp_2022_sep.csv", "viirs", SourceKind.SATELLITE, "firms"),
        delivered(sirens / "official_data_en.csv", "sirens", SourceKind.OFFICIAL, "sirens"),
    ]
    return Month(
        {each.source.id: each.source for each in read},
        tuple(
            claim
            for each in read
            for claim in each.claims
            if claim.when.latest > FIRST and claim.when.earliest < LAST
        ),
    )


def incidents_of(month: Month) -> tuple[Incident, ...]:
    """What the installed engine makes of the month."""
    origins = find_origins(month.claims, informants=(), sources=month.sources)
    return find_incidents(
        month.claims, origins, sources=month.sources, regions=(), parameters=parameters()
    )


def names(claims: tuple[Claim, ...]) -> dict[str, str]:
    """How each claim is called by its source: its own number, else its instrument, time, place.

    Such a name is the same under every engine and every version of the readers.
    """
    out: dict[str, str] = {}
    used: defaultdict[str, int] = defaultdict(int)
    for claim in sorted(claims, key=lambda c: c.id):
        name = claim.external_id or ""
        if claim.detection is not None:
            lat, lon = getattr(claim.place, "lat", 0.0), getattr(claim.place, "lon", 0.0)
            name = f"{claim.detection.at:%Y-%m-%dT%H:%M}Z {lat:.4f} {lon:.4f}"
        used[f"{claim.source} {name}"] += 1
        out[claim.id] = f"{claim.source}:{name}"
    return out
