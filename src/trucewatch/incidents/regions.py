"""Which region a place lies in, and where a region stands for a place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from trucewatch.incidents.ground import EARTH_RADIUS_KM
from trucewatch.model import Area, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KM_PER_DEGREE = math.radians(1) * EARTH_RADIUS_KM
# Half the way round the Earth: the place is not known at all.
NOWHERE = Point(0.0, 0.0, 10_000_000.0)


def shape(area: Area) -> shapely.MultiPolygon | shapely.Polygon | None:
    """The polygons of an area in degrees, mended where they cross themselves; None if empty."""
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in area.polygons if rings]
    whole = shapely.union_all([shapely.make_valid(part) for part in parts])
    if isinstance(whole, shapely.MultiPolygon | shapely.Polygon) and not whole.is_empty:
        return whole
    return None


class Regions:
    """The mission's reporting regions, ready to be asked."""

    def __init__(self, areas: Iterable[Area]) -> None:
        known = [(a, s) for a in sorted(areas, key=lambda a: a.code) if (s := shape(a))]
        self._areas = [a for a, _ in known]
        self._shapes = [s for _, s in known]
        self._tree = shapely.STRtree(self._shapes)

    def codes(self, places: Sequence[Point]) -> list[str | None]:
        """The region that holds each place; on a border the first by code, outside None."""
        found: list[str | None] = [None] * len(places)
        if not places:
            return found
        points = shapely.points([(p.lon, p.lat) for p in places])
        asked, region = self._tree.query(points, predicate="intersects")
        for i, r in sorted(zip(asked.tolist(), region.tolist(), strict=True), reverse=True):
            found[i] = self._areas[r].code
        return found

    def around(self, place: Point) -> Point | None:
        """A point that stands for the region around a place; None where no region holds it."""
        (code,) = self.codes([place])
        if code is None:
            return None
        return _middle(next(s for a, s in zip(self._areas, self._shapes, strict=True)
                            if a.code == code))  # fmt: skip

    def stand_in(self, area: Area) -> tuple[Point, str | None]:
        """A point with an honest error for a place known only as an area, and its region.

        The area's own polygons are taken first, then the region of the same code or name. Where
        neither is known the point has an error of half the Earth: it must not be drawn.
        """
        names = {area.code.casefold(), area.name.casefold()} - {""}
        match = next(
            (
                r
                for r, a in enumerate(self._areas)
                if a.code.casefold() in names or a.name.casefold() in names
            ),
            None,
        )
        code = None if match is None else self._areas[match].code
        own = shape(area) or (None if match is None else self._shapes[match])
        return (NOWHERE if own is None else _middle(own)), code


def _middle(polygon: shapely.MultiPolygon | shapely.Polygon) -> Point:
    """The centroid, with the s.d. on each axis of a point spread evenly over the polygon's box."""
    west, south, east, north = polygon.bounds
    middle = polygon.centroid
    across = (east - west) * KM_PER_DEGREE * math.cos(math.radians(middle.y))
    error_km = float(np.hypot(across, (north - south) * KM_PER_DEGREE)) / math.sqrt(24)
    return Point(middle.y, middle.x, max(1.0, 1000 * error_km))
