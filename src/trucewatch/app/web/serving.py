"""The application on a port of this machine."""

from __future__ import annotations

import errno
import socket
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from trucewatch.app.mission import Mission, NotBegun
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.patience import patient
from trucewatch.app.web.settings import WebSection
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.reading import Damaged
from trucewatch.errors import MissingExtra, TrucewatchError

try:
    import uvicorn
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

BACKLOG = 128
MOST_AT_ONCE = 1_000
"""Connections and streams of events together; whoever comes then is told to come later."""

GRACE_S = 3
"""How long answers under way, such as streams of events, hold the end up."""


def serve(
    folder: Path, *, host: str = "127.0.0.1", port: int = 8080, say: Callable[[list[str]], None]
) -> None:
    """Serve a mission until interrupted; by default to this machine alone.

    `say` gets the address once the port is open; port 0 takes a free one. A mission that was only
    just made is served, too: its page says what is to be done next. Raises NotFound where there is
    no mission, ConfigurationError for a list of breached passwords that is none, and
    TrucewatchError for an address that cannot be listened on.
    """
    with suppress(NotBegun), Mission.open(folder, readonly=True):
        pass
    with _listening(host, port) as opened:
        site = MissionSite(folder)
        with suppress(NotBegun):
            site.accounts.settings.check_breached()
        # The first reader shall not wait for it. Where it cannot be made now, their page says why.
        with suppress(TrucewatchError, OSError, sqlite3.Error, Damaged):
            site.view(Viewer())
        shown = f"[{host}]" if ":" in host else host
        say([f"Trucewatch at http://{shown}:{opened.getsockname()[1]}/ (Ctrl-C ends it)"])
        web = site.accounts.settings.web_at_hand
        server = uvicorn.Server(configured(make_app(site), web))
        server.run(sockets=[opened])


def configured(app: FastAPI, web: Callable[[], WebSection] = WebSection) -> uvicorn.Config:
    """How the application is served: what a proxy says of itself is the guard's to judge.

    `web` says what [web] allows each time somebody connects, without a look at the disk.
    """
    return uvicorn.Config(
        app,
        http=patient(web),
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_keep_alive=15,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_S,
    )


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, made by hand: who cannot have the port is told in one line."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
        # Taken over by each connection: a short answer, sent as head and body, would else wait
        # some 40 ms for the caller's system to acknowledge the head.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise TrucewatchError(
                f"port {port} of {host} is taken: end what listens there, or choose another "
                "with --port (0 takes a free one)"
            ) from None
        raise TrucewatchError(f"cannot listen on {host}:{port}: {fault.strerror}") from None
