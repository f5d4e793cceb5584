"""The second factor in a browser: the code after the password, and the page to set it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from markupsafe import Markup

from trucewatch.app.web.accounts import codes
from trucewatch.app.web.accounts.beginning import (
    HALF,
    accounts_of,
    begin_session,
    cookie_name,
    entering,
    to_sign_in,
)
from trucewatch.app.web.accounts.guesses import TooMany
from trucewatch.app.web.accounts.knowing import WRONG_CODE, Over, Wrong
from trucewatch.app.web.accounts.pages import iso, page, proves, too_often
from trucewatch.app.web.guard.open import FACTOR
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Form, Request
    from fastapi.responses import RedirectResponse, Response
    from starlette.background import BackgroundTask
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.accounts.knowing import Known
    from trucewatch.app.web.accounts.store import Session

Text = Annotated[str, Form()]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/code")
def code_page(request: Request) -> Response:
    """The form for the code; who began no sign-in begins one."""
    if accounts_of(request).halves.find(_half(request)) is None:
        return RedirectResponse("/sign-in", status_code=303)
    return _code_form(request)


@router.post("/sign-in/code")
def give_code(request: Request, code: Text = "") -> Response:
    """Finish a sign-in by a code of the device, or by a recovery code."""
    accounts = accounts_of(request)
    try:
        entered, to = accounts.finish(_half(request), code)
    except Over:
        return RedirectResponse("/sign-in", status_code=303)
    except TooMany as fault:
        answer = _code_form(request, status=429, fault=too_often(fault))
        answer.headers["Retry-After"] = str(fault.wait)
        return answer
    except Wrong as fault:
        answer = _code_form(request, status=401, fault=_(WRONG_CODE))
        answer.background = BackgroundTask(fault.note)
        return answer
    answer = entering(request, entered, to)
    web = accounts.settings.now().web
    answer.delete_cookie(cookie_name(HALF, web), path="/", secure=web.https, httponly=True)
    return answer


@router.get(FACTOR)
def factor(request: Request) -> Response:
    """Whether there is a second factor, and what can be done about it."""
    return _factor(request)


@router.post(FACTOR)
def propose(request: Request, current: Text = "") -> Response:
    """Show a new secret, once; it counts when a code of it has come back."""
    accounts, known, session = _who(request)
    if session is None:
        return to_sign_in()
    if accounts.second.is_asked(session.person):
        return RedirectResponse(FACTOR, status_code=303)
    refusal = _unproved(request, accounts, known, current)
    if refusal is not None:
        return refusal
    secret = accounts.second.propose(session.person)
    mission = accounts.settings.now().mission.id
    address = codes.address(secret, person=session.person, mission=mission)
    return _factor(request, secret=secret, address=address)


@router.post(f"{FACTOR}/confirm")
def confirm(request: Request, code: Text = "") -> Response:
    """Have the device count; every other session ends, and this one goes on under a new name."""
    accounts, known, session = _who(request)
    if session is None:
        return to_sign_in()
    try:
        made = accounts.second.confirm(session.person, code, how=session.how)
    except TooMany as fault:
        return _factor(request, status=429, fault=too_often(fault), waits=True)
    if made is None:
        words = _("That is not the code of this device now. Begin again if it stays so.")
        return _factor(request, status=403, fault=words, waits=True)
    return _again(request, known, made=made)


@router.post(f"{FACTOR}/codes")
def renew(request: Request, current: Text = "", code: Text = "") -> Response:
    """New recovery codes, shown once; the old ones count no more."""
    accounts, known, session = _who(request)
    if session is None:
        return to_sign_in()
    refusal = _unproved(request, accounts, known, current, code=code)
    if refusal is not None:
        return refusal
    return _factor(request, made=accounts.second.renew_recovery(session.person, how=session.how))


@router.post(f"{FACTOR}/remove")
def remove(request: Request, current: Text = "", code: Text = "") -> Response:
    """Take the second factor off; every other session ends."""
    accounts, known, session = _who(request)
    if session is None:
        return to_sign_in()
    refusal = _unproved(request, accounts, known, current, code=code)
    if refusal is not None:
        return refusal
    accounts.second.remove(session.person, how=session.how)
    return _again(request, known)


def _again(request: Request, known: Known, made: tuple[str, ...] | None = None) -> Response:
    """The page under a new session; it has passed where there is a second factor now."""
    accounts, session = accounts_of(request), known.session
    assert session is not None  # noqa: S101 -- whoever has none was sent away before
    entered = accounts.enter(
        session.person, session.how, reason="second factor changed", passed=made is not None
    )
    # What this answer shows is the new session's already: the secrets of its forms, too.
    request.state.known = accounts.by_session(entered.session)
    done = "set-up" if made else "removed"
    return begin_session(request, _factor(request, made=made, done=done), entered)


def _unproved(
    request: Request, accounts: Accounts, known: Known, current: str, *, code: str | None = None
) -> Response | None:
    """The page that refuses who does not prove it again, by password and code; else None."""
    session = known.session
    assert session is not None  # noqa: S101 -- whoever has none was sent away before
    if code is not None and not accounts.second.is_asked(session.person):
        return RedirectResponse(FACTOR, status_code=303)
    try:
        if not proves(accounts, known, current):
            return _factor(request, status=403, fault=_("Prove again that it is you."))
        if code is not None and not accounts.second.check(session.person, code):
            return _factor(request, status=403, fault=_(WRONG_CODE))
    except TooMany as fault:
        return _factor(request, status=429, fault=too_often(fault))
    return None


def _factor(
    request: Request,
    *,
    status: int = 200,
    fault: str = "",
    done: str = "",
    secret: str = "",
    address: str = "",
    waits: bool = False,
    made: tuple[str, ...] | None = None,
) -> Response:
    accounts, known, session = _who(request)
    if session is None:
        return to_sign_in()
    person = session.person
    found = accounts.store.factor(person)
    confirmed = None if found is None else found.confirmed
    return page(
        request,
        "factor.html.j2",
        status=status,
        fault=fault,
        done=done,
        office=accounts.person(person),
        owes=known.owes,
        since=iso(accounts, confirmed),
        left=accounts.store.recovery_left(person),
        has_password=accounts.store.password(person) is not None,
        secret=codes.in_fours(secret),
        address=address,
        picture=Markup(codes.picture(address)) if address else "",  # noqa: S704 -- squares drawn here
        waits=bool(secret) or waits,
        made=[codes.in_fours(one) for one in made or ()],
    )


def _code_form(request: Request, *, status: int = 200, fault: str = "") -> Response:
    return page(request, "sign-in-code.html.j2", status=status, fault=fault)


def _who(request: Request) -> tuple[Accounts, Known, Session | None]:
    """Whose session it is, also of one who owes the second factor and may do nothing else yet."""
    accounts = accounts_of(request)
    known = accounts.known(request)
    return accounts, known, known.session


def _half(request: Request) -> str:
    return request.cookies.get(cookie_name(HALF, accounts_of(request).settings.now().web), "")
