"""Nodes parted into blocks that are solved one by one."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.candidates import Graph

    Ints = NDArray[np.int64]

# Gains are compared in steps of a 64th of a nat, from −16 on; equal steps go by the nodes.
STEPS_PER_NAT, LEAST_NATS, BINS = 64, -16, 4096
NODES_PER_JOB = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """`node[start[b]:start[b + 1]]` are the nodes of block `b`, ascending.

    `of` (n,) is the block of each node and `place` (n,) where it stands there. Blocks are
    numbered by their first node.
    """

    start: Ints
    node: Ints
    of: Ints
    place: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start) - 1

    def ends(self) -> list[tuple[int, int]]:
        """Where each block begins and ends in `node`."""
        return list(zip(self.start[:-1].tolist(), self.start[1:].tolist(), strict=True))

    def jobs(self) -> list[tuple[int, int]]:
        """Runs of blocks with about as many nodes each, for threads to share."""
        middle = np.arange(NODES_PER_JOB, len(self.node), NODES_PER_JOB)
        cuts = [0, *np.searchsorted(self.start[:-1], middle).tolist(), len(self)]
        return [job for job in itertools.pairwise(cuts) if job[0] < job[1]]


@compiled(inline="always")
def step_of(gain):
    """The step of a gain in nats, from 0 up."""
    return min(max(int((gain - LEAST_NATS) * STEPS_PER_NAT), 0), BINS - 1)


@compiled(inline="always")
def _root(up, i):
    while up[i] != i:
        up[i] = up[up[i]]
        i = up[i]
    return i


@compiled(nogil=True)
def _ranked(start, target, gain):
    """Edges (i < j) from the highest gain down, as their numbers in the graph, and their i."""
    n = start.shape[0] - 1
    count = np.zeros(BINS + 1, dtype=np.int64)
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            if target[r] > i:
                count[BINS - step_of(gain[r])] += 1
    for b in range(BINS):
        count[b + 1] += count[b]
    edge = np.empty(count[BINS], dtype=np.int64)
    low = np.empty(count[BINS], dtype=np.int32)
    for i in range(n):
        for r in range(start[i], start[i + 1]):
            if target[r] > i:
                b = BINS - 1 - step_of(gain[r])
                edge[count[b]] = r
                low[count[b]] = i
                count[b] += 1
    return edge, low


@compiled(nogil=True)
def _part(start, target, gain, most):
    n = start.shape[0] - 1
    edge, low = _ranked(start, target, gain)
    up = np.arange(n)
    size = np.ones(n, dtype=np.int64)
    over = np.zeros(n, dtype=np.bool_)
    for e in range(edge.shape[0]):
        a = _root(up, low[e])
        b = _root(up, target[edge[e]])
        if a == b:
            continue
        if over[a] or over[b] or size[a] + size[b] > most:
            over[a] = True
            over[b] = True
            continue
        first = min(a, b)
        up[max(a, b)] = first
        size[first] = size[a] + size[b]
    number = np.full(n, -1, dtype=np.int64)
    of = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        a = _root(up, i)
        if number[a] < 0:
            number[a] = count
            count += 1
        of[i] = number[a]
    begin = np.zeros(count + 1, dtype=np.int64)
    for i in range(n):
        begin[of[i] + 1] += 1
    for b in range(count):
        begin[b + 1] += begin[b]
    fill = begin[:-1].copy()
    node = np.empty(n, dtype=np.int64)
    place = np.empty(n, dtype=np.int32)
    for i in range(n):
        node[fill[of[i]]] = i
        place[i] = fill[of[i]] - begin[of[i]]
        fill[of[i]] += 1
    return begin, node, of, place


def part(near: Graph, most: int) -> Blocks:
    """Part the nodes into the largest clusters of likely partners that have `most` nodes or fewer.

    A block is a connected component of the pairs above some gain, as low as its size allows
    (single linkage, cut where it grows too large). So a component of the whole graph that is
    small enough is one block; and a node elsewhere changes a block only through a pair that is
    worth as much as what holds the block together.
    """
    return Blocks(*_part(near.start, near.target, near.gain, most))
