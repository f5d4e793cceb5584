"""CSV, GeoJSON and Parquet as one stream of records, each with its pointer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.reports.generic.features import read_features
from trucewatch.reports.generic.frames import read_frame
from trucewatch.reports.rows import Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.reports.generic.mapping import Format, Mapping

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record whatever the format; `geometry` is a GeoJSON geometry as parsed, or None."""

    row: Row
    geometry: object = None


def format_of(raw: bytes) -> Format:
    """What the bytes themselves look like: anything that is not Parquet or JSON is a CSV."""
    if raw.startswith(b"PAR1"):
        return "parquet"
    opening = _OPENING.match(raw)
    at = opening.end() if opening else 0
    return "geojson" if raw[at : at + 1] in {b"{", b"["} else "csv"


def records(raw: bytes, mapping: Mapping) -> Iterator[Record | RecordRejected]:
    """The records of a file in its own order; one that cannot be opened is one rejection.

    A format that the mapping names is taken at its word; else the bytes decide.
    """
    wanted = mapping.file.format or format_of(raw)
    columns = mapping.columns()
    if wanted == "geojson":
        for item in read_features(raw):
            if isinstance(item, RecordRejected):
                yield item
            else:
                row, geometry = item
                yield Record(row=row, geometry=geometry)
        return
    rows = (
        read_frame(raw, required=columns)
        if wanted == "parquet"
        else read_rows(
            raw,
            required=columns,
            encodings=(mapping.file.encoding,),
            delimiter=mapping.file.delimiter,
        )
    )
    for line in rows:
        yield line if isinstance(line, RecordRejected) else Record(row=line)
