"""The forms of the incident page and of the queue: what somebody enters, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from trucewatch.app.web.acting import acts
from trucewatch.app.web.acting.rights import Act, require
from trucewatch.app.web.acting.wording import outcome_words, read_seen, seen_text
from trucewatch.app.web.pages import opening
from trucewatch.app.web.pages.incident import Identifier, page_of
from trucewatch.app.web.pages.looking import (
    fault_data,
    form_of,
    paged,
    refused,
    status_of,
    wants_json,
)
from trucewatch.app.web.pages.noting import look
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.showing import Shown, heading
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import MissingExtra, NotAllowed, NotFound, Refused, TrucewatchError
from trucewatch.findings.hearing.authority import REVIEWERS
from trucewatch.model import Ruling

try:
    from fastapi import APIRouter, Depends, Request
    from fastapi.responses import JSONResponse, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer

router = APIRouter()
Form = Annotated[dict[str, str], Depends(form_of)]
Data = dict[str, Any]
MERGE, PART = "merge", "part-"


def ruled(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
    """Enter the ruling that a form asks for, or the merge, and say in words what came of it."""
    require(viewer, Act.REVIEW)
    ruling = form.get("ruling") or form.get("act") or ""
    seen = read_seen(form.get("seen") or form.get(f"seen-{identifier}") or "")
    reason, other = form.get("reason", ""), form.get("other", "").strip()
    if ruling == MERGE:
        looked = form.get(f"seen-{other}")
        merged = acts.merge(
            site,
            viewer,
            identifier,
            other,
            reason=reason,
            seen=seen,
            seen_other=read_seen(looked) if looked else None,
        )
        return _told(merged, MERGE, undo=True)
    if ruling not in set(acts.RULINGS):
        raise Refused("choose what you rule")
    entered = acts.rule(
        site,
        viewer,
        identifier,
        Ruling(ruling),
        reason=reason,
        seen=seen,
        other=other if ruling == Ruling.DUPLICATE else None,
    )
    return _told(entered, ruling, undo=ruling != Ruling.ASK)


def parted(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
    """Enter that the accounts that were ticked tell of something else."""
    require(viewer, Act.REVIEW)
    seen = read_seen(form.get("seen") or "")
    claims = [name.removeprefix(PART) for name in form if name.startswith(PART)]
    if not claims:
        raise Refused("tick the accounts that tell of something else")
    reason = form.get("reason", "")
    entered = acts.split(site, viewer, identifier, claims, reason=reason, seen=seen)
    return _told(entered, "split", undo=True)


def undone(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
    """Take a ruling back by its log entry."""
    require(viewer, Act.REVIEW)
    entry = form.get("entry", "")
    if not entry.isascii() or not entry.isdigit() or len(entry) > 18:
        raise Refused("name the log entry that is to be taken back")
    reason = form.get("reason", "")
    entered = acts.undo(site, viewer, identifier, int(entry), reason=reason)
    return _told(entered, "release", undo=False)


def _told(entered: Data, word: str, *, undo: bool) -> Data:
    seen = entered["seen"]
    return {
        "incident": entered["incident"],
        "log_index": entered["log_index"],
        "at": entered["at"],
        "ruling": word,
        "needs_second": bool(entered.get("needs_second")),
        "seen": seen_text(seen["claims"], seen["entries"]),
        "words": outcome_words(entered, word),
        "undo": undo,
    }


def _spoken(entered: Data, words: str) -> Data:
    return {**entered, "words": words, "undo": False}


@router.post("/queue/acts", include_in_schema=False)
@paged
def from_queue(request: Request, site: Served, form: Form) -> Response:
    """One act on the incident that was chosen in the queue."""
    identifier, act = form.get("incident", ""), form.get("act", "")
    doing = undone if act == "undo" else ruled
    return _answered(request, site, identifier, form, doing)


@router.post("/incidents/{identifier}/reviews", include_in_schema=False)
@paged
def review(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """A reviewer's ruling."""
    return _answered(request, site, identifier, form, ruled)


