"""The lower half of the picture of an incident: what each account brings to log W and to P."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trucewatch.app.explaining.drawing import (
    HEAD,
    INK,
    MARGIN,
    RULE,
    SOFT,
    colour,
    haloed,
    heading,
    line,
    shortened,
    text,
)
from trucewatch.app.explaining.opened import nats
from trucewatch.app.explaining.panels import MOST_ROWS
from trucewatch.bulletins.drawing import element, nice_step, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from trucewatch.app.explaining.veil import Data

ROW = 34
FILLS = {
    "rate": ("#9bbfd9", ""),
    "kind": ("#e8c275", "M0 4H8"),
    "detection": ("#ffffff", "M2 2h2v2h-2zM6 6h2v2h-2z"),
    "place": ("#c9743a", "M0 8L8 0M-2 2L2 -2M6 10L10 6"),
    "time": ("#4a5360", "M4 0V8"),
}
"""Colour and pattern of each part: the pattern alone tells them apart in grey."""

LEGEND = {
    "place": "place: how far apart, against their errors",
    "time": "time: the same for time",
    "kind": "kind: do they name one kind of event",
    "rate": "rate: how rarely anything else happens so near",
    "detection": "detection: all saw it, none is false",
}
SURE = 0.99
"""What belongs here as surely as this is not said to be in doubt."""


def bars(shown: Data, top: float) -> tuple[list[Markup], float]:
    """A bar for each account: what log W, and what P, would be without it."""
    accounts = shown["opened"]["accounts"]
    drawn = accounts[:MOST_ROWS]
    left, right, p_left, p_right = 40.0, 450.0, 548.0, 690.0
    low = min(0.0, *(_ends(each)[0] for each in drawn))
    high = max(0.0, *(_ends(each)[1] for each in drawn))
    scale = (right - left) / max(high - low, 1e-6)
    zero = left - low * scale
    parts = [
        heading(MARGIN, top, "What each account brings to log W, in nats"),
        heading(p_left, top, "P without it (line: with it)"),
    ]
    y = top + 14
    end = y + ROW * len(drawn)
    step = nice_step(high - low, 5)
    for k in range(math.ceil(low / step), math.floor(high / step) + 1):
        at = zero + k * step * scale
        parts.append(line(at, y, at, end, stroke=INK if k == 0 else RULE))
        parts.append(text(at, end + 14, nats(k * step), text_anchor="middle", fill=SOFT))
    for each in (0.0, 0.5, 1.0):
        at = p_left + each * (p_right - p_left)
        parts.append(line(at, y, at, end, stroke=RULE))
        parts.append(text(at, end + 14, f"{each:g}", text_anchor="middle", fill=SOFT))
    for n, each in enumerate(drawn):
        parts += _row(n, each, y + ROW * n, zero, scale)
        parts += _probability(shown, each, y + ROW * n + 16, p_left, p_right)
    y = end + 34
    if not shown["veiled"]:
        marks, y = _legend(y)
        parts += marks
    if len(accounts) > len(drawn):
        parts.append(text(MARGIN, y, f"{len(accounts) - len(drawn)} more accounts are not drawn."))
        y += HEAD
    return parts, y + 6


def _ends(account: Data) -> tuple[float, float]:
    """How far the bar of one account reaches to the left and to the right of 0."""
    values = [part["nats"] for part in account["parts"]] or [account["log_w_nats"]]
    return sum(v for v in values if v < 0), sum(v for v in values if v > 0)


def _row(n: int, each: Data, top: float, zero: float, scale: float) -> Iterator[Markup]:
    name = shortened(each["name"], 66)
    if each["belongs"] < SURE:
        name = f"{shortened(name, 44)}: belongs here in {each['belongs']:.0%} of the readings"
    yield text(MARGIN, top + 26, each["label"], font_weight="700", fill=colour(n), font_size=14)
    yield haloed(40, top + 11, name, fill=SOFT, font_size=11)
    parts = {part["name"]: part["nats"] for part in each["parts"]}
    below = above = zero
    for name in FILLS:
        long = abs(parts.get(name, 0.0)) * scale
        if long < 0.05:
            continue
        if parts[name] < 0:
            below -= long
        yield _box(below if parts[name] < 0 else above, top + 16, long, f"url(#part-{name})")
        if parts[name] > 0:
            above += long
    if not parts:
        long = each["log_w_nats"] * scale
        yield _box(min(zero, zero + long), top + 16, abs(long), "#9bbfd9")
        above = max(zero, zero + long)
    yield text(above + 6, top + 26, nats(each["log_w_nats"]), font_weight="700")


def _box(x: float, y: float, width: float, fill: str) -> Markup:
    return element(
        "rect", x=number(x), y=number(y), width=number(max(width, 0.6)), height=13, fill=fill,
        stroke=INK, stroke_width=0.7,
    )  # fmt: skip


def _probability(shown: Data, each: Data, y: float, left: float, right: float) -> Iterator[Markup]:
    without = each["probability_without"]
    yield _box(left, y, without * (right - left), "#b9bec6")
    at = left + shown["probability"] * (right - left)
    yield line(at, y - 4, at, y + 17, stroke_width=2)
    yield text(right + 8, y + 10, f"{without:.3f}", font_weight="700")


def _legend(top: float) -> tuple[list[Markup], float]:
    parts = []
    for n, name in enumerate(("rate", "place", "time", "kind", "detection")):
        x, y = MARGIN + (n % 2) * 370, top + n // 2 * 18
        parts.append(_box(x, y - 10, 20, f"url(#part-{name})"))
        parts.append(text(x + 27, y, LEGEND[name]))
    return parts, top + 3 * 18


def patterns() -> list[Markup]:
    """What the parts are filled with, for the head of the drawing."""
    return [_pattern(name) for name in FILLS]


def _pattern(name: str) -> Markup:
    ground, path = FILLS[name]
    # Light lines on the dark ground, dark ones on the light.
    stroke = "#ffffff" if name in {"time", "place"} else INK
    marks = [element("rect", width=8, height=8, fill=ground)]
    if path:
        marks.append(element("path", d=path, stroke=stroke, stroke_width=1, fill="none"))
    return element(
        "pattern", *marks, id=f"part-{name}", width=8, height=8, patternUnits="userSpaceOnUse"
    )
