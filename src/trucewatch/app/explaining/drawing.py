"""Elements that every panel of the picture of an incident is drawn with."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from trucewatch.app.terminal import clean
from trucewatch.bulletins.drawing import element, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

INK, SOFT, RULE = "#1b2430", "#4a5360", "#c9c9c9"
# Okabe and Ito 2008, the darker ones: told apart by the colour-blind, dark enough for a line.
# The letter beside each mark says the same without colour.
COLOURS = ("#0072b2", "#d55e00", "#00795a", "#8a4a78", "#56639b", "#7a5c00")
DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4")
HEAD, MARGIN = 15, 16


def colour(index: int) -> str:
    """The line colour of one account."""
    return COLOURS[index % len(COLOURS)]


def dash(index: int) -> str:
    """The dash pattern of one account, which tells it apart in grey."""
    return DASHES[index % len(DASHES)]


def line(x1: float, y1: float, x2: float, y2: float, **more: object) -> Markup:
    """A straight line, in ink unless `stroke` says otherwise."""
    return element(
        "path",
        d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}",
        **{"stroke": INK, "fill": "none", **more},
    )


def text(x: float, y: float, words: str, **more: object) -> Markup:
    """Words at a place; what could steer a reader's terminal or break the file is escaped."""
    return element("text", clean(words), x=number(x), y=number(y), **more)


def heading(x: float, y: float, words: str) -> Markup:
    """The title of a panel."""
    return text(x, y, words, font_weight="700", font_size=13)


def haloed(x: float, y: float, words: str, **more: object) -> Markup:
    """Words that stay readable over lines."""
    return text(
        x, y, words, paint_order="stroke", stroke="#fff", stroke_width=3.5, stroke_linejoin="round",
        **more,
    )  # fmt: skip


def paragraph(x: float, y: float, words: str, *, columns: int, **more: object) -> list[Markup]:
    """Wrapped words, one element a line of `HEAD` units."""
    rows = textwrap.wrap(clean(words), columns, break_on_hyphens=False)
    return [text(x, y + n * HEAD, row, **more) for n, row in enumerate(rows)]


def shortened(words: str, longest: int) -> str:
    """Words cut in their middle where they are too long: names differ at their ends."""
    if len(words) <= longest:
        return words
    tail = min(16, longest // 3)
    return f"{words[: longest - tail - 1].rstrip()}…{words[-tail:].lstrip()}"


def free_spot(
    x: float, y: float, taken: list[tuple[float, float]], spots: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """The first of some offsets at which a letter meets no other; the first if all do."""
    for dx, dy in spots:
        if all(abs(x + dx - a) > 13 or abs(y + dy - b) > 13 for a, b in taken):
            taken.append((x + dx, y + dy))
            return x + dx, y + dy
    taken.append((x + spots[0][0], y + spots[0][1]))
    return x + spots[0][0], y + spots[0][1]
