"""The projection in PostgreSQL with PostGIS: the one file that knows the driver."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from trucewatch.errors import ConfigurationError, MissingExtra, StoreUnavailable
from trucewatch.store.sql_derived import SqlStore

try:
    import psycopg
    from psycopg import sql
except ImportError as error:
    raise MissingExtra("the PostgreSQL store", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.store.sql_base import Row

DEFAULT_SCHEMA = "trucewatch"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_MARK = "a projection of Trucewatch"


class PostgresStore(SqlStore):
    """A projection in one schema of a database that has PostGIS.

    Several processes may use it; one writes at a time. A schema of ours that has another form is
    emptied; a schema that is not ours is refused and left as it is.
    """

    engine: ClassVar[str] = "postgres"

    def __init__(self, url: str, *, schema: str | None = None) -> None:
        super().__init__()
        server, named = _split(url)
        if schema is not None and named is not None and schema != named:
            raise _wrong(f"the schema is {named!r} in the URL and {schema!r} beside it")
        self._schema = _checked(schema or named or DEFAULT_SCHEMA)
        self._depth = 0
        with self._telling():
            self._connection = psycopg.connect(server, autocommit=True)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        extension = self._extension()
        with self._telling():
            self._connection.execute(
                sql.SQL("SET search_path TO {}, {}").format(
                    sql.Identifier(self._schema), sql.Identifier(extension)
                )
            )
            self._connection.execute("SET timezone TO 'UTC'")
            self._connection.execute("SET client_min_messages TO warning")
        if not (self._is_ours() and self._same_form()):
            with self.batch():
                # Another process may have made it since.
                if not self._is_ours():
                    self._make_schema()
                if not self._same_form():
                    self.clear()

    def _extension(self) -> str:
        """The schema that PostGIS lives in; installed where it is missing and that is allowed."""
        asked = (
            "SELECT n.nspname FROM pg_extension AS e "
            "JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
        )
        rows = self._query(asked, {})
        if not rows:
            try:
                self._query("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public", {})
            except StoreUnavailable as error:
                raise StoreUnavailable(
                    "the database lacks PostGIS: let its administrator run "
                    f"'CREATE EXTENSION postgis' in it ({error})"
                ) from error
            rows = self._query(asked, {})
        return str(rows[0][0])

    def _is_ours(self) -> bool:
        """Whether the schema exists; ConfigurationError if it is somebody else's."""
        rows = self._query(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace "
            "WHERE nspname = %(name)s",
            {"name": self._schema},
        )
        if rows and rows[0][0] != _MARK:
            raise _wrong(
                f"the schema {self._schema!r} is no projection of Trucewatch; name another"
            )
        return bool(rows)

    def _make_schema(self) -> None:
        with self._telling():
            name = sql.Identifier(self._schema)
            self._connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
            self._connection.execute(
                sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(_MARK))
            )

    def _same_form(self) -> bool:
        rows = self._query(
            "SELECT 1 FROM pg_tables WHERE schemaname = %(name)s AND tablename = 'meta'",
            {"name": self._schema},
        )
        return bool(rows) and self._get("form") == self.form()

    def _drop(self) -> None:
        tables = self._query(
            "SELECT tablename FROM pg_tables WHERE schemaname = %(name)s", {"name": self._schema}
        )
        with self._telling():
            for (table,) in tables:
                self._connection.execute(
                    sql.SQL("DROP TABLE {} CASCADE").format(
                        sql.Identifier(self._schema, str(table))
                    )
                )

    def _query(self, text: str, values: Row) -> list[tuple[object, ...]]:
        with self._telling():
            # The driver takes a plain string only if it is written out in the code; bytes are for
            # statements from elsewhere. Ours are files of this package.
            cursor = self._connection.execute(text.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def _repeat(self, text: str, rows: list[Row]) -> None:
        with self._telling(), self._connection.cursor() as cursor:
            cursor.executemany(text.encode(), rows)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction for many calls, with the only right to write."""
        with self._telling(), self._connection.transaction():
            self._depth += 1
            try:
                # One writer at a time in each schema, as in SQLite: two that add the same report
                # must see one another's copy. The lock goes with the transaction.
                if self._depth == 1:
                    self._query(
                        "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))",
                        {"name": f"{_MARK}: {self._schema}"},
                    )
                yield
            finally:
                self._depth -= 1

    @contextmanager
    def _reading(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        with self._telling(), self._connection.transaction():
            self._depth += 1
            try:
                self._query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", {})
                yield
            finally:
                self._depth -= 1

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the driver's errors into ours."""
        try:
            yield
        except psycopg.Error as error:
            raise StoreUnavailable(f"PostgreSQL, schema {self._schema}: {error}") from error

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _split(url: str) -> tuple[str, str | None]:
    """The URL without our own parameter, and the schema it names.

    Says nothing of the URL in its errors: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _wrong("the URL of the database cannot be read") from None
    named = [value for key, value in query if key == "schema"]
    if len(named) > 1:
        raise _wrong("the URL names more than one schema")
    rest = urlencode([(key, value) for key, value in query if key != "schema"])
    return parts._replace(query=rest).geturl(), named[0] if named else None


def _checked(schema: str) -> str:
    if not _NAME.fullmatch(schema) or schema.startswith("pg_") or schema == "information_schema":
        raise _wrong(
            f"{schema!r} cannot be the name of a schema: small letters, digits and '_', "
            "not beginning with a digit or 'pg_'"
        )
    return schema


def _wrong(message: str) -> ConfigurationError:
    return ConfigurationError(message, file="mission.toml", field="storage.url")
