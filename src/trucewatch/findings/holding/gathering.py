"""The series that a mission's reports give: counts by period, and incidents by day."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from trucewatch.findings.holding.chain import broken_links
from trucewatch.findings.holding.following import follow
from trucewatch.model import Counted, Interval, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, tzinfo

    from trucewatch.model import DayCount, PeriodCount, TruceCourse

INCIDENTS = "all sources"
REPORTED = "incidents whose day is sure"


def courses(
    tallies: Iterable[PeriodCount],
    days: Sequence[DayCount],
    *,
    truce: Window,
    zone: tzinfo,
    baseline_days: int,
    until: datetime | None = None,
) -> tuple[TruceCourse, ...]:
    """How the truce goes by each source that counts, and by the incidents that were reported.

    Each is held against the `baseline_days` before the truce. A truce that has no start, or never
    holds, has no course. Of `days` only those from the first to the last with an incident are
    taken, as outside them nobody may have told of anything. Incidents count where their day is
    sure, and what could be seen of them is unknown: who tells of them may not watch. `until` ends
    an open truce: counts after it are left out, and a note says how many.
    """
    if truce.start is None or truce.empty:
        return ()
    start = truce.start
    if truce.end is None and until is not None:
        truce = Window(start, max(until, start))
    before = Window(start - timedelta(days=baseline_days), start)
    found = []
    ordered = sorted(set(tallies), key=lambda one: (one.source, one.what, one.when, one.region))
    for (source, what), group in groupby(ordered, key=lambda one: (one.source, one.what)):
        own = tuple(group)
        found.append(
            follow(
                (
                    Counted(when=one.when, count=one.count, part=one.region, seen=one.seen)
                    for one in own
                ),
                truce=truce,
                before=before,
                source=source,
                what=what,
                notes=broken_links(own) + _beyond(own, until),
            )
        )
    told = [at for at, day in enumerate(days) if day.firm]
    if told:
        found.append(_by_day(days[told[0] : told[-1] + 1], truce, zone))
    return tuple(found)


def _beyond(counts: Iterable[PeriodCount], until: datetime | None) -> tuple[str, ...]:
    """How many counts lie after the last day looked at: one far date stretches no truce."""
    later = sum(until is not None and one.when.latest > until for one in counts)
    if not later:
        return ()
    return (f"{later} counts after {until:%Y-%m-%d} are left out: too long a gap lies before them",)


def _by_day(days: Sequence[DayCount], truce: Window, zone: tzinfo) -> TruceCourse:
    spans = [Interval.days(one.day, one.day, zone) for one in days]
    return follow(
        (
            Counted(when=span, count=one.firm, stated=False)
            for span, one in zip(spans, days, strict=True)
        ),
        truce=truce,
        before=_whole_days_before(spans, truce),
        source=INCIDENTS,
        what=REPORTED,
    )


def _whole_days_before(spans: Iterable[Interval], truce: Window) -> Window | None:
    """From the first day looked at to the end of the last whole one before the truce."""
    whole = [one for one in spans if truce.start is not None and one.latest <= truce.start]
    if not whole:
        return None
    return Window(min(one.earliest for one in whole), max(one.latest for one in whole))
