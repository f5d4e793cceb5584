"""One partition that agrees best with all the partitions that are likely."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.heap import offer, pop, push, stamp_of, unite
from trucewatch.incidents.engine.witnesses import meets


@compiled(nogil=True)
def _symmetric(start, target, together):
    """The mean of the two ends' views of each pair."""
    n = start.shape[0] - 1
    out = together.copy()
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            j = target[r]
            if j > i:
                q = start[j] + np.searchsorted(target[start[j] : start[j + 1]], i)
                m = (together[r] + together[q]) / 2
                out[r] = m
                out[q] = m
    return out


@compiled()
def _between(a, b, lab, size, head, follows, start, target, together, theta):
    """What joining two sets gains: Σ over pairs of (P − θ)."""
    total = 0.0
    m = head[a]
    while m >= 0:
        for r in range(start[m], start[m + 1]):
            if lab[target[r]] == b:
                total += together[r]
        m = follows[m]
    return total - theta * size[a] * size[b]


@compiled(nogil=True)
def agree(mask, start, target, seen_together, theta):
    """Join sets while the mean chance that their pairs belong together exceeds `theta`.

    A set is named by its first node; the two ends' views of a pair are averaged.
    """
    together = _symmetric(start, target, seen_together)
    n = mask.shape[0]
    own = mask.copy()
    lab = np.arange(n)
    head = np.arange(n)
    size = np.ones(n, dtype=np.int64)
    follows = np.full(n, -1, dtype=np.int64)
    last = np.arange(n)
    version = np.zeros(n, dtype=np.int32)
    room = 16
    for r in range(target.shape[0]):
        if together[r] > theta:
            room += 1
    heap_v = np.empty(room)
    heap_a = np.empty(room, dtype=np.int32)
    heap_b = np.empty(room, dtype=np.int32)
    heap_s = np.empty(room, dtype=np.int64)
    count = 0
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            if target[r] > i and together[r] > theta:
                push(heap_v, heap_a, heap_b, heap_s, count, together[r] - theta, i, target[r], 0)
                count += 1
    seen = np.full(n, -1, dtype=np.int64)
    stamp = 0
    while count > 0:
        a = heap_a[0]
        b = heap_b[0]
        s = heap_s[0]
        pop(heap_v, heap_a, heap_b, heap_s, count)
        count -= 1
        if lab[a] != a or lab[b] != b or s != stamp_of(a, b, version):
            continue
        unite(a, b, lab, own, version, follows, last)
        size[a] += size[b]
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
                v = _between(a, d, lab, size, head, follows, start, target, together, theta)
                if v > 0:
                    heap_v, heap_a, heap_b, heap_s = offer(
                        heap_v, heap_a, heap_b, heap_s, count, v, a, d, version
                    )
                    count += 1
            m = follows[m]
    return lab
