"""A table of nodes in; the happenings, and how sure each join is, out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine import consensus
from trucewatch.incidents.engine.candidates import Graph, graph
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.sampling import sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How much work is done; none of it is knowledge of the reports.

    `gate` in combined standard errors; `neighbours` and `slack` (nats) bound each node's list of
    candidates; `agreement` is the chance above which a pair belongs together. `learn_rows` is
    about how many reports parameters are learnt from. Without `averaging` the partition is the
    single most likely one and P is not computed.
    """

    gate: float = 3.5
    neighbours: int = 24
    slack: float = 4.0
    chains: int = 2
    burn: int = 2
    sweeps: int = 7
    agreement: float = 0.4
    learn_rows: int = 24_000
    averaging: bool = True
    threads: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What was made of a table.

    `label` (n,) names each node's happening by its first node. `alone` (n,) is P(a node stands
    alone) and `together` (edges,) P(joined), as each node of `near` sees its neighbours; without
    averaging both say what `label` says. `seconds` says how long each step took.
    """

    near: Graph
    label: Ints
    alone: Floats
    together: NDArray[np.float32]
    seconds: dict[str, float] = field(default_factory=dict)


def solve(table: Table, how: Settings) -> Solved:
    """Part the nodes of a table into happenings; a pure function of the table and the settings."""
    clock, seconds = perf_counter(), {}

    def done(step: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[step] = now - clock
        clock = now

    near = graph(table, gate=how.gate, slack=how.slack, most=how.neighbours, threads=how.threads)
    done("candidates")
    label = greedy(table, near)
    done("merging")
    if not how.averaging:
        node = np.repeat(np.arange(len(label)), np.diff(near.start))
        alone = (np.bincount(label, minlength=len(label))[label] == 1).astype(np.float64)
        return Solved(near, label, alone, _same(label, node, near), seconds)
    table = replace(table, key=distinct(table.key, near))
    drawn = sample(
        table, near, label, chains=how.chains, burn=how.burn, sweeps=how.sweeps,
        threads=how.threads,
    )  # fmt: skip
    done("averaging")
    label = consensus.agree(table, near, drawn, how.agreement)
    done("consensus")
    return Solved(near, label, drawn.alone, drawn.together, seconds)


def _same(label: Ints, node: Ints, near: Graph) -> NDArray[np.float32]:
    same: NDArray[np.float32] = (label[node] == label[near.target]).astype(np.float32)
    return same


def distinct(key: NDArray[np.uint64], near: Graph) -> NDArray[np.uint64]:
    """Keys that differ within each connected component: nodes with equal keys are numbered.

    Nodes that drew by the same chance would move together, which no sampler allows for. Numbered
    over the component alone, so that a node elsewhere changes nothing here.
    """
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1])
    if not len(again):
        return key
    part = near.parts()
    order = np.lexsort((np.arange(len(key)), key, part))
    new = np.ones(len(key), dtype=bool)
    new[1:] = (key[order][1:] != key[order][:-1]) | (part[order][1:] != part[order][:-1])
    at = np.arange(len(key))
    rank = np.empty(len(key), dtype=np.uint64)
    rank[order] = (at - np.maximum.accumulate(np.where(new, at, 0))).astype(np.uint64)
    return key + rank * np.uint64(0xD1B54A32D192ED03)
