"""What a witness keeps in its folder, and how; the newest checkpoint of a log is one file."""

from __future__ import annotations

import hashlib
import re
import secrets

from trucewatch.errors import EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.log.storage import (
    SCRATCH,
    Disk,
    clear_scratch,
    exists,
    make_folders,
    place_durably,
)
from trucewatch.evidence.tlog.cosignatures import Cosigner, CosignerKey
from trucewatch.evidence.tlog.notes import Verifier
from trucewatch.evidence.witness.requests import read_request
from trucewatch.evidence.witness.rules import Known

KEYS = "key"
PRIVATE_KEY = "key/cosigning"
VKEY = "vkey"
LOGS = "logs"
CONTRADICTIONS = "contradictions"
MOST_FORKS = 100
MOST_DOUBTS = 20
_DIGEST = re.compile("[0-9a-f]{64}")


def digest_of(origin: str) -> str:
    """How a log is called in paths: SHA-256 (hex) of its origin, as C2SP tlog-witness has it."""
    return hashlib.sha256(origin.encode()).hexdigest()


def lay_out(disk: Disk, name: str) -> Cosigner:
    """Make the folders and the key of a new witness; EvidenceError where there is one already.

    `vkey` comes last: before it stands the witness has promised nothing, and a making that was
    cut short is finished with the key that is there.
    """
    if exists(disk, VKEY):
        raise EvidenceError("there is a witness here already")
    for folder in (KEYS, SCRATCH):
        disk.make_folder(folder, private=True)
    for folder in (LOGS, CONTRADICTIONS):
        disk.make_folder(folder, private=False)
    disk.sync_folder("")
    clear_scratch(disk)
    if exists(disk, PRIVATE_KEY):
        key = CosignerKey.parse(_text(disk, PRIVATE_KEY).removesuffix("\n"))
        if key.cosigner.name != name:
            raise EvidenceError(f"here is the key of a witness of the name {key.cosigner.name}")
    else:
        key = CosignerKey(name, secrets.token_bytes(32))
        place_durably(disk, PRIVATE_KEY, f"{key.skey()}\n".encode(), private=True)
    place_durably(disk, VKEY, f"{key.cosigner.vkey()}\n".encode(), private=False)
    return key.cosigner


def read_key(disk: Disk) -> CosignerKey:
    """The private key; NotFound where there is no witness, LogDamaged where the halves differ."""
    cosigner = read_cosigner(disk)
    try:
        key = CosignerKey.parse(_text(disk, PRIVATE_KEY).removesuffix("\n"))
    except FileNotFoundError as error:
        raise EvidenceError(f"the witness's {PRIVATE_KEY} is missing") from error
    if key.cosigner.vkey() != cosigner.vkey():
        raise LogDamaged("the cosigning key is not the one whose public half is published")
    return key


def read_cosigner(disk: Disk) -> Cosigner:
    """The public key; NotFound where there is no witness."""
    try:
        return Cosigner.parse(_text(disk, VKEY).removesuffix("\n"))
    except FileNotFoundError as error:
        raise NotFound("there is no witness here: 'trucewatch witness init' makes one") from error


def add_log(disk: Disk, verifier: Verifier, *, only: bool = False) -> bool:
    """Remember a key whose log is to be witnessed; False where nothing changes. It is durable.

    A second key of the same origin is added to the first: both are believed, unless it is to be
    the `only` one from now on. What was cosigned stays known either way.
    """
    folder = f"{LOGS}/{digest_of(verifier.name)}"
    known = read_keys(disk, digest_of(verifier.name))
    others = [key for key in known if key.public != verifier.public]
    if len(others) < len(known) and not (only and others):
        return False
    make_folders(disk, folder, private=False)
    lines = "".join(f"{key.vkey()}\n" for key in [*([] if only else others), verifier])
    place_durably(disk, f"{folder}/vkey", lines.encode(), private=False)
    return True


def read_keys(disk: Disk, digest: str) -> list[Verifier]:
    """The keys of a log that is witnessed; none for a log that is not."""
    try:
        text = _text(disk, f"{LOGS}/{digest}/vkey")
    except FileNotFoundError:
        return []
    keys = [Verifier.parse(line) for line in text.removesuffix("\n").split("\n")]
    if not all(digest_of(key.name) == digest for key in keys):
        raise LogDamaged(f"{LOGS}/{digest}/vkey is another log's")
    return keys


def digests(disk: Disk) -> list[str]:
    """Every log that is witnessed."""
    return [name for name in disk.names(LOGS) if _DIGEST.fullmatch(name)]


def read_known(disk: Disk, digest: str, cosigner: Cosigner) -> Known | None:
    """The newest checkpoint of a log that this witness cosigned; None where there is none.

    LogDamaged unless it bears the witness's own valid cosignature and is that log's: a witness
    that is not sure what it said last says nothing more.
    """
    path = f"{LOGS}/{digest}/checkpoint"
    try:
        note = _text(disk, path)
    except FileNotFoundError:
        return None
    try:
        found = read_request(f"old 0\n\n{note}".encode())
    except ValueError as error:
        raise LogDamaged(f"{path}: {error}") from error
    own = [said for line in found.signatures if (said := cosigner.verify(found.text, line))]
    if len(own) != 1 or digest_of(found.origin) != digest:
        raise LogDamaged(f"{path} is not what this witness cosigned")
    return Known(size=found.size, root=found.root, at=own[0].at, note=note)


def write_known(disk: Disk, digest: str, note: str) -> None:
    """Replace the newest checkpoint of a log; it would survive a power cut on return."""
    place_durably(disk, f"{LOGS}/{digest}/checkpoint", note.encode(), private=False)


def keep_contradiction(disk: Disk, digest: str, mine: str, theirs: str, *, fork: bool) -> bool:
    """Keep two signed notes that contradict one another; False where they are kept already.

    Beyond a number that no honest log reaches nothing is added, so that nobody can fill the disk:
    what is kept proves the case. What is merely in doubt has a smaller number of its own.
    """
    folder = f"{CONTRADICTIONS}/{digest}"
    word = "fork" if fork else "doubt"
    name = f"{word}-{hashlib.sha256(theirs.encode()).hexdigest()[:32]}"
    kept = [found for found in disk.names(folder) if found.startswith(f"{word}-")]
    if f"{name}-theirs" in kept or len(kept) >= 2 * (MOST_FORKS if fork else MOST_DOUBTS):
        return False
    make_folders(disk, folder, private=False)
    # The note that shows the fault comes last: where it stands, its counterpart does too.
    place_durably(disk, f"{folder}/{name}-mine", mine.encode(), private=False)
    place_durably(disk, f"{folder}/{name}-theirs", theirs.encode(), private=False)
    return True


def contradictions(disk: Disk, digest: str) -> tuple[list[str], list[str]]:
    """The paths of the notes that were refused: certain forks, and those in doubt."""
    folder = f"{CONTRADICTIONS}/{digest}"
    found = [f"{folder}/{name}" for name in disk.names(folder) if name.endswith("-theirs")]
    forks = [path for path in found if path.startswith(f"{folder}/fork-")]
    return forks, [path for path in found if path not in forks]


def _text(disk: Disk, path: str) -> str:
    try:
        return disk.read(path).decode()
    except UnicodeDecodeError as error:
        raise LogDamaged(f"{path} is not a text") from error
