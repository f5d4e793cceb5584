"""What is refused before a parser sees it: one pass over the text, linear in its length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.reports.press.limits import (
    FEED_DEPTH,
    FEED_TAGS,
    PAGE_DEPTH,
    PAGE_TAGS,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_XML_TAG = re.compile(r"<!\[cdata\[|</?(?=[a-z_])|/>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_HIDDEN = re.compile(r"<(script|style|!--)")
# Tags that stand alone, or that the next of their kind closes: they nest nothing.
_FLAT_NAMES = """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd tr td th thead tbody tfoot option optgroup colgroup
"""
_FLAT = frozenset(_FLAT_NAMES.split())


def check_page(text: str) -> None:
    """Refuse a page whose tags are too many, or nested so deep that they cost a parser its stack.

    Raises Unreadable.
    """
    depth = tags = 0
    for seen in _markup(text):
        for match in _TAG.finditer(seen):
            tags += 1
            if tags > PAGE_TAGS:
                raise Unreadable(f"the page has more than {PAGE_TAGS:,} tags")
            if match[2].lower() in _FLAT:
                continue
            depth = max(0, depth - 1) if match[1] else depth + 1
            if depth > PAGE_DEPTH:
                raise Unreadable(f"the page nests tags more than {PAGE_DEPTH} deep")


def _markup(text: str) -> Iterator[str]:
    """The text between scripts, styles and comments, whose tags are none; one that never closes
    hides all the rest.
    """
    low = text.lower()
    if len(low) != len(text):
        # A few letters change their length with their case; then nothing is left out.
        yield text
        return
    at = 0
    while True:
        hidden = _HIDDEN.search(low, at)
        if hidden is None:
            yield text[at:]
            return
        yield text[at : hidden.start()]
        close = "-->" if hidden[1] == "!--" else f"</{hidden[1]}"
        at = low.find(close, hidden.end())
        if at < 0:
            return


def check_feed(text: str) -> None:
    """Refuse a feed that defines entities, which may unfold without end, or nests too deep.

    Raises Unreadable. Marked sections hold no tags.
    """
    low = text.lower()
    if "<!entity" in low:
        raise Unreadable("the feed defines entities of its own")
    depth = tags = at = 0
    while match := _XML_TAG.search(low, at):
        at = match.end()
        if match[0] == "<![cdata[":
            close = low.find("]]>", at)
            if close < 0:
                return
            at = close
            continue
        tags += 1
        depth = depth + 1 if match[0] == "<" else max(0, depth - 1)
        if depth > FEED_DEPTH:
            raise Unreadable(f"the feed nests tags more than {FEED_DEPTH} deep")
        if tags > FEED_TAGS:
            raise Unreadable(f"the feed has more than {FEED_TAGS:,} tags")
