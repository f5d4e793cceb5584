"""The evidence log: what was received, kept so that nobody can quietly change it."""

from __future__ import annotations

from trucewatch.evidence.audit import Audit, fsck
from trucewatch.evidence.log.entries import EntryKind, NewEntry, Receipt, StoredEntry
from trucewatch.evidence.log.erasure import (
    Approved,
    Asked,
    Concerned,
    Declined,
    Request,
    encode_step,
)
from trucewatch.evidence.log.keys import HeldKey, KeyChange, Why
from trucewatch.evidence.log.sealing import Opener, locked
from trucewatch.evidence.log.stamped import Stamps
from trucewatch.evidence.log.writer import Log
from trucewatch.evidence.tlog.notes import Checkpoint

__all__ = [
    "Approved",
    "Asked",
    "Audit",
    "Checkpoint",
    "Concerned",
    "Declined",
    "EntryKind",
    "HeldKey",
    "KeyChange",
    "Log",
    "NewEntry",
    "Opener",
    "Receipt",
    "Request",
    "Stamps",
    "StoredEntry",
    "Why",
    "encode_step",
    "fsck",
    "locked",
]
