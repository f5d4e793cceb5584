"""One response under one trigger as a ladder of steps, and what each step is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.commitments.responses.deciding import Place
from trucewatch.model import content_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.commitments.responses.breaches import Response
    from trucewatch.model import Obligation, Step, Trigger


@dataclass(frozen=True, slots=True)
class Rung:
    """One obligation, and the claims of the incidents that its response rests on."""

    obligation: Obligation
    claims: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One response to breaches under one trigger; `name` is the incident that it is named by."""

    trigger: Trigger
    first: Step
    response: Response
    name: str

    @property
    def claims(self) -> frozenset[str]:
        """The claims of all its incidents."""
        return frozenset(c for one in self.response.breaches for c in one.incident.claims)

    def places(self, agreement: str) -> list[Place]:
        """Where a decision on any of its steps belongs, whether or not the step is open."""
        trigger, claims = self.trigger, self.claims
        return [
            Place(
                id=obligation_id(agreement, trigger.id, step.id, self.name),
                aliases=aliases(agreement, trigger.id, step.id, self.response.incidents),
                trigger=trigger.id,
                step=step.id,
                claims=claims,
                decided_by=step.decided_by,
            )
            for step in trigger.steps
        ]


def obligation_id(agreement: str, trigger: str, step: str, founder: str) -> str:
    """The id of a step of the response that an incident founded; later breaches change nothing."""
    return content_id("obl", [agreement, trigger, step, founder])


def aliases(agreement: str, trigger: str, step: str, incidents: Iterable[str]) -> frozenset[str]:
    """The ids that a step would have if any of these incidents had founded its response.

    A breach that is told of later and came earlier founds it anew: the old id is among these.
    """
    return frozenset(obligation_id(agreement, trigger, step, one) for one in incidents)
