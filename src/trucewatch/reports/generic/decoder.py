"""Unpacks one Parquet file from standard input to JSON lines; runs as a process of its own.

The engine ends its process where a damaged file lies about its sizes, and no exception can be
caught then. So `frames` runs this file apart, and what ends here ends alone. It imports nothing of
the house. The first line is the columns' names, each further line the cells of one row as text.
Exit status: 0 done, 1 not readable, 2 too large.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

ROW_LIMIT = 5_000_000
TEXT_LIMIT = 512 * 1024 * 1024
MEMORY_LIMIT = 8 * 1024 * 1024 * 1024
CPU_LIMIT_S = 300


def as_text(cell: object) -> str:
    """A cell as a CSV would have it; a time with a zone is given in UTC, bytes in hex."""
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
        return json.dumps(cell, default=as_text, sort_keys=True)
    return str(cell)


def main() -> int:
    """Read standard input to its end and write the rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["POLARS_MAX_THREADS"] = "1"
    # Here, not above: the limits and the number of threads must stand before the engine loads.
    import polars as pl

    raw = sys.stdin.buffer.read()
    try:
        rows = pl.scan_parquet(io.BytesIO(raw)).select(pl.len()).collect().item()
        if rows > ROW_LIMIT:
            return 2
        frame = pl.read_parquet(io.BytesIO(raw))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        return 1
    size = 0
    for line in chain([frame.columns], (map(as_text, row) for row in frame.iter_rows())):
        text = json.dumps(list(line)) + "\n"
        size += len(text)
        if size > TEXT_LIMIT:
            return 2
        sys.stdout.write(text)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
