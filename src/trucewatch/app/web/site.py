"""What every page and call shares: the mission's folder, its views, and who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from trucewatch.errors import MissingExtra

try:
    from fastapi import Depends, Request
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from trucewatch.app.web.events import Places
    from trucewatch.app.web.following import Work
    from trucewatch.app.web.viewer import Viewer
    from trucewatch.app.web.views.view import View


class Site(Protocol):
    """One mission as the application serves it; `request.app.state.site` is it."""

    folder: Path
    now: Callable[[], datetime]

    @property
    def bulletins(self) -> Path:
        """The folder of what has been published."""
        ...

    def viewer(self, request: Request) -> Viewer:
        """Who sent a request, by session or token; the public where nothing proves otherwise."""
        ...

    def view(self, viewer: Viewer) -> View:
        """What they may see now; NotBegun where nothing has been derived yet."""
        ...

    def peek(self, viewer: Viewer) -> View | None:
        """The same if it is at hand, else None; it never waits."""
        ...

    def follow(self) -> None:
        """Have the state follow the log; call it after each decision that was entered."""
        ...

    @property
    def work(self) -> Work:
        """Whether the state is being brought up to date."""
        ...

    @property
    def listeners(self) -> Places:
        """The streams of events that are open."""
        ...


def site_of(request: Request) -> Site:
    """The site of an application."""
    site: Site = request.app.state.site
    return site


Served = Annotated["Site", Depends(site_of)]
