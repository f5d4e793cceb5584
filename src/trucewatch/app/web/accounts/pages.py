"""Pages to sign in and out, and to see to one's own account: plain forms without a script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from trucewatch.app.web.accounts.beginning import (
    DEVICE,
    accounts_of,
    cookie_name,
    entering,
    going_on,
    to_sign_in,
    within,
)
from trucewatch.app.web.accounts.guesses import TooMany
from trucewatch.app.web.accounts.knowing import WRONG, Wrong
from trucewatch.app.web.accounts.noting import AUDITORS
from trucewatch.app.web.accounts.store import SCOPES, seconds
from trucewatch.app.web.guard.forms import csrf_token
from trucewatch.app.web.pages.frame import bare_frame, frame_of
from trucewatch.app.web.pages.rendering import dressed
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import MissingExtra, Refused, TrucewatchError

try:
    from fastapi import APIRouter, Form, Request
    from fastapi.responses import RedirectResponse, Response
    from starlette.background import BackgroundTask
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.accounts.knowing import Known

FRESH_S = 600
"""Who has no password here makes a token within so many seconds after signing in."""

DAYS = (1, 30, 90, 366)
Text = Annotated[str, Form()]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_page(request: Request, to: str = "/") -> Response:
    """The form; who is signed in goes on at once."""
    if accounts_of(request).known(request).session is not None:
        return RedirectResponse(within(to), status_code=303)
    return _sign_in_form(request, to)


@router.post("/sign-in")
def sign_in(request: Request, person: Text = "", password: Text = "", to: Text = "/") -> Response:
    """Sign in by name and password; a session that was there before ends."""
    accounts = accounts_of(request)
    web = accounts.settings.now().web
    device = request.cookies.get(cookie_name(DEVICE, web), "")
    try:
        entered = accounts.sign_in(person, password, device=device)
    except TooMany as fault:
        answer = _sign_in_form(request, to, status=429, fault=too_often(fault), person=person)
        answer.headers["Retry-After"] = str(fault.wait)
        return answer
    except Wrong as fault:
        answer = _sign_in_form(request, to, status=401, fault=_(WRONG), person=person)
        answer.background = BackgroundTask(fault.note)
        return answer
    return going_on(request, entered, to)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session here, and have the browser forget what it kept of it."""
    accounts = accounts_of(request)
    session = accounts.known(request).session
    if session is not None:
        accounts.store.end(session.person, session.digest)
    answer = RedirectResponse("/", status_code=303)
    web = accounts.settings.now().web
    answer.delete_cookie(accounts.cookie, path="/", secure=web.https, httponly=True)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.get("/account")
def account(request: Request) -> Response:
    """One's own account: how one came in, sessions, tokens, password."""
    return _account(request)


@router.post("/account/password")
def password(request: Request, current: Text = "", wanted: Text = "", again: Text = "") -> Response:
    """Change one's password; all other sessions end, and this one goes on under a new name."""
    accounts, known = accounts_of(request), accounts_of(request).known(request)
    person = known.viewer.person
    if person is None or known.session is None:
        return to_sign_in()
    try:
        if not accounts.is_password(person, current):
            return _account(request, status=403, fault=_("The current password is wrong."))
        if wanted != again:
            return _account(request, status=422, fault=_("The two new passwords differ."))
        accounts.set_password(person, wanted, how=known.how)
    except TooMany as fault:
        return _account(request, status=429, fault=too_often(fault))
    except Refused as fault:
        return _account(request, status=422, fault=str(fault))
    entered = accounts.enter(
        person,
        known.session.how,
        reason="password changed",
        device=True,
        passed=known.session.passed,
    )
    return entering(request, entered, "/account?done=password")


@router.post("/account/sessions")
def end_sessions(request: Request, session: Text = "") -> Response:
    """End one session of one's own, or all of them."""
    accounts, known = accounts_of(request), accounts_of(request).known(request)
    person = known.viewer.person
    if person is None or known.session is None:
        return to_sign_in()
    if session:
        for one in accounts.store.sessions(person):
            if one.digest[:16] == session:
                accounts.store.end(person, one.digest)
        return RedirectResponse("/account?done=session", status_code=303)
    accounts.sign_out_everywhere(person, how=known.how)
    return to_sign_in()


