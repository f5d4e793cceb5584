"""A log as it lies there: what can be read of it, each part checked as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.entries import stored_entry
from trucewatch.evidence.log.erasing import Erasures
from trucewatch.evidence.log.kept import Kept
from trucewatch.evidence.log.keys import history, read_changes
from trucewatch.evidence.log.layout import reading
from trucewatch.evidence.log.payloads import Payloads
from trucewatch.evidence.log.prefixes import Prefixes
from trucewatch.evidence.log.state import read_state
from trucewatch.evidence.log.tiles import Tiles
from trucewatch.evidence.tlog.merkle import consistency_proof, inclusion_proof
from trucewatch.evidence.tlog.notes import Verifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.evidence.log.entries import StoredEntry
    from trucewatch.evidence.log.erasure import Request
    from trucewatch.evidence.log.keys import HeldKey
    from trucewatch.evidence.log.sealing import Opener
    from trucewatch.evidence.log.storage import Disk
    from trucewatch.evidence.tlog.notes import Checkpoint


class HeldLog:
    """What every log answers, open for writing or not; `Log` is the door for callers."""

    def __init__(self, disk: Disk) -> None:
        """Read and check a log that exists; nothing is changed."""
        self._disk = disk
        self._tiles, self._payloads = Tiles(disk), Payloads(disk)
        self._prefixes = Prefixes(self._tiles, self.checkpoint)
        self._kept = Kept(self._payloads, self.entries)
        self._known: Erasures | None = None
        state = read_state(disk, self._tiles)
        self._verifier, self._checkpoint = state.verifier, state.checkpoint
        self._frontier, self._journal = state.frontier, state.journal
        self._last_time = state.last_time
        self._erasing = state.scanned, state.erasing

    @property
    def origin(self) -> str:
        """The log's name, under which it signs."""
        return self._verifier.name

    @property
    def size(self) -> int:
        """How many entries are durable, published or not."""
        return self._frontier.size

    def root(self) -> str:
        """The root hash (hex) over all durable entries; it is signed only once published."""
        return self._frontier.root().hex()

    def checkpoint(self) -> Checkpoint | None:
        """What was last published; None only while another process is creating the log."""
        return self._checkpoint

    def _checkpoint_now(self) -> Checkpoint:
        if self._checkpoint is None:
            raise LogDamaged("nothing has been published")
        return self._checkpoint

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[StoredEntry]:
        """The durable entries [start, stop) in order; each record is checked as it is read."""
        end = self.size if stop is None else min(stop, self.size)
        with reading():
            for frame in self._journal.frames(max(0, start), end):
                entry = stored_entry(frame.index, frame.leaf, frame.envelope)
                self._kept.learn(entry)
                yield entry

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex), hashed again on every read.

        Erased where they were, though a copy may lie there; Locked where they are encrypted and
        nobody has unlocked the log; NotFound where they are absent, LogDamaged where they differ.
        """
        self._erasures().refuse(digest)
        with reading():
            return self._kept.read(digest)

    def unlock(self, opener: Opener) -> None:
        """Read encrypted payloads with these identities from now on."""
        self._kept.opener = opener

    def _erasures(self) -> Erasures:
        if self._known is None:
            with reading():
                at, found = self._erasing
                self._known = Erasures(
                    self._disk,
                    self._journal,
                    self._payloads,
                    self._prefixes,
                    scanned=at,
                    found=found,
                )
        return self._known

    def erased(self, digest: str) -> Request | None:
        """The request by which the payload with this SHA-256 (hex) is erased; None if it is not."""
        return self._erasures().find(digest)

    def erased_digest(self) -> str:
        """SHA-256 (hex) of all that is erased, whatever the order; empty where nothing is."""
        return self._erasures().digest()

    def erasures(self) -> tuple[Request, ...]:
        """Every request for an erasure, in the order of the log, with what became of each."""
        return tuple(request for _, request in sorted(self._erasures().requests.items()))

    def key_history(self, size: int | None = None) -> tuple[HeldKey, ...]:
        """The keys of the log from its first on, and the sizes each signs.

        As its first `size` entries tell it, or all of them: what came later is not known there.
        """
        with reading():
            return history(read_changes(self._disk), self._verifier.vkey(), size)

    def read_checkpoint(self, note: str, *, known: int | None = None) -> Checkpoint:
        """Read a checkpoint that a key of this log signed while it was in use; else LogDamaged.

        Which key that was is told by the first `known` entries, or by all.
        """
        for key in reversed(self.key_history(known)):
            try:
                found = Verifier.parse(key.vkey).checkpoint(note)
            except LogDamaged:
                continue
            if key.first <= found.size and (key.last is None or found.size <= key.last):
                return found
        raise LogDamaged("no key of this log signed it while it was in use")

    def root_at(self, size: int) -> str:
        """The root (hex) of the published log's first `size` entries, from its tiles.

        LogDamaged where so many were never published.
        """
        with reading():
            return self._prefixes.root(size).hex()

    def prove_inclusion(self, index: int) -> tuple[bytes, ...]:
        """The hashes that lead from entry `index` to the published root (see merkle)."""
        size = self._checkpoint_now().size
        with reading():
            return inclusion_proof(index, size, lambda *at: self._tiles.node(size, *at))

    def prove_growth(self, old: int) -> tuple[bytes, ...]:
        """The hashes that show the published log to have grown from its first `old` entries."""
        size = self._checkpoint_now().size
        with reading():
            return consistency_proof(old, size, lambda *at: self._tiles.node(size, *at))
