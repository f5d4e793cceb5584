"""Weapons and casualties: what any account of an incident says of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.model import Count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from trucewatch.model import Claim

OBSERVATIONS = "observations"
"""A count of what was seen, which `Incident.observations` holds, and no count of casualties."""


def weapons_said(claims: Iterable[Claim]) -> tuple[str, ...]:
    """Every weapon that any claim names, sorted; empty is not known, never "none"."""
    return tuple(sorted({weapon for claim in claims for weapon in claim.weapons}))


def counts_said(claims: Collection[Claim]) -> tuple[Count, ...]:
    """What is said of casualties, by name: at least `low`, at most `high`.

    `best` is there only where all that give one agree. A number that nobody gives is absent, never
    zero. A claim that sums several events counts none of them, so its numbers are left out.
    """
    said: dict[str, list[Count]] = defaultdict(list)
    for claim in claims:
        if claim.aggregated:
            continue
        for count in claim.counts:
            if count.what != OBSERVATIONS:
                said[count.what].append(count)
    made = (_together(what, said[what]) for what in sorted(said))
    return tuple(count for count in made if count is not None)


def _together(what: str, counts: Iterable[Count]) -> Count | None:
    low, best, high = set[int](), set[int](), set[int]()
    for count in counts:
        if count.best is not None:
            best.add(count.best)
        least = count.low if count.low is not None else count.best
        most = count.high if count.high is not None else count.best
        if least is not None:
            low.add(least)
        if most is not None:
            high.add(most)
    if not low and not high:
        return None
    return Count(
        what=what,
        best=next(iter(best)) if len(best) == 1 else None,
        low=min(low, default=None),
        high=max(high, default=None),
    )
