"""What the map of a page shows: marks, what was seen of each region, and how far it reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shapely import MultiPolygon, Point

from trucewatch.app.web.pages.situation.asked import around
from trucewatch.app.web.pages.situation.drawn import Mark
from trucewatch.app.web.views.spots import Tile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.app.web.pages.situation.asked import Asked
    from trucewatch.app.web.pages.situation.gazetteer import Named
    from trucewatch.app.web.views.spots import Spot
    from trucewatch.app.web.views.view import Body, View

Bounds = tuple[float, float, float, float]
MOST_TILES = 9


def sights_of(regions: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """What was seen of each region over all days, in a word."""
    found = {}
    for each in regions:
        reported, quiet = each.get("days_reported"), each.get("days_quiet")
        dark = each.get("days_unobserved")
        if not (reported or quiet or dark):
            continue
        if not dark:
            word = "reported" if reported else "quiet"
        else:
            word = "partly unobserved" if reported or quiet else "unobserved"
        found[str(each["id"])] = word
    return found


def region_at(regions: Iterable[Body], place: Named) -> str | None:
    """The code of the region that a named place lies in."""
    here = Point(place.lon, place.lat)
    for each in regions:
        shape = MultiPolygon([(part[0], part[1:]) for part in each.get("polygons") or ()])
        if shape.contains(here):
            return str(each["id"])
    return None


def bounds_of(asked: Asked, regions: Iterable[Body]) -> Bounds | None:
    """West, south, east, north of what is asked for; None where nothing says."""
    if asked.near is not None:
        return around(asked.near)
    if asked.box is not None:
        return asked.box
    mine = [each for each in regions if not asked.region or each["id"] == asked.region]
    points = [
        point
        for each in mine
        for part in each.get("polygons") or ()
        for ring in part
        for point in ring
    ]
    if not points:
        return None
    longitudes, latitudes = [p[0] for p in points], [p[1] for p in points]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def marks_of(view: View, asked: Asked, regions: Sequence[Body]) -> list[Mark]:
    """The marks for what is asked for, by cells where there are many."""
    query = asked.query(limit=1)
    west, south, east, north = bounds_of(asked, regions) or (-180.0, -85.0, 180.0, 85.0)
    return [
        _mark(spot, names.get(spot.row))
        for tile in _tiles(west, south, east, north)
        for spots in [view.spots("incident", query, tile)]
        for names in [_names(view, spots)]
        for spot in spots
    ]


def _names(view: View, spots: Iterable[Spot]) -> dict[int | None, str]:
    rows = sorted(spot.row for spot in spots if spot.row is not None)
    return dict(zip(rows, view.names("incident", rows), strict=True))


def _mark(spot: Spot, name: str | None) -> Mark:
    states = spot.states or {"reported": spot.count}
    return Mark(lat=spot.lat, lon=spot.lon, states=states, box=spot.box, incident=name)


def _tiles(west: float, south: float, east: float, north: float) -> Iterator[Tile]:
    """The fewest tiles over an area, at the greatest depth that needs no more than some."""
    for z in range(12, -1, -1):
        left, right = _x(west, z), _x(east, z)
        top, bottom = _y(north, z), _y(south, z)
        if (right - left + 1) * (bottom - top + 1) <= MOST_TILES:
            for x in range(left, right + 1):
                for y in range(top, bottom + 1):
                    yield Tile(z, x, y)
            return


def _x(lon: float, z: int) -> int:
    side = 1 << z
    return min(side - 1, max(0, int((lon + 180) / 360 * side)))


def _y(lat: float, z: int) -> int:
    sine = math.sin(math.radians(max(-85.05, min(85.05, lat))))
    side = 1 << z
    return min(side - 1, max(0, int((0.5 - math.atanh(sine) / (2 * math.pi)) * side)))
