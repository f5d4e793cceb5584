"""Deconfliction notices, for the desk and the lead: the list, the form, and what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.notices import keeping
from trucewatch.app.notices.page import INPUTS, fields_of
from trucewatch.app.web.accounts.noting import note_read
from trucewatch.app.web.guard.forms import FIELD, csrf_token
from trucewatch.app.web.pages.asking import every
from trucewatch.app.web.pages.drawing import notice_map
from trucewatch.app.web.pages.keepers import entered, keeper
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import mark as N_  # noqa: N812 -- the usual name of a mark
from trucewatch.commitments.notices import DISCLAIMERS
from trucewatch.errors import MissingExtra
from trucewatch.model import NoticeAct

try:
    from fastapi import APIRouter, HTTPException, Request, Response
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import RedirectResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trucewatch.app.mission import Mission
    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer

router = APIRouter()
LABELS = {
    "organisation": (N_("Organisation"), N_("Who moves or works there.")),
    "contact": (N_("Contact"), N_("How they are reached at any hour.")),
    "sort": (N_("Movement or site"), N_("A movement has a way, a site a place.")),
    "domain": (N_("Sea, land or air"), N_("Where it takes place.")),
    "place": (N_("Place"), N_("The place or the way in words.")),
    "route": (
        N_("Route"),
        N_("Longitude,latitude in degrees, such as 9.10,40.20; several with spaces between."),
    ),
    "width_m": (N_("Width"), N_("Metres to each side, 500 where nothing is said.")),
    "from": (N_("From"), N_("Day and hour, such as 2031-05-04T08:00.")),
    "to": (N_("To"), N_("A movement has an end; a site may go without.")),
    "emergency": (
        N_("Emergency"),
        N_("24 hours ahead are enough; otherwise 48 are asked for."),
    ),
    "note": (N_("Note"), N_("Anything else.")),
}
"""What the form calls each field, and what it says beside it."""


@router.get("/notices", include_in_schema=False)
def notices(request: Request, site: Served) -> Response:
    """The list and the form; each look at it is noted first, and what cannot be is not shown."""
    viewer = keeper(request, site)
    return _page(request, site, viewer, done=request.query_params.get("done", ""))


@router.post("/notices", include_in_schema=False)
async def add(request: Request, site: Served) -> Response:
    """Enter one notice; a bad one comes back as it was filled in, with the reason."""
    viewer = keeper(request, site)
    form = await _form(request)

    def enter(mission: Mission, by: str) -> dict[str, Any]:
        return keeping.add(mission, fields_of(form), by=by)

    return await _done(request, site, viewer, enter, given=form)


@router.post("/notices/{name}", include_in_schema=False)
async def act(request: Request, name: str, site: Served) -> Response:
    """Acknowledge, amend or cancel a notice."""
    viewer = keeper(request, site)
    form = await _form(request)
    reason = form.pop("reason", "")
    try:
        done = NoticeAct(form.pop("act", ""))
    except ValueError:
        raise HTTPException(422) from None

    def enter(mission: Mission, by: str) -> dict[str, Any]:
        if done is NoticeAct.AMEND:
            changes = {key: value for key, value in fields_of(form).items() if key in _AMENDED}
            changes = {key: value for key, value in changes.items() if value not in ("", False)}
            return keeping.amend(mission, name, changes, by=by, reason=reason)
        return keeping.act(mission, name, done, by=by, reason=reason)

    return await _done(request, site, viewer, enter)


_AMENDED = frozenset({"contact", "place", "route", "width_m", "from", "to", "note"})


async def _form(request: Request) -> dict[str, str]:
    sent = await request.form()
    return {name: value for name, value in sent.items() if isinstance(value, str) and name != FIELD}


async def _done(
    request: Request,
    site: Site,
    viewer: Viewer,
    enter: Callable[[Mission, str], dict[str, Any]],
    *,
    given: Mapping[str, str] | None = None,
) -> Response:
    """Enter what was asked for, then the list; what is refused is told above the form."""
    fault = await entered(site, viewer, enter)
    if fault:
        return await run_in_threadpool(
            _page, request, site, viewer, fault=fault, given=given or {}, status=422
        )
    return RedirectResponse("/notices?done=1", status_code=303)


def _page(
    request: Request,
    site: Site,
    viewer: Viewer,
    *,
    fault: str = "",
    done: str = "",
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    note_read(request, "notices")
    view = site.view(viewer)
    rows = every(view, "notice")
    matches = every(view, "match")
    return render(
        request,
        "notices.html.j2",
        status=status,
        notices=rows,
        live=[row for row in rows if row["state"] != "cancelled"],
        map=notice_map(rows, every(view, "region")),
        matches=[row for row in matches if not row["near_misses"]],
        near=[row for row in matches if row["near_misses"]],
        disclaimers=DISCLAIMERS,
        inputs=INPUTS,
        labels=LABELS,
        amended=_AMENDED,
        given={name: (given or {}).get(name, "") for name, *_ in INPUTS},
        fault=fault,
        done=done == "1",
        csrf=csrf_token(request),
        csrf_field=FIELD,
        sections=[],
    )
