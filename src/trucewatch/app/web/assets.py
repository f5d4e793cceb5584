"""What the pages are made of beside their HTML: served for ever under the hash of all of it."""

from __future__ import annotations

import gzip
import hashlib
import math
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trucewatch.app.publishing.verifying import checker
from trucewatch.bulletins.look import style
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, HTTPException, Request, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LOOK = "look.css"
"""The style sheet of all pages: that of the bulletins, and what an application needs beside it."""

CHECKER = "proof.mjs"
"""What checks proofs, as the page for checking them has it."""

MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_FOREVER = "public, max-age=31536000, immutable"
_FOLDER = files("trucewatch.app.web").joinpath("static")

router = APIRouter()


@cache
def bodies() -> dict[str, bytes]:
    """Every file by its path under static/; read once, as none changes while a program runs."""
    found = dict(_walk(_FOLDER, ""))
    found[CHECKER] = checker()
    found[LOOK] = str(style()).encode() + found.pop("site.css")
    return found


def _walk(folder: Traversable, under: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir():
            found += _walk(each, f"{under}{each.name}/")
        elif PurePosixPath(each.name).suffix in MEDIA:
            found.append((under + each.name, each.read_bytes()))
    return found


@cache
def digest() -> str:
    """The hash that stands in every address: modules can name one another relative to it."""
    whole = hashlib.sha256()
    for name, body in sorted(bodies().items()):
        for part in (name.encode(), body):
            whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a file; KeyError for one that is not there."""
    if name not in bodies():
        raise KeyError(name)
    return f"/static/{digest()}/{name}"


@cache
def packed(name: str) -> bytes:
    """A file as it travels, made once; its time stamp is left out so that it is always the same."""
    return gzip.compress(bodies()[name], compresslevel=9, mtime=0)


def kilobytes(*names: str) -> int:
    """How much some files weigh as they travel, in thousands of bytes, rounded up."""
    return math.ceil(sum(len(packed(name)) for name in names) / 1000)


@router.api_route("/static/{version}/{name:path}", methods=["GET", "HEAD"], include_in_schema=False)
def static(version: str, name: str, request: Request) -> Response:
    """One file; a page of an older version still gets it, but is told to ask again."""
    body = bodies().get(name)
    if body is None:
        raise HTTPException(404)
    headers = {
        "Cache-Control": _FOREVER if version == digest() else "no-cache",
        "Content-Type": MEDIA[PurePosixPath(name).suffix],
        "Vary": "Accept-Encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed(name), headers={**headers, "Content-Encoding": "gzip"})
    return Response(body, headers=headers)
