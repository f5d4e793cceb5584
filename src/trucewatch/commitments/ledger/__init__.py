"""Views of the ledger, each a pure function of the statements and a time."""

from __future__ import annotations

from trucewatch.commitments.ledger.advancing import News, advance
from trucewatch.commitments.ledger.entered import ledger_at
from trucewatch.commitments.ledger.falling import Due, falls_due, overdue
from trucewatch.commitments.ledger.gaps import Gap, Line, Sum, gap
from trucewatch.commitments.ledger.lasting import Authorisation, Standing, standing, standings
from trucewatch.commitments.ledger.readiness import Cell, Disagreement, Matrix, matrix
from trucewatch.commitments.ledger.voices import origins, states

__all__ = [
    "Authorisation",
    "Cell",
    "Disagreement",
    "Due",
    "Gap",
    "Line",
    "Matrix",
    "News",
    "Standing",
    "Sum",
    "advance",
    "falls_due",
    "gap",
    "ledger_at",
    "matrix",
    "origins",
    "overdue",
    "standing",
    "standings",
    "states",
]
