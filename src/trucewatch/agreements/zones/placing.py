"""How much of an uncertain place lies in a zone, and how near the zone's edge is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import nearest_points

from trucewatch.agreements.holding import throughout
from trucewatch.agreements.zones.areas import shape_of
from trucewatch.model import ALWAYS, Point, distance_m
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from trucewatch.model import Window, Zone

    Mask = NDArray[np.bool_]

NODES = 4096
"""Points of the quadrature. The share of a half plane is then right to 0.0013 for 99 in 100 edges,
and to 0.0031 for the worst; to 0.002 where the share is about 5 or 95 %."""

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


@cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Radius in standard errors, and sine and cosine of the bearing, of points of equal weight.

    The radii are the mid-quantiles of the Rayleigh law and the bearings turn by the golden angle
    (Vogel's sunflower), so the points fill a round Gaussian evenly, the same on every run.
    """
    step = np.arange(NODES, dtype=np.float64)
    radius = np.sqrt(-2 * np.log1p(-(step + 0.5) / NODES))
    bearing = step * _GOLDEN_ANGLE
    return radius, np.sin(bearing), np.cos(bearing)


def spread(place: Point) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes (degrees) of points that stand evenly for the place's error."""
    radius, east, north = _nodes()
    angle = radius * (place.error_m / EARTH_RADIUS_M)
    lat = math.radians(place.lat)
    up, across = math.sin(lat), math.cos(lat)
    far, close = np.sin(angle), np.cos(angle)
    sine = np.clip(up * close + across * far * north, -1, 1)
    turn = np.arctan2(east * far * across, close - up * sine)
    lon = (place.lon + np.degrees(turn) + 180) % 360 - 180
    return lon, np.degrees(np.arcsin(sine))


@dataclass(frozen=True, slots=True)
class _Drawn:
    name: str
    holds: Window
    shape: BaseGeometry


class ZoneMap:
    """The zones of one agreement as shapes, each for as long as it holds, prepared once.

    It remembers the last place it was asked for, so ask for one place's zones together.
    """

    def __init__(self, zones: Sequence[Zone]) -> None:
        self._zones: dict[str, list[_Drawn]] = {}
        for zone in zones:
            shape = shape_of(zone.area)
            shapely.prepare(shape)
            self._zones.setdefault(zone.code, []).append(_Drawn(zone.name, zone.holds, shape))
        self._place: Point | None = None
        self._nodes: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._masks: dict[tuple[str, int], Mask] = {}

    def windows(self, codes: Collection[str]) -> tuple[Window, ...]:
        """When the zones of these codes hold."""
        return tuple(one.holds for code in sorted(codes) for one in self._zones[code])

    def shapes(self, codes: Collection[str], piece: Window) -> tuple[BaseGeometry, ...]:
        """The shapes of the codes that hold throughout a piece of time cut at their ends."""
        return tuple(
            one.shape
            for code in sorted(codes)
            for one in self._zones[code]
            if throughout(one.holds, piece)
        )

    def inside(self, place: Point, codes: Collection[str], piece: Window) -> Mask:
        """Which of the place's points lie in any of the zones that hold throughout the piece.

        The error is a round Gaussian on the sphere. The points of the quadrature depend on the
        place alone, so a wider zone never holds fewer of them.
        """
        if place != self._place:
            self._place, self._nodes, self._masks = place, None, {}
        found = np.zeros(NODES, dtype=np.bool_)
        for code in codes:
            for number, one in enumerate(self._zones[code]):
                if throughout(one.holds, piece):
                    found |= self._mask(place, (code, number), one.shape)
        return found

    def _mask(self, place: Point, key: tuple[str, int], shape: BaseGeometry) -> Mask:
        if key not in self._masks:
            if self._nodes is None:
                self._nodes = spread(place)
                lon, lat = self._nodes
                self._box = (lon.min(), lat.min(), lon.max(), lat.max())
            west, south, east, north = shape.bounds
            box = self._box
            if box[0] > east or box[2] < west or box[1] > north or box[3] < south:
                self._masks[key] = np.zeros(NODES, dtype=np.bool_)
            else:
                self._masks[key] = shapely.contains_xy(shape, *self._nodes)
        return self._masks[key]

    def share(self, place: Point, codes: Collection[str], piece: Window = ALWAYS) -> float:
        """The probability, 0 to 1, that the place lies in any of the zones; 1 if none is named."""
        if not codes:
            return 1.0
        return int(np.count_nonzero(self.inside(place, codes, piece))) / NODES

    def edge(self, place: Point, codes: Collection[str], when: Window = ALWAYS) -> str | None:
        """How far the best estimate stands from the nearest edge of a zone that holds some time
        of `when`, in words; None where none does."""
        nearest = self._nearest(place, codes, when)
        if nearest is None:
            return None
        outside, metres, code, name = nearest
        side = "outside" if outside else "inside"
        return f"{metres / 1000:.1f} km {side} the edge of zone {name} ({code})"

    def beyond(self, place: Point, codes: Collection[str], when: Window = ALWAYS) -> float:
        """How many metres the best estimate stands outside of the nearest zone; 0 inside."""
        nearest = self._nearest(place, codes, when)
        if nearest is None:
            return float("inf")
        return nearest[1] if nearest[0] else 0.0

    def _nearest(
        self, place: Point, codes: Collection[str], when: Window
    ) -> tuple[bool, float, str, str] | None:
        # Degrees of longitude shrink to the true scale at the place before distances are compared.
        scale = float(np.cos(np.radians(place.lat)))
        here = shapely.Point(place.lon * scale, place.lat)
        found: list[tuple[bool, float, str, str]] = []
        for code in sorted(codes):
            for one in self._zones[code]:
                if one.holds.overlap(when).empty:
                    continue
                shape = shapely.transform(one.shape, lambda xy: xy * [scale, 1])
                near = nearest_points(shape.boundary, here)[0]
                # Scaled to and fro, a longitude of 180 may come out a trace above it.
                lon = max(-180.0, min(180.0, near.x / scale))
                metres = distance_m(place, Point(near.y, lon, 1.0))
                found.append((not shape.contains(here), metres, code, one.name))
        # A zone that holds the place is the nearest; of several, the one it stands deepest in.
        return min(
            found, key=lambda one: (one[0], one[1] if one[0] else -one[1], one[2]), default=None
        )
