"""The copies of other logs that lie in a mission, read by the auditor's code alone.

`federated/<SHA-256 of the origin>/<size, 12 digits>` is a whole copy. How far it counts is told by
the mission's own log: a heartbeat whose source is "log:" and the origin holds the other log's
signed checkpoint, and everything up to its size has been taken over there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence import Approved, EntryKind, StoredEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from trucewatch.app.logs import MissionLog
    from trucewatch.evidence import Checkpoint

FOLDER = "federated"
PREFIX = "log:"
NAME = "checkpoint"
_SIZE = re.compile("[0-9]{12,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenEntry(StoredEntry):
    """A report of another log. `index` and `received` are those of the entry that took it over.

    `place` is its index in the log `origin`.
    """

    origin: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An entry that another log erased after it was taken over: `place` there, erased by `by`.

    `taken` and `known` are the entries of the mission's own log that took the two over. Between
    them the mission said what it cannot say again.
    """

    origin: str
    place: int
    by: int
    reason: str
    taken: int
    known: int

    def between(self, size: int) -> bool:
        """Whether a state of that many entries rested on it, before it was known to be erased."""
        return self.taken < size <= self.known


def origin_of(entry: StoredEntry) -> str | None:
    """The other log whose checkpoint an entry holds; None for every other entry."""
    if entry.kind is EntryKind.HEARTBEAT and entry.source.startswith(PREFIX):
        return entry.source.removeprefix(PREFIX)
    return None


def taken_before(log: MissionLog) -> dict[str, bytes]:
    """The last checkpoint of each other log that a mission's own log holds, as it was signed."""
    return {
        origin: log.payload(entry.payload)
        for entry in log.entries()
        if (origin := origin_of(entry)) is not None
    }


def place_of(folder: Path, origin: str) -> Path:
    """Where the copies of a log lie in a mission's folder."""
    return folder / FOLDER / hashlib.sha256(origin.encode()).hexdigest()


def copies_in(place: Path) -> list[Path]:
    """The copies there are, the smallest first."""
    if not place.is_dir():
        return []
    found = [path for path in place.iterdir() if _SIZE.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name))


class Copies:
    """The copies of a mission; each is opened once, and again after `forget`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs: dict[Path, VerifiedLog] = {}

    @property
    def any(self) -> bool:
        """Whether another log was ever taken over here."""
        return (self._folder / FOLDER).is_dir()

    def forget(self) -> None:
        """Open everything anew: there are newer copies."""
        self._logs.clear()

    def _open(self, place: Path) -> VerifiedLog | None:
        """The largest copy there is; None where there is none."""
        found = copies_in(place)
        if not found:
            return None
        if found[-1] not in self._logs:
            self._logs[found[-1]] = VerifiedLog(found[-1])
        return self._logs[found[-1]]

    def log(self, origin: str) -> VerifiedLog:
        """The copy of a log; LogDamaged, with what to do, where there is none."""
        found = self._open(place_of(self._folder, origin))
        if found is None:
            raise LogDamaged(
                f"the copy of the log {origin!r} is not here: 'trucewatch federate pull' takes it "
                "again"
            )
        return found

    def checkpoint(self, origin: str, note: bytes) -> Checkpoint:
        """The checkpoint that an entry holds; LogDamaged unless the copy is what it signs."""
        log = self.log(origin)
        try:
            found = log.read_checkpoint(note.decode())
        except UnicodeDecodeError as fault:
            raise LogDamaged("the checkpoint of another log is not a text") from fault
        if found.origin != origin or log.root_at(found.size) != found.root:
            raise LogDamaged(f"the copy of the log {origin!r} is not the one that was taken over")
        return found

    def reports(
        self, home: StoredEntry, origin: str, start: int, stop: int
    ) -> Iterator[TakenEntry]:
        """The reports among the other log's entries [start, stop) that it has not erased since.

        `home` is the entry of the mission's own log that took them over.
        """
        log = self.log(origin)
        for entry in log.entries(start, stop):
            if entry.kind is EntryKind.REPORT and log.erased(entry.payload) is None:
                given = {field.name: getattr(entry, field.name) for field in fields(StoredEntry)}
                given |= {"index": home.index, "received": home.received}
                yield TakenEntry(**given, origin=origin, place=entry.index)

    def _all(self) -> Iterator[VerifiedLog]:
        for place in sorted((self._folder / FOLDER).iterdir()) if self.any else ():
            found = self._open(place)
            if found is not None:
                yield found

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex) in any of the copies; NotFound where none has them."""
        for log in self._all():
            try:
                return log.payload(digest)
            except NotFound:
                continue
        raise NotFound(f"no payload {digest} in this log or in one that was taken over")

    def erased_digest(self) -> str:
        """What the other logs have erased, as one text; empty where nothing is."""
        return "".join(digest for log in self._all() if (digest := log.erased_digest()))

    def drop(self, digests: Collection[str]) -> None:
        """Remove payloads that the mission's own log has erased: a copy does not keep them."""
        for place in sorted((self._folder / FOLDER).iterdir()) if self.any else ():
            for copy in copies_in(place):
                for digest in digests:
                    path = copy / "payload" / digest[:2] / digest[2:]
                    path.unlink(missing_ok=True)


def gone(
    entries: Iterable[StoredEntry], copies: Copies, payload: Callable[[str], bytes], *, end: int
) -> Iterator[Gone]:
    """What other logs erased after the mission had taken it over; `entries` are its own.

    An erasure that is only in the copy yet, as `pull` was stopped, is known from `end` on.
    """
    reached: dict[str, list[tuple[int, int]]] = {}
    for entry in entries:
        origin = origin_of(entry)
        if origin is not None:
            size = copies.checkpoint(origin, payload(entry.payload)).size
            reached.setdefault(origin, []).append((size, entry.index))
    for origin, steps in sorted(reached.items()):
        for request in copies.log(origin).erasures():
            answer, answered = request.answer, request.answered
            if not isinstance(answer, Approved) or answered is None:
                continue
            known = next((index for size, index in steps if size > answered.index), end)
            for one in answer.entries:
                taken = next((index for size, index in steps if size > one.index), known)
                if taken < known:
                    yield Gone(
                        origin=origin,
                        place=one.index,
                        by=answered.index,
                        reason=request.asked.reason,
                        taken=taken,
                        known=known,
                    )


def merged(
    entries: Iterable[StoredEntry], copies: Copies, payload: Callable[[str], bytes]
) -> Iterator[StoredEntry]:
    """A mission's own entries from the first on, and behind those that took over another log its
    reports, each report of one source once.

    `payload` gives the bytes of the mission's own entries.
    """
    seen: set[bytes] = set()
    reached: dict[str, int] = {}

    def new(entry: StoredEntry) -> bool:
        key = hashlib.sha256(f"{entry.source}\0{entry.payload}".encode()).digest()[:16]
        if key in seen:
            return False
        seen.add(key)
        return True

    for entry in entries:
        origin = origin_of(entry)
        if entry.kind is EntryKind.REPORT:
            if new(entry):
                yield entry
            continue
        yield entry
        if origin is not None:
            start = reached.get(origin, 0)
            stop = copies.checkpoint(origin, payload(entry.payload)).size
            reached[origin] = max(start, stop)
            yield from filter(new, copies.reports(entry, origin, start, stop))
