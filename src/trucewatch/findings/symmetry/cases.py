"""Events as the audit counts them, and what is counted of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.model import Finding, Incident

FEWEST = 10
"""No share, median or test is told of fewer cases."""

_LADDER = (State.REPORTED, State.CORROBORATED, State.VERIFIED)
PARTS: dict[str, frozenset[State]] = {
    **{f"at least {one.value}": frozenset(_LADDER[i:]) for i, one in enumerate(_LADDER)},
    "refuted": frozenset({State.REFUTED}),
}
DELAYS = ("event to receipt", "receipt to ruling", "event to ruling")
ON_GROUND = "events per watched ground"


@dataclass(frozen=True, slots=True)
class Case:
    """One event with its finding, and how many hours each step took."""

    incident: Incident
    finding: Finding
    reporting: frozenset[str]
    side: str | None
    hours: Mapping[str, float]


def reached(measure: str, cases: Sequence[Case]) -> tuple[int, int]:
    """How many of the events came to what a measure asks for, and of how many."""
    return sum(case.finding.state in PARTS[measure] for case in cases), len(cases)


def values(measure: str, cases: Sequence[Case]) -> list[float]:
    """The hours that a step took, of the events where they are known."""
    return [case.hours[measure] for case in cases if measure in case.hours]
