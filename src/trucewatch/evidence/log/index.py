"""What an append must look up: each source's last entry, and which reports are here already.

All of it follows from the journal. What concerns closed segments is kept in `index/<segment>` so
that it need not be read again; such a file may be deleted at any time and is rebuilt. It bears the
root of the log up to the end of its segment, and is believed only where that is this log's.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
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
    from trucewatch.evidence.log.prefixes import Prefixes

FOLDER = "index"
_MAGIC = b"trucewatch/index/2\n"
_HEAD = struct.Struct(">QQ32s")


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

    def encode(self, offsets: list[int], root: bytes) -> bytes:
        """The segment as a file, its own SHA-256 at the end; `offsets` are the journal's.

        `root` is that of the log up to the end of the segment.
        """
        columns = (array("Q", offsets), array("Q", self.keys))
        if sys.byteorder == "little":
            for column in columns:
                column.byteswap()
        states = {
            name: [state.salt, state.commitment, state.count, state.last]
            for name, state in self.sources.items()
        }
        data = _MAGIC + _HEAD.pack(self.first, len(self.keys), root)
        data += b"".join(column.tobytes() for column in columns) + json.dumps(states).encode()
        return data + hashlib.sha256(data).digest()

    @classmethod
    def decode(cls, data: bytes, first: int) -> tuple[Segment, list[int], bytes] | None:
        """A segment, its offsets, and the root; None for a file that is torn or damaged."""
        start = len(_MAGIC) + _HEAD.size
        if len(data) < start + 32 or hashlib.sha256(data[:-32]).digest() != data[-32:]:
            return None
        stated, count, root = _HEAD.unpack_from(data, len(_MAGIC))
        if not data.startswith(_MAGIC) or stated != first:
            return None
        middle, stop = start + 8 * (count + 1), start + 8 * (2 * count + 1)
        if stop > len(data) - 32:
            return None
        offsets, keys = array("Q", data[start:middle]), array("Q", data[middle:stop])
        if sys.byteorder == "little":
            offsets.byteswap()
            keys.byteswap()
        try:
            states = json.loads(data[stop:-32])
            sources = {name: SourceState(*_state(state)) for name, state in states.items()}
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None
        return cls(first, keys, sources), offsets.tolist(), root


def _state(found: list[object]) -> tuple[str, str, int, str | None]:
    """The fields of a SourceState; ValueError or TypeError for what are none."""
    salt, commitment, count, last = found
    if not (isinstance(salt, str) and isinstance(commitment, str) and type(count) is int):
        raise TypeError("a field is of another type")
    if not (last is None or isinstance(last, str)):
        raise TypeError("a field is of another type")
    return salt, commitment, count, last


class Index:
    """The index of one log, whole in memory; built at the first append after opening."""

    def __init__(self, disk: Disk, journal: Journal, prefixes: Prefixes) -> None:
        self._disk = disk
        self._journal = journal
        self._prefixes = prefixes
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
        if (
            found is not None
            and len(found[0].keys) == stop - first
            and self._prefixes.holds(stop, found[2])
        ):
            segment, offsets, _ = found
            self._journal.learn(first, offsets)
            self.sources.update(segment.sources)
            for index, key in enumerate(segment.keys, start=first):
                if key:
                    self._reports.setdefault(key, index)
            return
        self._tail = Segment(first)
        for frame in self._journal.frames(first, stop):
            self._learn_frame(frame)
        root = None
        with suppress(LogDamaged):
            root = self._prefixes.root(stop)
        self.close_segment(root)

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

    def close_segment(self, root: bytes | None) -> None:
        """Write the index of the segment that the journal is about to close, and begin the next.

        `root` is the log's at its end. Where nobody can tell it, nothing is written.
        """
        if self._tail.keys and root is not None:
            first = self._tail.first
            data = self._tail.encode(self._journal.offsets(first), root)
            place_durably(self._disk, f"{FOLDER}/{first:012}", data, private=True)
        self._tail = Segment(self._tail.first + len(self._tail.keys))
