"""How much of an uncertain place lies in a zone, and how near the zone's edge is."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import nearest_points

from trucewatch.agreements.areas import shape_of
from trucewatch.model import Point, distance_m
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from trucewatch.model import Zone

NODES = 4096
"""Points of the quadrature: half-plane shares are then right to about 0.001."""

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Radius in standard errors and bearing in radians of points of equal weight.

    The radii are the mid-quantiles of the Rayleigh law and the bearings turn by the golden angle
    (Vogel's sunflower), so the points fill a round Gaussian evenly, the same on every run.
    """
    step = np.arange(NODES, dtype=np.float64)
    radius = np.sqrt(-2 * np.log1p(-(step + 0.5) / NODES))
    return radius, step * _GOLDEN_ANGLE


def spread(place: Point) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes (degrees) of points that stand evenly for the place's error."""
    radius, bearing = _nodes()
    angle = radius * place.error_m / EARTH_RADIUS_M
    lat = np.radians(place.lat)
    sine = np.sin(lat) * np.cos(angle) + np.cos(lat) * np.sin(angle) * np.cos(bearing)
    there = np.arcsin(np.clip(sine, -1, 1))
    turn = np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(lat), np.cos(angle) - np.sin(lat) * np.sin(there)
    )
    lon = (place.lon + np.degrees(turn) + 180) % 360 - 180
    return lon, np.degrees(there)


class ZoneMap:
    """The zones of one agreement as shapes, prepared once."""

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._names = {zone.code: zone.name for zone in zones}
        self._shapes: Mapping[str, BaseGeometry] = {
            zone.code: shape_of(zone.area) for zone in zones
        }
        for shape in self._shapes.values():
            shapely.prepare(shape)

    def share(self, place: Point, codes: Collection[str]) -> float:
        """The probability, 0 to 1, that the place lies in any of the zones; 1 where none is named.

        The error is a round Gaussian on the sphere. The points of the quadrature depend on the
        place alone, so a wider zone never has a smaller share.
        """
        if not codes:
            return 1.0
        lon, lat = spread(place)
        inside = np.zeros(NODES, dtype=np.bool_)
        for code in codes:
            inside |= shapely.contains_xy(self._shapes[code], lon, lat)
        return int(np.count_nonzero(inside)) / NODES

    def edge(self, place: Point, codes: Collection[str]) -> str:
        """How far the best estimate stands from the nearest zone's edge, in words."""
        # Degrees of longitude shrink to the true scale at the place before distances are compared.
        scale = float(np.cos(np.radians(place.lat)))
        here = shapely.Point(place.lon * scale, place.lat)
        found: list[tuple[bool, float, str]] = []
        for code in sorted(codes):
            shape = shapely.transform(self._shapes[code], lambda xy: xy * [scale, 1])
            near = nearest_points(shape.boundary, here)[0]
            # Scaled to and fro, a longitude of 180 may come out a trace above it.
            lon = max(-180.0, min(180.0, near.x / scale))
            metres = distance_m(place, Point(near.y, lon, 1.0))
            found.append((not shape.contains(here), metres, code))
        # A zone that holds the place is the nearest; of several, the one it stands deepest in.
        outside, metres, code = min(
            found, key=lambda one: (one[0], one[1] if one[0] else -one[1], one[2])
        )
        side = "outside" if outside else "inside"
        return f"{metres / 1000:.1f} km {side} the edge of zone {self._names[code]} ({code})"
