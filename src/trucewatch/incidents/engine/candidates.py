"""Which pairs of nodes could be one happening: a grid per class of precision, gated by σ."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from trucewatch.incidents.engine.grid import VP, VT, T, X, Z, index, neighbours, search
from trucewatch.incidents.engine.weights import AT, LOG_TWO_PI, MT, MX, MY, MZ, RATE, UNIT, A

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CELLS_PER_NODE = 4
BLOCK = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Neighbours of each node: `target[start[i]:start[i + 1]]`, sorted; `gain` in nats.

    `tail` (n,) is the weight of the neighbours left out, relative to standing alone.
    """

    start: Ints
    target: NDArray[np.int32]
    gain: NDArray[np.float32]
    tail: Floats

    def parts(self) -> Ints:
        """The connected component of each node (n,), in no order that means anything."""
        n = len(self.start) - 1
        links = csr_matrix((np.ones(len(self.target)), self.target, self.start), shape=(n, n))
        return connected_components(links, directed=False)[1].astype(np.int64)


def _geometry(
    packed: Floats, count: int, cell: float, slab: float
) -> tuple[int, int, float, float, float, float, float, int, int, int]:
    """A grid of about the wished cell (km) and slab (days), with few more cells than nodes.

    It lies on the two axes of space that reach furthest, so every near pair is near in it.
    """
    low, high = packed[:, : T + 1].min(axis=0), packed[:, : T + 1].max(axis=0)
    wide = high - low
    one, two = sorted(np.argsort(-wide[X : Z + 1], kind="stable")[:2].tolist())
    low, wide = low[[one, two, T]], wide[[one, two, T]]
    cell, slab = max(cell, 1e-6), max(slab, 1e-6)
    while True:
        nx, ny, nt = (math.floor(w / s) + 1 for w, s in zip(wide, (cell, cell, slab), strict=True))
        if nx * ny * nt <= CELLS_PER_NODE * count + 64:
            return one, two, float(low[0]), float(low[1]), float(low[2]), cell, slab, nx, ny, nt
        cell, slab = 1.2 * cell, 1.2 * slab


def pack(table: Table) -> Floats:
    """The rows that the search reads."""
    node = table.node
    return np.column_stack(
        [
            node[:, MX], node[:, MY], node[:, MZ], node[:, MT], 1 / node[:, A], 1 / node[:, AT],
            node[:, RATE],
            node[:, UNIT] - np.log(node[:, A]) - 0.5 * np.log(node[:, AT]) + 1.5 * LOG_TWO_PI,
        ]
    )  # fmt: skip


def classed(packed: Floats) -> Ints:
    """The class of precision of each row: of two rows the finer looks for the coarser."""
    return np.round(0.5 * np.log2(packed[:, VP])).astype(np.int64)


def pairs(
    table: Table, *, gate: float, slack: float, threads: int = 1
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32], Floats]:
    """All pairs of nodes of different witnesses within the gate that are worth −slack or more.

    Each pair comes once. The finer of two nodes looks for the coarser, so that one vague node
    does not widen everybody's window. The last array (n,) is the weight of joining that was left
    out, by node, if the other end were as often alone as its source is.
    """
    node = table.node
    n = len(node)
    tail = np.zeros(n)
    if n == 0:
        none = np.zeros(0, np.int32)
        return none, none, np.zeros(0, np.float32), tail
    packed = pack(table)
    classes, rank = np.unique(classed(packed), return_inverse=True)
    jobs = []
    for level in range(len(classes)):
        of = np.flatnonzero(rank == level)
        far, tmax = float(packed[of, VP].max()), float(packed[of, VT].max())
        geometry = _geometry(packed, len(of), gate * math.sqrt(far / 2), gate * math.sqrt(tmax / 2))
        jobs.append((level, index(packed, of, geometry), geometry, far, tmax))
    when = packed[:, T]
    squares = table.pair_kinds**2

    def one(job: tuple[int, int, tuple[Any, ...]]) -> tuple[Any, ...]:
        lo, hi, (level, cells, geometry, far, tmax) = job
        reach = 1.001 * gate * math.sqrt(float(packed[lo:hi, VT].max()) + tmax) + 1e-9
        span = np.searchsorted(when, [when[lo] - reach, when[hi - 1] + reach])
        found = search(
            packed, table.source, table.seen_from, table.seen_by, table.word, squares, rank,
            lo, hi, cells, geometry, level, far, tmax, gate, slack, table.base, table.ground,
            table.lone, *span.tolist(),
        )  # fmt: skip
        return *found, span[0]

    work = [(lo, min(lo + BLOCK, n), j) for lo in range(0, n, BLOCK) for j in jobs]
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(one, work))
    else:
        found = [one(w) for w in work]
    first, second, gain = (np.concatenate([f[k] for f in found]) for k in range(3))
    for f in found:
        tail[f[4] : f[4] + len(f[3])] += f[3]
    return first, second, gain, tail


def graph(table: Table, *, gate: float = 3.5, slack: float = 4.0, threads: int = 1) -> Graph:
    """The neighbours of each node that are worth considering, and the weight of the others."""
    first, second, gain, tail = pairs(table, gate=gate, slack=slack, threads=threads)
    start, target, kept = neighbours(len(table.node), first, second, gain)
    return Graph(start, target, kept, tail)
