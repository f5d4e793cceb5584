"""What one kind of viewer may see, on disk: asked by pages and API alike, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records of a sort; every part that is given must let one through.

    Filters look at what the viewer may see of a record, never at what it was made from: a cell
    where only a cell is seen. `bbox` is west, south, east, north in degrees; the days run in the
    mission's zone, both included. `where` names further fields of the body with the values that let
    it through. `after` is the cursor of the page before.
    """

    bbox: tuple[float, float, float, float] | None = None
    first: date | None = None
    last: date | None = None
    text: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some records in the order of their sort; `after` is None on the last page."""

    bodies: tuple[Body, ...]
    matched: int
    after: str | None


class View(Protocol):
    """A file that holds what one kind of viewer may see, and not a byte more.

    `digest` is made of its records alone: what a viewer may not see cannot move it, so it makes
    the ETags. A view is never changed; the next state is another file.
    """

    digest: str

    def one(self, sort: str, identifier: str) -> Body | None:
        """The record of that sort and id; None where the viewer may not know of it."""
        ...

    def page(self, sort: str, query: Query = ...) -> Page:
        """Records of a sort; an empty page for a sort of which the viewer sees nothing."""
        ...

    def tally(self, sort: str, field: str, query: Query = ...) -> dict[str, int]:
        """How many records there are by the value of one field."""
        ...
