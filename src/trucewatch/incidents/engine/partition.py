"""A good partition of nodes into happenings: merging by gain."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.heap import offer, pop, push, stamp_of, unite
from trucewatch.incidents.engine.weights import VALUE, add, union_value
from trucewatch.incidents.engine.witnesses import masks, meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Ints = NDArray[np.int64]


@compiled(nogil=True)
def merge(node, words, mask, start, target, gain, prior, base, ground):
    """Join the two sets that gain most, until no join gains; a set is named by its first node."""
    n = node.shape[0]
    sums = node.copy()
    kinds = words.copy()
    own = mask.copy()
    lab = np.arange(n)
    follows = np.full(n, -1, dtype=np.int64)
    last = np.arange(n)
    version = np.zeros(n, dtype=np.int32)
    room = 16
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            if target[r] > i and gain[r] > 0:
                room += 1
    heap_v = np.empty(2 * room)
    heap_a = np.empty(2 * room, dtype=np.int32)
    heap_b = np.empty(2 * room, dtype=np.int32)
    heap_s = np.empty(2 * room, dtype=np.int64)
    size = 0
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            j = target[r]
            if j > i and gain[r] > 0:
                push(heap_v, heap_a, heap_b, heap_s, size, np.float64(gain[r]), i, j, 0)
                size += 1
    seen = np.full(n, -1, dtype=np.int64)
    stamp = 0
    while size > 0:
        a = heap_a[0]
        b = heap_b[0]
        s = heap_s[0]
        pop(heap_v, heap_a, heap_b, heap_s, size)
        size -= 1
        if lab[a] != a or lab[b] != b or s != stamp_of(a, b, version):
            continue
        value = union_value(sums, kinds, a, sums, kinds, b, prior, base, ground)
        add(sums, kinds, a, sums, kinds, b, value)
        unite(a, b, lab, own, version, follows, last)
        stamp += 1
        seen[a] = stamp
        m = a
        while m >= 0:
            for r in range(start[m], start[m + 1]):
                d = lab[target[r]]
                if seen[d] == stamp:
                    continue
                seen[d] = stamp
                if meets(own, d, own, a):
                    continue
                v = union_value(sums, kinds, a, sums, kinds, d, prior, base, ground)
                v -= value + sums[d, VALUE]
                if v > 0:
                    heap_v, heap_a, heap_b, heap_s = offer(
                        heap_v, heap_a, heap_b, heap_s, size, v, a, d, version
                    )
                    size += 1
            m = follows[m]
    return lab


def greedy(table: Table, near: Graph) -> Ints:
    """Label of each node's happening: the first node of it."""
    label: Ints = merge(
        table.node,
        table.words,
        masks(table, near),
        near.start,
        near.target,
        near.gain,
        table.prior,
        table.base,
        table.ground,
    )
    return label
