"""What the pages of deconfliction share: who keeps notices and contacts, and how they enter one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping
from trucewatch.errors import MissingExtra, NotAllowed, NotFound, RecordRejected

try:
    from fastapi import HTTPException
    from fastapi.concurrency import run_in_threadpool
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer

ROLES = keeping.DESK
SCOPE = "notice"

_ENTERING = threading.Lock()
"""A log has one writer: of several forms sent at once each waits for the one before."""


def keeper(request: Request, site: Site) -> Viewer:
    """Whoever keeps notices and contacts; to anybody else there is no such page."""
    viewer = site.viewer(request)
    if not ROLES & viewer.roles or viewer.person is None:
        raise HTTPException(404)
    return viewer


async def entered(
    site: Site, viewer: Viewer, enter: Callable[[Mission, str], dict[str, Any]]
) -> str:
    """Enter what was asked for, and say why it was refused; no words where it was entered."""
    by = viewer.person
    if by is None or not viewer.may(SCOPE):
        raise HTTPException(403)

    def work() -> str:
        with _ENTERING, Mission.open(site.folder, readonly=True, now=site.now) as mission:
            data = enter(mission, by)
            return data["refusals"][0]["reason"] if data.get("refusals") else ""

    try:
        return await run_in_threadpool(work)
    except (RecordRejected, NotFound, NotAllowed) as refused:
        return str(refused)
