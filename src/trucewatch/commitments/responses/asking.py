"""What stands at an hour, and what an incident would open: questions that change nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.commitments.responses import clockwork
from trucewatch.commitments.responses.approvals import lacking
from trucewatch.commitments.responses.breaches import UNREAD
from trucewatch.commitments.responses.clockwork import wound
from trucewatch.commitments.responses.deciding import contests, happening, why_void
from trucewatch.commitments.responses.ladders import settled
from trucewatch.commitments.responses.opening import open_obligations
from trucewatch.commitments.responses.rungs import aliases
from trucewatch.model import Decided, Outcome, Progress, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from trucewatch.commitments.responses.breaches import Terms
    from trucewatch.model import (
        Agreement,
        Assessment,
        Clock,
        Entered,
        Finding,
        Incident,
        Obligation,
        Pledge,
    )

OVERDUE, WAITING = "overdue", "waits for the determination"
"""What an open obligation is called when its hour has passed, and when its clock has not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """An obligation as it stood at an hour.

    `word` is its progress, or that it is overdue or waits for the determination. `left` is what
    each of its `timers` has left, negative where it has run out; None where it does not run. A
    stopped clock keeps what it had left when it stopped.
    """

    obligation: Obligation
    at: datetime
    word: str
    left: tuple[tuple[Clock, timedelta | None], ...]

    @property
    def overdue(self) -> bool:
        """Whether its hour passed before anything was decided."""
        return self.word == OVERDUE

    @property
    def settled(self) -> bool:
        """Whether nobody needs to decide anything on it any more."""
        return self.obligation.progress in _SETTLED

    def due_within(self, span: timedelta) -> bool:
        """Whether the clock that counts runs out within that time, and has not yet."""
        left = dict(self.left)[self.obligation.clock]
        return (
            left is not None
            and self.obligation.progress is Progress.OPEN
            and left.total_seconds() >= 0
            and left <= span
        )


_SETTLED = frozenset({Progress.TAKEN, Progress.DECLINED, Progress.DONE, Progress.CANCELLED})


def as_of(obligations: Iterable[Obligation], at: datetime) -> tuple[AsOf, ...]:
    """What had opened by `at`, as the entries up to then had left it, in the order given.

    The evidence is that of today: what was known at that hour is a replay of the log to say. A
    step that opens later is left out.
    """
    return tuple(_as_of(one, at) for one in obligations if one.opened <= at)


def until(obligations: Iterable[Obligation], at: datetime) -> tuple[Obligation, ...]:
    """The obligations as they stood at `at`, but for those that the evidence has cancelled since.

    For what is published of a period: later decisions belong to later bulletins, but a breach that
    is no more must not be printed as one.
    """
    kept = []
    for one in obligations:
        if one.opened > at:
            continue
        gone = one.progress is Progress.CANCELLED
        kept.append(one if gone else _as_of(one, at).obligation)
    return tuple(kept)


