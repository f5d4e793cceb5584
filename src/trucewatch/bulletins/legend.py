"""What the marks and fields of the map and the chart stand for, each with a small picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.drawing import element
from trucewatch.bulletins.map import ORDER, WORDS, glyph, icon, shape_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from trucewatch.bulletins.published import Published

Entry = tuple["Markup", str]
_WIDE, _TALL = 26, 15


def map_marks(p: Published) -> tuple[Entry, ...]:
    """The marks of the map: the ladder always, the exits where there are any, then the heat."""
    seen = {shape_of(i.state) for i in (*p.incidents, *p.set_aside)}
    states = [s for s in ORDER if s != "other" or s in seen]
    return (
        *((glyph(s), WORDS[s]) for s in states),
        (
            icon(element("path", class_="fire", d="M-5 0h10M0-5v10")),
            "fire seen by satellite, tied to no report",
        ),
        (icon(element("path", class_="static", d="M-4-4h8v8h-8z")), "place that is always hot"),
    )


def map_fields() -> tuple[Entry, ...]:
    """The grounds of the regions."""
    return (
        (_swatch(_field("region reported")), "something reported"),
        (_swatch(_field("region")), "watched and quiet"),
        (_swatch(_field("region"), _hatching(7)), "unobserved"),
        (_swatch(_field("region"), _hatching(16)), "unobserved on some days"),
    )


def chart_fields() -> tuple[Entry, ...]:
    """The bars and grounds of the chart."""
    half = _WIDE // 2
    ring = element("circle", class_="half-ring", r=5)
    fill = element("path", class_="half-fill", d="M0-5a5 5 0 0 1 0 10z")
    return (
        (_swatch(_field("firm")), "certainly on the day"),
        (_swatch(_field("expected")), "expected: day not known"),
        (_swatch(_field("fire-bar")), "fires"),
        (_swatch(_field("static-bar")), "always hot"),
        (
            _swatch(_field("hidden-sure", 0, half), _field("hidden-most", half, half)),
            "ground hidden: least, most",
        ),
        (_swatch(_field("region"), _hatching(7)), "no record"),
        (_swatch(_field("truce")), "truce"),
        (icon(ring, fill), "day partly in the truce"),
    )


def _swatch(*fields: Markup) -> Markup:
    return element(
        "svg", *fields, class_="swatch", viewBox=f"0 0 {_WIDE} {_TALL}", aria_hidden="true"
    )


def _field(name: str, left: int = 0, wide: int = _WIDE) -> Markup:
    return element("rect", x=left + 1, y=1, width=wide - 2, height=_TALL - 2, class_=name)


def _hatching(apart: int) -> Markup:
    """Lines from lower left to upper right that end within the field."""
    low, high = 1, _TALL - 1
    steps = []
    for x in range(low - high + apart, _WIDE - low, apart):
        left, right = max(low, x), min(_WIDE - low, x + high - low)
        steps.append(f"M{left} {high - (left - x)}L{right} {high - (right - x)}")
    return element("path", d="".join(steps), class_="hatch")
