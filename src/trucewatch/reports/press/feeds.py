"""RSS and Atom: every entry an article, from what the feed itself carries."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import feedparser

from trucewatch.errors import RecordRejected
from trucewatch.model import Interval
from trucewatch.reports.press.flat import page_of_text
from trucewatch.reports.press.formats import Format, format_of
from trucewatch.reports.press.guarding import check_feed
from trucewatch.reports.press.html import page_of_html
from trucewatch.reports.press.limits import FEED_ENTRIES, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.reports.press.pieces import Page

# The library makes signs of numbers that name none, and fails, and it fails in any way on more.
_BROKEN = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def pages_of_feed(text: str) -> Iterator[tuple[str, Page | RecordRejected]]:
    """(pointer, page) for every entry; an entry that holds nothing is a rejection.

    Raises Unreadable where the feed is unusable as a whole: it is refused unread, or holds no
    entry. Only the text is read; no address in it is opened.
    """
    check_feed(text)
    # As a stream: a bare string might be taken for an address or a file's name.
    sound = _REFERENCE.sub(_sound, _DECLARATION.sub("", text, count=1))
    raw = io.BytesIO(sound.encode("utf-8", "replace"))
    try:
        parsed = feedparser.parse(
            raw, response_headers={"content-type": "application/xml; charset=utf-8"}
        )
    except _BROKEN as error:
        raise Unreadable("the feed is damaged: it cannot be read") from error
    entries = parsed.get("entries", [])
    if not entries:
        raise Unreadable("the feed has no entry that can be read")
    site = _text(parsed.get("feed", {}).get("title"))
    for number, entry in enumerate(entries[:FEED_ENTRIES], 1):
        pointer = f"entry {number}"
        try:
            yield pointer, _page(entry, site)
        except Unreadable as error:
            yield pointer, RecordRejected(str(error), pointer=pointer)
    if len(entries) > FEED_ENTRIES:
        pointer = f"entries from {FEED_ENTRIES + 1}"
        yield (
            pointer,
            RecordRejected(f"the feed has over {FEED_ENTRIES:,} entries", pointer=pointer),
        )


def _sound(reference: re.Match[str]) -> str:
    """A reference to a character as it stands; U+FFFD for a number that names none."""
    number = (reference[1] or reference[2]).lstrip("0")
    if not 0 < len(number) <= 7:
        return "\ufffd"
    code = int(number, 16 if reference[1] else 10)
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > sys.maxunicode else reference[0]


def _page(entry: Any, site: str | None) -> Page:  # noqa: ANN401 - feedparser has no types
    """One entry: its full content where it carries it, else its summary."""
    contents = [part.get("value") or "" for part in entry.get("content", [])]
    body = max([*contents, entry.get("summary") or ""], key=len)
    title = _text(entry.get("title")) or ""
    if not body.strip():
        raise Unreadable("the entry has neither content nor summary")
    marked = format_of(body) is Format.HTML or "<" in body
    # The title stands in a field of its own; as a line above, it is judged like any other.
    page = (
        page_of_html(
            f"<html><body><h1>{escape(title)}</h1><div>{body}</div></body></html>", title=title
        )
        if marked
        else page_of_text(f"{title}\n\n{body}")
    )
    published, dated_by = page.published, page.dated_by
    for field in ("published", "updated"):
        # Past the entry's own `get`, which gives the one date for the other.
        when = _moment(dict.get(entry, f"{field}_parsed"))
        if when:
            published, dated_by = when, f"feed: {field}"
            break
    source = entry.get("source") or {}
    named = _text(source.get("title")) if hasattr(source, "get") else None
    return replace(
        page,
        title=title or page.title,
        outlet=site or page.outlet,
        published=published,
        dated_by=dated_by,
        link=_link(entry.get("link")) or page.link,
        byline=_text(entry.get("author")) or page.byline,
        credits=tuple(sorted({*page.credits, *([named] if named and named != site else [])})),
    )


def _text(value: object) -> str | None:
    """A short field without tags."""
    text = " ".join(re.sub(r"<[^<>]{0,300}>", " ", value).split()) if isinstance(value, str) else ""
    return text if 0 < len(text) <= 300 else None


def _link(value: object) -> str | None:
    text = _text(value)
    return text if text and text.startswith(("http://", "https://")) else None


def _moment(parsed: object) -> Interval | None:
    """feedparser's nine numbers, in UTC."""
    if not isinstance(parsed, tuple) or len(parsed) < 6:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return Interval.instant(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    except (ValueError, TypeError):
        return None
