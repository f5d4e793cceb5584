"""A batch in the making: leaves, envelopes and receipts of entries that are not durable yet."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from trucewatch.evidence.log.entries import (
    EntryKind,
    Envelope,
    Leaf,
    NewEntry,
    Receipt,
    encode_envelope,
    encode_leaf,
    envelope_commitment,
    moment,
    source_commitment,
)
from trucewatch.evidence.log.index import Index, SourceState
from trucewatch.evidence.tlog.merkle import Frontier, leaf_hash

NONCE = 16
DRAWN = 64


class Batch:
    """Numbers entries from `first` on. Nothing outside changes before `commit`."""

    def __init__(
        self, index: Index, *, origin: str, first: int, clock: int, time: int, uncertainty: int
    ) -> None:
        self._index = index
        self._origin = origin
        self._first = first
        self._clock, self._time, self._uncertainty = clock, time, uncertainty
        self._states: dict[str, SourceState] = {}
        self._reports: dict[tuple[str, str], Receipt] = {}
        self._learnt: list[tuple[str, int, bytes]] = []
        self._received = moment(time)
        self._nonces = ""
        self.payloads: dict[str, bytes] = {}
        self.records: list[tuple[bytes, bytes]] = []

    def repeated(self, entry: NewEntry, payload: str) -> Receipt | None:
        """The receipt of the same report earlier in this batch, if there is one."""
        found = self._reports.get((entry.source, payload))
        if entry.kind is not EntryKind.REPORT or found is None:
            return None
        return replace(found, repeated=True)

    def add(self, entry: NewEntry, payload: str, key: int, sealed: bytes | None = None) -> Receipt:
        """Take an entry in; its receipt holds only once the batch is durable.

        `key` is the index's of a report, 0 for any other kind. `sealed` is the payload as it is
        kept, where it is encrypted; `payload` is the digest of the bytes as received.
        """
        state = self._state(entry.source)
        envelope = encode_envelope(
            Envelope(
                source=entry.source,
                name=entry.name,
                media=entry.media,
                salt=state.salt,
                nonce=self._nonce(),
                payload=None if sealed is None else payload,
                length=0 if sealed is None else len(entry.payload),
            )
        )
        kept = entry.payload if sealed is None else sealed
        name = payload if sealed is None else payload_digest(sealed)
        leaf = encode_leaf(
            Leaf(
                kind=entry.kind,
                source=state.commitment,
                sequence=state.count,
                previous=state.last,
                payload=name,
                length=len(kept),
                received=self._time,
                uncertainty=self._uncertainty,
                clock=self._clock,
                envelope=envelope_commitment(envelope),
            )
        )
        digest = leaf_hash(leaf)
        state.count, state.last = state.count + 1, digest.hex()
        receipt = Receipt(
            origin=self._origin,
            index=self._first + len(self.records),
            leaf_hash=state.last,
            payload=payload,
            received=self._received,
            repeated=False,
        )
        if entry.kind is EntryKind.REPORT:
            self._reports[entry.source, payload] = receipt
        self._learnt.append((entry.source, key, digest))
        self.records.append((leaf, envelope))
        self.payloads[name] = kept
        return receipt

    def _nonce(self) -> str:
        """Sixteen bytes of chance, in hex; many are drawn from the system at once."""
        if not self._nonces:
            self._nonces = secrets.token_hex(NONCE * DRAWN)
        nonce, self._nonces = self._nonces[: 2 * NONCE], self._nonces[2 * NONCE :]
        return nonce

    def _state(self, source: str) -> SourceState:
        """A copy of where the source stands; a source seen for the first time gets its salt."""
        if source not in self._states:
            known = self._index.sources.get(source)
            if known is None:
                salt = secrets.token_hex(32)
                known = SourceState(salt, source_commitment(source, salt), 0, None)
            self._states[source] = replace(known)
        return self._states[source]

    def commit(self, frontier: Frontier) -> None:
        """Take the batch, durable now, into the index and the tree."""
        for number, (source, key, digest) in enumerate(self._learnt, self._first):
            if source not in self._index.sources:
                state = self._states[source]
                self._index.sources[source] = SourceState(state.salt, state.commitment, 0, None)
            self._index.learn(number, source, key, digest.hex())
            frontier.push(digest)


def payload_digest(payload: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(payload).hexdigest()
