"""Every bulletin that a viewer may read: its issues, its seal, and what two of them differ in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trucewatch.app.publishing import verifying
from trucewatch.app.serve import INDEX, VERIFIER_POLICY, published, verifier
from trucewatch.app.web.pages.asking import every, grouped
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.bulletins.differing import differences
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, HTTPException, Request, Response
    from fastapi.responses import HTMLResponse, RedirectResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.views.view import Body, View

router = APIRouter()
PUBLIC = "public"
MEDIA = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "tlog-proof": "text/plain; charset=utf-8",
}
_STYLED = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'"
"""A published page carries its style in itself, and nothing in it may run."""


@router.get("/bulletins", response_class=HTMLResponse, include_in_schema=False)
def bulletins(request: Request, site: Served) -> HTMLResponse:
    """The list of bulletins, the newest issue of each first."""
    view = site.view(site.viewer(request))
    rows = every(view, "bulletin")
    groups = [
        {"audience": audience, "bulletins": _newest_first(grouped(some, "name").values())}
        for audience, some in grouped(rows, "audience").items()
    ]
    return render(request, "bulletins.html.j2", rows=rows, groups=groups, address=address)


def _newest_first(bulletins: Iterable[list[Body]]) -> list[list[Body]]:
    """By their days, the last first; what is of no one day stands last."""
    return sorted(bulletins, key=lambda issues: issues[0]["day"] or "", reverse=True)


@router.get("/differences", response_class=HTMLResponse, include_in_schema=False)
def differ(request: Request, site: Served) -> Response:
    """What two bulletins differ in; 404 where either is not this viewer's to read."""
    view = site.view(site.viewer(request))
    names = [request.query_params.get(name, "") for name in ("before", "after")]
    if not all(names):
        return RedirectResponse("/bulletins", status_code=303)
    before, after = (_issue(view, name) for name in names)
    return render(
        request,
        "differences.html.j2",
        before=before,
        after=after,
        found=differences(_read(site, before), _read(site, after)),
        address=address,
        known={
            name
            for name in (item["id"] for item in _items(_read(site, after)))
            if view.one("incident", name) is not None
        },
        changes=_changes(site, before, after),
    )


@router.get("/bulletins/for/{audience}/{name}", include_in_schema=False)
def file(request: Request, audience: str, name: str, site: Served) -> Response:
    """A file of a bulletin for an audience that is not everybody, to those who may read it.

    404 for anybody else, as for what there is not. The pages link the list and the page that
    checks proofs, as those of everybody do.
    """
    view = site.view(site.viewer(request))
    rows = [row for row in every(view, "bulletin") if row["audience"] == audience]
    folder = folder_of(site, audience)
    if rows and name == INDEX:
        return RedirectResponse("/bulletins", status_code=303)
    if rows and name == verifying.PAGE:
        policy = {"Content-Security-Policy": VERIFIER_POLICY, "Cache-Control": "private, no-cache"}
        return HTMLResponse(verifier(folder), headers=policy)
    row = next((row for row in rows if name in _files(row)), None)
    if row is None:
        raise HTTPException(404)
    body = (folder / name).read_bytes() if name == row["print"] else published(folder, name)
    media = MEDIA.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    headers = {"Content-Type": media, "Cache-Control": "private, no-cache"}
    return Response(body, headers={**headers, "Content-Security-Policy": _STYLED})


def address(row: Body, name: str) -> str:
    """Where a file of an issue is read; what is public keeps the address that it always had."""
    if row["audience"] == PUBLIC and name != row["print"]:
        return f"/bulletins/{name}"
    return f"/bulletins/for/{row['audience']}/{name}"


def folder_of(site: Site, audience: str) -> Path:
    """The folder of what was published for an audience."""
    return site.bulletins if audience == PUBLIC else site.folder / f"for-{audience}"


def _files(row: Body) -> set[str]:
    page = row["seal"].replace(".seal.json", ".seal.html")
    named = {one["name"] for one in row["files"]} | {row["seal"], page, *row["changes"]}
    return named | {one for one in (row["print"], row["proof"]) if one}


def _issue(view: View, name: str) -> Body:
    found = view.one("bulletin", name)
    if found is None:
        raise HTTPException(404)
    return found


def _read(site: Site, row: Body) -> dict[str, Any]:
    """The JSON of an issue as it was sealed; 409 where it is not what was sealed."""
    body: dict[str, Any] = json.loads(
        published(folder_of(site, row["audience"]), f"{row['stem']}.json")
    )
    return body


def _items(body: dict[str, Any]) -> list[Body]:
    return [*body["incidents"], *body["fires"], *body["static_sources"], *body["set_aside"]]


def _changes(site: Site, before: Body, after: Body) -> list[Body]:
    """What the correction itself tells of merges and splits, where one issue follows the other."""
    name = f"{after['stem']}.changes.json"
    if after["corrects"] != before["id"] or name not in after["changes"]:
        return []
    told = json.loads(published(folder_of(site, after["audience"]), name))
    rows: list[Body] = told["changes"]
    return rows
