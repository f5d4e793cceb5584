"""A log read by the auditor: nothing is given out that the signed root does not cover."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.audit.erased import Erasing, erasures
from trucewatch.evidence.audit.leaves import LeafFields, read_leaf
from trucewatch.evidence.audit.mirror import Mirror, signed_head
from trucewatch.evidence.audit.published import WIDTH, hash_leaf, tree_root
from trucewatch.evidence.audit.records import (
    Envelope,
    Record,
    Step,
    journal_records,
    read_envelope,
    source_commitment,
)
from trucewatch.evidence.audit.trees import EMPTY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.evidence.audit.notes import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedEntry:
    """One entry, verified: what its leaf says, and what its envelope does.

    `leaf_hash` is hex; the leaf's times are nanoseconds since 1970 UTC.
    """

    index: int
    leaf: LeafFields
    envelope: Envelope
    leaf_hash: str


class AuditedLog:
    """The read side of a log by the auditor's own code, as far as its newest checkpoint goes.

    On opening, the tiles of the whole published tree are held against the signed root. Then every
    leaf is held against its tile, every envelope against its leaf, and every payload against its
    SHA-256 as it is read: LogDamaged where one differs. What was appended since and not published
    is not seen. `checkpoint` is the signed note.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._published = Mirror(folder)
        self._keys = self._published.keys()
        data, _, head = next(self._published.notes())
        self.checkpoint = data.decode()
        self.origin, self.size = head.origin, head.size
        self._bundle: tuple[int, list[bytes]] = (-1, [])
        tiles = self._published.tiles
        full, rest = divmod(self.size, WIDTH)
        self._tiles = [
            one
            for number in range(-(-full // WIDTH))
            for one in tiles.hashes(1, number, min(WIDTH, full - number * WIDTH))
        ]
        if rest:
            self._tiles.append(tree_root(tiles.hashes(0, full, rest)))
        if tree_root(self._tiles) != head.root:
            raise LogDamaged(
                f"the tiles make the root {tree_root(self._tiles).hex()}, the checkpoint of size "
                f"{self.size} signs {head.root.hex()}"
            )

    def root(self, size: int | None = None) -> str:
        """The root (hex) over the first `size` entries, the whole log's without it.

        It follows from the signed root of the whole. NotFound for more entries than there are.
        """
        count = self.size if size is None else size
        if not 0 <= count <= self.size:
            raise NotFound(f"the published log has {self.size} entries, not {count}")
        full, rest = divmod(count, WIDTH)
        row = self._tiles[:full]
        if rest:
            row = [*row, tree_root([hash_leaf(leaf) for leaf in self._leaves(full)[:rest]])]
        return tree_root(row).hex() if row else EMPTY.hex()

    def head(self, note: bytes, *, known: int | None = None) -> Head:
        """What a checkpoint says that the log's keys of that time signed; LogDamaged otherwise.

        Which keys those were, and how far their word reaches, is told by the first `known` entries.
        Whether the log had that root is for the caller to see: `root` tells which it had.
        """
        try:
            keys = self._keys.as_of(known)
            head = signed_head(note, keys)[1]
        except ValueError as error:
            raise LogDamaged(str(error)) from error
        if not keys.reaches(head.size):
            raise LogDamaged("the key that signed it was compromised: its word ended before")
        return head

    def _leaves(self, number: int) -> list[bytes]:
        """The leaves of a bundle, held against the tree."""
        if self._bundle[0] != number:
            count = min(WIDTH, self.size - number * WIDTH)
            leaves = self._published.tiles.leaves(number, count)
            if tree_root([hash_leaf(leaf) for leaf in leaves]) != self._tiles[number]:
                raise LogDamaged(f"entry bundle {number} is not what the signed root covers")
            self._bundle = number, leaves
        return self._bundle[1]

    def leaf(self, index: int) -> bytes:
        """The leaf of one entry, verified; NotFound outside the log."""
        if not 0 <= index < self.size:
            raise NotFound(f"the published log has {self.size} entries: there is no entry {index}")
        return self._leaves(index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[AuditedEntry]:
        """The entries [start, stop) in order, each verified as it is read."""
        first = max(0, start)
        end = self.size if stop is None else min(stop, self.size)
        if first >= end:
            return
        begins = self._segment(first)
        records = journal_records(self._folder / "journal", _damaged, start=first)
        due = first
        try:
            for record in islice(records, first - begins, end - begins):
                yield self._entry(due, record)
                due += 1
        except OSError as error:
            raise EvidenceError(f"the log cannot be read: {error}") from error
        if due < end:
            raise LogDamaged(f"entry {due} is published, but the journal does not hold it")

    def _segment(self, index: int) -> int:
        """The first entry of the journal's segment that holds an entry."""
        folder = self._folder / "journal"
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        firsts = (int(name) for name in names if name.isdecimal())
        return max((first for first in firsts if first <= index), default=0)

    def _entry(self, index: int, record: Record) -> AuditedEntry:
        """One entry of the journal, held against the published leaf."""
        leaf = self.leaf(index)
        if record.leaf != leaf:
            raise LogDamaged(f"entry {index}: the journal holds another leaf than the signed log")
        fields = read_leaf(leaf)
        if fields is None:
            raise LogDamaged(f"entry {index}: the leaf is not a leaf of version 1")
        stated = hashlib.sha256(b"trucewatch/envelope/1\0" + record.envelope).hexdigest()
        envelope = read_envelope(record.envelope)
        if envelope is None or stated != fields.envelope:
            raise LogDamaged(f"entry {index}: the envelope is not the one the leaf commits to")
        if source_commitment(envelope) != fields.source:
            raise LogDamaged(f"entry {index}: the salt does not open the source of the leaf")
        return AuditedEntry(
            index=index, leaf=fields, envelope=envelope, leaf_hash=hash_leaf(leaf).hex()
        )

    def erasures(self) -> list[Erasing]:
        """Every request for an erasure, with its answer; LogDamaged for one that fails."""
        steps = []
        for index in range(self.size):
            leaf = self.leaf(index)
            fields = read_leaf(leaf) if b'"kind":"erased"' in leaf else None
            if fields is not None:
                steps.append(Step(index, hash_leaf(leaf), fields.payload))
        return erasures(self._folder, steps, _damaged)

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex), hashed as they are read.

        NotFound where they are absent, LogDamaged where they differ.
        """
        try:
            data = (self._folder / "payload" / digest[:2] / digest[2:]).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"payload {digest} is not in the log's folder") from None
        except OSError as error:
            raise EvidenceError(f"the log cannot be read: {error}") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise LogDamaged(f"payload {digest}: its bytes are not those of its name")
        return data


def _damaged(words: str) -> None:
    raise LogDamaged(words)
