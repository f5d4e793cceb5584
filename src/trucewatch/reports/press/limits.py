"""How much of a delivery is looked at before it is refused; each limit is one number here."""

from __future__ import annotations


class Unreadable(ValueError):
    """A page, feed or text that cannot be used, with the reason; it becomes a RecordRejected."""


PAGE_BYTES = 8 << 20
"""The most bytes of one page, one feed or one flat text; a longer one is refused unread."""

PAGE_TAGS = 60_000
"""The most tags of one page, counted before any parser sees it."""

PAGE_DEPTH = 200
"""How deep tags may be nested; parsers and cleaners recurse, and a deep page would end them."""

FEED_ENTRIES = 10_000
"""The most entries of one feed that are read; the rest is refused as one record."""

WARC_RECORDS = 1_000_000
"""The most records of one WARC file that are looked at."""

WARC_BYTES = 4 << 30
"""The most unpacked bytes of one WARC file; what lies beyond is refused."""

LINES = 50_000
"""The most lines of one page or flat text."""

LINE_CHARACTERS = 200_000
"""The most characters of one line."""
