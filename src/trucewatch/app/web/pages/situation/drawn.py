"""The map as the page itself draws it: complete, with links, without a script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from shapely import MultiPolygon, Point, Polygon, STRtree, coverage_simplify
from shapely import box as shapely_box

from trucewatch.app.web.pages.situation.placing import (
    EDGE,
    SHAPE,
    Place,
    Rect,
    advance,
    arranged,
    free_spot,
    width,
)
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import ngettext, number_words
from trucewatch.bulletins.drawing import element, fit, heart, number, outline
from trucewatch.bulletins.map import common_tail, hatches, symbol
from trucewatch.model import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trucewatch.app.web.pages.situation.placing import Stand
    from trucewatch.bulletins.drawing import Projection

WIDTH, TALLEST, MARGIN = 800, 620, 16
TOLERANCE_SHARE = 1 / 500
"""Outlines are made plainer by this share of the map's width, shared borders staying shared."""

SIZES = (("fine", 1.0), ("coarse", 1.9))
"""The marks are laid out twice; style shows the larger ones where the map is drawn small."""
LETTER, LINE, HALO, LONG_NAME = 7.7, 15.0, 4.0, 14
"""Units of a letter, a line and a halo; names with more letters than the last take two lines."""

Body = dict[str, Any]
Box = tuple[float, float, float, float]
"""West, south, east, north."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Incidents at one place: how many of each state, and the box of degrees that they lie in.

    `incident` is the one that it is, where it is one alone.
    """

    lat: float
    lon: float
    states: Mapping[str, int]
    box: Box
    incident: str | None = None


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
    listing: Callable[[Box], str],
) -> Markup:
    """The map; nothing where there is neither an outline nor a mark.

    `sights` says of each region "reported", "quiet", "unobserved" or "partly unobserved"; what it
    lacks was not looked at. `address` is what a click on a region leads to, before its code, and
    `listing` where a click on several incidents in a box does.
    """
    corners = [c for area in areas for part in area.polygons for ring in part for c in ring]
    corners += [(mark.lon, mark.lat) for mark in marks]
    projection = fit(corners, width=WIDTH, tallest=TALLEST, margin=MARGIN)
    if projection is None:
        return Markup("")
    high = math.ceil(projection.height)
    frame = Rect(1, 1, WIDTH - 1, high - 1)
    places = [Place.of(projection.x(m.lon), projection.y(m.lat), m.states) for m in marks]
    layers = {name: arranged(places, frame, size=size) for name, size in SIZES}
    taken = [stand.box() for stand in layers["fine"]]
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
        element("g", *_names(areas, projection, taken, frame), class_="places", aria_hidden="true"),
        *(
            element("g", *(_mark(each, marks, size, listing) for each in layers[name]), class_=name)
            for name, size in SIZES
        ),
        viewBox=f"0 0 {WIDTH} {high}",
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


def _names(
    areas: Sequence[Area], projection: Projection, taken: Sequence[Rect], frame: Rect
) -> list[Markup]:
    """Names of the regions, the shortest first, where neither marks nor names stand.

    Each is within its region, or else beside it, on ground that is no region's.
    """
    tail = common_tail(area.name for area in areas)
    grounds = {area.code: _ground(area, projection) for area in areas}
    land = STRtree(list(grounds.values()))
    held = list(taken)
    parts = []
    for area in sorted(areas, key=lambda a: (len(a.name), a.code)):
        middle = heart(area)
        if middle is None:
            continue
        lines = _lines(area.name.removesuffix(tail).strip() or area.name)
        wide, high = max(len(line) for line in lines) * LETTER + HALO, LINE * len(lines) + HALO
        x, y = projection.x(middle[0]), projection.y(middle[1])
        free = list(free_spot(x, y, wide, high, held, frame))
        within = (each for each in free if grounds[area.code].contains(Point(each[:2])))
        beside = (each for each in free if not len(land.query(_shape(each[2]), "intersects")))
        spot = next(chain(within, beside), None)
        if spot is None:
            continue
        at_x, _at_y, box = spot
        held.append(box)
        parts += [
            element(
                "text",
                line,
                x=number(at_x),
                y=number(box.top + HALO / 2 + LINE * (row + 0.75)),
                text_anchor="middle",
            )
            for row, line in enumerate(lines)
        ]
    return parts


def _ground(area: Area, projection: Projection) -> MultiPolygon:
    """A region in units of the drawing."""

    def ring(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(projection.x(lon), projection.y(lat)) for lon, lat in points]

    return MultiPolygon(
        [(ring(part[0]), [ring(hole) for hole in part[1:]]) for part in area.polygons]
    )


def _shape(box: Rect) -> Polygon:
    return shapely_box(box.left, box.top, box.right, box.bottom)


def _lines(name: str) -> list[str]:
    """A name in one line, or a long one in two that are about as long."""
    gaps = [at for at, letter in enumerate(name) if letter == " "]
    if len(name) <= LONG_NAME or not gaps:
        return [name]
    cut = min(gaps, key=lambda at: abs(at - len(name) / 2))
    return [name[:cut], name[cut + 1 :]]


def _mark(
    stand: Stand, marks: Sequence[Mark], size: float, listing: Callable[[Box], str]
) -> Markup:
    """The shapes of the states side by side, each with its number where there are several."""
    here = [marks[at] for at in stand.of]
    only = here[0].incident if len(here) == 1 else None
    count = sum(stand.shapes.values())
    words = ngettext("%(num)s incident", "%(num)s incidents", count) % {"num": number_words(count)}
    if only is not None:
        words = _(next(iter(here[0].states)))
    box = (
        min(mark.box[0] for mark in here),
        min(mark.box[1] for mark in here),
        max(mark.box[2] for mark in here),
        max(mark.box[3] for mark in here),
    )
    wide = width(stand.shapes)
    parts = [element("title", words)]
    if len(stand.shapes) > 1 or count > 1:
        parts.append(
            element("rect", x=number(-wide / 2), y=-9, width=number(wide), height=18, rx=9)
        )
    x = (SHAPE - wide) / 2 + EDGE
    for state, number_of in stand.shapes.items():
        parts.append(symbol(state, x=x))
        if number_of > 1:
            text = element("text", number_words(number_of), x=number(x + 9), y=4, class_="count")
            parts.append(text)
        x += advance(number_of)
    grown = "" if size == 1 else f" scale({size:g})"
    return element(
        "a",
        element("g", *parts, transform=f"translate({number(stand.x)} {number(stand.y)}){grown}"),
        href=listing(box) if only is None else f"/incidents/{only}",
        tabindex=-1,
        aria_hidden="true",
    )
