"""C2SP tlog-cosignature, Ed25519 (signature type 0x04): a witness's word on a checkpoint.

The signed message is a fixed first line, the time in seconds since 1970 UTC, and the checkpoint's
text. ML-DSA-44 (type 0x06) is not built: such a line counts as one of an unknown key.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.notes import (
    check_name,
    key_id,
    public_key,
    signature,
    signed,
    unbase64,
)

COSIGNATURE = b"\x04"
LATEST = (1 << 63) - 1
_LENGTH = 4 + 8 + 64


@dataclass(frozen=True, slots=True)
class Cosignature:
    """That `name` cosigned a checkpoint, and when it says it did (`at`: seconds since 1970 UTC)."""

    name: str
    at: int


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


class Cosigner:
    """A witness's public key under its name: verifies what it cosigned."""

    def __init__(self, name: str, public: bytes) -> None:
        self.name = check_name(name)
        self.public = public
        self.key_id = key_id(name, COSIGNATURE + public)
        self._key = public_key(public)

    @classmethod
    def parse(cls, vkey: str) -> Cosigner:
        """Read "name+hash+key"; LogDamaged if its parts do not agree or the key cannot cosign.

        A key of a log (type 0x01) is refused: a log keeps, a witness saw it grow.
        """
        try:
            if vkey.count("+") < 2:
                raise ValueError("a key is one line: name+hash+key")
            name, stated, encoded = vkey.split("+", 2)
            data = unbase64(encoded)
            if data[:1] != COSIGNATURE:
                raise ValueError("not an Ed25519 key of a witness (type 04)")
            cosigner = cls(name, data[1:])
        except ValueError as error:
            raise LogDamaged(f"the witness key cannot be read: {error}") from error
        if cosigner.key_id.hex() != stated:
            raise LogDamaged("the witness key does not match its own hash")
        return cosigner

    def vkey(self) -> str:
        """The key in the form that is published."""
        encoded = base64.b64encode(COSIGNATURE + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verify(self, text: str, line: str) -> Cosignature | None:
        """What the line says, or None where it is another key's; `text` is the note's signed text.

        LogDamaged where the line bears this key's name and hash and does not verify: a note with
        such a line is malformed as a whole.
        """
        name, data = signature(line)
        if name != self.name or data[:4] != self.key_id:
            return None
        at = int.from_bytes(data[4:12], "big")
        if len(data) != _LENGTH or not 1 <= at <= LATEST:
            raise LogDamaged(f"the cosignature of {name} is malformed")
        if not signed(self._key, _message(text, at), data[12:]):
            raise LogDamaged(f"the cosignature of {name} is wrong")
        return Cosignature(name, at)


class CosignerKey:
    """A witness's private key under its name. It is written only to the witness's own folder."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.cosigner = Cosigner(name, public)

    @classmethod
    def parse(cls, skey: str) -> CosignerKey:
        """Read "PRIVATE+KEY+name+hash+seed"; LogDamaged if its parts do not agree."""
        try:
            private, word, name, stated, encoded = skey.split("+", 4)
            data = unbase64(encoded)
            if (private, word, data[:1]) != ("PRIVATE", "KEY", COSIGNATURE):
                raise ValueError("not an Ed25519 cosigning key")
            key = cls(name, data[1:])
        except ValueError as error:
            # The text of the key itself never goes into a message, nor into the chain of causes.
            raise LogDamaged("the cosigning key cannot be read") from error
        if key.cosigner.key_id.hex() != stated:
            raise LogDamaged("the cosigning key does not match its own hash")
        return key

    def skey(self) -> str:
        """The key in the form in which Go's note package keeps one."""
        encoded = base64.b64encode(COSIGNATURE + self._seed).decode()
        cosigner = self.cosigner
        return f"PRIVATE+KEY+{cosigner.name}+{cosigner.key_id.hex()}+{encoded}"

    def cosign(self, text: str, at: int) -> str:
        """Sign a checkpoint's text as of `at` (seconds since 1970 UTC); the line has no newline.

        ValueError for a time that the format cannot hold.
        """
        if not 1 <= at <= LATEST:
            raise ValueError("the time of a cosignature lies between 1 and 2**63 - 1")
        stamped = at.to_bytes(8, "big") + self._key.sign(_message(text, at))
        encoded = base64.b64encode(self.cosigner.key_id + stamped).decode()
        return f"— {self.cosigner.name} {encoded}"
