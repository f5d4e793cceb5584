"""The evidence log: what was received, kept so that nobody can quietly change it."""

from __future__ import annotations

from trucewatch.evidence.audit import Audit, fsck
from trucewatch.evidence.entries import EntryKind, NewEntry, Receipt, StoredEntry
from trucewatch.evidence.notes import Checkpoint
from trucewatch.evidence.writer import Log

__all__ = [
    "Audit",
    "Checkpoint",
    "EntryKind",
    "Log",
    "NewEntry",
    "Receipt",
    "StoredEntry",
    "fsck",
]
