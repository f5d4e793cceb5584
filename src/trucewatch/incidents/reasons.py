"""Why accounts were joined, and what was not joined to them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trucewatch.incidents.engine.weights import set_value
from trucewatch.model import distance_m, kind_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Table
    from trucewatch.incidents.engine.candidates import Graph

# Gains are compared to a millionth of a nat: the last bit of a float decides nothing.
DIGITS = 6
# A loss of so many nats is told as one.
MUCH = 10.0


def why_joined(table: Table, group: tuple[int, ...], members: Sequence[Account]) -> list[str]:
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
        gain = set_value(table, group)
        # The engine joins at a loss only where the mean of likely readings asks for it; people may
        # do so by far.
        than = f"{gain:.1f} higher" if round(gain, 1) > -MUCH else f"{-gain:.1f} lower"
        reasons.append(
            f"{len(members)} accounts are joined: log W is {than} "
            "than if each were a happening of its own"
        )
    tree = kind_tree()
    kinds = sorted({a.kind for a in members})
    if any(not tree.compatible(a, b) for a in kinds for b in kinds):
        reasons.append(f"the accounts do not agree on the kind: {', '.join(kinds)}")
    return reasons


def nearest_rejected(
    table: Table,
    group: tuple[int, ...],
    home: Mapping[int, tuple[int, ...]],
    near: Graph,
    accounts: Sequence[Account],
    *,
    barred: frozenset[tuple[int, ...]] = frozenset(),
) -> list[str]:
    """The best group that was not joined, and what joining it would have cost; [] if none is near.

    Groups that share a witness are no candidates: that witness itself tells of two events. Nor are
    those that are `barred`, as people hold them apart.
    """
    whole = set_value(table, group)
    seen = frozenset().union(*(accounts[i].witnesses for i in group))
    around = {j for i in group for j in near.target[near.start[i] : near.start[i + 1]].tolist()}
    best: tuple[float, tuple[int, ...]] | None = None
    for other in sorted({home[j] for j in around} - {group} - barred):
        if any(seen & accounts[j].witnesses for j in other):
            continue
        gain = set_value(table, group + other) - whole - set_value(table, other)
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
