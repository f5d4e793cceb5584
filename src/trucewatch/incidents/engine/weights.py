"""The weight of "these nodes are one happening", in closed form, as compiled functions.

A set of nodes is a row of sums; the sums of two disjoint sets add up. Sources: conjugate normal
integrals as in NET-VISA (Arora et al. 2013), for place, time and kind at once.
"""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.incidents.engine.model import Table

TWO_PI = 2 * math.pi
LOG_TWO_PI = math.log(TWO_PI)
# Columns of a row of sums: precision, weighted mean and weighted squares of place and of time,
# the weighted mean of the log rate at each node's own place (in addition to the ground's), the sum
# of what each node brings by itself, and log w relative to every node alone. Places have
# three axes so that points on a globe need no map; errors lie along the ground, on two of them.
A, MX, MY, MZ, QP, AT, MT, QT, RATE, UNIT, VALUE = range(11)
SUMS = 11


@compiled(inline="always")
def log_rate(ground, a, x, y, t):
    """Log density of happenings at a place and time, blurred at precision `a`."""
    grid, limits, x0, y0, cell, days, t0, step = ground
    level = 0
    while level < limits.shape[0] and a < limits[level]:
        level += 1
    i = min(max(int((x - x0) / cell), 0), grid.shape[1] - 1)
    j = min(max(int((y - y0) / cell), 0), grid.shape[2] - 1)
    k = min(max(int((t - t0) / step), 0), days.shape[0] - 1)
    return grid[level, i, j] + days[k]


@compiled(inline="always")
def rate_of_blur(ground, v, x, y, t):
    """Log density of happenings at a place and time, blurred at variance `v` (km²)."""
    grid, limits, x0, y0, cell, days, t0, step = ground
    level = 0
    while level < limits.shape[0] and v * limits[level] > 1:
        level += 1
    i = min(max(int((x - x0) / cell), 0), grid.shape[1] - 1)
    j = min(max(int((y - y0) / cell), 0), grid.shape[2] - 1)
    k = min(max(int((t - t0) / step), 0), days.shape[0] - 1)
    return grid[level, i, j] + days[k]


@compiled(inline="always")
def union_value(sums, kinds, c, node, words, d, prior, base, ground):
    """Log weight of set `c` joined with set `d` of a second table, relative to all alone."""
    pa = sums[c, A]
    pb = node[d, A]
    a = pa + pb
    dx = node[d, MX] - sums[c, MX]
    dy = node[d, MY] - sums[c, MY]
    dz = node[d, MZ] - sums[c, MZ]
    ta = sums[c, AT]
    tb = node[d, AT]
    at = ta + tb
    dt = node[d, MT] - sums[c, MT]
    q = sums[c, QP] + node[d, QP] + pa * pb / a * (dx * dx + dy * dy + dz * dz)
    q += sums[c, QT] + node[d, QT] + ta * tb / at * dt * dt
    k = 0.0
    for r in range(prior.shape[0]):
        k += prior[r] * kinds[c, r] * words[d, r]
    rate = log_rate(
        ground, a, sums[c, MX] + pb / a * dx, sums[c, MY] + pb / a * dy, sums[c, MT] + tb / at * dt
    )
    return (
        base
        + sums[c, UNIT]
        + node[d, UNIT]
        + rate
        + sums[c, RATE]
        + pb / a * (node[d, RATE] - sums[c, RATE])
        - 0.5 * q
        + math.log(k / (a * math.sqrt(at)))
        + 1.5 * LOG_TWO_PI
    )


@compiled()
def add(sums, kinds, c, node, words, i, value):
    """Add node `i` to set `c`, which then weighs `value`."""
    pa = sums[c, A]
    pb = node[i, A]
    a = pa + pb
    dx = node[i, MX] - sums[c, MX]
    dy = node[i, MY] - sums[c, MY]
    dz = node[i, MZ] - sums[c, MZ]
    ta = sums[c, AT]
    tb = node[i, AT]
    at = ta + tb
    dt = node[i, MT] - sums[c, MT]
    sums[c, A] = a
    sums[c, MX] += pb / a * dx
    sums[c, MY] += pb / a * dy
    sums[c, MZ] += pb / a * dz
    sums[c, QP] += node[i, QP] + pa * pb / a * (dx * dx + dy * dy + dz * dz)
    sums[c, AT] = at
    sums[c, MT] += tb / at * dt
    sums[c, QT] += node[i, QT] + ta * tb / at * dt * dt
    sums[c, RATE] += pb / a * (node[i, RATE] - sums[c, RATE])
    sums[c, UNIT] += node[i, UNIT]
    sums[c, VALUE] = value
    for r in range(kinds.shape[1]):
        kinds[c, r] *= words[i, r]


@compiled(inline="always")
def own_value(sums, kinds, c, prior, base, ground):
    """Log weight of set `c` of two or more nodes, relative to all alone."""
    k = 0.0
    for r in range(prior.shape[0]):
        k += prior[r] * kinds[c, r]
    rate = log_rate(ground, sums[c, A], sums[c, MX], sums[c, MY], sums[c, MT])
    return (
        base
        + sums[c, UNIT]
        + rate
        + sums[c, RATE]
        - 0.5 * (sums[c, QP] + sums[c, QT])
        + math.log(k / (sums[c, A] * math.sqrt(sums[c, AT])))
        + 1.5 * LOG_TWO_PI
    )


@compiled()
def copy_row(sums, kinds, c, node, words, i):
    """Make set `c` the single node `i`."""
    for r in range(SUMS):
        sums[c, r] = node[i, r]
    for r in range(kinds.shape[1]):
        kinds[c, r] = words[i, r]


@compiled()
def _value_of(node, words, prior, base, ground):
    sums = np.empty((1, SUMS))
    kinds = np.empty((1, words.shape[1]))
    copy_row(sums, kinds, 0, node, words, 0)
    for i in range(1, node.shape[0]):
        add(sums, kinds, 0, node, words, i, 0.0)
    return own_value(sums, kinds, 0, prior, base, ground)


def set_value(table: Table, members: Iterable[int]) -> float:
    """Log weight of a set of nodes, relative to every node alone, in nats; 0 for one node.

    Nodes are added in their own order, so the order of `members` is no matter. Whether two of
    them have a common witness is the caller's business.
    """
    rows = sorted(members)
    if len(rows) == 1:
        return 0.0
    return float(
        _value_of(table.node[rows], table.words[rows], table.prior, table.base, table.ground)
    )
