"""What hangs together by ties that are not all sure: a heaviest spanning forest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Edge

# A tie that rather holds than not.
SURE = 0.5


class Forest:
    """The heaviest spanning forest of the nodes under the edges; the order of either is nothing.

    `edges` are enough to say why each node hangs where it hangs, and no more.
    """

    def __init__(self, nodes: Iterable[str], edges: Iterable[Edge]) -> None:
        self._root = {node: node for node in sorted(set(nodes))}
        best = sorted(edges, key=lambda e: (-e.strength, e.one, e.other, e.tie, e.reason))
        kept = []
        for edge in best:
            one, other = self._find(edge.one), self._find(edge.other)
            if one != other:
                self._root[max(one, other)] = min(one, other)
                kept.append(edge)
        self.edges = tuple(kept)

    def groups(self) -> list[tuple[str, ...]]:
        """What hangs together by the forest's edges; each sorted, the lowest first."""
        found: dict[str, list[str]] = {}
        for node in sorted(self._root):
            found.setdefault(self._find(node), []).append(node)
        return [tuple(group) for _, group in sorted(found.items())]

    def _find(self, node: str) -> str:
        while self._root[node] != node:
            self._root[node] = self._root[self._root[node]]
            node = self._root[node]
        return node


def components(nodes: Iterable[str], edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """What hangs together by edges that rather tie than not; each sorted, the lowest first."""
    return Forest(nodes, (e for e in edges if e.strength > SURE)).groups()
