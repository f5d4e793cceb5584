"""The hotline, for the desk and the lead: the log of contacts between parties, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping
from trucewatch.app.web.accounts.noting import note_read
from trucewatch.app.web.guard.forms import csrf_token
from trucewatch.app.web.pages.keepers import entered, keeper
from trucewatch.app.web.pages.looking import stretch
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.commitments.notices import read_moment
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request, Response
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import RedirectResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.app.web.site import Site

router = APIRouter()
ROWS = 50
WORDS = ("at", "channel", "subject", "outcome")
"""The fields of the form that are words; beside them the parties, and whether it was answered."""

BLANK: Mapping[str, Any] = {**dict.fromkeys(WORDS, ""), "parties": (), "answered": True}


@router.get("/hotline", include_in_schema=False)
def hotline(request: Request, site: Served) -> Response:
    """The newest contacts first; each look is noted first, and what cannot be is not shown."""
    keeper(request, site)
    return _page(request, site)


@router.post("/hotline", include_in_schema=False)
async def add(request: Request, site: Served) -> Response:
    """Enter one contact; a bad one comes back as it was filled in, with the reason."""
    viewer = keeper(request, site)
    form = await request.form()
    given: dict[str, Any] = {name: str(form.get(name, "")) for name in WORDS}
    given |= {
        "parties": [str(one) for one in form.getlist("party")],
        "answered": "answered" in form,
    }

    def enter(mission: Mission, by: str) -> dict[str, Any]:
        at = read_moment(given["at"], mission.configuration().zone)
        return keeping.contact(mission, **{**given, "at": at}, by=by)

    fault = await entered(site, viewer, enter)
    if fault:
        return await run_in_threadpool(_page, request, site, fault=fault, given=given, status=422)
    return RedirectResponse("/hotline?done=1", status_code=303)


def _page(
    request: Request,
    site: Site,
    *,
    fault: str = "",
    given: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    note_read(request, "contacts")
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        contacts = keeping.contacts(mission)["contacts"][::-1]
        parties = {one.id: one.name for one in mission.configuration().agreement.parties}
    rows, first_page, next_page = stretch(request, contacts, ROWS)
    return render(
        request,
        "hotline.html.j2",
        status=status,
        rows=rows,
        matched=len(contacts),
        unanswered=sum(not row["answered"] for row in contacts),
        first_page=first_page,
        next_page=next_page,
        parties=parties,
        given=given or BLANK,
        fault=fault,
        done=request.query_params.get("done") == "1",
        csrf=csrf_token(request),
    )
