"""The trend as the page itself draws it: complete, with links, without a script."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from trucewatch.app.web.speaking import day_words, decimal_words, number_words
from trucewatch.app.web.speaking import gettext as _
from trucewatch.bulletins.drawing import element, nice_step, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH = 800
HIGH, TOP, LEFT, RIGHT = 150, 16, 34, 6
LONGEST_DAY = 60
"""Half of the longest day in words, as large as a telephone shows it."""


def draw_trend(days: Sequence[Mapping[str, Any]], *, title: str, address: str) -> Markup:
    """Events a day with the truce shaded behind them; nothing where there is no day.

    A day that nobody watched at all is hatched. Each column leads to the incidents of its day.
    """
    if not days:
        return Markup("")
    step = (WIDTH - LEFT - RIGHT) / len(days)
    top = max(1.0, *(max(float(d["firm"]), float(d["expected"])) for d in days))
    tick = max(1.0, nice_step(top, 3))
    tall = HIGH / (math.ceil(top / tick) * tick)
    bottom = TOP + HIGH
    parts: list[Markup] = []
    for at, day in enumerate(days):
        x = LEFT + at * step
        if day["truce_share"]:
            parts.append(
                element(
                    "rect", x=number(x), y=TOP, width=number(step + 0.6), height=HIGH, class_="calm"
                )
            )
        if day["regions"] and day["unobserved"] == day["regions"]:
            parts.append(
                element(
                    "rect",
                    x=number(x),
                    y=TOP,
                    width=number(step),
                    height=HIGH,
                    fill="url(#hatch-unseen)",
                )
            )
    for k in range(math.ceil(top / tick) + 1):
        y = number(bottom - k * tick * tall)
        parts.append(element("path", d=f"M{LEFT} {y}H{WIDTH - RIGHT}", class_="rule"))
        parts.append(
            element("text", number_words(k * tick), x=LEFT - 5, y=y, dy=4, text_anchor="end")
        )
    for at, day in enumerate(days):
        parts.append(_column(day, LEFT + at * step, step, bottom, tall, address))
    every = max(1, round(len(days) / 6))
    for at in range(0, len(days), every):
        x = LEFT + (at + 0.5) * step
        # The last may stand at the edge, and would lose its end there.
        words, last = day_words(days[at]["first_day"], year=False), x > WIDTH - LONGEST_DAY
        where = {"x": WIDTH - RIGHT, "text_anchor": "end"} if last else {"x": number(x)}
        parts.append(element("text", words, **{"text_anchor": "middle", **where}, y=bottom + 16))
    return element(
        "svg",
        element("title", title, id="trend-title"),
        *parts,
        viewBox=f"0 0 {WIDTH} {bottom + 22}",
        class_="chart",
        role="group",
        aria_labelledby="trend-title",
    )


def _column(
    day: Mapping[str, Any], x: float, step: float, bottom: float, tall: float, address: str
) -> Markup:
    wide = max(step * 0.72, 1.0)
    firm, expected = float(day["firm"]), float(day["expected"])
    words = f"{day_words(day['first_day'])}: {number_words(firm)}; {decimal_words(expected)} "
    bars = [element("title", words + _("expected"))]
    for count, name in ((expected, "expected"), (firm, "firm")):
        high = count * tall
        bars.append(
            element(
                "rect",
                x=number(x + (step - wide) / 2),
                y=number(bottom - high),
                width=number(wide),
                height=number(high),
                class_=name,
            )
        )
    return element(
        "a",
        *bars,
        href=f"{address}{day['first_day']}",
        tabindex=-1,
        aria_hidden="true",
    )
