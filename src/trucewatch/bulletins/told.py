"""How an incident is told to an audience: one rule for bulletins, pages and whatever else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.bulletins.veil import cell_centre, spread
from trucewatch.bulletins.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trucewatch.bulletins.situation import Audience
    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import (
        Agreement,
        Assessment,
        Finding,
        Incident,
        Origin,
        Point,
        RegionDay,
    )

MOST_REASONS = 3
UNNAMED = "The reasons rest on a source that is not named."
NO_REGION = "no region can be told"
ELSEWHERE = "outside the mission's regions"


# Hours and minutes would tell more than the local day.
_CLOCK = re.compile(r"\d\s?(?:minutes?|hours?|h|min)(?!\w)", re.IGNORECASE)
_PERCENT = re.compile(r"\d\s?%")


def cell_of(place: Point, audience: Audience) -> tuple[float, float, float]:
    """Latitude, longitude and spread in metres of the cell in which an anchor is told to be.

    A coarser cell is that of the centre of the finer one which other audiences are told, so that
    who reads both learns nothing that the finer one does not tell. Hand in an anchor (`Anchors`)
    and never an estimate, which moves.
    """
    lat, lon = place.lat, place.lon
    for grid_m in (*sorted(audience.finer), audience.grid_m):
        lat, lon = cell_centre(lat, lon, grid_m)
    return lat, lon, spread(place.error_m, audience.grid_m)


def probability_told(p: float) -> float:
    """A probability in whole per cent: its further digits hang on distances between accounts."""
    return round(p, 2)


class Shares:
    """What may be told of how far an incident lies within a provision."""

    def __init__(self, agreement: Agreement) -> None:
        self._placed = {
            p.id
            for p in agreement.provisions
            if p.zones or any(each.zones for each in p.exceptions)
        }

    def share(self, one: Assessment) -> float | None:
        """In tenths, never all or nothing where it is neither; None where a zone has a part in it.

        The share of a place in a zone would tell how far from the zone's edge it lies.
        """
        if one.provision in self._placed:
            return None
        if one.share in {0.0, 1.0}:
            return one.share
        return min(0.9, max(0.1, round(one.share, 1)))

    def words(self, veil: Veil, one: Assessment, sentences: Iterable[str]) -> tuple[str, ...]:
        """Those of its sentences that tell no distance, no hour and no share of a place."""
        return tuple(
            text
            for text in veil.free(sentences)
            if not _CLOCK.search(text)
            and not (one.provision in self._placed and _PERCENT.search(text))
        )


class Seen:
    """What share of a region could be seen on some days.

    The share of the very place is not told: it differs from box to box of what a source states on
    visibility, and these may be smaller than a cell.
    """

    def __init__(self, days: Iterable[RegionDay]) -> None:
        self._known = {
            (each.region, each.day): each.seen_share for each in days if each.seen_share is not None
        }

    def least(self, region: str | None, first: date, last: date) -> float | None:
        """The least share over the local days; None where it is stated for none of them."""
        if region is None:
            return None
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        known = [self._known[region, day] for day in days if (region, day) in self._known]
        return min(known, default=None)


def few(count: int, least: int) -> str:
    """A count in words; one that is under the smallest that is told is "fewer than" that."""
    return f"fewer than {least}" if 0 < count < least else whole(count)


def reasons_of(
    veil: Veil,
    shares: Shares,
    incident: Incident,
    finding: Finding | None,
    assessments: Iterable[Assessment],
) -> tuple[str, ...]:
    """A few reasons in the words of the stages; none where a sealed source had a part."""
    if not all(veil.is_open(s) for s in incident.sources):
        return (UNNAMED,)
    # How reports were joined speaks of distances and of other reports: that stays inside.
    found = [] if finding is None else list(veil.free(finding.reasons[:1]))
    for each in assessments:
        found += shares.words(veil, each, each.reasons)
    return tuple(dict.fromkeys(found))[:MOST_REASONS]


class Labels:
    """The labels of origins that rest on nothing but sources that may be named."""

    def __init__(self, veil: Veil, audience: Audience, origins: Iterable[Origin]) -> None:
        told = {
            origin.id: next(iter(veil.free([origin.label])), None)
            for origin in origins
            if audience.show_sources and all(veil.is_open_claim(c) for c in origin.claims)
        }
        self._told = {origin: label for origin, label in told.items() if label is not None}

    def of(self, origins: Iterable[str]) -> tuple[str, ...]:
        """Those of some origins, each once, in order."""
        return tuple(sorted({self._told[each] for each in origins if each in self._told}))
