"""The same answer, kept up to date as nodes come and go."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.incidents.engine import block, packs, pool
from trucewatch.incidents.engine.blocks import step_of
from trucewatch.incidents.engine.candidates import classed, graph, pack
from trucewatch.incidents.engine.grid import VT, T
from trucewatch.incidents.engine.solve import look_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from trucewatch.incidents.engine.model import Table
    from trucewatch.incidents.engine.solve import Settings

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STRETCH_D = 0.5


@dataclass(slots=True, eq=False)
class _Stretch:
    """The nodes of half a day: their numbers and what the search reads of them."""

    ids: Ints
    rows: Floats
    count: int = 0

    def put(self, i: int, row: Floats) -> None:
        if self.count == len(self.ids):
            self.ids = np.concatenate([self.ids, np.empty_like(self.ids)])
            self.rows = np.concatenate([self.rows, np.empty_like(self.rows)])
        self.ids[self.count], self.rows[self.count] = i, row
        self.count += 1

    def drop(self, i: int) -> None:
        at = int(np.flatnonzero(self.ids[: self.count] == i)[0])
        self.count -= 1
        self.ids[at], self.rows[at] = self.ids[self.count], self.rows[self.count]


class Live:
    """Nodes that come one by one or in batches, and the happenings they make.

    What stands after any sequence of additions and withdrawals is what `solve` makes of the nodes
    that are left: both part the nodes into the same blocks and solve a block by the same
    functions. Parameters are fixed: other parameters are another `Live`. Tables must number
    sources and words alike. A node is named by the number that `add` gives; numbers are never
    used again.
    """

    def __init__(self, table: Table, rank: Floats, settings: Settings) -> None:
        """Start from a table in the order of content, which `rank` (n, columns) must repeat."""
        n = len(table.node)
        if len(rank) != n:
            raise ValueError("there must be a rank for each node")
        self._how, self._model = settings, table
        near = graph(table, gate=settings.gate, slack=settings.slack, threads=settings.threads)
        blocks, found = look_over(table, near, settings)
        self._count = n
        self._dead = np.zeros(n, dtype=bool)
        self._known = packs.known(table)
        self._near = packs.Near(
            near.start[:-1].copy(), near.start[1:].copy(), near.target, near.gain, near.tail
        )
        self._room = self._near.last.copy()
        self._end: int = len(near.target)
        self._found = found
        self._of, self._place = blocks.of, blocks.place
        self._rank = np.ascontiguousarray(rank, dtype=np.float64)
        packed = pack(table) if n else np.zeros((0, pool.COLUMNS))
        self._class, self._source = classed(packed), table.source
        self._word, self._squares = table.word.astype(np.int64), table.pair_kinds**2
        self._real = table.real_alone
        self._members = {b: blocks.node[lo:hi] for b, (lo, hi) in enumerate(blocks.ends())}
        self._brink = {
            b: pool.brink(these, self._of, self._near) for b, these in self._members.items()
        }
        self._next_block = len(self._members)
        self._stretches: dict[int, _Stretch] = {}
        self._widest = 0.0
        for i in range(n):
            self._file(i, packed[i])

    def __len__(self) -> int:
        """How many nodes stand."""
        return int(np.count_nonzero(~self._dead[: self._count]))

    @property
    def label(self) -> Ints:
        """The first node of each node's happening, shape (numbers given,); −1 where withdrawn."""
        return np.where(self._dead[: self._count], -1, self._found.label[: self._count])

    @property
    def alone(self) -> Floats:
        """P(a node stands alone), shape (numbers given,)."""
        n = self._count
        alone: Floats = self._found.alone[:n] / self._found.whole[:n]
        return alone

    @property
    def share(self) -> Floats:
        """What adds up to the expected number of sets of two and more, as in `Solved`."""
        return packs.share(self._found, self._count)

    @property
    def p_happened(self) -> Floats:
        """P(what a node tells of happened), shape (numbers given,)."""
        return 1 - self.alone * (1 - self._real[: self._count])

    def add(self, table: Table, rank: Floats) -> Ints:
        """Add nodes that are not there yet; gives their numbers and re-solves what they touch."""
        if len(table.node) != len(rank) or rank.shape[1] != self._rank.shape[1]:
            raise ValueError("there must be a rank for each node, of as many columns as before")
        first = self._count
        packed = pack(table)
        touched: set[int] = set()
        changed: set[int] = set()
        self._grow(table, rank, packed)
        for i in range(first, self._count):
            j, gain = self._partners(i, packed[i - first])
            weak = gain < -self._how.slack
            self._near.tail[i] = 0.0
            for other, v in zip(j[weak].tolist(), gain[weak].tolist(), strict=True):
                self._near.tail[i] += math.exp(v) * self._lone(other)
                self._near.tail[other] += math.exp(v) * self._lone(i)
                touched.add(other)
            for other, v in zip(j[~weak].tolist(), gain[~weak].tolist(), strict=True):
                self._link(i, other, v)
                self._link(other, i, v)
                touched.add(other)
                step = step_of(np.float32(v))
                at = int(self._of[other])
                if at >= 0 and step >= self._brink[at]:
                    changed.update(self._members[at].tolist())
                elif at >= 0:
                    self._brink[at] = max(self._brink[at], step)
            self._file(i, packed[i - first])
            changed.add(i)
        self._resolve(changed, touched)
        return np.arange(first, self._count)

    def withdraw(self, nodes: Iterable[int]) -> None:
        """Take nodes out; a number that is not there is a KeyError."""
        touched: set[int] = set()
        changed: set[int] = set()
        gone = set(nodes)
        for i in sorted(gone):
            if not 0 <= i < self._count or self._dead[i]:
                raise KeyError(i)
        for i in sorted(gone):
            row = self._unfile(i)
            j, gain = self._partners(i, row)
            for other, v in zip(j.tolist(), gain.tolist(), strict=True):
                if v < -self._how.slack:
                    self._near.tail[other] -= math.exp(v) * self._lone(i)
                else:
                    pool.unlink(other, i, self._near, self._found.together)
                    changed.add(other)
                touched.add(other)
            changed.update(self._members[int(self._of[i])].tolist())
            self._near.last[i] = self._near.first[i]
            self._dead[i] = True
        self._resolve(changed - gone, touched - gone, gone)

    def _lone(self, i: int) -> float:
        return float(self._model.lone[self._source[i]])

    def _file(self, i: int, row: Floats) -> None:
        at = math.floor(row[T] / STRETCH_D)
        if at not in self._stretches:
            self._stretches[at] = _Stretch(np.empty(16, np.int64), np.empty((16, len(row))))
        self._stretches[at].put(i, row)
        self._widest = max(self._widest, float(row[VT]))

    def _unfile(self, i: int) -> Floats:
        at = math.floor(float(self._known.node[i, pool.MT]) / STRETCH_D)
        stretch = self._stretches[at]
        row: Floats = stretch.rows[np.flatnonzero(stretch.ids[: stretch.count] == i)[0]].copy()
        stretch.drop(i)
        return row

    def _partners(self, i: int, row: Floats) -> tuple[Ints, Floats]:
        """Who could be one happening with a node, sorted by number, and the gain of each pair."""
        reach = self._how.gate * math.sqrt(float(row[VT]) + self._widest)
        lo = math.floor((row[T] - reach) / STRETCH_D)
        hi = math.floor((row[T] + reach) / STRETCH_D)
        out, gains, n = np.empty(256, np.int64), np.empty(256), 0
        for at in range(lo, hi + 1):
            stretch = self._stretches.get(at)
            if stretch is not None:
                out, gains, n = pool.scan(
                    stretch.ids, stretch.rows, stretch.count, i, row[None], self._known,
                    self._word, self._squares, self._class, self._rank, self._how.gate,
                    out, gains, n,
                )  # fmt: skip
        order = np.argsort(out[:n])
        return out[:n][order], gains[:n][order]

    def _link(self, i: int, j: int, gain: float) -> None:
        size = int(self._near.last[i] - self._near.first[i])
        need = self._end + 2 * size + 4
        if need > len(self._near.target):
            more = max(need, 2 * len(self._near.target)) - len(self._near.target)
            self._near = self._near._replace(
                target=np.concatenate([self._near.target, np.empty(more, np.int32)]),
                gain=np.concatenate([self._near.gain, np.empty(more, np.float32)]),
            )
            self._found = self._found._replace(
                together=np.concatenate([self._found.together, np.zeros(more, np.float32)])
            )
        self._end = pool.link(i, j, gain, self._near, self._room, self._found.together, self._end)

    def _resolve(self, changed: set[int], touched: set[int], gone: Iterable[int] = ()) -> None:
        """Part the changed nodes anew, look at what became of them, and settle all around."""
        how, parted = self._how, []
        old = {int(self._of[i]) for i in [*changed, *gone]} - {-1}
        left = sorted(changed)
        done: set[int] = set()
        for i in left:
            if i in done:
                continue
            these = pool.cluster(i, self._near, self._rank, how.block)
            pool.sort(these, self._rank)
            done.update(these.tolist())
            old.update({int(b) for b in self._of[these].tolist()} - {-1})
            parted.append(these)
        for b in old:
            del self._members[b], self._brink[b]
        for these in parted:
            self._members[self._next_block] = these
            self._of[these] = self._next_block
            self._place[these] = np.arange(len(these), dtype=np.int32)
            self._next_block += 1
        around = set(touched) | done
        for these in parted:
            self._brink[int(self._of[these[0]])] = pool.brink(these, self._of, self._near)
            block.look(
                these, self._of, self._place, self._known, self._near, self._found,
                how.chains, how.burn, how.sweeps, how.agreement,
            )  # fmt: skip
        for i in done:
            around.update(self._near.target[self._near.first[i] : self._near.last[i]].tolist())
        nodes = np.array(sorted(around), dtype=np.int64)
        moved = pool.weigh(nodes, self._of, self._known, self._near, self._found)
        for b in {int(b) for b in self._of[nodes[moved]].tolist()} | {
            int(self._of[these[0]]) for these in parted
        }:
            block.settle(
                self._members[b], self._of, self._place, self._known, self._near, self._found,
                how.agreement,
            )  # fmt: skip

    def _grow(self, table: Table, rank: Floats, packed: Floats) -> None:
        """Make room for the nodes of a table and write them down."""
        n, more = self._count, len(table.node)
        if n + more > len(self._of):
            room = max(n + more, 2 * len(self._of)) - len(self._of)
            self._widen(room)
        here = slice(n, n + more)
        seen_from = self._known.seen_from[n] + table.seen_from
        self._known.seen_from[n : n + more + 1] = seen_from
        need = int(seen_from[-1])
        if need > len(self._known.seen_by):
            wider = np.empty(2 * need, dtype=np.int64)
            wider[: len(self._known.seen_by)] = self._known.seen_by
            self._known = self._known._replace(seen_by=wider)
        self._known.seen_by[int(seen_from[0]) : need] = table.seen_by
        self._known.node[here], self._known.words[here] = table.node, table.words
        self._known.key[here], self._rank[here] = table.key, rank
        self._class[here], self._source[here] = classed(packed), table.source
        self._word[here], self._real[here] = table.word, table.real_alone
        self._of[here], self._dead[here] = -1, False
        self._near.first[here] = self._near.last[here] = self._room[here] = self._end
        self._count = n + more

    def _widen(self, room: int) -> None:
        def more(old: Any) -> Any:  # noqa: ANN401 - an array of whatever type it was
            return np.concatenate([old, np.zeros((room, *old.shape[1:]), dtype=old.dtype)])

        def wider(pack: Any, *names: str) -> Any:  # noqa: ANN401 - one of three named tuples
            return pack._replace(**{name: more(getattr(pack, name)) for name in names})

        by_node = sorted(set(self._found._fields) - {"together"})
        self._known = wider(self._known, "node", "words", "key", "seen_from")
        self._near = wider(self._near, "first", "last", "tail")
        self._found = wider(self._found, *by_node)
        for name in (
            "_dead", "_room", "_of", "_place", "_rank", "_class", "_source", "_word", "_real",
        ):  # fmt: skip
            setattr(self, name, more(getattr(self, name)))
