"""Partitions drawn from their posterior, and what they say of each node and each pair."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.weights import VALUE, add, copy_row, own_value, union_value
from trucewatch.incidents.engine.witnesses import masks, meets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


SEED, STRIDE = np.uint64(0x9E3779B97F4A7C15), 7919


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Averages over partitions.

    `alone` (n,) is P(a node stands alone); `together` (edges,) is P(joined), in the order of the
    graph's targets; `share` (n,) is the mean of 1 / the size of a node's set where it is joined,
    so that its sum counts sets.
    """

    alone: Floats
    together: NDArray[np.float32]
    share: Floats


@compiled(inline="always")
def _mix(x):
    """A number from 0 to 2^64 that looks like chance (the finaliser of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled()
def build(lab, node, words, mask, sums, kinds, own, head, follows, before, prior, base, ground):
    """Fill the tables of sets from the labels of nodes."""
    n = lab.shape[0]
    for i in range(n):
        head[i] = -1
        own[i, :] = 0
    for i in range(n - 1, -1, -1):
        c = lab[i]
        follows[i] = head[c]
        before[i] = -1
        if head[c] >= 0:
            before[head[c]] = i
        head[c] = i
    for c in range(n):
        if head[c] >= 0:
            refill(c, node, words, mask, sums, kinds, own, head, follows, prior, base, ground)


@compiled()
def refill(c, node, words, mask, sums, kinds, own, head, follows, prior, base, ground):
    """Recompute the sums of set `c` from its members, in the order of its list."""
    i = head[c]
    copy_row(sums, kinds, c, node, words, i)
    own[c, :] = mask[i, :]
    i = follows[i]
    if i < 0:
        return
    while i >= 0:
        add(sums, kinds, c, node, words, i, 0.0)
        for w in range(own.shape[1]):
            own[c, w] |= mask[i, w]
        i = follows[i]
    sums[c, VALUE] = own_value(sums, kinds, c, prior, base, ground)


@compiled()
def unlink(i, c, head, follows, before):
    """Take node `i` out of the list of set `c`."""
    if before[i] >= 0:
        follows[before[i]] = follows[i]
    else:
        head[c] = follows[i]
    if follows[i] >= 0:
        before[follows[i]] = before[i]


@compiled()
def link(i, c, head, follows, before):
    """Put node `i` at the head of the list of set `c`."""
    follows[i] = head[c]
    before[i] = -1
    if head[c] >= 0:
        before[head[c]] = i
    head[c] = i


@compiled(nogil=True)
def chain(
    lab,
    node,
    words,
    mask,
    key,
    start,
    target,
    tail,
    prior,
    base,
    ground,
    seed,
    burn,
    sweeps,
    alone,
    together,
    share,
):
    """Gibbs sampling of one partition; averages of the last `sweeps` are added in place."""
    n = lab.shape[0]
    room = min(n + 1, 4096)
    sums = np.empty_like(node)
    kinds = np.empty_like(words)
    own = np.empty_like(mask)
    head = np.empty(n, dtype=np.int64)
    follows = np.empty(n, dtype=np.int64)
    before = np.empty(n, dtype=np.int64)
    build(lab, node, words, mask, sums, kinds, own, head, follows, before, prior, base, ground)
    seen = np.full(n, -1, dtype=np.int64)
    spot = np.empty(n, dtype=np.int32)
    option = np.empty(room, dtype=np.int64)
    weight = np.empty(room)
    value = np.empty(room)
    stamp = 0
    for sweep in range(burn + sweeps):
        keep = sweep >= burn
        for i in range(n):
            lo = start[i]
            hi = start[i + 1]
            if lo == hi:
                if keep:
                    alone[i] += 1 / (1 + tail[i])
                    share[i] += 0.5 * tail[i] / (1 + tail[i])
                continue
            c = lab[i]
            unlink(i, c, head, follows, before)
            if head[c] >= 0:
                refill(c, node, words, mask, sums, kinds, own, head, follows, prior, base, ground)
                home = -1
            else:
                home = c
            stamp += 1
            m = 0
            most = 0.0
            if home < 0:
                seen[c] = stamp
                spot[c] = 0
                v = union_value(sums, kinds, c, node, words, i, prior, base, ground)
                option[0] = c
                value[0] = v
                weight[0] = v - sums[c, VALUE]
                most = max(0.0, weight[0])
                m = 1
            for r in range(lo, hi):
                d = lab[target[r]]
                if seen[d] == stamp or d == home:
                    continue
                seen[d] = stamp
                spot[d] = -1
                if meets(own, d, mask, i) or m == room:
                    continue
                v = union_value(sums, kinds, d, node, words, i, prior, base, ground)
                g = v - sums[d, VALUE]
                if g < most - 30:
                    continue
                spot[d] = m
                option[m] = d
                value[m] = v
                weight[m] = g
                m += 1
                most = max(most, g)
            total = np.exp(-most)
            single = total
            for k in range(m):
                weight[k] = np.exp(weight[k] - most)
                total += weight[k]
            # Neighbours left out are joined to without being named: the node then stands alone.
            elsewhere = single * tail[i]
            if keep:
                alone[i] += single / (total + elsewhere)
                share[i] += 0.5 * elsewhere / (total + elsewhere)
                for k in range(m):
                    size = 1
                    j = head[option[k]]
                    while j >= 0:
                        size += 1
                        j = follows[j]
                    share[i] += weight[k] / (total + elsewhere) / size
                for r in range(lo, hi):
                    d = lab[target[r]]
                    if d != home and spot[d] >= 0:
                        together[r] += weight[spot[d]] / (total + elsewhere)
            # Chance by the node's own content: what happens elsewhere cannot change it.
            x = _mix(_mix(seed + np.uint64(sweep)) + key[i])
            u = (
                np.float64(x >> np.uint64(11)) / 9007199254740992.0 * (total + elsewhere)
                - single
                - elsewhere
            )
            k = -1
            while u >= 0 and k < m - 1:
                k += 1
                u -= weight[k]
            if k < 0:
                if home < 0:
                    # The nearest free name keeps what is near in time near in memory.
                    home = i
                    while head[home] >= 0:
                        home = home + 1 if home + 1 < n else 0
                copy_row(sums, kinds, home, node, words, i)
                own[home, :] = mask[i, :]
                head[home] = -1
                link(i, home, head, follows, before)
                lab[i] = home
            else:
                d = option[k]
                add(sums, kinds, d, node, words, i, value[k])
                for w in range(own.shape[1]):
                    own[d, w] |= mask[i, w]
                link(i, d, head, follows, before)
                lab[i] = d


def draw(table: Table, near: Graph, label: Ints, sweeps: int) -> tuple[Posterior, Ints]:
    """Gibbs sampling of one partition from `label` on: averages of the sweeps, and the last one.

    Each node's own chances are averaged, not its draws (Rao and Blackwell). Chance comes from the
    nodes' own content, so what is drawn in a component depends on its nodes alone.
    """
    n = len(table.node)
    lab = label.copy()
    found = Posterior(np.zeros(n), np.zeros(len(near.target), dtype=np.float32), np.zeros(n))
    chain(
        lab, table.node, table.words, masks(table, near), table.key, near.start, near.target,
        near.tail, table.prior, table.base, table.ground, SEED, 1, sweeps,
        found.alone, found.together, found.share,
    )  # fmt: skip
    for sums in (found.alone, found.together, found.share):
        sums /= sweeps
    return found, lab
