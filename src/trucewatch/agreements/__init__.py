"""Agreement text as data, and incidents held against it.

`reading` makes the file's nouns or refuses them. `zones` and `conditions` are what it needs to do
so, and what `assessing` asks: the rules, one incident under one provision at a time. `engine` goes
by the same rules for very many pairs.
"""

from __future__ import annotations

from trucewatch.agreements.assessing.pairs import assess, left_out
from trucewatch.agreements.reading.agreement import Examined, examine, read_agreement
from trucewatch.agreements.reading.schema import SCHEMA_FILE, agreement_schema
from trucewatch.agreements.ruling import ruled
from trucewatch.agreements.terms import AgreementTerms
from trucewatch.agreements.zones.areas import area_m2

__all__ = [
    "SCHEMA_FILE",
    "AgreementTerms",
    "Examined",
    "agreement_schema",
    "area_m2",
    "assess",
    "examine",
    "left_out",
    "read_agreement",
    "ruled",
]
