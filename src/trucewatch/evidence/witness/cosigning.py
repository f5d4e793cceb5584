"""The witness itself: one process, one folder, one lock; what it says is on the disk first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, NotFound, WriteFailed
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.log.storage import clear_scratch
from trucewatch.evidence.tlog.notes import Verifier, check_name
from trucewatch.evidence.witness import store
from trucewatch.evidence.witness.requests import Request, read_request
from trucewatch.evidence.witness.rules import TEXT, Answer, Known, judge, refuse, trusted
from trucewatch.model import utc

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from trucewatch.evidence.log.storage import Disk

BEHIND_S = 60
"""Seconds that a clock may lie behind the last cosignature before the operator is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a witness knows of one log; `size`, `root` (hex) and `at` are None before the first.

    `forks` and `doubts` are paths of signed notes that it refused, beside each its own.
    """

    origin: str
    digest: str
    size: int | None
    root: str | None
    at: datetime | None
    forks: tuple[str, ...]
    doubts: tuple[str, ...]


def make_witness(folder: Path, *, name: str, disk: Disk | None = None) -> str:
    """Make a witness with a new key and give its public key in one line.

    ValueError for a name that a note cannot hold; EvidenceError where there is a witness already.
    """
    check_name(name)
    try:
        found = FolderDisk.make(folder) if disk is None else disk
        if not found.lock():
            raise EvidenceError(f"another process uses the witness in {folder}")
        try:
            return store.lay_out(found, name).vkey()
        finally:
            found.close()
    except OSError as error:
        raise WriteFailed(f"cannot make the witness in {folder}: {error}") from error


def watch(
    folder: Path, vkey: str, *, only: bool = False, disk: Disk | None = None
) -> tuple[str, bool]:
    """Have a witness cosign a log from now on; its origin, and whether that is new.

    A key of a log that is watched already is believed beside the first, or alone (`only`).
    It may be called while the witness runs, which knows the log from the next request on.
    LogDamaged for a key that cannot be read, NotFound where there is no witness.
    """
    found = FolderDisk(folder) if disk is None else disk
    verifier = Verifier.parse(vkey)
    try:
        store.read_cosigner(found)
        if found.lock():
            # Nobody else is here: what an earlier call may have left half written is not wanted.
            clear_scratch(found)
        return verifier.name, store.add_log(found, verifier, only=only)
    except OSError as error:
        raise WriteFailed(f"the log cannot be added: {error}") from error
    finally:
        found.close()


def seen(folder: Path, *, disk: Disk | None = None) -> tuple[str, tuple[Seen, ...]]:
    """The witness's public key, and what it knows of each log, by origin; it needs no lock."""
    found = FolderDisk(folder) if disk is None else disk
    try:
        cosigner = store.read_cosigner(found)
        logs = []
        for digest in store.digests(found):
            keys = store.read_keys(found, digest)
            if not keys:
                continue
            known = store.read_known(found, digest, cosigner)
            forks, doubts = store.contradictions(found, digest)
            logs.append(
                Seen(
                    origin=keys[0].name,
                    digest=digest,
                    size=known.size if known else None,
                    root=known.root.hex() if known else None,
                    at=_moment(known.at) if known else None,
                    forks=tuple(forks),
                    doubts=tuple(doubts),
                )
            )
    except OSError as error:
        raise EvidenceError(f"the witness in {folder} cannot be read: {error}") from error
    return cosigner.vkey(), tuple(sorted(logs, key=lambda log: log.origin))


