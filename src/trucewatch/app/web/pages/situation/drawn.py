"""The map and the trend as the page itself draws them: complete, with links, without a script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from shapely import MultiPolygon, coverage_simplify

from trucewatch.app.web.speaking import day_words, decimal_words, number_words
from trucewatch.app.web.speaking import gettext as _
from trucewatch.bulletins.drawing import element, fit, heart, nice_step, number, outline
from trucewatch.bulletins.map import ORDER, hatches, shape_of, symbol
from trucewatch.model import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.bulletins.drawing import Projection

WIDTH, TALLEST, MARGIN = 800, 620, 16
TOLERANCE_SHARE = 1 / 500
"""Outlines are made plainer by this share of the map's width, shared borders staying shared."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark on the map: how many of each state stand there, and where a click leads."""

    lat: float
    lon: float
    states: Mapping[str, int]
    href: str
    words: str


def areas_of(records: Iterable[Mapping[str, Any]]) -> list[Area]:
    """Outlines of records with `polygons`, made plainer together for a picture of their size."""
    found = [
        (str(each["id"]), str(each.get("name") or each["id"]), each["polygons"])
        for each in records
        if each.get("polygons")
    ]
    shapes = [MultiPolygon([(part[0], part[1:]) for part in parts]) for _, _, parts in found]
    if not shapes:
        return []
    west = min(shape.bounds[0] for shape in shapes)
    east = max(shape.bounds[2] for shape in shapes)
    plain = coverage_simplify(shapes, (east - west) * TOLERANCE_SHARE)
    return [
        Area(code=code, name=name, polygons=_rings(shape))
        for (code, name, _), shape in zip(found, plain, strict=True)
    ]


def _rings(shape: Any) -> tuple[tuple[tuple[tuple[float, float], ...], ...], ...]:  # noqa: ANN401  # a shapely geometry of one of two kinds
    parts = getattr(shape, "geoms", [shape])
    return tuple(
        tuple(tuple((x, y) for x, y in ring.coords) for ring in (part.exterior, *part.interiors))
        for part in parts
        if not part.is_empty
    )


def draw_map(
    areas: Sequence[Area],
    marks: Sequence[Mark],
    *,
    sights: Mapping[str, str],
    title: str,
    desc: str,
    address: str,
) -> Markup:
    """The map; nothing where there is neither an outline nor a mark.

    `sights` says of each region "reported", "quiet", "unobserved" or "partly unobserved"; what it
    lacks was not looked at. `address` is what a click on a region leads to, before its code.
    """
    corners = [c for area in areas for part in area.polygons for ring in part for c in ring]
    corners += [(mark.lon, mark.lat) for mark in marks]
    projection = fit(corners, width=WIDTH, tallest=TALLEST, margin=MARGIN)
    if projection is None:
        return Markup("")
    return element(
        "svg",
        element("title", title, id="map-title"),
        element("desc", desc, id="map-desc"),
        hatches(),
        element(
            "g",
            *(
                each
                for area in areas
                for each in _region(area, projection, sights.get(area.code), address)
            ),
            transform="scale(.5)",
        ),
        element("g", *_names(areas, projection), class_="places", aria_hidden="true"),
        element("g", *(_mark(mark, projection) for mark in marks)),
        viewBox=f"0 0 {WIDTH} {math.ceil(projection.height)}",
        class_="map",
        role="group",
        aria_labelledby="map-title map-desc",
    )


def _region(area: Area, projection: Projection, sight: str | None, address: str) -> list[Markup]:
    path = outline(area, projection)
    if not path:
        return []
    known = sight or "not looked at"
    words = element("title", f"{area.name}: {_(known)}")
    name = "reported" if sight == "partly unobserved" else (sight or "no-sight")
    shape = element("path", words, d=path, class_=f"region {name}")
    link = element("a", shape, href=f"{address}{area.code}", tabindex=-1, aria_hidden="true")
    if known in {"unobserved", "not looked at"}:
        return [link, element("path", d=path, fill="url(#hatch-unseen)", class_="veil")]
    if known == "partly unobserved":
        return [link, element("path", d=path, fill="url(#hatch-part)", class_="veil")]
    return [link]


