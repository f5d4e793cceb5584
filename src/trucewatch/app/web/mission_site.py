"""One mission as the application serves it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from trucewatch.app.clock import clock
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.policy import policy
from trucewatch.app.web.views.keeping import Views
from trucewatch.errors import TrucewatchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from fastapi import Request

    from trucewatch.app.web.viewer import Viewer
    from trucewatch.app.web.views.reading import FileView

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

        Raises NotFound where nothing has been derived yet.
        """
        return self.views.of(policy().sight(viewer, self.views.audiences))

    def watch(self) -> None:
        """Begin to follow the mission."""
        self._watcher = threading.Thread(target=self._look, name="views", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Follow it no longer."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()

    def _look(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.views.look()
            except TrucewatchError:
                # A run holds it, or somebody is at the settings: the next look may find it whole.
                continue
