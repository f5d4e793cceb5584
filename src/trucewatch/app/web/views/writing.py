"""Writing a view: records that passed the door into one file, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.app.web.views import comparing
from trucewatch.app.web.views.columns import NO_DAY, Columns, days_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trucewatch.bulletins.views import Record

FORM = 2
"""The form of the file; another is thrown away and made anew."""
DRAFT = ".part-"
"""How the name of a file begins that is still written."""
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
    n INTEGER PRIMARY KEY, sort TEXT NOT NULL, id TEXT NOT NULL, state TEXT,
    mark BLOB NOT NULL, body TEXT NOT NULL
);
CREATE TABLE span (sort TEXT PRIMARY KEY, start INTEGER NOT NULL, size INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE TABLE number (sort TEXT, field TEXT, numbers BLOB NOT NULL, PRIMARY KEY (sort, field))
    WITHOUT ROWID;
CREATE TABLE coded (
    sort TEXT, field TEXT, vals TEXT NOT NULL, rows BLOB NOT NULL, codes BLOB NOT NULL,
    PRIMARY KEY (sort, field)
) WITHOUT ROWID;
CREATE TABLE change (
    n INTEGER PRIMARY KEY, at TEXT NOT NULL, sort TEXT NOT NULL, id TEXT NOT NULL,
    what TEXT NOT NULL, before TEXT, after TEXT
);
CREATE VIRTUAL TABLE words USING fts5(
    text, content='', detail='none', prefix='3', tokenize='unicode61 remove_diacritics 2'
);
"""


def write_view(
    folder: Path,
    stem: str,
    records: Iterable[Record],
    *,
    about: Mapping[str, str],
    at: datetime,
    before: Path | None = None,
) -> Path:
    """Write the records as a view into a folder, and return its file.

    The file is named by `stem` and the SHA-256 of its bytes, so that a damage is seen. Older files
    of the stem stay: whoever called removes them.

    The order is made here, of what the viewers see: a field `order`, then the last day, the newest
    first, then the id. `about` says of what the view was made; `before` is the file whose viewers'
    sight it goes on from: what changed between the two is told in it.
    """
    handle, name = tempfile.mkstemp(prefix=DRAFT, suffix=".db", dir=folder)
    os.close(handle)
    draft = Path(name)
    try:
        with closing(_draft(draft)) as file:
            digest = _write(file, records)
            comparing.tell_changes(file, before, at)
            file.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [*about.items(), ("form", str(FORM)), ("digest", digest), ("at", at.isoformat())],
            )
            file.execute("COMMIT")
        path = folder / f"{stem}-{hash_of(draft)}.db"
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def hash_of(path: Path) -> str:
    """SHA-256 (hex) over the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _draft(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path.resolve().as_uri(), isolation_level=None, uri=True)


def _write(file: sqlite3.Connection, records: Iterable[Record]) -> str:
    # A crash leaves a draft that nobody reads: nothing needs to be on the disk before the rename.
    file.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;")
    file.executescript(SCHEMA)
    file.execute("BEGIN")
    digest = hashlib.sha256()
    n = 0
    ordered = sorted(records, key=_place_in_order)
    for sort, group in groupby(ordered, key=lambda record: record.sort):
        start, columns = n, Columns()
        for record in group:
            body = json.dumps(record.body, ensure_ascii=False, separators=(",", ":"))
            line = mark_of(record.sort, record.id, body)
            digest.update(line)
            state = record.body.get("state")
            file.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)",
                (n, sort, record.id, state if isinstance(state, str) else None, line, body),
            )
            file.execute(
                "INSERT INTO words (rowid, text) VALUES (?, ?)", (n, words_of(record.body))
            )
            columns.add(record.body)
            n += 1
        file.execute("INSERT INTO span VALUES (?, ?, ?)", (sort, start, n - start))
        _write_columns(file, sort, columns)
    file.execute("CREATE UNIQUE INDEX known ON record (sort, id)")
    file.execute("INSERT INTO words (words) VALUES ('optimize')")
    return digest.hexdigest()


def mark_of(sort: str, identifier: str, body: str) -> bytes:
    """What tells one record's form from another: SHA-256 over its parts, each with its length."""
    parts = [part.encode() for part in (sort, identifier, body)]
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).digest()


def _place_in_order(record: Record) -> tuple[str, float, int, str]:
    given = record.body.get("order")
    _, last = days_of(record.body)
    return record.sort, given if isinstance(given, int | float) else 0, NO_DAY - last, record.id


def _write_columns(file: sqlite3.Connection, sort: str, columns: Columns) -> None:
    for name, numbers in columns.arrays():
        file.execute("INSERT INTO number VALUES (?, ?, ?)", (sort, name, numbers.tobytes()))
    for name, coding in columns.fields.items():
        if coding.whole:
            row: tuple[Any, ...] = (
                sort,
                name,
                json.dumps(list(coding.values), ensure_ascii=False),
                np.asarray(coding.rows, dtype="<i4").tobytes(),
                np.asarray(coding.codes, dtype="<i4").tobytes(),
            )
            file.execute("INSERT INTO coded VALUES (?, ?, ?, ?, ?)", row)
