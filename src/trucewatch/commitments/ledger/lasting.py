"""One statement as it stands at a time: how far it has come, and whether it is authorised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.commitments.ledger.advancing import terms_of
from trucewatch.commitments.words import APPROVAL_STATES, EXITS, POSITION, STAGES, STANDINGS
from trucewatch.model import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.model import Approval, Interval, Pledge

GRANTED, REFUSED, OUTSTANDING, UNRECORDED = "granted", "refused", "outstanding", "none on record"
_ORDER = {name: place for place, name in enumerate((POSITION, *STAGES))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """Whether a state's own procedure has approved; `latest` is the last word of each body.

    `word` is "granted" only where every body on record has granted. Where no approval is on record
    and no rung tells of one, it is "none on record": that does not say that none is needed.
    """

    word: str
    latest: tuple[Approval, ...] = ()
    rung: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A statement at a time. `rung` is the last that it had reached for certain, None if none.

    `perhaps` are rungs that it may have reached as well, as their days are not known exactly.
    `valid` is "yes", "not yet" or "lapsed".
    """

    pledge: Pledge
    rung: Stage | None
    perhaps: tuple[Stage, ...]
    valid: str
    authorisation: Authorisation

    @property
    def stages(self) -> frozenset[str | None]:
        """Every stage at which it may stand; None stands for "not said yet"."""
        now = None if self.rung is None else self.rung.name
        return frozenset({now, *(one.name for one in self.perhaps)})

    @property
    def shown(self) -> Stage:
        """The rung to show: the last certain one, else the lowest of those there may be."""
        return self.rung or min(self.perhaps, key=_place)

    @property
    def out(self) -> bool:
        """Whether it may have been suspended or withdrawn."""
        return not self.stages.isdisjoint(EXITS)


def standing(pledge: Pledge, at: datetime) -> Standing | None:
    """The statement as it stands at a time; None where nothing of it had been said by then.

    A rung counts from the end of the span in which it was said; in between it is a "perhaps", and
    so is a rung without a day that lies above what is certain. Later rungs supersede earlier ones.
    """
    certain, perhaps = None, []
    for rung in sorted(_rungs(pledge), key=_time):
        if rung.said is None:
            perhaps.append(rung)
        elif rung.said.latest <= at:
            certain = rung
        elif rung.said.earliest <= at:
            perhaps.append(rung)
    if certain is not None:
        reached = _ORDER[certain.name]
        perhaps = [one for one in perhaps if one.said is not None or _ORDER[one.name] > reached]
    if certain is None and not perhaps:
        return None
    return Standing(
        pledge=_then(pledge, certain, perhaps),
        rung=certain,
        perhaps=tuple(perhaps),
        valid=_validity(pledge, at),
        authorisation=authorisation(pledge.approvals, certain, at),
    )


def authorisation(approvals: Iterable[Approval], rung: Stage | None, at: datetime) -> Authorisation:
    """What is on record of a state's approval at a time.

    A decision counts only with its day, once that day is over, and with its source. A refusal by
    one body outweighs what others grant.
    """
    latest: dict[tuple[str, str], Approval] = {}
    for one in sorted(approvals, key=_when_approved):
        if one.said is None or one.said.earliest <= at:
            latest[one.body, one.kind] = one
    last = tuple(latest[key] for key in sorted(latest))
    words = {approval_state(one, at) for one in last}
    if REFUSED in words:
        return Authorisation(word=REFUSED, latest=last)
    if words == {GRANTED}:
        return Authorisation(word=GRANTED, latest=last)
    if words:
        return Authorisation(word=OUTSTANDING, latest=last)
    if rung is not None and rung.name == "authorised":
        return Authorisation(word=GRANTED, rung=rung)
    return Authorisation(word=UNRECORDED)


def approval_state(approval: Approval, at: datetime) -> str:
    """The state of one approval at a time; a decision that is not on record in full is unclear."""
    if approval.state not in {GRANTED, REFUSED}:
        return approval.state
    on_record = approval.said is not None and approval.said.latest <= at and approval.source.strip()
    return approval.state if on_record else "unclear"


def standings(pledges: Iterable[Pledge], at: datetime) -> tuple[Standing, ...]:
    """Every statement that may have been made by `at`, each once, by id and content."""
    found = (standing(one, at) for one in sorted(set(pledges), key=_identity))
    return tuple(one for one in found if one is not None)


def _rungs(pledge: Pledge) -> set[Stage]:
    own = Stage(name=pledge.stage, said=pledge.said, source=pledge.source)
    return {own, *pledge.stages}


def _then(pledge: Pledge, certain: Stage | None, perhaps: Iterable[Stage]) -> Pledge:
    """The statement with the standing and the amount that it had on the rungs it may stand on.

    Where they differ, the amount goes from the least to the most of them, an amount of another unit
    left out; the standing is that of the certain rung, else the least.
    """
    rungs = [*([] if certain is None else [certain]), *sorted(perhaps, key=_place)]
    own = terms_of(pledge)
    told = [one.terms or own for one in rungs]
    if all(one == own for one in told):
        return pledge
    standing_then = told[:1] if certain is not None else told
    unit = next((one.unit for one in told if one.unit is not None), None)
    given = [one for one in told if one.unit == unit and (one.low, one.high) != (None, None)]
    lows = [one.low for one in given if one.low is not None]
    highs = [one.high for one in given if one.high is not None]
    return replace(
        pledge,
        standing=min((one.standing for one in standing_then), key=STANDINGS.index),
        low=min(lows) if lows and len(lows) == len(told) else None,
        high=max(highs) if highs and len(highs) == len(given) else None,
        unit=unit,
    )


def _place(rung: Stage) -> tuple[int, str]:
    return (_ORDER[rung.name], rung.source)


def _time(rung: Stage) -> tuple[bool, str, str, int, str]:
    known, latest, earliest = _span(rung.said)
    return (known, latest, earliest, _ORDER[rung.name], rung.source)


def _when_approved(one: Approval) -> tuple[bool, str, str, int, str]:
    known, latest, earliest = _span(one.said)
    # Of two words of one day the grant does not outweigh the other: nobody knows which was last.
    rank = -1 if one.state == GRANTED else APPROVAL_STATES.index(one.state)
    return (known, latest, earliest, rank, one.source)


def _span(said: Interval | None) -> tuple[bool, str, str]:
    """A key of time under which what has no day comes first."""
    if said is None:
        return (False, "", "")
    return (True, said.latest.isoformat(), said.earliest.isoformat())


def _validity(pledge: Pledge, at: datetime) -> str:
    if pledge.standing == "lapsed" or (pledge.valid.end is not None and pledge.valid.end <= at):
        return "lapsed"
    return "not yet" if pledge.valid.start is not None and at < pledge.valid.start else "yes"


def _identity(pledge: Pledge) -> tuple[str, str]:
    return (pledge.id, repr(pledge))
