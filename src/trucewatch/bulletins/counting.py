"""The arithmetic of a bulletin: which incidents belong to a period, and what they add up to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trucewatch.bulletins.content import Case, DayRow, RegionRow, Tally
from trucewatch.model import Interval, Nature, Outcome, Sight, State, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.situation import Period, Situation
    from trucewatch.model import Assessment, Finding, Watch

NOT_COUNTED = frozenset({State.REFUTED, State.DUPLICATE, State.SUPERSEDED})
OUTSIDE = "outside"
UNKNOWN = "unknown"
_PLACES = 6
_FIRM = 1 - 1e-9
_MOST = 0.5


def window_of(period: Period, zone: ZoneInfo) -> Window:
    """The local days of a period as a span of time."""
    return Window.days(period.first, period.last, zone)


def cases(situation: Situation, window: Window) -> tuple[Case, ...]:
    """The incidents that fall, or may fall, into a window, by time and id."""
    findings: dict[str, Finding] = {
        f.incident: f for f in sorted(situation.findings, key=lambda f: f.id)
    }
    assessments: dict[str, list[Assessment]] = {}
    for each in sorted(set(situation.assessments), key=lambda a: (a.provision, a.id)):
        assessments.setdefault(each.incident, []).append(each)
    found = [
        Case(
            incident=incident,
            finding=findings.get(incident.id),
            assessments=tuple(assessments.get(incident.id, ())),
            share=share,
            firm=share >= _FIRM,
        )
        for incident in set(situation.incidents)
        if (share := incident.when.share_within(window)) > 0
    ]
    return tuple(sorted(found, key=lambda c: (c.incident.when, c.incident.id)))


def counted(case: Case) -> bool:
    """Whether an incident is in the counts: not refuted, not a duplicate, not superseded."""
    return case.finding is None or case.finding.state not in NOT_COUNTED


def tally(events: Iterable[Case]) -> Tally:
    """Incidents and observations of some events."""
    events = tuple(events)
    return Tally(
        firm=sum(c.firm for c in events),
        expected=round(math.fsum(c.share for c in events), _PLACES),
        observations=sum(c.incident.observations for c in events if c.firm),
    )


def outcome_of(case: Case) -> Outcome | None:
    """What an incident is under the agreement as a whole; the gravest of its assessments.

    None means that no provision was held against it.
    """
    return gravest(case.assessments)


def gravest(assessments: Iterable[Assessment]) -> Outcome | None:
    """The gravest outcome of some assessments; None where there are none."""
    outcomes = {a.outcome for a in assessments}
    order = (Outcome.BREACH, Outcome.UNDETERMINED, Outcome.EXEMPT, Outcome.OUTSIDE)
    return next((o for o in order if o in outcomes), None)


def region_rows(
    situation: Situation,
    period: Period,
    now: Sequence[Case],
    before: Sequence[Case] | None,
) -> tuple[RegionRow, ...]:
    """One row a region of the agreement, then what lies outside them or cannot be placed."""
    names = {area.code: area.name for area in situation.agreement.regions}
    by_now, by_before = _by_region(now, names), _by_region(before or (), names)
    days = [d for d in set(situation.coverage.region_days) if d.day in period]
    rows = []
    for code in (*sorted(names, key=lambda c: (names[c], c)), OUTSIDE, UNKNOWN):
        mine = sorted((d for d in days if d.region == code), key=lambda d: d.day)
        seen = [d.seen_share for d in mine if d.seen_share is not None]
        if code in {OUTSIDE, UNKNOWN} and not (by_now.get(code) or by_before.get(code)):
            continue
        rows.append(
            RegionRow(
                code=code,
                name=names.get(code, _REST.get(code, code)),
                now=tally(by_now.get(code, ())),
                previous=None if before is None else tally(by_before.get(code, ())),
                reported=sum(d.sight is Sight.REPORTED for d in mine),
                quiet=sum(d.sight is Sight.QUIET for d in mine),
                unobserved=sum(d.sight is Sight.UNOBSERVED for d in mine),
                seen_low=min(seen, default=None),
                seen_high=max(seen, default=None),
                passes=sum(d.passes for d in mine),
                sources=tuple(sorted({s for d in mine for s in d.reporting})),
            )
        )
    # Where something was reported comes first: it is what a reader looks for.
    return tuple(sorted(rows, key=lambda r: not (r.now.expected or _expected(r.previous))))


def _expected(tally: Tally | None) -> float:
    return 0.0 if tally is None else tally.expected


_REST = {
    OUTSIDE: "Outside the mission's regions",
    UNKNOWN: "No region can be told",
}


def _by_region(events: Sequence[Case], names: Mapping[str, str]) -> dict[str, list[Case]]:
    codes = {**{name: code for code, name in sorted(names.items())}, **{c: c for c in names}}
    found: dict[str, list[Case]] = {}
    for case in events:
        region = case.incident.region
        code = UNKNOWN if region is None else codes.get(region, OUTSIDE)
        found.setdefault(code, []).append(case)
    return found


def day_rows(situation: Situation, period: Period, zone: ZoneInfo) -> tuple[DayRow, ...]:
    """The days of the chart, oldest first."""
    truce = situation.agreement.truce
    rows = []
    for count in sorted(set(situation.compliance.days), key=lambda d: d.day):
        span = Interval.days(count.day, count.day, zone)
        day = Window.days(count.day, count.day, zone)
        hidden = hidden_on(situation.coverage.watches, count.day, zone)
        regions = [d for d in set(situation.coverage.region_days) if d.day == count.day]
        rows.append(
            DayRow(
                day=count.day,
                firm=count.firm,
                expected=count.expected,
                thermal=count.thermal,
                static=count.static,
                passes=sum(day.contains(p.first) for p in set(situation.coverage.passes)),
                truce_share=round(span.share_within(truce), _PLACES),
                in_period=count.day in period,
                hidden_low=min(hidden, default=None),
                hidden_high=max(hidden, default=None),
                unobserved=sum(d.sight is Sight.UNOBSERVED for d in regions),
                regions=len(regions),
            )
        )
    return tuple(rows)


def hidden_on(watches: Iterable[Watch], day: date, zone: ZoneInfo) -> list[float]:
    """The hidden shares that statements on visibility give for the most part of a local day."""
    window = Window.days(day, day, zone)
    return sorted(
        round(1 - watch.share, _PLACES)
        for watch in watches
        if watch.when.share_within(window) > _MOST
    )


def is_event(case: Case) -> bool:
    """Whether an incident is an event, and neither a fire nor a place that is always hot."""
    return case.incident.nature is Nature.EVENT
