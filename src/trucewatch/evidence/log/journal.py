"""The journal: an append-only run of frames in segments; the truth from which tiles are built.

A segment `journal/<first index, 12 digits>` is closed when a batch begins and it holds
SEGMENT_ENTRIES or more. A batch never crosses segments.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.frames import FRAME_LIMIT, Frame, encode_batch, read_frame, read_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.evidence.log.storage import Disk

FOLDER = "journal"
CUT = "cut"
SEGMENT_ENTRIES = 16_384


def segment_path(first: int) -> str:
    """The path of the segment that begins with entry `first`."""
    return f"{FOLDER}/{first:012}"


class Journal:
    """The journal of one log, read lazily: only what is not known to be published is scanned."""

    def __init__(self, disk: Disk, published: int) -> None:
        """Scan from the segment that holds the last published entry to the end."""
        self._disk = disk
        self._firsts = [_first(name) for name in disk.names(FOLDER)]
        if self._firsts and self._firsts[0] != 0:
            raise LogDamaged("the journal's first segment is missing")
        self._offsets: dict[int, list[int]] = {}
        self.torn: str | None = None
        self._end = 0
        self._scanned: list[Frame] = []
        start = max(0, bisect_right(self._firsts, max(0, published - 1)) - 1)
        self.size = self._firsts[start] if self._firsts else 0
        for first in self._firsts[start:]:
            self._scan(first)
        if self.size < published:
            raise LogDamaged(
                f"the published log is ahead of the journal: the checkpoint says {published} "
                f"entries, the journal holds {self.size}"
                + (f" and {self.torn}" if self.torn else "")
            )

    def _scan(self, first: int) -> None:
        if self.torn is not None or first != self.size:
            raise LogDamaged(
                f"the journal is not whole before {segment_path(first)}: it holds {self.size} "
                f"entries up to there" + (f", then {self.torn}" if self.torn else "")
            )
        run = read_run(self._disk.read(segment_path(first)), first)
        self._offsets[first] = [frame.start for frame in run.frames] + [run.stop]
        self._scanned.extend(run.frames)
        self.size, self.torn, self._end = first + len(run.frames), run.torn, run.stop

    def take_scanned(self) -> list[Frame]:
        """The frames that opening read, once; they are let go of afterwards."""
        frames, self._scanned = self._scanned, []
        return frames

    def cut(self) -> str:
        """Cut the torn tail off, keeping a copy of its bytes; returns an account in words."""
        path = segment_path(self._firsts[-1])
        tail = self._disk.read(path, self._end)
        kept = f"{CUT}/{self.size:012}"
        while kept.rpartition("/")[2] in self._disk.names(CUT):
            kept += "+"
        self._disk.write_new(kept, tail, private=True)
        self._disk.sync_file(kept)
        self._disk.sync_folder(CUT)
        self._disk.truncate(path, self._end)
        self._disk.sync_file(path)
        account = f"cut {self.torn} off {path}; it was never acknowledged; kept as {kept}"
        self.torn = None
        return account

    def rewrite(self, published: int) -> None:
        """Write what is not yet published over itself and sync it.

        After a failed fsync the system may show bytes that never reached the disk, and a second
        fsync would not try again; writing the same bytes makes it try.
        """
        for first, offsets in self._offsets.items():
            begin = offsets[max(0, min(published - first, len(offsets) - 1))]
            if begin < offsets[-1]:
                path = segment_path(first)
                data = self._disk.read(path, begin, offsets[-1] - begin)
                self._disk.overwrite(path, begin, data)
                self._disk.sync_file(path)
        self._disk.sync_folder(FOLDER)

    @property
    def full(self) -> bool:
        """Whether the next batch begins a new segment."""
        return not self._firsts or self.size - self._firsts[-1] >= SEGMENT_ENTRIES

    @property
    def segments(self) -> tuple[int, ...]:
        """The first index of each segment; the last is still open."""
        return tuple(self._firsts)

    def append(self, records: Sequence[tuple[bytes, bytes]]) -> None:
        """Make one batch of leaves and envelopes durable: one write, one sync."""
        if self.full:
            path = segment_path(self.size)
            self._disk.write_new(path, b"", private=True)
            self._disk.sync_file(path)
            self._disk.sync_folder(FOLDER)
            self._firsts.append(self.size)
            self._offsets = {self.size: [0]}
            self._end = 0
        first = self._firsts[-1]
        frames = encode_batch(self.size, records)
        path = segment_path(first)
        self._disk.append(path, b"".join(frames))
        self._disk.sync_file(path)
        offsets = self._offsets[first]
        for frame in frames:
            offsets.append(offsets[-1] + len(frame))
        self._end = offsets[-1]
        self.size += len(records)

    def offsets(self, first: int) -> list[int]:
        """Where each frame of a segment begins, and where the last ends."""
        if first not in self._offsets:
            place = self._firsts.index(first)
            run = read_run(self._disk.read(segment_path(first)), first)
            if run.torn is not None or first + len(run.frames) != self._firsts[place + 1]:
                raise LogDamaged(f"{segment_path(first)} is not whole: {run.torn}")
            self._offsets[first] = [frame.start for frame in run.frames] + [run.stop]
        return self._offsets[first]

    def learn(self, first: int, offsets: list[int]) -> None:
        """Take the offsets of a closed segment from an index; each frame is checked when read."""
        self._offsets.setdefault(first, offsets)

    def place(self, index: int) -> int:
        """Where in its segment the frame of an entry begins."""
        first = self._firsts[bisect_right(self._firsts, index) - 1]
        return self.offsets(first)[index - first]

    def frame_at(self, index: int, place: int) -> Frame | None:
        """The frame of an entry where it is said to begin; None where it does not hold there."""
        first = self._firsts[bisect_right(self._firsts, index) - 1]
        frame = read_frame(self._disk.read(segment_path(first), place, FRAME_LIMIT), 0)
        return frame if frame is not None and frame.index == index else None

    def frames(self, start: int, stop: int, *, mark: bytes = b"") -> Iterator[Frame]:
        """The frames of entries [start, stop); LogDamaged for one that does not hold.

        With a `mark`, segments in which those bytes stand nowhere are passed over unread.
        """
        while start < stop:
            place = bisect_right(self._firsts, start) - 1
            first = self._firsts[place]
            if mark and mark not in self._disk.read(segment_path(first)):
                start = (*self._firsts[place + 1 : place + 2], stop)[0]
                continue
            offsets = self.offsets(first)
            until = min(stop, first + len(offsets) - 1)
            begin = offsets[start - first]
            data = self._disk.read(segment_path(first), begin, offsets[until - first] - begin)
            at = 0
            for index in range(start, until):
                frame = read_frame(data, at)
                if frame is None or frame.index != index:
                    raise LogDamaged(f"the journal's record of entry {index} is damaged")
                yield frame
                at = frame.stop
            start = until


def _first(name: str) -> int:
    if len(name) < 12 or not (name.isascii() and name.isdigit()):
        raise LogDamaged(f"{FOLDER}/{name} is not a segment of the journal")
    return int(name)
