"""Who speaks: the states for which something is said, and the origins behind the outlets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import Unions, name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Pledge


def states(by: str) -> tuple[str, ...]:
    """The states for which a statement is made: "A; B" is said for A and for B together."""
    return tuple(dict.fromkeys(part for each in by.split(";") if (part := each.strip()))) or (by,)


def origins(pledges: Iterable[Pledge]) -> dict[str, str]:
    """The origin of each statement by its id: whom its outlet credits, else the outlet.

    Statements that share one credit, or one outlet where none is credited, have one origin, which
    is called by the first of its names. Where neither is known, it is the source.
    """
    ordered = sorted(pledges, key=lambda one: one.id)
    sets, spelt, first = Unions(), dict[str, str](), dict[str, str]()
    for pledge in ordered:
        voices = {name(voice) or voice: voice for voice in _voices(pledge)}
        for key in voices:
            spelt[key] = min(spelt.get(key, voices[key]), voices[key])
            sets.join(min(voices), key)
        first[pledge.id] = min(voices)
    return {one: spelt[sets.find(key)] for one, key in first.items()}


def _voices(pledge: Pledge) -> list[str]:
    named = pledge.credits or pledge.outlet
    return [part for each in named.split(";") if (part := each.strip())] or [pledge.source]
