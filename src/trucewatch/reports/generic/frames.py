"""Parquet row by row, every cell as text."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from trucewatch.errors import RecordRejected
from trucewatch.reports.generic.cells import checked
from trucewatch.reports.reader import WHOLE
from trucewatch.reports.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SIZE_LIMIT = 256 * 1024 * 1024
"""The most bytes of a Parquet delivery."""

ROW_LIMIT = 5_000_000
"""The most rows: packed columns can hold far more than memory does."""

_MAGIC = b"PAR1"
# A footer that lies about itself makes the Parquet engine panic rather than raise.
_FAILURES = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def read_frame(raw: bytes, *, required: Collection[str]) -> Iterator[Row | RecordRejected]:
    """Each row (pointer "row 3", counted from 1), in the file's order; the span is the whole.

    A delivery that cannot be opened, or that lacks a required column, is one rejection.
    """
    try:
        frame = _open(raw)
    except ValueError as error:
        yield RecordRejected(str(error), pointer=WHOLE)
        return
    lacking = sorted(set(required) - set(frame.columns))
    if lacking:
        yield RecordRejected(f"unknown header: it lacks {', '.join(lacking)}", pointer=WHOLE)
        return
    for number, cells in enumerate(frame.iter_rows(), start=1):
        pointer = f"row {number}"
        try:
            fields = checked(
                {name: _text(cell) for name, cell in zip(frame.columns, cells, strict=True) if name}
            )
        except ValueError as error:
            yield RecordRejected(str(error), pointer=pointer)
        else:
            yield Row(pointer=pointer, start=0, length=0, fields=fields)


def _open(raw: bytes) -> pl.DataFrame:
    if len(raw) > SIZE_LIMIT:
        raise ValueError("the Parquet file is over 256 MiB")
    if not (raw.startswith(_MAGIC) and raw.endswith(_MAGIC) and len(raw) >= 12):
        raise ValueError("it cannot be read as Parquet: it is cut short, or none")
    if int.from_bytes(raw[-8:-4], "little") > len(raw) - 12:
        raise ValueError("it cannot be read as Parquet: its footer does not fit")
    try:
        rows = int(pl.scan_parquet(io.BytesIO(raw)).select(pl.len()).collect().item())
        if rows > ROW_LIMIT:
            raise ValueError
        return pl.read_parquet(io.BytesIO(raw))
    except _FAILURES:
        raise ValueError("it cannot be read as Parquet: it is damaged or too large") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo is None else cell.astimezone(UTC)).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds()!r} s"
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, dict | list):
        return json.dumps(cell, default=_text, ensure_ascii=False, sort_keys=True)
    return str(cell)
