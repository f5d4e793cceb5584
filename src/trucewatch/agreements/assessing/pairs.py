"""Incidents held against the provisions of an agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements.assessing.bench import Bench
from trucewatch.agreements.holding import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement, Assessment, Finding, Incident

MOST_PAIRS = 200_000
"""Of more pairs of an incident and a provision, those plainly outside are told by number alone.

So many take some 15 seconds and 150 MiB in words.
"""


def assess(
    incidents: Iterable[Incident], findings: Iterable[Finding], agreement: Agreement
) -> tuple[Assessment, ...]:
    """Every incident under every provision that holds at some time, sorted by both ids.

    An assessment says what the event would be *if it happened as reported*; how far that is
    established is the finding's to say, and who did it is nobody's here. Of more than MOST_PAIRS
    pairs those plainly outside (`engine.docket`) are left out, save one for each incident that
    would otherwise be outside of nothing. ValueError where an incident has no finding.
    """
    by_incident = {finding.incident: finding for finding in findings}
    ordered = sorted(incidents, key=lambda one: one.id)
    bench = Bench(agreement)
    if len(ordered) * len(bench.terms) > MOST_PAIRS:
        # Imported here: few need it, and it loads a compiler.
        from trucewatch.agreements.engine import docket

        return tuple(docket(ordered, by_incident.values(), agreement).assessments(examples=True))
    missing = next((one.id for one in ordered if one.id not in by_incident), None)
    if missing is not None:
        raise ValueError(f"{missing} has no finding: judge it before it is assessed")
    return tuple(
        bench.assess(incident, by_incident[incident.id], term)
        for incident in ordered
        for term in bench.terms
    )


def left_out(incidents: int, assessments: int, agreement: Agreement) -> int:
    """How many pairs of so many incidents `assess` left out: all of them are plainly outside."""
    return incidents * len(terms_of(agreement)) - assessments
