"""The page of one incident, and what of it is opened on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from trucewatch.app.web.acting.rights import Act, may
from trucewatch.app.web.acting.wording import WORDS, seen_text
from trucewatch.app.web.guard.forms import csrf_token
from trucewatch.app.web.pages import opening, plan, showing, trust
from trucewatch.app.web.pages.looking import is_inside, paged
from trucewatch.app.web.pages.noting import look
from trucewatch.app.web.pages.rendering import environment, render
from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import mark
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra, NotAllowed, NotFound
from trucewatch.findings.hearing.authority import DESK, REVIEWERS

try:
    from fastapi import APIRouter, Path, Request
    from fastapi.responses import HTMLResponse, JSONResponse, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer
    from trucewatch.app.web.views.view import Body, View

router = APIRouter()
Identifier = Annotated[str, Path(pattern=r"^[a-z]{3}-[0-9a-f]{4,64}$")]
RULED = ("confirm", "refute", "unverifiable", "exempt", "duplicate", "merge", "ask")


@router.get("/incidents/{identifier}", include_in_schema=False)
@paged
def incident(request: Request, identifier: Identifier, site: Served) -> Response:
    """One incident, from what its reader may see of it."""
    return page_of(request, site, site.viewer(request), identifier)


def page_of(
    request: Request,
    site: Site,
    viewer: Viewer,
    identifier: str,
    *,
    status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The page, after an act with what was entered or why it was not; NotFound for no incident."""
    view = site.view(viewer)
    body = view.one("incident", identifier)
    if body is None:
        raise NotFound(f"no incident {identifier!r}")
    one = showing.Shown(body)
    accounts = showing.accounts_of(view, identifier)
    terms, together = showing.terms_of(one)
    data = {
        "one": one,
        "heading": showing.heading(one),
        "verdict": trust.verdict(body),
        "answers": trust.answers(body),
        "voices": trust.voices(body),
        "groups": showing.by_origin(accounts),
        "total": len(accounts),
        "terms": terms,
        "together": together,
        "plan": plan.plan(one["place"], one["state"] or "", _outline(view, one)),
        "plan_words": plan.words_of(one["place"]) if one["place"] else "",
        "inside": is_inside(viewer),
        "token": csrf_token(request) if viewer.signed_in else "",
        "entered": None,
        "refused": None,
        "given_words": "",
        "given_reason": "",
        "given_other": "",
        "seen_other": "",
        "words": _words(),
        "pictures": _pictures(view, viewer, identifier),
        **_acts(view, viewer, one, accounts),
    }
    return render(request, "incident.html.j2", status=status, **data | dict(more or {}))


def _pictures(view: View, viewer: Viewer, identifier: str) -> tuple[Body, ...]:
    """The pictures of an incident; a viewer who sees none cannot ask for them by a field."""
    if not policy().sees(viewer, "attachment"):
        return ()
    return view.page("attachment", Query(where={"incident": (identifier,)})).bodies


def _outline(view: View, one: showing.Shown) -> list[plan.Polygon] | None:
    region = view.one("region", one["region"]) if one["region"] else None
    return None if region is None else region.get("polygons")


def _acts(
    view: View, viewer: Viewer, one: showing.Shown, accounts: list[showing.Shown]
) -> dict[str, Any]:
    """What this viewer may do here, and what they would do it on."""
    rules = showing.Shown(view.one("rules", "review") or {})
    parties = [(party["id"], party["name"]) for party in rules["parties"] or ()]
    said = one["history"] or []
    desk = DESK in viewer.roles and viewer.may("reply")
    may_reply, may_dissent = may(viewer, Act.REPLY), may(viewer, Act.DISSENT)
    waits = [each for each in said if each["effect"] == "waits for a second"]
    own = _own(view, viewer, one["id"])
    return {
        "rules": rules,
        "parties": parties,
        "may_review": may(viewer, Act.REVIEW) and bool(accounts),
        "may_notify": may(viewer, Act.NOTIFY) and bool(parties),
        "may_open": viewer.signed_in and bool(REVIEWERS & viewer.roles) and viewer.may("read"),
        "speaks_for": [
            party for party in parties if may_reply and (desk or party[0] == viewer.party)
        ],
        "dissents_for": (True if desk else viewer.state) if may_dissent else None,
        "seen": seen_text((each["id"] for each in accounts), (each["index"] for each in said)),
        "own": own,
        "first_of_two": " ".join(
            _("%(office)s has said “%(word)s” (log entry %(index)s): a second reviewer is awaited.")
            % {"office": each["by"], "word": _(WORDS[each["word"]]), "index": each["index"]}
            for each in waits
            if own is None or each["index"] != own["index"]
        ),
        "rulings": [(value, _(RULINGS[value])) for value in RULED],
    }


RULINGS = {
    "confirm": mark("Confirm"),
    "refute": mark("Refute"),
    "unverifiable": mark("Unverifiable"),
    "exempt": mark("Exempt"),
    "duplicate": mark("Duplicate"),
    "ask": mark("Ask for more"),
    "merge": mark("Merge"),
}


