"""Who saw what, as bits: two nodes with a common witness are two happenings."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Ints = NDArray[np.int64]

WORD = 64


@compiled(inline="always")
def meets(own, a, mask, i):
    """Whether set `a` and set `i` of a second table have a witness in common."""
    for w in range(own.shape[1]):  # noqa: SIM110 - numba compiles no generators
        if own[a, w] & mask[i, w]:
            return True
    return False


@compiled(inline="always")
def shares(seen_from, seen_by, i, j):
    """Whether two nodes have a witness in common, from their sorted lists of witnesses."""
    a = seen_from[i]
    b = seen_from[j]
    while a < seen_from[i + 1] and b < seen_from[j + 1]:
        if seen_by[a] == seen_by[b]:
            return True
        if seen_by[a] < seen_by[b]:
            a += 1
        else:
            b += 1
    return False


@compiled(nogil=True)
def bits(these, seen_from, seen_by):
    """The bits of the witnesses of a few nodes (nodes, words); they mean nothing elsewhere."""
    n = these.shape[0]
    known = np.empty(16, dtype=np.int64)
    count = 0
    for k in range(n):
        for r in range(seen_from[these[k]], seen_from[these[k] + 1]):
            w = 0
            while w < count and known[w] != seen_by[r]:
                w += 1
            if w == count:
                if count == known.shape[0]:
                    known = np.concatenate((known, np.empty_like(known)))
                known[w] = seen_by[r]
                count += 1
    out = np.zeros((n, max(1, (count + 63) // 64)), dtype=np.uint64)
    for k in range(n):
        for r in range(seen_from[these[k]], seen_from[these[k] + 1]):
            w = 0
            while known[w] != seen_by[r]:
                w += 1
            out[k, w >> 6] |= np.uint64(1) << np.uint64(w & 63)
    return out


def masks(table: Table, near: Graph) -> NDArray[np.uint64]:
    """The bits of each node's witnesses, shape (n, words of 64 bits).

    Up to 64 witnesses have a bit each. Beyond, bits are dealt out anew in each connected
    component, to the witnesses of two or more of its nodes, in as many words as the fullest
    component needs: no two witnesses that could meet ever share a bit.
    """
    n = len(table.node)
    node = np.repeat(np.arange(n), np.diff(table.seen_from))
    place: Ints = table.seen_by.astype(np.int64)
    if len(place) and int(place.max()) >= WORD:
        node, place = _by_component(near, node, place)
    words = int(place.max(initial=0)) // WORD + 1
    bits = np.zeros((n, words), dtype=np.uint64)
    np.bitwise_or.at(bits, (node, place // WORD), np.uint64(1) << (place % WORD).astype(np.uint64))
    return bits


def _by_component(near: Graph, node: Ints, witness: Ints) -> tuple[Ints, Ints]:
    """Nodes and the number of a witness within the node's component, where it could clash."""
    both = near.parts()[node] * (int(witness.max()) + 1) + witness
    known, which, count = np.unique(both, return_inverse=True, return_counts=True)
    several = count > 1
    home = known // (int(witness.max()) + 1)
    passed = np.cumsum(several) - several
    first = passed[np.searchsorted(home, home, side="left")]
    kept = several[which]
    return node[kept], (passed - first)[which][kept]
