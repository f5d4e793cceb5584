"""OGC API Features, Part 1: incidents, zones and regions as GeoJSON features, under /ogc."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import shapely
from pydantic import BaseModel

from trucewatch.app.web.api.answering import GEOJSON, JSON, Asked, Asking, whole
from trucewatch.app.web.api.asking import Box, box_of
from trucewatch.app.web.api.listing import HEADERS_OF, LINKS, PROBLEM, Identifier, unanswerable
from trucewatch.app.web.api.ogc_forms import (
    COLLECTIONS,
    CollectionOf,
    Collections,
    Conformance,
    Feature,
    FeatureCollection,
    Landing,
    Name,
    OfGround,
    OfItems,
    days_of,
)
from trucewatch.app.web.api.problems import ProblemRoute, Told
from trucewatch.app.web.views.view import Query as ViewQuery
from trucewatch.app.web.views.view import Unanswerable, View
from trucewatch.bulletins.exports import feature
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Query, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

router = APIRouter(prefix="/ogc", route_class=ProblemRoute, tags=["OGC API Features"])

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
"""What is kept. Not oas30: the description is OpenAPI 3.1, which that class does not know."""

MOST_GROUND = 10_000
"""More zones or regions than these are not looked at; a mission has dozens."""


def _answers(model: type[BaseModel], media: str = JSON) -> dict[int | str, dict[str, Any]]:
    ref = {"$ref": f"#/components/schemas/{model.__name__}"}
    return PROBLEM | {
        200: {"headers": HEADERS_OF | LINKS, "content": {media: {"schema": ref}}},
    }


def _link(asked: Asked, path: str, rel: str, media: str = JSON, title: str = "") -> dict[str, str]:
    base = str(asked.request.base_url).rstrip("/")
    return {"href": f"{base}{path}", "rel": rel, "type": media, "title": title or rel}


@router.get(
    "/",
    operation_id="ogc_landing",
    summary="The landing page.",
    response_model=Landing,
    responses=PROBLEM | {200: {"headers": HEADERS_OF}},
)
def landing(asked: Asking) -> Response:
    """Where everything is."""
    asked.bare()
    page = asked.view.page("mission", ViewQuery(limit=1))
    about = page.bodies[0] if page.bodies else {}
    drill = "EXERCISE EXERCISE EXERCISE. " if about.get("exercise") is True else ""
    body = {
        "title": f"{drill}{about.get('name', 'Trucewatch')}",
        "description": f"{drill}Incidents, zones and regions of a monitoring mission, as far as "
        "you may see them.",
        "links": [
            _link(asked, "/ogc/", "self", title="this page"),
            _link(asked, "/ogc/api", "service-desc", OPENAPI, "the description of the API"),
            _link(asked, "/ogc/conformance", "conformance", title="what of the standard is kept"),
            _link(asked, "/ogc/collections", "data", title="the collections"),
        ],
    }
    return asked.answer(lambda: whole(body), kept=False)


@router.get(
    "/api",
    operation_id="ogc_api",
    summary="The description of the API.",
    response_class=Response,
    responses=PROBLEM
    | {200: {"content": {OPENAPI: {"schema": {"type": "object"}}}, "headers": HEADERS_OF}},
)
def api(asked: Asking) -> Response:
    """The same as /openapi.json."""
    asked.bare()
    return asked.answer(lambda: whole(asked.request.app.openapi()), media=OPENAPI, kept=False)


@router.get(
    "/conformance",
    operation_id="ogc_conformance",
    summary="What of the standard is kept.",
    response_model=Conformance,
    responses=PROBLEM | {200: {"headers": HEADERS_OF}},
)
def conformance(asked: Asking) -> Response:
    """The classes of requirements."""
    asked.bare()
    return asked.answer(lambda: whole({"conformsTo": list(CONFORMS)}), kept=False)


@router.get(
    "/collections",
    operation_id="ogc_collections",
    summary="The collections.",
    response_model=Collections,
    responses=PROBLEM | {200: {"headers": HEADERS_OF}},
)
def collections(asked: Asking) -> Response:
    """Every collection there is."""
    asked.bare()
    body = {
        "links": [_link(asked, "/ogc/collections", "self")],
        "collections": [_collection(asked, name) for name in COLLECTIONS],
    }
    return asked.answer(lambda: whole(body), kept=False)


@router.get(
    "/collections/{collection}",
    operation_id="ogc_collection",
    summary="One collection.",
    response_model=CollectionOf,
    responses=PROBLEM | {200: {"headers": HEADERS_OF}},
)
def collection(asked: Asking, collection: Name) -> Response:
    """What a collection holds."""
    asked.bare()
    return asked.answer(lambda: whole(_collection(asked, collection)), kept=False)


def _collection(asked: Asked, name: str) -> dict[str, Any]:
    one = COLLECTIONS[name]
    path = f"/ogc/collections/{name}"
    page = asked.view.page("mission", ViewQuery(limit=1))
    about = page.bodies[0] if page.bodies else {}
    days = [about.get("first_day"), about.get("last_day")] if one.sort == "incident" else []
    temporal = (
        {"temporal": {"interval": [[f"{days[0]}T00:00:00Z", f"{days[1]}T23:59:59Z"]]}}
        if all(days) and days
        else {}
    )
    return {
        "id": name,
        "title": one.title,
        "description": one.words,
        "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]], "crs": CRS84}, **temporal},
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            _link(asked, path, "self"),
            _link(asked, f"{path}/items", "items", GEOJSON, one.title),
        ],
    }


@router.get(
    "/collections/incidents/items",
    operation_id="ogc_incidents",
    summary="Incidents as features.",
    response_class=Response,
    responses=_answers(FeatureCollection, GEOJSON),
)
def incidents(asked: Asking, query: Annotated[OfItems, Query()]) -> Response:
    """A page of incidents; bounding box and time look at what you may see."""
    asked.once(many=frozenset({"state", "kind", "nature", "outcome", "region"}))
    asks = query.query()
    first, last = days_of(query.datetime_, _zone(asked.view))
    if first is not None:
        asks = replace(asks, first=first if asks.first is None else max(first, asks.first))
    if last is not None:
        asks = replace(asks, last=last if asks.last is None else min(last, asks.last))
    try:
        page = asked.view.page("incident", asks)
    except Unanswerable:
        raise unanswerable(asks) from None
    return _features(asked, [feature(body) for body in page.bodies], page.matched, page.after)


@router.get(
    "/collections/zones/items",
    operation_id="ogc_zones",
    summary="Zones as features.",
    response_class=Response,
    responses=_answers(FeatureCollection, GEOJSON),
)
def zones(asked: Asking, query: Annotated[OfGround, Query()]) -> Response:
    """A page of zones; of a time, those that hold then."""
    return _ground(asked, "zone", query)


@router.get(
    "/collections/regions/items",
    operation_id="ogc_regions",
    summary="Regions as features.",
    response_class=Response,
    responses=_answers(FeatureCollection, GEOJSON),
)
def regions(asked: Asking, query: Annotated[OfGround, Query()]) -> Response:
    """A page of regions; they have no time, so every time lets them through."""
    return _ground(asked, "region", query)


@router.get(
    "/collections/{collection}/items/{identifier}",
    operation_id="ogc_item",
    summary="One feature.",
    response_class=Response,
    responses=_answers(Feature, GEOJSON),
)
def item(asked: Asking, collection: Name, identifier: Identifier) -> Response:
    """One feature, with links to itself and to its collection."""
    asked.bare()
    one = COLLECTIONS[collection]
    body = asked.view.one(one.sort, identifier)
    if body is None:
        raise Told(404, f"There is no such {one.sort}, or nothing of it that you may see.")
    shape = shape_of(one.sort, body)
    path = asked.request.url.path
    links = [
        _link(asked, path, "self", GEOJSON),
        _link(asked, f"/ogc/collections/{collection}", "collection"),
    ]
    return asked.answer(lambda: whole({**shape, "links": links}), media=GEOJSON, kept=False)


def shape_of(sort: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A record as a feature: a point of incidents, the outline of ground."""
    if sort == "incident":
        return feature(body)
    rest = {name: value for name, value in body.items() if name not in {"id", "polygons"}}
    outline = body.get("polygons")
    geometry = {"type": "MultiPolygon", "coordinates": outline} if outline else None
    return {"type": "Feature", "id": body.get("id"), "geometry": geometry, "properties": rest}