@router.post("/account/tokens")
def make_token(
    request: Request,
    scope: Annotated[list[str] | None, Form()] = None,
    days: Text = "90",
    current: Text = "",
) -> Response:
    """Make a token for a program of one's own; it is shown on this answer and never again."""
    accounts, known = accounts_of(request), accounts_of(request).known(request)
    person = known.viewer.person
    if person is None or known.session is None:
        return to_sign_in()
    try:
        if not proves(accounts, known, current):
            return _account(request, status=403, fault=_("Prove again that it is you."))
        if days not in {str(one) for one in DAYS}:
            return _account(request, status=422, fault=_("Choose how long it counts."))
        name, secret = accounts.give_token(
            person, frozenset(scope or ()), days=int(days), how=known.how
        )
    except TooMany as fault:
        return _account(request, status=429, fault=too_often(fault))
    except ValueError:
        return _account(request, status=422, fault=_("Choose what it may do."))
    return _account(request, made=(name, secret))


@router.post("/account/tokens/revoke")
def revoke_token(request: Request, token: Text = "") -> Response:
    """Take a token of one's own out of use."""
    accounts, known = accounts_of(request), accounts_of(request).known(request)
    if known.viewer.person is None or known.session is None:
        return to_sign_in()
    accounts.revoke(token, how=known.how, person=known.viewer.person)
    return RedirectResponse("/account?done=token", status_code=303)


def proves(accounts: Accounts, known: Known, password: str) -> bool:
    """Whether whoever is signed in proved it just now: by the password, or by a fresh sign-in."""
    session = known.session
    if session is None:
        return False
    if accounts.store.password(session.person) is not None:
        return accounts.is_password(session.person, password)
    return seconds(accounts.now()) < session.made + FRESH_S


def _account(
    request: Request,
    *,
    status: int = 200,
    fault: str = "",
    made: tuple[str, str] | None = None,
) -> Response:
    accounts, known = accounts_of(request), accounts_of(request).known(request)
    person = known.viewer.person
    if person is None or known.session is None:
        return to_sign_in()
    office = accounts.person(person)
    here = known.session.digest
    sessions = [
        {
            "id": one.digest[:16],
            "how": one.how,
            "since": iso(accounts, one.made),
            "seen": iso(accounts, one.seen),
            "here": one.digest == here,
        }
        for one in accounts.store.sessions(person)
        if accounts.lasts(one)
    ]
    tokens = [
        {
            "id": one.id,
            "scopes": sorted(one.scopes),
            "made": iso(accounts, one.made),
            "expires": iso(accounts, one.expires),
            "used": iso(accounts, one.used),
        }
        for one in accounts.store.tokens(person)
    ]
    return page(
        request,
        "account.html.j2",
        status=status,
        fault=fault,
        done=request.query_params.get("done", "") if not (fault or made) else "",
        office=office,
        sessions=sessions,
        tokens=tokens,
        scopes=SCOPES,
        days=DAYS,
        made=made,
        has_password=accounts.store.password(person) is not None,
        audits=bool(AUDITORS & frozenset(office.roles)),
        asked=known.session.asked,
        left=accounts.store.recovery_left(person),
    )


def _sign_in_form(
    request: Request, to: str, *, status: int = 200, fault: str = "", person: str = ""
) -> Response:
    provider = accounts_of(request).settings.now().oidc
    return page(
        request,
        "sign-in.html.j2",
        status=status,
        fault=fault,
        to=within(to),
        person=person[:64],
        provider=None if provider is None else provider.name,
    )


def page(request: Request, template: str, *, status: int, **data: Any) -> Response:  # noqa: ANN401 -- what templates take
    """A page of accounts, also of a mission of which nothing was derived yet."""
    try:
        frame = frame_of(request)
    except TrucewatchError:
        # One signs in to a mission, too, of which nothing was derived yet.
        frame = bare_frame(request)
    viewer = accounts_of(request).known(request).viewer
    if viewer.signed_in:
        # A session that begins with this answer is in no cookie yet.
        frame = replace(frame, viewer=viewer)
    return dressed(frame, template, status=status, csrf=csrf_token(request), **data)


def too_often(fault: TooMany) -> str:
    """What whoever guesses too often is told."""
    return _("Too many tries: wait %(wait)s seconds.") % {"wait": fault.wait}


def iso(accounts: Accounts, at: int | None) -> str | None:
    """A time in the mission's zone, None for never."""
    return None if at is None else accounts.local(datetime.fromtimestamp(at, UTC)).isoformat()
