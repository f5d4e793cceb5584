"""The obligations that breaches open: each waits for people, and none that was opened vanishes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from trucewatch.commitments.responses import clockwork
from trucewatch.commitments.responses.breaches import UNREAD, Evidence, terms_of
from trucewatch.commitments.responses.clockwork import wound
from trucewatch.commitments.responses.deciding import Place, Rulings, about, happening
from trucewatch.commitments.responses.ladders import Ladders, settled
from trucewatch.model import (
    Attributed,
    Decided,
    Determination,
    Happening,
    Review,
    Ruling,
    Separated,
    TakenBack,
    United,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from trucewatch.commitments.responses.breaches import Terms
    from trucewatch.commitments.responses.rungs import Ladder, Rung
    from trucewatch.model import (
        Agreement,
        Assessment,
        Entered,
        Finding,
        Incident,
        Obligation,
        Pledge,
        Trigger,
    )

_UNDO = frozenset(
    {Ruling.REFUTE, Ruling.UNVERIFIABLE, Ruling.EXEMPT, Ruling.DUPLICATE, Ruling.RELEASE}
)
_WITH_REASON = Determination | Review | Attributed | Separated | TakenBack
NO_WAITING: Mapping[str, tuple[tuple[datetime, Evidence], ...]] = MappingProxyType({})
NO_WAITING_ENTRIES: Mapping[int, datetime] = MappingProxyType({})
NO_LONGER = "the evidence no longer shows the breach"
NO_STEP = "the agreement no longer sets out this step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Evidence that was taken back: when, which claims, by whom and why."""

    at: datetime
    claims: frozenset[str]
    by: str
    reason: str


def open_obligations(
    assessments: Iterable[Assessment],
    incidents: Iterable[Incident],
    agreement: Agreement,
    *,
    findings: Iterable[Finding] = (),
    decisions: Iterable[Entered] = (),
    pledges: Iterable[Pledge] = (),
    terms: Terms = UNREAD,
    once: Evidence | None = None,
    losses: Iterable[Loss] = (),
    reached: Mapping[str, tuple[tuple[datetime, Evidence], ...]] = NO_WAITING,
    entered: Mapping[int, datetime] = NO_WAITING_ENTRIES,
) -> tuple[Obligation, ...]:
    """The obligations under the agreement's triggers, by the hour they open and by id.

    A breach counts where its finding reaches the standard of proof that a step needs; without
    findings nothing opens. `decisions` come in the order of the log. A step that opens when the
    one before runs out stands here before its hour: ask `as_of` what is open at a time. `once` is
    the evidence before people took any of it back or ruled on it (`losses` say who and why): what
    that opens and the present does not is CANCELLED, and stays. `terms` measure zones and read
    conditions; ValueError where a trigger needs them and none are given.

    Give the evidence of finding-grade records alone: a clock starts from nothing else. It starts at
    the hour of the breach, or by when the records behind it were finding-grade, if that is later:
    `reached` says so of incidents (see `Evidence`), `entered` of decisions by log index.
    """
    now = Evidence(
        assessments=tuple(assessments),
        incidents=tuple(incidents),
        findings=tuple(findings),
        reached=reached,
    )
    said = sorted(decisions, key=lambda one: one.index)
    opening = _Opening(agreement, said, tuple(losses), now if once is None else once, entered)
    found = opening.result(now, tuple(pledges), terms)
    return tuple(sorted(found, key=lambda one: (one.opened, one.trigger, one.id)))


