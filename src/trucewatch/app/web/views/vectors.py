"""Vector tiles (MVT 2.1) of points: the few lines of protocol buffers that they need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.app.web.views.spots import Tile

EXTENT = 4096
Value = str | int | bool
Point = tuple[float, float, "Mapping[str, Value]"]
_POINT, _MOVE_TO_ONE = 1, 9
# Field numbers of the standard, with the wire type: 0 a number, 2 bytes with their length.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE = 0x1A, 0x0A, 0x12, 0x1A, 0x22
_EXTENT, _VERSION = 0x28, 0x78
_TAGS, _TYPE, _GEOMETRY = 0x12, 0x18, 0x22
_STRING, _WHOLE, _TRUTH = 0x0A, 0x28, 0x38


def encode(
    layer: str, points: Iterable[tuple[float, float, Mapping[str, Value]]], at: Tile
) -> bytes:
    """A tile of one layer; points are latitude, longitude and properties, in the order drawn.

    Points outside the tile are placed outside it, as the standard allows.
    """
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    features = bytearray()
    for lat, lon, about in points:
        tags = bytearray()
        for key, value in about.items():
            tags += _number(keys.setdefault(key, len(keys)))
            tags += _number(values.setdefault((type(value), value), len(values)))
        x, y = _within(lat, lon, at)
        geometry = (
            bytes(_MOVE_TO_ONE.to_bytes(1, "big")) + _number(_folded(x)) + _number(_folded(y))
        )
        body = _field(_TAGS, tags) + bytes((_TYPE, _POINT)) + _field(_GEOMETRY, geometry)
        features += _field(_FEATURE, body)
    if not features:
        return b""
    whole = _field(_NAME, layer.encode()) + features
    for key in keys:
        whole += _field(_KEY, key.encode())
    for sort, value in values:
        whole += _field(_VALUE, _value(sort, value))
    whole += bytes((_EXTENT,)) + _number(EXTENT) + bytes((_VERSION, 2))
    return bytes(_field(_LAYER, whole))


def _within(lat: float, lon: float, at: Tile) -> tuple[int, int]:
    side = 2.0**at.z
    sine = math.sin(math.radians(max(-85.05, min(85.05, lat))))
    x = (lon + 180) / 360 * side - at.x
    y = (0.5 - math.atanh(sine) / (2 * math.pi)) * side - at.y
    return round(x * EXTENT), round(y * EXTENT)


def _value(sort: type, value: Value) -> bytes:
    if sort is str:
        return _field(_STRING, str(value).encode())
    return bytes((_TRUTH if sort is bool else _WHOLE,)) + _number(int(value))


def _field(tag: int, body: bytes | bytearray) -> bytes:
    return bytes((tag,)) + _number(len(body)) + body


def _number(value: int) -> bytes:
    return bytes(_sevens(value))


def _sevens(value: int) -> Iterator[int]:
    """A number that is not negative, seven bits a byte, the lowest first."""
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value


def _folded(value: int) -> int:
    """A number with a sign as one without: 0, -1, 1, -2 are 0, 1, 2, 3."""
    return value * 2 if value >= 0 else -value * 2 - 1
