"""What field teams send from where they are, and pictures made anew for those inside."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from trucewatch.app.beside import patiently
from trucewatch.app.mission import Mission
from trucewatch.app.reporting.pictures import LARGEST_PICTURE, picture
from trucewatch.app.reporting.taking import ROLES, receipt, submit
from trucewatch.app.web.answering import unchanged
from trucewatch.app.web.guard import FIELD, csrf_token
from trucewatch.app.web.pages.noting import look
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.site import Served, site_of
from trucewatch.errors import MissingExtra, NotAllowed, NotFound, Refused
from trucewatch.model import kind_tree
from trucewatch.reports.field import FIELDS, MOST_PICTURES

try:
    from fastapi import APIRouter, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import RedirectResponse, Response
    from starlette.datastructures import UploadFile
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.site import Site

router = APIRouter()
PICTURES = "pictures"
"""The field of the form that holds pictures; it may stand several times."""

SCOPE = "report"
_MOST_FIELDS = 30
_LONGEST_PART = 64 * 1024
_DIGEST = re.compile("[0-9a-f]{64}")
_ERRORS_M = ("30", "100", "500", "2000", "10000")


@router.get("/report", include_in_schema=False)
def form(request: Request) -> Response:
    """The form, for who is in a field team."""
    reporter(request)
    return _form(request)


@router.post("/report", include_in_schema=False)
async def from_form(request: Request) -> Response:
    """Take in what the form sent, and show its receipt."""
    person = await run_in_threadpool(reporter, request)
    fields, pictures = await sent(request)
    try:
        data = await run_in_threadpool(taken, site_of(request), person, fields, pictures)
    except Refused as fault:
        return await run_in_threadpool(_form, request, fields, str(fault))
    return RedirectResponse(f"/report/{data['log_index']}", status_code=303)


@router.get("/report/{index}", include_in_schema=False)
def receipt_page(request: Request, site: Served, index: int) -> Response:
    """The receipt of what this person sent, for print."""
    person = reporter(request)
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        told = receipt(mission, index, by=person)
    return render(request, "receipt.html.j2", told=told, kinds=kind_tree())


@router.get("/attachments/{digest}.jpg", include_in_schema=False)
def attachment(request: Request, site: Served, digest: str) -> Response:
    """A picture made anew, for whoever is let see its record; nobody learns of others."""
    none = NotFound("there is no such picture")
    if not _DIGEST.fullmatch(digest):
        raise none
    if site.view(site.viewer(request)).one("attachment", digest) is None:
        raise none
    look(request, "bytes", digest)
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        shown = picture(mission, digest)
    if shown.refused:
        raise NotFound(f"this picture is not shown: {shown.refused}")
    etag = f'"{hashlib.sha256(shown.jpeg).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Content-Disposition": f'inline; filename="{digest[:12]}.jpg"',
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(shown.jpeg, media_type="image/jpeg", headers=headers)


def reporter(request: Request) -> str:
    """The person of a field team who calls; NotAllowed for anybody else."""
    viewer = site_of(request).viewer(request)
    if viewer.person is None or not viewer.may(SCOPE) or not ROLES & viewer.roles:
        raise NotAllowed("reports are sent by members of a field team, who have signed in")
    return viewer.person


async def sent(request: Request) -> tuple[dict[str, str], list[bytes]]:
    """The fields and the pictures of a form; Refused where it has too many of either."""
    async with request.form(
        max_files=MOST_PICTURES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_PART
    ) as given:
        fields: dict[str, str] = {}
        pictures: list[bytes] = []
        for name, value in given.multi_items():
            if isinstance(value, UploadFile):
                raw = await value.read(LARGEST_PICTURE + 1)
                # A browser sends an empty file where none was chosen.
                if raw:
                    pictures.append(raw)
            elif name != FIELD:
                if name in fields:
                    raise Refused(f"the field {name[:40]!r} stands twice")
                fields[name] = value.replace("\r\n", "\n")
    return fields, pictures


def taken(site: Site, person: str, fields: dict[str, str], pictures: list[bytes]) -> dict[str, Any]:
    """Take in one report; see `submit`."""
    with patiently(lambda: Mission.open(site.folder, now=site.now)) as mission:
        given = submit(mission, fields, pictures, by=person)
    site.follow()
    return given


def _form(request: Request, given: dict[str, str] | None = None, fault: str = "") -> Response:
    site = site_of(request)
    regions = site.view(site.viewer(request)).page("region").bodies
    tree = kind_tree()
    return render(
        request,
        "report.html.j2",
        status=422 if fault else 200,
        csrf=csrf_token(request),
        given={name: (given or {}).get(name, "") for name in FIELDS},
        fault=fault,
        kinds=[(one, len(tree.lineage(one)) - 1, tree[one].name) for one in tree],
        regions=sorted((one["id"], one["name"]) for one in regions),
        errors_m=_ERRORS_M,
        most=MOST_PICTURES,
        most_mb=LARGEST_PICTURE // (1024 * 1024),
        all_mb=int(request.app.state.accounts.settings.now().web.upload_mb),
    )
