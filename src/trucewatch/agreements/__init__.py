"""Agreement text as data, and incidents held against it."""

from __future__ import annotations

from trucewatch.agreements.assessing import assess
from trucewatch.agreements.doubting import Doubt, doubts
from trucewatch.agreements.reading import read_agreement, try_agreement
from trucewatch.agreements.schema import SCHEMA_FILE, agreement_schema
from trucewatch.agreements.terms import AgreementTerms

__all__ = [
    "SCHEMA_FILE",
    "AgreementTerms",
    "Doubt",
    "agreement_schema",
    "assess",
    "doubts",
    "read_agreement",
    "try_agreement",
]
