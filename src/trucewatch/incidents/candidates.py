"""Which accounts lie near enough to be one happening, by their own uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from trucewatch.incidents.ground import Floats, Ints
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.incidents.weights import Weights

CHUNK = 512


def near_pairs(weights: Weights, parameters: Parameters) -> tuple[Ints, Ints, Floats]:
    """Pairs (i < j) within the gate, with their value in nats, sorted by (i, j).

    The gate is `gate_sigmas` in place and in time, each by the two nodes' own errors; pairs with
    a common witness or worth less than −`slack_nats` are left out, and each node keeps its
    `neighbours` best. A pair stays if either of its nodes keeps it.
    """
    nodes = weights.nodes
    found: list[tuple[Ints, Ints, Floats]] = []
    classes = _classes(weights)
    for number, one in enumerate(classes):
        for other in classes[number:]:
            for chunk in (one[k : k + CHUNK] for k in range(0, len(one), CHUNK)):
                i, j = _box(weights, chunk, other, parameters.gate_sigmas)
                # The same class meets itself: each pair once.
                keep = i < j if one is other else np.ones(len(i), dtype=bool)
                i, j = gated(weights, i[keep], j[keep], parameters.gate_sigmas)
                value = weights.pair_values(i, j)
                good = value > -parameters.slack_nats
                i, j, value = i[good], j[good], value[good]
                i, j, value = _best(i, j, value, parameters.neighbours)
                found.append((np.minimum(i, j), np.maximum(i, j), value))
    if not found:
        none = np.zeros(0, dtype=np.intp)
        return none, none, np.zeros(0)
    i, j, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
    i, j, value = _best(i, j, value, parameters.neighbours)
    disjoint = np.fromiter(
        (not nodes.masks[a] & nodes.masks[b] for a, b in zip(i, j, strict=True)), bool, len(i)
    )
    i, j, value = i[disjoint], j[disjoint], value[disjoint]
    order = np.lexsort((j, i))
    return i[order], j[order], value[order]


def gated(weights: Weights, i: Ints, j: Ints, sigmas: float) -> tuple[Ints, Ints]:
    """The pairs of two witnesses within `sigmas` combined standard errors in place and time."""
    nodes = weights.nodes
    apart = np.sum((nodes.xyz[i] - nodes.xyz[j]) ** 2, axis=1)
    between = (nodes.t[i] - nodes.t[j]) ** 2
    near = (
        (nodes.witness[i] != nodes.witness[j])
        & (apart <= sigmas**2 * (nodes.sigma[i] ** 2 + nodes.sigma[j] ** 2))
        & (between <= sigmas**2 * (nodes.tvar[i] + nodes.tvar[j]))
    )
    return i[near], j[near]


def _classes(weights: Weights) -> list[Ints]:
    """Nodes of like precision together, so that no vague node widens the gate of exact ones."""
    nodes = weights.nodes
    label = np.ceil(np.log2(nodes.sigma)) * 100 + np.ceil(0.5 * np.log2(nodes.tvar))
    return [np.flatnonzero(label == each) for each in np.unique(label)]


def _box(weights: Weights, one: Ints, other: Ints, sigmas: float) -> tuple[Ints, Ints]:
    """Pairs whose boxes meet: a superset of the gate, from a tree over place and scaled time."""
    nodes = weights.nodes
    far = sigmas * float(np.hypot(nodes.sigma[one].max(), nodes.sigma[other].max()))
    long = sigmas * float(np.sqrt(nodes.tvar[one].max() + nodes.tvar[other].max()))

    def tree(members: Ints) -> cKDTree:
        scaled = nodes.t[members, None] * (far / long)
        return cKDTree(np.hstack([nodes.xyz[members], scaled]))

    # A hair wider than the gate, which decides: rounding in the scaling may lose nothing.
    met = tree(one).sparse_distance_matrix(
        tree(other), far * (1 + 1e-9), p=np.inf, output_type="ndarray"
    )
    return one[met["i"]], other[met["j"]]


def _best(i: Ints, j: Ints, value: Floats, most: int) -> tuple[Ints, Ints, Floats]:
    """Keep a pair if it is among the `most` best of either node; ties by the node's number."""
    rank = np.round(value, 6)
    keep = np.zeros(len(i), dtype=bool)
    both = np.concatenate([i, j])
    mate = np.concatenate([j, i])
    order = np.lexsort((mate, -np.concatenate([rank, rank]), both))
    starts = np.searchsorted(both[order], both[order], side="left")
    top = order[np.arange(len(order)) - starts < most]
    keep[top % len(i) if len(i) else top] = True
    return i[keep], j[keep], value[keep]
