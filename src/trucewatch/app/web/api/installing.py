"""The API in an application: its routers, its description, and its answers where no route fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.api import listing, ogc, rest
from trucewatch.app.web.api.document import OURS, describe
from trucewatch.app.web.api.problems import problem
from trucewatch.errors import MissingExtra

try:
    from starlette.routing import BaseRoute, Match
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def add_api(app: FastAPI) -> None:
    """Add the API to an application; call it when every other router is in."""
    app.include_router(rest.router)
    app.include_router(listing.list_router())
    app.include_router(ogc.router)
    describe(app)
    app.router.routes.append(_Elsewhere(app))
    app.add_middleware(HeadAsGet)


class _Elsewhere(BaseRoute):
    """Answers what no other route under the API does: 404, or 405 with the methods there are."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Everything under the API's own paths."""
        ours = scope["type"] == "http" and f"{scope['path']}/".startswith(OURS)
        return (Match.FULL if ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say which it is."""
        allowed = [method for method in METHODS if self._has(scope, method)]
        if allowed:
            words = "HEAD" if "GET" in allowed else ""
            told = ", ".join(sorted({*allowed, words} - {""}))
            answer = problem(405, f"This address takes {told} alone.", headers={"Allow": told})
        else:
            answer = problem(404, "There is no such address: /openapi.json lists those there are.")
        await answer(scope, receive, send)

    def _has(self, scope: Scope, method: str) -> bool:
        asked = {**scope, "method": method}
        others = (route for route in self._app.router.routes if route is not self)
        return any(route.matches(asked)[0] is Match.FULL for route in others)


class HeadAsGet:
    """Has HEAD under the API answered as GET is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or not _ours(scope):
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, bare)


def _ours(scope: Scope) -> bool:
    return f"{scope['path']}/".startswith(OURS)
