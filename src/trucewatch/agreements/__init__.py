"""Agreement text as data, and incidents held against it."""

from __future__ import annotations

from trucewatch.agreements.assessing import assess
from trucewatch.agreements.reading import read_agreement
from trucewatch.agreements.terms import AgreementTerms

__all__ = ["AgreementTerms", "assess", "read_agreement"]
