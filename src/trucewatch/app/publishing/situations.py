"""What a bulletin may draw on, out of one state of a mission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch import __version__
from trucewatch.app.press.articles import ledger
from trucewatch.app.withdrawing import standing
from trucewatch.bulletins import Commitment, Evidence, ParametersInForce, Situation
from trucewatch.commitments import LIMITS, standings
from trucewatch.findings import access_denied
from trucewatch.incidents import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Pledges
    from trucewatch.model import Pledge
    from trucewatch.store import Derived


def situation_of(mission: Mission, configuration: Configuration, derived: Derived) -> Situation:
    """Everything that a bulletin may draw on, out of the projection and the settings in force."""
    store, in_force, parameters = mission.store, mission.in_force(), mission.parameters()
    reports = tuple(standing(mission))
    return Situation(
        mission=configuration.mission.mission.name,
        zone=configuration.mission.mission.timezone,
        agreement=configuration.agreement,
        incidents=derived.incidents,
        findings=derived.findings,
        assessments=derived.assessments,
        origins=derived.origins,
        claims=tuple(claim for report in reports for claim in report.claims),
        statements=tuple(said for report in reports for said in report.figures),
        coverage=derived.coverage,
        compliance=derived.compliance,
        access=access_denied(
            derived.incidents,
            derived.findings,
            (claim for report in reports for claim in report.claims),
            parties=configuration.agreement.parties,
            sources=configuration.sources,
            over=next((rate for rate in derived.compliance.rates if rate.period == "during"), None),
        ),
        obligations=derived.obligations,
        pledges=_pledges(ledger(mission, configuration)),
        intake=store.intake(),
        quarantined=store.quarantined(),
        sources=tuple(configuration.sources.values()),
        evidence=Evidence(
            origin=mission.log.origin,
            size=in_force.records,
            root=in_force.root,
            version=__version__,
            parameters=ParametersInForce(
                values=fingerprint(parameters.parameters),
                how=parameters.how.value,
                since=parameters.at,
            ),
        ),
        exercise=configuration.mission.mission.exercise,
    )


def _pledges(held: tuple[Pledge, ...]) -> Pledges:
    """The ledger, to be asked for a time."""

    def at(moment: datetime, /) -> Iterable[Commitment]:
        for one in standings(held, moment):
            pledge, shown = one.pledge, one.shown
            lapsed = () if one.valid == "yes" else (one.valid,)
            yield Commitment(
                id=pledge.id,
                by=pledge.by,
                priority=pledge.priority,
                domains=pledge.domains,
                what=pledge.what,
                stage=shown.name,
                sure=one.stages == {shown.name},
                standing=pledge.standing,
                authorised=one.authorisation.word,
                limits=(*lapsed, *(LIMITS.get(code, code) for code in pledge.limits)),
            )

    return at
