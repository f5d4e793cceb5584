"""Which payloads of a log are erased, and their removal: after the entry is published, for good.

The entries that say so are few among many, so their places are noted in `index/erasures`. The note
may be deleted at any time; the journal is read for it again. What the entries say is read from the
journal in any case, and a note of another log, or of another past of this one, is not believed.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.errors import Erased, EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.log.entries import ERASING, EntryKind, StoredEntry, stored_entry
from trucewatch.evidence.log.erasure import (
    Approved,
    Asked,
    Request,
    answers,
    decode_step,
    fault_of,
)
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.evidence.log.storage import Disk, exists, parent, place_durably

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.evidence.log.entries import NewEntry
    from trucewatch.evidence.log.frames import Frame
    from trucewatch.evidence.log.journal import Journal
    from trucewatch.evidence.log.payloads import Payloads
    from trucewatch.evidence.log.prefixes import Prefixes

NOTE = "index/erasures"
_ROOT = re.compile("[0-9a-f]{64}")
_MOST = 1 << 53


class Erasures:
    """The erasures of one log, asked for and answered, by the entries that say so."""

    def __init__(
        self,
        disk: Disk,
        journal: Journal,
        payloads: Payloads,
        prefixes: Prefixes,
        *,
        scanned: int,
        found: Iterable[Frame],
    ) -> None:
        """Read what the log says; whoever may write calls `finish` next.

        `found` are the erasures from entry `scanned` on, which opening the log has read.
        """
        self._disk, self._journal, self._payloads = disk, journal, payloads
        self._prefixes = prefixes
        self._places: dict[int, int] = {}
        self.requests: dict[int, Request] = {}
        self._erased: dict[str, Request] = {}
        self._pending: set[Request] = set()
        self._noted, noted = self._read_note()
        for frame in noted:
            self._take(frame)
        self.learn(self._noted, scanned)
        for frame in found:
            if frame.index >= self._noted:
                self._take(frame)

    def _read_note(self) -> tuple[int, list[Frame]]:
        """Up to which entry erasures are noted, and those, each as it stands in the journal.

        Where anything about the note does not hold, it is none.
        """
        try:
            size, root, places = _decode(self._disk.read(NOTE))
        except (FileNotFoundError, ValueError):
            return 0, []
        if not self._prefixes.holds(size, root):
            return 0, []
        frames = []
        for index, place in places:
            frame = self._journal.frame_at(index, place)
            if frame is None or ERASING not in frame.leaf:
                return 0, []
            frames.append(frame)
            self._places[index] = place
        return size, frames

    def _note(self) -> None:
        """Write down where the erasures stand, so that the next opening reads the rest alone.

        That is as far as the log is published: the note bears the root that was signed.
        """
        size = self._prefixes.size
        places = [[index, at] for index, at in sorted(self._places.items()) if index < size]
        body = json.dumps([size, self._prefixes.root(size).hex(), places]).encode()
        place_durably(self._disk, NOTE, body + hashlib.sha256(body).digest(), private=True)
        self._noted = size

    def learn(self, start: int, stop: int) -> None:
        """Take in the erasures among the durable entries [start, stop)."""
        for frame in self._journal.frames(start, stop, mark=ERASING):
            if ERASING in frame.leaf:
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame.index not in self._places:
            self._places[frame.index] = self._journal.place(frame.index)
        self._learn(stored_entry(frame.index, frame.leaf, frame.envelope))

    def _learn(self, entry: StoredEntry) -> None:
        """Take in an entry of kind ERASED; LogDamaged for what is none."""
        try:
            step = decode_step(self._payloads.read(entry.stored))
        except NotFound as fault:
            raise LogDamaged(f"entry {entry.index} is an erasure: {fault}") from fault
        if isinstance(step, Asked):
            self.requests[entry.index] = Request(entry=entry, asked=step)
            return
        request = self.requests.get(step.request)
        # What is appended was checked before; what stands there all the same removes nothing.
        if request is None or not answers(step, request):
            raise LogDamaged(f"entry {entry.index} answers no request for an erasure")
        answered = replace(request, answer=step, answered=entry)
        self.requests[step.request] = answered
        if isinstance(step, Approved):
            self._erased[step.payload] = answered
            self._pending.add(answered)

    @property
    def any(self) -> bool:
        """Whether anything is erased."""
        return bool(self._erased)

    def digest(self) -> str:
        """SHA-256 (hex) of the digests of all that is erased; empty where nothing is."""
        names = "".join(sorted(self._erased))
        return hashlib.sha256(names.encode()).hexdigest() if names else ""

    def find(self, payload: str) -> Request | None:
        """The request by which the payload with this SHA-256 (hex) is erased; None if it is not."""
        return self._erased.get(payload)

    def refuse(self, payload: str) -> None:
        """Raise Erased for a payload that is."""
        found = self._erased.get(payload)
        if found is not None and found.answered is not None:
            raise Erased(
                payload,
                entry=found.answered.index,
                at=found.answered.received,
                reason=found.asked.reason,
            )

    def admit(self, entries: Sequence[NewEntry], held: Iterable[StoredEntry]) -> None:
        """Check a step before it is appended; EvidenceError says why it may not be.

        It comes alone, as what it names must be durable. `held` are all entries of the log.
        """
        if len(entries) > 1:
            raise EvidenceError("a step of an erasure is appended by itself")
        step = decode_step(entries[0].payload)
        if isinstance(step, Asked | Approved):
            concerned = {entry.index: entry for entry in held if entry.payload == step.payload}
        else:
            concerned = {}
        fault = fault_of(step, self.requests, concerned)
        if fault is not None:
            raise EvidenceError(f"this erasure cannot be entered: {fault}")

    def finish(self, published: int) -> tuple[str, ...]:
        """Remove what is erased by entries that are published; tell what lay there, and note it.

        Everything else stays. The first time all that was ever erased is looked at: a crash may
        have brought it back, or a person.
        """
        account = []
        touched = set()
        for request in tuple(self._pending):
            answer, entry = request.answer, request.answered
            if not isinstance(answer, Approved) or entry is None or entry.index >= published:
                continue
            self._pending.discard(request)
            for name in answer.files:
                path = payload_path(name)
                if exists(self._disk, path):
                    self._disk.remove(path)
                    touched.add(parent(path))
                    account.append(f"removed payload {name}, erased by entry {entry.index}")
        for folder in sorted(touched):
            self._disk.sync_folder(folder)
        if self._behind:
            self._note()
        return tuple(account)

    @property
    def _behind(self) -> bool:
        """Whether the next opening would have to read a closed segment for want of a note."""
        segments = self._journal.segments
        return bool(segments) and self._noted < min(segments[-1], self._prefixes.size)


def _decode(data: bytes) -> tuple[int, bytes, list[tuple[int, int]]]:
    """Size, root and places of a note; ValueError for what is none.

    A place is the index of an entry below that size, and where its frame begins in its segment.
    """
    body, digest = data[:-32], data[-32:]
    if hashlib.sha256(body).digest() != digest:
        raise ValueError("the note is damaged")
    try:
        size, root, pairs = json.loads(body)
        places = [(index, place) for index, place in pairs]
    except (TypeError, RecursionError) as fault:
        raise ValueError("the note has not its form") from fault
    numbers = [size, *(number for pair in places for number in pair)]
    if not all(type(number) is int and 0 <= number < _MOST for number in numbers):
        raise ValueError("a number of the note is none")
    order = [-1, *(index for index, _ in places), size]
    if not isinstance(root, str) or not _ROOT.fullmatch(root) or order != sorted(set(order)):
        raise ValueError("the note has not its form")
    return size, bytes.fromhex(root), places


def is_step(entry: NewEntry) -> bool:
    """Whether an entry is a step of an erasure."""
    return entry.kind is EntryKind.ERASED
