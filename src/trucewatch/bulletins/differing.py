"""What two published bulletins say otherwise, read off their JSON and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS = ("incidents", "fires", "static_sources", "set_aside")
"""The lists of a bulletin that hold incidents, each once."""

SHOWN = (
    "kind",
    "region",
    "first_day",
    "last_day",
    "state",
    "provisional",
    "probability",
    "likelihood",
    "origins",
    "accounts",
    "observations",
    "outcome",
    "attribution",
    "standard",
)
"""The fields of an incident that a reader is told of when they differ."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One incident that is not told as it was: the fields with what each says, before and after."""

    before: Body
    after: Body
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What the second of two bulletins says otherwise than the first; both were published.

    `figures` are (name, before, after), None where one has no such figure. `gone` and `come` are
    incidents of one alone, as it tells them, and `same` is how many both tell alike.
    """

    headline_before: str
    headline: str
    figures: tuple[tuple[str, Any, Any], ...]
    gone: tuple[Body, ...]
    come: tuple[Body, ...]
    moved: tuple[Moved, ...]
    same: int

    @property
    def none(self) -> bool:
        """Whether the two say the same."""
        return not (self.figures or self.gone or self.come or self.moved) and (
            self.headline == self.headline_before
        )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Differences:
    """Compare two bulletins as their JSON has them; the order within a list means nothing."""
    old, new = _items(before), _items(after)
    shared = sorted(old.keys() & new.keys())
    pairs = [(old[name], new[name], _fields(old[name], new[name])) for name in shared]
    figures: Mapping[str, Any] = before["figures"]
    later: Mapping[str, Any] = after["figures"]
    return Differences(
        headline_before=str(before["headline"]),
        headline=str(after["headline"]),
        figures=tuple(
            (name, figures.get(name), later.get(name))
            for name in sorted(figures.keys() | later.keys())
            if figures.get(name) != later.get(name)
        ),
        gone=tuple(old[name] for name in sorted(old.keys() - new.keys())),
        come=tuple(new[name] for name in sorted(new.keys() - old.keys())),
        moved=tuple(Moved(before=a, after=b, fields=each) for a, b, each in pairs if each),
        same=sum(not each for _, _, each in pairs),
    )


def _items(body: Mapping[str, Any]) -> dict[str, Body]:
    return {item["id"]: item for name in LISTS for item in body[name]}


def _fields(old: Body, new: Body) -> tuple[tuple[str, Any, Any], ...]:
    return tuple(
        (name, old.get(name), new.get(name)) for name in SHOWN if old.get(name) != new.get(name)
    )
