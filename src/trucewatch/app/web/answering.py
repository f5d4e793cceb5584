"""Answers out of a view: worked out once, compressed once, and not sent to who has them."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING

from trucewatch.app.web.speaking import current
from trucewatch.errors import MissingExtra

try:
    from fastapi import Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

    from trucewatch.app.web.views.view import View

SMALLEST_ZIPPED = 600
VARY = "Accept-Encoding, Accept-Language, Authorization, Cookie"


def etag_of(request: Request, view: View) -> str:
    """The ETag of what a view answers to a request: of what its viewers see, and what was asked.

    It is weak, as the same answer may come compressed or not.
    """
    asked = f"{request.url.path}?{request.url.query} {current()} {view.digest}"
    return f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'


def unchanged(request: Request, etag: str) -> bool:
    """Whether who asks has the answer already."""
    known = request.headers.get("if-none-match", "")[:4096]
    tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def answer(
    request: Request,
    view: View,
    media: str,
    make: Callable[[], bytes],
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    """What `make` makes of a view, or 304.

    It is kept with the view under the path and query of the request, and the language: what is
    made of anything else, as of who looks or of the time, must not come this way.
    """
    etag = etag_of(request, view)
    told = {"ETag": etag, "Vary": VARY, "Cache-Control": "private, no-cache", **(headers or {})}
    if unchanged(request, etag):
        return Response(status_code=304, headers=told)
    body = view.kept(etag, make)
    told["Content-Type"] = media
    takes = request.headers.get("accept-encoding", "")
    if "gzip" in takes and len(body) >= SMALLEST_ZIPPED:
        told["Content-Encoding"] = "gzip"
        body = view.kept(f"{etag}.gz", lambda: gzip.compress(body, 5, mtime=0))
    return Response(body, headers=told)
