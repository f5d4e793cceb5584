"""The intake of notices from elsewhere: an interface with tokens, and a plain form.

It runs only where somebody starts it, listens to this machine alone, and shows nothing to anybody
without a token. Each call opens the mission anew, so that other commands can work meanwhile.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from trucewatch.app import notices, tokens
from trucewatch.app.mission import Mission
from trucewatch.app.notice_limits import LARGEST_BODY, Rate, bounded
from trucewatch.app.notice_page import fields_of, page
from trucewatch.app.serve import HEADERS as READ_ONLY
from trucewatch.errors import (
    EvidenceError,
    MissingExtra,
    NotAllowed,
    NotFound,
    RecordRejected,
    TrucewatchError,
)

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
COOKIE = "trucewatch-notices"
SESSION_S = 8 * 3600.0
MOST_SESSIONS = 100
PER_MINUTE = 30
WRONG_PER_MINUTE = 10
NOBODY = "nobody"
HOSTS = ("127.0.0.1", "localhost", "[::1]")


class Refusal(Exception):
    """An answer other than the one asked for; `words` say what to do."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on the form; `csrf` is what no other site can know."""

    person: str
    token_hash: str
    csrf: str
    ends: float


class Intake:
    """What the calls share: the mission's folder, the limits and who is signed in."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self._now, self._clock = folder, now, clock
        self._calls = Rate(PER_MINUTE, 60, clock=clock)
        self._wrong = Rate(WRONG_PER_MINUTE, 60, clock=clock)
        self._sessions: dict[str, Session] = {}
        self._entering = Lock()

    def mission(self) -> Mission:
        """The mission, for reading; notices go into a log of their own."""
        given = {} if self._now is None else {"now": self._now}
        return Mission.open(self.folder, readonly=True, **given)

    def person(self, token: str) -> str:
        """Whose token it is, if they may still work at the desk; Refusal for anybody else."""
        found = tokens.holder(self.folder, token)
        if found is None:
            # All who have none wait together: on one machine all callers have one address.
            self.pace(NOBODY, self._wrong)
            raise Refusal(
                401,
                "no such token: 'trucewatch notice token --by PERSON' makes one",
                **{"WWW-Authenticate": "Bearer"},
            )
        with self.mission() as mission:
            notices.desk(mission, found)
        return found

    def enter(self, person: str, raw: bytes) -> dict[str, Any]:
        """Take in what a person sent; one at a time, as a log has one writer."""
        self.pace(person)
        with self._entering, self.mission() as mission:
            return notices.add_all(mission, raw, by=person)

    def enter_one(self, person: str, fields: dict[str, Any]) -> dict[str, Any]:
        """The same for one notice of the form."""
        self.pace(person)
        with self._entering, self.mission() as mission:
            return notices.add(mission, fields, by=person)

    def pace(self, person: str, rate: Rate | None = None) -> None:
        """Refuse whoever calls too often."""
        wait = (rate or self._calls).call(person)
        if wait:
            raise Refusal(429, f"too many calls: wait {wait} s", **{"Retry-After": f"{wait}"})

    def sign_in(self, token: str) -> str:
        """The name of a new session."""
        person = self.person(token)
        now = self._clock()
        alive = {name: one for name, one in self._sessions.items() if one.ends > now}
        while len(alive) >= MOST_SESSIONS:
            del alive[next(iter(alive))]
        name = secrets.token_urlsafe(32)
        kept = tokens.known(self.folder)[person]
        alive[name] = Session(person, kept, secrets.token_urlsafe(32), now + SESSION_S)
        self._sessions = alive
        return name

    def session(self, name: str | None) -> Session | None:
        """The session of that name, if it has not ended and its token still counts."""
        found = self._sessions.get(name or "")
        if found is None or found.ends <= self._clock():
            return None
        # A token that was replaced or revoked ends what was signed in by it.
        return found if tokens.known(self.folder).get(found.person) == found.token_hash else None

    def sign_out(self, name: str | None) -> None:
        """End a session."""
        self._sessions.pop(name or "", None)

    def show(self, session: Session | None, **more: Any) -> bytes:  # noqa: ANN401 -- see `page`
        """The form as this person sees it; whoever is not signed in sees the way in and no more."""
        if session is None:
            return page(person=None, **more)
        with self.mission() as mission:
            configuration = mission.configuration()
            return page(
                person=session.person,
                csrf=session.csrf,
                zone=str(configuration.zone),
                exercise=configuration.mission.mission.exercise,
                notices=notices.listing(mission)["notices"],
                **more,
            )


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
    body = await bounded(request.stream())
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
