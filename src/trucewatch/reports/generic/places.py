"""Places from columns, from GeoJSON geometry or from the mapping itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import Area, Point, content_id
from trucewatch.reports.fields import number, shown
from trucewatch.reports.generic.features import Number

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucewatch.model.places import Ring
    from trucewatch.reports.generic.mapping import PlaceTable

VERTEX_LIMIT = 100_000
"""The most corners of one place."""


def read_place(table: PlaceTable, get: Callable[[str], str], geometry: object) -> Area | Point:
    """The place of one record; `get` gives a column's value, blank where there is none.

    Raises ValueError where it cannot be told. A latitude and longitude of exactly 0 are taken for
    a blank. A polygon keeps its outline and gets its code from its corners.
    """
    where = table.where
    if where is not None:
        if where.name is not None:
            return Area(code=where.name, name=where.name, polygons=())
        if where.latitude is None or where.longitude is None or where.error_m is None:
            raise ValueError("the mapping's constant place has no position")
        return Point(where.latitude, where.longitude, where.error_m)
    if table.geometry:
        return _from_geometry(table, get, geometry)
    if table.latitude is None or table.longitude is None:
        raise ValueError("the mapping names no columns for the place")
    return _point(get(table.latitude), get(table.longitude), _error(table, get))


def _error(table: PlaceTable, get: Callable[[str], str]) -> float:
    code = get(table.precision) if table.precision is not None else ""
    error = table.values.get(code, table.error_m)
    if error is None:
        if table.precision is None:
            raise ValueError("the mapping does not say how well a point is known")
        raise ValueError(f"{table.precision[:40]} {shown(code)} is not in the mapping")
    return error


def _point(lat_text: str, lon_text: str, error_m: float) -> Point:
    if not lat_text or not lon_text:
        raise ValueError("the place is blank")
    lat = number(lat_text, -90, 90, "latitude")
    lon = number(lon_text, -180, 180, "longitude")
    if lat == 0 and lon == 0:
        raise ValueError("the place is 0, 0, which stands for no place")
    return Point(lat, lon, error_m)


def _from_geometry(table: PlaceTable, get: Callable[[str], str], geometry: object) -> Area | Point:
    if geometry is None:
        raise ValueError("the record has no geometry")
    if not isinstance(geometry, dict):
        raise ValueError("the geometry is no object")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        lon, lat = _position(coordinates)
        return _point(lat, lon, _error(table, get))
    if kind == "Polygon":
        parts = [coordinates]
    elif kind == "MultiPolygon":
        parts = _list(coordinates, "the MultiPolygon")
    else:
        raise ValueError("the geometry is no Point, Polygon or MultiPolygon")
    polygons = tuple(_polygon(part) for part in parts)
    if not polygons or sum(len(ring) for rings in polygons for ring in rings) > VERTEX_LIMIT:
        raise ValueError("the polygon is empty or has too many corners")
    corners = [
        f"{lon!r} {lat!r}" for rings in polygons for ring in (*rings, ()) for lon, lat in ring
    ]
    region = get(table.region) if table.region is not None else ""
    code = content_id("area", corners)
    return Area(code=code, name=region or "an area without a name", polygons=polygons)


def _polygon(coordinates: object) -> tuple[Ring, ...]:
    rings = _list(coordinates, "the polygon")
    if not rings:
        raise ValueError("the polygon is empty or has too many corners")
    return tuple(_ring(ring) for ring in rings)


def _ring(coordinates: object) -> Ring:
    ring = []
    for corner in _list(coordinates, "the ring"):
        lon, lat = _position(corner)
        ring.append((number(lon, -180, 180, "longitude"), number(lat, -90, 90, "latitude")))
    if len(ring) < 4 or ring[0] != ring[-1] or len(set(ring)) < 3:
        raise ValueError("a ring of the polygon is not closed")
    return tuple(ring)


def _position(coordinates: object) -> tuple[str, str]:
    """Longitude and latitude as written; a height is left out."""
    parts = _list(coordinates, "the position")
    if not 2 <= len(parts) <= 3:
        raise ValueError("a position needs longitude and latitude")
    lon, lat = parts[0], parts[1]
    if not isinstance(lon, Number) or not isinstance(lat, Number):
        raise ValueError("a position needs longitude and latitude")
    return lon, lat


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{what} is no list of numbers")
    return value
