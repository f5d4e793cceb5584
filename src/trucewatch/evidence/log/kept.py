"""Payloads by the SHA-256 of the bytes as received, whether they lie there so or encrypted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence.log.sealing import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.evidence.log.entries import StoredEntry
    from trucewatch.evidence.log.payloads import Payloads
    from trucewatch.evidence.log.sealing import Opener


class Kept:
    """What a log keeps, to be read by the digest that its entries have of it.

    Which encrypted file holds which bytes stands in the envelopes; `learn` is told of each entry
    that is read, and `everything` reads all of them where one is asked for that is not known.
    """

    def __init__(self, payloads: Payloads, everything: Callable[[], Iterable[StoredEntry]]) -> None:
        self._payloads, self._everything = payloads, everything
        self._names: dict[str, list[str]] = {}
        self._whole = False
        self.opener: Opener | None = None

    def learn(self, entry: StoredEntry) -> None:
        """Note under which name the bytes of an entry lie, where it is not their own."""
        if entry.stored != entry.payload:
            names = self._names.setdefault(entry.payload, [])
            if entry.stored not in names:
                names.append(entry.stored)

    def mend(self, entry: StoredEntry, payload: bytes) -> list[str]:
        """Put back the bytes of an entry that have come again, if they were lost; tells of it.

        What was encrypted cannot be made again: the caller enters it anew.
        """
        if entry.stored != entry.payload:
            fault, done = self._payloads.fault_of(entry.stored), "is entered anew"
        else:
            fault, done = self._payloads.fault(entry.payload, payload), "was put back"
            if fault:
                self._payloads.keep({entry.payload: payload})
        words = f"payload {entry.stored} of entry {entry.index} was {fault}"
        return [f"{words}; it came again and {done}"] if fault else []

    def read(self, digest: str) -> bytes:
        """The bytes, decrypted where they must be, and hashed again on every read.

        NotFound, LogDamaged or Locked where that cannot be done.
        """
        try:
            return self._payloads.read(digest)
        except NotFound:
            if digest not in self._names and not self._whole:
                for entry in self._everything():
                    self.learn(entry)
                self._whole = True
            if digest not in self._names:
                raise
        return self._opened(digest)

    def _opened(self, digest: str) -> bytes:
        """The bytes from the first of its encrypted files that is whole."""
        fault: NotFound | LogDamaged | None = None
        for name in self._names[digest]:
            try:
                data = self._payloads.read(name)
            except (NotFound, LogDamaged) as found:
                fault = fault or found
                continue
            if self.opener is None:
                raise locked(digest)
            plain = self.opener.open(data)
            if hashlib.sha256(plain).hexdigest() != digest:
                raise LogDamaged(f"payload {name} does not decrypt to what its envelope says")
            return plain
        raise fault or NotFound(f"no payload {digest} in this log")
