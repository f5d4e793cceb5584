"""One block: its averages, the sets it agrees on, and what other blocks do to its nodes.

Batch and stream call these same functions, on the same nodes in the same order.
"""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201, ANN202

from __future__ import annotations

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.consensus import agree
from trucewatch.incidents.engine.exact import FEW, enumerate_all
from trucewatch.incidents.engine.partition import merge
from trucewatch.incidents.engine.sampling import SEED, STRIDE, chain
from trucewatch.incidents.engine.weights import SUMS, add, copy_row, own_value, union_value
from trucewatch.incidents.engine.witnesses import bits, shares

# A partner that is joined, nobody can say to whom: that many such sets are open to a node. The
# others hold a report of its own source.
OPEN = 0.5


@compiled(nogil=True)
def inside(these, of, place, near):
    """The graph of the nodes of one block: starts, targets, and the edge that each of them is."""
    n = these.shape[0]
    b = of[these[0]]
    first = np.zeros(n + 1, dtype=np.int64)
    for k in range(n):
        for r in range(near.first[these[k]], near.last[these[k]]):
            if of[near.target[r]] == b:
                first[k + 1] += 1
    for k in range(n):
        first[k + 1] += first[k]
    other = np.empty(first[n], dtype=np.int32)
    edge = np.empty(first[n], dtype=np.int64)
    e = 0
    for k in range(n):
        for r in range(near.first[these[k]], near.last[these[k]]):
            if of[near.target[r]] != b:
                continue
            # In the order of the block, in whatever order partners were met.
            spot = e
            at = place[near.target[r]]
            while spot > first[k] and other[spot - 1] > at:
                other[spot] = other[spot - 1]
                edge[spot] = edge[spot - 1]
                spot -= 1
            other[spot] = at
            edge[spot] = r
            e += 1
    return first, other, edge


@compiled(nogil=True)
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


@compiled(nogil=True)
def look(these, of, place, known, near, found, chains, burn, sweeps, theta):
    """Average over the partitions of one block as if there were no other, and agree on one.

    Exact where there are few nodes, else sampled.
    """
    n = these.shape[0]
    if n == 1:
        i = these[0]
        found.alone[i], found.share[i] = 1.0, 0.0
        _sets(these, np.zeros(1, dtype=np.int64), found)
        return
    first, other, edge = inside(these, of, place, near)
    rows, said = known.node[these], known.words[these]
    mask = bits(these, known.seen_from, known.seen_by)
    alone, share = np.zeros(n), np.zeros(n)
    together = np.zeros(edge.shape[0], dtype=np.float32)
    total = 1
    if n <= FEW:
        enumerate_all(
            rows, said, mask, first, other, known.prior, known.base, known.ground,
            alone, together, share,
        )  # fmt: skip
    else:
        lab = merge(
            rows, said, mask, first, other, near.gain[edge], known.prior, known.base, known.ground
        )
        chance, none = _distinct(known.key[these]), np.zeros(n)
        for c in range(chains):
            chain(
                lab.copy(), rows, said, mask, chance, first, other, none, known.prior, known.base,
                known.ground, SEED + np.uint64(STRIDE * c), burn, sweeps, alone, together, share,
            )  # fmt: skip
        total = chains * sweeps
    for k in range(n):
        found.alone[these[k]] = alone[k] / total
        found.share[these[k]] = share[k] / total
    for e in range(edge.shape[0]):
        together[e] /= total
        found.together[edge[e]] = together[e]
    _sets(these, agree(mask, first, other, together, theta), found)


@compiled(nogil=True)
def _sets(these, lab, found):
    """Write down the sets that a block agrees on by itself."""
    for k in range(these.shape[0]):
        i = these[k]
        found.likely[i] = these[lab[k]]
        found.follows[i] = -1
        found.size[i] = 0
    for k in range(these.shape[0]):
        i = these[k]
        c = found.likely[i]
        found.size[c] += 1
        if c != i:
            found.follows[i] = found.follows[c]
            found.follows[c] = i


@compiled(nogil=True)
def weigh(i, of, known, near, found):
    """What the partners of a node in other blocks do to its chances: one step of a mean field.

    A partner may stand alone, as often as its own block says, or in a set that the node could
    join; a set that holds a report of one of the node's witnesses is closed to it.
    """
    lone = near.tail[i]
    sets = 0.0
    seen = np.empty(near.last[i] - near.first[i], dtype=np.int64)
    sums, kinds = np.empty((1, SUMS)), np.empty((1, known.words.shape[1]))
    count = 0
    for r in range(near.first[i], near.last[i]):
        j = near.target[r]
        if of[j] == of[i]:
            continue
        w = np.exp(np.float64(near.gain[r]))
        lone += w * found.alone[j]
        c = found.likely[j]
        if found.size[c] == 1:
            sets += OPEN * (1 - found.alone[j]) * w
            continue
        passed = False
        for k in range(count):
            passed |= seen[k] == c
        if passed:
            continue
        seen[count] = c
        count += 1
        apart = 0.0
        m = c
        while m >= 0 and not passed:
            apart += found.alone[m]
            passed = shares(known.seen_from, known.seen_by, i, m)
            m = found.follows[m]
        if not passed:
            copy_row(sums, kinds, 0, known.node, known.words, c)
            m = found.follows[c]
            while m >= 0:
                add(sums, kinds, 0, known.node, known.words, m, 0.0)
                m = found.follows[m]
            v = union_value(
                sums, kinds, 0, known.node, known.words, i, known.prior, known.base, known.ground
            ) - own_value(sums, kinds, 0, known.prior, known.base, known.ground)
            sets += (1 - apart / found.size[c]) * np.exp(v)
    found.lone[i] = lone
    found.whole[i] = 1 + found.alone[i] * (lone + sets)


@compiled(nogil=True)
def settle(these, of, place, known, near, found, theta):
    """Agree on the sets of one block, after what the other blocks say."""
    if these.shape[0] == 1:
        found.label[these[0]] = these[0]
        return
    first, other, edge = inside(these, of, place, near)
    mask = bits(these, known.seen_from, known.seen_by)
    together = np.empty(edge.shape[0], dtype=np.float32)
    for k in range(these.shape[0]):
        for e in range(first[k], first[k + 1]):
            together[e] = found.together[edge[e]] / found.whole[these[k]]
    lab = agree(mask, first, other, together, theta)
    for k in range(these.shape[0]):
        found.label[these[k]] = these[lab[k]]


@compiled(nogil=True)
def look_at(lo, hi, begin, member, of, place, known, near, found, chains, burn, sweeps, theta):
    """Look at the blocks lo…hi."""
    for b in range(lo, hi):
        these = member[begin[b] : begin[b + 1]]
        look(these, of, place, known, near, found, chains, burn, sweeps, theta)


@compiled(nogil=True)
def weigh_all(lo, hi, of, known, near, found):
    """Weigh the nodes lo…hi."""
    for i in range(lo, hi):
        weigh(i, of, known, near, found)


@compiled(nogil=True)
def settle_all(lo, hi, begin, member, of, place, known, near, found, theta):
    """Settle the blocks lo…hi."""
    for b in range(lo, hi):
        settle(member[begin[b] : begin[b + 1]], of, place, known, near, found, theta)


@compiled(nogil=True)
def divide(start, together, whole):
    """Divide the views of pairs by what their nodes are divided by, in place."""
    for i in range(whole.shape[0]):
        for r in range(start[i], start[i + 1]):
            together[r] /= whole[i]
