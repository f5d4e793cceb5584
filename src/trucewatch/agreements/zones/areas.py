"""GeoJSON polygons as named areas, and the lines from which zones are drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

from trucewatch.agreements.zones.ellipsoid import ring_area_m2
from trucewatch.documents import is_plain
from trucewatch.errors import ConfigurationError
from trucewatch.model import Area

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Shape = Polygon | MultiPolygon | LineString | MultiLineString
_SHAPES = "must be a Polygon, a MultiPolygon, a LineString or a MultiLineString"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a GeoJSON file: its labels, shape in degrees, and place in the file."""

    code: str
    name: str
    shape: Shape
    field: str


def read_areas(text: str, *, file: str, code: str, name: str) -> tuple[Area, ...]:
    """The polygons of a GeoJSON text (RFC 7946), sorted by their code.

    `code` and `name` are the properties that hold an area's stable code and its name. Raises
    ConfigurationError with the feature's place in the file for anything that is no valid polygon
    in degrees, and for a code that is missing or used twice.
    """
    areas = []
    for one in read_features(text, file=file, code=code, name=name):
        if not isinstance(one.shape, Polygon | MultiPolygon):
            raise ConfigurationError(
                "must be a Polygon or a MultiPolygon", file=file, field=f"{one.field}.geometry"
            )
        areas.append(area_of(one.shape, one.code, one.name))
    return tuple(sorted(areas, key=lambda one: one.code))


def read_features(text: str, *, file: str, code: str, name: str) -> tuple[Feature, ...]:
    """The polygons and lines of a GeoJSON text, in the order of the file.

    Raises ConfigurationError as `read_areas` does; it lets lines through.
    """
    features: dict[str, Feature] = {}
    for place, data in enumerate(_features(text, file)):
        feature = _feature(data, file=file, field=f"features[{place}]", code=code, name=name)
        if feature.code in features:
            raise ConfigurationError(
                f"the code {feature.code!r} is used twice", file=file, field=feature.field
            )
        features[feature.code] = feature
    return tuple(features.values())


def _features(text: str, file: str) -> list[object]:
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
    return features


def _feature(feature: object, *, file: str, field: str, code: str, name: str) -> Feature:
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
        raise refuse(_SHAPES, ".geometry")
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except GEOSException as fault:
        raise refuse(f"not a geometry: {str(fault).partition(chr(10))[0]}", ".geometry") from None
    if not isinstance(shape, Shape) or shape.is_empty:
        raise refuse(_SHAPES, ".geometry")
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refuse("lies outside longitude ±180 and latitude ±90", ".geometry")
    if not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        raise refuse(f"not a valid {_noun(shape)}: {reason}", ".geometry")
    return Feature(labels[0], labels[1], shape, field)


def _noun(shape: BaseGeometry) -> str:
    return "polygon" if isinstance(shape, Polygon | MultiPolygon) else "line"


def area_of(shape: Polygon | MultiPolygon, code: str, name: str) -> Area:
    """The shape, in degrees, as a named area."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return Area(code, name, tuple(_rings(part) for part in parts))


def _rings(part: Polygon) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        tuple((float(x), float(y)) for x, y, *_ in ring.coords)
        for ring in (part.exterior, *part.interiors)
    )


def shape_of(area: Area) -> BaseGeometry:
    """The area as one geometry in degrees, (longitude, latitude)."""
    return MultiPolygon([(part[0], list(part[1:])) for part in area.polygons])


def area_m2(area: Area) -> float:
    """The area on the ellipsoid in square metres, its edges straight in degrees."""
    return sum(
        ring_area_m2(np.asarray(part[0], dtype=np.float64))
        - sum(ring_area_m2(np.asarray(hole, dtype=np.float64)) for hole in part[1:])
        for part in area.polygons
    )
