"""Where an incident is told to be: at one account's place, which no later account moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from trucewatch.model import Area, Point

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.bulletins.situation import Situation
    from trucewatch.model import Claim, Incident


class Anchors:
    """Incidents as they are told outside: each at its anchor, whatever joins it.

    An estimate moves with each account that joins; snapped to a grid it would flip between cells,
    and how often it does would tell on which side of their edge the place lies. So the estimate
    is never snapped. The anchor is the account that was made first by its own date, of those that
    name a point: the account that gives the incident its id, save where that names an area alone.
    """

    def __init__(self, claims: Iterable[Claim], regions: Iterable[Area] = ()) -> None:
        self._claims = {claim.id: claim for claim in claims}
        known = sorted(regions, key=lambda area: area.code)
        shapes = [(area.code, found) for area in known if (found := _shape(area)) is not None]
        self._codes = [code for code, _ in shapes]
        self._tree = shapely.STRtree([found for _, found in shapes])

    def told(self, incident: Incident) -> Incident:
        """The incident at its anchor, in the region of that, and as wide as either is known."""
        at, estimate = self._anchor(incident), incident.place
        if at is None:
            return incident
        if (at.lat, at.lon) == (estimate.lat, estimate.lon) and at.error_m <= estimate.error_m:
            return incident
        place = Point(at.lat, at.lon, max(at.error_m, estimate.error_m))
        return replace(incident, place=place, region=self._region(place))

    def _anchor(self, incident: Incident) -> Point | None:
        """The point that the first-dated of its claims names; None where none names one."""
        points = [
            (_dated(claim), claim.place)
            for each in incident.claims
            if (claim := self._claims.get(each)) is not None and isinstance(claim.place, Point)
        ]
        return min(points, key=lambda each: each[0])[1] if points else None

    def _region(self, place: Point) -> str | None:
        found = self._tree.query(shapely.Point(place.lon, place.lat), predicate="intersects")
        return min((self._codes[each] for each in found.tolist()), default=None)


def at_anchors(situation: Situation) -> Situation:
    """The same situation with each incident at its anchor."""
    anchors = Anchors(situation.claims, situation.agreement.regions)
    return replace(situation, incidents=tuple(anchors.told(each) for each in situation.incidents))


def _dated(claim: Claim) -> tuple[datetime, str]:
    """When a claim was first made, by its own content: the order by which incidents are named."""
    stated = [a.published.earliest for a in claim.attributions if a.published is not None]
    return min(stated, default=claim.when.earliest), claim.id


def _shape(area: Area) -> shapely.Geometry | None:
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in area.polygons if rings]
    whole = shapely.union_all([shapely.make_valid(part) for part in parts])
    return None if whole.is_empty else whole
