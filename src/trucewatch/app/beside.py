"""Deriving beside those who write the log: a decision never waits for arithmetic."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from trucewatch.app.alone import alone
from trucewatch.app.intake import read_by, read_log
from trucewatch.app.running import bring_up_to_date, gathered, make_ready
from trucewatch.errors import LogBusy
from trucewatch.evidence import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trucewatch.app.mission import Mission
    from trucewatch.store import Derived

PATIENCE_S, STEP_S = 20.0, 0.05
"""So long a writer of the log is waited for, and so often it is looked."""
T = TypeVar("T")


@contextmanager
def brought_up_to_date(
    mission: Mission, *, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[Derived]:
    """As `bring_up_to_date`, but others may write the log while it is derived.

    Within, the mission is read as of the entries that it had; behind it the log is held again, and
    may have grown: what came meanwhile is for the next run. Where all reports must be read anew,
    or have been meanwhile, it holds the log throughout: nobody is shown a state half made.
    """
    mission.sync_settings()
    configuration, store = mission.configuration(), mission.store
    made_by = read_by(mission, configuration)
    with alone(mission.folder):
        if store.version() != made_by or store.basis() is None:
            yield bring_up_to_date(mission, progress=progress)
            return
        read_log(mission, configuration, progress=progress)
        work = gathered(mission, configuration)
        mission.log.publish()
        let_go(mission)
        if progress is not None:
            make_ready(progress)
            progress("deriving", 0, 1)
        derived = work()
        with store.batch():
            # Other settings may be in force by now: what they make of the reports lies there.
            stands = store.version() == made_by
            if stands:
                store.replace_state(derived, basis=mission.in_force().root)
        if progress is not None:
            progress("deriving", 1, 1)
        if stands:
            yield derived
    hold(mission)
    if not stands:
        yield bring_up_to_date(mission, progress=progress)


def let_go(mission: Mission) -> None:
    """Let others write the log; the mission is read as of the entries that it has now."""
    held, seen = mission.log, Log.open(mission.folder / "evidence", readonly=True)
    try:
        mission.turn_to(seen)
    finally:
        held.close()


def hold(mission: Mission) -> None:
    """Have the log for writing again; LogBusy where another writes it for too long."""
    held = patiently(lambda: Log.open(mission.folder / "evidence"))
    mission.log.close()
    mission.turn_to(held)


def patiently(open_it: Callable[[], T]) -> T:
    """What opens something, tried until the log is free; LogBusy after PATIENCE_S."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return open_it()
        except LogBusy:
            if time.monotonic() >= until:
                raise
            time.sleep(STEP_S)
