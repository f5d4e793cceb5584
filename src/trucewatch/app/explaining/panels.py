"""The upper half of the picture of an incident: where, in kilometres, and when."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.explaining.drawing import (
    INK,
    RULE,
    SOFT,
    colour,
    dash,
    free_spot,
    haloed,
    heading,
    line,
    text,
)
from trucewatch.app.explaining.opened import nats
from trucewatch.bulletins.drawing import element, nice_step, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markupsafe import Markup

    from trucewatch.app.explaining.veil import Data

KM_A_DEGREE = 111.195
MOST_ROWS, MOST_NEAR = 8, 3
# A neighbour further than this many half-widths would squeeze the accounts into a dot.
REACH = 3.0
STEPS = tuple(
    timedelta(minutes=m)
    for m in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200)
)


class Plan:
    """A plan in km around the joined place; north is up."""

    def __init__(self, data: Data, *, left: float, top: float, size: float) -> None:
        self._data = data
        self._accounts = [
            (n, each) for n, each in enumerate(data["opened"]["accounts"]) if each["place"]
        ][:MOST_ROWS]
        self._near = data["opened"]["near"][:MOST_NEAR]
        self._left, self._top, self._size = left, top, size
        self._taken: list[tuple[float, float]] = []
        places = [each["place"] for _, each in self._accounts]
        # Where nothing may be drawn there is no middle, and nothing is placed by it.
        self._middle: Data = data["place"] or (places[0] if places else {})
        if not self._middle:
            return
        wanted = places if data["place"] is None else [*places, data["place"]]
        extent = max(self._reach(place) for place in wanted)
        for each in self._near:
            far = math.hypot(*self._km(each["place"]))
            extent = max(extent, far if far <= REACH * extent else 0.0)
        self._scale = size / 2 / (extent * 1.18)

    def draw(self) -> list[Markup]:
        """The panel with its frame, marks, scale bar and arrow to the north."""
        left, top, size = self._left, self._top, self._size
        parts = [
            heading(left, top - 8, self._title()),
            element("rect", x=left, y=top, width=size, height=size, fill="#fff", stroke=RULE),
        ]
        if not self._middle:
            words = "Under seal: no place may be drawn."
            return [*parts, text(left + size / 2, top + size / 2, words, text_anchor="middle")]
        inside = [*self._neighbours(), *self._circles(), *self._joined(), *self._letters()]
        clip = element(
            "clipPath",
            element("rect", x=left, y=top, width=size, height=size),
            id="plan",
        )
        parts += [element("defs", clip), element("g", *inside, clip_path="url(#plan)")]
        return [*parts, *self._bar(), *self._north()]

    def _title(self) -> str:
        joined = self._data["place"] is not None and len(self._accounts) > 1
        return f"Where (ring: standard error{'; black: joined' if joined else ''})"

    def _km(self, place: Data) -> tuple[float, float]:
        shrink = math.cos(math.radians(self._middle["latitude"]))
        east = (place["longitude"] - self._middle["longitude"] + 180) % 360 - 180
        north = place["latitude"] - self._middle["latitude"]
        return east * shrink * KM_A_DEGREE, north * KM_A_DEGREE

    def _reach(self, place: Data) -> float:
        return math.hypot(*self._km(place)) + float(place["standard_error_m"]) / 1000

    def _at(self, place: Data) -> tuple[float, float]:
        east, north = self._km(place)
        half = self._size / 2
        return self._left + half + east * self._scale, self._top + half - north * self._scale

    def _circle(self, place: Data, **more: object) -> Markup:
        x, y = self._at(place)
        radius = max(place["standard_error_m"] / 1000 * self._scale, 3.0)
        return element("circle", cx=number(x), cy=number(y), r=number(radius), **more)

    def _circles(self) -> Iterator[Markup]:
        for n, each in self._accounts:
            yield self._circle(
                each["place"], fill=colour(n), fill_opacity=0.05, stroke=colour(n),
                stroke_width=1.8, stroke_dasharray=dash(n),
            )  # fmt: skip
            x, y = self._at(each["place"])
            yield element("circle", cx=number(x), cy=number(y), r=3, fill=colour(n))

    def _letters(self) -> Iterator[Markup]:
        for n, each in self._accounts:
            x, y = self._at(each["place"])
            dx, dy = x - self._left - self._size / 2, y - self._top - self._size / 2
            away = math.atan2(dy, dx) if math.hypot(dx, dy) > 1 else -math.pi / 4
            turns = [away + math.radians(t) for t in (0, 45, -45, 90, -90, 135, -135, 180)]
            spots = [(r * math.cos(t), r * math.sin(t)) for r in (13, 26) for t in turns]
            at = free_spot(x, y, self._taken, spots)
            yield haloed(
                at[0], at[1] + 5, each["label"], text_anchor="middle", font_weight="700",
                font_size=14, fill=colour(n),
            )  # fmt: skip

    def _joined(self) -> Iterator[Markup]:
        place = self._data["place"]
        if place is None or len(self._accounts) < 2:
            return
        x, y = self._at(place)
        yield self._circle(place, fill="none", stroke=INK, stroke_width=2.2)
        path = f"M{number(x - 6)} {number(y)}h12M{number(x)} {number(y - 6)}v12"
        yield element("path", d=path, stroke=INK, stroke_width=2.2)
        self._taken.append((x, y))

    def _neighbours(self) -> Iterator[Markup]:
        """Grey, with a dashed line to each; one beyond the frame is named at its edge."""
        mx, my = self._at(self._middle)
        half = self._size / 2
        for n, each in enumerate(self._near, 1):
            x, y = self._at(each["place"])
            words = (
                f"{n}: {nats(each['log_w_nats'])}{'' if each['log_w_nats'] is None else ' nats'}"
            )
            beyond = max(abs(x - mx), abs(y - my)) > half
            if beyond:
                short = (half - 12) / max(abs(x - mx), abs(y - my))
                x, y = mx + (x - mx) * short, my + (y - my) * short
                words += f", {each['km']:,.0f} km away"
            else:
                yield self._circle(
                    each["place"], fill="none", stroke="#8a8a8a", stroke_dasharray="3 4"
                )
                square = f"M{number(x - 4)} {number(y - 4)}h8v8h-8z"
                yield element("path", d=square, fill="#fff", stroke="#6a6a6a", stroke_width=1.5)
            yield line(mx, my, x, y, stroke="#8a8a8a", stroke_dasharray="5 4")
            if beyond:
                yield _arrow(x, y, math.atan2(y - my, x - mx))
            right = x > self._left + half
            at = free_spot(x, y, self._taken, [(0, 18), (0, -12), (0, 34), (0, -28)])
            yield haloed(
                x, min(max(at[1], self._top + 16), self._top + self._size - 30), words,
                text_anchor="end" if right else "start", fill=SOFT,
            )  # fmt: skip

    def _bar(self) -> list[Markup]:
        km = nice_step(self._size * 0.3 / self._scale, 1)
        if km * self._scale > self._size * 0.45:
            km /= 2
        length, x, y = km * self._scale, self._left + 12, self._top + self._size - 12
        path = f"M{number(x)} {number(y - 5)}v5h{number(length)}v-5"
        words = f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"
        return [
            element("path", d=path, fill="none", stroke=INK, stroke_width=1.5),
            haloed(x + length + 6, y, words),
        ]

    def _north(self) -> list[Markup]:
        x, y = self._left + self._size - 18, self._top + 16
        path = f"M{number(x)} {number(y + 22)}V{number(y)}l-4 7M{number(x)} {number(y)}l4 7"
        return [
            element("path", d=path, fill="none", stroke=INK, stroke_width=1.5),
            haloed(x, y + 36, "N", text_anchor="middle", font_weight="700"),
        ]


def _arrow(x: float, y: float, angle: float) -> Markup:
    ends = [(x + 9 * math.cos(angle + t), y + 9 * math.sin(angle + t)) for t in (2.6, -2.6)]
    path = "".join(f"M{number(a)} {number(b)}L{number(x)} {number(y)}" for a, b in ends)
    return element("path", d=path, fill="none", stroke="#6a6a6a", stroke_width=1.5)


def time_axis(data: Data, *, left: float, top: float, width: float) -> tuple[list[Markup], float]:
    """The stated interval of each account, of what is joined of them, and of the neighbours.

    With it, where the panel ends.
    """
    told = data["opened"]
    rows: list[tuple[str, Any, dict[str, object]]] = [
        (each["label"], each["when"], {"fill": colour(n)})
        for n, each in enumerate(told["accounts"][:MOST_ROWS])
        if each["when"]
    ]
    own = len(rows)
    if data["when"] and own > 1:
        rows.append(("joined", data["when"], {"fill": INK}))
    for n, each in enumerate(told["near"][:MOST_NEAR], 1):
        grey: dict[str, object] = {"fill": "#fff", "stroke": "#6a6a6a", "stroke_dasharray": "3 2"}
        rows.append((str(n), each["when"], grey))
    if not own:
        parts = [heading(left, top - 8, "When")]
        return [*parts, text(left, top + 20, "Under seal: no time may be drawn.")], top + 40
    spans = [_moments(when) for _, when, _ in rows]
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    parts = [heading(left, top - 8, f"When ({first.year}, time of {told['time_zone']})")]
    gap = max((last - first) * 0.04, timedelta(minutes=2))
    first, last = first - gap, last + gap
    begin, end = left + 58, left + width - 30

    def x(moment: datetime) -> float:
        return begin + (moment - first) / (last - first) * (end - begin)

    step = 18 if len(rows) > 6 else 24
    bottom = top + 8 + step * len(rows)
    parts += _ticks(first, last, x, top, bottom)
    for n, ((words, _, look), (start, stop)) in enumerate(zip(rows, spans, strict=True)):
        y = top + 8 + step * n
        thick = 8 if words == "joined" else 11
        long = max(x(stop) - x(start), 3.0)
        parts.append(
            element(
                "rect", x=number(x(start)), y=number(y), width=number(long), height=thick, **look
            )
        )
        bold = {"font_weight": "700", "fill": look["fill"]} if n < own else {"fill": SOFT}
        parts.append(text(begin - 8, y + 10, words, text_anchor="end", **bold))
    return parts, bottom + 56


def _moments(when: Data) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(when["earliest"]), datetime.fromisoformat(when["latest"])


def _ticks(
    first: datetime, last: datetime, x: Callable[[datetime], float], top: float, bottom: float
) -> Iterator[Markup]:
    """Round local times, at most five of them; the day stands under the first of each day."""
    step = next((s for s in STEPS if (last - first) / s <= 5), STEPS[-1])
    moment = first.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= timedelta(days=1):
        moment -= timedelta(days=moment.toordinal() % step.days)
    seen = None
    while moment <= last:
        if moment >= first:
            at = x(moment)
            yield line(at, top, at, bottom, stroke=RULE)
            whole = step >= timedelta(days=1)
            words = f"{moment.day} {moment:%b}" if whole else f"{moment:%H:%M}"
            yield text(at, bottom + 14, words, text_anchor="middle", fill=SOFT)
            if not whole and moment.date() != seen:
                yield text(
                    at, bottom + 28, f"{moment.day} {moment:%b}", text_anchor="middle", fill=SOFT
                )
            seen = moment.date()
        moment += step
