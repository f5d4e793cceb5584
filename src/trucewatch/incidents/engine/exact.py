"""All partitions of a few nodes, summed exactly."""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201

from __future__ import annotations

import numpy as np

from trucewatch.incidents.engine.compiled import compiled
from trucewatch.incidents.engine.weights import SUMS, add, copy_row, union_value
from trucewatch.incidents.engine.witnesses import meets

# 3^7 products at most; beyond, sampling is quicker.
FEW = 7


@compiled(nogil=True)
def enumerate_all(node, words, mask, start, target, prior, base, ground, alone, together, share):
    """Sum over every partition of `n` ≤ FEW nodes; fills in what `chain` would estimate.

    With w(S) the weight of a set, Z(T) = Σ over S ⊆ T that hold the first node of T of
    w(S)·Z(T∖S); the chance of a set is w(S)·Z(rest)/Z(all).
    """
    n = node.shape[0]
    full = (1 << n) - 1
    weight = np.zeros(full + 1)
    sums = np.empty((full + 1, SUMS))
    kinds = np.empty((full + 1, words.shape[1]))
    own = np.zeros((full + 1, mask.shape[1]), dtype=np.uint64)
    for s in range(1, full + 1):
        top = n - 1
        while not s >> top & 1:
            top -= 1
        rest = s ^ (1 << top)
        if rest == 0:
            copy_row(sums, kinds, s, node, words, top)
            own[s, :] = mask[top, :]
            weight[s] = 1.0
        elif weight[rest] > 0 and not meets(own, rest, mask, top):
            v = union_value(sums, kinds, rest, node, words, top, prior, base, ground)
            sums[s] = sums[rest]
            kinds[s] = kinds[rest]
            add(sums, kinds, s, node, words, top, v)
            for w in range(mask.shape[1]):
                own[s, w] = own[rest, w] | mask[top, w]
            weight[s] = np.exp(v)
    z = np.zeros(full + 1)
    z[0] = 1
    for t in range(1, full + 1):
        first = t & -t
        others = t ^ first
        s = others
        while True:
            z[t] += weight[s | first] * z[others ^ s]
            if s == 0:
                break
            s = (s - 1) & others
    for s in range(1, full + 1):
        if weight[s] == 0:
            continue
        p = weight[s] * z[full ^ s] / z[full]
        size = 0
        for i in range(n):
            size += s >> i & 1
        for i in range(n):
            if not s >> i & 1:
                continue
            if size == 1:
                alone[i] += p
            else:
                share[i] += p / size
                for r in range(start[i], start[i + 1]):
                    if s >> target[r] & 1:
                        together[r] += p
