"""What survives a power cut, a kill and a full disk; and the saboteurs that must be caught."""

from __future__ import annotations

import errno
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from trucewatch.errors import LogDamaged, WriteFailed
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.log import journal, payloads

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("evidence")
ORIGIN = "example.org/storm"


class Workload:
    """Appends and publishes at random, and remembers what it was promised."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.promised: dict[int, tuple[str, str]] = {}
        self.signed = 0
        self.sent: list[NewEntry] = []

    def run(self, log: Log) -> None:
        while True:
            if self.random.random() < 0.3:
                self.signed = max(self.signed, log.publish().size)
                continue
            batch = [self._entry() for _ in range(self.random.choice((1, 1, 2, 5)))]
            for receipt in log.append(batch, received=NOW):
                self.promised[receipt.index] = (receipt.leaf_hash, receipt.payload)

    def _entry(self) -> NewEntry:
        if self.sent and self.random.random() < 0.2:
            return self.random.choice(self.sent)
        payload = self.random.randbytes(self.random.choice((0, 3, 700)))
        source = f"s{self.random.randrange(3)}"
        entry = NewEntry(kind=EntryKind.REPORT, source=source, payload=payload)
        self.sent.append(entry)
        return entry

    def check(self, log: Log) -> None:
        """What was promised is there, in its place, whole, and nothing is there twice."""
        assert log.size >= self.signed
        found = list(log.entries())
        for index, (leaf, payload) in self.promised.items():
            assert index < len(found)
            assert (found[index].leaf_hash, found[index].payload) == (leaf, payload)
        for entry in found:
            log.payload(entry.payload)
        assert len({(entry.source, entry.payload) for entry in found}) == len(found)


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", 8)


def empty(kind):
    disk = kind()
    Log.create(HERE, origin=ORIGIN, disk=disk).close()
    # What was laid out is durable on any of these disks: the storm is what is tried.
    for folder, names in disk.folders.items():
        disk.safe[folder] = dict(names)
        for file in names.values():
            if file is not None:
                file.safe, file.pending = bytearray(file.now), []
    return disk


@pytest.mark.parametrize("fails", ["write", "sync"])
@pytest.mark.parametrize("few", [1, 16])
def test_a_disk_that_fails_at_any_point_gives_no_false_receipt(
    disks, tmp_path, monkeypatch, fails, few
):
    monkeypatch.setattr(payloads, "FEW", few)
    points = 0
    for at in range(1, 200):
        disk = empty(disks.full)
        disk.fails, disk.full_at, disk.tries = fails, at, 0
        work = Workload(Random(7))
        steps = 0
        try:
            log = Log.open(HERE, disk=disk)
        except WriteFailed:
            log = None
        else:
            try:
                while steps < 6:
                    steps += 1
                    batch = [work._entry() for _ in range(3)]
                    for receipt in log.append(batch, received=NOW):
                        work.promised[receipt.index] = (receipt.leaf_hash, receipt.payload)
                    if steps % 2 == 0:
                        work.signed = log.publish().size
            except WriteFailed:
                # Reads stay up, writing does not, even when there is space again.
                work.check(log)
                disk.full_at = None
                with pytest.raises(WriteFailed):
                    log.append(batch, received=NOW)
                with pytest.raises(WriteFailed):
                    log.publish()
            else:
                break
        points += 1
        disk.full_at = None
        with Log.open(HERE, disk=disk) as log:
            work.check(log)
            log.append(work.sent, received=NOW)
            log.publish()
            work.check(log)
        if at % 4 == 0:
            assert fsck(disk.copy_to(tmp_path / str(at))).ok
    else:
        pytest.fail("the run takes more steps than were tried")
    assert points > (30 if few > 1 else 20)


@pytest.mark.parametrize("rewrite", [True, False])
def test_bytes_that_a_failed_sync_left_in_memory_are_written_again(disks, monkeypatch, rewrite):
    """After a failed fsync the system shows bytes that are not on the disk, and calls them clean.

    Without the rewriting on opening (the saboteur) an entry is taken for durable that is not.
    """

    class Liar(disks.sim):
        broken = True

        def sync_file(self, path):
            if self.broken and path.startswith("journal") and self._file(path).pending:
                self._file(path).pending = []
                raise OSError(errno.EIO, "input/output error", path)
            if self._file(path).pending:
                super().sync_file(path)

    if not rewrite:
        monkeypatch.setattr(journal.Journal, "rewrite", lambda *_: None)
    disk = empty(disks.sim)
    log = Log.open(HERE, disk=disk)
    log.append([NewEntry(kind=EntryKind.REPORT, source="s", payload=b"0")], received=NOW)
    log.publish()
    disk.__class__ = Liar
    with pytest.raises(WriteFailed):
        log.append([NewEntry(kind=EntryKind.REPORT, source="s", payload=b"p")], received=NOW)
    disk.broken = False
    with Log.open(HERE, disk=disk) as log:
        assert log.size == 2
    disk.__class__ = disks.sim
    after = disk.after_power_cut(Random(1))
    if rewrite:
        with Log.open(HERE, disk=after) as log:
            assert log.size == 2
    else:
        with pytest.raises(LogDamaged, match="ahead of the journal"):
            Log.open(HERE, disk=after)
