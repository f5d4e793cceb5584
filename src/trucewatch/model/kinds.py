"""The trees of event kinds and of weapons, read from `kinds.toml` and `weapons.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One node of a tree; `shows` are the signs that an act of this kind may leave.

    `uses` are the weapons that the word for the kind already names.
    """

    id: str
    name: str
    parent: str | None
    shows: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


class KindTree:
    """Which kind is a vaguer word for which; unknown names raise KeyError, never become "event"."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self._kinds = dict(kinds)
        self._lines: dict[str, tuple[str, ...]] = {}
        for kind in kinds:
            line: list[str] = []
            step: str | None = kind
            while step is not None:
                if step in line:
                    raise ValueError(f"kind {kind!r} is its own ancestor")
                line.append(step)
                step = kinds[step].parent
            self._lines[kind] = tuple(line)

    def __contains__(self, kind: object) -> bool:
        """Whether the tree knows this name."""
        return kind in self._kinds

    def __getitem__(self, kind: str) -> Kind:
        """The node of that name."""
        return self._kinds[kind]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the file."""
        return iter(self._kinds)

    def lineage(self, kind: str) -> tuple[str, ...]:
        """The kind itself, then its ever vaguer ancestors up to the root."""
        return self._lines[kind]

    def is_a(self, kind: str, vaguer: str) -> bool:
        """Whether `vaguer` is `kind` itself or an ancestor of it."""
        if vaguer not in self._kinds:
            raise KeyError(vaguer)
        return vaguer in self._lines[kind]

    def compatible(self, a: str, b: str) -> bool:
        """Whether both words may describe one event: one is the vaguer, or the sign, of the other.

        Kinds on different branches, such as mortar and missile, are not compatible.
        """
        return self.is_a(a, b) or self.is_a(b, a) or b in self.signs(a) or a in self.signs(b)

    def signs(self, kind: str) -> frozenset[str]:
        """The signs that an act of this kind, or of a kind it may turn out to be, may leave."""
        return frozenset(
            sign
            for other in self._kinds
            if self.is_a(other, kind) or self.is_a(kind, other)
            for sign in self._kinds[other].shows
        )

    def exacter(self, a: str, b: str) -> str:
        """The more exact of two compatible kinds; an act is more exact than its sign."""
        if self.is_a(a, b):
            return a
        if self.is_a(b, a):
            return b
        if a in self.signs(b):
            return b
        if b in self.signs(a):
            return a
        raise ValueError(f"{a} and {b} are not compatible")


@cache
def kind_tree() -> KindTree:
    """The tree of kinds of events that ships with Trucewatch."""
    return _shipped("kinds.toml")


@cache
def weapon_tree() -> KindTree:
    """The tree of weapons that ships with Trucewatch; it has several roots and no signs."""
    return _shipped("weapons.toml")


def _shipped(file: str) -> KindTree:
    text = files("trucewatch.model").joinpath(file).read_text("utf-8")
    return KindTree(
        {
            name: Kind(
                id=name,
                name=node["name"],
                parent=node.get("parent"),
                shows=tuple(node.get("shows", ())),
                uses=tuple(node.get("uses", ())),
            )
            for name, node in tomllib.loads(text).items()
        }
    )
