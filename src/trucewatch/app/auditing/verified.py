"""The auditor's reading of a log in the place of the writer's, so that a mission stands on it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from trucewatch.errors import Erased, EvidenceError, LogDamaged
from trucewatch.evidence import (
    Approved,
    Asked,
    Checkpoint,
    Concerned,
    Declined,
    EntryKind,
    Opener,
    Request,
    StoredEntry,
    locked,
)
from trucewatch.evidence.audit import AuditedLog

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from trucewatch.evidence import NewEntry, Receipt, Stamps
    from trucewatch.evidence.audit import AuditedEntry
    from trucewatch.evidence.audit.erased import Erasing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class VerifiedLog:
    """A log of a mission that is only read, and by the auditor's code alone.

    It ends where the newest checkpoint does. EvidenceError for all that a writer does.
    """

    def __init__(self, folder: Path, *, opener: Opener | None = None) -> None:
        self.audited = AuditedLog(folder)
        self._opener = opener

    @property
    def origin(self) -> str:
        """The log's name, under which it signs."""
        return self.audited.origin

    @property
    def size(self) -> int:
        """How many entries are published."""
        return self.audited.size

    def root(self) -> str:
        """The signed root hash (hex) over all of them."""
        return self.audited.root()

    def checkpoint(self) -> Checkpoint:
        """What was last published."""
        return Checkpoint(
            origin=self.origin, size=self.size, root=self.root(), note=self.audited.checkpoint
        )

    def read_checkpoint(self, note: str, *, known: int | None = None) -> Checkpoint:
        """Read a checkpoint that the log's keys of that time signed; LogDamaged otherwise.

        Which keys those were is told by the first `known` entries, or by all.
        """
        head = self.audited.head(note.encode(), known=known)
        return Checkpoint(origin=head.origin, size=head.size, root=head.root.hex(), note=note)

    def root_at(self, size: int) -> str:
        """The root (hex) of the first `size` published entries; LogDamaged beyond them."""
        if size > self.size:
            raise LogDamaged(f"{size} entries were never published, only {self.size}")
        return self.audited.root(size)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[StoredEntry]:
        """The entries [start, stop) in order, each held against the signed root as it is read."""
        for entry in self.audited.entries(start, stop):
            yield _stored(entry)

    def payload(self, digest: str) -> bytes:
        """The bytes with this SHA-256 (hex), hashed as they are read; Erased where they were."""
        gone = self.erased(digest)
        if gone is not None and gone.answered is not None:
            at, reason = gone.answered.received, gone.asked.reason
            raise Erased(digest, entry=gone.answered.index, at=at, reason=reason)
        if digest not in self._sealed:
            return self.audited.payload(digest)
        if self._opener is None:
            raise locked(digest)
        plain = self._opener.open(self.audited.payload(self._sealed[digest]))
        if hashlib.sha256(plain).hexdigest() != digest:
            raise LogDamaged(f"payload {digest} does not decrypt to what its envelope says")
        return plain

    @cached_property
    def _sealed(self) -> dict[str, str]:
        """Under which name the bytes lie that are encrypted."""
        held = (entry for entry in self.entries() if entry.stored != entry.payload)
        return {entry.payload: entry.stored for entry in held}

    def erased(self, digest: str) -> Request | None:
        """The request by which the payload with this SHA-256 (hex) is erased; None if it is not."""
        return self._erased.get(digest)

    def erased_digest(self) -> str:
        """SHA-256 (hex) of all that is erased, whatever the order; empty where nothing is."""
        names = "".join(sorted(self._erased))
        return hashlib.sha256(names.encode()).hexdigest() if names else ""

    def erasures(self) -> tuple[Request, ...]:
        """Every request for an erasure, in the order of the log, with what became of each."""
        return self._requests

    @cached_property
    def _requests(self) -> tuple[Request, ...]:
        return tuple(self._request(one) for one in self.audited.erasures())

    @cached_property
    def _erased(self) -> dict[str, Request]:
        return {one.asked.payload: one for one in self._requests if one.erased}

    def _request(self, one: Erasing) -> Request:
        asked = one.asked
        (entry,) = self.entries(one.step.index, one.step.index + 1)
        request = Request(
            entry=entry,
            asked=Asked(
                by=asked["by"],
                reason=asked["reason"],
                payload=asked["payload"],
                replaced_by=tuple(int(index) for index in asked["replaced_by"]),
                nonce=asked["nonce"],
            ),
        )
        if one.answer is None or one.answered is None:
            return request
        (answered,) = self.entries(one.answer.index, one.answer.index + 1)
        return replace(request, answer=_answer(one.answered), answered=answered)

    def append(
        self,
        entries: Sequence[NewEntry],
        *,
        received: datetime,
        uncertainty: timedelta = timedelta(seconds=1),
    ) -> tuple[Receipt, ...]:
        """Refuse."""
        del entries, received, uncertainty
        _refuse()

    def publish(self) -> Checkpoint:
        """Refuse."""
        _refuse()

    def cosign(self, lines: Sequence[str]) -> Checkpoint:
        """Refuse."""
        del lines
        _refuse()

    def stamps(self) -> Stamps:
        """Refuse: nothing that is made anew rests on them."""
        _refuse()

    def prove_growth(self, old: int) -> tuple[bytes, ...]:
        """Refuse: this is for the writer to tell its witnesses."""
        del old
        _refuse()

    def close(self) -> None:
        """Nothing is held open."""


def _answer(fields: dict[str, Any]) -> Approved | Declined:
    by, nonce = fields["by"], fields["nonce"]
    request, leaf = int(fields["request"]), fields["leaf"]
    if fields["what"] == "refused":
        return Declined(by=by, nonce=nonce, request=request, leaf=leaf, reason=fields["reason"])
    return Approved(
        by=by,
        nonce=nonce,
        request=request,
        leaf=leaf,
        payload=fields["payload"],
        entries=tuple(
            Concerned(index=int(one["index"]), records=int(one["records"]), by=one["by"])
            for one in fields["entries"]
        ),
        files=tuple(fields["files"]),
    )


def _refuse() -> NoReturn:
    raise EvidenceError("the log is read by the auditor: nothing is written")


def _stored(entry: AuditedEntry) -> StoredEntry:
    """An entry as the rest of the program knows it; LogDamaged for what this version does not."""
    leaf = entry.leaf
    try:
        kind = EntryKind(leaf.kind)
        received = _EPOCH + timedelta(microseconds=leaf.received // 1000)
    except (ValueError, OverflowError) as error:
        raise LogDamaged(f"entry {entry.index} cannot be read by this version: {error}") from error
    return StoredEntry(
        index=entry.index,
        kind=kind,
        source=entry.envelope.source,
        sequence=leaf.sequence,
        payload=entry.envelope.payload or leaf.payload,
        stored=leaf.payload,
        length=leaf.length if entry.envelope.length is None else entry.envelope.length,
        name=entry.envelope.name,
        media=entry.envelope.media,
        received=received,
        leaf_hash=entry.leaf_hash,
    )