class _Opening:
    """What opens now, what was open once, and the decisions on both."""

    def __init__(
        self,
        agreement: Agreement,
        entered: list[Entered],
        losses: tuple[Loss, ...],
        ever: Evidence,
        since: Mapping[int, datetime],
    ) -> None:
        self.agreement, self.entered, self.ever = agreement, entered, ever
        self._since = since
        self.rulings = Rulings(entered, agreement, ever.incidents)
        self._undoing = [one for one in entered if _undoes(one)]
        self._last_loss = max((one.at for one in losses), default=None)
        self._lost: defaultdict[str, list[Loss]] = defaultdict(list)
        for loss in losses:
            for claim in loss.claims:
                self._lost[claim].append(loss)

    def result(
        self, now: Evidence, pledges: tuple[Pledge, ...], terms: Terms
    ) -> Iterator[Obligation]:
        """The obligations of the present, those that are gone, and those only people remember."""
        # What was taken back may have renamed an incident: each state has rulings by its own names.
        rulings = Rulings(self.entered, self.agreement, now.incidents)
        present, past = (
            Ladders(
                evidence,
                self.agreement,
                ruled,
                pledges,
                terms,
                heed_denials=heed,
                entered=self._since,
            )
            for evidence, ruled, heed in (
                (now, rulings, True),
                (self.ever, self.rulings, False),
            )
        )
        before = past.called_for()
        after = _named_alike(present.called_for(), before)
        places: dict[str, Place] = {}
        for one in (*before, *after):
            for place in one.places(self.agreement.id):
                places[place.id] = place.joined(places.get(place.id))
        found, lost = about(self.entered, list(places.values()))
        done = {
            name: [happening(self.agreement, places[name].decided_by, one) for one in entered]
            for name, entered in found.items()
        }
        here = set()
        for one in after:
            for rung in present.climb(one, done):
                here.add(rung.obligation.id)
                yield rung.obligation
        for one in before:
            for rung in past.climb(one, done):
                if rung.obligation.id not in here:
                    yield from self._cancelled(rung, one.trigger)
        yield from self._remembered(lost)

    def _cancelled(self, rung: Rung, trigger: Trigger) -> Iterator[Obligation]:
        """What opened once and does not now; nothing where it was gone before it opened."""
        end = self._end(rung, trigger)
        if end.at >= rung.obligation.opened:
            yield _ended(rung.obligation, rung.obligation.history, end)

    def _end(self, rung: Rung, trigger: Trigger) -> Happening:
        """By whose word, and when, the breach was gone: the last that took any part of it away."""
        ends = [
            Happening(at=one.at, what=clockwork.CANCELLED, by=one.by, reason=one.reason)
            for claim in sorted(rung.claims)
            for one in self._lost.get(claim, ())
        ]
        for incident in rung.obligation.incidents:
            for provision in terms_of(trigger, self.agreement):
                entered = self.rulings.standing(incident, provision)
                if entered is not None and self.rulings.denied(incident, provision):
                    ends.append(_ending(entered))
        for entered in self._undoing:
            said = entered.decision
            if isinstance(said, Review | Attributed | Separated | TakenBack) and (
                said.incident in rung.obligation.incidents or rung.claims & {*said.claims}
            ):
                ends.append(_ending(entered))
        nobody = Happening(
            at=self._last_loss or rung.obligation.opened,
            what=clockwork.CANCELLED,
            by=None,
            reason=NO_LONGER,
        )
        return max(ends, key=lambda one: one.at, default=nobody)

    def _remembered(self, lost: Iterable[Entered]) -> Iterator[Obligation]:
        """What people decided on and no evidence opens any more, as they had it before them."""
        known: dict[str, Obligation] = {}
        done: defaultdict[str, list[Happening]] = defaultdict(list)
        for entered in lost:
            said = entered.decision
            if isinstance(said, Decided) and said.about is not None:
                known.setdefault(said.obligation, said.about)
                body = known[said.obligation].decided_by
                done[said.obligation].append(happening(self.agreement, body, entered))
        for name, obligation in known.items():
            opened = Happening(
                at=obligation.opened, what=clockwork.OPENED, by=None, reason="as it was decided on"
            )
            last = max(one.at for one in done[name])
            steps = {(each.id, step.id) for each in self.agreement.triggers for step in each.steps}
            known_step = (obligation.trigger, obligation.step) in steps
            reason = NO_LONGER if known_step else NO_STEP
            end = Happening(at=last, what=clockwork.CANCELLED, by=None, reason=reason)
            yield _ended(replace(obligation, id=name), [opened, *done[name]], end)


def _ending(entered: Entered) -> Happening:
    said = entered.decision
    return Happening(
        at=entered.at,
        what=clockwork.CANCELLED,
        by=said.body if isinstance(said, Determination | Attributed) else entered.by,
        reason=said.reason if isinstance(said, _WITH_REASON) else NO_LONGER,
        person=entered.by,
    )


def _ended(obligation: Obligation, history: Iterable[Happening], end: Happening) -> Obligation:
    told = (one for one in history if one.what != clockwork.RAN_OUT)
    return settled(obligation, wound(obligation.clock, obligation.timers, [*told, end]))


def _named_alike(after: Sequence[Ladder], before: Sequence[Ladder]) -> list[Ladder]:
    """The responses of the present under the names they had, where they share what they rest on.

    So a response keeps its name when the report that founded it is taken back.
    """

    def key(one: Ladder) -> tuple[str, str, str]:
        return one.trigger.id, one.first.id, one.name

    own = {key(one) for one in after}
    free = {key(one): one for one in before if key(one) not in own}
    known = {key(one) for one in before}
    named = []
    for one in after:
        shared = [
            (-len(one.claims & was.claims), name)
            for name, was in free.items()
            if name[:2] == key(one)[:2] and one.claims & was.claims
        ]
        if key(one) not in known and shared:
            was = free.pop(min(shared)[1])
            named.append(replace(one, name=was.name))
        else:
            named.append(one)
    return named


def lasting(decisions: Iterable[Entered]) -> tuple[Entered, ...]:
    """The decisions without those that undo a finding: for `once`, what was open before them.

    A split does so, and so does what takes a split or a merge back. Of several attributions of one
    incident the first alone is kept.
    """
    kept = []
    attributed: set[str] = set()
    for one in sorted(decisions, key=lambda each: each.index):
        said = one.decision
        if _undoes(one) or (isinstance(said, Attributed) and said.incident in attributed):
            continue
        if isinstance(said, Attributed):
            attributed.add(said.incident)
        kept.append(one)
    return tuple(kept)


def starts(entered: Entered) -> bool:
    """Whether a decision may start a clock, so that it waits for a quorum of witnesses to count.

    What takes away, and what bodies decide on obligations, counts at once.
    """
    said = entered.decision
    if isinstance(said, Determination):
        return said.breach
    return isinstance(said, Review | Attributed | United) and not _undoes(entered)


def _undoes(entered: Entered) -> bool:
    said = entered.decision
    if isinstance(said, Review):
        return said.ruling in _UNDO
    if isinstance(said, Separated | TakenBack):
        return True
    return isinstance(said, Attributed) and said.party is None
