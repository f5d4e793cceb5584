"""A brief as one self-contained HTML page: no script, no outside request, every word escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from trucewatch.bulletins.brief import look
from trucewatch.bulletins.brief.content import Brief, Sentence
from trucewatch.bulletins.brief.drawing import fan, verdict_shape
from trucewatch.bulletins.look import style
from trucewatch.bulletins.wording import plural
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from markupsafe import Markup


def render_brief_html(brief: Brief) -> bytes:
    """The page of a brief, in UTF-8; a citation is a link to the very words."""
    made = Environment(
        loader=PackageLoader("trucewatch.bulletins"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters.update(plural=plural)
    made.tests.update(sentence=lambda one: isinstance(one, Sentence))
    page = made.get_template("brief.html.j2")
    return page.render(
        b=brief,
        style=style() + _own_style(made),
        sections=look.SECTIONS,
        names=dict(look.SECTIONS),
        tables=look.tables_of(brief),
        matrix=look.matrix(brief, spoken=False),
        spoken=look.matrix(brief, spoken=True),
        articles=look.by_letter(brief),
        pieces=look.pieces,
        runs=look.runs_of,
        foot=look.foot(brief),
        meanings=look.MEANINGS,
        verdicts=tuple(Verdict),
        fan=fan,
        shape=verdict_shape,
        cited={one.number: one for one in brief.citations},
    ).encode("utf-8")


def _own_style(made: Environment) -> Markup:
    """What a brief adds to the style of the bulletins."""
    from markupsafe import Markup

    return Markup(made.get_template("brief.css").render())  # noqa: S704  # a file of this package
