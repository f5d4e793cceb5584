"""What the tries let a log do, and what must hold of it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TypeVar

from tests.torture.disk import SimDisk

from trucewatch.evidence import EntryKind, Log, NewEntry, fsck

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("evidence")
ORIGIN = "example.org/storm"
SHORT = 8
"""Entries to a segment of the journal where a try should see segments close."""

SomeDisk = TypeVar("SomeDisk", bound=SimDisk)


class Workload:
    """Appends and publishes at random, and remembers what it was promised."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.promised: dict[int, tuple[str, str]] = {}
        self.signed = 0
        self.sent: list[NewEntry] = []

    def run(self, log: Log) -> None:
        """Go on until the disk ends it."""
        while True:
            self.step(log)

    def step(self, log: Log) -> None:
        """One append or one publication."""
        if self.random.random() < 0.3:
            self.signed = max(self.signed, log.publish().size)
            return
        batch = [self.entry() for _ in range(self.random.choice((1, 1, 2, 5)))]
        for receipt in log.append(batch, received=NOW):
            self.promised[receipt.index] = (receipt.leaf_hash, receipt.payload)

    def entry(self) -> NewEntry:
        """A report of one of three sources; one in five was sent before."""
        if self.sent and self.random.random() < 0.2:
            return self.random.choice(self.sent)
        payload = self.random.randbytes(self.random.choice((0, 3, 700)))
        source = f"s{self.random.randrange(3)}"
        entry = NewEntry(kind=EntryKind.REPORT, source=source, payload=payload)
        self.sent.append(entry)
        return entry

    def check(self, log: Log) -> None:
        """What was promised is there, in its place, whole, and nothing is there twice."""
        assert log.size >= self.signed, f"{self.signed} entries were signed, {log.size} are there"
        found = list(log.entries())
        for index, (leaf, payload) in self.promised.items():
            assert index < len(found), f"entry {index} was acknowledged and is lost"
            assert (found[index].leaf_hash, found[index].payload) == (leaf, payload)
        for entry in found:
            log.payload(entry.payload)
        assert len({(entry.source, entry.payload) for entry in found}) == len(found)


def new_log(kind: type[SomeDisk]) -> SomeDisk:
    """A disk with an empty log, all of it durable whatever the disk is like later."""
    disk = kind()
    Log.create(HERE, origin=ORIGIN, disk=disk).close()
    disk.settle()
    return disk


def audit(disk: SimDisk, folder: Path) -> None:
    """The whole fsck, of a log that has just been opened for writing."""
    found = fsck(disk.copy_to(folder))
    assert found.ok, found.problems
    assert found.unpublished == 0
