"""Pairs and blocks that change as nodes come and go."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import numpy as np

from trucewatch.incidents.engine.block import weigh as weigh_one
from trucewatch.incidents.engine.blocks import step_of
from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.grid import FAINT, VP, VT, T, U, X, Y, Z, worth
from trucewatch.incidents.engine.weights import MT
from trucewatch.incidents.engine.witnesses import shares

__all__ = ["COLUMNS", "MT", "before", "brink", "cluster", "link", "scan", "sort", "unlink", "weigh"]
COLUMNS = U + 1


@compiled(inline="always")
def before(rank, a, b):
    """Whether node `a` comes before node `b` in the order of content."""
    for c in range(rank.shape[1]):
        if rank[a, c] != rank[b, c]:
            return rank[a, c] < rank[b, c]
    return False


@compiled()
def scan(ids, rows, count, u, mine, known, word, squares, classes, rank, gate, out, gains, n):
    """Write the partners of node `u` in one stretch of rows, with what each is worth.

    Pairs too faint to weigh are left out. Gives how many there are now in `out`.
    """
    gate2 = gate * gate
    for r in range(count):
        dt = rows[r, T] - mine[0, T]
        ts = mine[0, VT] + rows[r, VT]
        if dt * dt > gate2 * ts:
            continue
        vs = mine[0, VP] + rows[r, VP]
        dx = rows[r, X] - mine[0, X]
        dy = rows[r, Y] - mine[0, Y]
        dz = rows[r, Z] - mine[0, Z]
        d2 = dx * dx + dy * dy + dz * dz
        j = ids[r]
        if d2 > gate2 * vs or j == u or shares(known.seen_from, known.seen_by, u, j):
            continue
        square = squares[word[u], word[j]]
        finer = classes[u] < classes[j] or (classes[u] == classes[j] and before(rank, u, j))
        if finer:
            v = worth(mine, 0, rows, r, d2, dt, vs, ts, square, known.base, known.ground)
        else:
            v = worth(rows, r, mine, 0, d2, -dt, vs, ts, square, known.base, known.ground)
        if v <= FAINT:
            continue
        if n == out.shape[0]:
            out = np.concatenate((out, np.empty_like(out)))
            gains = np.concatenate((gains, np.empty_like(gains)))
        out[n] = j
        gains[n] = v
        n += 1
    return out, gains, n


@compiled()
def link(i, j, worth_, near, room, together, end):
    """Give node `i` the partner `j`; a row that is full moves to the end. Gives the new end.

    The caller sees to it that there is room at the end for twice the row and one.
    """
    size = near.last[i] - near.first[i]
    if near.last[i] == room[i]:
        for k in range(size):
            near.target[end + k] = near.target[near.first[i] + k]
            near.gain[end + k] = near.gain[near.first[i] + k]
            together[end + k] = together[near.first[i] + k]
        near.first[i] = end
        near.last[i] = end + size
        room[i] = end + 2 * size + 4
        end = room[i]
    at = near.last[i]
    near.target[at] = j
    near.gain[at] = worth_
    together[at] = 0.0
    near.last[i] += 1
    return end


@compiled()
def unlink(i, j, near, together):
    """Take the partner `j` from node `i`."""
    last = near.last[i] - 1
    for r in range(near.first[i], near.last[i]):
        if near.target[r] == j:
            near.target[r] = near.target[last]
            near.gain[r] = near.gain[last]
            together[r] = together[last]
            near.last[i] = last
            return


@compiled(inline="always")
def _above(heap_s, heap_a, heap_b, i, step, a, b, rank):
    """Whether entry `i` of the heap is a pair that ranks above the given one."""
    if heap_s[i] != step:
        return heap_s[i] > step
    if heap_a[i] != a:
        return before(rank, heap_a[i], a)
    return before(rank, heap_b[i], b)


@compiled()
def cluster(x, near, rank, most):
    """The block of node `x` by itself: grown along the best pairs until it would be too large.

    Whenever all pairs that lead out rank below all that led in, what has been grown is a
    component above some gain; the last such of `most` nodes or fewer is the block.
    """
    grown = np.empty(most + 1, dtype=np.int64)
    size = 0
    kept = 0
    heap_s = np.empty(256, dtype=np.int64)
    heap_a = np.empty(256, dtype=np.int64)
    heap_b = np.empty(256, dtype=np.int64)
    heap_n = np.empty(256, dtype=np.int64)
    count = 0
    low_s = np.int64(1) << 40
    low_a, low_b = x, x
    new = x
    inside = {np.int64(-1)}
    while True:
        grown[size] = new
        inside.add(new)
        size += 1
        if size > most:
            return grown[:kept].copy()
        for r in range(near.first[new], near.last[new]):
            j = np.int64(near.target[r])
            if j in inside:
                continue
            step = step_of(near.gain[r])
            a, b = (new, j) if before(rank, new, j) else (j, new)
            if count == heap_s.shape[0]:
                heap_s = np.concatenate((heap_s, np.empty_like(heap_s)))
                heap_a = np.concatenate((heap_a, np.empty_like(heap_a)))
                heap_b = np.concatenate((heap_b, np.empty_like(heap_b)))
                heap_n = np.concatenate((heap_n, np.empty_like(heap_n)))
            k = count
            count += 1
            while k > 0:
                up = (k - 1) >> 1
                if _above(heap_s, heap_a, heap_b, up, step, a, b, rank):
                    break
                heap_s[k], heap_a[k] = heap_s[up], heap_a[up]
                heap_b[k], heap_n[k] = heap_b[up], heap_n[up]
                k = up
            heap_s[k], heap_a[k], heap_b[k], heap_n[k] = step, a, b, j
        while count > 0 and heap_n[0] in inside:
            count = _pop(heap_s, heap_a, heap_b, heap_n, count, rank)
        if count == 0:
            return grown[:size].copy()
        step, a, b, new = heap_s[0], heap_a[0], heap_b[0], heap_n[0]
        count = _pop(heap_s, heap_a, heap_b, heap_n, count, rank)
        lower = step < low_s
        if step == low_s:
            lower = before(rank, low_a, a) or (low_a == a and before(rank, low_b, b))
        if lower:
            kept = size
            low_s, low_a, low_b = step, a, b


@compiled()
def _pop(heap_s, heap_a, heap_b, heap_n, count, rank):
    """Drop the top of the heap; gives the new count."""
    last = count - 1
    step, a, b, n = heap_s[last], heap_a[last], heap_b[last], heap_n[last]
    k = 0
    while True:
        d = 2 * k + 1
        if d >= last:
            break
        e = d + 1
        if e < last and _above(heap_s, heap_a, heap_b, e, heap_s[d], heap_a[d], heap_b[d], rank):
            d = e
        if not _above(heap_s, heap_a, heap_b, d, step, a, b, rank):
            break
        heap_s[k], heap_a[k] = heap_s[d], heap_a[d]
        heap_b[k], heap_n[k] = heap_b[d], heap_n[d]
        k = d
    heap_s[k], heap_a[k], heap_b[k], heap_n[k] = step, a, b, n
    return last


@compiled()
def sort(these, rank):
    """Put a few nodes into the order of content, in place."""
    for k in range(1, these.shape[0]):
        i = these[k]
        m = k
        while m > 0 and before(rank, i, these[m - 1]):
            these[m] = these[m - 1]
            m -= 1
        these[m] = i


@compiled()
def brink(these, of, near):
    """The highest step of the pairs that lead out of a block; −1 where none does."""
    high = -1
    b = of[these[0]]
    for k in range(these.shape[0]):
        for r in range(near.first[these[k]], near.last[these[k]]):
            if of[near.target[r]] != b:
                high = max(high, step_of(near.gain[r]))
    return high


@compiled()
def weigh(nodes, of, known, near, found):
    """Weigh nodes anew; says of each whether that moved it."""
    moved = np.empty(nodes.shape[0], dtype=np.bool_)
    for k in range(nodes.shape[0]):
        i = nodes[k]
        whole = found.whole[i]
        weigh_one(i, of, known, near, found)
        moved[k] = found.whole[i] != whole
    return moved
