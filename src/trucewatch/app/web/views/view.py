"""What one kind of viewer may see, on disk: asked by pages and API alike, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from trucewatch.app.web.views.spots import Spot, Tile

Body = dict[str, Any]


class Unanswerable(ValueError):
    """A view cannot answer this: a field that no viewer of it sees, or a cursor of another list.

    A field that is hidden from the viewer and one that does not exist are told in the same words.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records of a sort; every part that is given must let one through.

    Filters look at what the viewer may see of a record, never at what it was made from: a cell
    where only a cell is seen. `bbox` is west, south, east, north in degrees; the days run in the
    mission's zone, both included; `whole_days` lets through only what lies wholly within them, not
    what may lie there. `least_probability` lets through what tells a probability of at
    least so much. `where` names further fields of the body with the values that let it through.
    `after` is the cursor of the page before.
    """

    bbox: tuple[float, float, float, float] | None = None
    first: date | None = None
    last: date | None = None
    whole_days: bool = False
    text: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    least_probability: float | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records in the order of their sort; `after` is None on the last page."""

    bodies: tuple[Body, ...]
    matched: int
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one record for these viewers: "new", "state", "changed" or "gone".

    `at` is when the view first showed it, which says nothing of when it happened. `before` and
    `after` are the states of a record that has one, as these viewers saw them.
    """

    at: datetime
    sort: str
    id: str
    what: str
    before: str | None = None
    after: str | None = None


class View(Protocol):
    """A file that holds what one kind of viewer may see, and not a byte more.

    `digest` is made of its records alone: what a viewer may not see cannot move it, so it makes
    the ETags. A view is never changed; the next state is another file.
    """

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the records in their order."""
        ...

    @property
    def at(self) -> datetime:
        """When it was made."""
        ...

    def one(self, sort: str, identifier: str) -> Body | None:
        """The record of that sort and id; None where the viewer may not know of it."""
        ...

    def page(self, sort: str, query: Query = ...) -> Page:
        """Records of a sort; an empty page for a sort of which the viewer sees nothing."""
        ...

    def tally(self, sort: str, field: str, query: Query = ...) -> dict[str, int]:
        """How many records there are by the value of one field."""
        ...

    def changes(self, since: datetime | None = None, limit: int = 100) -> tuple[Change, ...]:
        """What has changed for these viewers after a time, the newest first."""
        ...

    def names(self, sort: str, rows: Sequence[int]) -> list[str]:
        """The ids of records by their numbers, which rise, in their order."""
        ...

    def spots(self, sort: str, query: Query, tile: Tile, *, apart: bool = False) -> list[Spot]:
        """The marks of one tile of the map for what a query lets through.

        With `apart` those that would lie over one another are one.
        """
        ...

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Bytes that follow from this view alone, made once: `key` must name all they hang on."""
        ...
