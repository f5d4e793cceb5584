"""What survives a power cut, a kill and a full disk; and the saboteurs that must be caught."""

from __future__ import annotations

import errno
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from trucewatch.errors import LogDamaged, TrucewatchError, WriteFailed
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


def storm(disk, power_cut, seed: int, folder: Path, *, audit: bool) -> None:
    """Three lives of one log, each ended by a power cut."""
    random = Random(seed)
    work = Workload(random)
    disk = disk.clone()
    for _ in range(3):
        disk.cut_at = disk.operations + random.randrange(1, 120)
        with pytest.raises(power_cut):
            work.run(Log.open(HERE, disk=disk))
        kind = type(disk)
        disk = disk.after_power_cut(random)
        disk.__class__ = kind
    with Log.open(HERE, disk=disk) as log:
        work.check(log)
    if audit:
        found = fsck(disk.copy_to(folder))
        assert found.ok, found.problems
        assert found.unpublished == 0


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


def test_power_cuts_lose_nothing(disks, tmp_path):
    disk = empty(disks.sim)
    for seed in range(300):
        storm(disk, disks.power_cut, seed, tmp_path / str(seed), audit=seed % 3 == 0)


@pytest.fixture
def together(monkeypatch):
    """Every batch with more than one new payload is synced with everything on the disk."""
    monkeypatch.setattr(payloads, "FEW", 1)


@pytest.mark.usefixtures("together")
def test_power_cuts_lose_nothing_where_all_is_synced_at_once(disks, tmp_path):
    disk = empty(disks.sim)
    for seed in range(300):
        storm(disk, disks.power_cut, seed, tmp_path / str(seed), audit=seed % 3 == 0)


class Forgetful:
    """Syncing everything, wrongly: `forgets` says what; mixed in before a simulated disk."""

    forgets = ""
    calls = 0

    def sync_all(self):
        self.calls += 1
        names = {folder: dict(names) for folder, names in self.safe.items()}
        files = [f for kept in self.folders.values() for f in kept.values() if f is not None]
        before = [(f, f.safe, f.pending) for f in files]
        super().sync_all()
        odd = self.calls % 2 == 1
        if self.forgets in ("all", "names", "first" if odd else "second"):
            self.safe = names
        if self.forgets in ("all", "bytes", "first" if odd else "second"):
            for file, safe, pending in before:
                file.safe, file.pending = safe, pending


@pytest.mark.usefixtures("together")
@pytest.mark.parametrize("what", ["all", "bytes", "names", "first", "second"])
def test_each_part_of_syncing_everything_is_needed(disks, tmp_path, what):
    class Careless(Forgetful, disks.sim):
        forgets = what

    assert is_caught(empty(Careless), disks.power_cut, tmp_path)


def is_caught(disk, power_cut, folder):
    """Whether any of many storms finds the saboteur out."""
    for seed in range(600):
        try:
            storm(disk, power_cut, seed, folder / str(seed), audit=True)
        except (AssertionError, TrucewatchError, OSError):
            return True
    return False


@pytest.mark.usefixtures("together")
def test_names_before_bytes_are_caught(disks, tmp_path, monkeypatch):
    """The saboteur that spares the first sync leaves parts of payloads under their names."""

    def hasty(disk, files, *, private):
        for number, (path, data) in enumerate(files.items()):
            disk.write_new(f"tmp/{number}", data, private=private)
            disk.rename(f"tmp/{number}", path)
        disk.sync_all()

    monkeypatch.setattr(payloads, "place_many", hasty)
    assert is_caught(empty(disks.sim), disks.power_cut, tmp_path)


def test_the_saboteur_that_does_not_sync_is_caught(disks, tmp_path):
    disk = empty(disks.forgetful)
    caught = 0
    for seed in range(100):
        try:
            storm(disk, disks.power_cut, seed, tmp_path, audit=False)
        except (AssertionError, TrucewatchError, OSError):
            caught += 1
    assert caught > 95


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("file", "journal"),
        ("file", "tmp"),
        ("folder", "journal"),
        ("folder", "payload"),
        ("folder", "tile"),
        ("folder", ""),
    ],
)
def test_each_single_sync_is_needed(disks, tmp_path, what, where):
    """A saboteur that forgets one kind of sync alone is caught too."""

    class Careless(disks.sim):
        def sync_file(self, path):
            if what == "folder" or path.partition("/")[0] != where:
                super().sync_file(path)

        def sync_folder(self, path):
            if what == "file" or path.partition("/")[0] != where:
                super().sync_folder(path)

    disk = empty(Careless)
    caught = 0
    for seed in range(60):
        try:
            storm(disk, disks.power_cut, seed, tmp_path, audit=False)
        except (AssertionError, TrucewatchError, OSError):
            caught += 1
    assert caught > 0


def test_a_creation_that_was_cut_short_can_be_begun_again(disks, tmp_path):
    for cut in range(1, 60):
        disk = disks.sim()
        disk.cut_at = cut
        try:
            Log.create(HERE, origin=ORIGIN, disk=disk)
        except disks.power_cut:
            pass
        else:
            break
        after = disk.after_power_cut(Random(cut))
        try:
            log = Log.open(HERE, disk=after)
        except TrucewatchError:
            log = Log.create(HERE, origin=ORIGIN, disk=after)
        entry = NewEntry(kind=EntryKind.REPORT, source="s", payload=b"p")
        log.append([entry], received=NOW)
        log.publish()
        assert fsck(after.copy_to(tmp_path / str(cut))).ok
    else:
        pytest.fail("creation takes more steps than were tried")


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


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trucewatch.evidence import EntryKind, Log, NewEntry
log = Log.open(Path(sys.argv[1]))
print("open", flush=True)
for number in range(10**6):
    batch = [
        NewEntry(kind=EntryKind.REPORT, source="s", payload=f"{sys.argv[2]}/{number}/{i}".encode())
        for i in range(3)
    ]
    for receipt in log.append(batch, received=datetime(2026, 4, 12, tzinfo=UTC)):
        print(receipt.index, receipt.leaf_hash, flush=True)
    if number % 5 == 0:
        log.publish()
"""


def test_killed_writers_lose_nothing(tmp_path):
    folder = tmp_path / "evidence"
    Log.create(folder, origin=ORIGIN).close()
    random = Random(3)
    promised: dict[int, str] = {}
    for life in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, folder, str(life)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(random.randrange(1, 60))]
        writer.kill()
        lines += writer.communicate()[0].splitlines(keepends=True)
        for line in lines:
            if line.endswith("\n") and line != "open\n":
                index, leaf = line.split()
                promised[int(index)] = leaf
    with Log.open(folder) as log:
        found = list(log.entries())
        assert promised
        assert all(found[index].leaf_hash == leaf for index, leaf in promised.items())
        assert len({entry.payload for entry in found}) == len(found)
    assert fsck(folder).ok
