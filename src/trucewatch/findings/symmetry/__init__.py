"""The symmetry audit: whether what is said of one side is found as it is for the other."""

from __future__ import annotations

from trucewatch.findings.symmetry.auditing import symmetry
from trucewatch.findings.symmetry.cases import FEWEST

__all__ = ["FEWEST", "symmetry"]
