"""The check of a whole log: quickly where all holds, and slowly, for the words, where it does not.

The quick reading is given the whole log first. Where anything is amiss in it the slow reading
begins anew and tells every contradiction; the two agree on what a sound log is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError
from trucewatch.evidence.audit.clocks import clock_doubts
from trucewatch.evidence.audit.cosigned import Cosigned, false_lines
from trucewatch.evidence.audit.kept import check_payloads
from trucewatch.evidence.audit.keyring import Keyring, read_keyring
from trucewatch.evidence.audit.parts import Amiss, Joint
from trucewatch.evidence.audit.published import (
    WIDTH,
    TileFiles,
    hash_leaf,
    join_bundle,
    signed_checkpoint,
    split_bundle,
    tree_root,
)
from trucewatch.evidence.audit.quick import segment_names
from trucewatch.evidence.audit.records import Chain, Record, journal_records
from trucewatch.evidence.audit.workers import Workers, part_tasks, started, useful

if TYPE_CHECKING:
    from pathlib import Path

Progress = Callable[[int, int], None]
_SHOWN = 200
# A log whose last segment begins further on is worth the start of processes.
_LARGE = 16_384
HASH = 32
_TILE = WIDTH * HASH


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found. `ok` is True only where there is no problem at all.

    `size` and `root` (recomputed, hex) are those of the signed log, `entries_by_kind` counts its
    entries; `unpublished` more are durable in the journal. `payloads` and `bytes` are distinct
    payloads found whole. `erased` more are gone by the word of two people, which the log holds.
    `clocks` says where its times contradict those of witnesses, which is no problem of the log's
    form: a clock may have been wrong.
    """

    ok: bool
    origin: str
    size: int
    root: str
    entries_by_kind: Mapping[str, int]
    payloads: int
    bytes: int
    problems: tuple[str, ...]
    unpublished: int = 0
    erased: int = 0
    clocks: tuple[str, ...] = ()


def fsck(
    folder: Path,
    *,
    progress: Progress | None = None,
    pinned: str | None = None,
    witnesses: Sequence[str] = (),
    gone: Collection[str] = (),
) -> Audit:
    """Recompute the whole log in `folder` and tell every contradiction.

    `pinned` is a key of the log (a line as in `vkey`) that the caller has from elsewhere: without
    it a log that was made anew from its first entry on, under a key of its own, holds as well.
    Lines of `witnesses` (their keys, likewise) are verified, those of others are passed over;
    ValueError for such a key that cannot be read. `gone` are payloads (SHA-256, hex) that need not
    be there: another log than this one has erased them.

    It changes nothing and needs no lock, but a log that is being written may look unfinished.
    EvidenceError where a file that is there cannot be read. `progress` is called with what is
    done and what there is to do: entries first, then payloads on top.
    """
    try:
        segments = _segments(folder)
        with started(useful() if segments and segments[-1] >= _LARGE else 0) as shared:
            found = _Fsck(folder, progress or _silent, pinned, gone, segments, shared).run()
        false = false_lines(folder, witnesses)
        clocks = clock_doubts(folder, witnesses, found.size)
    except OSError as error:
        raise EvidenceError(f"the audit cannot read the log: {error}") from error
    return replace(
        found,
        ok=found.ok and not false,
        problems=(*found.problems, *false[:_SHOWN]),
        clocks=clocks[:_SHOWN],
    )


def _segments(folder: Path) -> list[int] | None:
    """The first entries of the journal's segments; None where a file there is none."""
    try:
        return segment_names(folder / "journal")
    except Amiss:
        return None


def _silent(done: int, total: int) -> None:
    """Show nothing."""
    del done, total


