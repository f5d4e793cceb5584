"""A change of key under way: begun, found again after a crash, and brought to its end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.entries import EntryKind, NewEntry, stored_entry
from trucewatch.evidence.log.keys import (
    ENTRY,
    NEXT,
    KeyChange,
    Why,
    drop_next,
    keep_next,
    publish_change,
    read_change,
    settle,
)
from trucewatch.evidence.log.layout import read_signer
from trucewatch.evidence.log.storage import exists
from trucewatch.evidence.tlog.notes import Signer

if TYPE_CHECKING:
    from trucewatch.evidence.log.journal import Journal
    from trucewatch.evidence.log.payloads import Payloads
    from trucewatch.evidence.log.storage import Disk


@dataclass(frozen=True, slots=True)
class Rekeying:
    """A change with the keys at hand. `old` signs the next checkpoint too, after a rotation.

    `old` is None once the old key is no longer here or its word no longer counts.
    """

    change: KeyChange
    payload: bytes
    new: Signer
    old: Signer | None

    def entry(self, source: str) -> NewEntry:
        """What the log records of it."""
        return NewEntry(
            kind=EntryKind.ROLE,
            source=source,
            payload=self.payload,
            name=ENTRY,
            media="application/json",
        )

    def announce(self, disk: Disk) -> None:
        """Publish the statement, before anything is signed by the new key alone."""
        publish_change(disk, self.change, self.payload)

    def settle(self, disk: Disk) -> None:
        """Make the new key the log's only one."""
        settle(disk, self.new)


def begin(disk: Disk, planned: KeyChange, old: Signer | None) -> Rekeying:
    """Make a new key, durably, and have the statement signed; nothing is changed yet."""
    new = Signer(planned.origin, secrets.token_bytes(32))
    change = replace(planned, new=new.verifier.vkey())
    payload = change.sign(new, old)
    keep_next(disk, new)
    return Rekeying(change, payload, new, old if change.why is Why.ROTATION else None)


def under_way(
    disk: Disk, journal: Journal, payloads: Payloads
) -> tuple[Rekeying | None, tuple[str, ...]]:
    """The change that a crash interrupted, or None, and what is to be told of it.

    A key whose change never became an entry is thrown away: nobody was ever told of it.
    """
    if not exists(disk, NEXT):
        return None, ()
    change = _last_change(journal, payloads)
    new = read_signer(disk, NEXT) if change else None
    if change is None or new is None or new.verifier.vkey() != change[0].new:
        drop_next(disk)
        return None, ("threw away a new key that the log had not named yet",)
    held = read_signer(disk)
    own = held.verifier.vkey() if held else None
    if own not in (None, change[0].old, change[0].new):
        raise LogDamaged("the signing key is not the one whose public half is published")
    rotates = change[0].why is Why.ROTATION and own == change[0].old
    old = held if rotates else None
    told = f"finished the change of key that entry {change[0].size} had begun"
    return Rekeying(*change, new, old), (told,)


def _last_change(journal: Journal, payloads: Payloads) -> tuple[KeyChange, bytes] | None:
    """The last entry of the journal, if it changes the key: while one is under way it is that."""
    last = journal.size - 1
    for frame in journal.frames(max(0, last), journal.size):
        entry = stored_entry(frame.index, frame.leaf, frame.envelope)
        if entry.kind is EntryKind.ROLE and entry.name == ENTRY:
            payload = payloads.read(entry.payload)
            return read_change(payload, at=last), payload
    return None
