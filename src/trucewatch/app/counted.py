"""Pairs of an incident and a provision that the last run only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements import left_out

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission
    from trucewatch.store import Derived


def plainly_outside(mission: Mission, derived: Derived, incident: str | None = None) -> int:
    """How many pairs with a provision the last run only counted, of one incident or of all.

    0 where it did not know the agreement that is now in force: its provisions may be others.
    """
    if mission.store.basis() != mission.in_force().root:
        return 0
    text = mission.configuration().agreement
    if incident is None:
        return left_out(len(derived.incidents), len(derived.assessments), text)
    return left_out(1, sum(one.incident == incident for one in derived.assessments), text)
