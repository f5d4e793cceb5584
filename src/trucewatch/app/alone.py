"""The right to derive, which one process has at a time; others may write the log meanwhile."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from trucewatch.errors import LogBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HAD: ContextVar[frozenset[Path]] = ContextVar("_HAD", default=frozenset())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else derives in a mission's folder, or throws its projection away.

    LogBusy, at once, where another does. Who has the right already keeps it. Never wait for the
    log while you have it: others ask for it who hold the log.
    """
    had = _HAD.get()
    if folder in had:
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LogBusy(
                f"another process derives from the log of {folder} at this moment; what was "
                "entered stands: try again when it has ended"
            ) from None
        token = _HAD.set(had | {folder})
        try:
            yield
        finally:
            _HAD.reset(token)
    finally:
        os.close(handle)
