"""One mission as the application serves it."""

from __future__ import annotations

import sqlite3
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING

from trucewatch.app.clock import clock
from trucewatch.app.mission import NotBegun
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.events import Places
from trucewatch.app.web.following import Follower
from trucewatch.app.web.policy import policy
from trucewatch.app.web.views.keeping import Views
from trucewatch.app.web.views.reading import Damaged
from trucewatch.errors import NotFound, TrucewatchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from fastapi import Request

    from trucewatch.app.web.following import Work
    from trucewatch.app.web.viewer import Viewer
    from trucewatch.app.web.views.reading import FileView
    from trucewatch.bulletins.views import Sight

EVERY_S = 1.0
"""How often the mission is looked at for what a command may have done meanwhile."""


class MissionSite:
    """A mission's folder, its views, and who looks: `who` tells that, or else the accounts.

    `watch` follows the mission in a thread of its own until `close`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime] = clock,
        who: Callable[[Request], Viewer] | None = None,
    ) -> None:
        self.folder = folder
        self.now = now
        self.accounts = Accounts(folder, now=now)
        self.who = who or self.accounts.viewer
        self.views = Views(folder, now=now)
        self.listeners = Places()
        self._follower = Follower(folder, now=now)
        self._sights: tuple[object, dict[object, Sight]] = (None, {})
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def bulletins(self) -> Path:
        """The folder of what has been published."""
        return self.folder / "bulletins"

    def viewer(self, request: Request) -> Viewer:
        """Who sent a request; the public where nothing proves otherwise."""
        return self.who(request)

    def view(self, viewer: Viewer) -> FileView:
        """What they may see now.

        Raises NotBegun where nothing has been derived yet.
        """
        try:
            return self.views.of(self._sight(viewer))
        except NotFound as fault:
            raise NotBegun(str(fault)) from fault

    def peek(self, viewer: Viewer) -> FileView | None:
        """The same if it is at hand, else None; it never waits."""
        return self.views.peek(self._sight(viewer))

    def _sight(self, viewer: Viewer) -> Sight:
        """What a viewer may see, worked out once for all who hold the same roles."""
        audiences = self.views.audiences
        of, known = self._sights
        if of is not audiences:
            known = {}
            self._sights = audiences, known
        key = viewer.roles, viewer.party
        if key not in known:
            known[key] = policy().sight(viewer, audiences)
        return known[key]

    def follow(self) -> None:
        """Have the state follow the log; call it after each decision that was entered.

        Nothing is started for a site that nobody watches: whoever asks then derives by hand.
        """
        if self._watcher is not None:
            self._follower.ask()

    @property
    def work(self) -> Work:
        """Whether the state is being brought up to date."""
        return self._follower.work

    def watch(self) -> None:
        """Begin to follow the mission."""
        # A thread knows the identity that was named only if it is told.
        named = copy_context()
        self._watcher = threading.Thread(
            target=lambda: named.run(self._look), name="views", daemon=True
        )
        self._watcher.start()

    def close(self) -> None:
        """Follow it no longer."""
        self._stop.set()
        self._follower.close()
        if self._watcher is not None:
            self._watcher.join()

    def _look(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.views.look()
            except (TrucewatchError, OSError, sqlite3.Error, Damaged):
                # A run holds it, or somebody is at the settings: the next look may find it whole.
                continue
