"""Parquet row by row, every cell as text; the file is unpacked in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.reports.generic.cells import checked
from trucewatch.reports.reader import WHOLE
from trucewatch.reports.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SIZE_LIMIT = 256 * 1024 * 1024
"""The most bytes of a Parquet delivery."""

_MAGIC = b"PAR1"
_TOO_LARGE = 2
_DECODER = Path(__file__).with_name("decoder.py")


def read_frame(raw: bytes, *, required: Collection[str]) -> Iterator[Row | RecordRejected]:
    """Each row (pointer "row 3", counted from 1), in the file's order; the span is the whole.

    A delivery that cannot be opened, or that lacks a required column, is one rejection.
    """
    try:
        columns, *rows = _unpack(raw)
    except ValueError as error:
        yield RecordRejected(f"it cannot be read as Parquet: {error}", pointer=WHOLE)
        return
    names: list[str] = json.loads(columns)
    lacking = sorted(set(required) - set(names))
    if lacking:
        yield RecordRejected(f"unknown header: it lacks {', '.join(lacking)}", pointer=WHOLE)
        return
    for number, line in enumerate(rows, start=1):
        pointer = f"row {number}"
        cells = zip(names, json.loads(line), strict=True)
        try:
            fields = checked({name: cell for name, cell in cells if name})
        except ValueError as error:
            yield RecordRejected(str(error), pointer=pointer)
        else:
            yield Row(pointer=pointer, start=0, length=0, fields=fields)


def _unpack(raw: bytes) -> list[bytes]:
    """The decoder's lines: the names of the columns, then one for each row."""
    if len(raw) > SIZE_LIMIT:
        raise ValueError("it is over 256 MiB")
    if not (raw.startswith(_MAGIC) and raw.endswith(_MAGIC) and len(raw) >= 12):
        raise ValueError("it is cut short, or none")
    if int.from_bytes(raw[-8:-4], "little") > len(raw) - 12:
        raise ValueError("its footer does not fit")
    done = subprocess.run(  # noqa: S603 - our own interpreter and file; the bytes are only its input
        [sys.executable, "-I", str(_DECODER)],
        input=raw,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode == _TOO_LARGE:
        raise ValueError("it has too many rows or too much text")
    if done.returncode != 0:
        raise ValueError("it is damaged")
    return done.stdout.splitlines()
