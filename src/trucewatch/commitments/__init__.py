"""What states have promised, and what falls due."""

from __future__ import annotations

from trucewatch.commitments.ledger import (
    Authorisation,
    Cell,
    Disagreement,
    Due,
    Gap,
    Line,
    Matrix,
    Standing,
    Sum,
    falls_due,
    gap,
    ledger_at,
    matrix,
    origins,
    overdue,
    standing,
    standings,
)
from trucewatch.commitments.obligations import open_obligations
from trucewatch.commitments.pledges import Ledger, read_ledger
from trucewatch.commitments.reported import reported
from trucewatch.commitments.words import LIMITS, POSITION, PRIORITIES, STAGES

__all__ = [
    "LIMITS",
    "POSITION",
    "PRIORITIES",
    "STAGES",
    "Authorisation",
    "Cell",
    "Disagreement",
    "Due",
    "Gap",
    "Ledger",
    "Line",
    "Matrix",
    "Standing",
    "Sum",
    "falls_due",
    "gap",
    "ledger_at",
    "matrix",
    "open_obligations",
    "origins",
    "overdue",
    "read_ledger",
    "reported",
    "standing",
    "standings",
]
