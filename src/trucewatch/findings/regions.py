"""Which region a place or an incident belongs to, and where to ask for its visibility."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from trucewatch.model import Area, Point
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.model import Claim, Incident


class RegionMap:
    """The regions of a mission as shapes, for counting by region."""

    def __init__(self, regions: Sequence[Area]) -> None:
        self.codes = tuple(sorted(area.code for area in regions))
        by_code = {area.code: area for area in regions}
        self._names = {area.name: area.code for area in regions}
        self._shapes = [
            MultiPolygon([(part[0], list(part[1:])) for part in by_code[code].polygons])
            for code in self.codes
        ]
        self._radius_m = [_radius_m(shape) for shape in self._shapes]

    def heart(self, code: str) -> tuple[float, float]:
        """Latitude and longitude of a point that certainly lies in the region."""
        point = self._shapes[self.codes.index(code)].representative_point()
        return float(point.y), float(point.x)

    def of_incident(self, incident: Incident) -> str | None:
        """The code of the incident's region; None where the incident names none that is known."""
        if incident.region in self.codes:
            return incident.region
        return self._names.get(incident.region or "")

    def of_claims(self, claims: Sequence[Claim]) -> list[str | None]:
        """The region of each claim; None outside all, or where its place is too vague to say.

        A place is too vague where its standard error is larger than the region itself, taken as a
        circle of the same area.
        """
        found: list[str | None] = [
            place.code
            if isinstance(place := claim.place, Area) and place.code in self.codes
            else None
            for claim in claims
        ]
        points = [(k, c.place) for k, c in enumerate(claims) if isinstance(c.place, Point)]
        if not points or not self._shapes:
            return found
        lon = np.array([place.lon for _, place in points])
        lat = np.array([place.lat for _, place in points])
        for code, shape, radius in zip(self.codes, self._shapes, self._radius_m, strict=True):
            shapely.prepare(shape)
            for hit in np.flatnonzero(shapely.intersects_xy(shape, lon, lat)):
                position, place = points[int(hit)]
                # On a shared border the first code has it, whatever the order of the claims.
                if found[position] is None and place.error_m <= radius:
                    found[position] = code
        return found


def _radius_m(shape: MultiPolygon) -> float:
    """The radius of a circle of the same area; the area by the shape's mean latitude."""
    _, south, _, north = shape.bounds
    metres = math.radians(1) * EARTH_RADIUS_M
    square = shape.area * metres**2 * math.cos(math.radians((south + north) / 2))
    return math.sqrt(square / math.pi)
