"""Which formats there are, what each is called on the wire and on disk, and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trucewatch.bulletins.exports.cot import write_cot
from trucewatch.bulletins.exports.geojson import write_geojson
from trucewatch.bulletins.exports.head import Head
from trucewatch.bulletins.exports.kml import write_kml
from trucewatch.bulletins.exports.parquet import write_parquet
from trucewatch.bulletins.exports.table import write_csv, write_hxl

Writer = Callable[[Head, Iterable[Mapping[str, Any]]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of incidents: its media type, the end of its file names, and its writer.

    A writer takes the bodies of a view as they are and gives bytes in pieces; it never asks for
    more than it is given. `columnar` formats are made whole before the first byte leaves.
    """

    media: str
    suffix: str
    write: Writer
    columnar: bool = False


FORMATS: Mapping[str, Format] = {
    "geojson": Format("application/geo+json", ".geojson", write_geojson),
    "csv": Format("text/csv; charset=utf-8", ".csv", write_csv),
    "hxl": Format("text/csv; charset=utf-8", ".hxl.csv", write_hxl),
    "kml": Format("application/vnd.google-earth.kml+xml", ".kml", write_kml),
    "cot": Format("application/xml", ".cot.xml", write_cot),
    "parquet": Format("application/vnd.apache.parquet", ".parquet", write_parquet, columnar=True),
}
"""Every format of incidents by name; alerts (CAP) are messages of their own."""
