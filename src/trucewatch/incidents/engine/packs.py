"""What compiled functions are given, bundled by what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Known(NamedTuple):
    """Of the nodes: their rows and likelihoods, who saw them, their chance; and the model."""

    node: Floats
    words: Floats
    seen_from: Ints
    seen_by: Ints
    key: NDArray[np.uint64]
    prior: Floats
    base: float
    ground: tuple[object, ...]


class Near(NamedTuple):
    """Partners: `target[first[i]:last[i]]` of node i and their `gain`; `tail` of the fainter."""

    first: Ints
    last: Ints
    target: NDArray[np.int32]
    gain: NDArray[np.float32]
    tail: Floats


class Views(NamedTuple):
    """What is found of nodes and pairs; all but `together` (edges,) are by node.

    `alone`, `share` and `together` are averages within a block, and `whole` is what to divide
    them by for what other blocks say. `likely` are the sets the block agrees on by itself, named
    by their first node: `size` how many nodes a set has, and `follows` leads on through them.
    `lone` is the weight of partners elsewhere that may stand alone; `label` the sets at last.
    """

    alone: Floats
    share: Floats
    together: NDArray[np.float32]
    whole: Floats
    lone: Floats
    likely: Ints
    size: Ints
    follows: Ints
    label: Ints


def known(table: Table) -> Known:
    """The nodes of a table."""
    return Known(
        table.node, table.words, table.seen_from, table.seen_by, table.key,
        table.prior, table.base, table.ground,
    )  # fmt: skip


def near(graph: Graph) -> Near:
    """The partners in a graph."""
    return Near(graph.start[:-1], graph.start[1:], graph.target, graph.gain, graph.tail)


def views(nodes: int, edges: int) -> Views:
    """Room for what will be found."""
    whole: list[Ints] = [np.full(nodes, -1, dtype=np.int64) for _ in range(4)]
    return Views(
        alone=np.ones(nodes),
        share=np.zeros(nodes),
        together=np.zeros(edges, dtype=np.float32),
        whole=np.ones(nodes),
        lone=np.zeros(nodes),
        likely=whole[0],
        size=whole[1],
        follows=whole[2],
        label=whole[3],
    )


def share(found: Views, n: int) -> Floats:
    """What, over the first `n` nodes, adds up to the expected number of sets of two and more.

    A node that joins a set elsewhere adds none; two that stood alone make one of two.
    """
    elsewhere = 0.5 * found.alone[:n] * found.lone[:n]
    joined: Floats = (found.share[:n] + elsewhere) / found.whole[:n]
    return joined
