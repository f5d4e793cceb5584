"""What would have been judged of a breach when only some of its records were finding-grade."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.agreements import assess
from trucewatch.app.witnessing.records import waits
from trucewatch.commitments import Evidence
from trucewatch.findings import hear, judge, placed
from trucewatch.model import Outcome, United

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.model import Coverage, Entered, Incident, Origin
    from trucewatch.origins import Ties


class Series:
    """Judges single incidents by a part of their claims, as the whole of them was judged.

    Place, time and kind stay those of the whole incident, and origins and ties are those of all
    finding-grade reports: only who had spoken by then differs.
    """

    def __init__(
        self,
        ties: Ties,
        origins: Sequence[Origin],
        coverage: Coverage,
        configuration: Configuration,
    ) -> None:
        self._ties, self._origins = ties, tuple(origins)
        self._coverage, self._configuration = coverage, configuration
        self._claims = {one.id: frozenset(one.claims) for one in origins}

    def of(
        self,
        whole: Evidence,
        decisions: Sequence[Entered],
        since: Mapping[str, datetime],
        entered: Mapping[int, datetime],
    ) -> dict[str, tuple[tuple[datetime, Evidence], ...]]:
        """For each incident that breaches something, what was judged of it at each time.

        `since` is of claims by id, `entered` of decisions by log index; what takes away counts at
        once. An incident whose records waited for nothing is left out.
        """
        agreement = self._configuration.agreement
        breaching = {one.incident for one in whole.assessments if one.outcome is Outcome.BREACH}
        on: dict[str, set[datetime]] = {}
        for one in placed(whole.incidents, decisions, agreement=agreement):
            named = getattr(one.decision, "incident", None)
            if named is not None and one.index in entered:
                on.setdefault(named, set()).add(entered[one.index])
        found = {}
        for incident in whole.incidents:
            told = {since[claim] for claim in incident.claims}
            times = told | on.get(incident.id, set())
            if incident.id in breaching and waits(times):
                # Before anybody had told of it there was nothing to judge.
                found[incident.id] = tuple(
                    (at, self._by(at, incident, decisions, since, entered))
                    for at in sorted(times)
                    if at >= min(told)
                )
        return found

    def _by(
        self,
        at: datetime,
        incident: Incident,
        decisions: Sequence[Entered],
        since: Mapping[str, datetime],
        entered: Mapping[int, datetime],
    ) -> Evidence:
        """What was judged of an incident from what was finding-grade by `at`."""
        configuration = self._configuration
        agreement, settings = configuration.agreement, configuration.mission
        joined = joined_later(at, incident.claims, decisions, entered)
        claims = tuple(one for one in incident.claims if since[one] <= at and one not in joined)
        held = frozenset(claims)
        then = replace(
            incident,
            claims=claims,
            origins=tuple(one for one in incident.origins if self._claims.get(one, held) & held),
        )
        findings = judge(
            [then],
            self._origins,
            independence={then.id: self._ties.behind(claims)},
            standards=agreement.standards,
            quorum=settings.judgement.quorum,
            coverage=self._coverage,
            parties=agreement.parties,
        )
        findings = hear(
            findings,
            [then],
            [one for one in decisions if entered.get(one.index, at) <= at],
            agreement=agreement,
            two_person=settings.review.two_person,
        )
        return Evidence(
            incidents=(incident,),
            findings=findings,
            assessments=assess([then], findings, agreement),
        )


def joined_later(
    at: datetime,
    claims: Iterable[str],
    decisions: Iterable[Entered],
    entered: Mapping[int, datetime],
) -> frozenset[str]:
    """Those of an incident's claims that people joined to it after `at`: till then it had them not.

    Of the two sides of a merge the one with more claims was the incident; of two alike, the first.
    """
    here = frozenset(claims)
    found: set[str] = set()
    for one in decisions:
        said = one.decision
        if isinstance(said, United) and entered.get(one.index, at) > at:
            both = [here & {*said.claims}, here & {*said.other_claims}]
            if all(both):
                found |= min(reversed(both), key=len)
    return frozenset(found)
