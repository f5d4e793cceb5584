"""The courses of a truce as a picture: counts by period, levels with intervals, change points."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trucewatch.app.explaining.drawing import (
    INK,
    MARGIN,
    RULE,
    SOFT,
    heading,
    line,
    paragraph,
    text,
)
from trucewatch.bulletins.drawing import element, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

_WIDTH = 900
_LEFT, _RIGHT = 64, 16
_PLOT = 190
_PANEL = 360
_COLUMNS = 128
_BAR, _BAND, _CHANGE = "#8aa5bd", "#0072b2", "#d55e00"
_LOG_BASE = 10
_DAY_S = 86_400


def picture(data: dict[str, Any]) -> str:
    """An SVG of all courses; the scale of counts is logarithmic above 1, and says so."""
    courses = data["courses"]
    height = max(1, len(courses)) * _PANEL + MARGIN
    inside: list[Markup] = []
    for at, one in enumerate(courses):
        inside += _panel(one, data["zone"], MARGIN + at * _PANEL)
    if not courses:
        inside.append(text(MARGIN, 40, "Nothing was told or counted."))
    title = f"Whether the truce of {data['mission']} holds"
    return str(
        element(
            "svg",
            element("title", title),
            element("rect", width=_WIDTH, height=height, fill="#fff"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_WIDTH} {height}",
            width=_WIDTH,
            height=height,
            role="img",
            font_family="system-ui, sans-serif",
            font_size=12,
            fill=INK,
        )
    )


def _panel(one: dict[str, Any], zone: str, top: float) -> Iterator[Markup]:
    yield heading(MARGIN, top + 16, f"{one['verdict']}: {one['what']}, {one['source']}")
    yield from paragraph(MARGIN, top + 34, "; ".join(one["reasons"]), columns=_COLUMNS, fill=SOFT)
    spans = [(_at(each["from"]), _end(each)) for each in _drawn(one)]
    if not spans:
        yield text(MARGIN, top + 90, "No period was counted: there is nothing to draw.")
        return
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    base, high = top + 80 + _PLOT, _highest(one)

    def x(moment: float) -> float:
        return _LEFT + (moment - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return base - _height(value) / _height(high) * _PLOT

    for tick in _ticks(high):
        yield line(_LEFT, y(tick), _WIDTH - _RIGHT, y(tick), stroke=RULE)
        yield text(_LEFT - 6, y(tick) + 4, f"{tick:,}", text_anchor="end", fill=SOFT)
    for each in one["series"]:
        left, right = x(_at(each["from"])), x(_at(each["to"]))
        yield _box(left, y(_rate(each)), right, base, fill=_BAR)
        # A count of nought has no bar, and must not look like a period that nobody counted.
        yield _box(left, base + 1, right, base + 5, fill=INK if each["stated"] else RULE)
    counted_to = max(map(_end, one["series"]), default=last)
    for level in [*([one["before"]] if one["before"] else []), *one["levels"]]:
        # Past the last counted period there is no rate, and none is drawn.
        left, right = x(_at(level["from"])), x(min(_end(level), counted_to))
        low, up = level["interval_95"]
        yield _box(left, y(min(up, high)), right, y(low), fill=_BAND, fill_opacity="0.18")
        middle = y(level["per_day"])
        yield line(left, middle, right, middle, stroke=_BAND, stroke_width=2)
    for change in one["changes"]:
        where = x(_at(change["at"]))
        yield line(where, top + 76, where, base, stroke=_CHANGE, stroke_dasharray="5 3")
        yield text(where + 4, top + 86, f"P {change['probability']:.2f}", fill=_CHANGE)
    begins = x(_at(one["from"]))
    yield line(begins, top + 76, begins, base + 6, stroke_width=1.5)
    anchor = "end" if begins > _WIDTH / 2 else "start"
    yield text(begins, base + 20, f"truce from {one['from']}", text_anchor=anchor)
    edges = min(_drawn(one), key=lambda e: _at(e["from"])), max(_drawn(one), key=_end)
    yield text(_LEFT, base + 36, str(edges[0]["from"])[:16], fill=SOFT)
    yield text(_WIDTH - _RIGHT, base + 36, str(edges[1]["to"])[:16], text_anchor="end", fill=SOFT)
    yield from paragraph(
        MARGIN,
        base + 56,
        f"A day, by period ({zone}; logarithmic above 1). Band: 95 % of the rate. Dashed: change, "
        "with its probability P. Strip below: dark, counted; light, nobody stated a count.",
        columns=_COLUMNS,
        fill=SOFT,
    )


def _box(left: float, upper: float, right: float, lower: float, **more: object) -> Markup:
    return element(
        "rect",
        x=number(left),
        y=number(upper),
        width=number(max(0.5, right - left)),
        height=number(max(0.0, lower - upper)),
        **more,
    )


def _rate(each: dict[str, Any]) -> float:
    """What was counted a day, for the whole ground where the share seen is stated."""
    days = (_at(each["to"]) - _at(each["from"])) / _DAY_S
    return float(each["count"]) / days / (each["seen"] or 1.0)


def _at(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _end(each: dict[str, Any]) -> float:
    return _at(each["to"])


def _drawn(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything of a course that has a beginning and an end to be drawn."""
    return [*one["series"], *one["levels"], *([one["before"]] if one["before"] else [])]


def _height(value: float) -> float:
    """Linear up to 1, then logarithmic, so that nought has a place."""
    return value if value < 1 else 1 + math.log(value, _LOG_BASE)


def _highest(one: dict[str, Any]) -> float:
    levels = [*one["levels"], *([one["before"]] if one["before"] else [])]
    highest = max(1.0, *(level["per_day"] for level in levels), *map(_rate, one["series"]))
    return 1.2 * float(highest)


def _ticks(high: float) -> list[int]:
    return [0, *(_LOG_BASE**power for power in range(int(math.log(high, _LOG_BASE)) + 1))]
