"""The application whole: its routers, its assets, and what every answer has in common."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from trucewatch.app import serve
from trucewatch.app.web import assets, events, faults, mapping
from trucewatch.app.web.accounts import factor_pages, provider_pages
from trucewatch.app.web.accounts import pages as account_pages
from trucewatch.app.web.api import acts, reports
from trucewatch.app.web.api.installing import add_api
from trucewatch.app.web.guard import install
from trucewatch.app.web.pages import acting, books, incident, queue, reporting
from trucewatch.app.web.pages.situation import pages as situation
from trucewatch.app.web.speaking import Speaking
from trucewatch.errors import MissingExtra

try:
    from fastapi import FastAPI
    from starlette.middleware.gzip import GZipMiddleware
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from trucewatch.app.web.mission_site import MissionSite

SMALLEST_ZIPPED = 600


def make_app(site: MissionSite) -> FastAPI:
    """The application of one mission.

    It follows the mission while it runs. Whoever runs it without its lifespan, as a test may, calls
    `site.views.look()` to have it notice what changed.
    """
    # The usual pages on the interface load scripts from another server; the description remains.
    app = FastAPI(title="Trucewatch", docs_url=None, redoc_url=None, lifespan=_watching(site))
    app.state.site = site
    app.include_router(situation.router)
    app.include_router(serve.router)
    app.include_router(assets.router)
    app.include_router(account_pages.router)
    app.include_router(factor_pages.router)
    app.include_router(provider_pages.router)
    app.include_router(mapping.router)
    app.include_router(events.router)
    app.include_router(books.router)
    app.include_router(incident.router)
    app.include_router(queue.router)
    app.include_router(acting.router)
    app.include_router(acts.router)
    app.include_router(reporting.router)
    app.include_router(reports.router)
    add_api(app)
    faults.hook(app)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=5)
    install(app, site.accounts)
    # Outermost, so that a refusal is told in the language that is asked for, too.
    app.add_middleware(Speaking)
    return app


def _watching(site: MissionSite) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        site.watch()
        try:
            yield
        finally:
            site.close()

    return lifespan
