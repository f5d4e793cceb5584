"""Where something happened, and how well that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A place with a standard error, in metres on each axis; degrees on WGS 84.

    `error_m` is one standard deviation, not a radius that holds everything.
    """

    lat: float
    lon: float
    error_m: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError("latitude or longitude is out of range")
        if not (math.isfinite(self.error_m) and self.error_m > 0):
            raise ValueError("a place needs a positive standard error in metres")


@dataclass(frozen=True, slots=True)
class Area:
    """A place known only as somewhere within a named polygon.

    `polygons` holds, for each part, an outer ring and then its holes; (longitude, latitude).
    """

    code: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


Place = Point | Area


def distance_m(a: Point, b: Point) -> float:
    """The great-circle distance in metres (haversine, mean Earth radius)."""
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    d_lon = math.radians(b.lon - a.lon)
    h = (
        math.sin((phi_b - phi_a) / 2) ** 2
        + math.cos(phi_a) * math.cos(phi_b) * math.sin(d_lon / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


@dataclass(frozen=True, slots=True)
class Extent:
    """A box in degrees that something covers; west is less than east."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            raise ValueError("an extent needs west < east and south < north, in degrees")
