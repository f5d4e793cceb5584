"""How a page is made of a template: one environment, every value escaped, one language a call."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from trucewatch.app.web import speaking
from trucewatch.app.web.assets import asset, kilobytes
from trucewatch.app.web.pages import vocabulary, words
from trucewatch.app.web.pages.frame import frame_of
from trucewatch.app.web.pages.links import host_of, is_link
from trucewatch.app.web.pages.situation.codes import (
    kind_word,
    mark_words,
    nature_word,
    outcome_word,
    rate_days,
    state_meaning,
)
from trucewatch.bulletins.map import ORDER, glyph, shape_of
from trucewatch.errors import MissingExtra

try:
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from starlette.requests import Request

    from trucewatch.app.web.pages.frame import Frame


@cache
def environment() -> Environment:
    """The templates of the pages; an unknown name is an error, never an empty place."""
    made = Environment(
        loader=PackageLoader("trucewatch.app.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension puts it there
        speaking.gettext, speaking.ngettext, newstyle=True
    )
    made.filters.update(
        day=speaking.day_words,
        moment=speaking.moment_words,
        clock=speaking.clock_words,
        number=speaking.number_words,
        decimal=speaking.decimal_words,
        percent=speaking.percent_words,
        probability=speaking.probability_words,
        likelihood=speaking.likelihood_words,
        signed=speaking.signed_words,
        host=host_of,
    )
    made.tests["weblink"] = is_link
    made.globals.update(
        asset=asset,
        days=speaking.days_words,
        glyph=glyph,
        shape_of=shape_of,
        states=ORDER,
        kilobytes=kilobytes,
        kind_word=kind_word,
        mark_words=mark_words,
        nature_word=nature_word,
        outcome_word=outcome_word,
        state_meaning=state_meaning,
        rate_days=rate_days,
        language=speaking.current,
        in_english=speaking.in_english,
        word=words.word,
        spoken=vocabulary.spoken,
        field_word=vocabulary.field_word,
        noted_word=vocabulary.noted_word,
        entrance_word=vocabulary.entrance_word,
        scope_words=vocabulary.scope_words,
        hours_words=words.hours_words,
    )
    return made


def render(request: Request, template: str, *, status: int = 200, **data: object) -> HTMLResponse:
    """A page for whoever sent a request, as its template makes it of the data.

    The template extends "base.html.j2", which shows the frame; `frame` is in reach of it. Only
    what the viewer's own view gave belongs into the data. The answer is kept by no shared cache.
    """
    return dressed(frame_of(request), template, status=status, **data)


def dressed(frame: Frame, template: str, *, status: int = 200, **data: object) -> HTMLResponse:
    """A page in a frame that the caller made."""
    page = environment().get_template(template)
    body = page.render(frame=frame, mission=frame.mission, viewer=frame.viewer, **data)
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "private, no-cache"})
