"""The page of a bulletin as a tree of words and drawings, so that a print says what it says."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]
"""`tag`, `class` (a list), `kids` (nodes and strings); `width`, `span` or `svg` at need."""

LEFT_OUT = frozenset({"skip", "exercise", "standing", "of-the-page"})
"""Classes of what a print has no use for, or says in its own way on every sheet. Links go too."""

_VOID = frozenset({"meta"})
_NO_WORDS = frozenset({"head", "nav", "footer", "a"})
_INLINE = frozenset({"b", "code", "i", "small", "span", "svg"})
_WIDTH = re.compile(r"width:(\d+)%")
_BLANKS = re.compile(r"[ \n\t]+")


def tree_of(page: str) -> Node:
    """The body of a page that `render_html` made; text is text, and a drawing stays whole."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    return _trimmed(parser.root)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root: Node = {"tag": "body", "class": [], "kids": []}
        self._open = [self.root]
        self._drawing: list[str] = []
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        names = found.get("class", "").split()
        if self._dropped or tag in _NO_WORDS or LEFT_OUT.intersection(names):
            if tag not in _VOID:
                self._dropped.append(tag)
        elif self._drawing or tag == "svg":
            if not self._drawing:
                self._push(tag, names, found)
            self._drawing.append(self.get_starttag_text() or "")
        elif tag not in _VOID:
            self._push(tag, names, found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._drawing:
            self._drawing.append(self.get_starttag_text() or "")
        else:
            super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            self._dropped.pop()
        elif self._drawing:
            self._drawing.append(f"</{tag}>")
            if tag == "svg":
                self._open.pop()["svg"] = "".join(self._drawing)
                self._drawing = []
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._dropped:
            return
        if self._drawing:
            self._drawing.append(escape(data, quote=False))
        else:
            self._open[-1]["kids"].append(data)

    def _push(self, tag: str, names: list[str], found: dict[str, str]) -> None:
        node: Node = {"tag": tag, "class": names, "kids": []}
        if width := _WIDTH.search(found.get("style", "")):
            node["width"] = int(width[1])
        if "colspan" in found:
            node["span"] = int(found["colspan"])
        self._open[-1]["kids"].append(node)
        self._open.append(node)


def _trimmed(node: Node) -> Node:
    """Blanks as a browser shows them: runs are one, and blocks neither begin nor end with one."""
    kids: list[Node | str] = []
    for kid in node["kids"]:
        if isinstance(kid, str):
            words = _BLANKS.sub(" ", kid)
            if _ends_with_blank(kids):
                words = words.removeprefix(" ")
            if words:
                kids.append(words)
        else:
            kids.append(_trimmed(kid))
    if kids and isinstance(kids[-1], str) and node["tag"] not in _INLINE:
        kids[-1] = kids[-1].removesuffix(" ")
    return {**node, "kids": [kid for kid in kids if kid]}


def _ends_with_blank(kids: list[Node | str]) -> bool:
    """Whether a further blank would not show: nothing, a block or a blank came before it."""
    if not kids:
        return True
    last = kids[-1]
    return last.endswith(" ") if isinstance(last, str) else last["tag"] not in _INLINE


def words_of(thing: Node | str) -> str:
    """All words below a node, in their order, without those of drawings."""
    return thing if isinstance(thing, str) else "".join(words_of(kid) for kid in thing["kids"])
