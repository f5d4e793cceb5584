"""A page in pieces made an article."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Article, Block, Dropped, Role, content_id
from trucewatch.reports.press.dates import believed, in_zone
from trucewatch.reports.press.languages import language_of
from trucewatch.reports.press.limits import ARTICLE_CHARACTERS

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from trucewatch.model import RawRef
    from trucewatch.reports.press.pieces import Page, Piece

_SHORT = frozenset({Role.TITLE, Role.HEADING})
LEAST_WORDS = 5
"""A page with fewer words of running text has no article."""


def article_of(
    page: Page,
    *,
    raw: RawRef,
    name: str,
    outlet: str | None,
    received: datetime | None,
    zone: tzinfo,
) -> Article | RecordRejected:
    """The article of a page; a rejection where the page has none, or one of no sane length.

    `outlet` wins over what the page says; without either it is the stem of `name`. The id is made
    from outlet, link, title, text and date, so the same article in another file is the same.
    """
    text, blocks = _text(page.pieces)
    running = [text[b.start : b.end] for b in blocks if b.role not in _SHORT]
    words = sum(len(run.split()) for run in running)
    # Scripts without spaces have few words of many signs.
    if words < LEAST_WORDS and sum(map(len, running)) < 5 * LEAST_WORDS:
        return RecordRejected(
            "no article is found in it", pointer=raw.pointer, start=raw.start, length=raw.length
        )
    if len(text) > ARTICLE_CHARACTERS:
        return RecordRejected(
            f"the article has more than {ARTICLE_CHARACTERS:,} characters",
            pointer=raw.pointer,
            start=raw.start,
            length=raw.length,
        )
    published = in_zone(believed(page.published, received), zone)
    whose = outlet or page.outlet or PurePath(name).stem or "unknown"
    when = published.earliest.isoformat() if published else ""
    return Article(
        id=content_id("art", (whose, page.link or "", page.title, text, when)),
        outlet=whose,
        title=page.title,
        text=text,
        blocks=blocks,
        language=language_of(text),
        published=published,
        dated_by=page.dated_by if published else "",
        link=page.link,
        byline=page.byline,
        credits=tuple(credit for credit in page.credits if credit.casefold() != whose.casefold()),
        dropped=tuple(
            Dropped(text=piece.text, reason=piece.reason)
            for piece in page.pieces
            if piece.role is None
        ),
        raw=raw,
    )


def _text(pieces: tuple[Piece, ...]) -> tuple[str, tuple[Block, ...]]:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in pieces:
        if piece.role is None:
            continue
        if piece.joined and blocks:
            last = blocks[-1]
            parts[-1] += " " + piece.text
            at += 1 + len(piece.text)
            blocks[-1] = Block(role=last.role, start=last.start, end=at)
            continue
        start = at + 1 if parts else 0
        parts.append(piece.text)
        at = start + len(piece.text)
        blocks.append(Block(role=piece.role, start=start, end=at))
    return "\n".join(parts), tuple(blocks)
