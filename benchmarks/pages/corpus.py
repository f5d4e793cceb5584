"""The pages of the benchmark: a fixed number of each style, as markup and as flat text."""

from __future__ import annotations

import random
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from benchmarks.pages import held_out, styles, styles_more
from benchmarks.pages.prose import article

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.pages.prose import Text

    Style = Callable[[random.Random, Text], str]

PER_STYLE = 5
SEED = 20260304
DEVELOPED: tuple[Style, ...] = (
    styles.portal, styles.blog, styles.wire, styles.government, styles.ngo, styles.regional,
    styles.newsletter, styles.forum, styles.shop, styles_more.live, styles_more.glued,
    styles_more.arabic, styles_more.german, styles_more.ukrainian,
)  # fmt: skip
HELD_OUT: tuple[Style, ...] = (
    held_out.magazine, held_out.aggregator, held_out.broadcaster, held_out.institute,
    held_out.spanish,
)  # fmt: skip
TONGUES = {"arabic": "ar", "german": "de", "ukrainian": "uk", "spanish": "es"}
PLAIN = {"blog", "wire", "newsletter", "forum"}


@dataclass(frozen=True)
class Sample:
    """One page: its markup, its flat text, and the article's lines without the title."""

    style: str
    held_out: bool
    language: str
    markup: str
    flat: str
    title: str
    lines: tuple[str, ...]


def samples() -> list[Sample]:
    """All pages, the same ones every time."""
    out = []
    for style in DEVELOPED + HELD_OUT:
        name = style.__name__
        for i in range(PER_STYLE):
            rng = random.Random(f"{SEED} {name} {i}")
            text = article(rng, tongue=TONGUES.get(name, "en"), plain=name in PLAIN)
            markup = style(rng, text)
            out.append(
                Sample(
                    style=name,
                    held_out=style in HELD_OUT,
                    language=text.tongue,
                    markup=markup,
                    flat=flat(markup, gaps=i % 2 == 0),
                    title=text.title,
                    lines=_lines(name, text),
                )
            )
    return out


def _lines(name: str, text: Text) -> tuple[str, ...]:
    lines = [words for _, words in text.blocks]
    if name == "wire":
        lines[0] = f"MARLIN, March 4 (Reuters) - {lines[0]}"
    return tuple(lines)


class _Flattener(HTMLParser):
    """What a browser's "select all, copy" gives, near enough; shares no code with the reader."""

    BLOCKS = frozenset(
        [
            "address",
            "article",
            "aside",
            "blockquote",
            "button",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "label",
            "legend",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "td",
            "th",
            "tr",
            "ul",
            "br",
            "small",
        ]
    )
    HIDDEN = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in self.HIDDEN:
            self.hidden += 1
        if tag in self.BLOCKS:
            self.out.append("\n  • " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN:
            self.hidden -= 1
        if tag in self.BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.out.append(" ".join(data.split("\n")) if data.strip() else " " * bool(data))


def flat(markup: str, *, gaps: bool) -> str:
    """The page as flat text; with `gaps` there is an empty line between any two."""
    parser = _Flattener()
    parser.feed(markup)
    lines = [line.rstrip() for line in "".join(parser.out).splitlines()]
    filled = [line for line in lines if line.strip(" •")]
    return ("\n\n" if gaps else "\n").join(filled) + "\n"
