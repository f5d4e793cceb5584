"""Reading a view: one file, opened once, asked by many threads, never changed."""

from __future__ import annotations

import base64
import binascii
import json
import os
import sqlite3
import stat
import threading
import weakref
from contextlib import contextmanager
from datetime import datetime
from queue import LifoQueue
from typing import TYPE_CHECKING, Any, Literal

from trucewatch.app.web.views.columns import LONGEST_VALUE
from trucewatch.app.web.views.kept import Kept
from trucewatch.app.web.views.spots import Spot, Tile, spots_in
from trucewatch.app.web.views.table import Table
from trucewatch.app.web.views.view import Body, Change, Page, Query, Unanswerable
from trucewatch.app.web.views.writing import FORM, hash_of
from trucewatch.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

CONNECTIONS = 4
"""So many threads read one view at a time; others wait for their turn."""
MOST_AT_ONCE = 10_000


class Damaged(Exception):
    """The file is not a view that this program wrote; whoever made it makes it anew."""


class FileView:
    """A view out of its file; it stays readable after another file took its place.

    Raises `Damaged` for a file that is not one, is not its owner's alone, or is not what was
    written. `checked` leaves out the last, for a file that was written just now. Where a read fails
    later that call raises StoreUnavailable, and `damaged` is True from then on.
    """

    def __init__(self, path: Path, *, checked: bool = False) -> None:
        self._pool: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._tables: dict[str, Table] = {}
        self._lock = threading.Lock()
        self._kept = Kept()
        self.damaged = False
        _only_ours(path)
        if not checked and hash_of(path) != path.stem.rpartition("-")[2]:
            raise Damaged(f"{path.name} is not what was written")
        opened: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, opened)
        try:
            for _ in range(CONNECTIONS):
                opened.append(_connect(path))
                self._pool.put(opened[-1])
            with self._asking() as ask:
                self.about: Mapping[str, str] = dict(ask("SELECT key, value FROM meta"))
                self._spans = {
                    sort: (start, size) for sort, start, size in ask("SELECT * FROM span")
                }
            self._fields = frozenset(json.loads(self.about.get("fields", "[]")))
            if self.about.get("form") != str(FORM) or "digest" not in self.about:
                raise Damaged(f"{path.name} is of another form")
        except (sqlite3.DatabaseError, StoreUnavailable, ValueError) as fault:
            raise Damaged(f"{path.name}: {fault}") from fault

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the records in their order."""
        return self.about["digest"]

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.about["at"])

    @property
    def size(self) -> int:
        """How many records there are in all."""
        return sum(size for _, size in self._spans.values())

    def one(self, sort: str, identifier: str) -> Body | None:
        """The record of that sort and id; None where the viewer may not know of it."""
        with self._asking() as ask:
            found = ask("SELECT body FROM record WHERE sort = ? AND id = ?", (sort, identifier))
        return json.loads(found[0][0]) if found else None

    def page(self, sort: str, query: Query = Query()) -> Page:  # noqa: B008 -- it is frozen
        """Records of a sort; an empty page for a sort of which the viewer sees nothing.

        Raises Unanswerable for a field in `where` that no viewer of this view sees, and for a
        cursor that is none.
        """
        self._refuse_hidden(sort, asked_of(query))
        if sort not in self._spans:
            return Page(bodies=(), matched=0, after=None)
        rows = self.rows(sort, query)
        start = int(rows.searchsorted(self._after(sort, query.after)))
        chosen = rows[start : start + max(1, min(query.limit, MOST_AT_ONCE))]
        bodies = self.bodies(sort, chosen)
        more = start + len(chosen) < len(rows)
        last = self._name_of(sort, int(chosen[-1])) if more else None
        return Page(bodies=bodies, matched=len(rows), after=_cursor(sort, last))

    def tally(
        self,
        sort: str,
        field: str,
        query: Query = Query(),  # noqa: B008 -- it is frozen
    ) -> dict[str, int]:
        """How many records there are by the value of one field, by its values in order.

        A record with a list of values counts once for each. Raises Unanswerable as `page` does.
        """
        self._refuse_hidden(sort, (field, *asked_of(query)))
        if sort not in self._spans:
            return {}
        return self.table(sort).tally(field, self.rows(sort, query))

    def changes(self, since: datetime | None = None, limit: int = 100) -> tuple[Change, ...]:
        """What has changed for these viewers after a time, the newest first."""
        with self._asking() as ask:
            rows = ask(
                "SELECT at, sort, id, what, before, after FROM change ORDER BY n DESC LIMIT ?",
                (max(0, limit),),
            )
        found = (
            Change(
                at=datetime.fromisoformat(at),
                sort=sort,
                id=identifier,
                what=what,
                before=before,
                after=after,
            )
            for at, sort, identifier, what, before, after in rows
        )
        return tuple(one for one in found if since is None or one.at > since)

    def spots(self, sort: str, query: Query, tile: Tile, *, apart: bool = False) -> list[Spot]:
        """The marks of one tile for what a query lets through; Unanswerable as `page`.

        With `apart` those that would lie over one another are one.
        """
        self._refuse_hidden(sort, asked_of(query))
        if sort not in self._spans:
            return []
        return spots_in(self.table(sort), self.rows(sort, query), tile, apart=apart)

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Bytes that follow from this view alone, made once: `key` must name all they hang on."""
        return self._kept.get(key, make)

    def sorts(self) -> dict[str, int]:
        """How many records there are of each sort that these viewers see."""
        return {sort: size for sort, (_, size) in self._spans.items()}

    def table(self, sort: str) -> Table:
        """The columns of one sort, read on first use; KeyError for a sort without records."""
        with self._lock:
            if sort not in self._tables:
                _, size = self._spans[sort]
                with self._asking() as ask:
                    self._tables[sort] = Table(
                        size,
                        numbers=ask("SELECT field, numbers FROM number WHERE sort = ?", (sort,)),
                        coded=ask(
                            "SELECT field, vals, rows, codes FROM coded WHERE sort = ?", (sort,)
                        ),
                    )
            return self._tables[sort]

    def rows(self, sort: str, query: Query) -> NDArray[np.int64]:
        """Which records of a sort a query lets through, as rising numbers from 0."""
        table = self.table(sort)
        key = _key(sort, query)
        return self._kept.rows(key, lambda: self._rows(sort, table, query))

    def _rows(self, sort: str, table: Table, query: Query) -> NDArray[np.int64]:
        self._refuse_hidden(sort, asked_of(query))
        mask = table.mask(query)
        if query.text is not None:
            mask &= table.only(self._found(sort, query.text))
        return mask.nonzero()[0]

    def _refuse_hidden(self, sort: str, fields: Iterable[str]) -> None:
        for name in fields:
            if f"{sort}.{name.partition('.')[0]}" not in self._fields:
                raise Unanswerable(f"there is no such field here: {name[:LONGEST_VALUE]}")

    def _found(self, sort: str, text: str) -> list[int]:
        """The records that hold every word of a text, each word also as a beginning."""
        words = [word for word in "".join(c if c.isalnum() else " " for c in text).split() if word]
        if not words:
            return []
        start, size = self._spans[sort]
        wanted = " ".join(f'"{word}"*' for word in words[:20])
        with self._asking() as ask:
            found = ask(
                "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?",
                (wanted, start, start + size - 1),
            )
        return [row - start for (row,) in found]

    def bodies(self, sort: str, rows: NDArray[np.int64]) -> tuple[Body, ...]:
        """The records of these numbers, in their order."""
        return tuple(json.loads(body) for body in self.texts(sort, rows))

    def texts(self, sort: str, rows: NDArray[np.int64]) -> list[str]:
        """The same as JSON; none for none of them, of a sort without records, too."""
        return self._column("body", sort, rows)

    def names(self, sort: str, rows: Sequence[int] | NDArray[np.int64]) -> list[str]:
        """The ids of these numbers, in their order; none for none, as of `texts`."""
        return self._column("id", sort, rows)

    def _column(
        self, name: Literal["id", "body"], sort: str, rows: Sequence[int] | NDArray[np.int64]
    ) -> list[str]:
        start, _ = self._spans.get(sort, (0, 0))
        out: list[str] = []
        with self._asking() as ask:
            for at in range(0, len(rows), 500):
                wanted = [int(row) + start for row in rows[at : at + 500]]
                marks = ",".join("?" * len(wanted))
                found = ask(f"SELECT {name} FROM record WHERE n IN ({marks}) ORDER BY n", wanted)  # noqa: S608 -- one of two names, and question marks
                out += [value for (value,) in found]
        return out

    def _name_of(self, sort: str, row: int) -> tuple[int, str]:
        with self._asking() as ask:
            ((name,),) = ask("SELECT id FROM record WHERE n = ?", (row + self._spans[sort][0],))
        return row, name

    def _after(self, sort: str, cursor: str | None) -> int:
        """The number behind a cursor; where its record is gone, where it stood."""
        if cursor is None:
            return 0
        of, row, name = _read_cursor(cursor)
        if of != sort:
            raise Unanswerable("this is the place in another list")
        with self._asking() as ask:
            found = ask("SELECT n FROM record WHERE sort = ? AND id = ?", (sort, name))
        return int(found[0][0]) - self._spans[sort][0] + 1 if found else row

    @contextmanager
    def _asking(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        connection = self._pool.get()
        try:
            yield lambda sql, values=(): connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as fault:
            # Whoever holds the view makes another at the next call.
            self.damaged = True
            raise StoreUnavailable("a view cannot be read: it is made anew") from fault
        finally:
            self._pool.put(connection)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1",
        uri=True,
        check_same_thread=False,
        isolation_level=None,
        cached_statements=64,
    )
    connection.execute("PRAGMA mmap_size=2147483648")
    connection.execute("PRAGMA query_only=ON")
    return connection


