"""Counting what ties leave apart: a heaviest spanning forest over things tied by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Edge


class Forest:
    """The heaviest spanning forest of the nodes under the edges; the order of either is nothing.

    `number` is the nodes less the strengths of the forest's edges: the number of components that
    is expected if those edges alone tie, each with its own probability. A node more, tied to
    another by a strength of 1, never raises it: it adds 1 and at least 1 is taken away.
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
        self.number = len(self._root) - sum(sorted(e.strength for e in kept))

    def _find(self, node: str) -> str:
        while self._root[node] != node:
            self._root[node] = self._root[self._root[node]]
            node = self._root[node]
        return node


def components(nodes: Iterable[str], edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """What hangs together by edges that rather tie than not; each sorted, the lowest first."""
    sure = Forest(nodes, (e for e in edges if e.strength >= 0.5))
    found: dict[str, list[str]] = {}
    for node in sorted(sure._root):
        found.setdefault(sure._find(node), []).append(node)
    return [tuple(group) for _, group in sorted(found.items())]
