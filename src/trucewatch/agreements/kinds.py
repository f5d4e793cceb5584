"""How the kind and the weapons that are reported stand to those that a provision names."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from trucewatch.model import kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from trucewatch.model import KindTree

SIGN = "sign"
"""The branch of the tree whose kinds are no acts: heat, damage, casualties, alerts."""


class Cover(IntEnum):
    """Whether something is one of those named; of several conditions the least one counts."""

    NOT = 0
    MAYBE = 1
    NAMED = 2


def cover_of(tree: KindTree, kind: str, named: Collection[str]) -> Cover:
    """NAMED: it is one of them or an exacter form of one. MAYBE: it is a vaguer word for one."""
    if any(tree.is_a(kind, one) for one in named):
        return Cover.NAMED
    if any(tree.is_a(one, kind) for one in named):
        return Cover.MAYBE
    return Cover.NOT


def may_be_left_by(tree: KindTree, sign: str, named: Collection[str]) -> bool:
    """Whether an act of the named kinds may have left this sign.

    A sign that the tree ties to no act at all, such as an alert, may stand for any.
    """
    acts = [kind for kind in tree if not tree.is_a(kind, SIGN)]
    if not any(sign in tree[act].shows for act in acts):
        return True
    return any(sign in tree.signs(one) for one in named)


def weapons_of(kind: str, weapons: Iterable[str]) -> frozenset[str]:
    """The weapons that are known of an act, by its accounts or by the very word for its kind.

    A vaguer word gives way to an exacter one beside it. Empty is not known, never "none".
    """
    kinds, tree = kind_tree(), weapon_tree()
    known = {*weapons, *(weapon for step in kinds.lineage(kind) for weapon in kinds[step].uses)}
    return frozenset(
        one for one in known if not any(one != other and tree.is_a(other, one) for other in known)
    )


def weapon_cover(weapons: Collection[str], named: Collection[str], *, every: bool = False) -> Cover:
    """How the weapons known of an act stand to those named; naming none, every weapon is meant.

    A ban is touched by any weapon that it names. What spares an act (`every`) must name them all:
    where it names some, it is not known whether the act is spared.
    """
    if not named:
        return Cover.NAMED
    if not weapons:
        return Cover.MAYBE
    tree = weapon_tree()
    covers = {cover_of(tree, weapon, named) for weapon in weapons}
    if not every:
        return max(covers)
    return covers.pop() if len(covers) == 1 else Cover.MAYBE
