"""The daily chart and the bars of intervals, as SVG; the tables beside them say the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from trucewatch.bulletins.drawing import element, nice_step, number
from trucewatch.bulletins.wording import MONTHS, day, days, rate, share_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.bulletins.content import DayRow
    from trucewatch.bulletins.published import Published

WIDTH = 800
LEFT = 66
RIGHT = 10
LONGEST = 46
"""More days than this would not be readable: the chart keeps those next to the period."""

_BARS = (58, 200)
_HEAT = (236, 270)
_HIDDEN = (306, 346)
_AXIS = 370
_HEIGHT = 420


def shown_days(p: Published) -> tuple[DayRow, ...]:
    """The days that the chart shows: all, or those within two weeks of the period and truce."""
    if len(p.days) <= LONGEST:
        return p.days
    marked = [d.day for d in p.days if d.in_period]
    if not marked:
        return p.days[-LONGEST:]
    margin = timedelta(days=14)
    near = [d for d in p.days if marked[0] - margin <= d.day <= marked[-1] + margin]
    return tuple(near[:LONGEST])


def cut_short(p: Published) -> str:
    """What is said of a chart that does not show every day of the period; empty where it does."""
    rows = shown_days(p)
    if len(rows) == len(p.days) or all(d in rows for d in p.days if d.in_period):
        return ""
    return (
        f"Too long to be drawn whole: {days(rows[0].day, rows[-1].day)} is shown. The JSON beside "
        f"this page has every day from {day(p.days[0].day)} to {day(p.days[-1].day)}."
    )


def draw_chart(p: Published) -> Markup:
    """Events a day over heat seen and ground hidden, one column a local day; nothing if no day."""
    rows = shown_days(p)
    if not rows:
        return Markup("")
    step = (WIDTH - LEFT - RIGHT) / len(rows)
    desc = (
        f"Reported events a local day ({p.zone}), {days(rows[0].day, rows[-1].day)}; below, places "
        f"that satellites saw hot, and the share of the ground hidden by {p.hidden_by}. The truce "
        "is shaded. The table that follows holds every figure."
    )
    return element(
        "svg",
        element("title", f"{p.mission} by day", id="chart-title"),
        element("desc", desc, id="chart-desc"),
        element(
            "defs",
            element(
                "pattern",
                element("path", d="M0 0V6", class_="hatch"),
                id="hatch-none",
                width=6,
                height=6,
                patternUnits="userSpaceOnUse",
                patternTransform="rotate(45)",
            ),
        ),
        *_truce(rows, step),
        *_bars(rows, step),
        *_heat(rows, step),
        *_hidden(p, rows, step),
        *_axis(rows, step),
        viewBox=f"0 0 {WIDTH} {_HEIGHT}",
        class_="chart",
        role="img",
        aria_labelledby="chart-title chart-desc",
    )


def _columns(rows: Sequence[DayRow], step: float) -> Iterator[tuple[DayRow, float]]:
    return ((row, LEFT + index * step) for index, row in enumerate(rows))


def _truce(rows: Sequence[DayRow], step: float) -> list[Markup]:
    """The truce behind all panels; a day that lies partly in it is shaded in part."""
    spans = []
    for index, (row, x) in enumerate(_columns(rows, step)):
        if not row.truce_share:
            continue
        width = row.truce_share * step
        follows = index > 0 and rows[index - 1].truce_share > 0
        spans.append((x, x + width) if follows else (x + step - width, x + step))
    if not spans:
        return []
    start, end = spans[0][0], spans[-1][1]
    return [
        element(
            "rect",
            x=number(start),
            y=26,
            width=number(end - start),
            height=_HIDDEN[1] - 26,
            class_="truce",
        ),
        element(
            "text", "truce", x=number((start + end) / 2), y=20, text_anchor="middle", class_="name"
        ),
    ]


def _panel(name: str, top: int, bottom: int) -> list[Markup]:
    return [
        element("text", name, x=LEFT, y=top - 7, class_="name"),
        element("path", d=f"M{LEFT} {bottom}H{WIDTH - RIGHT}", class_="base"),
    ]


def _bars(rows: Sequence[DayRow], step: float) -> list[Markup]:
    top, bottom = _BARS
    most = max(1.0, *(row.expected for row in rows), *(float(row.firm) for row in rows))
    tick = max(1.0, nice_step(most, 4))
    scale = (bottom - top) / most
    parts = _panel("events a day", top, bottom)
    for k in range(1, int(most / tick) + 1):
        y = number(bottom - k * tick * scale)
        parts.append(element("path", d=f"M{LEFT} {y}H{WIDTH - RIGHT}", class_="rule"))
    for k in range(int(most / tick) + 1):
        y = number(bottom - k * tick * scale + 4)
        parts.append(element("text", f"{k * tick:g}", x=LEFT - 6, y=y, text_anchor="end"))
    for row, x in _columns(rows, step):
        left, wide = number(x + step * 0.16), number(step * 0.68)
        told = f"{day(row.day)}: {row.firm} certain, {rate(row.expected)} expected"
        firm, more = row.firm * scale, max(0.0, row.expected - row.firm) * scale
        inside = [element("title", told)]
        if more:
            inside.append(_bar(left, bottom - firm - more, wide, more, "expected"))
        if firm:
            inside.append(_bar(left, bottom - firm, wide, firm, "firm"))
        parts.append(element("g", *inside))
    return parts


def _bar(x: str, y: float, width: str, height: float, name: str) -> Markup:
    return element("rect", x=x, y=number(y), width=width, height=number(height), class_=name)


def _heat(rows: Sequence[DayRow], step: float) -> list[Markup]:
    top, bottom = _HEAT
    most = max(1, *(row.thermal + row.static for row in rows), 1)
    scale = (bottom - top) / most
    parts = _panel("hot places seen by satellite", top, bottom)
    parts.append(element("text", str(most), x=LEFT - 6, y=top + 8, text_anchor="end"))
    for row, x in _columns(rows, step):
        left, wide = number(x + step * 0.16), number(step * 0.68)
        if not row.passes:
            parts.append(_unknown(x, top, step, bottom - top, f"{day(row.day)}: no record"))
            continue
        told = f"{day(row.day)}: {row.thermal} fires, {row.static} places always hot"
        fires, static = row.thermal * scale, row.static * scale
        parts.append(
            element(
                "g",
                element("title", told),
                _bar(left, bottom - fires - static, wide, fires, "fire-bar"),
                _bar(left, bottom - static, wide, static, "static-bar"),
            )
        )
    return parts


def _hidden(p: Published, rows: Sequence[DayRow], step: float) -> list[Markup]:
    top, bottom = _HIDDEN
    parts = _panel(f"ground hidden by {p.hidden_by}", top, bottom)
    for words, y in (("100 %", top + 6), ("0", bottom + 2)):
        parts.append(element("text", words, x=LEFT - 6, y=y, text_anchor="end"))
    for row, x in _columns(rows, step):
        if row.hidden_low is None or row.hidden_high is None:
            parts.append(_unknown(x, top, step, bottom - top, f"{day(row.day)}: not stated"))
            continue
        told = f"{day(row.day)}: {share_span(row.hidden_low, row.hidden_high)} hidden"
        tall = bottom - top
        low, high = row.hidden_low * tall, row.hidden_high * tall
        left, wide = number(x + 0.5), number(step - 1)
        parts.append(
            element(
                "g",
                element("title", told),
                _bar(left, bottom - low, wide, low, "hidden-sure"),
                _bar(left, bottom - high, wide, max(high - low, 1.5), "hidden-most"),
            )
        )
    return parts


def _unknown(x: float, y: float, width: float, height: float, words: str) -> Markup:
    """A field about which nothing is known: hatched, never blank."""
    return element(
        "rect",
        element("title", words),
        x=number(x),
        y=number(y),
        width=number(width),
        height=number(height),
        fill="url(#hatch-none)",
    )


def _axis(rows: Sequence[DayRow], step: float) -> list[Markup]:
    parts = []
    every = 1 if len(rows) <= 31 else 2
    # Of a few days of the period each is named; of many, the names would run into one another.
    few = sum(row.in_period for row in rows) <= 3
    month = 0
    for index, (row, x) in enumerate(_columns(rows, step)):
        middle = number(x + step / 2)
        name = "in-period" if row.in_period else "minor" if (row.day.day % 5) else "major"
        if index % every == 0 or (few and row.in_period):
            parts.append(
                element(
                    "text", str(row.day.day), x=middle, y=_AXIS, text_anchor="middle", class_=name
                )
            )
        if row.in_period:
            path = f"M{number(x + 2)} {_AXIS + 6}h{number(step - 4)}"
            parts.append(element("path", d=path, class_="period"))
        if 0 < row.truce_share < 1:
            parts.append(_half(x + step / 2, _AXIS + 16, f"{day(row.day)}: partly in the truce"))
        if row.day.month != month:
            month = row.day.month
            words = f"{MONTHS[month - 1]} {row.day.year}"
            parts.append(element("text", words, x=number(x), y=_HEIGHT - 6, class_="name"))
    return parts


def _half(x: float, y: float, words: str) -> Markup:
    """The mark of a day that lies only partly in the truce: a half-filled disc."""
    at = f"translate({number(x)} {number(y)})"
    return element(
        "g",
        element("title", words),
        element("circle", r=4, class_="half-ring"),
        element("path", d="M0-4a4 4 0 0 1 0 8z", class_="half-fill"),
        transform=at,
    )


def interval_bar(low: float | None, middle: float | None, high: float | None, top: float) -> Markup:
    """An estimate as a dot on its interval, over an axis from 0 to `top`."""
    if low is None or middle is None or high is None or top <= 0:
        return Markup("")

    def at(x: float) -> str:
        return number(4 + min(x, top) / top * 192)

    return element(
        "svg",
        element("path", d="M4 9H196", class_="base"),
        element("path", d=f"M{at(low)} 9H{at(high)}", class_="interval"),
        element("circle", cx=at(middle), cy=9, r=4.5, class_="estimate"),
        viewBox="0 0 200 18",
        class_="interval-bar",
        aria_hidden="true",
    )
