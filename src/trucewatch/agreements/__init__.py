"""Agreement text as data, and incidents held against it."""

from __future__ import annotations

from trucewatch.agreements.areas import area_m2
from trucewatch.agreements.assessing import assess
from trucewatch.agreements.reading import Examined, examine, read_agreement
from trucewatch.agreements.ruling import ruled
from trucewatch.agreements.schema import SCHEMA_FILE, agreement_schema
from trucewatch.agreements.terms import AgreementTerms

__all__ = [
    "SCHEMA_FILE",
    "AgreementTerms",
    "Examined",
    "agreement_schema",
    "area_m2",
    "assess",
    "examine",
    "read_agreement",
    "ruled",
]
