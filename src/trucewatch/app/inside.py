"""The log of what stays inside: notices and contacts, of which not even the number may be known.

It has the form, the promises and the auditor of the evidence log, and a key of its own. The
checkpoint of the evidence log is published with every bulletin, and its leaves tell of each entry
the kind, the time and the length: one notice among them would tell that somebody notified
something, and when. So what stays inside moves nothing that is published, not even a count.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from trucewatch.app.files import make_folder
from trucewatch.app.keeping import opener
from trucewatch.errors import NotFound
from trucewatch.evidence import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

INSIDE = "inside"
"""The folder of that log in a mission's folder, for its owner alone."""


@contextmanager
def inside(folder: Path, origin: str, recipients: Callable[[], Sequence[str]]) -> Iterator[Log]:
    """The log of what stays inside, open for writing; made on first use.

    What is entered is encrypted to `recipients`, age keys, where there are any.
    EvidenceError where another process writes it at this moment.
    """
    place = folder / INSIDE
    try:
        log = Log.open(place)
    except NotFound:
        make_folder(place, private=True)
        log = Log.create(place, origin=f"{origin}/{INSIDE}")
    with log:
        _unlock(log, folder)
        log.encrypt_to(recipients)
        yield log


@contextmanager
def reading_inside(folder: Path) -> Iterator[Log | None]:
    """The same for reading; None where nothing has been entered yet."""
    try:
        log = Log.open(folder / INSIDE, readonly=True)
    except NotFound:
        yield None
        return
    with log:
        _unlock(log, folder)
        yield log


def _unlock(log: Log, folder: Path) -> None:
    unlocked = opener(folder)
    if unlocked is not None:
        log.unlock(unlocked)
