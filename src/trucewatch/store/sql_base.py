"""What the statements of a projection are run with; an engine fills in how."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, TypeVar

from trucewatch.errors import StoreUnavailable
from trucewatch.model import Area
from trucewatch.store.codec import fingerprint, from_text
from trucewatch.store.projection import STORED
from trucewatch.store.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    Row = Mapping[str, object]

Noun = TypeVar("Noun")


def damaged(how: str) -> StoreUnavailable:
    """The error for a projection that contradicts itself; the log is the truth."""
    return StoreUnavailable(
        f"the projection {how}; delete the projection, it is made anew from the log"
    )


def as_number(value: object) -> int:
    """A whole number that an engine gives, whatever it is to the engine."""
    try:
        return int(str(value))
    except ValueError as error:
        raise damaged("holds a word where a number must be") from error


class SqlBase(ABC):
    """The port between what is stored and the engine that stores it."""

    engine: ClassVar[str]

    def __init__(self) -> None:
        # Keyed by content, so what is here stays right whatever happens to the tables.
        self._areas: dict[str, Area] = {}

    @abstractmethod
    def _query(self, sql: str, values: Row) -> list[tuple[object, ...]]:
        """Run one statement; return its rows, if it gives any."""

    @abstractmethod
    def _repeat(self, sql: str, rows: list[Row]) -> None:
        """Run one statement for every row."""

    @abstractmethod
    def batch(self) -> AbstractContextManager[None]:
        """One transaction for many calls; see `Store`."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[None]:
        """One state of the data for several reads; nothing new within a batch."""

    @abstractmethod
    def _drop(self) -> None:
        """Drop every table of the projection, of whatever form; runs in a batch."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the engine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @classmethod
    def form(cls) -> str:
        """A digest of the tables and of the nouns in them; a projection of another form is dropped.

        Nobody has to remember to raise a number: a changed field is another form.
        """
        tables = "\0".join(statements(cls.engine, "schema").values())
        return hashlib.sha256(f"{fingerprint(STORED)}\0{tables}".encode()).hexdigest()

    def clear(self) -> None:
        """Forget everything; see `Store`."""
        with self.batch():
            self._drop()
            for sql in statements(self.engine, "schema").values():
                self._query(sql, {})
            self._set("form", self.form())

    def _all(self, subject: str, name: str, /, **values: object) -> list[tuple[object, ...]]:
        """The rows of a statement of `sql/<engine>/<subject>.sql`."""
        return self._query(statements(self.engine, subject)[name], values)

    def _many(self, subject: str, name: str, rows: Iterable[Row]) -> None:
        """Run a statement once for each row."""
        listed = list(rows)
        if listed:
            self._repeat(statements(self.engine, subject)[name], listed)

    def _get(self, key: str) -> str | None:
        rows = self._all("reports", "get_meta", key=key)
        return str(rows[0][0]) if rows else None

    def _set(self, key: str, value: str) -> None:
        self._all("reports", "set_meta", key=key, value=value)

    def _noun(self, cls: type[Noun], body: object) -> Noun:
        """The noun of one stored body; a body that cannot be read means a damaged projection."""
        try:
            return from_text(cls, str(body))
        except ValueError as error:
            raise damaged(f"holds a {cls.__name__} that cannot be read ({error})") from error

    def _first(self, subject: str, name: str, /, **values: object) -> object:
        """The one value of a statement whose row must be there; without it we are damaged."""
        rows = self._all(subject, name, **values)
        if not rows:
            raise damaged(f"lacks what {name} asks for")
        return rows[0][0]

    def _area(self, digest: str) -> Area:
        """The area of a stand-in, decoded once."""
        if digest not in self._areas:
            self._areas[digest] = self._noun(Area, self._first("reports", "get_area", id=digest))
        return self._areas[digest]
