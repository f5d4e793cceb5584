"""What the tries let a log do, and what must hold of it afterwards."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import TypeVar

import pytest
from tests.torture.disk import SimDisk

from trucewatch.errors import Erased
from trucewatch.evidence import (
    Approved,
    Asked,
    Concerned,
    EntryKind,
    Log,
    NewEntry,
    Receipt,
    Why,
    encode_step,
    fsck,
)
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.evidence.log.storage import Disk, exists
from trucewatch.evidence.log.witnessed import witnessed_path

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("evidence")
ORIGIN = "example.org/storm"
SHORT = 8
"""Entries to a segment of the journal where a try should see segments close."""

SomeDisk = TypeVar("SomeDisk", bound=SimDisk)


class Workload:
    """Does at random what a log can do, and remembers what it was promised."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.promised: dict[int, tuple[str, str]] = {}
        self.signed = 0
        self.sent: list[NewEntry] = []
        self.lines: dict[int, list[str]] = {}
        self.keys = 1
        # An erasure that was begun may be through though nobody was told: the payload may be gone.
        self.doomed: set[str] = set()
        self.erased: set[str] = set()

    def run(self, log: Log) -> None:
        """Go on until the disk ends it."""
        while True:
            self.step(log)

    def step(self, log: Log) -> None:
        """One append, publication, cosignature, erasure or change of key."""
        dice = self.random.random()
        if dice < 0.25:
            self.publish(log)
        elif dice < 0.32:
            self.cosign(log)
        elif dice < 0.35:
            self.erase(log)
        elif dice < 0.36:
            self.rotate(log)
        else:
            self.append(log, [self.entry() for _ in range(self.random.choice((1, 1, 2, 5)))])

    def publish(self, log: Log) -> None:
        """Publish; a log that has signed so many entries never has fewer."""
        self.signed = max(self.signed, log.publish().size)

    def append(self, log: Log, batch: list[NewEntry]) -> Receipt:
        """Append, and hold the log to its receipts; the first of them is returned."""
        receipts = log.append(batch, received=NOW)
        for receipt in receipts:
            self.promised[receipt.index] = (receipt.leaf_hash, receipt.payload)
        return receipts[0]

    def cosign(self, log: Log) -> None:
        """A line such as a witness would give; its signature is not the log's to check."""
        line = f"— w{self.random.randrange(3)} {b64encode(self.random.randbytes(76)).decode()}"
        found = log.cosign([line])
        self.lines.setdefault(found.size, []).append(line)

    def erase(self, log: Log) -> None:
        """Two people have one payload erased."""
        known = {entry.payload for entry in log.entries() if entry.length and entry.name == "r"}
        free = sorted(one for one in known - self.doomed if log.erased(one) is None)
        if not free:
            return
        payload = self.random.choice(free)
        self.doom(payload)
        asked = self.append(log, [_step(Asked(by="one", reason="danger", payload=payload))])
        concerned = [entry for entry in log.entries() if entry.payload == payload]
        approved = Approved(
            by="two",
            request=asked.index,
            leaf=asked.leaf_hash,
            payload=payload,
            entries=tuple(Concerned(index=entry.index) for entry in concerned),
            files=tuple(sorted({entry.stored for entry in concerned})),
        )
        self.append(log, [_step(approved)])
        self.erased.add(payload)

    def doom(self, payload: str) -> None:
        """From now on the payload may be gone."""
        self.doomed.add(payload)

    def rotate(self, log: Log) -> None:
        """The log gets another key."""
        log.change_key(why=Why.ROTATION, by="one", reason="due", source="operator", received=NOW)
        self.keys += 1

    def entry(self) -> NewEntry:
        """A report of one of three sources; one in five was sent before."""
        if self.random.random() < 0.2:
            again = [
                entry
                for entry in self.sent
                if hashlib.sha256(entry.payload).hexdigest() not in self.doomed
            ]
            if again:
                return self.random.choice(again)
        payload = self.random.randbytes(self.random.choice((0, 3, 700)))
        source = f"s{self.random.randrange(3)}"
        entry = NewEntry(kind=EntryKind.REPORT, source=source, payload=payload, name="r")
        self.sent.append(entry)
        return entry

    def check(self, log: Log, disk: Disk | None = None) -> None:
        """What was promised is there, in its place, whole, and nothing is there twice.

        With a disk, of a log that was just opened for writing, what was erased is gone from it.
        """
        assert log.size >= self.signed, f"{self.signed} entries were signed, {log.size} are there"
        found = list(log.entries())
        for index, (leaf, payload) in self.promised.items():
            assert index < len(found), f"entry {index} was acknowledged and is lost"
            assert (found[index].leaf_hash, found[index].payload) == (leaf, payload)
        for payload in self.erased:
            assert log.erased(payload), f"payload {payload} was erased and is so no more"
        for entry in found:
            if log.erased(entry.payload) is None:
                log.payload(entry.payload)
                continue
            assert entry.payload in self.doomed
            with pytest.raises(Erased):
                log.payload(entry.payload)
            assert disk is None or not exists(disk, payload_path(entry.stored))
        reports = [(e.source, e.payload) for e in found if e.kind is EntryKind.REPORT]
        assert len(set(reports)) == len(reports), "a report stands there twice"
        assert len(log.key_history()) >= self.keys
        for size, lines in self.lines.items() if disk else ():
            kept = disk.read(witnessed_path(size)).decode().splitlines()
            assert {line.split()[1] for line in lines} <= {
                line.split()[1] for line in kept if line.startswith("— ")
            }


def _step(step: Asked | Approved) -> NewEntry:
    return NewEntry(kind=EntryKind.ERASED, source="operator", payload=encode_step(step))


def new_log(kind: type[SomeDisk]) -> SomeDisk:
    """A disk with an empty log, all of it durable whatever the disk is like later."""
    disk = kind()
    Log.create(HERE, origin=ORIGIN, disk=disk).close()
    disk.settle()
    return disk


def audit(disk: SimDisk, folder: Path) -> None:
    """The whole fsck, of a log that has just been opened for writing."""
    found = fsck(disk.copy_to(folder))
    rmtree(folder)
    assert found.ok, found.problems
    assert found.unpublished == 0