class _Fsck:
    def __init__(
        self,
        folder: Path,
        progress: Progress,
        pinned: str | None,
        gone: Collection[str],
        segments: list[int] | None,
        shared: Workers,
    ) -> None:
        self._folder = folder
        self._pinned = pinned
        self._gone = gone
        self._segments = segments
        self._workers = shared
        self._show = progress
        self._shown = 0
        self._problems: list[str] = []
        self._more = 0
        self._size = 0
        self._entries = 0

    def _problem(self, words: str) -> None:
        if len(self._problems) < _SHOWN:
            self._problems.append(words)
        else:
            self._more += 1

    def _progress(self, done: int, total: int) -> None:
        """Tell how far it is; a second reading of what is amiss begins where the first gave up."""
        if done >= self._shown:
            self._shown = done
            self._show(done, total)

    def _payload_done(self, done: int, total: int) -> None:
        self._progress(self._size + done, self._size + total)

    def _begin(self, keys: Keyring | None) -> None:
        """Begin to read the log, for the first time or anew."""
        self._chain = Chain(self._problem)
        self._tiles = TileFiles(self._folder / "tile", self._problem)
        self._cosigned = Cosigned(self._folder, keys, self._problem)

    def run(self) -> Audit:
        origin, root = "", None
        keys = read_keyring(self._folder, self._problem)
        if keys is not None:
            if self._pinned is not None and (doubt := keys.doubt(self._pinned)):
                self._problem(f"vkey: {doubt}")
            try:
                self._size, root = signed_checkpoint(self._folder / "checkpoint", keys)
                origin = keys.name
            except ValueError as error:
                self._problem(f"checkpoint: {error}")
        before = len(self._problems)
        self._begin(keys)
        try:
            found = self._quick_tree()
        except Amiss:
            # What is wrong is found by the slow reading; it begins as if there had been no other.
            del self._problems[before:]
            self._more = 0
            self._begin(keys)
            found = self._tree()
        if keys is not None:
            keys.entries(self._chain.roles, self._folder, self._problem)
        self._cosigned.rest()
        if root is not None and found != root:
            self._problem(f"checkpoint: it says root {root.hex()}, the entries make {found.hex()}")
        stored = check_payloads(
            self._folder, self._chain, self._gone, self._workers, self._problem, self._payload_done
        )
        if self._more:
            self._problems.append(f"and {self._more} problems more")
        return Audit(
            ok=not self._problems,
            origin=origin,
            size=self._size,
            root=found.hex(),
            entries_by_kind=dict(sorted(self._chain.kinds.items())),
            payloads=stored.whole,
            bytes=stored.bytes,
            problems=tuple(self._problems),
            unpublished=max(0, self._entries - self._size),
            erased=stored.erased,
        )

    def _quick_tree(self) -> bytes:
        """As `_tree` where nothing is wrong with what it reads; Amiss otherwise."""
        if self._segments is None:
            raise Amiss
        joint = Joint(self._chain, self._size)
        full: list[bytes] = []
        rest: list[bytes] = []
        held = b""
        number = 0
        for part in self._workers.parts(
            part_tasks(self._folder, self._segments, self._size, self._tiles)
        ):
            joint.add(part)
            self._entries = joint.count
            full += _hashes(part.roots)
            held += part.hashes
            whole = len(held) // _TILE * _TILE
            for start in range(0, whole, _TILE):
                rest = self._account(number, _hashes(held[start : start + _TILE]), rest)
                self._cosigned.full(full[number])
                number += 1
            held = held[whole:]
            self._progress(min(self._entries, self._size), self._size)
        if held:
            rest = self._account(number, _hashes(held), rest)
        if self._entries < self._size:
            raise Amiss
        return self._root(full, rest)

    def _account(self, number: int, hashes: list[bytes], rest: list[bytes]) -> list[bytes]:
        """Take a bundle that was read quickly into account; returns what is published in part."""
        need = max(0, min(WIDTH, self._size - number * WIDTH))
        for level in ("entries", "0"):
            self._tiles.checked(level, number)
        if need:
            self._cosigned.tile(number * WIDTH, hashes[:need])
        return hashes[:need] if need < WIDTH and not rest else rest

    def _tree(self) -> bytes:
        """Check entries, bundles and tiles; return the root over the published entries."""
        records = journal_records(self._folder / "journal", self._problem)
        full: list[bytes] = []
        rest: list[bytes] = []
        number = 0
        while True:
            need = max(0, min(WIDTH, self._size - number * WIDTH))
            leaves = self._leaves(number, need, list(islice(records, WIDTH)))
            if not leaves:
                break
            hashes = [hash_leaf(leaf) for leaf in leaves]
            for offset, (leaf, digest) in enumerate(zip(leaves, hashes, strict=True)):
                self._chain.leaf(number * WIDTH + offset, leaf, digest, published=offset < need)
            bundle = [join_bundle(leaf) for leaf in leaves]
            self._tiles.check("entries", number, bundle, need=need)
            self._tiles.check("0", number, hashes, need=need)
            if need:
                self._cosigned.tile(number * WIDTH, hashes[:need])
            if need < WIDTH and not rest:
                rest = hashes[:need]
            if len(hashes) == WIDTH:
                full.append(tree_root(hashes))
                self._cosigned.full(full[-1])
            self._entries = number * WIDTH + len(leaves)
            self._progress(min(self._entries, self._size), self._size)
            number += 1
        return self._root(full, rest)

    def _root(self, full: list[bytes], rest: list[bytes]) -> bytes:
        """Check the tiles above the lowest; return the root over what is published.

        `full` are the roots of full bundles, published or not, `rest` the hashes of a published
        bundle that is not full.
        """
        signed = full[: self._size // WIDTH]
        row, level, published = full, 1, self._size // WIDTH
        while row:
            self._tiles.check_row(level, row, published=published)
            whole = len(row) - len(row) % WIDTH
            row = [tree_root(row[i : i + WIDTH]) for i in range(0, whole, WIDTH)]
            level, published = level + 1, published // WIDTH
        self._tiles.rest()
        return tree_root([*signed, tree_root(rest)] if rest else signed)

    def _leaves(self, number: int, need: int, records: list[Record]) -> list[bytes]:
        """The leaves of one bundle: the published ones, then what only the journal holds."""
        base = number * WIDTH
        for offset, record in enumerate(records):
            self._chain.envelope(base + offset, record)
        held = [record.leaf for record in records]
        if len(held) < need:
            self._problem(
                f"entries {base + len(held)} to {base + need - 1}: published, but their envelopes "
                "are not in the journal"
            )
        if not need:
            return held
        data = self._tiles.read("entries", number, need)
        try:
            leaves = [] if data is None else split_bundle(data)[:need]
        except ValueError as error:
            self._problem(f"entry bundle {number}: {error}")
            leaves = []
        for offset, (leaf, other) in enumerate(zip(leaves, held, strict=False)):
            if leaf != other:
                self._problem(f"entry {base + offset}: the journal holds another leaf")
        if len(leaves) < need:
            # What was published is unreadable; go on with the journal so that the rest is checked.
            return held
        return leaves + held[need:]


def _hashes(data: bytes) -> list[bytes]:
    """Hashes that stand one after another."""
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]
