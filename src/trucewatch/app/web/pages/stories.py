"""What the press told, story by story: what is agreed, what is disputed, who said it first."""

from __future__ import annotations

from trucewatch.app.web.pages.asking import every
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.words import VERDICTS
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, HTTPException, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

router = APIRouter()

PRESS_SOURCE = """[[source]]
id = "gazette"
name = "The Gazette"
kind = "press"
reader = "press"
timezone = "Europe/Paris"
files = ["gazette-*.html"]"""
"""What a press source looks like in sources.toml; shown where a mission has none."""


@router.get("/stories", response_class=HTMLResponse, include_in_schema=False)
def stories(request: Request, site: Served) -> HTMLResponse:
    """Every story, the widest told first."""
    view = site.view(site.viewer(request))
    found = every(view, "story")
    return render(
        request,
        "stories.html.j2",
        stories=found,
        verdicts=list(VERDICTS),
        example=PRESS_SOURCE,
    )


@router.get("/stories/{name}", response_class=HTMLResponse, include_in_schema=False)
def story(request: Request, name: str, site: Served) -> HTMLResponse:
    """One story as a brief; 404 for one that this viewer does not see."""
    found = site.view(site.viewer(request)).one("story", name)
    if found is None:
        raise HTTPException(404)
    unsure = [one for one in found["tables"] if one["verdict"] in _WARNED]
    return render(
        request,
        "story.html.j2",
        story=found,
        verdicts=list(VERDICTS),
        unsure=unsure,
        sure=[one for one in found["tables"] if one not in unsure],
        dropped=found["left_out"].get("quarantined", []),
        sections=[
            ("told", _("The story"), None),
            ("questions", _("Questions"), len(found["tables"])),
            ("words", _("In their words"), len(found["citations"])),
            ("read", _("What was read"), len(found["articles"])),
        ],
    )


_WARNED = frozenset({"disputed", "changed over time", "single origin"})
