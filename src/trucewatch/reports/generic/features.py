"""GeoJSON (RFC 7946) feature by feature, strictly: a bad feature costs itself alone."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.reports.generic.cells import checked
from trucewatch.reports.reader import WHOLE
from trucewatch.reports.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_LIMIT = 64 * 1024 * 1024
"""The most bytes of a GeoJSON delivery: unlike a CSV it must be read as one piece."""

DEPTH_LIMIT = 32
"""The most brackets that may stand open at once; a MultiPolygon in a collection needs eight."""

ID = "@id"
"""The column under which a mapping finds the feature's own `id` member."""

_TOKEN = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL
)
_CRS = re.compile(r"urn:ogc:def:crs:OGC:[0-9.]*:CRS84|(?:urn:ogc:def:crs:)?EPSG:[0-9.]*:?4326")


class Number(str):
    """A number as the file writes it, so that no digit is lost and no huge one is computed."""

    __slots__ = ()


class Doubled(dict[str, object]):
    """An object in which one name stood twice: which of the two was meant, nobody can say."""


def read_features(raw: bytes) -> Iterator[tuple[Row, object] | RecordRejected]:
    """Each feature's properties as a row (pointer "/features/3"), with its geometry.

    Properties keep the words of the file; a nested one is JSON text. A delivery that is no
    GeoJSON, or whose coordinates are not longitude and latitude, is one rejection.
    """
    try:
        found = _features(raw)
    except ValueError as error:
        yield RecordRejected(f"it cannot be read as GeoJSON: {error}", pointer=WHOLE)
        return
    for pointer, feature in found:
        try:
            fields, geometry = _parts(feature)
        except ValueError as error:
            yield RecordRejected(str(error), pointer=pointer)
        else:
            yield Row(pointer=pointer, start=0, length=0, fields=fields), geometry


def _features(raw: bytes) -> list[tuple[str, object]]:
    tree = _load(raw)
    if not isinstance(tree, dict) or isinstance(tree, Doubled):
        raise ValueError("it is no object, or a name occurs twice in it")
    crs = tree.get("crs")
    if crs is not None and not _CRS.fullmatch(_crs_name(crs)):
        raise ValueError("its coordinates are not in longitude and latitude (CRS84)")
    if tree.get("type") == "Feature":
        return [("/", tree)]
    features = tree.get("features")
    if tree.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise ValueError("it is neither a Feature nor a FeatureCollection")
    return [(f"/features/{i}", feature) for i, feature in enumerate(features)]


def _load(raw: bytes) -> object:
    if len(raw) > SIZE_LIMIT:
        raise ValueError("it is over 64 MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    depth = 0
    for token in _TOKEN.finditer(raw):
        depth += (token["open"] is not None) - (token["close"] is not None)
        if depth > DEPTH_LIMIT:
            raise ValueError("it is nested too deeply")
    try:
        tree: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is not JSON") from None
    return tree


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(found)


def _constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON number")


def _crs_name(crs: object) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _parts(feature: object) -> tuple[dict[str, str], object]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError("it is no GeoJSON Feature")
    geometry, properties = feature.get("geometry"), feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise ValueError("its properties are no object")
    if any(isinstance(part, Doubled) for part in (feature, geometry, properties)):
        raise ValueError("a name occurs twice in it")
    fields = {name: _text(value) for name, value in properties.items()}
    if "id" in feature:
        fields[ID] = _text(feature["id"])
    # The place is part of what the record says, so of its identity; `checked` looks at all.
    fields["@geometry"] = _text(geometry)
    return checked(fields), geometry


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    _refuse_doubled(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse_doubled(value: object) -> None:
    if isinstance(value, Doubled):
        raise ValueError("a name occurs twice in it")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_doubled(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_doubled(part)
