"""Bytes of the press in, articles out: finds the format, hands over, and counts what is refused."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Article, RawRef
from trucewatch.reports.press.assembling import article_of
from trucewatch.reports.press.decoding import text_of
from trucewatch.reports.press.feeds import pages_of_feed
from trucewatch.reports.press.flat import page_of_text
from trucewatch.reports.press.formats import Format, format_of, is_warc
from trucewatch.reports.press.html import page_of_html
from trucewatch.reports.press.limits import PAGE_BYTES, Unreadable
from trucewatch.reports.press.warcs import Held, pages_of_warc
from trucewatch.reports.reader import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from trucewatch.reports.press.pieces import Page


def read_articles(
    raw: bytes,
    *,
    name: str,
    outlet: str | None = None,
    received: datetime | None = None,
    zone: tzinfo = UTC,
) -> Iterator[Article | RecordRejected]:
    """The articles of one delivery: an HTML page, a WARC file, a feed or a flat text.

    The format is told by the bytes; `name` only names the outlet where nothing else does. What
    cannot be read is a RecordRejected, and no bytes raise. `received` serves to disbelieve dates
    that lie after it; it is never taken for the date of an article. `zone` is that of bare days.
    """
    payload = hashlib.sha256(raw).hexdigest()
    for pointer, start, length, found in _pages(raw):
        if isinstance(found, RecordRejected):
            yield found
            continue
        ref = RawRef(payload=payload, pointer=pointer, start=start, length=length)
        yield article_of(found, raw=ref, name=name, outlet=outlet, received=received, zone=zone)


def _pages(
    raw: bytes,
) -> Iterator[tuple[str, int, int, Page | RecordRejected]]:
    if is_warc(raw):
        for held in pages_of_warc(raw):
            if isinstance(held, RecordRejected):
                yield held.pointer, 0, 0, held
                continue
            for pointer, found in _pages_of(held.body, held.charset, held.pointer):
                yield pointer, held.start, held.length, _placed(found, held)
        return
    for pointer, found in _pages_of(raw, None, WHOLE):
        yield pointer, 0, len(raw), found


def _placed(found: Page | RecordRejected, held: Held) -> Page | RecordRejected:
    if isinstance(found, RecordRejected):
        return RecordRejected(
            found.reason, pointer=found.pointer, start=held.start, length=held.length
        )
    return found


def _pages_of(
    raw: bytes, charset: str | None, pointer: str
) -> Iterator[tuple[str, Page | RecordRejected]]:
    """The pages of one document that is no archive."""
    try:
        if len(raw) > PAGE_BYTES:
            raise Unreadable(f"it has more than {PAGE_BYTES:,} bytes")
        text = text_of(raw, charset)
        kind = format_of(text)
        if kind is Format.FEED:
            inside = "" if pointer == WHOLE else f"{pointer}, "
            for entry, found in pages_of_feed(text):
                yield inside + entry, found
        elif kind is Format.HTML:
            yield pointer, page_of_html(text)
        else:
            yield pointer, page_of_text(text)
    except Unreadable as error:
        yield pointer, RecordRejected(str(error), pointer=pointer)