class Witness:
    """The one process that cosigns with a key; `open` it, and close it.

    Any thread may ask it; one request is answered at a time. After a failed write it refuses
    everything (WriteFailed), as nobody can say what the disk has: end the process.
    """

    def __init__(self, disk: Disk) -> None:
        """Read and check all that was ever said; `open` is the door for callers."""
        self._disk = disk
        self._key = store.read_key(disk)
        clear_scratch(disk)
        known = [
            store.read_known(disk, digest, self._key.cosigner) for digest in store.digests(disk)
        ]
        self._last = max((found.at for found in known if found), default=0)
        self._lock = Lock()
        self._failed = ""

    @classmethod
    def open(cls, folder: Path, *, disk: Disk | None = None) -> Witness:
        """Open a witness that exists, alone.

        NotFound where there is none, EvidenceError where another process has it, LogDamaged where
        what it said last cannot be made out.
        """
        found = FolderDisk(folder) if disk is None else disk
        try:
            if not found.lock():
                raise EvidenceError(
                    f"another process cosigns with the key in {folder}: a witness is one process"
                )
            return cls(found)
        except FileNotFoundError as error:
            found.close()
            raise NotFound(f"there is no witness in {folder}") from error
        except OSError as error:
            found.close()
            raise EvidenceError(f"the witness in {folder} cannot be opened: {error}") from error
        except BaseException:
            found.close()
            raise

    def __enter__(self) -> Witness:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have it; what was said stays on the disk."""
        self._failed = self._failed or "the witness is closed"
        self._disk.close()

    @property
    def vkey(self) -> str:
        """The public key in one line."""
        return self._key.cosigner.vkey()

    @property
    def name(self) -> str:
        """The name under which it cosigns."""
        return self._key.cosigner.name

    def add_checkpoint(self, body: bytes, *, now: datetime) -> Answer:
        """Answer one request (C2SP tlog-witness, add-checkpoint); `now` is the witness's clock.

        A cosignature is given only after the new state would survive a power cut. Its time is
        never before that of the last one, whatever the clock says. WriteFailed: nothing was said.
        """
        clock = int(utc(now).timestamp())
        try:
            request = read_request(body)
        except ValueError as error:
            return refuse(400, str(error))
        with self._lock:
            if self._failed:
                raise WriteFailed(self._failed)
            self._failed = "the witness refuses to go on: a request was not finished"
            try:
                answer = self._answer(request, clock)
            except OSError as error:
                self._failed = f"the witness cannot remember what it says: {error}"
                raise WriteFailed(self._failed) from error
            self._failed = ""
            return answer

    def _answer(self, request: Request, clock: int) -> Answer:
        digest = store.digest_of(request.origin)
        keys = store.read_keys(self._disk, digest)
        if not keys:
            return refuse(404, "this witness does not know the log")
        lines = trusted(request, keys)
        if lines is None:
            return refuse(403, "the checkpoint is not signed by a key that is known for the log")
        known = store.read_known(self._disk, digest, self._key.cosigner)
        refusal = judge(request, known)
        signed = f"{request.text}\n" + "".join(f"{line}\n" for line in lines)
        if refusal is not None:
            if not (refusal.fork or refusal.doubt):
                return refusal.answer
            return self._contradiction(refusal.answer, digest, known, signed, fork=refusal.fork)
        at = max(clock, self._last, 1)
        line = self._key.cosign(request.text, at)
        note = f"{signed}{line}\n"
        if known is None or known.note != note:
            store.write_known(self._disk, digest, note)
        self._last = at
        behind = at - clock
        return Answer(
            status=200,
            media=TEXT,
            body=f"{line}\n",
            told=f"the clock is {behind} s behind the last cosignature; the later time was taken"
            if behind > BEHIND_S
            else "",
        )

    def _contradiction(
        self, answer: Answer, digest: str, known: Known | None, theirs: str, *, fork: bool
    ) -> Answer:
        mine = known.note if known else ""
        if not store.keep_contradiction(self._disk, digest, mine, theirs, fork=fork):
            return answer
        words = "contradicts what was cosigned" if fork else "came with a proof that does not hold"
        origin = theirs.partition("\n")[0]
        told = f"a signed checkpoint of {origin} {words}: it is kept in {store.CONTRADICTIONS}/"
        return Answer(status=answer.status, media=answer.media, body=answer.body, told=told)

    def latest(self, digest: str) -> str | None:
        """The newest checkpoint of a log that was cosigned, as a note; None where there is none.

        `digest` is SHA-256 (hex) of the origin; anything else is no log's.
        """
        if digest not in store.digests(self._disk):
            return None
        try:
            known = store.read_known(self._disk, digest, self._key.cosigner)
        except OSError as error:
            raise EvidenceError(f"the witness cannot be read: {error}") from error
        return known.note if known else None

    def logs(self) -> tuple[str, ...]:
        """The origins of the logs that it cosigns, sorted."""
        keys = (store.read_keys(self._disk, digest) for digest in store.digests(self._disk))
        return tuple(sorted(found[0].name for found in keys if found))


def _moment(at: int) -> datetime | None:
    """A time as a datetime; None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(at, UTC)
    except (OverflowError, OSError, ValueError):
        return None
