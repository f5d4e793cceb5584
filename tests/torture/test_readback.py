"""A bit that flips on its way to the disk or back is seen before anything is signed over it.

One such bit ended a public certificate log in 2022: what it had signed was no longer what it held.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from tests.torture.disk import SimDisk
from tests.torture.frame import row
from tests.torture.work import HERE, NOW, new_log

from trucewatch.errors import LogDamaged
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.log.tiles import Tiles

READBACK = row("a flipped bit before signing")
SIZES = (0, 3, 253, 300, 510)
"""How many entries are published before: none, some, nearly one tile or two, and more than one."""


class FlipDisk(SimDisk):
    """Flips one bit of what is written or read, once: at the `flip_at`-th occasion while armed."""

    def __init__(self) -> None:
        super().__init__()
        self.flip_at: int | None = None
        self.bit = 0.0
        self.occasions = 0

    def _flipped(self, data: bytes) -> bytes:
        if self.flip_at is None or not data:
            return data
        self.occasions += 1
        if self.occasions != self.flip_at:
            return data
        bit = int(self.bit * 8 * len(data))
        found = bytearray(data)
        found[bit // 8] ^= 1 << bit % 8
        return bytes(found)

    def read(self, path, start=0, length=None):
        return self._flipped(super().read(path, start, length))

    def _write(self, path, start, data):
        super()._write(path, start, self._flipped(data))


@pytest.fixture
def logs():
    """Logs of several sizes, all published."""
    return [grown(FlipDisk, size) for size in SIZES]


def grown(kind, size):
    disk = new_log(kind)
    with Log.open(HERE, disk=disk) as log:
        if size:
            log.append([entry(number) for number in range(size)], received=NOW)
            log.publish()
    return disk


def entry(number: int) -> NewEntry:
    return NewEntry(kind=EntryKind.REPORT, source=f"s{number % 3}", payload=b"%d" % number)


def flip(disk: FlipDisk, random, folder: Path) -> None:
    """Append, publish while one bit flips, and hold what is published against what was sent."""
    disk = disk.clone()
    log = Log.open(HERE, disk=disk)
    start = log.size
    log.append([entry(start + 10**6 + n) for n in range(random.randrange(1, 7))], received=NOW)
    true = log.root()
    before = disk.read("checkpoint")
    disk.flip_at, disk.bit = random.randrange(1, 40), random.random()
    with suppress(LogDamaged):
        log.publish()
        assert log.checkpoint().root == true, "a wrong root was signed"
    disk.flip_at = None
    if disk.read("checkpoint") == before:
        log.close()
        with Log.open(HERE, disk=disk) as log:
            # It was found in time, and with the bit gone it is put right.
            assert log.publish().root == true
    found = fsck(disk.copy_to(folder))
    assert found.ok, found.problems
    assert found.root == true


def attempts(logs, folder):
    return lambda random, number: flip(logs[number % len(logs)], random, folder / str(number))


@READBACK.tries(parts=2)
def test_nothing_wrong_is_ever_signed(torture, logs, tmp_path):
    torture(attempts(logs, tmp_path))


@READBACK.saboteur("believes what it wrote, without reading it back", tries=60)
def test_believing_what_was_written_is_caught(torture, tmp_path):
    class Believing(FlipDisk):
        def __init__(self):
            super().__init__()
            self.meant = {}

        def write_new(self, path, data, *, private):
            self.meant[path] = data
            super().write_new(path, data, private=private)

        def rename(self, old, new):
            super().rename(old, new)
            self.meant[new] = self.meant.pop(old, None)

        def read(self, path, start=0, length=None):
            meant = self.meant.get(path)
            if self.flip_at is None or meant is None or path.startswith("journal"):
                return super().read(path, start, length)
            return meant

    torture(attempts([grown(Believing, size) for size in SIZES], tmp_path))


@READBACK.saboteur("signs the tiles' root without the journal's", tries=150)
def test_signing_whatever_the_tiles_make_is_caught(torture, logs, tmp_path, monkeypatch):
    class Agreeing(bytes):
        """A root that equals every other."""

        def __eq__(self, _):
            return True

        def __ne__(self, _):
            return False

        __hash__ = bytes.__hash__

    real = Tiles.root
    monkeypatch.setattr(Tiles, "root", lambda self, size: Agreeing(real(self, size)))
    torture(attempts(logs, tmp_path))
