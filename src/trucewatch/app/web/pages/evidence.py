"""What stands behind everything else: the log, who cosigned it, and how to check it oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.noting import AUDITORS
from trucewatch.app.web.pages.asking import every
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import ngettext
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.app.web.views.view import Body

router = APIRouter()


@router.get("/evidence", response_class=HTMLResponse, include_in_schema=False)
def evidence(request: Request, site: Served) -> HTMLResponse:
    """The evidence log as one page, as far as this viewer may know of it."""
    viewer = site.viewer(request)
    view = site.view(viewer)
    logs = every(view, "log")
    log = logs[0] if logs else None
    checkpoints = every(view, "checkpoint")
    witnesses = every(view, "witness")
    return render(
        request,
        "evidence.html.j2",
        log=log,
        lead=_lead(log, checkpoints, witnesses),
        checkpoints=checkpoints,
        witnesses=witnesses,
        signed={
            (row["id"], one["witness"]): one["at"] for row in checkpoints for one in row["cosigned"]
        },
        erasures=every(view, "erasure"),
        others=every(view, "other_log"),
        verifier=(site.bulletins / "verify.html").is_file(),
        inside=log is not None and "size" in log,
        audits=bool(AUDITORS & viewer.roles),
        sections=[
            ("checkpoints", _("Checkpoints"), len(checkpoints)),
            ("witnesses", _("Witnesses"), len(witnesses)),
            ("check", _("How to check"), None),
            ("erased", _("Erased"), None),
            ("others", _("Other logs"), None),
        ],
    )


def _lead(log: Body | None, checkpoints: Sequence[Body], witnesses: Sequence[Body]) -> str:
    """How far the newest checkpoint can be trusted, in a sentence."""
    if log is None or not checkpoints:
        return _("No checkpoint of the log has been published that you may know of.")
    newest = checkpoints[0]
    count = len(newest["cosigned"])
    if not witnesses and not count:
        return _("The log stands on the word of its keeper alone: this mission has no witnesses.")
    words = ngettext(
        "%(num)s of %(all)s witnesses has cosigned the newest checkpoint that is shown here.",
        "%(num)s of %(all)s witnesses have cosigned the newest checkpoint that is shown here.",
        count,
    )
    return words % {"num": count, "all": len(witnesses)}