def _own(view: View, viewer: Viewer, identifier: str) -> dict[str, Any] | None:
    """The viewer's own ruling that stands, by the last state of the log that was derived."""
    past = view.one("history", identifier) or {"entries": []}
    mine = [
        each
        for each in past["entries"]
        if each["person"] == viewer.person and each["word"] != "ask"
    ]
    return mine[-1] if mine and mine[-1]["word"] != "release" else None


def _words() -> dict[str, str]:
    """What the script of the page says."""
    return {
        "checking": _("checking…"),
        "holds": _("checked: it holds"),
        "recorded": _("checked: it holds, by the log’s own word"),
        "fails": _("FAILED: it does not hold"),
        "unable": _("cannot be checked here"),
        "none": _("no proof yet: the log has not been published as far as this entry"),
        "summary": _("{held} of {all} hold; {failed} failed; {unable} could not be checked."),
        "loading": _("Opening… this reads the whole mission and takes a moment."),
        "failed": _("It could not be opened. Try again, or open it as a page of its own."),
    }


def _visible(site: Site, viewer: Viewer, identifier: str) -> View:
    view = site.view(viewer)
    if view.one("incident", identifier) is None:
        raise NotFound(f"no incident {identifier!r}")
    return view


def _inside(site: Site, viewer: Viewer, identifier: str) -> View:
    """The view of somebody who works in the mission; NotFound for what they may not see."""
    if not is_inside(viewer) or not viewer.may("read"):
        raise NotAllowed("this is opened to those who work in the mission")
    return _visible(site, viewer, identifier)


@router.get("/incidents/{identifier}/why", include_in_schema=False)
@paged
def why(request: Request, identifier: Identifier, site: Served, part: bool = False) -> Response:
    """The arithmetic behind an incident: a page, or for a script the part that goes into one."""
    viewer = site.viewer(request)
    view = _inside(site, viewer, identifier)
    look(request, "joined", identifier)
    data = opening.kept_arithmetic(site, view, identifier)
    if part:
        template = environment().get_template("why.html.j2").module
        made = template.arithmetic(data)  # type: ignore[attr-defined]  # a macro of the template
        return HTMLResponse(str(made), headers={"Cache-Control": "private, no-store"})
    one = showing.Shown(view.one("incident", identifier) or {})
    return render(request, "why_page.html.j2", data=data, one=one, heading=showing.heading(one))


@router.get("/incidents/{identifier}/picture.svg", include_in_schema=False)
@paged
def picture(request: Request, identifier: Identifier, site: Served) -> Response:
    """The picture of what each account brings."""
    viewer = site.viewer(request)
    view = _inside(site, viewer, identifier)
    look(request, "joined", identifier)
    body = view.kept(f"picture {identifier}", lambda: opening.drawn(site, identifier))
    return Response(
        body, media_type="image/svg+xml", headers={"Cache-Control": "private, no-cache"}
    )


@router.get("/incidents/{identifier}/proofs/{index}", include_in_schema=False)
@paged
def proof(
    request: Request,
    identifier: Identifier,
    index: Annotated[int, Path(ge=0, le=2**53)],
    site: Served,
) -> Response:
    """The proof of a log entry that this page names: as a file, or with its keys for the script."""
    viewer = site.viewer(request)
    view = _inside(site, viewer, identifier)
    if index not in _entries(view, identifier):
        raise NotFound(f"this incident names no log entry {index}")
    made = opening.proof_of(site, index)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(made, headers={"Cache-Control": "private, no-store"})
    return _download(
        made["proof"].encode(), f"entry-{index}.tlog-proof", "text/plain; charset=utf-8"
    )


def _entries(view: View, identifier: str) -> set[int]:
    """The log entries that the page of an incident names, save those of sources under seal."""
    body = view.one("incident", identifier) or {}
    named = {each["index"] for each in body.get("history") or ()}
    for account in showing.accounts_of(view, identifier):
        if account["source_id"]:
            named |= set(account["entries"] or ())
    return named


@router.get("/incidents/{identifier}/records/{report}/{index}", include_in_schema=False)
@paged
def record(
    request: Request,
    identifier: Identifier,
    report: Identifier,
    index: Annotated[int, Path(ge=0, le=2**53)],
    site: Served,
    download: bool = False,
) -> Response:
    """A record as it was received: its bytes as text, never as what they may pretend to be."""
    viewer = site.viewer(request)
    view = _inside(site, viewer, identifier)
    accounts = showing.accounts_of(view, identifier)
    if not any(
        each["report"] == report and each["source_id"] and index in (each["entries"] or ())
        for each in accounts
    ):
        raise NotFound(f"no record of {report!r}")
    look(request, "bytes", f"{report} {index}")
    found = opening.record(site, report, index)
    if download:
        return _download(found["bytes"], f"{report}-{index}.bin", "application/octet-stream")
    one = showing.Shown(view.one("incident", identifier) or {})
    return render(
        request, "record.html.j2", found=found, one=one, report=report, heading=showing.heading(one)
    )


def _download(body: bytes, name: str, media: str) -> Response:
    return Response(
        body,
        headers={
            "Content-Type": media,
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        },
    )
