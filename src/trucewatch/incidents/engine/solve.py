"""Nodes in, sets of nodes out, with the chance of everything that was not decided for sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine import block, packs
from trucewatch.incidents.engine.blocks import part
from trucewatch.incidents.engine.candidates import graph
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.threads import even, share_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.blocks import Blocks
    from trucewatch.incidents.engine.candidates import Graph
    from trucewatch.incidents.engine.model import Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How much work is done; none of it is knowledge of the reports.

    `gate` in combined standard errors and `slack` in nats bound the pairs that are considered;
    `block` is how many nodes are solved together. Partitions are drawn by `chains`, `sweeps`
    each after `burn`; `agreement` is the chance above which a pair belongs together.
    `learn_rows` is about how many reports parameters are learnt from. Without `averaging` the
    partition is the single most likely one and P is not computed.
    """

    gate: float = 3.5
    slack: float = 4.0
    block: int = 128
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
    alone), `share` (n,) adds up to the expected number of sets of two and more, and `together`
    (edges,) is P(joined), as each node of `near` sees its neighbours; without averaging all of
    them say what `label` says. `blocks` (None without averaging) were solved each by itself;
    `seconds` says how long each step took.
    """

    near: Graph
    label: Ints
    alone: Floats
    share: Floats
    together: NDArray[np.float32]
    blocks: Blocks | None
    seconds: dict[str, float] = field(default_factory=dict)


def solve(table: Table, how: Settings) -> Solved:
    """Part the nodes of a table into happenings; a pure function of the table and the settings.

    What comes out for a node depends on its block, and on the blocks of its partners.
    """
    clock, seconds, threads = perf_counter(), {}, how.threads

    def done(step: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[step] = now - clock
        clock = now

    near = graph(table, gate=how.gate, slack=how.slack if how.averaging else 0.0, threads=threads)
    done("candidates")
    if not how.averaging:
        label = greedy(table, near)
        done("merging")
        return _sure(near, label, seconds)
    blocks, found = look_over(table, near, how)
    done("averaging")
    node = np.repeat(np.arange(len(table.node)), np.diff(near.start))
    together: NDArray[np.float32] = (found.together / found.whole[node]).astype(np.float32)
    alone = found.alone / found.whole
    return Solved(
        near, found.label, alone, packs.share(found, len(alone)), together, blocks, seconds
    )


def look_over(table: Table, near: Graph, how: Settings) -> tuple[Blocks, packs.Views]:
    """Part nodes into blocks, solve each by itself, and settle them with each other."""
    blocks = part(near, how.block)
    known, partners = packs.known(table), packs.near(near)
    found = packs.views(len(table.node), len(near.target))
    parted = (blocks.start, blocks.node, blocks.of, blocks.place, known, partners, found)
    drawing = (how.chains, how.burn, how.sweeps, how.agreement)
    nodes, threads = even(len(table.node)), how.threads
    share_out(lambda lo, hi: block.look_at(lo, hi, *parted, *drawing), blocks.jobs(), threads)
    share_out(lambda lo, hi: block.weigh_all(lo, hi, blocks.of, *parted[4:]), nodes, threads)
    share_out(
        lambda lo, hi: block.settle_all(lo, hi, *parted, how.agreement), blocks.jobs(), threads
    )
    return blocks, found


def _sure(near: Graph, label: Ints, seconds: dict[str, float]) -> Solved:
    """A partition as if nothing else were possible."""
    n = len(label)
    node = np.repeat(np.arange(n), np.diff(near.start))
    size = np.bincount(label, minlength=n)[label]
    alone = (size == 1).astype(np.float64)
    together: NDArray[np.float32] = (label[node] == label[near.target]).astype(np.float32)
    return Solved(near, label, alone, (1 - alone) / size, together, None, seconds)
