"""Things that are one."""

from __future__ import annotations

from collections import defaultdict


class Unions:
    """Disjoint sets of names; a set is known by its lowest name, whatever the order of joining."""

    def __init__(self) -> None:
        self._root: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The lowest name of the set; a name not seen before is a set of its own."""
        root = self._root.setdefault(name, name)
        while self._root[root] != root:
            self._root[root] = self._root[self._root[root]]
            root = self._root[root]
        return root

    def join(self, one: str, other: str) -> None:
        """Make one set of the two that hold these names."""
        low, high = sorted((self.find(one), self.find(other)))
        self._root[high] = low

    def groups(self) -> list[set[str]]:
        """All sets, by their lowest names."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in self._root:
            found[self.find(name)].add(name)
        return [found[root] for root in sorted(found)]
