"""The journal's records: how one entry is framed, and what a run of frames is worth.

A frame is magic "TWJ1", index (8 bytes), first index of its batch (8), entries in its batch (4),
length of the leaf (4), length of the envelope (4), SHA-256 of all that and of what follows (32),
leaf, envelope; numbers big end first. A batch is what one fsync made durable: it counts whole or
not at all.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.entries import ENVELOPE_LIMIT, LEAF_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

MAGIC = b"TWJ1"
_HEAD = struct.Struct(">4sQQIII")
_FIXED = _HEAD.size + 32
FRAME_LIMIT = _FIXED + LEAF_LIMIT + ENVELOPE_LIMIT


@dataclass(frozen=True, slots=True)
class Frame:
    """One record of the journal, found at `start` and ending before `stop`."""

    index: int
    batch: int
    count: int
    leaf: bytes
    envelope: bytes
    start: int
    stop: int


def encode_batch(first: int, records: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
    """Frame the leaves and envelopes of one batch that begins at entry `first`."""
    frames = []
    for index, (leaf, envelope) in enumerate(records, start=first):
        if len(leaf) > LEAF_LIMIT or len(envelope) > ENVELOPE_LIMIT:
            raise ValueError("a leaf or envelope is longer than a frame may hold")
        head = _HEAD.pack(MAGIC, index, first, len(records), len(leaf), len(envelope))
        digest = hashlib.sha256(head + leaf + envelope).digest()
        frames.append(head + digest + leaf + envelope)
    return frames


def read_frame(data: bytes, at: int) -> Frame | None:
    """The frame at `at`, or None where there is no whole and undamaged one."""
    if at + _FIXED > len(data):
        return None
    magic, index, batch, count, leaf, envelope = _HEAD.unpack_from(data, at)
    middle = at + _FIXED + leaf
    stop = middle + envelope
    if magic != MAGIC or stop > len(data):
        return None
    head = at + _HEAD.size
    body = data[at + _FIXED : stop]
    if hashlib.sha256(data[at:head] + body).digest() != data[head : at + _FIXED]:
        return None
    return Frame(index, batch, count, body[:leaf], body[leaf:], at, stop)


@dataclass(frozen=True, slots=True)
class Run:
    """The whole batches at the head of a segment; `torn` says what stands behind them, if any."""

    frames: list[Frame]
    stop: int
    torn: str | None


def read_run(data: bytes, first: int) -> Run:
    """Read a segment that begins with entry `first`.

    What stands behind the last whole batch was never acknowledged, unless a later batch follows
    it: a batch is begun only when the one before is durable. Then an acknowledged record has
    been damaged, and LogDamaged is raised.
    """
    frames: list[Frame] = []
    whole = at = 0
    while at < len(data):
        frame = read_frame(data, at)
        expected = first + len(frames)
        begins = len(frames) == whole
        if (
            frame is None
            or frame.index != expected
            or frame.batch != (expected if begins else frames[-1].batch)
            or (not begins and frame.count != frames[-1].count)
            or frame.count < 1
        ):
            batch = expected if begins else frames[-1].batch
            _refuse_later_batch(data, at, batch, expected)
            break
        frames.append(frame)
        at = frame.stop
        if frame.index == frame.batch + frame.count - 1:
            whole = len(frames)
    stop = frames[whole - 1].stop if whole else 0
    torn = None
    if stop < len(data):
        torn = (
            f"{len(data) - stop} bytes of an unfinished batch that began at entry {first + whole}"
        )
    return Run(frames[:whole], stop, torn)


def _refuse_later_batch(data: bytes, at: int, batch: int, expected: int) -> None:
    """Raise LogDamaged where a frame of a later batch stands behind the bad one."""
    found = data.find(MAGIC, at + 1)
    while found != -1:
        frame = read_frame(data, found)
        if frame is not None and frame.batch > batch:
            raise LogDamaged(
                f"the journal's record of entry {expected} is damaged: it was acknowledged, as "
                f"entry {frame.index} of a later batch stands behind it"
            )
        found = data.find(MAGIC, found + 1)
