"""Findings as people have left them: what was reviewed, replied to and dissented from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.model import Review, Ruling, State, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Entered, Finding

_SETS = {
    Ruling.CONFIRM: State.VERIFIED,
    Ruling.REFUTE: State.REFUTED,
    Ruling.UNVERIFIABLE: State.UNVERIFIABLE,
    Ruling.EXEMPT: State.EXEMPT,
    Ruling.DUPLICATE: State.DUPLICATE,
}


def hear(findings: Iterable[Finding], decisions: Sequence[Entered]) -> tuple[Finding, ...]:
    """The findings as the reviews among `decisions` leave them, in the order given.

    `decisions` are in the order of the log: the last ruling on an incident holds, and one that
    sets nothing (ask, release) leaves what the machine found.
    """
    last = {
        one.decision.incident: one.decision.ruling
        for one in decisions
        if isinstance(one.decision, Review)
    }
    return tuple(_heard(finding, last.get(finding.incident)) for finding in findings)


def _heard(finding: Finding, ruling: Ruling | None) -> Finding:
    state = None if ruling is None else _SETS.get(ruling)
    if state is None:
        return finding
    return replace(
        finding,
        id=content_id("fnd", [finding.id, state]),
        state=state,
        provisional=False,
        reasons=(*finding.reasons, f"A reviewer has set it to {state}."),
    )
