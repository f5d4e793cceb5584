"""Tiles of the map: incidents where they are few, counts by cells where they are many."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from trucewatch.app.web.answering import answer
from trucewatch.app.web.api.asking import Bbox, Day, Text, box_of
from trucewatch.app.web.kinds import below
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.views import vectors
from trucewatch.app.web.views.spots import DEEPEST, Tile
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, HTTPException, Path, Request, Response
    from fastapi import Query as Asked
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.views.spots import Spot
    from trucewatch.app.web.views.view import View

SORT = "incident"
LAYER = "incidents"
MEDIA = {"json": "application/geo+json", "mvt": "application/vnd.mapbox-vector-tile"}
Zoom = Annotated[int, Path(ge=0, le=DEEPEST)]
Step = Annotated[int, Path(ge=0, lt=2**DEEPEST)]
Words = Annotated[list[str], Asked(max_length=20)]

router = APIRouter()


@router.get("/tiles/{z}/{x}/{y}.{form}", response_class=Response, tags=["map"])
def tile(
    z: Zoom,
    x: Step,
    y: Step,
    form: Literal["json", "mvt"],
    site: Served,
    request: Request,
    first: Annotated[Day | None, Asked(alias="from")] = None,
    last: Annotated[Day | None, Asked(alias="to")] = None,
    state: Words = [],  # noqa: B006 -- FastAPI copies it
    kind: Words = [],  # noqa: B006 -- FastAPI copies it
    nature: Words = [],  # noqa: B006 -- FastAPI copies it
    outcome: Words = [],  # noqa: B006 -- FastAPI copies it
    provision: Words = [],  # noqa: B006 -- FastAPI copies it
    region: Words = [],  # noqa: B006 -- FastAPI copies it
    text: Text | None = None,
    bbox: Bbox | None = None,
    whole: bool = False,
) -> Response:
    """One tile of the map, as GeoJSON or as a vector tile with the layer `incidents`.

    A mark with an `id` is one incident; others count `n` incidents, and how many are in each state
    under the state's name. Marks that would lie over one another are one, which stands where the
    fullest of them does. `stacked` marks several at one and the same place. It is asked as the
    lists are, so that a map never shows another choice than the list beside it; `whole` lets
    through only what lies wholly within the days.
    """
    if max(x, y) >> z:
        raise HTTPException(404, "there is no such tile at that zoom")
    # A word that is no kind stays: it lets nothing through, where no filter would let all.
    kinds = tuple(one for each in kind for one in below(each))
    where = {
        "state": tuple(state),
        "kind": kinds,
        "nature": tuple(nature),
        "outcome": tuple(outcome),
        "outcomes": tuple(provision),
        "region": tuple(region),
    }
    query = Query(
        bbox=box_of(bbox),
        first=first,
        last=last,
        whole_days=whole,
        text=text,
        where={k: v for k, v in where.items() if v},
    )
    view, place = site.view(site.viewer(request)), Tile(z, x, y)
    make = _vector if form == "mvt" else _geojson
    return answer(request, view, MEDIA[form], lambda: make(view, query, place))


def _geojson(view: View, query: Query, place: Tile) -> bytes:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
            "properties": properties,
        }
        for spot, properties in _marks(view, query, place)
    ]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _vector(view: View, query: Query, place: Tile) -> bytes:
    points = [(spot.lat, spot.lon, about) for spot, about in _marks(view, query, place)]
    return vectors.encode(LAYER, points, place)


def _marks(view: View, query: Query, place: Tile) -> list[tuple[Spot, dict[str, Any]]]:
    spots = view.spots(SORT, query, place, apart=True)
    rows = sorted(spot.row for spot in spots if spot.row is not None)
    ids = dict(zip(rows, view.names(SORT, rows), strict=True))
    out = []
    for spot in spots:
        if spot.row is not None:
            about: dict[str, Any] = {"id": ids[spot.row], "n": 1, **spot.told}
        else:
            about = {"n": spot.count, **spot.states}
            if spot.stacked:
                about["stacked"] = True
        out.append((spot, about))
    return out
