"""C2SP signed notes and checkpoints, signed with Ed25519 (signature type 0x01)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trucewatch.errors import LogDamaged

ED25519 = b"\x01"
# A longer note is refused unread. Go's note package takes no more signatures than this either.
_LONGEST_NOTE = 1 << 18
_MOST_SIGNATURES = 100
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
# The spellings, without the sign, of the points whose order divides eight. Libraries differ about a
# signature that begins with one: taken here, it would spoil the note for whoever refuses it.
_SMALL_ORDER = frozenset(
    bytes.fromhex(spelling)
    for spelling in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        *(low + "ff" * 30 + "7f" for low in ("ec", "ed", "ee")),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A signed statement that the log `origin` had `size` entries under `root` (hex).

    `note` is the signed text as it is published.
    """

    origin: str
    size: int
    root: str
    note: str


def check_name(name: str) -> str:
    """Return a key name, which is also the log's origin; ValueError for what a note cannot hold."""
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise ValueError("an origin is not empty and holds no white space, control or plus sign")
    return name


def key_id(name: str, material: bytes) -> bytes:
    """The four bytes that name a key beside `name`; `material` is its type and public key."""
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def unbase64(text: str) -> bytes:
    """Decode base64 in its one canonical spelling; ValueError for any other."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ValueError("not base64 in its canonical spelling")
    return data


def signature(line: str) -> tuple[str, bytes]:
    """The name, and the key hash and signature, of one line below a note; LogDamaged otherwise."""
    match line.split(" "):
        case ["—", name, encoded]:
            try:
                data = unbase64(encoded)
            except ValueError as error:
                raise LogDamaged(f"the note has a malformed signature: {error}") from error
            if not name or "+" in name or any(c.isspace() for c in name) or len(data) < 5:
                raise LogDamaged("the note has a malformed signature: no name, or too short")
            return name, data
        case _:
            raise LogDamaged("the note has a malformed signature line")


def split_note(note: str) -> tuple[str, list[str]]:
    """The text that is signed, and the lines below it; LogDamaged where it has not that form.

    The lines are as they stand: `signature` reads one.
    """
    if len(note) > _LONGEST_NOTE or _CONTROL.search(note):
        raise LogDamaged("the note is too long or holds a control character")
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not text or not signatures.endswith("\n"):
        raise LogDamaged("the note has no signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise LogDamaged(f"the note has more than {_MOST_SIGNATURES} signatures")
    return f"{text}\n", lines


def small_order(point: bytes) -> bool:
    """Whether 32 bytes spell a point of small order: as a key, anybody can sign under it."""
    return point[:31] + bytes([point[31] & 0x7F]) in _SMALL_ORDER


def public_key(data: bytes) -> Ed25519PublicKey:
    """A public key that is worth something; ValueError for any other."""
    key = Ed25519PublicKey.from_public_bytes(data)
    if small_order(data):
        raise ValueError("the key is worthless: anybody can sign under it")
    return key


def signed(key: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether a signature is the key's, by the strictest of the readings that there are."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return not small_order(signature[:32])


class Verifier:
    """A public key under a name: verifies notes that carry its signature."""

    def __init__(self, name: str, public: bytes) -> None:
        self.name = check_name(name)
        self.public = public
        self.key_id = key_id(name, ED25519 + public)
        self._key = public_key(public)

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read "name+hash+key" (C2SP signed-note); LogDamaged if its parts do not agree."""
        try:
            if vkey.count("+") < 2:
                raise ValueError("a key is one line: name+hash+key")
            name, stated, encoded = vkey.split("+", 2)
            data = unbase64(encoded)
            if data[:1] != ED25519:
                raise ValueError("not an Ed25519 key")
            verifier = cls(name, data[1:])
        except ValueError as error:
            raise LogDamaged(f"the verifier key cannot be read: {error}") from error
        if verifier.key_id.hex() != stated:
            raise LogDamaged("the verifier key does not match its own hash")
        return verifier

    def vkey(self) -> str:
        """The key in the form that is published."""
        encoded = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        return signed(self._key, message, signature)

    def text(self, note: str) -> str:
        """The signed text of a note; LogDamaged unless this key signed it.

        Signatures of other keys (witnesses) are passed over, as the specification asks.
        """
        text, lines = split_note(note)
        # Every line is read before any is believed, so that rubbish after ours is refused too.
        for line in lines:
            signature(line)
        if any(self.verify(text, line) for line in lines):
            return text
        raise LogDamaged(f"the note is not signed by {self.name}")

    def verify(self, text: str, line: str) -> bool:
        """Whether this key signed the text by this line; False where it is another key's line.

        LogDamaged where the line bears this key's name and hash and does not verify.
        """
        name, data = signature(line)
        if name != self.name or data[:4] != self.key_id:
            return False
        if not self.signed(text.encode(), data[4:]):
            raise LogDamaged(f"the signature of {name} is wrong")
        return True

    def checkpoint(self, note: str) -> Checkpoint:
        """Read a checkpoint of the log that bears this key's name; LogDamaged otherwise."""
        lines = self.text(note).split("\n")
        if len(lines) < 4 or lines[0] != self.name or not _SIZE.fullmatch(lines[1]):
            raise LogDamaged("the checkpoint is not one of this log")
        try:
            root = unbase64(lines[2])
        except ValueError as error:
            raise LogDamaged(f"the checkpoint's root cannot be read: {error}") from error
        if len(root) != 32:
            raise LogDamaged("the checkpoint's root is not a SHA-256")
        return Checkpoint(origin=lines[0], size=int(lines[1]), root=root.hex(), note=note)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """What is signed of a checkpoint: the same whichever key signs, and whoever cosigns."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


class Signer:
    """A private key under a name. It is written only to the log's `key/` folder."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.verifier = Verifier(name, public)

    @classmethod
    def parse(cls, skey: str) -> Signer:
        """Read "PRIVATE+KEY+name+hash+seed"; LogDamaged if its parts do not agree."""
        try:
            private, word, name, stated, encoded = skey.split("+", 4)
            data = unbase64(encoded)
            if (private, word, data[:1]) != ("PRIVATE", "KEY", ED25519):
                raise ValueError("not an Ed25519 signing key")
            signer = cls(name, data[1:])
        except ValueError as error:
            # The text of the key itself never goes into a message.
            raise LogDamaged("the signing key cannot be read") from error
        if signer.verifier.key_id.hex() != stated:
            raise LogDamaged("the signing key does not match its own hash")
        return signer

    def skey(self) -> str:
        """The key in the form in which Go's note package keeps one."""
        encoded = base64.b64encode(ED25519 + self._seed).decode()
        verifier = self.verifier
        return f"PRIVATE+KEY+{verifier.name}+{verifier.key_id.hex()}+{encoded}"

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of a signature over the message."""
        return self._key.sign(message)

    def _line(self, text: str) -> str:
        """What stands below a text that this key signs."""
        signature = base64.b64encode(self.verifier.key_id + self.sign(text.encode()))
        return f"— {self.verifier.name} {signature.decode()}\n"

    def checkpoint(self, size: int, root: bytes, *, also: Signer | None = None) -> Checkpoint:
        """Sign the statement that the log has `size` entries under `root`.

        `also` is a second key of the same log, which signs on a line of its own.
        """
        name = self.verifier.name
        text = checkpoint_text(name, size, root)
        lines = [self._line(text), *([] if also is None else [also._line(text)])]
        note = f"{text}\n{''.join(lines)}"
        return Checkpoint(origin=name, size=size, root=root.hex(), note=note)
