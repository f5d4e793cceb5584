"""Keys of witnesses and their cosignatures, made with nothing of the house."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Signer:
    """A key of any type under a name, from a seed of one byte."""

    def __init__(self, name: str, seed: int, *, type: int = 4) -> None:  # noqa: A002 -- its name
        self.name, self.type = name, type
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.material = bytes([type]) + public
        self.id = hashlib.sha256(name.encode() + b"\n" + self.material).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(self.material).decode()}"

    def line(self, text: str, at: int = 0) -> str:
        """A line of signature under a note's text; `at` is a witness's time in seconds."""
        time = at.to_bytes(8, "big") if self.type == 4 else b""
        head = f"cosignature/v1\ntime {at}\n" if self.type == 4 else ""
        signature = self._key.sign(f"{head}{text}".encode())
        return f"— {self.name} {base64.b64encode(self.id + time + signature).decode()}\n"

    def note(self, size: int, root: bytes) -> str:
        """A checkpoint of a log that bears this key's name."""
        text = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{text}\n{self.line(text)}"


def cosigned(note: str, *signers: tuple[Signer, int]) -> str:
    """A note with the cosignatures of some witnesses at their times."""
    text = note.rpartition("\n\n")[0] + "\n"
    return note + "".join(signer.line(text, at) for signer, at in signers)
