"""Live updates: a stream that says when the viewer's view is another, and what is being done."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.errors import MissingExtra, TrucewatchError

try:
    from fastapi import APIRouter, HTTPException, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import StreamingResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from trucewatch.app.web.following import Work
    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer

EVERY_S = 1.0
HEARTBEAT_S = 15.0
"""So often a stream is sent something, and looked at again who listens."""
LONGEST_S = 3600.0
"""Then a stream ends, and the browser opens another."""
MOST_EACH, MOST = 6, 200
MOST_OF_A_NETWORK, MOST_OF_ALL_NETWORKS = 24, 120
"""Of those who have not signed in: so that nobody from outside can take every place."""
MOST_CHANGES = 1000

_STRANGER = "at "

router = APIRouter()


def stranger(network: str) -> str:
    """The name of a listener who has not signed in; no person has one with a blank in it."""
    return f"{_STRANGER}{network}"


class Places:
    """How many streams are open, for each listener and in all: a person's id, or `stranger`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def refuse(self, listener: str) -> None:
        """HTTPException 429 or 503 where there is no place for another stream."""
        with self._lock:
            if not self._is_room():
                raise HTTPException(503, "too many listen already", {"Retry-After": "60"})
            if not self._is_room_for(listener):
                raise HTTPException(429, "too many windows listen", {"Retry-After": "60"})

    def _is_room(self) -> bool:
        return self._taken.total() < MOST

    def _is_room_for(self, listener: str) -> bool:
        if not listener.startswith(_STRANGER):
            return self._taken[listener] < MOST_EACH
        strangers = sum(n for who, n in self._taken.items() if who.startswith(_STRANGER))
        return self._taken[listener] < MOST_OF_A_NETWORK and strangers < MOST_OF_ALL_NETWORKS

    @contextmanager
    def one(self, listener: str) -> Iterator[bool]:
        """A place for a stream, for as long as it is open; False where the last was just taken."""
        with self._lock:
            free = self._is_room() and self._is_room_for(listener)
            self._taken[listener] += free
        try:
            yield free
        finally:
            with self._lock:
                self._taken[listener] -= free
                # What is zero is forgotten.
                self._taken += Counter()


@router.get("/events", include_in_schema=False)
async def events(site: Served, request: Request) -> StreamingResponse:
    """Server-sent events: `view` with a digest and the number of visible changes, and `work`.

    Whoever reconnects with `Last-Event-ID` is told at once if their view is another by now.
    """
    viewer = await run_in_threadpool(site.viewer, request)
    view = await run_in_threadpool(site.view, viewer)
    # By network, as the guard has it: behind a proxy all of the public has one address.
    name = viewer.person or stranger(request.state.place)
    site.listeners.refuse(name)
    known = request.headers.get("last-event-id") or view.digest
    return StreamingResponse(
        _stream(
            site, request, viewer, _Seen(known, view.at if known == view.digest else None), name
        ),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@dataclass(slots=True)
class _Seen:
    """What a listener knows: the digest of a view, and when it was made if that is known."""

    digest: str
    at: datetime | None
    work: Work | None = None


async def _stream(
    site: Site, request: Request, viewer: Viewer, seen: _Seen, name: str
) -> AsyncIterator[bytes]:
    """Lines for one listener; nothing is queued for whoever reads slowly: they get the latest."""
    # Entered here and not before: a stream that never begins would keep its place for ever.
    with site.listeners.one(name) as free:
        if not free:
            return
        yield b"retry: 5000\n\n"
        inside, silent = policy().inside(viewer), 0.0
        for _ in range(round(LONGEST_S / EVERY_S)):
            told = await run_in_threadpool(lambda: list(_news(site, viewer, seen, inside=inside)))
            for line in told:
                yield line
            await asyncio.sleep(EVERY_S)
            silent = 0.0 if told else silent + EVERY_S
            if silent >= HEARTBEAT_S:
                if not await run_in_threadpool(_is_still, site, request, viewer):
                    return
                yield b": still here\n\n"
                silent = 0.0


def _news(site: Site, viewer: Viewer, seen: _Seen, *, inside: bool) -> Iterator[bytes]:
    view = site.peek(viewer)
    if view is not None and view.digest != seen.digest:
        since = seen.at or view.at - timedelta(microseconds=1)
        changes = len(view.changes(since, MOST_CHANGES))
        seen.digest, seen.at = view.digest, view.at
        yield _event("view", {"digest": view.digest, "changes": changes}, view.digest)
    work = site.work
    if inside and work != seen.work:
        seen.work = work
        since_text = work.since.isoformat(timespec="seconds")
        yield _event("work", {"doing": work.doing, "since": since_text, "words": work.words})


def _is_still(site: Site, request: Request, viewer: Viewer) -> bool:
    """Whether the same viewer listens: roles may be taken away, and a session may end."""
    try:
        return site.viewer(request) == viewer
    except TrucewatchError:
        return False


def _event(name: str, data: dict[str, Any], identifier: str = "") -> bytes:
    lines = [f"event: {name}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    return ("\n".join([*([f"id: {identifier}"] if identifier else []), *lines]) + "\n\n").encode()
