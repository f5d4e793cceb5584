"""The one place that knows the order of the stages: reports in, everything derived out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trucewatch.agreements import assess
from trucewatch.commitments import open_obligations
from trucewatch.findings import compliance, cover, judge
from trucewatch.incidents import Parameters, find_incidents
from trucewatch.origins import find_origins
from trucewatch.store import Derived

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from trucewatch.app.configuration import Configuration
    from trucewatch.model import Claim, Report, Window


@dataclass(frozen=True, slots=True)
class Span:
    """The local days that a mission looks at, and those that its truce touches."""

    days: tuple[date, ...]
    truce: tuple[date, ...]


def span(truce: Window, claims: Iterable[Claim], zone: tzinfo, *, baseline_days: int) -> Span:
    """The days of the truce and `baseline_days` on each side.

    Where the truce has an open end, the last day that a claim certainly reaches stands for it.
    """
    claims = tuple(claims)
    if truce.start is not None:
        first = truce.start.astimezone(zone).date()
    else:
        first = min((_first_day(claim, zone) for claim in claims), default=date(1970, 1, 1))
    if truce.end is not None:
        last = (truce.end - timedelta(microseconds=1)).astimezone(zone).date()
    else:
        last = max((_first_day(claim, zone) for claim in claims), default=first)
    last = max(first, last)
    margin = timedelta(days=baseline_days)
    return Span(days=_days(first - margin, last + margin), truce=_days(first, last))


def _first_day(claim: Claim, zone: tzinfo) -> date:
    return claim.when.earliest.astimezone(zone).date()


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=step) for step in range((last - first).days + 1))


def derive(reports: Iterable[Report], configuration: Configuration) -> Derived:
    """Everything that follows from a set of reports under the settings in force.

    A pure function of the set: the order of `reports` and repetitions in it change nothing.
    """
    unique = {report.id: report for report in reports}
    ordered = [unique[key] for key in sorted(unique)]
    claims = tuple(claim for report in ordered for claim in report.claims)
    watches = tuple(watch for report in ordered for watch in report.watches)
    agreement, judgement = configuration.agreement, configuration.mission.judgement
    sources, zone = configuration.sources, configuration.zone

    looked_at = span(agreement.truce, claims, zone, baseline_days=judgement.baseline_days)
    origins = find_origins(claims, informants=configuration.informants, sources=sources)
    incidents = find_incidents(
        claims, origins, sources=sources, regions=agreement.regions, parameters=Parameters()
    )
    coverage = cover(
        claims,
        watches,
        incidents,
        sources=sources,
        regions=agreement.regions,
        days=looked_at.days,
        zone=zone,
        quiet_threshold=judgement.quiet_threshold,
    )
    findings = judge(
        incidents,
        origins,
        standards=agreement.standards,
        quorum=judgement.quorum,
        coverage=coverage,
    )
    assessments = assess(incidents, findings, agreement)
    return Derived(
        origins=origins,
        incidents=incidents,
        findings=findings,
        assessments=assessments,
        obligations=open_obligations(assessments, incidents, agreement, findings=findings),
        coverage=coverage,
        compliance=compliance(
            incidents,
            truce=agreement.truce,
            zone=zone,
            days=looked_at.days,
            baseline_days=judgement.baseline_days,
        ),
    )
