"""What falls due: approvals that are outstanding, promised days, validity that runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.commitments.ledger.lasting import GRANTED, REFUSED, approval_state, standings
from trucewatch.commitments.words import KEPT
from trucewatch.model import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trucewatch.commitments.ledger.lasting import Standing
    from trucewatch.model import Pledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that is awaited of a state. `kind` is "approval", "delivery" or "validity".

    `when` is the day that was named for it, None where none was: then it is awaited and can never
    be overdue. `overdue` is True once the whole of that day is past.
    """

    pledge: str
    by: str
    kind: str
    what: str
    when: Interval | None
    overdue: bool
    source: str


def falls_due(
    pledges: Iterable[Pledge], at: datetime, *, within: timedelta | None = None
) -> tuple[Due, ...]:
    """What is awaited at a time and not overdue, by day; what has no day comes last.

    `within` leaves out what falls due later than that from now; what has no day always stays.
    """
    found = (one for one in _awaited(pledges, at) if not one.overdue)
    kept = (
        one
        for one in found
        if within is None or one.when is None or one.when.earliest - at <= within
    )
    return tuple(sorted(kept, key=_day))


def overdue(pledges: Iterable[Pledge], at: datetime) -> tuple[Due, ...]:
    """What was promised for a day that is past and is not on record, by day."""
    return tuple(sorted((one for one in _awaited(pledges, at) if one.overdue), key=_day))


def _awaited(pledges: Iterable[Pledge], at: datetime) -> Iterator[Due]:
    for one in standings(pledges, at):
        if one.rung is not None and one.rung.name == "withdrawn":
            continue
        yield from _approvals(one, at)
        yield from _delivery(one, at)
        end = one.pledge.valid.end
        if end is not None and end > at:
            yield Due(
                pledge=one.pledge.id,
                by=one.pledge.by,
                kind="validity",
                what=f"runs out: {one.pledge.what}",
                # The end is the first instant at which it holds no more; the day named is the last.
                when=Interval.instant(end - timedelta.resolution),
                overdue=False,
                source=one.pledge.source,
            )


def _approvals(one: Standing, at: datetime) -> Iterator[Due]:
    if one.authorisation.word == REFUSED:
        return
    for approval in one.authorisation.latest:
        state = approval_state(approval, at)
        if state != GRANTED:
            yield Due(
                pledge=one.pledge.id,
                by=one.pledge.by,
                kind="approval",
                what=f"{approval.body} ({state}): {one.pledge.what}",
                when=approval.due,
                overdue=approval.due is not None and approval.due.latest <= at,
                source=approval.source or one.pledge.source,
            )


def _delivery(one: Standing, at: datetime) -> Iterator[Due]:
    due, kept = one.pledge.due, one.rung is not None and one.rung.name in KEPT
    if due is not None and not kept:
        yield Due(
            pledge=one.pledge.id,
            by=one.pledge.by,
            kind="delivery",
            what=one.pledge.what,
            when=due,
            overdue=due.latest <= at,
            source=one.pledge.source,
        )


def _day(one: Due) -> tuple[bool, str, str, str, str]:
    day = "" if one.when is None else one.when.latest.isoformat()
    return (one.when is None, day, one.pledge, one.kind, one.what)
