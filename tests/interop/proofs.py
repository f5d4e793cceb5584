"""Proofs of every shape, made with nothing of what checks them, and what can be done to them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from random import Random

from tests.evidence.witnesses import Signer

KINDS = ("report", "review", "reply", "statement", "source", "heartbeat", "decision", "bulletin")
LOG = Signer("example.org/proofs", 101, type=1)
OLD_LOG = Signer("example.org/proofs", 102, type=1)
OTHER_LOG = Signer("example.org/other", 103, type=1)
STATES = [Signer(f"state-{n}.example/w", n) for n in range(1, 8)]
STRANGER = Signer("stranger.example/w", 99)
UMLAUT = Signer("état.example/w", 98)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


@dataclass(frozen=True)
class Case:
    """A proof, or what was made of one, and with which keys it is to be checked."""

    kind: str
    data: bytes
    logs: tuple[str, ...]
    witnesses: tuple[str, ...]
    quorum: int


@dataclass(frozen=True)
class Parts:
    """What a proof says, before it is written down. The root is what the path makes of it."""

    leaf: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    witnesses: tuple[Signer, ...]
    signed: tuple[tuple[Signer, int], ...]
    quorum: int
    log: Signer = LOG
    extension: str = ""
    digits: str = ""

    def root(self) -> bytes:
        return climb(digest(b"\0", self.leaf), self.index, self.size, list(self.hashes))

    def text(self) -> str:
        size = self.digits or str(self.size)
        return f"{self.log.name}\n{size}\n{encoded(self.root())}\n{self.extension}"

    def note(self) -> str:
        text = self.text()
        lines = "".join(signer.line(text, at) for signer, at in self.signed)
        return f"{text}\n{self.log.line(text)}{lines}"

    def head(self) -> str:
        path = "".join(f"{encoded(one)}\n" for one in self.hashes)
        return f"c2sp.org/tlog-proof@v1\nextra {encoded(self.leaf)}\nindex {self.index}\n{path}"

    def case(self, kind: str = "as it was made") -> Case:
        return self.written(kind, f"{self.head()}\n{self.note()}")

    def written(self, kind: str, text: str | bytes) -> Case:
        data = text if isinstance(text, bytes) else text.encode()
        keys = tuple(witness.vkey for witness in self.witnesses)
        return Case(kind, data, (self.log.vkey,), keys, self.quorum)


def climb(node: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 6962, 2.1.1, read from the top: the path's last hash is the root's other child.

    Of a path of another length the first hashes or the last are used, as far as they go: a forged
    proof needs some root, and this one is as good as any.
    """
    if size <= 1 or not path:
        return node
    left = 1 << ((size - 1).bit_length() - 1)
    if index < left:
        return digest(b"\1", climb(node, index, left, path[:-1]), path[-1])
    return digest(b"\1", path[-1], climb(node, index - left, size - left, path[:-1]))


def depth(index: int, size: int) -> int:
    steps = 0
    while size > 1:
        left = 1 << ((size - 1).bit_length() - 1)
        index, size = (index, left) if index < left else (index - left, size - left)
        steps += 1
    return steps


def leaf(random: Random, **other: str) -> bytes:
    """A leaf of version 1 in canonical form; `other` overrides fields as they are written."""
    some = random.randbytes(32).hex
    fields = {
        "clock": f'"{random.choice((-1, 1)) * random.randrange(1, 2**62)}"',
        "envelope": f'"{some()}"',
        "kind": f'"{random.choice(KINDS)}"',
        "length": f'"{random.randrange(10**6)}"',
        "payload": f'"{random.randbytes(32).hex()}"',
        "policy": f'"{random.randbytes(32).hex()}"',
        "previous": random.choice(("null", f'"{random.randbytes(32).hex()}"')),
        "received": f'"{random.randrange(2**61)}"',
        "sequence": f'"{random.randrange(1000)}"',
        "source": f'"{random.randbytes(32).hex()}"',
        "uncertainty": f'"{random.randrange(10**10)}"',
        "v": "1",
    } | other
    if random.random() < 0.5 and "policy" not in other:
        del fields["policy"]
    return ("{" + ",".join(f'"{key}":{value}' for key, value in fields.items()) + "}").encode()


def parts(random: Random) -> Parts:
    """A proof that holds: any size below 2^63, any entry of it, any witnesses and quorum."""
    size = random.choice(
        (
            random.randrange(1, 20),
            random.randrange(1, 2000),
            1 << random.randrange(0, 63),
            random.randrange(1, 1 << random.randrange(1, 64)),
        )
    )
    index = random.choice((0, size - 1, random.randrange(size)))
    witnesses = tuple(random.sample([*STATES, UMLAUT], random.randrange(0, 6)))
    signing = random.sample(witnesses, random.randrange(len(witnesses) + 1))
    signed = [(one, random.randrange(1_700_000_000, 1_900_000_000)) for one in signing]
    if random.random() < 0.2:
        signed.append((STRANGER, random.randrange(1, 2**40)))
    return Parts(
        leaf=leaf(random),
        index=index,
        size=size,
        hashes=tuple(random.randbytes(32) for _ in range(depth(index, size))),
        witnesses=witnesses,
        signed=tuple(signed),
        quorum=random.randrange(len(signing) + 1),
        extension="a line more\n" if random.random() < 0.1 else "",
    )


def with_path(random: Random) -> Parts:
    """One with two hashes at least, as some mutants need them."""
    while True:
        found = parts(random)
        if len(found.hashes) > 1:
            return found


def witnessed(random: Random) -> Parts:
    """One that some witnesses of the policy have cosigned, of whom a quorum is asked for."""
    while True:
        found = parts(random)
        count = sum(one in found.witnesses for one, _ in found.signed)
        if count:
            return replace(found, quorum=random.randrange(1, count + 1))
