"""September 2022 by six kinds of source, as the data folder holds it.

What the engine is told beforehand of where much happens is learnt from the two open-source
collections in the months before; of September itself it is told nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.real import civharm, delivered, eyes_on_russia, parameters
from trucewatch.incidents import find_incidents, learn_peaks
from trucewatch.incidents.accounts import of_claims
from trucewatch.model import SourceKind
from trucewatch.origins import find_origins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.real import ReadIn
    from trucewatch.incidents import RatePeak
    from trucewatch.model import Claim, Incident, Source

INVASION = datetime(2022, 2, 23, 22, tzinfo=UTC)
FIRST, LAST = datetime(2022, 8, 31, 21, tzinfo=UTC), datetime(2022, 9, 30, 21, tzinfo=UTC)


@dataclass(frozen=True)
class Month:
    """Sources by id, the claims whose time overlaps the month in local days, and rates before."""

    sources: dict[str, Source]
    claims: tuple[Claim, ...]
    peaks: tuple[RatePeak, ...]


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
        before(read[:2]),
    )


def before(collections: Sequence[ReadIn]) -> tuple[RatePeak, ...]:
    """Peaks of the rate, from what the collections tell of the year before the month.

    They report the share of acts that the parameters in force say of a coder. The folders hold
    February to May, so the front is that of spring.
    """
    known = parameters()
    sources = {each.source.id: each.source for each in collections}
    early = [
        claim
        for each in collections
        for claim in each.claims
        if claim.when.earliest >= INVASION and claim.when.latest <= FIRST
    ]
    events = of_claims(early, {}, sources, known)
    days = len({a.when.earliest.date() for a in events})
    coder = dict(known.by_kind)[SourceKind.CODER]
    return learn_peaks(
        (a.place for a in events),
        days=days,
        reported=coder.detection,
    )


def incidents_of(month: Month) -> tuple[Incident, ...]:
    """What the installed engine makes of the month."""
    origins = find_origins(month.claims, informants=(), sources=month.sources)
    return find_incidents(
        month.claims,
        origins,
        sources=month.sources,
        regions=(),
        parameters=replace(parameters(), rate_peaks=month.peaks),
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
