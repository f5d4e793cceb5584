"""The one place that knows the order of the stages: reports in, everything derived out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.agreements import AgreementTerms, assess, ruled
from trucewatch.app.days import span
from trucewatch.app.witnessing.reaching import Series
from trucewatch.commitments import Evidence, lasting, ledger_at, open_obligations
from trucewatch.findings import compliance, cover, hear, judge, placed, regroupings
from trucewatch.findings.holding import courses
from trucewatch.incidents import find_incidents
from trucewatch.model import Interval, Window
from trucewatch.origins import Ties, find_origins, graph
from trucewatch.store import Derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.witnessing.records import Records
    from trucewatch.commitments import Loss
    from trucewatch.incidents import Parameters
    from trucewatch.model import (
        Coverage,
        Entered,
        Finding,
        Incident,
        Obligation,
        Origin,
        PeriodCount,
        Regrouped,
        Report,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """A set of reports as far as machines judge it.

    `reached` are the days that those who tell of incidents reach. `until` is where a truce without
    an end is looked at up to.
    """

    reached: tuple[date, ...]
    until: datetime | None
    tallies: tuple[PeriodCount, ...]
    origins: tuple[Origin, ...]
    incidents: tuple[Incident, ...]
    coverage: Coverage
    findings: tuple[Finding, ...]
    ties: Ties


def derive(
    reports: Iterable[Report],
    configuration: Configuration,
    parameters: Parameters,
    decisions: Sequence[Entered] = (),
    *,
    before: Iterable[Report] | None = None,
    losses: Sequence[Loss] = (),
    records: Records | None = None,
) -> Derived:
    """Everything that follows from a set of reports under the settings and parameters in force.

    A pure function of the set: the order of `reports` and repetitions in it change nothing.
    `decisions` are what people decided, in the order of the log; that order does count. `before`
    are the reports with those that were taken back (`losses`), None where nothing was: what they
    opened is kept as cancelled. `records` say what is finding-grade, as clocks start from nothing
    else; None where nothing waits for that.
    """
    agreement, judgement = configuration.agreement, configuration.mission.judgement
    zone = configuration.zone
    everything = tuple(reports)
    judged = _judged(everything, configuration, parameters, decisions)
    now = _heard(judged, configuration, decisions)
    rates = compliance(
        judged.incidents,
        truce=agreement.truce,
        zone=zone,
        days=judged.reached,
        baseline_days=judgement.baseline_days,
    )
    return Derived(
        origins=judged.origins,
        incidents=judged.incidents,
        findings=now.findings,
        # What opened goes by the rules and by its own hearing of the bodies: see `commitments`.
        assessments=ruled(
            now.assessments,
            placed(now.incidents, decisions, agreement=agreement),
            agreement,
        ),
        obligations=_obligations(
            _Known(everything, judged, None if before is None else tuple(before)),
            configuration,
            parameters,
            decisions,
            losses=losses,
            records=records,
        ),
        coverage=judged.coverage,
        compliance=replace(
            rates,
            courses=courses(
                judged.tallies,
                rates.days,
                truce=agreement.truce,
                zone=zone,
                baseline_days=judgement.baseline_days,
                until=judged.until,
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The reports that stand, what machines judge of them, and those before any was taken back."""

    reports: tuple[Report, ...]
    judged: _Judged
    before: tuple[Report, ...] | None


