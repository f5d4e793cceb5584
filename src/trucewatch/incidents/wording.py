"""What a source calls a happening, given what it truly was: the confusion of kinds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.fires import THERMAL
from trucewatch.model import kind_tree

if TYPE_CHECKING:
    from trucewatch.incidents.ground import Floats

ALERT = "air_raid_alert"
SIGN = "sign"


@cache
def true_kinds() -> tuple[str, ...]:
    """What a happening can truly be: the exact kinds of the tree, and signs of unknown cause.

    An alert is a warning and no happening, so it is not among them.
    """
    tree = kind_tree()
    parents = {tree[kind].parent for kind in tree}
    return tuple(kind for kind in tree if kind not in parents and kind != ALERT)


@cache
def prior(fire_share: float) -> Floats:
    """How common each true kind is, shape (K,), summing to 1.

    A fire with no act behind it takes `fire_share`, the rest is even: nothing is known of which
    acts are common in a conflict that the code has never seen.
    """
    kinds = true_kinds()
    even = (1 - fire_share) / (len(kinds) - 1)
    return np.array([fire_share if kind == THERMAL else even for kind in kinds])


@cache
def acts() -> Floats:
    """Which true kinds are more than a fire with no act behind it: 1 or 0, shape (K,)."""
    return np.array([float(kind != THERMAL) for kind in true_kinds()])


@cache
def likelihood(word: str, slip: float, sign_share: float) -> Floats:
    """P(the source says `word` | the true kind), shape (K,).

    A share `slip` of words is drawn from the whole tree. Otherwise an act is called by one of
    its signs with `sign_share`, and by itself or one of its vaguer names, each as likely. A fire
    with no act behind it is a thermal anomaly and nothing else.
    """
    tree = kind_tree()
    chance = slip / len(list(tree))
    row = []
    for kind in true_kinds():
        if kind == THERMAL:
            row.append(1.0 if word == THERMAL else 0.0)
            continue
        signs = tree.signs(kind) if not tree.is_a(kind, SIGN) else frozenset[str]()
        named = (1 - slip) * (1 - sign_share if signs else 1.0)
        line = tree.lineage(kind)
        value = chance
        if word in line:
            value += named / len(line)
        elif word in signs:
            value += (1 - slip) * sign_share / len(signs)
        row.append(value)
    return np.array(row)


def most_exact(kinds: list[str]) -> str:
    """The most exact of the kinds that agree with most of the others; ties go by name.

    An act is more exact than its sign, and a kind more exact than its ancestors.
    """
    tree = kind_tree()
    known = [kind for kind in kinds if kind in tree]
    if not known:
        return min(kinds)

    def rank(kind: str) -> tuple[int, bool, int, str]:
        agree = sum(tree.compatible(kind, other) for other in known)
        return (-agree, tree.is_a(kind, SIGN), -len(tree.lineage(kind)), kind)

    return min(known, key=rank)
