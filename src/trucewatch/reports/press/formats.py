"""Which format some bytes are in, by the bytes alone."""

from __future__ import annotations

import re
from enum import StrEnum

HEAD = 4096
"""How many characters of a text tell its format."""

_GZIP = b"\x1f\x8b"
_WARC = b"WARC/"
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)
_DOCUMENT = re.compile(r"<(?:!doctype\s{1,20}html|html|head|body)[\s/>]", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:article|main|section|header|div|p|h[1-6]|meta|title|table|span|br|a|ul|li)[\s/>]",
    re.IGNORECASE,
)
_XML = re.compile(r"<\?xml", re.IGNORECASE)
SEVERAL = 3
"""So many tags make a fragment of a page; one or two may stand in a text that tells of them."""


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
    """The format of a decoded text; a text that shows no markup, or hardly any, is flat."""
    head = text[:HEAD].lstrip()
    page = _DOCUMENT.search(head)
    feed = _FEED.search(head)
    if feed and (page is None or feed.start() < page.start()):
        return Format.FEED
    if page or _TAG.match(head) or _XML.match(head) or len(_TAG.findall(head)) >= SEVERAL:
        return Format.HTML
    return Format.TEXT
