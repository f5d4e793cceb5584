"""Conditions in CEL over a closed list of facts; what is not known decides nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cel

from trucewatch.agreements.conditions.expressions import Fact, Reader, Sort
from trucewatch.model import Nature, State, kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

EVENTS: Mapping[str, Fact] = {
    "kind": Fact(Sort.TEXT, "the word for its kind, and no other", frozenset(kind_tree())),
    "kinds": Fact(
        Sort.WORDS, "that word and all vaguer ones for the same kind", frozenset(kind_tree())
    ),
    "weapons": Fact(
        Sort.WORDS, "the weapons that accounts name, with their classes", frozenset(weapon_tree())
    ),
    "nature": Fact(Sort.TEXT, "what sort of thing it is", frozenset(Nature)),
    "state": Fact(Sort.TEXT, "how well it is established", frozenset(State)),
    "region": Fact(Sort.TEXT, "the code of the reporting region"),
    "observations": Fact(Sort.NUMBER, "single observations, such as explosions heard"),
    "killed": Fact(Sort.NUMBER, "people killed"),
    "wounded": Fact(Sort.NUMBER, "people wounded"),
    "probability": Fact(Sort.NUMBER, "that it happened, 0 to 1", most=1),
    "origins": Fact(Sort.NUMBER, "independent origins that tell of it"),
    "earliest": Fact(Sort.TIME, "it did not happen before"),
    "latest": Fact(Sort.TIME, "it did not happen after"),
}
"""The facts of one incident that a provision, an exception or a trigger may ask for."""

RESPONSES: Mapping[str, Fact] = {
    "breaches": Fact(Sort.NUMBER, "breaches since the response began"),
    "killed": Fact(Sort.NUMBER, "people killed in them"),
    "wounded": Fact(Sort.NUMBER, "people wounded in them"),
    "regions": Fact(Sort.NUMBER, "reporting regions that they lie in"),
    "hours": Fact(Sort.NUMBER, "hours since the response began"),
    "determined": Fact(Sort.TRUTH, "a body has determined the breach"),
    "attributed": Fact(Sort.TRUTH, "a body has attributed it"),
}
"""The facts of a response under way that a step may ask for."""


@cache
def compiled(text: str) -> cel.Program:
    """The expression, compiled once; ValueError for what is no CEL."""
    return cel.compile(text)


def check_condition(
    text: str, facts: Mapping[str, Fact], *, regions: Collection[str] = ()
) -> frozenset[str]:
    """The names of the facts that a condition asks for, once it is checked whole.

    `regions` are the codes that "region" can be. ValueError, in words, for all that is not in the
    grammar of docs/agreements.md: an unknown fact or word, a comparison of unlike things, a macro,
    a call, and what is too long or too deep.
    """
    if "region" in facts and regions:
        facts = {**facts, "region": Fact(Sort.TEXT, facts["region"].words, frozenset(regions))}
    asked = Reader(text, facts).read()
    compiled(text)
    return asked


def holds(text: str, facts: Mapping[str, object]) -> bool | None:
    """Whether the condition holds of the facts that are known; None where they do not decide it.

    A fact that is not known is left out of `facts`, or None in it. What is known on one side of
    `&&` or `||` still decides. `text` must have passed `check_condition`.
    """
    known = {name: value for name, value in facts.items() if value is not None}
    try:
        result = compiled(text).execute(known)
    except RuntimeError:
        # CEL meets a name that has no value: the fact is not known, and the rest does not decide.
        return None
    return result if isinstance(result, bool) else None
