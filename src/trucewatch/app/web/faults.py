"""How the application tells that it cannot answer: without a word of what lies on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.mission import NotBegun
from trucewatch.app.web.pages.errors import error_page, not_begun_page, wants_page
from trucewatch.app.web.views.view import Unanswerable
from trucewatch.errors import (
    MissingExtra,
    NotAllowed,
    NotFound,
    RecordRejected,
    Refused,
    TrucewatchError,
)

try:
    from fastapi.exception_handlers import http_exception_handler
    from fastapi.responses import JSONResponse
    from starlette.exceptions import HTTPException
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotBegun, 503),
    (Unanswerable, 400),
    (RecordRejected, 422),
    (Refused, 422),
    (NotAllowed, 403),
    (NotFound, 404),
)
LATER = "it cannot be answered at this moment: try again, or tell the mission's operator"


def told(fault: Exception) -> tuple[int, str]:
    """The status and the words for a fault; whatever is not the caller's is told to nobody."""
    for sort, status in _STATUS:
        if isinstance(fault, sort):
            return status, str(fault)
    return 503, LATER


def hook(app: FastAPI) -> None:
    """Have faults answered as a page to whoever has a browser, and as JSON to a program."""

    async def ours(request: Request, fault: Exception) -> Response:
        status, words = told(fault)
        if isinstance(fault, NotBegun) and wants_page(request):
            return not_begun_page(request)
        if wants_page(request):
            return error_page(request, status, words if status < 500 else "")
        return JSONResponse({"detail": words}, status_code=status)

    async def theirs(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)  # noqa: S101 -- Starlette hands it nothing else
        if wants_page(request):
            page = error_page(request, fault.status_code)
            page.headers.update(fault.headers or {})
            return page
        return await http_exception_handler(request, fault)

    app.add_exception_handler(TrucewatchError, ours)
    app.add_exception_handler(Unanswerable, ours)
    app.add_exception_handler(HTTPException, theirs)
