"""The intake of notices from elsewhere: an interface with tokens, and a plain form.

It runs only where somebody starts it, listens to this machine alone, and shows nothing to anybody
without a token. Each call opens the mission anew, so that other commands can work meanwhile.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping as notices
from trucewatch.app.notices import tokens
from trucewatch.app.notices.intake import Intake, Refusal, Session
from trucewatch.app.notices.limits import LARGEST_BODY, bounded
from trucewatch.app.notices.page import fields_of
from trucewatch.app.serve import HEADERS as READ_ONLY
from trucewatch.errors import (
    EvidenceError,
    MissingExtra,
    NotAllowed,
    NotFound,
    RecordRejected,
    TrucewatchError,
)
from trucewatch.model import NoticeAct

try:
    import uvicorn
    from fastapi import FastAPI, Request, Response
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
except ImportError as error:
    raise MissingExtra("the intake of notices", "server") from error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

HEADERS = {
    **READ_ONLY,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # By the stricter rule of the bulletins a browser would not say where a form came from.
    "Referrer-Policy": "same-origin",
}
BODY_S = 20.0
COOKIE = "trucewatch-notices"
_CALLED = {
    NoticeAct.ACKNOWLEDGE: "acknowledge",
    NoticeAct.AMEND: "amend",
    NoticeAct.CANCEL: "cancel",
}
HOSTS = ("127.0.0.1", "localhost", "[::1]")


def make_app(intake: Intake) -> FastAPI:
    """The application over one mission's folder."""
    app = FastAPI(title="Trucewatch notices", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def harden(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        # A page elsewhere that has its name point to this machine does not get in.
        host = request.headers.get("host", "").rsplit(":", 1)[0].lower()
        if host not in HOSTS:
            answer: Response = JSONResponse({"error": "ask for 127.0.0.1"}, status_code=421)
        else:
            answer = await call_next(request)
        answer.headers.update(HEADERS)
        return answer

    @app.exception_handler(Refusal)
    async def refused(_: Request, fault: Refusal) -> Response:
        return JSONResponse({"error": fault.words}, status_code=fault.status, headers=fault.headers)

    @app.exception_handler(TrucewatchError)
    async def wrong(_: Request, fault: TrucewatchError) -> Response:
        status, words = _told(fault)
        return JSONResponse({"error": words}, status_code=status)

    @app.post("/api/notices")
    async def submit(request: Request) -> Response:
        person = await run_in_threadpool(intake.person, _bearer(request))
        raw = await _body(request)
        data = await run_in_threadpool(intake.enter, person, raw)
        status = 201 if not data["refused"] else 207 if data["entered"] else 422
        return JSONResponse(data, status_code=status)

    def acting(done: NoticeAct) -> None:
        @app.post(f"/api/notices/{{identifier}}/{_CALLED[done]}")
        async def act(identifier: str, request: Request) -> Response:
            person = await run_in_threadpool(intake.person, _bearer(request))
            raw = await _body(request)
            return JSONResponse(await run_in_threadpool(intake.act, person, identifier, done, raw))

    for done in _CALLED:
        acting(done)

    @app.get("/api/notices")
    def listed(request: Request) -> Response:
        person = intake.person(_bearer(request))
        intake.pace(person)
        with intake.mission() as mission:
            return JSONResponse(notices.listing(mission))

    @app.get("/")
    def home(request: Request) -> Response:
        session = intake.session(request.cookies.get(COOKIE))
        done = request.query_params.get("done", "") == "1"
        return HTMLResponse(intake.show(session, done="It was entered." if done else ""))

    @app.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        _same_site(request)
        form = _form(await _body(request))
        try:
            name = await run_in_threadpool(intake.sign_in, form.get("token", ""))
        except Refusal as fault:
            body = intake.show(None, fault=fault.words)
            return HTMLResponse(body, status_code=fault.status, headers=fault.headers)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, name, httponly=True, samesite="strict", path="/")
        return answer

    @app.post("/notices")
    async def from_form(request: Request) -> Response:
        session, form = await _signed(intake, request)
        fields = fields_of(form)
        try:
            data = await run_in_threadpool(intake.enter_one, session.person, fields)
        except (RecordRejected, NotFound, EvidenceError) as fault:
            status, words = _told(fault)
            body = intake.show(session, fault=f"It was not entered. {words}", given=form)
            return HTMLResponse(body, status_code=status)
        if data["refused"]:
            reason = data["refusals"][0]["reason"]
            body = intake.show(session, fault=f"It was not entered: {reason}", given=form)
            return HTMLResponse(body, status_code=422)
        return RedirectResponse("/?done=1", status_code=303)

    @app.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        await _signed(intake, request)
        intake.sign_out(request.cookies.get(COOKIE))
        answer = RedirectResponse("/", status_code=303)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return app


async def _signed(intake: Intake, request: Request) -> tuple[Session, dict[str, str]]:
    """Who sent a form, and its fields; Refusal without a session or with a wrong secret."""
    _same_site(request)
    session = intake.session(request.cookies.get(COOKIE))
    if session is None:
        raise Refusal(401, "you are not signed in, or no longer: open / and sign in")
    form = _form(await _body(request))
    if not hmac.compare_digest(form.pop("csrf", "").encode(), session.csrf.encode()):
        raise Refusal(403, "this form is not from this program, or too old: open / and try again")
    return session, form


def _same_site(request: Request) -> None:
    """Refuse what a page of another site sends; a program that names no origin is let through."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host"):
        raise Refusal(403, "another site sent this form: open / and try again")


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def _body(request: Request) -> bytes:
    try:
        # Whoever sends a letter a minute must not keep others out.
        async with asyncio.timeout(BODY_S):
            body = await bounded(request.stream())
    except TimeoutError:
        raise Refusal(408, f"it took more than {BODY_S:g} s to arrive: send it again") from None
    if body is None:
        raise Refusal(413, f"more than {LARGEST_BODY // 1024} KB: send it in parts")
    return body


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Refusal(400, "this is no form: open / and try again") from None
    return dict(pairs)


def _told(fault: TrucewatchError) -> tuple[int, str]:
    """A status and words for a fault; what lies on the disk is told to nobody."""
    if isinstance(fault, RecordRejected):
        return 422, str(fault)
    if isinstance(fault, NotAllowed | NotFound):
        return 403, str(fault)
    return 503, "it cannot be entered at this moment: try again, or tell the mission's operator"


def serve(folder: Path, *, port: int = 8090) -> None:
    """Take in notices until interrupted, on this machine alone.

    Raises NotFound where there is no mission or nothing was derived yet, or nobody has a token.
    """
    with Mission.open(folder, readonly=True):
        pass
    if not tokens.known(folder):
        raise NotFound("nobody has a token: 'trucewatch notice token --by PERSON' makes one")
    uvicorn.run(
        make_app(Intake(folder)),
        host="127.0.0.1",
        port=port,
        server_header=False,
        access_log=False,
        limit_concurrency=50,
        timeout_keep_alive=5,
        ws="none",
    )
