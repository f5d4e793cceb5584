"""What page styles are built from: an article's blocks as markup, and pieces of frames."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from benchmarks.pages.prose import headline, person, teaser

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from benchmarks.pages.prose import Text


def body(text: Text, inserts: Mapping[int, str] | None = None, *, attributes: str = "") -> str:
    """The article's blocks as markup; `inserts` stand before the block of that number."""
    out: list[str] = []
    listing = False
    for i, (tag, words) in enumerate(text.blocks):
        if listing and tag != "li":
            out.append("</ul>")
            listing = False
        if inserts and i in inserts and tag != "li":
            out.append(inserts[i])
        if tag == "li" and not listing:
            out.append("<ul>")
            listing = True
        extra = f" {attributes}" if tag == "p" and attributes else ""
        inner = escape(words, quote=False)
        out.append(f"<{tag}{extra}>{inner}</{tag}>")
    if listing:
        out.append("</ul>")
    return "\n".join(out)


def links(rng: random.Random, count: int, tongue: str = "en", tag: str = "li") -> str:
    """Headlines of other articles, each a link."""
    return "\n".join(
        f'<{tag}><a href="/n/{rng.randrange(10**6)}">{escape(headline(rng, tongue), quote=False)}</a></{tag}>'
        for _ in range(count)
    )


def menu(names: str, tag: str = "nav") -> str:
    """A menu of names given with commas."""
    items = "".join(f'<li><a href="#">{n.strip()}</a></li>' for n in names.split(","))
    return f"<{tag}><ul>{items}</ul></{tag}>"


def comments(rng: random.Random, count: int) -> str:
    """A thread of readers' comments; some are long, and on the article's subject."""
    bits = [
        "I live there and this is simply not true.",
        "Great article, thanks for posting it!",
        "They said the same last year and look where we are now, nothing has changed at all.",
        "Does anyone know when the bridge opens again?",
        "Why does nobody ask who is paying for all of this? Our taxes, as always.",
    ]
    out = []
    for _ in range(count):
        said = rng.choice(bits)
        if rng.random() < 0.4:
            said += " " + teaser(rng)
        out.append(
            f'<div class="comment"><b>{person(rng)}</b> <span>{rng.randrange(1, 28)} March 2026 at '
            f"{rng.randrange(10, 23)}:{rng.randrange(10, 59)}</span><p>{escape(said, quote=False)}</p>"
            "<a>Reply</a> <a>Report</a></div>"
        )
    return "\n".join(out)


def page(head: str, inside: str, *, language: str = "en", direction: str = "ltr") -> str:
    """A whole document."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"{head}<style>p {{ margin: 0 }}</style><script>var a = '<p>no text</p>';</script></head>\n"
        f"<body>{inside}</body></html>"
    )
