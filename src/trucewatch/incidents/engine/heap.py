"""A heap of possible joins, the largest gain first; ties by the numbers of the two sets."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201

from __future__ import annotations

import numpy as np

from trucewatch.incidents.engine.compiled import compiled


@compiled()
def push(heap_v, heap_a, heap_b, heap_s, size, v, a, b, s):
    """Put an entry into a heap of `size` entries; the arrays must have room.

    Gains that differ by less than a millionth are one: the last bit of a float, which another
    machine or another origin of coordinates may change, decides nothing.
    """
    v = np.floor(v * 1e6 + 0.5) / 1e6
    k = size
    while k > 0:
        up = (k - 1) >> 1
        if heap_v[up] > v or (
            heap_v[up] == v and (heap_a[up] < a or (heap_a[up] == a and heap_b[up] <= b))
        ):
            break
        heap_v[k] = heap_v[up]
        heap_a[k] = heap_a[up]
        heap_b[k] = heap_b[up]
        heap_s[k] = heap_s[up]
        k = up
    heap_v[k] = v
    heap_a[k] = a
    heap_b[k] = b
    heap_s[k] = s


@compiled()
def pop(heap_v, heap_a, heap_b, heap_s, size):
    """Drop the top; the new size is size − 1."""
    last = size - 1
    v = heap_v[last]
    a = heap_a[last]
    b = heap_b[last]
    s = heap_s[last]
    k = 0
    while True:
        d = 2 * k + 1
        if d >= last:
            break
        e = d + 1
        if e < last and (
            heap_v[e] > heap_v[d]
            or (
                heap_v[e] == heap_v[d]
                and (heap_a[e] < heap_a[d] or (heap_a[e] == heap_a[d] and heap_b[e] < heap_b[d]))
            )
        ):
            d = e
        if v > heap_v[d] or (
            v == heap_v[d] and (a < heap_a[d] or (a == heap_a[d] and b <= heap_b[d]))
        ):
            break
        heap_v[k] = heap_v[d]
        heap_a[k] = heap_a[d]
        heap_b[k] = heap_b[d]
        heap_s[k] = heap_s[d]
        k = d
    heap_v[k] = v
    heap_a[k] = a
    heap_b[k] = b
    heap_s[k] = s


@compiled()
def offer(heap_v, heap_a, heap_b, heap_s, size, v, a, b, version):
    """Push the join of two sets, stamped with their versions; returns the arrays, grown if full."""
    if size == heap_v.shape[0]:
        heap_v = np.concatenate((heap_v, np.empty_like(heap_v)))
        heap_a = np.concatenate((heap_a, np.empty_like(heap_a)))
        heap_b = np.concatenate((heap_b, np.empty_like(heap_b)))
        heap_s = np.concatenate((heap_s, np.empty_like(heap_s)))
    p = min(a, b)
    q = max(a, b)
    push(heap_v, heap_a, heap_b, heap_s, size, v, p, q, stamp_of(p, q, version))
    return heap_v, heap_a, heap_b, heap_s


@compiled()
def stamp_of(a, b, version):
    """What two sets were when a join was offered: an offer with another stamp is out of date."""
    return version[a] + (np.int64(version[b]) << 32)


@compiled()
def unite(a, b, lab, own, version, follows, last):
    """Lay set b upon set a: one mask of witnesses, one chain of nodes, one label."""
    for w in range(own.shape[1]):
        own[a, w] |= own[b, w]
    version[a] += 1
    version[b] += 1
    follows[last[a]] = b
    last[a] = last[b]
    m = b
    while m >= 0:
        lab[m] = a
        m = follows[m]
