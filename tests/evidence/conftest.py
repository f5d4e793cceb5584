"""Hands the simulated disks of the tries to tests of the log, and a log to tests of witnesses."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pytest
from tests.torture.disk import ForgetfulDisk, FullDisk, PowerCut, SimDisk

from trucewatch.evidence.tlog.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    leaf_hash,
    perfect_root,
    range_root,
)
from trucewatch.evidence.tlog.notes import Signer


@dataclass(frozen=True)
class Disks:
    """The disks that tests hand to a log."""

    sim: type[SimDisk] = SimDisk
    forgetful: type[ForgetfulDisk] = ForgetfulDisk
    full: type[FullDisk] = FullDisk
    power_cut: type[PowerCut] = PowerCut


@pytest.fixture(scope="session")
def disks() -> Disks:
    return Disks()


class Tree:
    """A log of others: its leaves, its key, and what it would send to a witness.

    `fork` is a second one under the same key that has the first `size` leaves and then others.
    """

    def __init__(self, origin: str = "example.org/log", seed: int = 7) -> None:
        self.signer = Signer(origin, bytes([seed]) * 32)
        self.leaves: list[bytes] = []

    @property
    def vkey(self) -> str:
        return self.signer.verifier.vkey()

    def grow(self, number: int, salt: str = "") -> Tree:
        at = len(self.leaves)
        self.leaves += [leaf_hash(f"{salt}{at + i}".encode()) for i in range(number)]
        return self

    def fork(self, size: int, number: int, salt: str = "fork") -> Tree:
        other = Tree.__new__(Tree)
        other.signer, other.leaves = self.signer, self.leaves[:size]
        return other.grow(number, salt)

    def node(self, level: int, index: int) -> bytes:
        return perfect_root(self.leaves[index << level : (index + 1) << level])

    def root(self, size: int) -> bytes:
        return range_root(0, size, self.node) if size else EMPTY_ROOT

    def note(self, size: int) -> str:
        return self.signer.checkpoint(size, self.root(size)).note

    def proof(self, old: int, size: int) -> tuple[bytes, ...]:
        return consistency_proof(old, size, self.node)

    def request(self, old: int, size: int, *, proof=None, note: str = "") -> bytes:
        proof = self.proof(old, size) if proof is None else proof
        lines = "".join(f"{base64.b64encode(item).decode()}\n" for item in proof)
        return f"old {old}\n{lines}\n{note or self.note(size)}".encode()


@pytest.fixture(scope="session")
def tree() -> type[Tree]:
    return Tree
