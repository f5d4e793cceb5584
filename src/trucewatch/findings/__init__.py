"""How well established an incident is, what could be seen, and what it adds up to."""

from __future__ import annotations

from trucewatch.findings.access import access_denied
from trucewatch.findings.covering import cover
from trucewatch.findings.hearing import OnFinding, hear, objection, placed, regroupings, unplaced
from trucewatch.findings.judging import judge
from trucewatch.findings.rates import compliance
from trucewatch.findings.symmetry import FEWEST, symmetry
from trucewatch.findings.waiting import GRAVITY, Age, Waiting, waiting

__all__ = [
    "FEWEST",
    "GRAVITY",
    "Age",
    "OnFinding",
    "Waiting",
    "access_denied",
    "compliance",
    "cover",
    "hear",
    "judge",
    "objection",
    "placed",
    "regroupings",
    "symmetry",
    "unplaced",
    "waiting",
]
