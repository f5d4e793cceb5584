"""The window on what was published: the bulletins of one mission, read-only.

Nothing else of a mission is reachable here. A file is shown only if a seal beside it names it and
its bytes are those that were sealed; the page that checks proofs only if it is this program's own.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trucewatch.app.publishing import verifying
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Header, HTTPException, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from pathlib import Path

SEAL = ".seal.json"
PAGE = ".seal.html"
PROOF = ".tlog-proof"
INDEX = "index.html"
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
}
HEADERS = {
    # The bulletins carry their style and pictures in themselves; nothing in them may run.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # What is corrected must reach every reader: they keep a copy, but ask each time.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What one seal file says; `fault` tells why it cannot be used, and then it names nothing."""

    name: str
    bodies: dict[str, str]
    issued: object = None
    checkpoint: object = None
    evidence: object = None
    fault: str | None = None


def read_seals(folder: Path) -> tuple[Seal, ...]:
    """Every seal of a folder, by name; one that cannot be read is told, not left out."""
    return tuple(_read_seal(path) for path in sorted(folder.glob(f"*{SEAL}")))


def _read_seal(path: Path) -> Seal:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return Seal(name=path.name, bodies={}, fault="the seal cannot be read")
    bodies = data.get("bodies") if isinstance(data, dict) else None
    corrects = data.get("corrects") if isinstance(data, dict) else None
    if isinstance(bodies, dict) and isinstance(corrects, dict):
        # What tells readers of an earlier issue what changed is published like the bodies.
        files = corrects.get("files")
        bodies = {**bodies, **files} if isinstance(files, dict) else None
    if not isinstance(bodies, dict) or not all(
        _PLAIN_NAME.fullmatch(name) and isinstance(digest, str) and _SHA256.fullmatch(digest)
        for name, digest in bodies.items()
    ):
        return Seal(name=path.name, bodies={}, fault="the seal names no files with their digests")
    return Seal(
        name=path.name,
        bodies=bodies,
        issued=data.get("issued"),
        checkpoint=data.get("checkpoint"),
        evidence=data.get("evidence"),
    )


def published(folder: Path, name: str) -> bytes:
    """The bytes of a published file, checked against every seal that names it.

    Raises HTTPException: 404 where no seal names it or it is not here, 409 where it is not what
    was sealed. Seals themselves are published, each with its page for people and its proof; nothing
    vouches for them here but the log.
    """
    seals = read_seals(folder)
    sealed = {seal.bodies[name] for seal in seals if name in seal.bodies}
    beside = next((kind for kind in (PAGE, PROOF) if name.endswith(kind)), None)
    shown = f"{name.removesuffix(beside)}{SEAL}" if beside else name
    is_seal = any(seal.name == shown and seal.fault is None for seal in seals)
    if not (sealed or is_seal):
        raise HTTPException(404, "no seal names this file")
    try:
        body = (folder / name).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise HTTPException(404, "the file was sealed, but is not here") from None
    if sealed and sealed != {hashlib.sha256(body).hexdigest()}:
        raise HTTPException(409, "the file is not what was sealed; it is withheld")
    return body


VERIFIER_POLICY = f"{verifying.policy()}; frame-ancestors 'none'"
"""The page that checks proofs runs itself, and nothing that anybody put into its place."""


def verifier(folder: Path) -> bytes:
    """The page that checks proofs, with the mission's keys filled in; no seal names it.

    Raises HTTPException: 404 where it is not here, 409 where it is not this program's page.
    """
    try:
        page = (folder / verifying.PAGE).read_bytes()
    except FileNotFoundError:
        raise HTTPException(404, "the page is not here: 'trucewatch bulletin' makes it") from None
    if not verifying.is_ours(page):
        raise HTTPException(409, "the page is not the one that this program makes; it is withheld")
    return page


router = APIRouter()
"""The published bulletins of a mission; each request reads the folder anew."""


@router.api_route("/bulletins/", methods=["GET", "HEAD"], include_in_schema=False)
def index(site: Served, if_none_match: str | None = Header(None)) -> Response:
    """The list of what was published, as it was published."""
    try:
        body = (site.bulletins / INDEX).read_bytes()
    except FileNotFoundError:
        raise HTTPException(404, "nothing has been published yet") from None
    return _answer(INDEX, body, if_none_match)


@router.head("/bulletins/{name}", include_in_schema=False)
@router.get("/bulletins/{name}", response_class=Response)
def bulletin(name: str, site: Served, if_none_match: str | None = Header(None)) -> Response:
    """One published file, with its SHA-256 as the ETag."""
    if name == INDEX:
        return index(site, if_none_match)
    if name == verifying.PAGE:
        answer = _answer(name, verifier(site.bulletins), if_none_match)
        answer.headers["Content-Security-Policy"] = VERIFIER_POLICY
        return answer
    return _answer(name, published(site.bulletins, name), if_none_match)


@router.get("/api/bulletins")
def bulletins(site: Served) -> list[dict[str, object]]:
    """What has been published, from the seals; `href` is null where a file is not here."""
    folder = site.bulletins
    return [
        {
            "seal": seal.name,
            "fault": seal.fault,
            "issued": seal.issued,
            "checkpoint": seal.checkpoint,
            "evidence": seal.evidence,
            "files": [
                {
                    "name": name,
                    "sha256": digest,
                    "href": f"/bulletins/{name}" if (folder / name).is_file() else None,
                }
                for name, digest in sorted(seal.bodies.items())
            ],
        }
        for seal in read_seals(folder)
    ]


@router.get("/health")
def health(site: Served, response: Response) -> dict[str, object]:
    """Whether every file that is here is what was sealed; 503 if not."""
    folder = site.bulletins
    faults = [f"{seal.name}: {seal.fault}" for seal in read_seals(folder) if seal.fault]
    sealed = {name for seal in read_seals(folder) for name in seal.bodies}
    for name in sorted(sealed):
        try:
            published(folder, name)
        except HTTPException as fault:
            # A format that nobody asked for is sealed without being written.
            if fault.status_code != 404:
                faults.append(f"{name}: {fault.detail}")
    if not folder.is_dir():
        faults.append("the folder of the bulletins is not here")
    if faults:
        response.status_code = 503
    return {"ok": not faults, "files": len(sealed), "faults": faults}


def _answer(name: str, body: bytes, known: str | None) -> Response:
    """The body, or 304 if the reader has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    tags = {tag.strip().removeprefix("W/") for tag in (known or "").split(",")}
    if etag in tags or "*" in tags:
        return Response(status_code=304, headers={**HEADERS, "ETag": etag})
    media = _MEDIA.get(PurePosixPath(name).suffix, "application/octet-stream")
    return Response(body, headers={**HEADERS, "ETag": etag, "Content-Type": media})