@router.post("/incidents/{identifier}/split", include_in_schema=False)
@paged
def split(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """Some accounts parted from the rest."""
    return _answered(request, site, identifier, form, parted)


@router.post("/incidents/{identifier}/undo", include_in_schema=False)
@paged
def undo(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """A ruling taken back by an entry that supersedes it."""
    return _answered(request, site, identifier, form, undone)


@router.post("/incidents/{identifier}/notifications", include_in_schema=False)
@paged
def notify(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """That a party was told."""

    def doing(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
        entered = acts.notify(site, viewer, identifier, party=form.get("party", ""))
        words = _("Entered as log entry %(index)s: the party may reply until %(moment)s.") % {
            "index": entered["log_index"],
            "moment": entered["deadline"],
        }
        return _spoken(entered, words)

    return _answered(request, site, identifier, form, doing)


@router.post("/incidents/{identifier}/replies", include_in_schema=False)
@paged
def reply(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """A party's own words."""

    def doing(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
        entered = acts.reply(
            site, viewer, identifier, party=form.get("party", ""), words=form.get("words", "")
        )
        words = _("Entered as log entry %(index)s: the reply is printed beside the finding.") % {
            "index": entered["log_index"]
        }
        late = " " + _("It came after the deadline, and is printed as late.")
        return _spoken(entered, words + (late if entered["late"] else ""))

    return _answered(request, site, identifier, form, doing)


@router.post("/incidents/{identifier}/dissents", include_in_schema=False)
@paged
def dissent(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """A state's disagreement."""

    def doing(site: Site, viewer: Viewer, identifier: str, form: dict[str, str]) -> Data:
        entered = acts.dissent(
            site, viewer, identifier, state=form.get("state", ""), words=form.get("words", "")
        )
        words = _("Entered as log entry %(index)s: the dissent is printed beside the finding.") % {
            "index": entered["log_index"]
        }
        return _spoken(entered, words)

    return _answered(request, site, identifier, form, doing)


def _answered(
    request: Request,
    site: Site,
    identifier: str,
    form: dict[str, str],
    doing: Callable[[Site, Viewer, str, dict[str, str]], Data],
) -> Response:
    """Do it, and answer a script with data and a form with the incident's page."""
    viewer = site.viewer(request)
    try:
        entered = doing(site, viewer, identifier, form)
    except (Refused, NotFound) as fault:
        return _not_entered(request, site, viewer, identifier, form, fault)
    if wants_json(request):
        return JSONResponse(entered)
    return page_of(request, site, viewer, identifier, more={"entered": entered})


def _not_entered(
    request: Request,
    site: Site,
    viewer: Viewer,
    identifier: str,
    form: dict[str, str],
    fault: TrucewatchError,
) -> Response:
    """What was refused for what it says, rather than for who said it: asked again, nothing lost."""
    status, words = status_of(fault)
    if wants_json(request) or isinstance(fault, NotFound):
        return refused(request, fault)
    other = form.get("other", "").strip()
    more = {
        "given_words": form.get("words", ""),
        "given_reason": form.get("reason", ""),
        "given_other": other,
        "seen_other": form.get(f"seen-{other}", ""),
    }
    now = {name: it for name, it in fault_data(fault).items() if name in {"seen", "seen_other"}}
    if now:
        words += " " + _("Nothing was entered. Look again: what you send now is on what there is.")
    more |= {"refused": words, **now}
    return page_of(request, site, viewer, identifier, status=status, more=more)


@router.post("/incidents/{identifier}/identity", include_in_schema=False)
@paged
def identity(request: Request, identifier: Identifier, site: Served, form: Form) -> Response:
    """Who stands behind an account under seal: to a reviewer or the lead, who say why."""
    viewer = site.viewer(request)
    if not (viewer.may("read") and REVIEWERS & viewer.roles):
        raise NotAllowed("a seal is opened by a reviewer or the lead")
    view = site.view(viewer)
    account, claim = None, form.get("account", "")
    one = view.one("incident", identifier)
    if one is not None:
        account = view.one("account", claim)
    if one is None or account is None or account.get("incident") != identifier:
        raise NotFound("no such account")
    reason = form.get("reason", "").strip()
    if not reason:
        raise Refused("say why you must know it")
    look(request, "identity", claim, reason)
    found = opening.identity(site, claim)
    shown = Shown(one)
    answer = render(
        request, "identity.html.j2", found=found, one=shown, heading=heading(shown), reason=reason
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
