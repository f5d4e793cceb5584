"""Rates of detection, of verification and of time, for each party, and whether they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.findings.symmetry import reckoning as by
from trucewatch.findings.symmetry.sides import Sides
from trucewatch.model import (
    Delay,
    Difference,
    Effect,
    Nature,
    Part,
    State,
    Symmetry,
    SymmetryRow,
    View,
    Watched,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from trucewatch.model import Finding, Incident, Origin, Source, Watch, Zone

FEWEST = 10
"""No share, median or test is told of fewer cases."""

_ALPHA = 0.05
_LADDER = (State.REPORTED, State.CORROBORATED, State.VERIFIED)
_PARTS: dict[str, frozenset[State]] = {
    **{f"at least {one.value}": frozenset(_LADDER[i:]) for i, one in enumerate(_LADDER)},
    "refuted": frozenset({State.REFUTED}),
}
_DELAYS = ("event to receipt", "receipt to ruling", "event to ruling")
_ON_GROUND = "events per watched ground"
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


@dataclass(frozen=True, slots=True)
class _Case:
    """One event with its finding, and how many hours each step took."""

    incident: Incident
    finding: Finding
    reporting: frozenset[str]
    side: str | None
    hours: Mapping[str, float]


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
        _Case(
            one,
            known[one.id],
            frozenset(p for o in one.origins if (p := told.get(o)) is not None),
            sides.of(one),
            _hours(one, known[one.id], received),
        )
        for one in sorted(incidents, key=lambda one: one.id)
        if one.nature is Nature.EVENT and one.id in known
    ]
    belongs: dict[View, Callable[[_Case], frozenset[str]]] = {
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
            open_tests += _tests(view, party, alone, others, areas)
    return Symmetry(
        rows=tuple(rows),
        differences=_settled(open_tests),
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
        "it would say is missing, and no figure below makes up for it."
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
    steps = zip(_DELAYS, ((event, receipt), (receipt, ruling), (event, ruling)), strict=True)
    return {
        name: max(0.0, (end - start).total_seconds() / 3600)
        for name, (start, end) in steps
        if start is not None and end is not None
    }


def _row(
    view: View,
    party: str,
    cases: Sequence[_Case],
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
        parts=tuple(_part(measure, cases) for measure in _PARTS),
        delays=tuple(_delay(measure, cases) for measure in _DELAYS),
        watched=_watched(len(cases), area_days) if view is View.SIDE else None,
    )


def _part(measure: str, cases: Sequence[_Case]) -> Part:
    count, among = _reached(measure, cases)
    share = low = high = None
    if among >= FEWEST:
        share = count / among
        low, high = by.wilson(count, among)
    return Part(measure=measure, count=count, among=among, share=share, low=low, high=high)


def _reached(measure: str, cases: Sequence[_Case]) -> tuple[int, int]:
    return sum(case.finding.state in _PARTS[measure] for case in cases), len(cases)


def _delay(measure: str, cases: Sequence[_Case]) -> Delay:
    values = _values(measure, cases)
    middle = low = high = None
    if len(values) >= FEWEST:
        middle, low, high = by.median(values)
    return Delay(measure=measure, known=len(values), median=middle, low=low, high=high)


def _values(measure: str, cases: Sequence[_Case]) -> list[float]:
    return [case.hours[measure] for case in cases if measure in case.hours]


def _watched(count: int, area_days: float | None) -> Watched:
    if not area_days:
        return Watched(count=count, area_days=area_days, rate=None, low=None, high=None)
    thousands = area_days / 1000
    low, high = by.per_exposure(count, thousands)
    return Watched(count=count, area_days=area_days, rate=count / thousands, low=low, high=high)


@dataclass(frozen=True, slots=True)
class _Test:
    """One test before its chance is corrected for all the others."""

    view: View
    measure: str
    party: str
    chance: float | None
    unseen: float | None
    figures: str


def _tests(
    view: View,
    party: str,
    own: Sequence[_Case],
    others: Sequence[_Case],
    areas: tuple[float | None, float | None],
) -> list[_Test]:
    made = []
    for measure in _PARTS:
        one, other = _reached(measure, own), _reached(measure, others)
        figures = f"{one[0]} of {one[1]} against {other[0]} of {other[1]}"
        enough = min(one[1], other[1]) >= FEWEST
        chance = by.fisher(one, other) if enough else None
        unseen = by.unseen_share(one, other) if enough else None
        made.append(_Test(view, measure, party, chance, unseen, figures))
    for measure in _DELAYS:
        mine, theirs = _values(measure, own), _values(measure, others)
        figures = f"known of {len(mine)} against {len(theirs)}"
        enough = min(len(mine), len(theirs)) >= FEWEST
        if enough:
            medians = by.median(mine)[0], by.median(theirs)[0]
            figures = f"medians of {medians[0]:.1f} h against {medians[1]:.1f} h, {figures}"
        chance = by.mann_whitney(mine, theirs) if enough else None
        made.append(_Test(view, measure, party, chance, None, figures))
    if view is View.SIDE:
        figures = f"{len(own)} events against {len(others)}"
        enough = len(own) + len(others) >= FEWEST and None not in areas
        chance = None
        if enough and areas[0] and areas[1]:
            chance = by.poisson((len(own), areas[0]), (len(others), areas[1]))
        made.append(_Test(view, _ON_GROUND, party, chance, None, figures))
    return made


def _settled(tests: Sequence[_Test]) -> tuple[Difference, ...]:
    # Rounded, so that the last bit of a sum in another order decides nothing.
    made = [round(one.chance, 9) for one in tests if one.chance is not None]
    corrected = iter(by.holm(made))
    found = []
    for one in tests:
        p = None if one.chance is None else round(next(corrected), 6)
        found.append(
            Difference(
                view=one.view,
                measure=one.measure,
                party=one.party,
                p=p,
                unseen=one.unseen,
                words=_words(one, p, len(made)),
            )
        )
    return tuple(found)


def _words(one: _Test, p: float | None, tests: int) -> str:
    if p is None:
        needed = f"{FEWEST} each are asked for"
        if one.measure == _ON_GROUND:
            needed = f"{FEWEST} together are asked for, and what could be seen of each side"
        return f"Too few to tell: {one.figures}, where {needed}."
    chance = f"{one.figures} (p {p:.3f} after correction for {tests} tests)"
    if p < _ALPHA:
        return (
            f"They differ: {chance}. Whether by what happened, by who watches or by how it is "
            "judged, this cannot show."
        )
    missed = (
        f"a difference of under {100 * one.unseen:.0f} points may well go unseen"
        if one.unseen is not None
        else "one that is there may go unseen"
    )
    return f"No difference is shown: {chance}; with so many cases {missed}."
