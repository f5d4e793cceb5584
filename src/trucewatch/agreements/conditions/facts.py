"""What is known of an incident, for conditions: true, false, or not decided by what is known."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from trucewatch.agreements.conditions.compiling import compiled, holds
from trucewatch.agreements.kinds import Cover, weapons_of
from trucewatch.model import kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.model import Count, Finding, Incident

MOST_READINGS = 4096
"""Of an expression with more ways to read the facts than this, nothing is said."""

_MOST = 10_000_000
_NUMBER = re.compile(r"[0-9]{1,8}")
_COUNTS = ("killed", "wounded")


@cache
def asked(text: str) -> frozenset[str]:
    """The names of the facts that a condition asks for."""
    return frozenset(compiled(text).variables())


def readings(
    text: str, incident: Incident, finding: Finding
) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Every value that each fact may have had, by name; what is not known at all is left out.

    A vague kind may have been any exacter one. Of casualties with a span, the ends and every number
    that the condition names are tried.
    """
    wanted = asked(text)
    found: dict[str, tuple[object, ...]] = {
        "state": (finding.state.value,),
        "nature": (incident.nature.value,),
        "observations": (incident.observations,),
        "probability": (incident.probability,),
        "origins": (finding.independent_origins,),
        "earliest": (incident.when.earliest,),
        "latest": (incident.when.latest,),
    }
    if incident.region is not None:
        found["region"] = (incident.region,)
    tree = kind_tree()
    if "kind" in wanted:
        found["kind"] = tuple(kind for kind in tree if tree.is_a(kind, incident.kind))
    if "kinds" in wanted:
        found["kinds"] = tuple(
            tree.lineage(kind) for kind in tree if tree.is_a(kind, incident.kind)
        )
    if "weapons" in wanted:
        found["weapons"] = _weapons(incident)
    for count in incident.counts:
        if count.what in _COUNTS and count.what in wanted:
            found[count.what] = _numbers(count, text)
    return tuple((name, found[name]) for name in sorted(wanted) if found.get(name))


def condition_cover(text: str | None, incident: Incident, finding: Finding) -> Cover:
    """Whether a condition holds, however what is vague may be read; no condition always holds."""
    if text is None:
        return Cover.NAMED
    return decided(text, readings(text, incident, finding))


def decided(text: str, facts: Sequence[tuple[str, tuple[object, ...]]]) -> Cover:
    """NAMED or NOT where every reading of the facts says so, else MAYBE."""
    size = 1
    for _, values in facts:
        size *= len(values)
    if size > MOST_READINGS:
        return Cover.MAYBE
    seen: set[bool | None] = set()
    names = [name for name, _ in facts]
    for values in product(*(values for _, values in facts)):
        known: Mapping[str, object] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in zip(names, values, strict=True)
        }
        seen.add(holds(text, known))
        if len(seen) > 1 or None in seen:
            return Cover.MAYBE
    return Cover.NAMED if seen == {True} else Cover.NOT


def _weapons(incident: Incident) -> tuple[tuple[str, ...], ...]:
    """The words that hold of the weapons, classes included; then those that may hold besides."""
    tree = weapon_tree()
    known = weapons_of(incident.kind, incident.weapons)
    if not known:
        return ()
    surely = {word for weapon in known for word in tree.lineage(weapon)}
    perhaps = {word for word in tree if any(tree.is_a(word, weapon) for weapon in known)}
    return tuple(sorted({tuple(sorted(surely)), tuple(sorted(surely | perhaps))}))


def _numbers(count: Count, text: str) -> tuple[int, ...]:
    low = count.low if count.low is not None else (count.best if count.best is not None else 0)
    high = (
        count.high if count.high is not None else (count.best if count.best is not None else _MOST)
    )
    named = {int(word) + step for word in _NUMBER.findall(text) for step in (-1, 0, 1)}
    best = {count.best} if count.best is not None else set()
    return tuple(sorted(n for n in {low, high, *named, *best} if low <= n <= high))
