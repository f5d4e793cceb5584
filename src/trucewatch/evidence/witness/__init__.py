"""A witness: it cosigns how a log grows, and remembers before it answers."""

from __future__ import annotations

from trucewatch.evidence.witness.cosigning import Seen, Witness, make_witness, seen, watch
from trucewatch.evidence.witness.requests import LARGEST_REQUEST
from trucewatch.evidence.witness.rules import Answer
from trucewatch.evidence.witness.store import digest_of

__all__ = [
    "LARGEST_REQUEST",
    "Answer",
    "Seen",
    "Witness",
    "digest_of",
    "make_witness",
    "seen",
    "watch",
]
