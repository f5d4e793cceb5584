"""Findings as people have left them: reviewed, attributed, replied to and dissented from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.findings.hearing.authority import OnFinding, objection
from trucewatch.findings.hearing.cases import Docket
from trucewatch.findings.hearing.outcome import heard
from trucewatch.findings.hearing.regrouping import regroupings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement, Entered, Finding, Incident

__all__ = ["OnFinding", "hear", "objection", "placed", "regroupings", "unplaced"]


def hear(
    findings: Iterable[Finding],
    incidents: Iterable[Incident],
    decisions: Iterable[Entered],
    *,
    agreement: Agreement,
    two_person: bool = False,
) -> tuple[Finding, ...]:
    """The findings as the entries in the log leave them, in the order given.

    Only people lift a finding to VERIFIED or take it out of the ladder, and only who may: what
    others enter counts for nothing and is shown as such. With `two_person` a ruling holds once two
    different reviewers gave it. An incident that was renamed, merged or split since is found again
    by its claims; evidence that came later makes the finding stale and never lowers it. The order
    of `decisions` is that of their indexes.
    """
    docket = _docket(incidents, decisions, agreement, two_person=two_person)
    if not docket.cases:
        return tuple(findings)
    standards = dict(agreement.standards)
    return tuple(
        heard(
            finding,
            docket.cases[finding.incident],
            claims=docket.homes.claims(finding.incident),
            standards=standards,
            two_person=two_person,
            regrouped=docket.regrouped,
        )
        if finding.incident in docket.cases
        else finding
        for finding in findings
    )


def placed(
    incidents: Iterable[Incident], decisions: Iterable[Entered], *, agreement: Agreement
) -> tuple[Entered, ...]:
    """The entries on findings that count, by log index, each naming its incident of today.

    Entries on anything else are passed on as they are; what counts for nothing is left out, and so
    is what was said of an incident on which no report stands any more.
    """
    everything = tuple(decisions)
    docket = _docket(incidents, everything, agreement, two_person=False)
    now = {
        one.entered.index: name
        for name, case in docket.cases.items()
        for one in case.heard
        if one.counts
    }
    found = []
    for entered in sorted(everything, key=lambda one: one.index):
        decision = entered.decision
        if not isinstance(decision, OnFinding):
            found.append(entered)
        elif entered.index in now:
            found.append(replace(entered, decision=replace(decision, incident=now[entered.index])))
    return tuple(found)


def unplaced(
    incidents: Iterable[Incident], decisions: Iterable[Entered], *, agreement: Agreement
) -> tuple[Entered, ...]:
    """The entries on findings of incidents on which no report stands any more, by log index."""
    return tuple(_docket(incidents, decisions, agreement, two_person=False).homeless)


def _docket(
    incidents: Iterable[Incident],
    decisions: Iterable[Entered],
    agreement: Agreement,
    *,
    two_person: bool,
) -> Docket:
    needed = 2 if two_person else 1
    return Docket(incidents, decisions, agreement=agreement, needed=needed)