def _obligations(
    known: _Known,
    configuration: Configuration,
    parameters: Parameters,
    decisions: Sequence[Entered],
    *,
    losses: Sequence[Loss],
    records: Records | None,
) -> tuple[Obligation, ...]:
    """What is open, by the records that are finding-grade alone.

    What is not yet so is left out as if it had not come: that takes a second derivation, and so
    does what was one incident before people parted it.
    """
    agreement = configuration.agreement
    everything = _regrouped(decisions, configuration)
    reports, judged, before = known.reports, known.judged, known.before
    since: dict[str, datetime] = {}
    if not agreement.triggers:
        records = None
    if records is not None:
        sure = tuple(records.sure(reports))
        decisions = records.counting(decisions)
        before = None if before is None else tuple(records.sure(before))
        since = records.claims(sure if before is None else before)
        if len(sure) < len(reports) or _regrouped(decisions, configuration) != everything:
            judged = _judged(sure, configuration, parameters, decisions)
    then = {} if records is None else records.decisions

    def evidence(judged: _Judged, decided: Sequence[Entered]) -> Evidence:
        heard = _heard(judged, configuration, decided)
        if records is None:
            return heard
        series = Series(judged.ties, judged.origins, judged.coverage, configuration)
        return replace(heard, reached=series.of(heard, decided, since, then))

    now, once = evidence(judged, decisions), None
    stay = lasting(decisions)
    if agreement.triggers and (before is not None or len(stay) < len(decisions)):
        full = judged
        parted = _regrouped(stay, configuration) != _regrouped(decisions, configuration)
        if before is not None or parted:
            full = _judged(reports if before is None else before, configuration, parameters, stay)
        once = evidence(full, stay)
    found = open_obligations(
        now.assessments,
        now.incidents,
        agreement,
        findings=now.findings,
        decisions=decisions,
        pledges=ledger_at(configuration.pledges, decisions),
        terms=AgreementTerms(agreement),
        once=once,
        losses=losses,
        reached=now.reached,
        entered=then,
    )
    return found if judged is known.judged else _named_as_whole(found, judged, known.judged)


def _named_as_whole(
    found: Iterable[Obligation], part: _Judged, whole: _Judged
) -> tuple[Obligation, ...]:
    """Obligations of a part of the reports, with their incidents as all reports name them."""
    home = {claim: one.id for one in whole.incidents for claim in one.claims}
    names = {one.id: sorted({home[claim] for claim in one.claims}) for one in part.incidents}
    return tuple(
        replace(
            one,
            incidents=tuple(sorted({n for each in one.incidents for n in names.get(each, [each])})),
        )
        for one in found
    )


def _regrouped(decisions: Sequence[Entered], configuration: Configuration) -> tuple[Regrouped, ...]:
    return regroupings(decisions, agreement=configuration.agreement)


def needed(configuration: Configuration) -> int:
    """How many people must say the same before it holds."""
    return 2 if configuration.mission.review.two_person else 1


def _judged(
    reports: Iterable[Report],
    configuration: Configuration,
    parameters: Parameters,
    decisions: Sequence[Entered],
) -> _Judged:
    """Of all decisions only those on which claims are one incident are gone by here."""
    unique = {report.id: report for report in reports}
    ordered = [unique[key] for key in sorted(unique)]
    claims = tuple(claim for report in ordered for claim in report.claims)
    watches = tuple(watch for report in ordered for watch in report.watches)
    agreement, judgement = configuration.agreement, configuration.mission.judgement
    sources, zone = configuration.sources, configuration.zone

    tallies = tuple(tally for report in ordered for tally in report.tallies)
    claimed = [claim.when for claim in claims]
    # A period is told of on the day on which it closes.
    told = claimed + [Interval.instant(tally.when.latest) for tally in tallies]

    looked_at = span(agreement.truce, told, zone, baseline_days=judgement.baseline_days)
    # Who counts violations tells of no incident: those days are not days without one.
    reached = span(agreement.truce, claimed, zone, baseline_days=judgement.baseline_days)
    until = None
    if agreement.truce.end is None and looked_at.truce:
        until = Window.days(looked_at.truce[-1], looked_at.truce[-1], zone).end
    origins = find_origins(claims, informants=configuration.informants, sources=sources)
    incidents = find_incidents(
        claims,
        origins,
        sources=sources,
        regions=agreement.regions,
        parameters=parameters,
        regrouped=_regrouped(decisions, configuration),
        needed=needed(configuration),
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
    ties = Ties(origins, graph(claims, informants=configuration.informants, sources=sources))
    findings = judge(
        incidents,
        origins,
        independence={one.id: ties.behind(one.claims) for one in incidents},
        standards=agreement.standards,
        quorum=judgement.quorum,
        coverage=coverage,
        parties=agreement.parties,
    )
    return _Judged(reached.days, until, tallies, origins, incidents, coverage, findings, ties)


def _heard(judged: _Judged, configuration: Configuration, decisions: Sequence[Entered]) -> Evidence:
    """What was judged after what people said of it, held against the agreement."""
    findings = hear(
        judged.findings,
        judged.incidents,
        decisions,
        agreement=configuration.agreement,
        two_person=configuration.mission.review.two_person,
    )
    return Evidence(
        incidents=judged.incidents,
        findings=findings,
        assessments=assess(judged.incidents, findings, configuration.agreement),
    )
