"""What states have promised, and what falls due."""

from __future__ import annotations

from trucewatch.commitments.obligations import open_obligations
from trucewatch.commitments.pledges import Ledger, read_ledger
from trucewatch.commitments.reported import reported
from trucewatch.commitments.words import LIMITS, POSITION, PRIORITIES, STAGES

__all__ = [
    "LIMITS",
    "POSITION",
    "PRIORITIES",
    "STAGES",
    "Ledger",
    "open_obligations",
    "read_ledger",
    "reported",
]
