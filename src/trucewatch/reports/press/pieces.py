"""A page in pieces: what of it is the article, what is not and why, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model import Interval, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a page as it stands there; `role` is what its markup says, where there is any.

    `kept` is what a cleaner of markup judged: True for the article's, False for the frame's, None
    where nobody has judged.
    """

    text: str
    role: Role | None = None
    kept: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a page: the article's where `role` is given, else dropped for `reason`.

    `joined` says that it goes on with the block of the last kept piece.
    """

    text: str
    role: Role | None = None
    reason: str = ""
    joined: bool = False

    def drop(self, reason: str) -> Piece:
        """The same words, dropped."""
        return replace(self, role=None, reason=reason, joined=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says of itself, and its pieces.

    Every character of the page that is not a space is in one piece, and they stand in order.
    """

    pieces: tuple[Piece, ...]
    title: str = ""
    outlet: str | None = None
    published: Interval | None = None
    dated_by: str = ""
    link: str | None = None
    byline: str | None = None
    credits: tuple[str, ...] = field(default=())
