"""Whether one party's events differ from the others', by tests corrected for one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.findings.symmetry import reckoning as by
from trucewatch.findings.symmetry.cases import DELAYS, FEWEST, ON_GROUND, PARTS, reached, values
from trucewatch.model import Difference, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.findings.symmetry.cases import Case

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Test:
    """One test before its chance is corrected for all the others."""

    view: View
    measure: str
    party: str
    chance: float | None
    unseen: float | None
    figures: str


def tests(
    view: View,
    party: str,
    own: Sequence[Case],
    others: Sequence[Case],
    areas: tuple[float | None, float | None],
) -> list[Test]:
    """Every test of one party's events against the others'; `areas`: what is watched of each."""
    made = []
    for measure in PARTS:
        one, other = reached(measure, own), reached(measure, others)
        figures = f"{one[0]} of {one[1]} against {other[0]} of {other[1]}"
        enough = min(one[1], other[1]) >= FEWEST
        chance = by.fisher(one, other) if enough else None
        unseen = by.unseen_share(one, other) if enough else None
        made.append(Test(view, measure, party, chance, unseen, figures))
    for measure in DELAYS:
        mine, theirs = values(measure, own), values(measure, others)
        figures = f"known of {len(mine)} against {len(theirs)}"
        enough = min(len(mine), len(theirs)) >= FEWEST
        if enough:
            medians = by.median(mine)[0], by.median(theirs)[0]
            figures = f"medians of {medians[0]:.1f} h against {medians[1]:.1f} h, {figures}"
        chance = by.mann_whitney(mine, theirs) if enough else None
        made.append(Test(view, measure, party, chance, None, figures))
    if view is View.SIDE:
        figures = f"{len(own)} events against {len(others)}"
        enough = len(own) + len(others) >= FEWEST and None not in areas
        chance = None
        if enough and areas[0] and areas[1]:
            chance = by.poisson((len(own), areas[0]), (len(others), areas[1]))
        made.append(Test(view, ON_GROUND, party, chance, None, figures))
    return made


def settled(tests: Sequence[Test]) -> tuple[Difference, ...]:
    """What all tests together say, each chance corrected for the number of them."""
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


def _words(one: Test, p: float | None, tests: int) -> str:
    if p is None:
        needed = f"{FEWEST} each are asked for"
        if one.measure == ON_GROUND:
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
