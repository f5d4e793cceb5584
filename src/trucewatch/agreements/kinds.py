"""How the kind that is reported stands to the kinds that a provision names."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from trucewatch.model import KindTree

SIGN = "sign"
"""The branch of the tree whose kinds are no acts: heat, damage, casualties, alerts."""


class Cover(Enum):
    """Whether a kind is one of those named."""

    NAMED = "named"
    MAYBE = "maybe"
    NOT = "not"


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
