"""Checking the copies of other logs: each as its own log, and against what was taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.federation.copies import FOLDER, Copies, copies_in, place_of, taken_before
from trucewatch.app.witnessing.enlisting import settings_now
from trucewatch.errors import EvidenceError, NotFound, TrucewatchError
from trucewatch.evidence import Log
from trucewatch.evidence.audit import fsck

if TYPE_CHECKING:
    from pathlib import Path


def faults_of_copies(folder: Path) -> dict[str, tuple[str, ...]]:
    """What is wrong with the copy of each log that was taken over, by origin; () where it holds.

    Each is held against the key that mission.toml names for it, and against the checkpoint that the
    mission's own log holds. Payloads that the mission itself has erased need not be there.
    ConfigurationError where mission.toml is there and wrong.
    """
    keys = _keys(folder)
    if not keys and not (folder / FOLDER).is_dir():
        return {}
    try:
        with Log.open(folder / "evidence", readonly=True) as log:
            notes = taken_before(log)
            gone = {one.asked.payload for one in log.erasures() if one.erased}
    except EvidenceError as fault:
        # The check of the mission's own log says what is wrong with it.
        return {"federated": (f"not checked, as the mission's own log cannot be read: {fault}",)}
    return {
        origin: _faults(folder, origin, note, keys.get(origin), gone)
        for origin, note in sorted(notes.items())
    }


def _keys(folder: Path) -> dict[str, str]:
    """The keys that mission.toml names; none where a log was handed on without it."""
    try:
        return {one.origin: one.vkey for one in settings_now(folder).federated}
    except NotFound:
        return {}


def _faults(
    folder: Path, origin: str, note: bytes, vkey: str | None, gone: set[str]
) -> tuple[str, ...]:
    copies = copies_in(place_of(folder, origin))
    if not copies:
        return ("its copy is not here: 'trucewatch federate pull' takes it again",)
    found = fsck(copies[-1], pinned=vkey, gone=gone)
    if not found.ok:
        return found.problems
    try:
        Copies(folder).checkpoint(origin, note)
    except TrucewatchError as fault:
        return (str(fault),)
    return ()
