"""Small maps of the books, drawn on the server: zones of an agreement, notices for those inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from trucewatch.app.web.speaking import gettext as _
from trucewatch.bulletins.drawing import element, fit, number, outline
from trucewatch.model import Area

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.app.web.views.view import Body

WIDTH, TALLEST, MARGIN = 640, 420, 18


def zone_map(zones: Sequence[Body], regions: Sequence[Body]) -> Markup:
    """Zones over the mission's regions as SVG; nothing where no outline is seen."""
    over = [area for one in zones if (area := area_of(one)) is not None]
    under = [area for one in regions if (area := area_of(one)) is not None]
    projection = fit(
        [point for area in over for point in _points(area)],
        width=WIDTH,
        tallest=TALLEST,
        margin=MARGIN,
    )
    if projection is None:
        return Markup("")
    return _picture(
        _("Map of the zones"),
        projection.height,
        element(
            "g",
            *(
                element("path", d=outline(area, projection), class_="region no-sight")
                for area in under
            ),
            *(
                element("path", element("title", area.name), d=path, class_="zone")
                for area in over
                if (path := outline(area, projection))
            ),
            transform="scale(.5)",
        ),
    )


def notice_map(notices: Sequence[Body], regions: Sequence[Body]) -> Markup:
    """The ways and sites of notices that are not cancelled, with the width of each."""
    live = [one for one in notices if one["state"] != "cancelled" and one["route"]]
    points = [(lon, lat) for one in live for lon, lat in one["route"]]
    wide = [(lon + d, lat + d * 0.6) for lon, lat in points for d in (-0.1, 0.1)]
    projection = fit(wide, width=WIDTH, tallest=TALLEST, margin=MARGIN)
    if projection is None:
        return Markup("")
    marks = []
    for place, one in enumerate(live, 1):
        drawn = [(projection.x(lon), projection.y(lat)) for lon, lat in one["route"]]
        radius = max(one["width_m"] / 1000 * projection.units_a_km, 5)
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in drawn)
        title = element("title", f"{place}: {one['place']}")
        if len(drawn) == 1:
            x, y = drawn[0]
            marks.append(
                element(
                    "g",
                    title,
                    element("circle", cx=number(x), cy=number(y), r=number(radius), class_="reach"),
                    element("path", d=f"M{number(x - 5)} {number(y)}h10m-5-5v10", class_="site"),
                )
            )
        else:
            marks.append(
                element(
                    "g",
                    title,
                    element("path", d=path, class_="reach", stroke_width=number(2 * radius)),
                    element("path", d=path, class_="way"),
                )
            )
        x, y = drawn[0]
        marks.append(element("text", str(place), x=number(x + 8), y=number(y - 6)))
    under = [area for one in regions if (area := area_of(one)) is not None]
    return _picture(
        _("Map of the notices"),
        projection.height,
        element(
            "g",
            *(
                element("path", d=outline(area, projection), class_="region no-sight")
                for area in under
            ),
            transform="scale(.5)",
        ),
        element("g", *marks, class_="notified"),
    )


def _picture(title: str, height: float, *inside: Markup) -> Markup:
    return element(
        "svg",
        element("title", title),
        *inside,
        viewBox=f"0 0 {WIDTH} {number(height)}",
        class_="map small-map",
        role="img",
        aria_label=title,
    )


def area_of(body: Body) -> Area | None:
    """The outline of a zone or region as its record has it; None where it has none."""
    parts: Any = body.get("polygons")
    if not parts:
        return None
    return Area(
        code=body["id"],
        name=body["name"],
        polygons=tuple(
            tuple(tuple((point[0], point[1]) for point in ring) for ring in rings)
            for rings in parts
        ),
    )


def _points(area: Area) -> Iterable[tuple[float, float]]:
    return ((x, y) for rings in area.polygons for ring in rings for x, y in ring)
