"""The auditor's own reading of keys, signed notes, checkpoints and cosignatures (C2SP)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trucewatch.evidence.audit.published import small_order, strict_base64

LOG, WITNESS = 0x01, 0x04
"""Types of keys: plain Ed25519 signs for a log, time-stamped Ed25519 for a witness."""

NOTE_LIMIT = 1 << 18
SIGNATURES = 100
LATEST = 253_402_300_799
"""The last second of the year 9999; a cosignature that says a later one is passed over."""

_WORDS = {LOG: "a log's key (Ed25519)", WITNESS: "a witness's key (Ed25519 with a time)"}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Key:
    """A public key under a name; `type` is LOG or WITNESS, `id` the four bytes signatures bear."""

    name: str
    type: int
    public: bytes
    id: bytes

    def vkey(self) -> str:
        """How the key begins in writing; enough to tell it from others in a message."""
        return f"{self.name}+{self.id.hex()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note: the text that is signed, and who signed (name; key id and signature)."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: the log `origin` has `size` entries under `root`."""

    origin: str
    size: int
    root: bytes


def read_key(text: str, use: int) -> Key:
    """Read "name+id+key" (C2SP signed-note); ValueError for another form, type, or a false id.

    Line ends are the caller's to remove.
    """
    try:
        name, stated, encoded = text.split("+", 2)
        data = strict_base64(encoded)
    except ValueError:
        raise ValueError("a key is written NAME+ID+KEY, the last in base64") from None
    if not _is_name(name):
        raise ValueError("the name of a key is not empty and holds no space and no control sign")
    found = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if stated != found.hex():
        raise ValueError("the key does not match its own id")
    if data[:1] != bytes([use]):
        raise ValueError(f"it is not {_WORDS[use]}; other types are not supported")
    if len(data) != 33:
        raise ValueError("an Ed25519 key has 32 bytes")
    if small_order(data[1:]):
        raise ValueError("the key is worthless: anybody can sign under it")
    return Key(name, use, data[1:], found)


def _is_name(text: str) -> bool:
    return bool(text) and not any(c.isspace() or c in "+\x00" or ord(c) < 32 for c in text)


def read_note(data: bytes) -> Note:
    """Read a signed note whole before any of it is believed; ValueError with the reason.

    At most NOTE_LIMIT bytes and SIGNATURES lines, UTF-8, no control signs, and below the text
    nothing but signatures in their one spelling.
    """
    if len(data) > NOTE_LIMIT:
        raise ValueError(f"a note has at most {NOTE_LIMIT} bytes")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise ValueError("the note is not UTF-8") from None
    if _CONTROL.search(whole):
        raise ValueError("the note holds a control sign")
    text, gap, below = whole.rpartition("\n\n")
    if not text or not gap or not below.endswith("\n"):
        raise ValueError("the note is not a text, an empty line and signatures")
    lines = below[:-1].split("\n")
    if len(lines) > SIGNATURES:
        raise ValueError(f"the note has more than {SIGNATURES} signatures")
    return Note(f"{text}\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _is_name(parts[1]):
        raise ValueError("a line below the note is no signature")
    try:
        data = strict_base64(parts[2])
    except ValueError:
        raise ValueError("a signature is not base64 in its one spelling") from None
    if len(data) < 5:
        raise ValueError("a signature is too short")
    return parts[1], data


def read_head(note: Note) -> Head:
    """What the text of a checkpoint says; ValueError for a text that is none."""
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has an origin, a size and a root, and no empty line")
    size = read_number(lines[1], "the size")
    try:
        root = strict_base64(lines[2])
    except ValueError:
        raise ValueError("the root is not base64 in its one spelling") from None
    if len(root) != 32:
        raise ValueError("the root is not a SHA-256")
    return Head(lines[0], size, root)


def read_number(text: str, what: str) -> int:
    """A decimal without leading zeros, below 2^63; ValueError otherwise."""
    if not _NUMBER.fullmatch(text) or int(text) >= 1 << 63:
        raise ValueError(f"{what} is not a decimal number below 2^63 without leading zeros")
    return int(text)


def signed_by(note: Note, key: Key) -> tuple[int, ...]:
    """The times of every signature that `key` put on a note, 0 for a log's; empty if it did not.

    ValueError where a line bears the key's name and id and is not its signature: such a note is
    refused whole, whatever else stands on it.
    """
    found = []
    for name, data in note.signatures:
        if (name, data[:4]) == (key.name, key.id):
            message, time = _message(note, key, data[4:])
            if message is None or not _verifies(key, data[-64:], message):
                raise ValueError(f"the signature of {key.vkey()} is wrong")
            # No calendar holds it: the witness lies, and cannot spoil what others signed by that.
            if time <= LATEST:
                found.append(time)
    return tuple(found)


def _message(note: Note, key: Key, signature: bytes) -> tuple[bytes | None, int]:
    """What a key of this type signs, and when it says that it did; None for another length."""
    text = note.text.encode()
    if key.type == LOG:
        return (text if len(signature) == 64 else None), 0
    time = int.from_bytes(signature[:8], "big")
    if len(signature) != 72 or not 1 <= time < 1 << 63:
        return None, 0
    return b"cosignature/v1\ntime %d\n" % time + text, time


def _verifies(key: Key, signature: bytes, message: bytes) -> bool:
    if small_order(key.public) or small_order(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
