"""What would be open but for the grade of its records: it awaits a quorum of witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.agreements import AgreementTerms
from trucewatch.app.witnessing.policy import OWN_WORD
from trucewatch.app.witnessing.records import records_of
from trucewatch.commitments import ledger_at, open_obligations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.app.mission import Mission
    from trucewatch.model import Obligation
    from trucewatch.store import Derived


def awaiting(mission: Mission, derived: Derived) -> list[dict[str, Any]]:
    """The first steps that the evidence opens and witnesses have not yet, each with why.

    Steps after the first are left out: nobody knows when they would open. It is empty where no
    clock waits for witnesses.
    """
    if records_of(mission) is None:
        return []
    configuration = mission.configuration()
    decisions = mission.decisions()
    found = open_obligations(
        derived.assessments,
        derived.incidents,
        configuration.agreement,
        findings=derived.findings,
        decisions=decisions,
        pledges=ledger_at(configuration.pledges, decisions),
        terms=AgreementTerms(configuration.agreement),
    )
    why = reason(mission)
    return [
        {
            "trigger": one.trigger,
            "step": one.step,
            "duty": one.duty,
            "duty_of": list(one.duty_of),
            "incidents": list(one.incidents),
            "why": why,
        }
        for one in found
        if one.follows is None and not _open(one, derived.obligations)
    ]


def _open(one: Obligation, obligations: Iterable[Obligation]) -> bool:
    """Whether the response stands already, by the records that are finding-grade."""
    return any(
        (each.trigger, each.step) == (one.trigger, one.step)
        and {*each.incidents} & {*one.incidents}
        for each in obligations
    )


def reason(mission: Mission) -> str:
    """What the clocks of a mission wait for, and what to do about it."""
    witnessing = mission.configuration().mission.witnessing
    witnesses = mission.configuration().mission.witness
    if witnessing.quorum is None:
        return (
            "awaits a quorum of witnesses, and mission.toml asks for none: name [[witness]] and a "
            f'quorum under [witnessing], or declare quorum = "{OWN_WORD}"'
        )
    by = mission.grades().seen(mission.grades().end).by
    return (
        f"awaits a quorum of witnesses: {len(by)} of {len(witnesses)} have cosigned the log's end, "
        f"{witnessing.quorum} are needed; 'trucewatch run' asks them again"
    )