def _only_ours(path: Path) -> None:
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        raise Damaged(f"{path.name} is not there") from None
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise Damaged(f"{path.name} is not a file of this user alone")


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def asked_of(query: Query) -> tuple[str, ...]:
    """The fields that a query names: a viewer must see each of them."""
    return (
        *(query.where or ()),
        *(("probability",) if query.least_probability is not None else ()),
    )


def _key(sort: str, query: Query) -> tuple[object, ...]:
    where = tuple(sorted((name, tuple(sorted(vals))) for name, vals in (query.where or {}).items()))
    days = query.first, query.last, query.whole_days
    return sort, query.bbox, days, query.text, query.least_probability, where


def _cursor(sort: str, last: tuple[int, str] | None) -> str | None:
    if last is None:
        return None
    text = json.dumps([sort, *last], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read_cursor(cursor: str) -> tuple[str, int, str]:
    try:
        raw = base64.b64decode(cursor[:1000] + "=" * (-len(cursor[:1000]) % 4), b"-_", True)
        sort, row, name = json.loads(raw)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise Unanswerable("this is no place in a list") from None
    if not (
        isinstance(sort, str) and isinstance(name, str) and type(row) is int and 0 <= row < 2**31
    ):
        raise Unanswerable("this is no place in a list")
    return sort, row + 1, name
