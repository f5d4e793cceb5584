"""What a mission asks of its log: the writer's `Log` answers it, and so does the auditor's reading.

A log that is only read refuses whatever is for its writer with EvidenceError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from trucewatch.evidence import Checkpoint, NewEntry, Receipt, Request, Stamps, StoredEntry


class MissionLog(Protocol):
    """The log of a mission; what each method does stands at `Log`."""

    @property
    def origin(self) -> str:
        """The log's name, under which it signs."""
        ...

    @property
    def size(self) -> int:
        """How many entries there are to read."""
        ...

    def root(self) -> str:
        """The root hash (hex) over all of them."""
        ...

    def checkpoint(self) -> Checkpoint | None:
        """What was last published."""
        ...

    def read_checkpoint(self, note: str, *, known: int | None = None) -> Checkpoint:
        """Read a checkpoint that a key of this log signed while it was in use; else LogDamaged.

        Which key that was is told by the first `known` entries, or by all.
        """
        ...

    def root_at(self, size: int) -> str:
        """The root (hex) of the first `size` published entries; LogDamaged beyond them."""
        ...

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[StoredEntry]:
        """The entries [start, stop) in order, each checked as it is read."""
        ...

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex), checked as they are read."""
        ...

    def erased(self, digest: str) -> Request | None:
        """The request by which the payload with this SHA-256 (hex) is erased; None if it is not."""
        ...

    def erased_digest(self) -> str:
        """SHA-256 (hex) of all that is erased, whatever the order; empty where nothing is."""
        ...

    def erasures(self) -> tuple[Request, ...]:
        """Every request for an erasure, in the order of the log, with what became of each."""
        ...

    def append(
        self,
        entries: Sequence[NewEntry],
        *,
        received: datetime,
        uncertainty: timedelta = ...,
    ) -> tuple[Receipt, ...]:
        """Make entries durable together."""
        ...

    def publish(self) -> Checkpoint:
        """Publish what is durable."""
        ...

    def cosign(self, lines: Sequence[str]) -> Checkpoint:
        """Keep witnesses' lines below the published checkpoint."""
        ...

    def stamps(self) -> Stamps:
        """The time stamps on published checkpoints."""
        ...

    def prove_growth(self, old: int) -> tuple[bytes, ...]:
        """The hashes that show the published log to have grown from its first `old` entries."""
        ...

    def close(self) -> None:
        """Let go of the log."""
        ...
