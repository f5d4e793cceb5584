"""A witness on the network: C2SP tlog-witness over HTTP, one small process, nothing else.

It takes requests from anybody, so everything that a caller may use up has a limit.
"""

from __future__ import annotations

import asyncio
import re
import socket
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from trucewatch.app.clock import clock
from trucewatch.errors import MissingExtra, TrucewatchError
from trucewatch.evidence.witness import LARGEST_REQUEST, Answer, Witness

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError as error:
    raise MissingExtra("serving a witness", "server") from error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from datetime import datetime
    from pathlib import Path

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

BODY_S = 10.0
"""Seconds within which a request must have arrived."""

CONNECTION_S = 120.0
"""Seconds after which a connection is closed, whoever is still talking."""

AT_ONCE = 64
"""Connections at a time; one more is answered 503."""

TEXT = "text/plain; charset=utf-8"
_CHECKPOINT = re.compile("/([0-9a-f]{64})/checkpoint")


class Application:
    """The ASGI application over one open witness; `tell` takes lines for its operator.

    `fault` is set where the witness cannot go on, and `stop` is called: end the process.
    """

    def __init__(
        self,
        witness: Witness,
        *,
        now: Callable[[], datetime],
        tell: Callable[[str], None],
        stop: Callable[[], None],
    ) -> None:
        self._witness, self._now, self._tell, self._stop = witness, now, tell, stop
        self.fault = ""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError("a witness speaks HTTP alone")
        head = scope["method"] == "HEAD"
        answer = await self._answer(scope["method"], scope["path"], receive)
        body = answer.body.encode()
        headers = [
            (b"content-type", answer.media.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            # By this a log sees how far the clock of a witness is off.
            (b"date", format_datetime(self._now(), usegmt=True).encode()),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if head else body})

    async def _answer(self, method: str, path: str, receive: Receive) -> Answer:
        if path == "/add-checkpoint":
            if method != "POST":
                return _plain(405, "send a checkpoint with POST")
            return await self._add(receive)
        found = _CHECKPOINT.fullmatch(path)
        if path != "/" and found is None:
            return _plain(404, "a witness answers /add-checkpoint and /SHA-256 of a log/checkpoint")
        if method not in {"GET", "HEAD"}:
            return _plain(405, "ask with GET")
        if found is None:
            return _plain(200, self._witness.vkey)
        try:
            note = await asyncio.to_thread(self._witness.latest, found[1])
        except TrucewatchError as fault:
            return self._broken(fault)
        if note is None:
            return _plain(404, "no checkpoint of this log was cosigned here")
        return Answer(status=200, media=TEXT, body=note)

    async def _add(self, receive: Receive) -> Answer:
        try:
            # Whoever sends a letter a minute must not keep others out.
            async with asyncio.timeout(BODY_S):
                body = await _body(receive)
        except TimeoutError:
            return _plain(408, f"it took more than {BODY_S:g} s to arrive")
        if body is None:
            return _plain(413, f"a request has at most {LARGEST_REQUEST} bytes")
        if self.fault:
            return _plain(503, "the witness has stopped")
        try:
            answer = await asyncio.to_thread(self._witness.add_checkpoint, body, now=self._now())
        except TrucewatchError as fault:
            return self._broken(fault)
        if answer.told:
            self._tell(answer.told)
        return answer

    def _broken(self, fault: TrucewatchError) -> Answer:
        """Say nothing more: what a witness cannot remember it must not sign."""
        self.fault = self.fault or str(fault)
        self._stop()
        return _plain(503, "the witness has stopped")


def _plain(status: int, words: str) -> Answer:
    return Answer(status=status, media=TEXT, body=f"{words}\n")


async def _body(receive: Receive) -> bytes | None:
    """The body, or None as soon as it is too large, whatever length was announced."""
    taken = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        taken += message.get("body", b"")
        if len(taken) > LARGEST_REQUEST:
            return None
        if not message.get("more_body", False):
            return bytes(taken)


class Impatient(H11Protocol):
    """HTTP over a connection that has an end, so that idle callers cannot fill all the places."""

    # The server names a narrower transport than asyncio does.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and set the end."""
        super().connection_made(transport)
        self.loop.call_later(CONNECTION_S, transport.close)


def serve(
    folder: Path,
    *,
    host: str,
    port: int,
    say: Callable[[list[str]], None],
    tell: Callable[[str], None],
) -> None:
    """Cosign with the key in `folder` until interrupted.

    `say` gets what is served, once the port is open (port 0 takes a free one); `tell` what the
    operator should know meanwhile. NotFound, EvidenceError and LogDamaged as `Witness.open`;
    EvidenceError where the witness had to stop.
    """
    with Witness.open(folder) as witness:
        # Made by hand, so that the port is known before anything is said.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=AT_ONCE) as opened:
            application = Application(witness, now=clock, tell=tell, stop=lambda: _stop(server))
            server = uvicorn.Server(
                uvicorn.Config(
                    application,
                    http=Impatient,
                    lifespan="off",
                    ws="none",
                    log_level="error",
                    access_log=False,
                    server_header=False,
                    date_header=False,
                    proxy_headers=False,
                    limit_concurrency=AT_ONCE,
                    timeout_keep_alive=15,
                    timeout_graceful_shutdown=5,
                )
            )
            shown = f"[{host}]" if ":" in host else host
            say(_welcome(witness, f"http://{shown}:{opened.getsockname()[1]}"))
            server.run(sockets=[opened])
    if application.fault:
        raise TrucewatchError(application.fault)


def _stop(server: uvicorn.Server) -> None:
    server.should_exit = True


def _welcome(witness: Witness, address: str) -> list[str]:
    logs = witness.logs()
    return [
        f"Witness {witness.name} at {address}",
        f"Key: {witness.vkey}",
        *(f"Cosigns: {origin}" for origin in logs),
        *(["Cosigns no log yet: 'trucewatch witness watch' adds one."] if not logs else []),
    ]