def _as_of(obligation: Obligation, at: datetime) -> AsOf:
    happened = [one for one in obligation.history if one.at <= at and one.what != clockwork.RAN_OUT]
    timers = [
        one
        if one.start is None or one.start <= at
        else replace(one, start=None, due=None, earliest=None, named=None)
        for one in obligation.timers
    ]
    work = wound(obligation.clock, timers, happened)
    then = replace(settled(obligation, work), missing=lacking(obligation.approvals, at))
    moment = at if work.stopped is None else work.stopped
    left = tuple(
        (one.clock, None if one.due is None else one.due - max(moment, one.start or moment))
        for one in then.timers
    )
    word = then.progress.value
    if then.progress is Progress.OPEN:
        runs = dict(left)[then.clock]
        started = {one.clock: one.start for one in then.timers}[then.clock]
        if started is None and runs is None:
            word = WAITING
        elif runs is not None and runs.total_seconds() < 0:
            word = OVERDUE
    return AsOf(obligation=then, at=at, word=word, left=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Would:
    """What would open if one incident were verified as a breach, and why it has not.

    `assumed` are the provisions that it is taken to breach: those that it breaches or may breach.
    """

    incident: str
    assumed: tuple[str, ...]
    opens: tuple[Obligation, ...]
    joins: tuple[Obligation, ...]
    now: str


def would_open(
    incident: Incident,
    assessments: Sequence[Assessment],
    incidents: Sequence[Incident],
    agreement: Agreement,
    *,
    findings: Sequence[Finding],
    pledges: Iterable[Pledge] = (),
    terms: Terms = UNREAD,
) -> Would:
    """What an incident would open beside the rest of the evidence, or join; it opens nothing.

    It is taken as verified and as a breach of every provision that it breaches or may breach. An
    attribution is not assumed: what asks for one stays shut.
    """
    ledger = tuple(pledges)
    (finding,) = (one for one in findings if one.incident == incident.id)
    may = {Outcome.BREACH, Outcome.UNDETERMINED}

    def opened(judged: Sequence[Finding], held: Sequence[Assessment]) -> dict[str, Obligation]:
        found = open_obligations(
            held, incidents, agreement, findings=judged, pledges=ledger, terms=terms
        )
        return {one.id: one for one in found}

    others = opened(
        [one for one in findings if one.incident != incident.id],
        [one for one in assessments if one.incident != incident.id],
    )
    supposed = [
        replace(one, outcome=Outcome.BREACH)
        if one.incident == incident.id and one.outcome in may
        else one
        for one in assessments
    ]
    lifted = [
        replace(one, state=State.VERIFIED) if one.id == finding.id else one for one in findings
    ]
    with_it = opened(lifted, supposed)
    present = opened(findings, assessments)
    mine = [one for one in with_it.values() if incident.id in one.incidents]
    # An earlier breach founds its response anew, under another id: it is joined all the same.
    known = {(one.trigger, one.step, each) for one in others.values() for each in one.incidents}
    joined = [
        one for one in mine if any((one.trigger, one.step, each) in known for each in one.incidents)
    ]
    return Would(
        incident=incident.id,
        assumed=tuple(
            sorted(
                one.provision
                for one in assessments
                if one.incident == incident.id and one.outcome in may
            )
        ),
        opens=tuple(one for one in mine if one not in joined),
        joins=tuple(joined),
        now=f"it is {finding.state}, and "
        + (
            "counts towards what is open"
            if any(incident.id in one.incidents for one in present.values())
            else "opens nothing"
        ),
    )


def caught_up(
    obligation: Obligation, decisions: Iterable[Entered], agreement: Agreement
) -> Obligation:
    """An obligation with what was entered on it, by its id, since it was made.

    Its clocks and its progress follow; what the entries open after it does not.
    """
    known = {(one.at, one.what, one.person, one.until) for one in obligation.history}
    new = []
    for entered in decisions:
        said = entered.decision
        if isinstance(said, Decided) and said.obligation == obligation.id:
            one = happening(agreement, obligation.decided_by, entered)
            if (one.at, one.what, one.person, one.until) not in known:
                new.append(one)
    happened = [one for one in obligation.history if one.what != clockwork.RAN_OUT]
    return settled(obligation, wound(obligation.clock, obligation.timers, [*happened, *new]))


def known_as(obligation: Obligation, agreement: Agreement) -> frozenset[str]:
    """Every id that may have been printed for an obligation, its own included."""
    found = aliases(agreement.id, obligation.trigger, obligation.step, obligation.incidents)
    return found | {obligation.id}


def objection(obligation: Obligation, entered: Entered, agreement: Agreement) -> str:
    """Why an entry would count for nothing if it were made now; empty where it may be made.

    A dispute of a party or of a state that takes part may be made: it is recorded, and stops no
    clock. ValueError where the entry is no decision on this obligation.
    """
    decided = entered.decision
    if not isinstance(decided, Decided) or decided.obligation != obligation.id:
        raise ValueError("this is no decision on this obligation")
    void = why_void(agreement, obligation.decided_by, decided, entered.person)
    if void:
        return "" if contests(decided, entered.person) else void
    if entered.at < obligation.opened:
        return "this step is not open yet"
    known = [one for one in obligation.history if one.what != clockwork.RAN_OUT]
    work = wound(obligation.clock, obligation.timers, known)
    return work.why_not(decided.act, entered.at, decided.until)
