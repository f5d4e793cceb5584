"""On whose side of a line something happened, and how much of each side could be seen."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.ops import unary_union

from trucewatch.findings.seeing import seen_by_kind
from trucewatch.model import Interval
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from shapely.geometry.base import BaseGeometry

    from trucewatch.model import Incident, Watch, Zone

CERTAIN = 1.645
"""A side is told where the place and all around it, so many standard errors out, lie on it."""

_POINTS = 4
"""So many points along each edge of a side's box are asked for what could be seen."""


class Sides:
    """The zones that lie on an agreed side of the line."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones = sorted(
            (zone for zone in zones if zone.side is not None),
            key=lambda zone: (zone.code, repr(zone.holds)),
        )
        self._shapes = [
            MultiPolygon([(part[0], list(part[1:])) for part in zone.area.polygons])
            for zone in self._zones
        ]
        self._union = cache(self._joined)

    def of(self, incident: Incident) -> str | None:
        """The one side on which it certainly took place; None where that cannot be told."""
        around = _around(incident.place.lat, incident.place.lon, incident.place.error_m)
        sides = {zone.side for zone in self._zones}
        holding = []
        for side in sorted(one for one in sides if one is not None):
            held = tuple(
                place
                for place, zone in enumerate(self._zones)
                if zone.side == side and incident.when.share_within(zone.holds) == 1
            )
            if held and shapely.contains_xy(self._union(held), around[:, 0], around[:, 1]).all():
                holding.append(side)
        return holding[0] if len(holding) == 1 else None

    def watched(
        self, side: str, watches: Sequence[Watch], days: Sequence[date], zone: tzinfo
    ) -> float | None:
        """Square kilometres times days that could be seen on this side; None: nobody has said.

        What could be seen is asked at evenly spread points and by the best placed kind of source.
        Days for which nobody states anything count for nothing.
        """
        total = None
        for day in days:
            span = Interval.days(day, day, zone)
            held = tuple(
                place
                for place, one in enumerate(self._zones)
                if one.side == side and span.share_within(one.holds) == 1
            )
            near = [
                w
                for w in watches
                if w.when.earliest < span.latest and w.when.latest > span.earliest
            ]
            if not held or not near:
                continue
            shape = self._union(held)
            shares = [
                max(found.values())
                for lon, lat in _spread(shape)
                if (found := seen_by_kind(near, lat, lon, span))
            ]
            if shares:
                total = (total or 0.0) + _area_km2(shape) * sum(shares) / len(shares)
        return total

    def _joined(self, places: tuple[int, ...]) -> BaseGeometry:
        shape: BaseGeometry = unary_union([self._shapes[place] for place in places])
        return shape


def _around(
    lat: float, lon: float, error_m: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A place and eight around it; all of the world's width near a pole."""
    angle = math.degrees(CERTAIN * error_m / EARTH_RADIUS_M)
    turn = np.arange(8) * (math.pi / 4)
    scale = max(1e-6, math.cos(math.radians(lat)))
    ring = np.stack([lon + angle * np.cos(turn) / scale, lat + angle * np.sin(turn)], axis=1)
    return np.vstack([[lon, lat], ring])


def _spread(shape: BaseGeometry) -> list[tuple[float, float]]:
    west, south, east, north = shape.bounds
    steps = (np.arange(_POINTS) + 0.5) / _POINTS
    lon, lat = np.meshgrid(west + (east - west) * steps, south + (north - south) * steps)
    inside = shapely.contains_xy(shape, lon, lat)
    points = [(float(x), float(y)) for x, y in zip(lon[inside], lat[inside], strict=True)]
    if points:
        return points
    heart = shape.representative_point()
    return [(float(heart.x), float(heart.y))]


def _area_km2(shape: BaseGeometry) -> float:
    """The area on the sphere, by the cylindrical projection that keeps areas."""
    flat = shapely.transform(
        shape, lambda xy: np.stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))], axis=1)
    )
    return float(flat.area) * (EARTH_RADIUS_M / 1000) ** 2
