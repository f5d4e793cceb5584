"""An application as it runs: a real server in a thread, over a mission that a test made."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import uvicorn

from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite


@contextmanager
def served(folder, viewer=None):
    """The address of a mission's application; `viewer` is whoever asks, if not the public."""
    site = MissionSite(folder)
    if viewer is not None:
        site.viewer = lambda _request: viewer
    held = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(make_app(site), log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        held.close()
