"""What waits for a reviewer, the gravest and oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import Effect, Nature, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from trucewatch.model import Assessment, Finding, Incident

GRAVITY = (
    "outside the agreement, or exempt",
    "may be a breach",
    "held to be a breach",
    "somebody is said to be hurt",
    "somebody is said to be killed",
)
"""How grave what waits is, from the least to the most."""

_HURT = {"wounded": 3, "injured": 3, "killed": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How long something has waited since one moment, and how that stands to what was promised."""

    since: datetime
    waited: timedelta
    past_target: bool
    past_limit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A finding that waits for a reviewer, and why.

    `gravity` is a place in GRAVITY. The two clocks are never merged: from the receipt of the first
    report (of the last one, where evidence has changed since a review), which is what the mission
    answers for, and from the event. A clock is None where its beginning is not known.
    """

    finding: Finding
    incident: Incident
    why: tuple[str, ...]
    gravity: int
    from_receipt: Age | None
    from_event: Age | None

    @property
    def overdue(self) -> bool:
        """Whether either clock is past its limit."""
        return any(
            age is not None and age.past_limit for age in (self.from_receipt, self.from_event)
        )


def waiting(
    findings: Iterable[Finding],
    incidents: Iterable[Incident],
    assessments: Iterable[Assessment] = (),
    *,
    received: Mapping[str, datetime],
    at: datetime,
    target: timedelta,
    limit: timedelta,
) -> tuple[Waiting, ...]:
    """What waits for a reviewer at a time that is handed in, the gravest first, then the oldest.

    `received` says when each claim was first received. Heat is no act and waits only where people
    have spoken of it. A review that took place ends the waiting, until evidence changes.
    """
    known = {one.id: one for one in incidents}
    outcomes: dict[str, set[Outcome]] = {}
    for each in assessments:
        outcomes.setdefault(each.incident, set()).add(each.outcome)
    found = []
    for finding in findings:
        incident = known[finding.incident]
        why = _why(finding, incident)
        if not why:
            continue
        times = sorted(received[claim] for claim in incident.claims if claim in received)
        since = None if not times else times[-1] if finding.stale else times[0]
        found.append(
            Waiting(
                finding=finding,
                incident=incident,
                why=why,
                gravity=_gravity(incident, outcomes.get(incident.id, set())),
                from_receipt=None if since is None else _age(since, at, target, limit),
                from_event=_age(incident.when.latest, at, target, limit),
            )
        )
    return tuple(sorted(found, key=_order))


def _order(one: Waiting) -> tuple[int, datetime, str]:
    since = one.incident.when.latest if one.from_receipt is None else one.from_receipt.since
    return -one.gravity, since, one.incident.id


def _why(finding: Finding, incident: Incident) -> tuple[str, ...]:
    waits = [one for one in finding.said if one.effect is Effect.WAITS]
    why = [f"one of two reviewers has said {one.word} ({one.by})" for one in waits]
    if finding.asked:
        why.append("a reviewer has asked for more")
    if finding.stale:
        why.append("the evidence has changed since it was looked at")
    if finding.provisional and not waits and incident.nature is Nature.EVENT:
        why.append("nobody has reviewed it")
    return tuple(why)


def _gravity(incident: Incident, outcomes: set[Outcome]) -> int:
    # What any account gives is enough to look at it first; it is no finding.
    hurt = [
        _HURT[one.what]
        for one in incident.counts
        if one.what in _HURT and max(one.best or 0, one.high or 0, one.low or 0) > 0
    ]
    if Outcome.BREACH in outcomes:
        hurt.append(2)
    if Outcome.UNDETERMINED in outcomes or not outcomes:
        hurt.append(1)
    return max(hurt, default=0)


def _age(since: datetime, at: datetime, target: timedelta, limit: timedelta) -> Age:
    waited = at - since
    return Age(since=since, waited=waited, past_target=waited > target, past_limit=waited > limit)
