"""The lines of a page's markup as a reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from trucewatch.model import Role
from trucewatch.reports.press.limits import TREE_DEPTH, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_UNSEEN_NAMES = """
    script style noscript template svg head title iframe object select canvas math audio video
    meta link datalist
"""
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_INLINE_NAMES = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp
    small span strike strong sub sup time tt u var wbr img
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_ROLES = {"li": Role.ITEM, "blockquote": Role.QUOTE, "p": Role.PARAGRAPH} | {
    f"h{i}": Role.HEADING for i in range(1, 7)
}
_HOLDERS_NAMES = "article section main div td body aside nav header footer form"
_HOLDERS = frozenset(_HOLDERS_NAMES.split())
_ASIDE = frozenset({"nav", "footer", "aside", "form"})


class Found:
    """A line of the page, the element that holds it, and whether that is beside the article."""

    __slots__ = ("aside", "holder", "role", "text")

    def __init__(self, text: str, role: Role | None, holder: int, aside: bool) -> None:
        self.text = text
        self.role = role
        self.holder = holder
        self.aside = aside


def lines_of(tree: HtmlElement) -> Iterator[Found]:
    """What a reader sees, a line for each block of the markup."""
    buffer: list[str] = []
    roles: list[Role] = []
    holders: list[tuple[int, bool]] = [(0, False)]
    unseen = count = depth = 0

    def flush() -> Iterator[Found]:
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if text:
            holder, aside = holders[-1]
            role = Role.QUOTE if Role.QUOTE in roles else (roles[-1] if roles else None)
            if Role.ITEM in roles:
                role = Role.ITEM
            if role is None:
                role = Role.PARAGRAPH
            yield Found(text, role, holder, aside)

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        block = tag not in _INLINE
        depth += 1 if event == "start" else -1
        if depth > TREE_DEPTH:
            raise Unreadable(f"the page nests tags more than {TREE_DEPTH} deep")
        if event == "start":
            if block:
                yield from flush()
            if tag in _UNSEEN:
                unseen += 1
            if tag in _ROLES:
                roles.append(_ROLES[tag])
            if tag in _HOLDERS:
                count += 1
                holders.append((count, holders[-1][1] or tag in _ASIDE))
            if not unseen and element.text:
                buffer.append(element.text)
        else:
            if block:
                yield from flush()
            if tag in _UNSEEN:
                unseen -= 1
            if tag in _ROLES:
                roles.pop()
            if tag in _HOLDERS:
                holders.pop()
            if not unseen and element.tail:
                buffer.append(element.tail)
    yield from flush()
