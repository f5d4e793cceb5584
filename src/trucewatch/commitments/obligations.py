"""What falls due because breaches met a trigger. Nothing follows by itself: people decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import Obligation, Outcome, State, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement, Assessment, Finding, Incident, Trigger

ESTABLISHED = frozenset({State.CORROBORATED, State.VERIFIED})
"""The states whose breaches count; what one side says of the other opens nothing."""


def open_obligations(
    assessments: Iterable[Assessment],
    incidents: Iterable[Incident],
    agreement: Agreement,
    *,
    findings: Iterable[Finding] = (),
) -> tuple[Obligation, ...]:
    """The obligations that the breaches open under the agreement's triggers, by time and id.

    A breach counts once for each trigger, and only where `findings` hold its incident to be
    corroborated or verified: without findings nothing is established and nothing opens. An
    obligation waits for the body in `decided_by`.
    """
    established = {one.id for one in findings if one.state in ESTABLISHED}
    known = {incident.id: incident for incident in incidents}
    breaches = [
        one
        for one in assessments
        if one.outcome is Outcome.BREACH and one.finding in established and one.incident in known
    ]
    opened: list[Obligation] = []
    for trigger in agreement.triggers:
        ids = {one.incident for one in breaches if one.provision in trigger.provisions}
        opened += _opened(trigger, [known[one] for one in ids], agreement.id)
    return tuple(sorted(opened, key=lambda one: (one.opened, one.trigger, one.id)))


def _opened(trigger: Trigger, incidents: list[Incident], agreement: str) -> list[Obligation]:
    # An incident whose hour is not known counts at the end of its span, and only with others that
    # certainly lie in one window with it: a clock is never started by a guess.
    incidents.sort(key=lambda one: (one.when.latest, one.when.earliest, one.id))
    made: list[Obligation] = []
    waiting: list[Incident] = []
    for incident in incidents:
        moment = incident.when.latest
        waiting.append(incident)
        together = [one for one in waiting if one.when.earliest >= moment - trigger.within]
        if len(together) < trigger.count:
            continue
        ids = tuple(sorted(one.id for one in together))
        made += [
            Obligation(
                id=content_id("obl", [agreement, trigger.id, step.id, *ids]),
                trigger=trigger.id,
                step=step.id,
                incidents=ids,
                duty_of=step.duty_of,
                duty=step.duty,
                opened=moment,
                due=None if step.after is None else moment + step.after,
                decided_by=step.decided_by,
            )
            for step in trigger.steps
        ]
        waiting = [one for one in waiting if one not in together]
    return made
