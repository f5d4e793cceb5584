"""The projection in one SQLite file: the default, with nothing to install."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from trucewatch.errors import ConfigurationError, NotFound, StoreUnavailable
from trucewatch.model import Point, distance_m
from trucewatch.store.sql_derived import SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.store.sql_base import Row

# "TWpj": tells our files from any other database that a person may have named by mistake.
APPLICATION_ID = 0x5457706A
BUSY_MS = 30_000


class SqliteStore(SqlStore):
    """A projection in a file, or in memory for the path ":memory:".

    Several processes may use one file: a writer waits up to 30 seconds for another. A file of
    another form is emptied; a file that is no projection is refused and left as it is. A store
    that is opened `readonly` makes and changes nothing; NotFound where there is no file.
    """

    engine: ClassVar[str] = "sqlite"

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        super().__init__()
        self._path = path
        self._depth = 0
        if readonly:
            self._connection = self._connect_to_read()
        else:
            if str(path) != ":memory:":
                _create_for_owner_only(path)
            with self._telling():
                self._connection = sqlite3.connect(path, isolation_level=None)
        try:
            self._check()
            if not readonly:
                self._prepare()
            elif not self._same_form():
                raise StoreUnavailable(
                    f"{path} was made by another version; 'trucewatch run' makes it anew"
                )
        except BaseException:
            self._connection.close()
            raise

    def _connect_to_read(self) -> sqlite3.Connection:
        """A connection that cannot write, also where the folder does not allow it to."""
        if not self._path.is_file():
            raise NotFound(f"there is no projection {self._path} yet")
        uri = f"{self._path.absolute().as_uri()}?mode=ro"
        # Even a reader needs to write beside a file that a writer may have open. Where it may
        # not and nothing lies there, nobody has: only then is the file taken as unchanging.
        aside = self._path.with_name(f"{self._path.name}-wal")
        if not os.access(self._path.parent, os.W_OK) and not aside.exists():
            uri += "&immutable=1"
        with self._telling():
            return sqlite3.connect(uri, uri=True, isolation_level=None)

    def _check(self) -> None:
        """Refuse a database that is not ours."""
        with self._telling():
            execute = self._connection.execute
            execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            self._connection.create_function("distance_m", 4, _distance_m, deterministic=True)
            # The tables first: they and the mark come in one transaction of another process.
            (tables,) = execute("SELECT count(*) FROM sqlite_schema").fetchone()
            (mark,) = execute("PRAGMA application_id").fetchone()
            if tables and mark != APPLICATION_ID:
                raise ConfigurationError(
                    "this database is no projection of Trucewatch; name another file",
                    file=str(self._path),
                )

    def _prepare(self) -> None:
        """Set up a file to write to, and make or remake the tables."""
        with self._telling():
            execute = self._connection.execute
            execute("PRAGMA journal_mode = WAL")
            execute("PRAGMA synchronous = FULL")
            execute("PRAGMA foreign_keys = ON")
        if not self._same_form():
            with self.batch():
                # Another process may have made it since.
                if not self._same_form():
                    self.clear()

    def _same_form(self) -> bool:
        try:
            return self._get("form") == self.form()
        except StoreUnavailable:
            # The table of facts is itself missing or of another shape.
            return False

    def _drop(self) -> None:
        self._query(f"PRAGMA application_id = {APPLICATION_ID}", {})
        # Children stand after their parents in the schema, so they go first.
        listed = self._query(
            "SELECT type, name FROM sqlite_schema "
            "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "AND name NOT GLOB 'incident_places_*' ORDER BY rowid DESC",
            {},
        )
        for kind, name in listed:
            quoted = str(name).replace('"', '""')
            self._query(f'DROP {kind} IF EXISTS "{quoted}"', {})

    def _query(self, sql: str, values: Row) -> list[tuple[object, ...]]:
        with self._telling():
            return self._connection.execute(sql, dict(values)).fetchall()

    def _repeat(self, sql: str, rows: list[Row]) -> None:
        with self._telling():
            self._connection.executemany(sql, [dict(row) for row in rows])

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction for many calls, with the only right to write."""
        # IMMEDIATE takes the right to write at the start: a reader that turns writer half-way
        # would fail at once, without waiting, if another process had written meanwhile.
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._transaction("BEGIN DEFERRED"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        mark = f"depth_{self._depth}"
        outermost = self._depth == 0
        self._query(begin if outermost else f"SAVEPOINT {mark}", {})
        self._depth += 1
        try:
            yield
            self._query("COMMIT" if outermost else f"RELEASE {mark}", {})
        except BaseException:
            # After some failures (a full disk) the engine has undone everything by itself.
            if self._connection.in_transaction:
                self._query("ROLLBACK" if outermost else f"ROLLBACK TO {mark}", {})
                if not outermost:
                    self._query(f"RELEASE {mark}", {})
            raise
        finally:
            self._depth -= 1

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the engine's errors into ours."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            # The driver fails to decode what the engine quotes of a damaged schema.
            # Nobody is told to delete a file that may be something else.
            code = getattr(error, "sqlite_errorcode", None)
            if code == sqlite3.SQLITE_NOTADB:
                raise ConfigurationError(
                    "this is no projection of Trucewatch, or a damaged one: move it away, or name "
                    "another file; a projection is made anew from the log",
                    file=str(self._path),
                ) from error
            advice = (
                "move it away, and 'trucewatch run' makes it anew"
                if code == sqlite3.SQLITE_CORRUPT
                else "the projection can be made anew"
            )
            raise StoreUnavailable(
                f"{self._path}: {error}; the log is untouched: {advice}"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _create_for_owner_only(path: Path) -> None:
    """Make a new file readable by its owner alone: it names sources and places exactly."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error.strerror}") from error


def _distance_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    return distance_m(Point(lat_a, lon_a, 1.0), Point(lat_b, lon_b, 1.0))
