"""How well established an incident is, what could be seen, and what it adds up to."""

from __future__ import annotations

from trucewatch.findings.covering import cover
from trucewatch.findings.hearing import hear, objection, placed, unplaced
from trucewatch.findings.judging import judge
from trucewatch.findings.rates import compliance

__all__ = ["compliance", "cover", "hear", "judge", "objection", "placed", "unplaced"]
