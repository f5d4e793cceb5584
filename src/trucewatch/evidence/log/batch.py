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
        self._learnt: list[tuple[EntryKind, str, str, bytes]] = []
        self.payloads: dict[str, bytes] = {}
        self.records: list[tuple[bytes, bytes]] = []

    def repeated(self, entry: NewEntry, payload: str) -> Receipt | None:
        """The receipt of the same report earlier in this batch, if there is one."""
        found = self._reports.get((entry.source, payload))
        if entry.kind is not EntryKind.REPORT or found is None:
            return None
        return replace(found, repeated=True)

    def add(self, entry: NewEntry, payload: str) -> Receipt:
        """Take an entry in; its receipt holds only once the batch is durable."""
        state = self._state(entry.source)
        envelope = encode_envelope(
            Envelope(
                source=entry.source,
                name=entry.name,
                media=entry.media,
                salt=state.salt,
                nonce=secrets.token_hex(16),
            )
        )
        leaf = encode_leaf(
            Leaf(
                kind=entry.kind,
                source=state.commitment,
                sequence=state.count,
                previous=state.last,
                payload=payload,
                length=len(entry.payload),
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
            leaf_hash=digest.hex(),
            payload=payload,
            received=moment(self._time),
            repeated=False,
        )
        if entry.kind is EntryKind.REPORT:
            self._reports[entry.source, payload] = receipt
        self._learnt.append((entry.kind, entry.source, payload, digest))
        self.records.append((leaf, envelope))
        self.payloads[payload] = entry.payload
        return receipt

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
        for number, (kind, source, payload, digest) in enumerate(self._learnt, self._first):
            if source not in self._index.sources:
                state = self._states[source]
                self._index.sources[source] = SourceState(state.salt, state.commitment, 0, None)
            self._index.learn(number, kind, source, payload, digest.hex())
            frontier.push(digest)


def payload_digest(payload: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(payload).hexdigest()
