"""A bulletin as one self-contained HTML page: no script, no outside request, no web font."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from trucewatch.bulletins.chart import draw_chart, interval_bar
from trucewatch.bulletins.legend import chart_fields, map_fields, map_marks
from trucewatch.bulletins.look import style
from trucewatch.bulletins.map import draw_map, glyph, vague
from trucewatch.bulletins.page import FILTERS, facts_of, only_published

if TYPE_CHECKING:
    from trucewatch.bulletins.published import Published

PARTS = (
    ("map", "Where"),
    ("days", "Day by day"),
    ("rates", "Before, during, after"),
    ("regions", "By region"),
    ("incidents", "Corroborated or not"),
    ("fires", "Heat"),
    ("unseen", "What could not be seen"),
    ("claims", "Claims of one side"),
    ("assessments", "Under the agreement"),
    ("intake", "Received"),
    ("method", "Method"),
    ("evidence", "Evidence"),
)


@cache
def environment() -> Environment:
    """The templates of the package; every value is escaped, and an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("trucewatch.bulletins"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    return made


def render_html(p: Published) -> bytes:
    """The page of a bulletin, in UTF-8; refuses with TypeError what did not go through `redact`."""
    only_published(p)
    page = environment().get_template("bulletin.html.j2")
    return page.render(**_context(p)).encode("utf-8")


def _context(p: Published) -> dict[str, Any]:
    certain = [i for i in p.incidents if i.certain]
    rates = [r.high for r in p.rates if r.high is not None]
    return {
        **facts_of(p),
        "style": style(),
        "parts": PARTS,
        "part_names": dict(PARTS),
        "map": draw_map(p),
        "chart": draw_chart(p),
        "interval_bar": interval_bar,
        "top_rate": max(rates, default=0),
        "glyph": glyph,
        "map_marks": map_marks(p),
        "map_fields": map_fields(),
        "chart_fields": chart_fields(),
        "undrawn": sum(vague(i) for i in certain),
    }
