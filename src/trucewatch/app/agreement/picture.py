"""An agreement as a picture: its zones on a map, and a time line of what holds when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.explaining.drawing import (
    INK,
    MARGIN,
    RULE,
    SOFT,
    colour,
    dash,
    haloed,
    heading,
    line,
    shortened,
    text,
)
from trucewatch.bulletins.drawing import element, fit, heart, number, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from trucewatch.model import Agreement, Area, Zone

WIDTH = 900
_TALLEST = 560
_LABELS = 300
_ROW = 22
_LONGEST = 40
_LEGEND = 18


def draw(agreement: Agreement, data: dict[str, Any]) -> str:
    """An SVG of the agreement; `data` is what `agreement.shown` says of it, times included."""
    inside: list[Markup] = []
    top = MARGIN + 14
    inside.append(heading(MARGIN, top, agreement.name))
    bottom, drawn = _map(agreement, top + 14)
    inside += drawn
    height, rows = _hours(data, bottom + 30)
    inside += rows
    return str(
        element(
            "svg",
            element("title", f"What was agreed: {agreement.name}"),
            element("rect", width=WIDTH, height=number(height), fill="#fff"),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {number(height)}",
            width=WIDTH,
            height=number(height),
            role="img",
            font_family="system-ui, sans-serif",
            font_size=12,
            fill=INK,
        )
    )


def _corners(areas: list[Area]) -> list[tuple[float, float]]:
    return [
        corner for area in areas for polygon in area.polygons for ring in polygon for corner in ring
    ]


def _map(agreement: Agreement, top: float) -> tuple[float, list[Markup]]:
    """The map and where it ends; words where there is nothing to draw."""
    zones = list(agreement.zones)
    areas = [zone.area for zone in zones] or list(agreement.regions)
    projection = fit(_corners(areas), width=WIDTH, tallest=_TALLEST, margin=MARGIN)
    if projection is None:
        return top + 30, [text(MARGIN, top + 16, "No zone and no region is drawn.", fill=SOFT)]
    ground = [
        element("path", d=outline(area, projection), fill="none", stroke=RULE, stroke_width=2)
        for area in agreement.regions
    ]
    shapes = [
        element(
            "path",
            element("title", _named(zone)),
            d=outline(zone.area, projection),
            fill=colour(n),
            fill_opacity=".14",
            fill_rule="evenodd",
            stroke=colour(n),
            stroke_width=3,
            stroke_dasharray=dash(n),
        )
        for n, zone in enumerate(zones)
    ]
    labels = [
        haloed(projection.x(at[0]), projection.y(at[1]), str(n + 1), text_anchor="middle")
        for n, zone in enumerate(zones)
        if (at := heart(zone.area)) is not None
    ]
    frame = element(
        "svg",
        element("g", *ground, *shapes, transform="scale(.5)"),
        *labels,
        x=0,
        y=number(top),
        width=WIDTH,
        height=number(projection.height),
    )
    bottom = top + projection.height
    legend = list(_legend(zones, bottom))
    return bottom + max(1, len(zones)) * _LEGEND, [frame, *legend]


def _named(zone: Zone) -> str:
    return f"{zone.name} ({zone.code})"


def _legend(zones: list[Zone], top: float) -> Iterator[Markup]:
    for n, zone in enumerate(zones):
        y = top + n * _LEGEND
        yield line(
            MARGIN, y, MARGIN + 34, y, stroke=colour(n), stroke_width=2, stroke_dasharray=dash(n)
        )
        yield text(MARGIN + 42, y + 4, f"{n + 1}  {_named(zone)}: {zone.drawn.value}")
    if not zones:
        yield text(MARGIN, top, "Regions, for reporting alone; no zone is drawn.", fill=SOFT)


def _entries(data: dict[str, Any]) -> list[tuple[str, dict[str, Any], int]]:
    """What stands on the time line: a label, its window, and which colour it has."""
    return [
        ("Truce", data["truce"], 0),
        *((f"{one['id']} ({one['standing']})", one["holds"], 1) for one in data["instruments"]),
        *(
            (f"{one['id']} {one['duty']}s {', '.join(one['kinds'])}", one["holds"], 2)
            for one in data["provisions"]
        ),
        *((f"Zone {one['code']}", one["holds"], 3) for one in data["zones"]),
        *((f"Response {one['id']}", one["can_open"], 4) for one in data["triggers"]),
    ]


def _hours(data: dict[str, Any], top: float) -> tuple[float, list[Markup]]:
    """The time line and where it ends."""
    entries = _entries(data)
    moments = sorted(
        _at(window[end])
        for _, window, _ in entries
        for end in ("start", "end")
        if window[end] is not None
    )
    drawn = [heading(MARGIN, top, f"What holds when, by the clocks of {data['timezone']}")]
    bottom = top + 16 + len(entries) * _ROW
    left, right = _LABELS, WIDTH - MARGIN - 20
    first, last = (moments[0], moments[-1]) if moments else (0.0, 0.0)
    margin = max((last - first) * 0.08, timedelta(hours=6).total_seconds())
    first, last = first - margin, last + margin

    def x(moment: float) -> float:
        return left + (moment - first) / (last - first) * (right - left)

    for row, (label, window, shade) in enumerate(entries):
        y = top + 16 + row * _ROW + _ROW / 2
        drawn.append(line(MARGIN, y + _ROW / 2, right, y + _ROW / 2, stroke=RULE))
        drawn.append(text(MARGIN, y + 4, shortened(label, _LONGEST)))
        if window["never"]:
            drawn.append(text(left, y + 4, window["words"], fill=SOFT))
            continue
        start = left if window["start"] is None else x(_at(window["start"]))
        end = right if window["end"] is None else x(_at(window["end"]))
        drawn.append(
            element(
                "rect",
                element("title", f"{label}: {window['words']}"),
                x=number(start),
                y=number(y - 6),
                width=number(max(end - start, 1)),
                height=12,
                fill=colour(shade),
                fill_opacity=".55",
            )
        )
        if window["start"] is None:
            drawn.append(text(start - 4, y + 4, "◀", text_anchor="end", fill=colour(shade)))
        if window["end"] is None:
            drawn.append(text(end + 2, y + 4, "▶", fill=colour(shade)))
    drawn += _ticks(moments, data, x, bottom)
    return bottom + 40, drawn


def _ticks(moments: list[float], data: dict[str, Any], x: Any, y: float) -> list[Markup]:  # noqa: ANN401 - a scale
    if not moments:
        return [text(_LABELS, y + 18, "No hour is written.", fill=SOFT)]
    words = {
        _at(window[end]): window[end]
        for _, window, _ in _entries(data)
        for end in ("start", "end")
        if window[end] is not None
    }
    shown = [moments[0], *([moments[-1]] if moments[-1] > moments[0] else [])]
    return [
        text(x(one), y + 18, words[one][:16].replace("T", " "), text_anchor="middle", fill=SOFT)
        for one in shown
    ]


def _at(iso: str) -> float:
    return datetime.fromisoformat(iso).astimezone(UTC).timestamp()
