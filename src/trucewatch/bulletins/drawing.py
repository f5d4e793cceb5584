"""SVG by hand: elements whose text and attributes are escaped, and the projection of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Area
    from trucewatch.model.places import Ring

_KM_A_DEGREE = 111.195
_FINE = 2
"""Outlines are snapped to 1/2 unit: shared borders stay shared, and bytes do not depend on GEOS."""


def element(name: str, *inside: object, **attributes: object) -> Markup:
    """An element; `class_` and `text_anchor` become `class` and `text-anchor`."""
    # Put together as plain text, each part escaped: that is five times quicker than Markup.format,
    # and a page holds thousands of elements.
    told = [
        f' {escape(key.rstrip("_").replace("_", "-"))}="{escape(value)}"'
        for key, value in attributes.items()
    ]
    head = f"{escape(name)}{''.join(told)}"
    if not inside:
        return Markup(f"<{head}/>")  # noqa: S704 -- every part is escaped above
    body = "".join(escape(each) for each in inside)
    return Markup(f"<{head}>{body}</{escape(name)}>")  # noqa: S704 -- likewise


def number(x: float) -> str:
    """A coordinate to one decimal, without "-0" and trailing ".0"."""
    text = f"{x + 0.0:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def nice_step(span: float, wanted: int) -> float:
    """The step of 1, 2 or 5 times a power of ten that cuts a span into about `wanted` parts."""
    raw = span / max(wanted, 1)
    if raw <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= raw * 0.999)


@dataclass(frozen=True, slots=True)
class Projection:
    """Equirectangular, true to scale at the middle latitude; degrees to units of the drawing."""

    west: float
    north: float
    shrink: float
    scale: float
    left: float
    top: float
    width: float
    height: float

    def x(self, lon: float) -> float:
        """Units from the left edge."""
        return self.left + (lon - self.west) * self.shrink * self.scale

    def y(self, lat: float) -> float:
        """Units from the upper edge."""
        return self.top + (self.north - lat) * self.scale

    @property
    def units_a_km(self) -> float:
        """Units that one kilometre is long."""
        return self.scale / _KM_A_DEGREE


def fit(
    points: Iterable[tuple[float, float]], *, width: float, tallest: float, margin: float
) -> Projection | None:
    """The projection that fits (longitude, latitude) points into a width; None without points."""
    points = list(points)
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.01)
    across, down = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * margin) / across, (tallest - 2 * margin) / down)
    return Projection(
        west=west,
        north=north,
        shrink=shrink,
        scale=scale,
        left=(width - across * scale) / 2,
        top=margin,
        width=width,
        height=down * scale + 2 * margin,
    )


def outline(area: Area, projection: Projection) -> str:
    """The path of an area in half units, for a group that is scaled by 1/2."""
    return "".join(_path(ring, projection) for polygon in area.polygons for ring in polygon)


def _path(ring: Ring, projection: Projection) -> str:
    points: list[tuple[int, int]] = []
    for lon, lat in ring:
        point = (round(projection.x(lon) * _FINE), round(projection.y(lat) * _FINE))
        if points and points[-1] == point:
            continue
        if len(points) > 1 and _straight(points[-2], points[-1], point):
            points.pop()
        points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        return ""
    steps = [f"M{points[0][0]} {points[0][1]}l"]
    last = points[0]
    for x, y in points[1:]:
        dx, dy = x - last[0], y - last[1]
        steps.append(f"{dx}{dy}" if dy < 0 else f"{dx} {dy}")
        last = (x, y)
    return steps[0] + " ".join(steps[1:]) + "z"


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
    along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return cross == 0 and along > 0


def heart(area: Area) -> tuple[float, float] | None:
    """The centroid of the largest part, (longitude, latitude), for a label; None if empty."""
    best: tuple[float, float, float] | None = None
    for polygon in area.polygons:
        twice = x = y = 0.0
        ring = polygon[0] if polygon else ()
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
            cross = x1 * y2 - x2 * y1
            twice, x, y = twice + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
        if twice and (best is None or abs(twice) > best[0]):
            best = (abs(twice), x / (3 * twice), y / (3 * twice))
    return None if best is None else (best[1], best[2])
