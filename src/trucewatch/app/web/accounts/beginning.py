"""How a session begins in a browser: its cookies, and where it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.knowing import Entered
from trucewatch.app.web.accounts.second import HALF_S
from trucewatch.errors import MissingExtra

try:
    from fastapi.responses import RedirectResponse, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from fastapi import Request

    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.accounts.second import Half
    from trucewatch.app.web.settings import WebSection

DEVICE = "trucewatch-device"
HALF = "trucewatch-half"
"""What a browser keeps between the password and the code."""

_DEVICE_S = 180 * 86_400
_WITHIN = re.compile(r"/(?!/)[!-\[\]-~]*")
_LONGEST = 2_000


def within(path: str) -> str:
    """Where to go after signing in: a path of this site, or its first page for anything else."""
    return path if len(path) <= _LONGEST and _WITHIN.fullmatch(path) else "/"


def going_on(request: Request, entered: Entered | Half, to: str) -> Response:
    """The answer that begins a session, or that asks for the code which it takes."""
    if isinstance(entered, Entered):
        return entering(request, entered, to)
    accounts = accounts_of(request)
    web = accounts.settings.now().web
    answer = RedirectResponse("/sign-in/code", status_code=303)
    name = accounts.halves.keep(entered, within(to))
    _keep(answer, cookie_name(HALF, web), name, web, seconds=int(HALF_S))
    return answer


def entering(request: Request, entered: Entered, to: str) -> Response:
    """The answer that begins a session, under a new name each time, and leads on."""
    before = accounts_of(request).known(request).session
    if before is not None:
        accounts_of(request).store.end(before.person, before.digest)
    return begin_session(request, RedirectResponse(within(to), status_code=303), entered)


def begin_session(request: Request, answer: Response, entered: Entered) -> Response:
    """Have the browser keep a session with this answer."""
    accounts = accounts_of(request)
    web = accounts.settings.now().web
    _keep(answer, accounts.cookie, entered.session, web)
    if entered.device:
        _keep(answer, cookie_name(DEVICE, web), entered.device, web, seconds=_DEVICE_S)
    return answer


def to_sign_in() -> Response:
    """To the sign-in, and back to the account."""
    return RedirectResponse("/sign-in?to=/account", status_code=303)


def cookie_name(cookie: str, web: WebSection) -> str:
    """The name of a cookie; by https one that no other host can set."""
    return f"__Host-{cookie}" if web.https else cookie


def _keep(
    answer: Response, name: str, value: str, web: WebSection, *, seconds: int | None = None
) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, path="/", secure=web.https, httponly=True, samesite="lax"
    )


def accounts_of(request: Request) -> Accounts:
    """The accounts of an application."""
    found: Accounts = request.app.state.accounts
    return found
