"""What the partners of a node in other blocks do to its chances: one step of a mean field.

A block is solved as if partners in other blocks were a fixed weight. That weight is then taken
from what their own blocks say: a partner may stand alone, or in a set that the node could join.
"""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from trucewatch.incidents.engine.sampling import build
from trucewatch.incidents.engine.threads import even, share_out
from trucewatch.incidents.engine.weights import VALUE, union_value
from trucewatch.incidents.engine.witnesses import shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.blocks import Blocks
    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table
    from trucewatch.incidents.engine.sampling import Posterior

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# A partner that is joined, nobody can say to whom: that many such sets are open to a node. The
# others hold a report of its own source.
OPEN = 0.5


@njit(cache=True, nogil=True)
def _lone(lo, hi, start, target, gain, of, chance, out):
    for i in range(lo, hi):
        for r in range(start[i], start[i + 1]):
            j = target[r]
            if of[j] != of[i]:
                out[i] += np.exp(np.float64(gain[r])) * chance[j]


@njit(cache=True, nogil=True)
def _sets(
    lo, hi, start, target, gain, of, lab, node, words, seen_from, seen_by, sums, kinds, head,
    follows, sure, prior, base, ground, alone, open_, out,
):  # fmt: skip
    seen = np.empty(256, dtype=np.int64)
    for i in range(lo, hi):
        count = 0
        for r in range(start[i], start[i + 1]):
            j = target[r]
            if of[j] == of[i]:
                continue
            c = lab[j]
            if sure[c] < 0:
                out[i] += open_ * (1 - alone[j]) * np.exp(np.float64(gain[r]))
                continue
            known = False
            for k in range(count):
                known |= seen[k] == c
            # A set that holds a report of one of its own witnesses is closed to a node.
            m = head[c]
            while m >= 0 and not known:
                known = shares(seen_from, seen_by, i, m)
                m = follows[m]
            if known:
                continue
            if count == seen.shape[0]:
                seen = np.concatenate((seen, np.empty_like(seen)))
            seen[count] = c
            count += 1
            v = union_value(sums, kinds, c, node, words, i, prior, base, ground)
            out[i] += sure[c] * np.exp(v - sums[c, VALUE])


@njit(cache=True, nogil=True)
def _correct(lo, hi, start, before, lone, sets, alone, share, together):
    for i in range(lo, hi):
        single = alone[i]
        inside = max(0.0, 1 - single * (1 + before[i]))
        whole = inside + single * (1 + lone[i] + sets[i])
        kept = max(0.0, share[i] - 0.5 * single * before[i])
        alone[i] = single / whole
        # A node that joins a set adds none; two that join make one of two.
        share[i] = (kept + 0.5 * single * lone[i]) / whole
        for r in range(start[i], start[i + 1]):
            together[r] /= whole


def usual(table: Table, near: Graph, blocks: Blocks, threads: int = 1) -> Floats:
    """The weight (n,) of partners outside, each as often alone as its source is."""
    out = near.tail.copy()
    chance = table.lone[table.source]

    def one(lo: int, hi: int) -> None:
        _lone(lo, hi, near.start, near.target, near.gain, blocks.of, chance, out)

    share_out(one, even(len(out)), threads)
    return out


def correct(
    table: Table,
    near: Graph,
    blocks: Blocks,
    drawn: Posterior,
    label: Ints,
    before: Floats,
    threads: int = 1,
) -> None:
    """Correct the averages in place for what the other blocks say.

    `label` (n,) are the sets that the averages agree on, `before` (n,) the weight of partners
    outside that the averages were made with.
    """
    n = len(label)
    sums, kinds = np.empty_like(table.node), np.empty_like(table.words)
    # Who saw what is asked of the members themselves: bits have a meaning within a block only.
    none = np.empty((n, 0), dtype=np.uint64)
    head, follows, back = (np.empty(n, dtype=np.int64) for _ in range(3))
    build(
        label, table.node, table.words, none, sums, kinds, none, head, follows, back,
        table.prior, table.base, table.ground,
    )  # fmt: skip
    size = np.bincount(label, minlength=n)
    joined = 1 - np.bincount(label, drawn.alone, minlength=n) / np.maximum(size, 1)
    sure = np.where(size > 1, joined, -1.0)
    lone, sets = near.tail.copy(), np.zeros(n)

    def weigh(lo: int, hi: int) -> None:
        _lone(lo, hi, near.start, near.target, near.gain, blocks.of, drawn.alone, lone)
        _sets(
            lo, hi, near.start, near.target, near.gain, blocks.of, label, table.node, table.words,
            table.seen_from, table.seen_by, sums, kinds, head, follows, sure, table.prior,
            table.base, table.ground, drawn.alone, OPEN, sets,
        )  # fmt: skip

    def settle(lo: int, hi: int) -> None:
        _correct(lo, hi, near.start, before, lone, sets, drawn.alone, drawn.share, drawn.together)

    share_out(weigh, even(n), threads)
    share_out(settle, even(n), threads)
