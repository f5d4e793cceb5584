"""Why accounts were joined, and what was not joined to them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trucewatch.incidents.partition import DIGITS
from trucewatch.model import distance_m, kind_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.partition import Neighbours
    from trucewatch.incidents.weights import Weights


def why_joined(weights: Weights, group: tuple[int, ...], members: Sequence[Account]) -> list[str]:
    """What holds the claims of one incident together, in plain words."""
    reasons: list[str] = []
    for account in members:
        reasons += account.notes
        count = len(account.claims)
        if account.fires and count > 1:
            reasons.append(
                f"{count} hot pixels that touch, seen by one platform in one overpass, "
                "are one observation"
            )
        elif count > 1 and not account.notes:
            reasons.append(f"{count} claims repeat or revise one account and count once")
    if len(members) > 1:
        gain = weights.value(weights.of(group))
        reasons.append(
            f"{len(members)} accounts are joined: log W is {gain:.1f} higher "
            "than if each were a happening of its own"
        )
    tree = kind_tree()
    kinds = sorted({a.kind for a in members})
    if any(not tree.compatible(a, b) for a in kinds for b in kinds):
        reasons.append(f"the accounts do not agree on the kind: {', '.join(kinds)}")
    return reasons


def nearest_rejected(
    weights: Weights,
    group: tuple[int, ...],
    home: Mapping[int, tuple[int, ...]],
    near: Neighbours,
    accounts: Sequence[Account],
) -> list[str]:
    """The best group that was not joined, and what joining it would have cost; [] if none is near.

    Groups that share a witness are no candidates: that witness itself tells of two events.
    """
    whole = weights.of(group)
    others = {home[j] for i in group for j in near.get(i, ())} - {group}
    best: tuple[float, tuple[int, ...]] | None = None
    for other in sorted(others):
        sums = weights.of(other)
        if sums.mask & whole.mask:
            continue
        gain = weights.value(whole + sums) - weights.value(whole) - weights.value(sums)
        if best is None or round(gain, DIGITS) > best[0]:
            best = round(gain, DIGITS), other
    if best is None:
        return []
    gain, other = best
    apart, i, j = min(
        (distance_m(accounts[i].place, accounts[j].place), i, j) for i in group for j in other
    )
    days = math.fabs(accounts[i].days[0] - accounts[j].days[0])
    change = f"lower log W by {-gain:.1f}" if gain < 0 else f"raise log W by {gain:.1f} only"
    return [
        (
            f"nearest report not joined: {accounts[j].claims[0].id}, {apart / 1000:.1f} km and "
            f"{days:.1f} days away; joining would {change}"
        )
    ]
