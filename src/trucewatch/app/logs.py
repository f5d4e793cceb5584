"""What a mission asks of its log: the writer's `Log` answers it, and so does the auditor's reading.

A log that is only read refuses every append and every publication with EvidenceError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from trucewatch.evidence import Checkpoint, NewEntry, Receipt, StoredEntry


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

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[StoredEntry]:
        """The entries [start, stop) in order, each checked as it is read."""
        ...

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex), checked as they are read."""
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

    def close(self) -> None:
        """Let go of the log."""
        ...
