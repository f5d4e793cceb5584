"""Rates of detection, of verification and of time, for each party, and whether they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.findings.symmetry import reckoning as by
from trucewatch.findings.symmetry.cases import DELAYS, FEWEST, PARTS, Case, reached, values
from trucewatch.findings.symmetry.differing import settled, tests
from trucewatch.findings.symmetry.sides import Sides
from trucewatch.model import (
    Delay,
    Effect,
    Nature,
    Part,
    Symmetry,
    SymmetryRow,
    View,
    Watched,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from trucewatch.model import Finding, Incident, Origin, Source, Watch, Zone

_RULING = frozenset({"confirm", "refute", "unverifiable", "exempt", "duplicate"})

_CANNOT = (
    "A difference may come from what happened, from who watches and reports where, or from how it "
    "is judged: these figures cannot tell which. They say where to look."
)
_ALONE = (
    "What one party alone reports stays an allegation, whichever party it is: so that share "
    "depends on who else reports there."
)
CAVEATS = (
    _CANNOT,
    "That no difference is shown does not show that there is none.",
    "Reports of one fight are not independent of one another, so the true intervals are wider.",
    "Who is accused is told by what a named body has attributed, and by nothing else.",
    _ALONE,
)


def symmetry(
    incidents: Iterable[Incident],
    findings: Iterable[Finding],
    origins: Iterable[Origin],
    *,
    parties: Iterable[str],
    sources: Mapping[str, Source],
    zones: Sequence[Zone] = (),
    watches: Sequence[Watch] = (),
    days: Sequence[date] = (),
    zone: tzinfo,
    received: Mapping[str, datetime],
) -> Symmetry:
    """The rates of every party beside one another: as reporter, as accused, and by its side.

    Only events count: heat is nobody's act. `received` says when each claim was first received,
    `days` are those looked at, in the local `zone`. Below `FEWEST` cases a share, a median or a
    test is None. Parties that change places change rows and nothing else.
    """
    named = sorted(set(parties))
    told = {origin.id: origin.party for origin in origins}
    known = {finding.incident: finding for finding in findings}
    sides = Sides(zones)
    cases = [
        Case(
            one,
            known[one.id],
            frozenset(p for o in one.origins if (p := told.get(o)) is not None),
            sides.of(one),
            _hours(one, known[one.id], received),
        )
        for one in sorted(incidents, key=lambda one: one.id)
        if one.nature is Nature.EVENT and one.id in known
    ]
    belongs: dict[View, Callable[[Case], frozenset[str]]] = {
        View.REPORTS: lambda case: case.reporting,
        View.ACCUSED: lambda case: _only(case.finding.party),
        View.SIDE: lambda case: _only(case.side),
    }
    rows, open_tests = [], []
    for view, of in belongs.items():
        ground = {
            party: sides.watched(party, watches, days, zone) if view is View.SIDE else None
            for party in named
        }
        for party in named:
            own = [case for case in cases if party in of(case)]
            rows.append(_row(view, party, own, sources, ground[party]))
            # Who reports it together with another tells nothing of a difference between them.
            alone = [case for case in own if len(of(case)) == 1]
            others = [case for case in cases if of(case) and party not in of(case)]
            rest = [ground[one] for one in named if one != party and ground[one] is not None]
            areas = (ground[party], sum(one for one in rest if one is not None) or None)
            open_tests += tests(view, party, alone, others, areas)
    return Symmetry(
        rows=tuple(rows),
        differences=settled(open_tests),
        fewest=FEWEST,
        tests=sum(one.chance is not None for one in open_tests),
        without=tuple(
            (view.value, sum(not of(case) for case in cases)) for view, of in belongs.items()
        ),
        caveats=(*_silences(rows), *CAVEATS),
    )


def _silences(rows: Sequence[SymmetryRow]) -> list[str]:
    """Parties of which nothing is heard while others are: a lean that no test can tell of."""
    heard = {row.party: row.incidents for row in rows if row.view is View.REPORTS}
    if max(heard.values(), default=0) < FEWEST:
        return []
    return [
        f"No event here is told of by {party!r}, while others tell of {max(heard.values())}: what "
        "it would say is missing, and no figure here makes up for it."
        for party, count in heard.items()
        if not count
    ]


def _only(party: str | None) -> frozenset[str]:
    return frozenset() if party is None else frozenset({party})


def _hours(
    incident: Incident, finding: Finding, received: Mapping[str, datetime]
) -> dict[str, float]:
    """How long each step took; one that went before the end of a vague time took none."""
    receipt = min((received[c] for c in incident.claims if c in received), default=None)
    ruling = min(
        (
            said.at
            for said in finding.said
            if said.what == "review" and said.word in _RULING and said.effect is not Effect.VOID
        ),
        default=None,
    )
    event = incident.when.latest
    steps = zip(DELAYS, ((event, receipt), (receipt, ruling), (event, ruling)), strict=True)
    return {
        name: max(0.0, (end - start).total_seconds() / 3600)
        for name, (start, end) in steps
        if start is not None and end is not None
    }


def _row(
    view: View,
    party: str,
    cases: Sequence[Case],
    sources: Mapping[str, Source],
    area_days: float | None,
) -> SymmetryRow:
    kinds: dict[str, int] = {}
    for case in cases:
        for kind in {sources[one].kind.value for one in case.incident.sources if one in sources}:
            kinds[kind] = kinds.get(kind, 0) + 1
    return SymmetryRow(
        view=view,
        party=party,
        incidents=len(cases),
        by_kind=tuple(sorted(kinds.items())),
        parts=tuple(_part(measure, cases) for measure in PARTS),
        delays=tuple(_delay(measure, cases) for measure in DELAYS),
        watched=_watched(len(cases), area_days) if view is View.SIDE else None,
    )


def _part(measure: str, cases: Sequence[Case]) -> Part:
    count, among = reached(measure, cases)
    share = low = high = None
    if among >= FEWEST:
        share = count / among
        low, high = by.wilson(count, among)
    return Part(measure=measure, count=count, among=among, share=share, low=low, high=high)


def _delay(measure: str, cases: Sequence[Case]) -> Delay:
    hours = values(measure, cases)
    middle = low = high = None
    if len(hours) >= FEWEST:
        middle, low, high = by.median(hours)
    return Delay(measure=measure, known=len(hours), median=middle, low=low, high=high)


def _watched(count: int, area_days: float | None) -> Watched:
    if not area_days:
        return Watched(count=count, area_days=area_days, rate=None, low=None, high=None)
    thousands = area_days / 1000
    low, high = by.per_exposure(count, thousands)
    return Watched(count=count, area_days=area_days, rate=count / thousands, low=low, high=high)
