"""What an append must look up: each source's last entry, and which reports are here already.

All of it follows from the journal. What concerns closed segments is kept in `index/<segment>` so
that it need not be read again; such a file may be deleted at any time and is rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from array import array
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.evidence.log.entries import (
    EntryKind,
    decode_envelope,
    decode_leaf,
    source_commitment,
)
from trucewatch.evidence.log.storage import Disk, place_durably
from trucewatch.evidence.tlog.merkle import leaf_hash

if TYPE_CHECKING:
    from trucewatch.evidence.log.frames import Frame
    from trucewatch.evidence.log.journal import Journal

FOLDER = "index"
_MAGIC = b"trucewatch/index/1\n"
_HEAD = struct.Struct(">QQ")


@dataclass(slots=True)
class SourceState:
    """Where a source stands: its salt, how many entries it has, and the leaf hash of the last."""

    salt: str = field(repr=False)
    commitment: str
    count: int
    last: str | None


def report_key(source: str, payload: str) -> int:
    """64 bits that stand for a report; a hit must be confirmed in the journal."""
    name = source.encode()
    data = len(name).to_bytes(8, "big") + name + bytes.fromhex(payload)
    return int.from_bytes(hashlib.sha256(b"trucewatch/report/1\0" + data).digest()[:8], "big") or 1


@dataclass(slots=True)
class Segment:
    """What one segment adds to the index; a key of 0 is an entry that is no report."""

    first: int
    keys: array[int] = field(default_factory=lambda: array("Q"))
    sources: dict[str, SourceState] = field(default_factory=dict)

    def encode(self, offsets: list[int]) -> bytes:
        """The segment as a file, its own SHA-256 at the end; `offsets` are the journal's."""
        columns = (array("Q", offsets), array("Q", self.keys))
        if sys.byteorder == "little":
            for column in columns:
                column.byteswap()
        states = {
            name: [state.salt, state.commitment, state.count, state.last]
            for name, state in self.sources.items()
        }
        data = _MAGIC + _HEAD.pack(self.first, len(self.keys))
        data += b"".join(column.tobytes() for column in columns) + json.dumps(states).encode()
        return data + hashlib.sha256(data).digest()

    @classmethod
    def decode(cls, data: bytes, first: int) -> tuple[Segment, list[int]] | None:
        """A segment and its offsets; None for a file that is torn, damaged or another's."""
        start = len(_MAGIC) + _HEAD.size
        if len(data) < start + 32 or hashlib.sha256(data[:-32]).digest() != data[-32:]:
            return None
        stated, count = _HEAD.unpack_from(data, len(_MAGIC))
        if not data.startswith(_MAGIC) or stated != first:
            return None
        middle, stop = start + 8 * (count + 1), start + 8 * (2 * count + 1)
        offsets, keys = array("Q", data[start:middle]), array("Q", data[middle:stop])
        if sys.byteorder == "little":
            offsets.byteswap()
            keys.byteswap()
        sources = {
            name: SourceState(salt, commitment, number, last)
            for name, (salt, commitment, number, last) in json.loads(data[stop:-32]).items()
        }
        return cls(first, keys, sources), offsets.tolist()


class Index:
    """The index of one log, whole in memory; built at the first append after opening."""

    def __init__(self, disk: Disk, journal: Journal) -> None:
        self._disk = disk
        self._journal = journal
        self.sources: dict[str, SourceState] = {}
        self._reports: dict[int, int] = {}
        self._tail = Segment(0)
        segments = journal.segments
        for first, stop in pairwise(segments):
            self._load(first, stop)
        if segments:
            self._tail = Segment(segments[-1])
            for frame in journal.frames(segments[-1], journal.size):
                self._learn_frame(frame)

    def _load(self, first: int, stop: int) -> None:
        """Take a closed segment from its file, or from the journal where the file is no good."""
        try:
            found = Segment.decode(self._disk.read(f"{FOLDER}/{first:012}"), first)
        except FileNotFoundError:
            found = None
        if found is not None and len(found[0].keys) == stop - first:
            segment, offsets = found
            self._journal.learn(first, offsets)
            self.sources.update(segment.sources)
            for index, key in enumerate(segment.keys, start=first):
                if key:
                    self._reports.setdefault(key, index)
            return
        self._tail = Segment(first)
        for frame in self._journal.frames(first, stop):
            self._learn_frame(frame)
        self.close_segment()

    def _learn_frame(self, frame: Frame) -> None:
        leaf, envelope = decode_leaf(frame.leaf), decode_envelope(frame.envelope)
        if envelope.source not in self.sources:
            commitment = source_commitment(envelope.source, envelope.salt)
            self.sources[envelope.source] = SourceState(envelope.salt, commitment, 0, None)
        payload = envelope.payload or leaf.payload
        key = report_key(envelope.source, payload) if leaf.kind is EntryKind.REPORT else 0
        self.learn(frame.index, envelope.source, key, leaf_hash(frame.leaf).hex())

    def learn(self, index: int, source: str, key: int, leaf: str) -> None:
        """Take in an entry that has become durable; its source must be among `sources`.

        `key` is its `report_key`, 0 for what is no report.
        """
        state = self.sources[source]
        state.count += 1
        state.last = leaf
        self._tail.sources[source] = state
        self._tail.keys.append(key)
        if key:
            self._reports.setdefault(key, index)

    def find(self, key: int) -> int | None:
        """The entry that is probably the report of this key; read it to be sure."""
        return self._reports.get(key) if key else None

    def close_segment(self) -> None:
        """Write the index of the segment that the journal is about to close, and begin the next."""
        if self._tail.keys:
            first = self._tail.first
            data = self._tail.encode(self._journal.offsets(first))
            place_durably(self._disk, f"{FOLDER}/{first:012}", data, private=True)
        self._tail = Segment(self._tail.first + len(self._tail.keys))
