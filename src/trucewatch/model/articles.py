"""What the press published: an article's own words, and what was taken for the page's frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model.reports import RawRef
    from trucewatch.model.times import Interval


class Role(StrEnum):
    """What a block of an article is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of an article's text, `text[start:end]`, in characters."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Words of the page that are not the article's, and why they were taken for that."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Passage:
    """Words of one article: `Article.text[start:end]`, in characters, never bytes."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One outlet's text, without the frame of its page.

    `text` is what was kept: the blocks, each on a line of its own; every passage counts in it, not
    in the bytes received. `published` is None where the page does not say, never the day of
    receipt; `dated_by` says where the date was read. `credits` are wire services and outlets that
    the article itself names as where it has its text from. `language` is an ISO 639-1 code, or
    "und".
    """

    id: str
    outlet: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    language: str
    published: Interval | None
    dated_by: str
    link: str | None
    byline: str | None
    credits: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    raw: RawRef

    def words(self, passage: Passage) -> str:
        """The words of a passage.

        Raises ValueError for a passage of another article, or one that lies outside the text.
        """
        if passage.article != self.id:
            raise ValueError(f"{passage.article} is not {self.id}")
        if not 0 <= passage.start < passage.end <= len(self.text):
            raise ValueError("the passage lies outside the article")
        return self.text[passage.start : passage.end]
