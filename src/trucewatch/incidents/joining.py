"""Which accounts are shown as one incident, and how sure it is that they belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.engine import Solved
    from trucewatch.incidents.ground import Floats

# A join as sure as this is beyond doubt for the model, whose own errors are larger.
SURE = 0.99
# Chances are kept to this many digits, so that the last bit of a float decides nothing.
DIGITS = 4


def parts(solved: Solved) -> list[tuple[int, ...]]:
    """The groups of accounts that are shown as one incident each, sorted.

    An account that surely belongs to one of several groups, and to none of them likely enough,
    stands by itself: to show it with one of them would mostly be false.
    """
    groups: dict[int, list[int]] = {}
    for i, name in enumerate(solved.label.tolist()):
        groups.setdefault(name, []).append(i)
    return sorted(tuple(group) for group in groups.values())


def pair_chances(members: Sequence[int], solved: Solved) -> Floats:
    """P(two members are one happening) over the likely partitions, (m, m), 1 to themselves.

    Pairs that were never weighed against each other, being too far apart, have 0.
    """
    place = {i: k for k, i in enumerate(members)}
    seen = np.zeros((len(members), len(members)))
    start, target = solved.near.start, solved.near.target
    for i, k in place.items():
        for r in range(start[i], start[i + 1]):
            other = place.get(int(target[r]))
            if other is not None:
                seen[k, other] = solved.together[r]
    both = np.array(np.round(np.clip((seen + seen.T) / 2, 0, 1), DIGITS), dtype=np.float64)
    np.fill_diagonal(both, 1.0)
    return both


def belonging(
    members: Sequence[int], chances: Floats, alone: Mapping[int, float]
) -> dict[int, float]:
    """The chance of each member to belong to the happening that the incident is about.

    It is about the member that most belongs with the others, which itself is sure: at a tie the
    one with the highest P(it happened) `alone`, then the first. For the others it is the product
    of the chances along the best way there.
    """
    core = min(
        range(len(members)),
        key=lambda k: (
            -round(float(chances[k].sum()), DIGITS - 1), -round(alone[members[k]], 9), k,
        ),
    )  # fmt: skip
    best = chances[core].copy()
    left = set(range(len(members))) - {core}
    while left:
        k = max(left, key=lambda k: (best[k], -k))
        left.discard(k)
        best = np.maximum(best, best[k] * chances[k])
    return {i: round(float(best[k]), DIGITS) for k, i in enumerate(members)}
