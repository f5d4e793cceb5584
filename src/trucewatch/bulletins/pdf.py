"""A bulletin on paper: what its page says, as PDF/A-2a and PDF/UA-1, the same bytes each time."""

from __future__ import annotations

import json
import re
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.bulletins.glyphs import breakable, shown
from trucewatch.bulletins.html import render_html
from trucewatch.bulletins.look import palette, standalone
from trucewatch.bulletins.page import only_published, standing
from trucewatch.bulletins.tree import Node, tree_of, words_of
from trucewatch.errors import MissingExtra
from trucewatch.model import utc

if TYPE_CHECKING:
    from trucewatch.bulletins.published import Published

_WIDEST = 40
_SHORT = 20
_MORE = 0.5
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TOLD = re.compile(r"<(title|desc)\b[^>]*>([^<]*)</\1>")


def render_pdf(p: Published, json_sha256: str) -> bytes:
    """The print of a bulletin; every sheet names the evidence root and the JSON it belongs to.

    `json_sha256` is the digest of the JSON body that the seal names: no seal names a print, so
    it is checked against that. The date in the file is `not_before`, never the clock. Refuses
    with TypeError what did not go through `redact`; raises MissingExtra without the extra "pdf".
    """
    if not _DIGEST.fullmatch(json_sha256):
        raise ValueError("the digest of the JSON body is 64 hexadecimal digits")
    only_published(p)
    try:
        import typst
    except ImportError as fault:
        raise MissingExtra("a PDF bulletin", "pdf") from fault
    page = tree_of(render_html(p).decode("utf-8"))
    made: bytes = typst.compile(
        (files("trucewatch.bulletins") / "templates" / "bulletin.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"print": json.dumps(sheet(p, page, json_sha256), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=utc(p.not_before),
    )
    return made


def sheet(p: Published, page: Node, json_sha256: str) -> dict[str, object]:
    """All that the template is given; it lays words out and never reads them as markup."""
    cleaner = _Cleaner()
    stands = standing(p)
    exercise = "EXERCISE: " if p.exercise else ""
    return {
        "page": cleaner.node(page),
        "title": cleaner.words(f"{exercise}{p.mission}: {p.title} ({p.number})"),
        "running": cleaner.words(f"{p.mission} · No. {p.number}"),
        "audience": cleaner.words(p.audience),
        "exercise": p.exercise,
        "rulings": stands.rulings if len(stands.rulings) < _SHORT else "PARTLY REVIEWED",
        "standing": f"{stands.rulings.capitalize()}. {stands.attribution}.",
        "root": cleaner.words(p.evidence.root),
        "json": json_sha256,
        "colours": palette(),
        "missing": cleaner.missing,
    }


class _Cleaner:
    """Makes a tree ready for the engine, and counts the characters that it cannot show."""

    def __init__(self) -> None:
        self.missing = 0

    def words(self, text: str) -> str:
        return breakable(self._shown(text))

    def node(self, node: Node) -> Node:
        ready = {**node, "kids": [self._kid(kid) for kid in node["kids"]]}
        if "svg" in node:
            told = " ".join(unescape(words) for _, words in _TOLD.findall(node["svg"]))
            ready |= {"svg": standalone(self._shown(node["svg"])), "told": self._shown(told)}
        if node["tag"] == "table":
            ready["columns"] = _columns(node)
        return ready

    def _kid(self, kid: Node | str) -> Node | str:
        return self.words(kid) if isinstance(kid, str) else self.node(kid)

    def _shown(self, text: str) -> str:
        text, missing = shown(text)
        self.missing += missing
        return text


def _columns(table: Node) -> list[float]:
    """How wide the columns are beside one another: by their longest words, then their text."""
    rows = [
        row["kids"] for part in table["kids"] if part["tag"] != "caption" for row in _rows(part)
    ]
    widths: list[float] = []
    for column in zip(
        *(row for row in rows if not any("span" in cell for cell in row)), strict=True
    ):
        texts = [words_of(cell) for cell in column]
        longest = max(len(word) for text in texts for word in text.split(" "))
        whole = min(max(map(len, texts)), _WIDEST)
        widths.append(longest + max(0, whole - longest) * _MORE + 1)
    return widths


def _rows(part: Node) -> list[Node]:
    return [row for row in part["kids"] if row["tag"] == "tr"]
