"""A real server in a thread, for tests that ask an application as programs and browsers do."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from trucewatch.app.web.serving import configured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

PATIENCE_S = 30


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """The port of 127.0.0.1 on which an application answers, until the block ends.

    It is served as `trucewatch serve` does, but ends within a second, whoever still listens: a
    page that hears the live events would otherwise hold the end of each test up.
    """
    config = configured(app)
    config.port, config.timeout_graceful_shutdown = 0, 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    try:
        while not server.started:
            assert time.monotonic() < until, "the server did not start"
            assert thread.is_alive(), "the server ended before it began"
            time.sleep(0.005)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
    assert not thread.is_alive(), "the server did not end"
