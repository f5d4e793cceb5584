"""A full disk gives no false receipt: what was read stays readable, and space alone heals it.

Where mounting is allowed the log lies on a small tmpfs of its own and the system itself runs out of
space, a page earlier in each try. Where it is not, and once more everywhere, the disk in memory
runs out at each write in turn, in the middle of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
from tests.torture.disk import FullDisk
from tests.torture.frame import row
from tests.torture.work import HERE, NOW, ORIGIN, SHORT, Workload, audit, new_log

from trucewatch.errors import TrucewatchError, WriteFailed
from trucewatch.evidence import Log, fsck
from trucewatch.evidence.log import journal, payloads

FULL = row("disk full at every write")
PAGE = 4096
POINTS = 100


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", SHORT)


@pytest.fixture
def small(tmp_path):
    """A file system of 2 MB; None where this process may not mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        yield None
        return
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, pages: int) -> Path:
    """Leave so many pages free."""
    filler = place / "filler"
    free = os.statvfs(place)
    filler.write_bytes(bytes(free.f_bavail * free.f_frsize - pages * PAGE))
    return filler


def run_out(place: Path, random: Random, pages: int) -> None:
    """A real disk runs out of space after so many pages, and has space again later."""
    folder = place / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    Log.create(folder, origin=ORIGIN).close()
    filler = fill(place, pages)
    work = Workload(random)
    try:
        until_full(folder, None, work)
        # Another process reads what is there, and none can write for long.
        with Log.open(folder, readonly=True) as log:
            work.check(log)
        until_full(folder, None, work)
    finally:
        filler.unlink()
    with Log.open(folder) as log:
        recovered(log, work)
    found = fsck(folder)
    assert found.ok, found.problems


def until_full(folder: Path, disk: FullDisk | None, work: Workload) -> Log | None:
    """Work until the disk is full; the log, with its lock released, if it could be opened."""
    log = None
    try:
        log = Log.open(folder, disk=disk)
        work.check(log)
        work.run(log)
    except WriteFailed:
        if log is not None:
            log.close()
    return log


def recovered(log: Log, work: Workload) -> None:
    """Everything that was promised is there, and what was refused is taken now."""
    work.check(log)
    for entry in work.sent:
        try:
            work.append(log, [entry])
        except TrucewatchError:
            # One that was erased since is refused for good.
            assert any(log.erased(one) for one in work.doomed)
    work.publish(log)
    work.check(log)


@FULL.tries(parts=4)
def test_a_full_disk_gives_no_false_receipt(torture, small):
    if small is None:
        torture(injected, note="in memory alone, as nothing may be mounted here")
    else:
        torture(lambda random, number: run_out(small, random, number % POINTS), note="a tmpfs")


def run_out_in_memory(disk: FullDisk, random: Random, number: int, folder=None) -> None:
    """The disk in memory runs out in the middle of a write, and has space again later."""
    disk = disk.clone()
    disk.tries, disk.full_at = 0, 1 + number % POINTS
    work = Workload(random)
    log = until_full(HERE, disk, work)
    if log is not None:
        work.check(log)
        disk.full_at = None
        for write in (log.publish, lambda: log.append([work.entry()], received=NOW)):
            with pytest.raises(WriteFailed):
                write()
    disk.full_at = None
    with Log.open(HERE, disk=disk) as log:
        recovered(log, work)
    if folder is not None:
        audit(disk, folder / str(number))


def injected(random: Random, number: int) -> None:
    """One try in memory, from an empty log on."""
    run_out_in_memory(new_log(FullDisk), random, number)


@FULL.tries(parts=2)
def test_a_disk_that_is_full_amid_a_write_gives_no_false_receipt(torture, tmp_path, monkeypatch):
    disk = new_log(FullDisk)
    few = payloads.FEW

    def attempt(random, number):
        monkeypatch.setattr(payloads, "FEW", few if random.random() < 0.5 else 1)
        run_out_in_memory(disk, random, number, tmp_path)

    torture(attempt, note="in memory")


@FULL.saboteur("does not see that a write fell short", tries=50, share=0.5)
def test_a_short_write_that_goes_unseen_is_caught(torture, tmp_path):
    class Blind(FullDisk):
        def _write(self, path, start, data):
            try:
                super()._write(path, start, data)
            except OSError:
                self.full_at = None

    disk = new_log(Blind)

    def attempt(random, number):
        work = Workload(random)
        disk_now = disk.clone()
        disk_now.tries, disk_now.full_at = 0, 1 + number % POINTS
        with Log.open(HERE, disk=disk_now) as log:
            for _ in range(40):
                work.step(log)
        with Log.open(HERE, disk=disk_now) as log:
            work.check(log, disk_now)
        audit(disk_now, tmp_path / str(number))

    torture(attempt)
