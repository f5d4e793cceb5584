"""A sync that fails ends the writer: nothing is tried again, and nothing that it lost is believed.

After a failed fsync Linux marks the bytes as written, so a second fsync says that all is well. What
is not yet published is therefore written anew when the log is opened again.
"""

from __future__ import annotations

from random import Random

import pytest
from tests.torture.disk import GateDisk
from tests.torture.frame import row
from tests.torture.work import HERE, SHORT, Workload, audit, new_log

from trucewatch.errors import WriteFailed
from trucewatch.evidence import Log
from trucewatch.evidence.log import journal, payloads

SYNC = row("fsync fails at every sync")
POINTS = 100


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", SHORT)


def refuses(log: Log, work: Workload) -> None:
    """A log whose disk failed writes no more, though the disk is well again; it can be read."""
    work.check(log)
    for write in (log.publish, lambda: work.append(log, [work.entry()]), lambda: work.rotate(log)):
        with pytest.raises(WriteFailed):
            write()


def fail_once(disk: GateDisk, random: Random, number: int, folder) -> None:
    """A sync fails, the process ends, another begins, and then there is a power cut as well."""
    disk = disk.clone()
    work = Workload(random)
    disk.syncs, disk.fail_at = 0, 1 + number % POINTS
    log = None
    try:
        log = Log.open(HERE, disk=disk)
        work.run(log)
    except WriteFailed:
        assert disk.failed
    disk.after = 0
    if log is not None:
        refuses(log, work)
    assert disk.after == 0, "the disk was written to after it had failed"
    disk.failed = False
    with Log.open(HERE, disk=disk) as log:
        work.check(log, disk)
        for _ in range(random.randrange(3)):
            work.step(log)
    disk = disk.after_power_cut(random)
    with Log.open(HERE, disk=disk) as log:
        work.check(log, disk)
        work.append(log, [work.entry()])
    with Log.open(HERE, disk=disk) as log:
        work.check(log, disk)
    audit(disk, folder / str(number))


@SYNC.tries()
def test_a_failed_sync_ends_the_writer_and_loses_nothing(torture, tmp_path, monkeypatch):
    disk = new_log(GateDisk)
    few = payloads.FEW

    def attempt(random, number):
        monkeypatch.setattr(payloads, "FEW", few if random.random() < 0.5 else 1)
        fail_once(disk, random, number, tmp_path)

    torture(attempt)


@SYNC.saboteur("tries the sync again", tries=100, share=0.2)
def test_a_sync_that_is_tried_again_is_caught(torture, tmp_path):
    class Again(GateDisk):
        def sync_file(self, path):
            try:
                super().sync_file(path)
            except OSError:
                super().sync_file(path)

        def sync_all(self):
            try:
                super().sync_all()
            except OSError:
                super().sync_all()

    disk = new_log(Again)

    def attempt(random, number):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Workload, "run", lambda work, log: [work.step(log) for _ in range(40)])
            fail_once(disk, random, number, tmp_path)

    torture(attempt)


@SYNC.saboteur("does not write anew what was not published", tries=100)
def test_believing_what_a_failed_sync_left_in_memory_is_caught(torture, tmp_path, monkeypatch):
    monkeypatch.setattr(journal.Journal, "rewrite", lambda *_: None)
    disk = new_log(GateDisk)
    torture(lambda random, number: fail_once(disk, random, number, tmp_path))
