"""Responses to breaches: obligations, their clocks, and what people decide on them."""

from __future__ import annotations

from trucewatch.commitments.responses.asking import (
    AsOf,
    Would,
    as_of,
    caught_up,
    known_as,
    objection,
    until,
    would_open,
)
from trucewatch.commitments.responses.breaches import Evidence, Fact, Terms
from trucewatch.commitments.responses.opening import Loss, lasting, open_obligations, starts

__all__ = [
    "AsOf",
    "Evidence",
    "Fact",
    "Loss",
    "Terms",
    "Would",
    "as_of",
    "caught_up",
    "known_as",
    "lasting",
    "objection",
    "open_obligations",
    "starts",
    "until",
    "would_open",
]
