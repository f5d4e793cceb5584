"""From responses to obligations: which steps are open, since when, and by which clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.commitments.responses import clockwork
from trucewatch.commitments.responses.approvals import awaited, lacking
from trucewatch.commitments.responses.breaches import (
    Tally,
    breaches,
    met_by,
    needed,
    rank,
    responses,
)
from trucewatch.commitments.responses.clockwork import wound
from trucewatch.commitments.responses.rungs import Ladder, Rung, obligation_id
from trucewatch.model import Clock, Determination, Happening, Obligation, Timer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.commitments.responses.breaches import Breach, Evidence, Response, Terms
    from trucewatch.commitments.responses.clockwork import Clockwork
    from trucewatch.commitments.responses.deciding import Rulings
    from trucewatch.model import Agreement, Pledge, Step, Trigger


ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Since when what waits for no witness is finding-grade."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """The breaches that open a step, when it opens, and by when they were finding-grade."""

    base: Response
    opened: datetime
    witnessed: datetime


class Ladders:
    """One state of the evidence, as the responses it calls for under one agreement."""

    def __init__(
        self,
        evidence: Evidence,
        agreement: Agreement,
        rulings: Rulings,
        pledges: Iterable[Pledge],
        terms: Terms,
        *,
        heed_denials: bool,
        entered: Mapping[int, datetime],
    ) -> None:
        self.agreement, self.rulings, self.terms = agreement, rulings, terms
        self._evidence, self._entered = evidence, entered
        self._since: dict[tuple[str, str, int], datetime] = {}
        self._ruled = rulings.standing if heed_denials else rulings.affirmed
        self.pledges = tuple(pledges)
        self._breaches: dict[str, tuple[Breach, ...]] = {}
        for trigger in agreement.triggers:
            found = breaches(evidence, agreement, trigger, terms)
            self._breaches[trigger.id] = self._not_denied(found) if heed_denials else found

    def _not_denied(self, ones: Iterable[Breach]) -> tuple[Breach, ...]:
        """Without what a body has determined to be no breach of any of its provisions."""
        kept = []
        for one in ones:
            left = {p for p in one.provisions if not self.rulings.denied(one.incident.id, p)}
            if left:
                kept.append(replace(one, provisions=frozenset(left)))
        return tuple(kept)

    def called_for(self) -> list[Ladder]:
        """The responses that the breaches call for, trigger by trigger, in order of time."""
        return [
            Ladder(trigger, step, response, response.founder.incident.id)
            for trigger in self.agreement.triggers
            for step in trigger.steps
            if step.follows is None
            for response in responses(self._able(trigger, step), trigger)
        ]

    def climb(self, ladder: Ladder, decided: Mapping[str, Sequence[Happening]]) -> list[Rung]:
        """The first step of a response, and those after it as far as they open.

        `decided` is what was entered on each obligation, by its id.
        """
        made: list[Rung] = []
        trigger, response = ladder.trigger, ladder.response
        waiting: list[tuple[Step, _Begun]] = []
        begins = self._opens(trigger, ladder.first, response, response.moment)
        if begins is not None:
            waiting.append((ladder.first, begins))
        while waiting:
            step, begun = waiting.pop(0)
            bare = self._bare(ladder, step, begun)
            happened = _in_order(bare.history, decided.get(bare.id, ()))
            work = wound(step.clock, bare.timers, happened)
            made.append(Rung(settled(bare, work), ladder.claims))
            if work.passed is None:
                continue
            taken = {rung.obligation.step for rung in made} | {one.id for one, _ in waiting}
            for following in trigger.steps:
                if following.follows == step.id and following.id not in taken:
                    found = self._opens(
                        trigger, following, response, max(begun.opened, work.passed)
                    )
                    if found is not None:
                        waiting.append((following, found))
        return made

    def _able(self, trigger: Trigger, step: Step) -> list[Breach]:
        need = needed(step, self.agreement)
        return [one for one in self._breaches[trigger.id] if one.rank >= need]

    def _finding_grade(self, trigger: Trigger, breach: Breach, need: int) -> datetime:
        """By when the records that make a breach reach a standard were finding-grade."""
        key = trigger.id, breach.incident.id, need
        if key not in self._since:
            self._since[key] = self._first_reached(trigger, breach, need)
        return self._since[key]

    def _first_reached(self, trigger: Trigger, breach: Breach, need: int) -> datetime:
        series = self._evidence.reached.get(breach.incident.id, ())
        for at, then in series:
            found = breaches(then, self.agreement, trigger, self.terms)
            if any(one.rank >= need for one in found):
                return at
        # With the last of its records at hand it is what it is now.
        return series[-1][0] if series else ALWAYS

    def _opens(
        self, trigger: Trigger, step: Step, response: Response, passed: datetime
    ) -> _Begun | None:
        """When the step opens, with the response as far as it reaches the step's standard."""
        need = needed(step, self.agreement)
        own = [one for one in response.breaches if one.rank >= need]
        own.sort(key=lambda one: (one.counts_at, one.may_be_at, one.incident.id))
        base = next(iter(responses(own, trigger)), None)
        if base is None:
            return None
        since = {one.incident.id: self._finding_grade(trigger, one, need) for one in own}
        witnessed = met_by(own, trigger, since)
        start = max(passed, base.moment, witnessed)
        if step.condition is None:
            return _Begun(base, start, witnessed)

        # What has happened since: only what certainly came after the response began.
        def counts_from(one: Breach) -> datetime:
            return max(one.counts_at, since[one.incident.id])

        met = {one.incident.id for one in response.met}
        later = [
            one for one in own if one.may_be_at >= response.moment and one.incident.id not in met
        ]
        later.sort(key=counts_from)
        determined = self._determined(trigger, step, base)
        moments = {counts_from(one) for one in later} | ({determined.at} if determined else set())
        tally = Tally(response)
        coming = iter(later)
        following = next(coming, None)
        for at in [start, *sorted(one for one in moments if one > start)]:
            while following is not None and counts_from(following) <= at:
                tally.add(following)
                following = next(coming, None)
            said = determined is not None and determined.at <= at
            if self.terms.holds(step.condition, tally.facts(at, determined=said)) is True:
                return _Begun(base, at, witnessed)
        return None

    def _bare(self, ladder: Ladder, step: Step, begun: _Begun) -> Obligation:
        """The obligation as the evidence alone makes it."""
        trigger, base = ladder.trigger, begun.base
        determined = self._determined(trigger, step, base)
        start = max(base.moment, begun.witnessed)
        event = Timer(
            clock=Clock.EVENT,
            start=start,
            due=None,
            earliest=max(base.earliest, begun.witnessed),
            named=step.due(start),
        )
        other = Timer(
            clock=Clock.DETERMINATION,
            start=determined.at if determined else None,
            due=None,
            earliest=determined.at if determined else None,
            named=step.due(determined.at) if determined else None,
        )
        evidence = [
            Happening(
                at=begun.opened,
                what=clockwork.OPENED,
                by=None,
                reason=_why(step, begun),
            )
        ]
        approvals = awaited(step, self.agreement, self.pledges)
        return Obligation(
            id=obligation_id(self.agreement.id, trigger.id, step.id, ladder.name),
            trigger=trigger.id,
            incidents=base.incidents,
            duty_of=step.duty_of,
            duty=step.duty,
            opened=begun.opened,
            due=None,
            decided_by=step.decided_by,
            step=step.id,
            timers=(event, other),
            missing=lacking(approvals),
            approvals=approvals,
            standing=step.standing,
            source=step.source,
            history=(*evidence, *([determined] if determined else [])),
            clock=step.clock,
            follows=step.follows,
        )

    def _determined(self, trigger: Trigger, step: Step, base: Response) -> Happening | None:
        """The entry by which bodies have determined as many breaches as the trigger asks for."""
        need = needed(step, self.agreement)
        found: dict[str, tuple[int, Happening]] = {}
        for breach in base.breaches:
            for provision in sorted(breach.provisions):
                entered = self._ruled(breach.incident.id, provision)
                said = None if entered is None else entered.decision
                if entered is None or not isinstance(said, Determination) or not said.breach:
                    continue
                if rank(said.standard) < need:
                    continue
                word = Happening(
                    at=max(entered.at, self._entered.get(entered.index, ALWAYS)),
                    what=clockwork.DETERMINED,
                    by=said.body,
                    reason=said.reason,
                    person=entered.by,
                )
                known = found.get(breach.incident.id)
                if known is None or (word.at, entered.index) < (known[1].at, known[0]):
                    found[breach.incident.id] = (entered.index, word)
        if len(found) < trigger.count:
            return None
        ordered = sorted(found.values(), key=lambda pair: (pair[1].at, pair[0]))
        return ordered[trigger.count - 1][1]


def _why(step: Step, begun: _Begun) -> str:
    """Why a step opened when it did."""
    if step.follows is not None:
        return f"after {step.follows}"
    if begun.witnessed > begun.base.moment:
        return "the trigger was met, and a quorum of witnesses had cosigned the records of it"
    return "the trigger was met"


def _in_order(evidence: Sequence[Happening], decided: Sequence[Happening]) -> list[Happening]:
    """Evidence and decisions by time; decisions among themselves stay in the log's order."""
    ordered = list(decided)
    for one in evidence:
        place = next((k for k, each in enumerate(ordered) if each.at > one.at), len(ordered))
        ordered.insert(place, one)
    return ordered


def settled(bare: Obligation, work: Clockwork) -> Obligation:
    """The obligation with what became of it."""
    return replace(
        bare,
        due=work.due,
        progress=work.progress,
        timers=tuple(work.timers[one.clock] for one in bare.timers),
        history=tuple(work.history),
    )
