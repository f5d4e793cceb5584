"""Incidents as GeoJSON (RFC 7946): points in degrees, and all that the viewer sees of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.exports.rows import spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.bulletins.exports.head import Head


def feature(body: Mapping[str, Any]) -> dict[str, Any]:
    """One incident as a Feature; its geometry is null where the viewer is told no place."""
    place = spot(body)
    geometry = None if place is None else {"type": "Point", "coordinates": [place.lon, place.lat]}
    rest = {name: value for name, value in body.items() if name != "id"}
    return {"type": "Feature", "id": body.get("id"), "geometry": geometry, "properties": rest}


def write_geojson(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A FeatureCollection in pieces; what the file says of itself stands in `about`."""
    yield b'{"type":"FeatureCollection","about":' + dense(head.facts) + b',"features":['
    for number, body in enumerate(bodies):
        yield (b",\n" if number else b"\n") + dense(feature(body))
    yield b"\n]}\n"


def dense(value: object) -> bytes:
    """JSON without blanks; ValueError for a number that JSON does not have."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace"
    )
