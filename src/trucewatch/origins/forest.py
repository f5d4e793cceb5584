"""What hangs together by ties that are not all sure: a heaviest spanning forest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import Unions

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
        self._sets = Unions()
        for node in nodes:
            self._sets.find(node)
        best = sorted(edges, key=lambda e: (-e.strength, e.one, e.other, e.tie, e.reason))
        kept = []
        for edge in best:
            if self._sets.find(edge.one) != self._sets.find(edge.other):
                self._sets.join(edge.one, edge.other)
                kept.append(edge)
        self.edges = tuple(kept)

    def groups(self) -> list[tuple[str, ...]]:
        """What hangs together by the forest's edges; each sorted, the lowest first."""
        return [tuple(sorted(group)) for group in self._sets.groups()]


def components(nodes: Iterable[str], edges: Iterable[Edge]) -> list[tuple[str, ...]]:
    """What hangs together by edges that rather tie than not; each sorted, the lowest first."""
    return Forest(nodes, (e for e in edges if e.strength > SURE)).groups()
