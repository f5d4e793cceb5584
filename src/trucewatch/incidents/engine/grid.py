"""The search for pairs in a grid of space and time, as compiled functions."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201

from __future__ import annotations

import math

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.weights import LOG_TWO_PI, rate_of_blur
from trucewatch.incidents.engine.witnesses import shares

# Pairs worth less than this many nats are not even counted among what was left out.
FAINT = -11.0
# Columns of the rows that the search reads: middle, variances, and what a node brings by itself.
X, Y, Z, T, VP, VT, R, U = range(8)


@compiled(nogil=True)
def index(packed, of, geometry):
    """Rows of `of` by slab of time, then by cell; cells that differ on the second axis adjoin."""
    one, two, x0, y0, t0, cell, slab, nx, ny, nt = geometry
    start = np.zeros(nt * nx * ny + 1, dtype=np.int32)
    place = np.empty(of.shape[0], dtype=np.int64)
    for r in range(of.shape[0]):
        i = of[r]
        a = min(int((packed[i, one] - x0) / cell), nx - 1)
        b = min(int((packed[i, two] - y0) / cell), ny - 1)
        c = (min(int((packed[i, T] - t0) / slab), nt - 1) * nx + a) * ny + b
        place[r] = c
        start[c + 1] += 1
    for c in range(nt * nx * ny):
        start[c + 1] += start[c]
    fill = start[:-1].copy()
    rows = np.empty(of.shape[0], dtype=np.int32)
    near = np.empty((of.shape[0], packed.shape[1]))
    for r in range(of.shape[0]):
        c = place[r]
        rows[fill[c]] = of[r]
        near[fill[c]] = packed[of[r]]
        fill[c] += 1
    return start, rows, near


@compiled(inline="always")
def worth(packed, i, near, r, d2, dt, vs, ts, square, base, ground):
    """The gain of joining row `i` with the coarser row `r`, `d2` km² and `dt` days away.

    `vs` and `ts` are the sums of their variances, `square` the squared chance of their words.
    """
    # One division for all: 1 / (vs·ts).
    both = 1 / (vs * ts)
    f = packed[i, VP] * ts * both
    v = packed[i, U] + base - 1.5 * LOG_TWO_PI + near[r, U]
    v -= 0.5 * (d2 * ts + dt * dt * vs) * both
    v += 0.5 * math.log(square * both * both * ts)
    v += packed[i, R] + f * (near[r, R] - packed[i, R])
    x = packed[i, X] + f * (near[r, X] - packed[i, X])
    y = packed[i, Y] + f * (near[r, Y] - packed[i, Y])
    return v + rate_of_blur(
        ground, f * near[r, VP], x, y, packed[i, T] + packed[i, VT] * vs * both * dt
    )


@compiled(nogil=True)
def search(
    packed,
    source,
    seen_from,
    seen_by,
    word,
    squares,
    rank,
    lo,
    hi,
    cells,
    geometry,
    level,
    far,
    tmax,
    gate,
    slack,
    base,
    ground,
    lone,
    tail_from,
    tail_to,
):
    """Pairs of nodes lo…hi with nodes of one class, within the gate and worth −slack or more.

    What the weaker pairs would have weighed together is added up for both ends, from node
    `tail_from` to `tail_to`, between which all partners lie. Cells lie on two of three axes;
    distances are taken on all.
    """
    start, rows, near = cells
    one, two, x0, y0, t0, cell, slab, nx, ny, nt = geometry
    first = np.empty(4096, dtype=np.int32)
    second = np.empty(4096, dtype=np.int32)
    gain = np.empty(4096, dtype=np.float32)
    tail = np.zeros(tail_to - tail_from)
    n = 0
    gate2 = gate * gate
    several = seen_by.shape[0] > packed.shape[0]
    for i in range(lo, hi):
        if rank[i] > level:
            continue
        same = rank[i] == level
        x = packed[i, X]
        y = packed[i, Y]
        z = packed[i, Z]
        u, w = packed[i, one], packed[i, two]
        t = packed[i, T]
        va = packed[i, VP]
        ta = packed[i, VT]
        si = source[i]
        wi = word[i]
        reach_t = gate * math.sqrt(ta + tmax)
        reach = gate * math.sqrt(va + far)
        a0 = max(0, int((u - reach - x0) / cell))
        a1 = min(nx - 1, int((u + reach - x0) / cell))
        b0 = max(0, int((w - reach - y0) / cell))
        b1 = min(ny - 1, int((w + reach - y0) / cell))
        if b0 > b1:
            continue
        c0 = max(0, int((t - reach_t - t0) / slab))
        c1 = min(nt - 1, int((t + reach_t - t0) / slab))
        for c in range(c0, c1 + 1):
            for a in range(a0, a1 + 1):
                row = (c * nx + a) * ny
                for r in range(start[row + b0], start[row + b1 + 1]):
                    dt = near[r, T] - t
                    if abs(dt) > reach_t:
                        continue
                    vs = va + near[r, VP]
                    dx = near[r, X] - x
                    dy = near[r, Y] - y
                    dz = near[r, Z] - z
                    d2 = dx * dx + dy * dy + dz * dz
                    if d2 > gate2 * vs:
                        continue
                    ts = ta + near[r, VT]
                    if dt * dt > gate2 * ts:
                        continue
                    j = rows[r]
                    if (same and j <= i) or source[j] == si:
                        continue
                    if several and shares(seen_from, seen_by, i, j):
                        continue
                    v = worth(
                        packed, i, near, r, d2, dt, vs, ts, squares[wi, word[j]], base, ground
                    )
                    if v < -slack:
                        if v > FAINT:
                            faint = math.exp(v)
                            tail[i - tail_from] += faint * lone[source[j]]
                            tail[j - tail_from] += faint * lone[si]
                        continue
                    if n == first.shape[0]:
                        first = np.concatenate((first, np.empty_like(first)))
                        second = np.concatenate((second, np.empty_like(second)))
                        gain = np.concatenate((gain, np.empty_like(gain)))
                    first[n] = i
                    second[n] = j
                    gain[n] = v
                    n += 1
    return first[:n].copy(), second[:n].copy(), gain[:n].copy(), tail


@compiled(nogil=True)
def neighbours(n, first, second, gain):
    """Both directions of each pair, by node; the targets of a node ascend."""
    m = first.shape[0]
    start = np.zeros(n + 1, dtype=np.int64)
    for e in range(m):
        start[first[e] + 1] += 1
        start[second[e] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    # Laid out by one end and then by the other, each row comes out sorted.
    fill = start[:-1].copy()
    other = np.empty(2 * m, dtype=np.int32)
    once = np.empty(2 * m, dtype=np.float32)
    for e in range(m):
        a, b = first[e], second[e]
        other[fill[a]], once[fill[a]] = b, gain[e]
        other[fill[b]], once[fill[b]] = a, gain[e]
        fill[a] += 1
        fill[b] += 1
    fill = start[:-1].copy()
    target = np.empty(2 * m, dtype=np.int32)
    worth = np.empty(2 * m, dtype=np.float32)
    for a in range(n):
        for r in range(start[a], start[a + 1]):
            b = other[r]
            target[fill[b]], worth[fill[b]] = a, once[r]
            fill[b] += 1
    return start, target, worth
