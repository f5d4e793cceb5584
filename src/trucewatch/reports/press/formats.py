"""Which format some bytes are in, by the bytes alone."""

from __future__ import annotations

import re
from enum import StrEnum

HEAD = 4096
"""How many characters of a text tell its format."""

_GZIP = b"\x1f\x8b"
_WARC = b"WARC/"
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s{1,20}html|html|head|body|article|main|section|header|div|p|h1|meta|title|table|span|br|a\s)[\s/>]",
    re.IGNORECASE,
)
_XML = re.compile(r"\s{0,1000}<\?xml", re.IGNORECASE)


class Format(StrEnum):
    """What a delivery of the press may be."""

    WARC = "warc"
    FEED = "feed"
    HTML = "html"
    TEXT = "text"


def is_warc(raw: bytes) -> bool:
    """Whether the bytes begin as a WARC file does, packed or not."""
    return raw.startswith((_GZIP, _WARC))


def format_of(text: str) -> Format:
    """The format of a decoded text; a text that shows no markup is flat."""
    head = text[:HEAD]
    page = _HTML.search(head)
    feed = _FEED_ROOT.search(head)
    if feed and (page is None or feed.start() < page.start()):
        return Format.FEED
    if page or _XML.match(head):
        return Format.HTML
    return Format.TEXT
