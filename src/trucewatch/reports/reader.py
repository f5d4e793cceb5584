"""What every reader is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.errors import RecordRejected
    from trucewatch.model import Extent, Report, Source

HEAD_BYTES = 65_536
"""How much of a delivery `Reader.recognises` is shown."""

WHOLE = "the whole delivery"
"""The pointer of a rejection that concerns no single record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One payload of one source, as received; `payload` is the SHA-256 of `raw` in hex.

    `name` is the file's name and is never trusted. `mapping` is the text of a mapping file for
    the generic reader and `mapping_name` how to call it in errors. `extent` is where the mission
    looks: a record that places something outside it is rejected by `read_delivery`.
    """

    source: Source
    payload: str
    raw: bytes
    name: str = ""
    mapping: str | None = None
    mapping_name: str = ""
    extent: Extent | None = None


class Reader(Protocol):
    """Turns one source's bytes into reports; one folder a format.

    Nothing that the bytes hold may raise: a record that cannot be used is yielded as a
    RecordRejected. The same record twice is yielded twice; the caller counts duplicates.
    """

    @property
    def name(self) -> str:
        """How `sources.toml` calls the reader."""
        ...

    def recognises(self, head: bytes) -> bool:
        """Whether the first `HEAD_BYTES` of a delivery show this format; looks at the header."""
        ...

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """Every record of the delivery, as a report or as a rejection with a reason."""
        ...
