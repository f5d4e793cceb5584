"""Who looked at what must stay sealed, who signed in and who was refused: for the lead."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.app.web.accounts.noting import AUDITORS, listed, sifted
from trucewatch.app.web.acting.rights import NotSignedIn
from trucewatch.app.web.pages.looking import paged, stretch
from trucewatch.app.web.pages.noting import look
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.vocabulary import noted_word
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.errors import MissingExtra, NotAllowed

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import Response  # noqa: TC002 -- FastAPI reads it at run time
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.accounts.entering import Accounts

router = APIRouter()
ROWS = 50


@router.get("/reads", include_in_schema=False)
@paged
def reads(request: Request, site: Served) -> Response:
    """What was noted, the newest first; this look is noted, too, before anything is shown."""
    viewer = site.viewer(request)
    if not viewer.signed_in:
        raise NotSignedIn("what was noted of those who looked is for the lead")
    if not (AUDITORS & viewer.roles and viewer.may("read")):
        raise NotAllowed("what was noted of those who looked is for the lead")
    look(request, "reads", "")
    accounts: Accounts = request.app.state.accounts
    settings = accounts.settings.now()
    rows = listed(site.folder, ZoneInfo(settings.mission.timezone))
    chosen = {name: value for name in ("by", "what") if (value := request.query_params.get(name))}
    found = sifted(rows, by=chosen.get("by"), what=chosen.get("what"))[::-1]
    shown, first_page, next_page = stretch(request, found, ROWS)
    names = {one.id: one.name for one in settings.people}
    sorts = Counter(row["what"] for row in rows)
    people = Counter(row["by"] for row in rows if row["by"])
    return render(
        request,
        "reads.html.j2",
        rows=shown,
        matched=len(found),
        names=names,
        sorts=sorted((noted_word(what), what, count) for what, count in sorts.items()),
        people=sorted((names.get(by, by), by, count) for by, count in people.items()),
        chosen=chosen,
        first_page=first_page,
        next_page=next_page,
    )
