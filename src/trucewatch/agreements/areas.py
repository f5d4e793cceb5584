"""GeoJSON polygons as named areas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely
from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon, Polygon

from trucewatch.documents import is_plain
from trucewatch.errors import ConfigurationError
from trucewatch.model import Area

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def read_areas(text: str, *, file: str, code: str, name: str) -> tuple[Area, ...]:
    """The polygons of a GeoJSON text (RFC 7946), sorted by their code.

    `code` and `name` are the properties that hold an area's stable code and its name. Raises
    ConfigurationError with the feature's place in the file for anything that is no valid polygon
    in degrees, and for a code that is missing or used twice.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        raise ConfigurationError(
            f"not valid JSON: {fault.msg}", file=file, line=fault.lineno
        ) from None
    except ValueError:
        # The interpreter computes no number of thousands of digits.
        raise ConfigurationError("a number in it is too long", file=file) from None
    except RecursionError:
        raise ConfigurationError("nested too deeply", file=file) from None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise ConfigurationError("not a FeatureCollection with features in it", file=file)
    if "crs" in data and "CRS84" not in json.dumps(data["crs"]):
        raise ConfigurationError("coordinates must be WGS 84 degrees", file=file, field="crs")
    areas: dict[str, Area] = {}
    for place, feature in enumerate(features):
        area = _area(feature, file=file, field=f"features[{place}]", code=code, name=name)
        if area.code in areas:
            raise ConfigurationError(
                f"the code {area.code!r} is used twice", file=file, field=f"features[{place}]"
            )
        areas[area.code] = area
    return tuple(areas[key] for key in sorted(areas))


def _area(feature: object, *, file: str, field: str, code: str, name: str) -> Area:
    def refuse(message: str, within: str = "") -> ConfigurationError:
        return ConfigurationError(message, file=file, field=field + within)

    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        raise refuse("not a feature with properties")
    labels: list[str] = []
    for key in (code, name):
        value = properties.get(key)
        if not isinstance(value, str) or not value.strip():
            raise refuse("must be text and not empty", f".properties.{key}")
        if not is_plain(value):
            raise refuse("holds characters that cannot be printed", f".properties.{key}")
        labels.append(value)
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        raise refuse("must be a Polygon or a MultiPolygon", ".geometry")
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except GEOSException as fault:
        raise refuse(f"not a geometry: {str(fault).partition(chr(10))[0]}", ".geometry") from None
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        raise refuse("must be a Polygon or a MultiPolygon", ".geometry")
    west, south, east, north = shape.bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise refuse("lies outside longitude ±180 and latitude ±90", ".geometry")
    if not shape.is_valid:
        raise refuse(f"not a valid polygon: {shapely.is_valid_reason(shape)}", ".geometry")
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return Area(labels[0], labels[1], tuple(_rings(part) for part in parts))


def _rings(part: Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        tuple((float(x), float(y)) for x, y, *_ in ring.coords)
        for ring in (part.exterior, *part.interiors)
    )


def shape_of(area: Area) -> BaseGeometry:
    """The area as one geometry in degrees, (longitude, latitude)."""
    return MultiPolygon([(part[0], list(part[1:])) for part in area.polygons])
