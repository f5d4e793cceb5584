"""Programs and browsers that ask an application in process: no socket, and one loop for a test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx

HOME = "http://localhost"
PATIENCE_S = 60
Told = TypeVar("Told")


def turn(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, and close it here: a browser's may run in the main thread."""
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


class Loop:
    """An event loop in a thread, begun when it is first needed.

    A client of Starlette's begins a loop and its threads for each call, which takes longer than
    most answers do. End it with each test: what measures coverage looks at new threads alone.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, what: Coroutine[Any, Any, Told]) -> Told:
        """The outcome of a coroutine, waited for."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=turn, args=(self._loop,), daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE_S)

    def end(self) -> None:
        """End the loop, if there is one, with the threads that worked for it."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = self._thread = None


LOOP = Loop()


class Caller:
    """A client of one application; it keeps headers and cookies, and follows no redirect."""

    def __init__(self, app: Any) -> None:
        self.headers = httpx.Headers()
        self.cookies = httpx.Cookies()
        self._app = app

    def get(self, path: str, **more: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.request("GET", path, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to one call; what the application raises is raised."""
        return LOOP.run(self._ask(method, path, more))

    async def _ask(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app, client=("testclient", 50000))
        async with httpx.AsyncClient(
            transport=transport, base_url=HOME, headers=self.headers, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **more)
        self.cookies.update(answer.cookies)
        return answer


class Stream:
    """What the live updates tell one listener, from the time that they begin until `end`."""

    def __init__(self, app: Any, headers: dict[str, str]) -> None:
        self.status = 0
        self.heard = b""
        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": "/events", "raw_path": b"/events", "query_string": b"",
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
            "headers": [(b"host", b"localhost"), *named],
        }  # fmt: skip
        LOOP.run(self._begin(app))

    def until(self, words: bytes) -> None:
        """Wait until some words have been heard."""
        LOOP.run(self._hear(words))

    def end(self) -> None:
        """Hang up; what the application raised meanwhile is raised."""
        LOOP.run(self._end())

    async def _begin(self, app: Any) -> None:
        self._begun, self._over, self._more = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(app(self._scope, self._receive, self._send))
        await self._begun.wait()

    async def _hear(self, words: bytes) -> None:
        while words not in self.heard:
            self._more.clear()
            await self._more.wait()

    async def _end(self) -> None:
        self._over.set()
        await self._task

    async def _receive(self) -> dict[str, object]:
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._begun.set()
        self.heard += message.get("body", b"")
        self._more.set()
