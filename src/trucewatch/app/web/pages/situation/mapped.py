"""What the map of the situation shows: its ground, its drawing, and where its tiles are."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from trucewatch.app.web.pages.situation.drawn import areas_of, draw_map
from trucewatch.app.web.pages.situation.marks import marks_of, sights_of
from trucewatch.app.web.speaking import current
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.views.view import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.app.web.pages.situation.asked import Asked
    from trucewatch.app.web.pages.situation.drawn import Mark
    from trucewatch.app.web.views.view import Body, View

MOST_REGIONS = 500
MOST_DAYS = 400


def ground_of(view: View) -> bytes:
    """Outlines of regions and zones and the sight of each region and day, as JSON for the map."""
    regions = view.page("region", Query(limit=MOST_REGIONS)).bodies
    sights: dict[str, dict[str, str]] = {}
    cursor: str | None = None
    while True:
        page = view.page("coverage", Query(limit=1000, after=cursor))
        for each in page.bodies:
            sights.setdefault(each["first_day"], {})[each["region"]] = each["sight"]
        cursor = page.after
        if cursor is None or len(sights) > MOST_DAYS:
            break
    whole = {
        "regions": _features(regions),
        "zones": _features(view.page("zone", Query(limit=MOST_REGIONS)).bodies),
        "sights": sights,
        "over": sights_of(regions),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _features(records: Iterable[Body]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": at,
                "properties": {"code": area.code, "name": area.name},
                "geometry": {"type": "MultiPolygon", "coordinates": area.polygons},
            }
            for at, area in enumerate(areas_of(records))
        ],
    }


def undrawn(view: View, asked: Asked, matched: int) -> int:
    """How many of what is asked for have no place on the map: it is not known well enough."""
    if asked.near is not None or asked.box is not None:
        return 0
    world = replace(asked, after=None, box=(-180.0, -90.0, 180.0, 90.0))
    return matched - view.page("incident", world.query(limit=1)).matched


def kept_map(view: View, asked: Asked, regions: tuple[Body, ...]) -> Markup:
    """The drawn map, made once for each view, question and language: it takes 0.1 s."""
    key = f"map {current()} {asked.address()}"

    def draw() -> bytes:
        marks = marks_of(view, asked, regions)
        return str(_map(marks, asked, regions, _sights(view, asked, regions))).encode()

    return Markup(view.kept(key, draw).decode())  # noqa: S704 -- ours, and escaped as it was drawn


def _map(
    marks: list[Mark], asked: Asked, regions: tuple[Body, ...], sights: Mapping[str, str]
) -> Markup:
    return draw_map(
        areas_of(regions),
        marks,
        sights=sights,
        title=_("Map of incidents"),
        desc=_("The list beside it says the same in words. Hatched regions were unobserved."),
        address="/incidents" + _open(asked.address(region=None)) + "region=",
        listing=lambda box: "/incidents" + asked.address(box=_around(box)),
    )


def _around(box: tuple[float, float, float, float]) -> str:
    """A box as an address has it: rounded outwards, so that all that lies in it is found."""
    west, south, east, north = box
    low = (f"{math.floor(edge * 1000 - 0.5) / 1000:.3f}" for edge in (west, south))
    high = (f"{math.ceil(edge * 1000 + 0.5) / 1000:.3f}" for edge in (east, north))
    return ",".join((*low, *high))


def _open(query: str) -> str:
    """A query string to which one more part is put."""
    return query if query == "?" else f"{query}&"


def _sights(view: View, asked: Asked, regions: tuple[Body, ...]) -> dict[str, str]:
    """What was seen of each region, on the one day that is asked for or over all of them."""
    if asked.first is None or asked.first != asked.last:
        return sights_of(regions)
    found = (view.one("coverage", f"{each['id']}.{asked.first}") for each in regions)
    return {each["region"]: each["sight"] for each in found if each is not None}


def tiles_of(asked: Asked) -> str:
    """The address of the tiles for what is asked for; the braces are the map's."""
    query = asked.query(limit=1)
    where = dict(query.where or {})
    where["provision"] = where.pop("outcomes", ())
    said = [(name, value) for name, values in sorted(where.items()) for value in values]
    said += [
        (name, str(value))
        for name, value in (("from", query.first), ("to", query.last), ("text", query.text))
        if value
    ]
    if query.whole_days:
        said.append(("whole", "true"))
    if query.bbox is not None:
        said.append(("bbox", ",".join(f"{edge:.6f}" for edge in query.bbox)))
    return f"/tiles/{{z}}/{{x}}/{{y}}.mvt?{urlencode(said)}"
