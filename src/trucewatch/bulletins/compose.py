"""From everything that was judged to the bulletin of one period, in full detail."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trucewatch.bulletins.anchor import at_anchors
from trucewatch.bulletins.content import Bulletin
from trucewatch.bulletins.counting import (
    cases,
    counted,
    day_rows,
    hidden_on,
    is_event,
    outcome_of,
    region_rows,
    tally,
    window_of,
)
from trucewatch.bulletins.holding import courses_until
from trucewatch.bulletins.saying import Facts, say
from trucewatch.errors import ConfigurationError
from trucewatch.model import Interval, Nature, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.content import Case, RegionRow
    from trucewatch.bulletins.situation import Period, Situation
    from trucewatch.model import Rate, RateRatio, Watch

_QUORUM = 2
_PLACES = 6


def compose(situation: Situation, period: Period, previous: Period | None) -> Bulletin:
    """Put together the bulletin of a period; a pure function of the sets in `situation`.

    Incidents stand at their anchors here, and in the regions of these: what is counted by region is
    counted where the incident is told to be.
    It says more than may be published: pass it to `redact`. Raises ConfigurationError where the
    mission's time zone is not known.
    """
    zone = zone_of(situation.zone)
    situation = at_anchors(situation)
    window = window_of(period, zone)
    end = Interval.days(period.first, period.last, zone).latest
    inside = cases(situation, window)
    kept = tuple(c for c in inside if counted(c))
    events = tuple(c for c in kept if is_event(c))
    before = None
    reached = {count.day for count in situation.compliance.days}
    if previous is not None and {previous.first, previous.last} <= reached:
        # A period that the sources do not reach has no figures; it has not "none".
        earlier = cases(situation, window_of(previous, zone))
        before = tuple(c for c in earlier if counted(c) and is_event(c))
    regions = region_rows(situation, period, events, before)
    coverage, compliance = situation.coverage, situation.compliance
    rates = tuple(
        sorted(
            set(compliance.rates),
            key=lambda r: (_ORDER.get(r.period, 9), r.period),
        )
    )
    ratios = tuple(sorted(set(compliance.ratios), key=lambda r: (_ORDER.get(r.of, 9), r.over)))
    watches = tuple(sorted(set(coverage.watches), key=lambda w: (w.when, w.id)))
    passes = tuple(
        sorted(
            (p for p in set(coverage.passes) if window.contains(p.first)),
            key=lambda p: (p.first, p.platform),
        )
    )
    figures = {
        **_figures(situation, period, zone, kept, before, regions),
        **_rate_figures(rates, ratios),
    }
    headline, clauses = say(
        Facts(
            period=period,
            previous=previous,
            zone=zone,
            truce=situation.agreement.truce,
            figures=figures,
            rates=rates,
            ratios=ratios,
            hidden_by=hidden_by(watches),
        )
    )
    return Bulletin(
        mission=situation.mission,
        zone=situation.zone,
        exercise=situation.exercise,
        period=period,
        previous=previous,
        agreement=situation.agreement,
        evidence=situation.evidence,
        headline=headline,
        clauses=clauses,
        figures=tuple(sorted(figures.items())),
        regions=regions,
        days=day_rows(situation, period, zone),
        rates=rates,
        ratios=ratios,
        caveats=tuple(sorted(set(compliance.caveats))),
        events=events,
        fires=tuple(c for c in kept if c.incident.nature is Nature.FIRE),
        static=tuple(c for c in kept if c.incident.nature is Nature.STATIC_SOURCE),
        set_aside=tuple(c for c in inside if not counted(c)),
        claims=tuple(sorted(set(situation.claims), key=lambda c: c.id)),
        origins=tuple(sorted(set(situation.origins), key=lambda o: o.id)),
        statements=tuple(
            sorted(
                (s for s in set(situation.statements) if s.when.share_within(window) > 0),
                key=lambda s: (s.when, s.id),
            )
        ),
        watches=watches,
        passes=passes,
        source_coverage=tuple(sorted(set(coverage.sources), key=lambda s: s.source)),
        obligations=tuple(
            # One that opened after the period is too fresh: it tells of what came after.
            sorted(
                (o for o in set(situation.obligations) if o.opened < end),
                key=lambda o: (o.due or o.opened, o.id),
            )
        ),
        pledges=tuple(sorted(set(situation.pledges(end)), key=lambda p: (p.id, repr(p)))),
        intake=tuple(sorted(set(situation.intake), key=lambda i: i.source)),
        quarantined=tuple(sorted(set(situation.quarantined))),
        sources=tuple(sorted(set(situation.sources), key=lambda s: s.id)),
        courses=courses_until(compliance.courses, window),
        region_days=tuple(
            sorted(set(situation.coverage.region_days), key=lambda d: (d.region, d.day))
        ),
        access=tuple(
            sorted(set(situation.access), key=lambda row: (row.party is None, row.party or ""))
        ),
    )


_ORDER = {"before": 0, "during": 1, "after": 2}


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name; ConfigurationError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ConfigurationError(
            f"no time zone is called {name!r}", file="mission.toml", field="mission.timezone"
        ) from fault


def hidden_by(watches: Sequence[Watch]) -> str:
    """What hid the ground, in a word: "cloud" where every statement says so."""
    if watches and all("cloud" in w.reason.lower() for w in watches):
        return "cloud"
    return "poor visibility"


def _figures(
    situation: Situation,
    period: Period,
    zone: ZoneInfo,
    kept: Sequence[Case],
    before: Sequence[Case] | None,
    regions: Sequence[RegionRow],
) -> dict[str, float | int | None]:
    """Every figure that the first page shows, by name."""
    events = [c for c in kept if is_event(c)]
    now = tally(events)
    earlier = None if before is None else tally(before)
    firm = [c for c in events if c.firm]
    outcomes = {o: [c for c in events if outcome_of(c) is o] for o in Outcome}
    detected = {c.id for c in situation.claims if c.detection is not None}
    fires = [c for c in kept if c.incident.nature is Nature.FIRE]
    static = [c for c in kept if c.incident.nature is Nature.STATIC_SOURCE]
    hidden = _hidden(situation, period, zone)
    area = regions_only(regions)
    return {
        "incidents": now.firm,
        "incidents_expected": now.expected,
        "incidents_possible": len(events) - len(firm),
        "incidents_previous": None if earlier is None else earlier.firm,
        "incidents_previous_expected": None if earlier is None else earlier.expected,
        "observations": now.observations,
        "observed_violations": sum(c.incident.observations for c in outcomes[Outcome.BREACH]),
        "observations_undetermined": sum(
            c.incident.observations for c in outcomes[Outcome.UNDETERMINED]
        ),
        "incidents_breach": len(outcomes[Outcome.BREACH]),
        "incidents_undetermined": len(outcomes[Outcome.UNDETERMINED]),
        "incidents_outside": len(outcomes[Outcome.OUTSIDE]),
        "incidents_exempt": len(outcomes[Outcome.EXEMPT]),
        "incidents_two_origins": sum(_origins(c) >= _QUORUM for c in firm),
        "incidents_one_origin": sum(_origins(c) < _QUORUM for c in firm),
        "fires": len(fires),
        "fire_pixels": sum(len(detected.intersection(c.incident.claims)) for c in fires),
        "static_sources": len(static),
        "static_pixels": sum(len(detected.intersection(c.incident.claims)) for c in static),
        "events_with_heat": sum(bool(detected.intersection(c.incident.claims)) for c in firm),
        "region_days": sum(r.reported + r.quiet + r.unobserved for r in area),
        "region_days_reported": sum(r.reported for r in area),
        "region_days_quiet": sum(r.quiet for r in area),
        "region_days_unobserved": sum(r.unobserved for r in area),
        "hidden_low": min(hidden, default=None),
        "hidden_high": max(hidden, default=None),
    }


def _rate_figures(
    rates: Sequence[Rate], ratios: Sequence[RateRatio]
) -> dict[str, float | int | None]:
    """The rates and ratios under the names by which the sentences refer to them."""
    found: dict[str, float | int | None] = {}
    for r in rates:
        name = f"rate.{r.period}"
        found |= {name: r.per_day, f"{name}.low": r.low, f"{name}.high": r.high}
    for q in ratios:
        name = f"ratio.{q.of}.{q.over}"
        found |= {name: q.ratio, f"{name}.low": q.low, f"{name}.high": q.high}
    return found


def regions_only(rows: Sequence[RegionRow]) -> list[RegionRow]:
    """The rows that are regions of the mission and were looked at."""
    return [r for r in rows if r.reported + r.quiet + r.unobserved]


def _origins(case: Case) -> int:
    return 0 if case.finding is None else case.finding.independent_origins


def _hidden(situation: Situation, period: Period, zone: ZoneInfo) -> list[float]:
    """The hidden shares on the days of the period, of the area most narrowly spoken of.

    A statement on the whole country says less about where the incidents are than one on a part.
    """
    watches = sorted(set(situation.coverage.watches), key=lambda w: w.id)
    if not watches:
        return []
    narrowest = min(_breadth(w) for w in watches)
    nearest = [w for w in watches if _breadth(w) == narrowest]
    count = (period.last - period.first).days + 1
    days = [period.first + timedelta(days=step) for step in range(count)]
    return [round(h, _PLACES) for day in days for h in hidden_on(nearest, day, zone)]


def _breadth(watch: Watch) -> float:
    where = watch.where
    if where is None:
        return math.inf
    height = math.sin(math.radians(where.north)) - math.sin(math.radians(where.south))
    return (where.east - where.west) * height
