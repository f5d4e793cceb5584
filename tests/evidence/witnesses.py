"""Keys of logs and witnesses, and logs on paper, for those who want to sign a lie."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trucewatch.evidence.audit.published import hash_leaf, tree_root

FIRST_LINE = "c2sp.org/tlog-proof@v1"
WORTHLESS = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
"""A public key of small order: anybody can sign under it."""

_ORDER = (1 << 252) + 27742317777372353535851937790883648493


def vkey_of(name: str, material: bytes) -> str:
    """A verifier key of any type byte and public key."""
    digest = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    return f"{name}+{digest.hex()}+{base64.b64encode(material).decode()}"


class Signer:
    """A key of any type under a name, from a seed of one byte."""

    def __init__(self, name: str, seed: int, *, type: int = 4) -> None:  # noqa: A002 -- its name
        self.name, self.type = name, type
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        half = int.from_bytes(hashlib.sha512(bytes([seed]) * 32).digest()[:32], "little")
        self._scalar = half & ((1 << 254) - 8) | 1 << 254
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

    def odd_line(self, text: str, at: int = 0) -> str:
        """The same with a signature whose R is of small order: most libraries take it."""
        time = at.to_bytes(8, "big") if self.type == 4 else b""
        head = f"cosignature/v1\ntime {at}\n" if self.type == 4 else ""
        point = b"\x01" + bytes(31)
        digest = hashlib.sha512(point + self.material[1:] + f"{head}{text}".encode()).digest()
        scalar = int.from_bytes(digest, "little") * self._scalar % _ORDER
        signature = point + scalar.to_bytes(32, "little")
        self._key.public_key().verify(signature, f"{head}{text}".encode())
        return f"— {self.name} {base64.b64encode(self.id + time + signature).decode()}\n"

    def note(self, size: int, root: bytes) -> str:
        """A checkpoint of a log that bears this key's name."""
        text = f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{text}\n{self.line(text)}"


def cosigned(note: str, *signers: tuple[Signer, int]) -> str:
    """A note with the cosignatures of some witnesses at their times."""
    text = note.rpartition("\n\n")[0] + "\n"
    return note + "".join(signer.line(text, at) for signer, at in signers)


class Paper:
    """A log that exists on paper alone: any leaves, signed by whom one likes."""

    def __init__(self, *leaves: bytes, signer: Signer) -> None:
        self.leaves, self.signer = leaves, signer
        self.hashes = [hash_leaf(leaf) for leaf in leaves]

    def note(self, *witnesses: tuple[Signer, int], extra: str = "") -> str:
        root = base64.b64encode(tree_root(self.hashes)).decode()
        text = f"{self.signer.name}\n{len(self.leaves)}\n{root}\n{extra}"
        return cosigned(f"{text}\n{self.signer.line(text)}", *witnesses)

    def proof(self, index: int, note: str, *, leaf: bytes | None = None) -> bytes:
        path, row, at = [], self.hashes, index
        while len(row) > 1:
            if at ^ 1 < len(row):
                path.append(base64.b64encode(row[at ^ 1]).decode())
            row = [tree_root(row[n : n + 2]) for n in range(0, len(row), 2)]
            at //= 2
        held = self.leaves[index] if leaf is None else leaf
        lines = [FIRST_LINE, f"extra {base64.b64encode(held).decode()}", f"index {index}", *path]
        return ("\n".join(lines) + f"\n\n{note}").encode()


PAYLOAD = b"what was seen"


def a_leaf(number: int, *, length: int = len(PAYLOAD)) -> bytes:
    digest = hashlib.sha256(PAYLOAD).hexdigest()
    return (
        f'{{"clock":"{number}","envelope":"{"0" * 64}","kind":"report","length":"{length}",'
        f'"payload":"{digest}","previous":null,"received":"{number}","sequence":"0",'
        f'"source":"{"1" * 64}","uncertainty":"0","v":1}}'
    ).encode()
