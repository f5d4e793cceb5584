"""Where the parts of a log lie, how a new one is laid out, and how its keys are read."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from trucewatch.errors import EvidenceError, LogBusy, LogDamaged, NotFound, WriteFailed
from trucewatch.evidence.log import index, journal, payloads
from trucewatch.evidence.log.keys import SIGNER, VERIFIER, read_changes
from trucewatch.evidence.log.storage import SCRATCH, Disk, clear_scratch, exists, place_durably
from trucewatch.evidence.tlog.notes import Checkpoint, Signer, Verifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHECKPOINT = "checkpoint"
KEYS = "key"
PRIVATE_FOLDERS = (KEYS, journal.FOLDER, journal.CUT, payloads.FOLDER, index.FOLDER, SCRATCH)

T = TypeVar("T")


@contextmanager
def reading() -> Iterator[None]:
    """Turn a refusal to read into EvidenceError, and a file that is gone into LogDamaged."""
    try:
        yield
    except FileNotFoundError as error:
        raise LogDamaged(f"a file of the log is missing: {error.filename}") from error
    except OSError as error:
        raise EvidenceError(f"the log cannot be read: {error}") from error


def owned(disk: Disk, folder: Path, make: Callable[[], T]) -> T:
    """What `make` gives, under the writer's lock; the lock is released if it fails."""
    try:
        free = disk.lock()
    except FileNotFoundError as error:
        raise NotFound(f"there is no evidence log in {folder}") from error
    if not free:
        raise LogBusy(
            f"another process is writing the log in {folder}; a log has one writer at a time"
        )
    try:
        return make()
    except OSError as error:
        disk.close()
        raise WriteFailed(f"the log in {folder} cannot be opened for writing: {error}") from error
    except BaseException:
        disk.close()
        raise


def lay_out(disk: Disk, origin: str) -> None:
    """Make the folders and the key of a new log; EvidenceError where there is a log already.

    `vkey` comes last: before it stands nothing has been promised, and a creation that was cut
    short may simply be begun again.
    """
    if exists(disk, VERIFIER) or exists(disk, CHECKPOINT) or disk.names(journal.FOLDER):
        raise EvidenceError("there is an evidence log here already")
    for folder in PRIVATE_FOLDERS:
        disk.make_folder(folder, private=True)
    disk.sync_folder("")
    clear_scratch(disk)
    signer = Signer(origin, secrets.token_bytes(32))
    place_durably(disk, SIGNER, f"{signer.skey()}\n".encode(), private=True)
    place_durably(disk, VERIFIER, f"{signer.verifier.vkey()}\n".encode(), private=False)


def read_verifier(disk: Disk) -> Verifier:
    """The public key; NotFound where there is no log."""
    try:
        data = disk.read(VERIFIER)
    except FileNotFoundError as error:
        if not (disk.names(journal.FOLDER) or exists(disk, CHECKPOINT)):
            raise NotFound("there is no evidence log here") from error
        # It is written before those: another process may have made the log since the first look.
        if not exists(disk, VERIFIER):
            raise LogDamaged(f"the log's {VERIFIER} is missing") from error
        data = disk.read(VERIFIER)
    return Verifier.parse(_line(data, VERIFIER))


def read_signer(disk: Disk, path: str = SIGNER) -> Signer | None:
    """The private key; None where it is not kept here."""
    try:
        return Signer.parse(_line(disk.read(path), path))
    except FileNotFoundError:
        return None


def own_signer(disk: Disk, verifier: Verifier) -> Signer:
    """The log's own private key; EvidenceError where it is not kept here, LogDamaged for another's.

    The other half of it must be what is published.
    """
    signer = read_signer(disk)
    if signer is None:
        raise EvidenceError(f"{SIGNER} is missing: this copy can be read, not written")
    if signer.verifier.vkey() != verifier.vkey():
        raise LogDamaged("the signing key is not the one whose public half is published")
    return signer


def read_signed(disk: Disk) -> tuple[Verifier, Checkpoint | None]:
    """The published key and the checkpoint that it signed; LogDamaged where it did not.

    While a change of key is under way the checkpoint may be the new key's before `vkey` is.
    """
    verifier = read_verifier(disk)
    try:
        return verifier, read_checkpoint(disk, verifier)
    except LogDamaged:
        last = read_changes(disk)[-1:]
        if not last or last[0].old != verifier.vkey():
            raise
        successor = Verifier.parse(last[0].new)
        found = read_checkpoint(disk, successor)
        if found is None or found.size <= last[0].size:
            raise
        return successor, found


def read_checkpoint(disk: Disk, verifier: Verifier) -> Checkpoint | None:
    """The published checkpoint; None where none is; LogDamaged unless the key signed it."""
    try:
        data = disk.read(CHECKPOINT)
    except FileNotFoundError:
        return None
    try:
        return verifier.checkpoint(data.decode())
    except UnicodeDecodeError as error:
        raise LogDamaged("the checkpoint is not a text") from error


def _line(data: bytes, path: str) -> str:
    """The one line of a file."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise LogDamaged(f"{path} is not a text") from error
    if not text.endswith("\n") or "\n" in text[:-1]:
        raise LogDamaged(f"{path} is not one line")
    return text[:-1]