def _names(areas: Sequence[Area], projection: Projection) -> list[Markup]:
    """Names of the regions, the widest first, where they do not collide."""
    taken: list[tuple[float, float, float]] = []
    parts = []
    for area in sorted(areas, key=lambda a: (len(a.name), a.code)):
        middle = heart(area)
        if middle is None:
            continue
        name = area.name.rsplit(" ", 1)[0]
        x, y, half = projection.x(middle[0]), projection.y(middle[1]), len(name) * 3.6
        if any(abs(x - a) < half + b and abs(y - c) < 16 for a, b, c in taken):
            continue
        taken.append((x, half, y))
        parts.append(element("text", name, x=number(x), y=number(y), text_anchor="middle"))
    return parts


def _mark(mark: Mark, projection: Projection) -> Markup:
    """The shapes of the states side by side, each with its number where there are several."""
    shapes: dict[str, int] = {}
    for state, count in mark.states.items():
        shapes[shape_of(state)] = shapes.get(shape_of(state), 0) + count
    here = [state for state in ORDER if state in shapes]
    parts = [element("title", mark.words)]
    for at, state in enumerate(here):
        x = (at - (len(here) - 1) / 2) * 15
        parts.append(symbol(state, x=x))
        if shapes[state] > 1:
            parts.append(
                element("text", number_words(shapes[state]), x=number(x + 8), y=-6, class_="count")
            )
    place = f"translate({number(projection.x(mark.lon))} {number(projection.y(mark.lat))})"
    return element(
        "a",
        element("g", *parts, transform=place),
        href=mark.href,
        tabindex=-1,
        aria_hidden="true",
    )


HIGH, TOP, LEFT, RIGHT = 150, 16, 34, 6


def draw_trend(days: Sequence[Mapping[str, Any]], *, title: str, address: str) -> Markup:
    """Events a day with the truce shaded behind them; nothing where there is no day.

    A day that nobody watched at all is hatched. Each column leads to the incidents of its day.
    """
    if not days:
        return Markup("")
    step = (WIDTH - LEFT - RIGHT) / len(days)
    top = max(1.0, *(max(float(d["firm"]), float(d["expected"])) for d in days))
    tick = max(1.0, nice_step(top, 3))
    tall = HIGH / (math.ceil(top / tick) * tick)
    bottom = TOP + HIGH
    parts: list[Markup] = []
    for at, day in enumerate(days):
        x = LEFT + at * step
        if day["truce_share"]:
            parts.append(
                element(
                    "rect", x=number(x), y=TOP, width=number(step + 0.6), height=HIGH, class_="calm"
                )
            )
        if day["regions"] and day["unobserved"] == day["regions"]:
            parts.append(
                element(
                    "rect",
                    x=number(x),
                    y=TOP,
                    width=number(step),
                    height=HIGH,
                    fill="url(#hatch-unseen)",
                )
            )
    for k in range(math.ceil(top / tick) + 1):
        y = number(bottom - k * tick * tall)
        parts.append(element("path", d=f"M{LEFT} {y}H{WIDTH - RIGHT}", class_="rule"))
        parts.append(
            element("text", number_words(k * tick), x=LEFT - 5, y=y, dy=4, text_anchor="end")
        )
    for at, day in enumerate(days):
        parts.append(_column(day, LEFT + at * step, step, bottom, tall, address))
    every = max(1, round(len(days) / 6))
    for at in range(0, len(days), every):
        x = LEFT + (at + 0.5) * step
        words = day_words(days[at]["first_day"], year=False)
        parts.append(element("text", words, x=number(x), y=bottom + 16, text_anchor="middle"))
    return element(
        "svg",
        element("title", title, id="trend-title"),
        *parts,
        viewBox=f"0 0 {WIDTH} {bottom + 22}",
        class_="chart",
        role="group",
        aria_labelledby="trend-title",
    )


def _column(
    day: Mapping[str, Any], x: float, step: float, bottom: float, tall: float, address: str
) -> Markup:
    wide = max(step * 0.72, 1.0)
    firm, expected = float(day["firm"]), float(day["expected"])
    words = f"{day_words(day['first_day'])}: {number_words(firm)}; {decimal_words(expected)} "
    bars = [element("title", words + _("expected"))]
    for count, name in ((expected, "expected"), (firm, "firm")):
        high = count * tall
        bars.append(
            element(
                "rect",
                x=number(x + (step - wide) / 2),
                y=number(bottom - high),
                width=number(wide),
                height=number(high),
                class_=name,
            )
        )
    return element(
        "a",
        *bars,
        href=f"{address}{day['first_day']}",
        tabindex=-1,
        aria_hidden="true",
    )
