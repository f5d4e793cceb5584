"""The map of a bulletin as SVG: the mission's own regions, what was reported, what went unseen."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from markupsafe import Markup

from trucewatch.bulletins.drawing import element, fit, heart, nice_step, number, outline
from trucewatch.bulletins.wording import days, plural, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.bulletins.drawing import Projection
    from trucewatch.bulletins.published import Item, Published, Region

WIDTH = 800
TALLEST = 760
MARGIN = 34
VAGUEST_M = 100_000.0
"""A place known no better than this is counted beside the map and not drawn on it."""

SHAPES = {
    "verified": "M-6-6h12v12h-12z",
    "corroborated": "M0-7.5 7 5H-7z",
    "reported": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z",
    "allegation": "M0-7.5 7.5 0 0 7.5-7.5 0z",
    "other": "M-5-5 5 5M-5 5 5-5",
}
"""State by shape first, so that it can be told without colour."""

ORDER = ("verified", "corroborated", "reported", "allegation", "other")
WORDS = {
    "verified": "verified: reviewed by named people",
    "corroborated": "corroborated: two or more independent voices",
    "reported": "reported: one independent voice",
    "allegation": "allegation: one party's word alone, or no known origin",
    "other": "refuted, exempt, duplicate, superseded or unverifiable",
}


def shape_of(state: str) -> str:
    """The name of the shape for a state."""
    return state if state in SHAPES else "other"


def symbol(state: str, *, x: float = 0, y: float = 0) -> Markup:
    """The mark of a state at a place of the drawing."""
    name = shape_of(state)
    return _at(x, y, element("path", d=SHAPES[name], class_=f"mark {name}"))


def _at(x: float, y: float, mark: Markup) -> Markup:
    """A mark at a place; it keeps its own transform free for the style sheet to enlarge it."""
    return element("g", mark, transform=f"translate({number(x)} {number(y)})")


def glyph(state: str) -> Markup:
    """The mark of a state as a small picture of its own, for lists; words stand beside it."""
    return icon(symbol(state))


def icon(*marks: Markup) -> Markup:
    """A small picture around the origin, nine units to each side."""
    return element("svg", *marks, class_="glyph", viewBox="-9 -9 18 18", aria_hidden="true")


def vague(item: Item) -> bool:
    """Whether the place of an incident is known too badly to be drawn."""
    return item.cell.spread_m > VAGUEST_M


def draw_map(p: Published) -> Markup:
    """The map, or nothing where the mission has neither regions nor incidents."""
    drawn = [i for i in p.incidents if i.certain and not vague(i)]
    marks = [*drawn, *p.fires, *p.static_sources]
    corners = [c for area in p.outlines for poly in area.polygons for ring in poly for c in ring]
    corners += [(i.cell.lon, i.cell.lat) for i in marks]
    projection = fit(corners, width=WIDTH, tallest=TALLEST, margin=MARGIN)
    if projection is None:
        return Markup("")
    height = math.ceil(projection.height)
    title = f"Map of {p.mission}, {days(p.first_day, p.last_day)}"
    desc = (
        f"{plural(len(drawn), 'incident')} drawn at the centre of cells of "
        f"{p.grid_m / 1000:g} km. Hatched regions were unobserved. "
        "The table of regions and the list of incidents say the same in words."
    )
    rows = {row.code: row for row in p.regions}
    return element(
        "svg",
        element("title", title, id="map-title"),
        element("desc", desc, id="map-desc"),
        hatches(),
        element("g", *_graticule(projection, height), class_="graticule"),
        element(
            "g",
            *(
                each
                for area in p.outlines
                for each in _region(outline(area, projection), rows.get(area.code), area.name)
            ),
            transform="scale(.5)",
        ),
        element("g", *_labels(p, projection, rows), class_="places"),
        element("g", *_heat(p.static_sources, projection, "static"), class_="heat"),
        element("g", *_heat(p.fires, projection, "fire"), class_="heat"),
        element("g", *_incidents(drawn, projection)),
        element("g", *_scale_bar(projection, height), class_="scale"),
        viewBox=f"0 0 {WIDTH} {height}",
        class_="map",
        role="img",
        aria_labelledby="map-title map-desc",
    )


def hatches() -> Markup:
    """The two patterns of what was not seen: of all of it, and of part of it."""

    def pattern(name: str, size: int) -> Markup:
        return element(
            "pattern",
            element("path", d=f"M0 0V{size}", class_="hatch"),
            id=name,
            width=size,
            height=size,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        )

    return element("defs", pattern("hatch-unseen", 11), pattern("hatch-part", 26))


def _region(path: str, row: Region | None, name: str) -> list[Markup]:
    if not path:
        return []
    sight = "not looked at" if row is None else row.sight
    seen = "no-sight" if sight == "not looked at" else sight.replace(" ", "-")
    words = element("title", f"{name}: {sight}")
    parts = [element("path", words, d=path, class_=f"region {seen}")]
    unobserved = 0 if row is None else row.unobserved
    if row is None or sight in {"unobserved", "not looked at"}:
        parts.append(element("path", d=path, fill="url(#hatch-unseen)", class_="veil"))
    elif unobserved:
        parts.append(element("path", d=path, fill="url(#hatch-part)", class_="veil"))
    return parts


def _graticule(projection: Projection, height: int) -> list[Markup]:
    parts: list[Markup] = []
    east = projection.west + (WIDTH - 2 * projection.left) / (projection.shrink * projection.scale)
    south = projection.north - (height - 2 * projection.top) / projection.scale
    for low, high, vertical in (
        (projection.west, east, True),
        (south, projection.north, False),
    ):
        step = nice_step(high - low, 5)
        digits = max(0, -math.floor(math.log10(step)))
        for k in range(math.ceil(low / step), math.floor(high / step) + 1):
            value = k * step
            letters = "WE" if vertical else "SN"
            text = f"{abs(value):.{digits}f}°{letters[value >= 0]}"
            if vertical:
                x = number(projection.x(value))
                parts.append(element("path", d=f"M{x} 0V{height - 22}"))
                parts.append(element("text", text, x=x, y=height - 8, text_anchor="middle"))
            else:
                y = number(projection.y(value))
                parts.append(element("path", d=f"M0 {y}H{WIDTH}"))
                parts.append(element("text", text, x=2, y=number(projection.y(value) - 4)))
    return parts


def _labels(p: Published, projection: Projection, rows: dict[str, Region]) -> list[Markup]:
    """The names of regions with incidents, the fullest first, where they do not collide."""
    tail = common_tail(area.name for area in p.outlines)
    wanted = sorted(
        (
            (-row.now.firm, area.code, area)
            for area in p.outlines
            if (row := rows.get(area.code)) is not None and row.now.firm
        ),
        key=lambda each: each[:2],
    )
    taken: list[tuple[float, float, float]] = []
    parts = []
    for _, _, area in wanted:
        middle = heart(area)
        if middle is None:
            continue
        name = area.name.removesuffix(tail).strip() or area.name
        x, y, half = projection.x(middle[0]), projection.y(middle[1]), len(name) * 3.4
        if any(abs(x - a) < half + b and abs(y - c) < 15 for a, b, c in taken):
            continue
        taken.append((x, half, y))
        parts.append(element("text", name, x=number(x), y=number(y), text_anchor="middle"))
    return parts


def common_tail(names: Iterable[str]) -> str:
    """A last word that more than half of the names share ("Province"), so labels can leave it."""
    tails = Counter(" " + n.rsplit(" ", 1)[1] for n in names if " " in n)
    if not tails:
        return ""
    tail, count = min(tails.items(), key=lambda each: (-each[1], each[0]))
    return tail if count > 1 and count * 2 > tails.total() else ""


def _heat(items: Iterable[Item], projection: Projection, name: str) -> list[Markup]:
    """One small mark a cell, however many stand in it."""
    d = "M-3.5 0h7M0-3.5v7" if name == "fire" else "M-3-3h6v6h-6z"
    return [
        _at(projection.x(lon), projection.y(lat), element("path", d=d, class_=name))
        for lon, lat in sorted({(i.cell.lon, i.cell.lat) for i in items})
    ]


def _incidents(items: Iterable[Item], projection: Projection) -> list[Markup]:
    """One mark a cell and state, with a number where it stands for several."""
    cells: dict[tuple[float, float], Counter[str]] = {}
    halos: set[tuple[float, float, float]] = set()
    for item in items:
        place = (item.cell.lon, item.cell.lat)
        cells.setdefault(place, Counter())[shape_of(item.state)] += 1
        halos.add((*place, item.cell.spread_m))
    parts = [
        element(
            "circle",
            cx=number(projection.x(lon)),
            cy=number(projection.y(lat)),
            r=number(max(radius / 1000 * projection.units_a_km, 9)),
            class_="halo",
        )
        for lon, lat, radius in sorted(halos)
    ]
    for (lon, lat), states in sorted(cells.items()):
        x, y = projection.x(lon), projection.y(lat)
        here = [s for s in ORDER if s in states]
        for index, state in enumerate(here):
            at = x + (index - (len(here) - 1) / 2) * 15
            parts.append(symbol(state, x=at, y=y))
            if states[state] > 1:
                count = whole(states[state])
                parts.append(
                    element("text", count, x=number(at + 8), y=number(y - 6), class_="count")
                )
    return parts


def _scale_bar(projection: Projection, height: int) -> list[Markup]:
    km = nice_step(WIDTH * 0.2 / projection.units_a_km, 1)
    length = km * projection.units_a_km
    if length > WIDTH * 0.34:
        km, length = km / 2, length / 2
    x, y = WIDTH - length - 12, height - 34
    path = f"M{number(x)} {y - 5}v5h{number(length)}v-5"
    middle = number(x + length / 2)
    return [
        element("path", d=path),
        element("text", f"{km:g} km", x=middle, y=y - 8, text_anchor="middle"),
    ]
