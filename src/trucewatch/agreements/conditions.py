"""Conditions in CEL over a closed list of facts; what is not known decides nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cel

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS: Mapping[str, type] = {
    "kind": str,
    "region": str,
    "state": str,
    "nature": str,
    "weapons": list,
    "observations": int,
    "killed": int,
    "wounded": int,
    "probability": float,
    "origins": int,
    "earliest": object,
    "latest": object,
}
"""The facts of one incident that a provision, an exemption or a trigger may ask for."""

RESPONSES: Mapping[str, type] = {
    "breaches": int,
    "killed": int,
    "wounded": int,
    "regions": int,
    "hours": float,
    "determined": bool,
    "attributed": bool,
}
"""The facts of a response under way that a step may ask for."""

LONGEST = 500


@cache
def compiled(text: str) -> cel.Program:
    """The expression, compiled once; ValueError, in words, for what is no CEL or too long."""
    if len(text) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    try:
        return cel.compile(text)
    except ValueError as fault:
        first = str(fault).partition("\n")[0]
        raise ValueError(f"is no CEL expression: {first}") from None


def check_condition(text: str, facts: Mapping[str, type]) -> None:
    """ValueError, in words, for an expression that is not one over these facts."""
    for name in compiled(text).variables():
        if name not in facts:
            raise ValueError(f"{name!r} is no fact ({', '.join(sorted(facts))})")


def holds(text: str, facts: Mapping[str, object]) -> bool | None:
    """Whether the condition holds of the facts that are known; None where they do not decide it.

    A fact that is not known is left out of `facts`, or None in it. What is known on one side of
    `&&` or `||` still decides.
    """
    known = {name: value for name, value in facts.items() if value is not None}
    try:
        result = compiled(text).execute(known)
    except (RuntimeError, TypeError, ArithmeticError, ValueError):
        return None
    return result if isinstance(result, bool) else None
