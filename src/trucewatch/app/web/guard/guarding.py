"""The one door before the application: it refuses early, and dresses every answer."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.knowing import NOBODY
from trucewatch.app.web.accounts.noting import Access
from trucewatch.app.web.api.problems import problem
from trucewatch.app.web.faults import LATER
from trucewatch.app.web.guard import forms
from trucewatch.app.web.guard.bodies import BODY_S, LARGEST_BODY, UPLOAD_S, Body
from trucewatch.app.web.guard.heads import STATIC, dress
from trucewatch.app.web.guard.open import FACTOR, OPEN
from trucewatch.app.web.limits import Bucket, network
from trucewatch.app.web.pages.errors import error_page, wants_page
from trucewatch.app.web.settings import WebSection
from trucewatch.errors import MissingExtra, TrucewatchError

try:
    from fastapi.concurrency import run_in_threadpool
    from starlette.datastructures import MutableHeaders
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import RedirectResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.accounts.knowing import Known

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
WRONG_PER_MINUTE = 30
"""Calls of one network with a token that is none."""

WRITES_PER_MINUTE = 120
"""Writes of one person, or of one network where nobody is signed in."""

_BROWSERS = frozenset({"origin", "referer", "sec-fetch-site"})
"""What a browser says of where a write comes from: each says at least one."""

_LONGEST_TARGET = 8_000
_LONGEST_NOTED = 100
log = logging.getLogger("trucewatch.web")


class Guard:
    """Wraps an application; `accounts` say who calls and what mission.toml allows."""

    def __init__(
        self, app: ASGIApp, accounts: Accounts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._accounts = app, accounts
        self._calls, self._wrong = Bucket(clock=clock), Bucket(clock=clock)
        self._writes = Bucket(clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        # After a long delivery there is much to read, and others are not to wait for that.
        current = self._accounts.settings.is_current
        web = self._web() if current else await run_in_threadpool(self._web)
        request = Request(scope)
        body = Body(receive, **_bounds(request, web))
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(message, request, web)
            await send(message)

        async def within(message: Message) -> None:
            # What the application says of a body that was cut short is not the reason.
            if not (body.too_large or body.too_slow):
                await answer(message)

        try:
            refusal = await self._refused(request, body, web)
            if refusal is None:
                await self._app(scope, body.receive, within)
        except ClientDisconnect:
            refusal = None
        if (body.too_large or body.too_slow) and not status:
            refusal = _too_much(body)
        if refusal is not None:
            await refusal(scope, receive, answer)
        if status == 403:
            await run_in_threadpool(self._note_refusal, request)

    def _note_refusal(self, request: Request) -> None:
        """Note that somebody signed in was refused: what they tried, without what they sent."""
        known: Known = getattr(request.state, "known", NOBODY)
        by = known.viewer.person
        if by is None:
            return
        tried = "/".join(request.url.path.split("/")[:3])[:_LONGEST_NOTED]
        try:
            self._accounts.notes.once(
                Access(what="refused", by=by, how=known.how, id=f"{request.method} {tried}")
            )
        except TrucewatchError as fault:
            # They were refused all the same; the server's own log has what ours could not take.
            log.error("a refusal could not be noted: %s", type(fault).__name__)

    def _web(self) -> WebSection:
        """[web] in force; its defaults, for this machine alone, where that cannot be said."""
        try:
            return self._accounts.settings.now().web
        except TrucewatchError:
            return WebSection()

    async def _refused(self, request: Request, body: Body, web: WebSection) -> Response | None:
        """Why a call is not answered; None where the application is to answer it."""
        if _host(request) not in _hosts(web):
            return _plain(421, "This is not served under that name.")
        if "transfer-encoding" in request.headers and "content-length" in request.headers:
            # A proxy that goes by the other one would take the rest for somebody else's call.
            return _plain(400, "A message has one length.", Connection="close")
        if request.method not in METHODS:
            return _plain(405, "There is no such method.")
        if len(request.scope.get("raw_path") or b"") + len(request.url.query) > _LONGEST_TARGET:
            return _plain(414, "The address is too long.")
        peer = request.client.host if request.client else ""
        place = network(peer, request.headers.get("x-forwarded-for", ""), web.proxies)
        request.state.place = place
        wait = self._calls.call(place, web.calls_per_minute)
        if wait:
            return _too_often(wait)
        if request.url.path.startswith(STATIC):
            return None
        asked = "authorization" in request.headers or bool(request.cookies)
        try:
            known = await run_in_threadpool(self._accounts.known, request) if asked else NOBODY
        except TrucewatchError as fault:
            # Who calls cannot be told: that they are nobody is not said either.
            log.error("accounts: %s", type(fault).__name__)
            return _plain(503, LATER)
        request.state.known = known
        if "authorization" in request.headers and known is NOBODY:
            wait = self._wrong.call(place, WRONG_PER_MINUTE)
            return _too_often(wait) if wait else _no_token()
        if known.owes and request.url.path not in OPEN:
            return _still_owes(request)
        caller = known.viewer.person or place
        signed_in = known.viewer.signed_in
        wait = self._calls.call(caller, web.calls_per_minute) if signed_in else 0
        if not wait and request.method not in SAFE:
            wait = self._writes.call(caller, WRITES_PER_MINUTE)
        if wait:
            return _too_often(wait)
        if request.method in SAFE:
            return None
        return await self._refused_write(request, body, web, known)

    async def _refused_write(
        self, request: Request, body: Body, web: WebSection, known: Known
    ) -> Response | None:
        """Why a write is refused: its size, or that a page of another site may have sent it."""
        announced = request.headers.get("content-length", "0")
        if not announced.isascii() or not announced.isdigit():
            return _plain(400, "The length is no number.")
        if int(announced[:20]) > body.most:
            body.too_large = True
            return _too_much(body)
        upload = _is_upload(request)
        start = await (body.start(forms.LONGEST_FIRST_PART) if upload else body.whole())
        if start is None:
            return _too_much(body) if body.too_large or body.too_slow else None
        if known.token is not None:
            # A token is shown by programs alone: no browser adds it by itself.
            return None
        if not request.cookies and not _BROWSERS.intersection(request.headers.keys()):
            # A program that carries nobody's rights: there is nothing to borrow.
            return None
        given = request.headers.get(forms.HEADER) or (
            forms.in_first_part(start) if upload else forms.in_fields(start)
        )
        ours = forms.same_site(request, web) and await run_in_threadpool(
            forms.is_ours, request, self._accounts, web, given
        )
        if ours:
            return None
        words = "This form is not from this site, or too old: open the page and try again."
        if wants_page(request):
            return await run_in_threadpool(error_page, request, 403, words)
        return _plain(403, words)

    def _dress(self, message: Message, request: Request, web: WebSection) -> None:
        headers = MutableHeaders(scope=message)
        known: Known = getattr(request.state, "known", NOBODY)
        signed_in = known.viewer.signed_in or known.session is not None
        dress(headers, request.url.path, web, signed_in=signed_in)
        crumb = getattr(request.state, "form_cookie", None)
        if crumb is not None:
            secure = "; Secure" if web.https else ""
            headers.append(
                "Set-Cookie",
                f"{forms.form_cookie(web)}={crumb}; Path=/; HttpOnly; SameSite=Strict{secure}",
            )


def install(app: FastAPI, accounts: Accounts) -> None:
    """Have the guard stand before an application, and its faults told without a word of the code.

    Call it after every other middleware but the one that sets the language was added.
    """
    app.state.accounts = accounts

    async def failed(request: Request, fault: Exception) -> Response:
        # The server raises it again and writes down where it was; nobody outside is told.
        log.error("fault: %s", type(fault).__name__)
        answer: Response = (
            error_page(request, 500)
            if wants_page(request)
            else problem(500, "The fault is ours: try again later.")
        )
        try:
            web = accounts.settings.now().web
        except (TrucewatchError, OSError):
            web = WebSection()
        dress(answer.headers, request.url.path, web, signed_in=True)
        return answer

    app.add_exception_handler(Exception, failed)
    app.add_middleware(Guard, accounts=accounts)


def _bounds(request: Request, web: WebSection) -> dict[str, float]:
    if _is_upload(request):
        return {"most": int(web.upload_mb * 1_000_000), "seconds": UPLOAD_S}
    return {"most": LARGEST_BODY, "seconds": BODY_S}


def _is_upload(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "multipart/form-data"


def _host(request: Request) -> str:
    """The name that was asked for, without a port; a header that stands twice is none."""
    if len(request.headers.getlist("host")) != 1:
        return ""
    host = request.headers["host"].lower()
    return f"{host.partition(']')[0]}]" if host.startswith("[") else host.partition(":")[0]


def _hosts(web: WebSection) -> frozenset[str]:
    base = web.base_url.partition("://")[2]
    named = f"{base.partition(']')[0]}]" if base.startswith("[") else base.partition(":")[0]
    return LOOPBACK | {*web.hosts} | ({named} if named else set())


def _plain(status: int, words: str, **headers: str) -> Response:
    return problem(status, words, headers=headers)


def _too_often(wait: int) -> Response:
    return _plain(429, f"Too many calls: wait {wait} s.", **{"Retry-After": str(wait)})


def _no_token() -> Response:
    words = "No such token, or its time is over: 'trucewatch account token' makes one."
    return _plain(401, words, **{"WWW-Authenticate": "Bearer"})


def _still_owes(request: Request) -> Response:
    """To the page where a second factor is set up; a program is told."""
    if request.method in SAFE and wants_page(request):
        return RedirectResponse(FACTOR, status_code=303)
    return _plain(403, "A second factor is demanded of this role: set it up first.")


def _too_much(body: Body) -> Response:
    if body.too_slow:
        return _plain(408, "It took too long to arrive: send it again.", Connection="close")
    return _plain(413, "More than is taken in: send less.", Connection="close")
