"""The first page in the plainest form."""

from __future__ import annotations

from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

router = APIRouter()


@router.get("/", include_in_schema=False)
def home(site: Served, request: Request) -> HTMLResponse:
    """How many incidents there are, and where the bulletins stand."""
    found = site.view(site.viewer(request)).page("incident").matched
    return HTMLResponse(
        f"<!doctype html><title>Trucewatch</title><p>{found} incidents. "
        "<a href='bulletins/'>Bulletins</a>"
    )
