"""What kinds of event endanger what was notified, by the tree of kinds."""

from __future__ import annotations

import tomllib
from enum import IntEnum
from functools import cache
from importlib.resources import files

from trucewatch.model import kind_tree

MOVEMENT, SITE = "movement", "site"
SORTS = (MOVEMENT, SITE)


class Danger(IntEnum):
    """Whether a kind endangers what was notified; a vague word or a sign may."""

    NONE = 0
    MAYBE = 1
    SURE = 2


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("trucewatch.commitments.notices").joinpath("dangers.toml").read_text("utf-8")
    return tomllib.loads(text)


def domains() -> tuple[str, ...]:
    """Sea, land and air, as `dangers.toml` names them."""
    return tuple(_table())


@cache
def danger_of(kind: str, domain: str, sort: str) -> Danger:
    """What an event of this kind is to a movement or a site of this domain.

    MAYBE: the word is too vague to tell, or names only a sign of what may have happened. KeyError
    for a kind or a domain that there is not.
    """
    tree, row = kind_tree(), _table()[domain]
    spared = row["spares"] if sort == MOVEMENT else []
    if any(tree.is_a(kind, one) for one in spared):
        return Danger.NONE
    if any(tree.is_a(kind, one) for one in row["kinds"]):
        return Danger.SURE
    if any(tree.compatible(kind, one) for one in row["kinds"]):
        return Danger.MAYBE
    return Danger.NONE
