"""An application as it runs: a real server in a thread, over a mission that a test made."""

from __future__ import annotations

from contextlib import contextmanager

from tests.serving import listening

from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite


@contextmanager
def served(folder, viewer=None):
    """The address of a mission's application; `viewer` is whoever asks, if not the public."""
    site = MissionSite(folder)
    if viewer is not None:
        site.viewer = lambda _request: viewer
    with listening(make_app(site)) as port:
        yield f"http://127.0.0.1:{port}"
