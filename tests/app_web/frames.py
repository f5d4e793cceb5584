"""A site of made-up records, enough to draw pages without a mission."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException

from trucewatch.app.web import assets
from trucewatch.app.web.pages.errors import error_page
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.speaking import Speaking
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.view import Page

MISSION = {
    "id": "made-up",
    "name": "Mission <of> straw",
    "zone": "Asia/Kathmandu",
    "exercise": False,
    "as_of": "2026-04-12T10:00:00+05:45",
}


class Straw:
    """A view of one mission record."""

    digest = "0"

    def __init__(self, mission):
        self.mission = mission

    def page(self, sort, *_):
        found = (self.mission,) if sort == "mission" else ()
        return Page(bodies=found, matched=len(found), after=None)


def site(viewer: Viewer | None = None, **mission):
    """A site whose one mission and one viewer are these."""
    return SimpleNamespace(
        folder=Path(__file__).parent / "straw",
        viewer=lambda _request: viewer or Viewer(),
        view=lambda _viewer: Straw({**MISSION, **mission}),
    )


def app_of(served) -> FastAPI:
    """An application of the frame alone: /page draws the error page's template as a page."""
    app = FastAPI()
    app.state.site = served
    app.add_middleware(Speaking)
    app.include_router(assets.router)

    @app.exception_handler(HTTPException)
    async def wrong(request: Request, fault: HTTPException):
        return error_page(request, fault.status_code)

    @app.get("/page")
    def page(request: Request):
        return render(
            request, "error.html.j2", code=200, title="A page", words="Words.", detail="<detail>"
        )

    return app
