"""Incidents as GeoParquet 1.1: one row each, the point as WKB. The one file that knows pyarrow."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.exports.rows import COLUMNS, row_of, spot
from trucewatch.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.bulletins.exports.head import Head
    from trucewatch.bulletins.exports.rows import Cell, Spot

_WKB_POINT = struct.Struct("<BIdd")


def write_parquet(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One file whole, as its end tells where its parts lie.

    The coordinates are longitude and latitude of WGS 84 (OGC:CRS84, the format's default).
    Raises MissingExtra where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtra("GeoParquet", "parquet") from error
    types = {str: pa.string(), float: pa.float64(), int: pa.int64(), bool: pa.bool_()}
    all_bodies = list(bodies)
    rows = [{name: _clean(cell) for name, cell in row_of(body).items()} for body in all_bodies]
    places = [spot(body) for body in all_bodies]
    columns = [pa.array([row[one.name] for row in rows], types[one.type]) for one in COLUMNS]
    geometry = pa.array([None if one is None else _wkb(one) for one in places], pa.binary())
    about = {f"trucewatch.{name}": text for name, text in head.facts.items()}
    schema = pa.schema(
        [
            *(pa.field(one.name, types[one.type]) for one in COLUMNS),
            pa.field("geometry", pa.binary()),
        ],
        metadata=about | {"geo": json.dumps(_geo([one for one in places if one is not None]))},
    )
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([*columns, geometry], schema=schema), out)
    yield out.getvalue()


def _clean(value: Cell) -> Cell:
    """A cell as UTF-8 can hold it: half a character is no text."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _wkb(place: Spot) -> bytes:
    return _WKB_POINT.pack(1, 1, place.lon, place.lat)


def _geo(places: list[Spot]) -> dict[str, Any]:
    """The metadata that GeoParquet 1.1 asks for."""
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if places:
        lons, lats = [one.lon for one in places], [one.lat for one in places]
        column["bbox"] = [min(lons), min(lats), max(lons), max(lats)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
