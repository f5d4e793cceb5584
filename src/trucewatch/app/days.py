"""Which days a mission looks at, and which of them its truce touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trucewatch.model import Window

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from trucewatch.model import Interval


@dataclass(frozen=True, slots=True)
class Span:
    """The local days that a mission looks at, and those that its truce touches."""

    days: tuple[date, ...]
    truce: tuple[date, ...]


LONGEST_GAP = timedelta(days=92)
"""A day that lies further than this from all days reported before it does not stretch a truce."""


def span(truce: Window, told: Iterable[Interval], zone: tzinfo, *, baseline_days: int) -> Span:
    """The days of the truce and `baseline_days` on each side that is not open.

    An open end reaches as far as what is told of does without a gap of more than `LONGEST_GAP`: one
    report with a date of the far future stretches nothing. A truce that does not hold yet touches
    no day; the days are then those that are told of.
    """
    listed = tuple(told)
    if truce.empty:
        told_of = span(Window(None, None), listed, zone, baseline_days=baseline_days)
        return Span(days=told_of.days, truce=())
    days = sorted({when.earliest.astimezone(zone).date() for when in listed})
    if truce.start is not None:
        first = truce.start.astimezone(zone).date()
    elif truce.end is not None:
        first = _reach(truce.end.astimezone(zone).date(), days, forward=False)
    else:
        middle = days[len(days) // 2] if days else date(1970, 1, 1)
        first = _reach(middle, days, forward=False)
    if truce.end is not None:
        last = (truce.end - timedelta(microseconds=1)).astimezone(zone).date()
    else:
        last = _reach(first, days, forward=True)
    last = max(first, last)
    # An open side has nothing beyond it: a day there that nobody has told of yet is no quiet day.
    earlier = timedelta(days=baseline_days if truce.start is not None else 0)
    later = timedelta(days=baseline_days if truce.end is not None else 0)
    return Span(days=_days(first - earlier, last + later), truce=_days(first, last))


def _reach(start: date, days: Iterable[date], *, forward: bool) -> date:
    """How far from `start` the days go on without too long a gap."""
    reached = start
    for day in sorted(days, reverse=not forward):
        ahead = day - reached if forward else reached - day
        if ahead > LONGEST_GAP:
            break
        if ahead > timedelta(0):
            reached = day
    return reached


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))