def _features(
    asked: Asked, shapes: list[dict[str, Any]], matched: int, after: str | None
) -> Response:
    links = [_link(asked, asked.href(), "self", GEOJSON)]
    if after is not None:
        links.append(_link(asked, asked.href(after=after), "next", GEOJSON))
    shown = {one["rel"]: one["href"] for one in links}
    home = asked.request.url.path.removesuffix("/items")
    body = {
        "type": "FeatureCollection",
        "features": shapes,
        "links": [*links, _link(asked, home, "collection")],
        "numberMatched": matched,
        "numberReturned": len(shapes),
    }
    return asked.answer(lambda: whole(body), media=GEOJSON, links=shown, kept=False)


def _ground(asked: Asked, sort: str, query: OfGround) -> Response:
    """Zones or regions: there are few, so that each is held to the box itself."""
    asked.once()
    box = box_of(query.bbox)
    first, last = days_of(query.datetime_, _zone(asked.view))
    found = [
        shape
        for body in asked.view.page(sort, ViewQuery(limit=MOST_GROUND)).bodies
        if _holds(body, first, last) and _meets((shape := shape_of(sort, body))["geometry"], box)
    ]
    start = 0
    if query.after is not None:
        names = [_cursor(shape["id"]) for shape in found]
        if query.after not in names:
            raise Told(404, "There is no such place in this list: begin again without 'after'.")
        start = names.index(query.after) + 1
    shown = found[start : start + query.limit]
    more = start + len(shown) < len(found)
    return _features(asked, shown, len(found), _cursor(shown[-1]["id"]) if more else None)


def _cursor(identifier: str) -> str:
    return base64.urlsafe_b64encode(identifier.encode()).rstrip(b"=").decode()


def _meets(geometry: dict[str, Any] | None, box: Box | None) -> bool:
    """Whether an outline meets a box, be it across the date line; what has none meets nothing."""
    if box is None:
        return True
    if geometry is None:
        return False
    west, south, east, north = box
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    outline = shapely.geometry.shape(geometry)
    return any(outline.intersects(shapely.box(w, south, e, north)) for w, e in parts)


def _holds(body: Mapping[str, Any], first: date | None, last: date | None) -> bool:
    """Whether what a record tells of its time meets the days; without a time it does."""
    begins, ends = body.get("holds_from"), body.get("holds_until")
    if last is not None and isinstance(begins, str) and begins[:10] > last.isoformat():
        return False
    return not (first is not None and isinstance(ends, str) and ends[:10] < first.isoformat())


def _zone(view: View) -> ZoneInfo:
    page = view.page("mission", ViewQuery(limit=1))
    name = page.bodies[0].get("zone") if page.bodies else None
    return ZoneInfo(name if isinstance(name, str) else "UTC")
