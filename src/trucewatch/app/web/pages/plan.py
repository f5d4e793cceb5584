"""A small plan of where an incident was: a cell, or a point with its standard error; no land."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from shapely import LineString, box

from trucewatch.app.web.speaking import decimal_words
from trucewatch.app.web.speaking import gettext as _
from trucewatch.bulletins.drawing import element, nice_step, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

Polygon = list[list[list[float]]]
"""Rings of pairs of degrees, the longitude first."""

SIZE = 320.0
_MARGIN = 26.0
_KM_A_DEGREE = 111.195


def plan(
    place: Mapping[str, Any] | None, state: str, outline: Iterable[Polygon] | None = None
) -> Markup | None:
    """The drawing; None without a place. North is up, and the scale is true at its middle.

    `outline` is that of the region in degrees, as polygons of rings; it is no border of any state.
    """
    if not place or place.get("lat") is None:
        return None
    half_km = _half(place)
    scale = (SIZE / 2 - _MARGIN) / half_km
    middle = SIZE / 2
    parts = [
        element("rect", width=number(SIZE), height=number(SIZE), class_="ground"),
        *_lines(place, scale),
        *_outline(place, scale, outline),
    ]
    if place.get("grid_m"):
        side = place["grid_m"] / 1000 * scale
        corner = number(middle - side / 2)
        parts.append(
            element(
                "rect", x=corner, y=corner, width=number(side), height=number(side), class_="cell"
            )
        )
    elif place.get("error_m"):
        radius = max(place["error_m"] / 1000 * scale, 3)
        parts.append(
            element("circle", cx=number(middle), cy=number(middle), r=number(radius), class_="ring")
        )
    if not place.get("grid_m"):
        parts.append(
            element("path", d=f"M{number(middle - 7)} {number(middle)}h14M{number(middle)} "
                    f"{number(middle - 7)}v14", class_="cross")
        )  # fmt: skip
    parts += [*_bar(scale), *_north()]
    return element(
        "svg",
        element("title", words_of(place)),
        *parts,
        viewBox=f"0 0 {number(SIZE)} {number(SIZE)}",
        role="img",
        class_=f"plan {state}",
    )


def words_of(place: Mapping[str, Any]) -> str:
    """What is drawn, in words."""
    at = f"{abs(place['lat']):.3f}° {'N' if place['lat'] >= 0 else 'S'}, "
    at += f"{abs(place['lon']):.3f}° {'E' if place['lon'] >= 0 else 'W'}"
    if place.get("grid_m"):
        return _("Somewhere in a cell of %(km)s km around %(at)s.") % {
            "km": decimal_words(place["grid_m"] / 1000, 0),
            "at": at,
        }
    error = place.get("error_m") or 0.0
    return _("%(at)s; the ring is one standard error, %(km)s km.") % {
        "km": decimal_words(error / 1000, 1),
        "at": at,
    }


def _half(place: Mapping[str, Any]) -> float:
    """How many km the drawing reaches from its middle: the whole cell or ring, with air around."""
    if place.get("grid_m"):
        return max(float(place["grid_m"]) / 1000 * 1.1, 1.0)
    return max(float(place.get("error_m") or 0) / 1000 * 2.2, 1.0)


def _lines(place: Mapping[str, Any], scale: float) -> list[Markup]:
    """Degrees of latitude and longitude, drawn where they run and named at the edge."""
    shrink = max(math.cos(math.radians(place["lat"])), 0.01)
    found = []
    reach = SIZE / 2 / scale
    for axis, middle, km in (("lat", place["lat"], 1.0), ("lon", place["lon"], shrink)):
        span = reach / (_KM_A_DEGREE * km)
        step = nice_step(2 * span, 3)
        digits = max(0, -math.floor(math.log10(step)))
        for k in range(math.ceil((middle - span) / step), math.floor((middle + span) / step) + 1):
            off = (k * step - middle) * _KM_A_DEGREE * km * scale
            at = SIZE / 2 + (off if axis == "lon" else -off)
            name = f"{k * step:.{digits}f}°"
            if axis == "lon":
                d = f"M{number(at)} 0V{number(SIZE)}"
                label = element("text", name, x=number(at + 3), y=number(SIZE - 6), class_="degree")
            else:
                d = f"M0 {number(at)}H{number(SIZE)}"
                label = element("text", name, x="4", y=number(at - 3), class_="degree")
            found += [element("path", d=d, class_="line")]
            if 16 < at < SIZE - 40:
                found.append(label)
    return found


def _outline(
    place: Mapping[str, Any], scale: float, polygons: Iterable[Polygon] | None
) -> list[Markup]:
    """The rings as lines, as far as they run through the drawing."""
    shrink = max(math.cos(math.radians(place["lat"])), 0.01)
    frame = box(-4, -4, SIZE + 4, SIZE + 4)
    runs: list[str] = []
    for ring in (ring for polygon in polygons or () for ring in polygon):
        points = [
            (
                SIZE / 2 + (lon - place["lon"]) * shrink * _KM_A_DEGREE * scale,
                SIZE / 2 - (lat - place["lat"]) * _KM_A_DEGREE * scale,
            )
            for lon, lat in ring
        ]
        cut = LineString(points).intersection(frame)
        runs += [
            "M" + "L".join(f"{number(x)} {number(y)}" for x, y in part.coords)
            for part in getattr(cut, "geoms", [cut])
            if part.geom_type == "LineString" and not part.is_empty
        ]
    return [element("path", d="".join(runs), class_="outline")] if runs else []


def _bar(scale: float) -> list[Markup]:
    km = nice_step(SIZE * 0.28 / scale, 1)
    long = km * scale
    # Above the degrees that are named at the lower edge.
    right, y = SIZE - 12, SIZE - 30
    words = (
        _("%(km)s km") % {"km": f"{km:g}"} if km >= 1 else _("%(m)s m") % {"m": f"{km * 1000:g}"}
    )
    return [
        element("path", d=f"M{number(right - long)} {number(y - 4)}v4h{number(long)}v-4",
                class_="bar"),
        element("text", words, x=number(right), y=number(y - 8), text_anchor="end", class_="scale"),
    ]  # fmt: skip


def _north() -> list[Markup]:
    x = SIZE - 20
    return [
        element("path", d=f"M{number(x)} 34V14m-4 6l4-7l4 7", class_="bar"),
        element("text", _("N"), x=number(x), y="46", text_anchor="middle", class_="scale"),
    ]
