"""Averages over partitions, block by block."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from trucewatch.incidents.engine.blocks import inside
from trucewatch.incidents.engine.exact import FEW, enumerate_all
from trucewatch.incidents.engine.partition import merge
from trucewatch.incidents.engine.sampling import SEED, STRIDE, Posterior, chain
from trucewatch.incidents.engine.threads import share_out
from trucewatch.incidents.engine.witnesses import bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.blocks import Blocks
    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def _distinct(key):
    """Keys that differ: of nodes with equal keys each but the first gets another.

    Nodes that drew by the same chance would move together, which no sampler allows for.
    """
    out = key.copy()
    for k in range(1, key.shape[0]):
        again = 0
        for j in range(k):
            again += key[j] == key[k]
        out[k] += np.uint64(again) * np.uint64(0xD1B54A32D192ED03)
    return out


@njit(cache=True, nogil=True)
def _average(
    lo, hi, begin, member, of, place, node, words, seen_from, seen_by, key, start,
    target, gain, tail, prior, base, ground, seed, stride, chains, burn, sweeps,
    alone, together, share,
):  # fmt: skip
    """Fill in the averages of the nodes of blocks lo…hi; nobody else writes there."""
    for b in range(lo, hi):
        if begin[b + 1] - begin[b] == 1:
            i = member[begin[b]]
            alone[i] = 1 / (1 + tail[i])
            share[i] = 0.5 * tail[i] / (1 + tail[i])
            continue
        these, first, other, edge = inside(b, begin, member, of, place, start, target)
        n = these.shape[0]
        rows, said, left = node[these], words[these], tail[these]
        mask = bits(these, seen_from, seen_by)
        single, part = np.zeros(n), np.zeros(n)
        joined = np.zeros(edge.shape[0], dtype=np.float32)
        total = 1
        if n <= FEW:
            enumerate_all(
                rows, said, mask, first, other, left, prior, base, ground, single, joined, part
            )
        else:
            lab = merge(rows, said, mask, first, other, gain[edge], prior, base, ground)
            chance = _distinct(key[these])
            for c in range(chains):
                chain(
                    lab.copy(), rows, said, mask, chance, first, other, left, prior, base, ground,
                    seed + np.uint64(stride * c), burn, sweeps, single, joined, part,
                )  # fmt: skip
            total = chains * sweeps
        for k in range(n):
            alone[these[k]] = single[k] / total
            share[these[k]] = part[k] / total
        for e in range(edge.shape[0]):
            together[edge[e]] = joined[e] / total


def average(
    table: Table,
    near: Graph,
    blocks: Blocks,
    tail: Floats,
    *,
    chains: int = 2,
    burn: int = 2,
    sweeps: int = 7,
    threads: int = 1,
) -> Posterior:
    """Averages over the partitions of each block: exact where it has few nodes, else sampled.

    `tail` (n,) is the weight of the partners that each node has outside its block. The result
    has no labels, since nothing is drawn where all is summed.
    """
    n = len(table.node)
    alone, share = np.zeros(n), np.zeros(n)
    together = np.zeros(len(near.target), dtype=np.float32)

    def one(lo: int, hi: int) -> None:
        _average(
            lo, hi, blocks.start, blocks.node, blocks.of, blocks.place, table.node, table.words,
            table.seen_from, table.seen_by, table.key, near.start, near.target, near.gain,
            tail, table.prior, table.base, table.ground, SEED, STRIDE, chains, burn, sweeps,
            alone, together, share,
        )  # fmt: skip

    share_out(one, blocks.jobs(), threads)
    return Posterior(alone, together, share)
