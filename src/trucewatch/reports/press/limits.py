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

TREE_DEPTH = 250
"""How deep the tree may be that a parser made, which closes some tags by rules of its own."""

FEED_ENTRIES = 10_000
"""The most entries of one feed that are read; the rest is refused as one record."""

FEED_TAGS = 400_000
"""The most tags of one feed, those of its marked sections apart."""

FEED_DEPTH = 60
"""How deep the tags of a feed may be nested."""

WARC_RECORDS = 1_000_000
"""The most records of one WARC file that are looked at."""

WARC_HEADER_BYTES = 1 << 20
"""The most bytes of one WARC record that are read as lines: its headers, and marks of chunks."""

WARC_RECORD_BYTES = 256 << 20
"""The most unpacked bytes of one WARC record; a longer one ends the reading of its file."""

WARC_BYTES = 4 << 30
"""The most unpacked bytes of one WARC file; what lies beyond is refused."""

ARTICLE_CHARACTERS = 500_000
"""The most characters of one article, without the frame of its page; all of them are read for what
they say, which takes a hundred times as long as telling them from the frame."""

LINES = 20_000
"""The most lines of one page or flat text."""

LINE_CHARACTERS = 200_000
"""The most characters of one line."""
