"""A power cut loses nothing that was acknowledged; a log that syncs less than it must does."""

from __future__ import annotations

from random import Random

import pytest
from tests.torture.disk import ForgetfulDisk, PowerCut, SimDisk
from tests.torture.frame import row
from tests.torture.work import HERE, NOW, ORIGIN, SHORT, Workload, audit, new_log

from trucewatch.errors import TrucewatchError
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.log import journal, payloads

POWER = row("simulated power loss")
LIVES = 3


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", SHORT)


@pytest.fixture
def together(monkeypatch):
    """Every batch with more than one new payload is synced with everything on the disk."""
    monkeypatch.setattr(payloads, "FEW", 1)


def storm(disk, random: Random, folder=None) -> None:
    """Three lives of one log, each ended by a power cut; `folder` is where to audit it."""
    work = Workload(random)
    disk = disk.clone()
    for _ in range(LIVES):
        disk.cut_at = disk.operations + random.randrange(1, 120)
        with pytest.raises(PowerCut):
            work.run(Log.open(HERE, disk=disk))
        disk = disk.after_power_cut(random)
    with Log.open(HERE, disk=disk) as log:
        work.check(log, disk)
    if folder is not None:
        audit(disk, folder)


@POWER.tries(parts=24, traced=200)
def test_power_cuts_lose_nothing(torture, tmp_path, monkeypatch):
    disk = new_log(SimDisk)
    few = payloads.FEW

    def attempt(random, number):
        # Payloads are made durable in two ways: each by itself, or all at once.
        monkeypatch.setattr(payloads, "FEW", few if number % 2 else 1)
        # The audit takes as long as the storm: one in ten is audited whole.
        storm(disk, random, tmp_path / str(number) if number % 10 == 0 else None)

    torture(attempt)


@POWER.saboteur("says that it syncs, and never does", tries=500, share=0.95)
def test_a_disk_that_forgets_is_caught(torture):
    disk = new_log(ForgetfulDisk)
    torture(lambda random, _: storm(disk, random))


def careless(what, where):
    """A log that forgets one kind of sync, in one folder alone."""

    class Careless(SimDisk):
        def sync_file(self, path):
            if what == "folder" or path.partition("/")[0] != where:
                super().sync_file(path)

        def sync_folder(self, path):
            if what == "file" or path.partition("/")[0] != where:
                super().sync_folder(path)

    disk = new_log(Careless)
    return lambda random, _: storm(disk, random)


@POWER.saboteur("does not sync the journal", tries=60)
def test_an_unsynced_journal_is_caught(torture):
    torture(careless("file", "journal"))


@POWER.saboteur("does not sync files that it writes aside", tries=60)
def test_an_unsynced_file_is_caught(torture):
    torture(careless("file", "tmp"))


@POWER.saboteur("does not sync the journal's folder", tries=60)
def test_an_unsynced_segment_name_is_caught(torture):
    torture(careless("folder", "journal"))


@POWER.saboteur("does not sync the folders of payloads", tries=60)
def test_an_unsynced_payload_name_is_caught(torture):
    torture(careless("folder", "payload"))


@POWER.saboteur("does not sync the folders of tiles", tries=60)
def test_an_unsynced_tile_name_is_caught(torture):
    torture(careless("folder", "tile"))


@POWER.saboteur("does not sync the log's own folder", tries=60)
def test_an_unsynced_checkpoint_name_is_caught(torture):
    torture(careless("folder", ""))


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


def forgetting(what, folder=None):
    """A log whose way to sync everything at once forgets a part; `folder` is where to audit it."""

    class Careless(Forgetful, SimDisk):
        forgets = what

    disk = new_log(Careless)
    return lambda random, number: storm(disk, random, folder and folder / str(number))


@pytest.mark.usefixtures("together")
@POWER.saboteur("syncs nothing when it syncs everything", tries=60)
def test_an_empty_sync_of_everything_is_caught(torture):
    torture(forgetting("all"))


@pytest.mark.usefixtures("together")
@POWER.saboteur("syncs names alone when it syncs everything", tries=60)
def test_a_sync_of_names_alone_is_caught(torture):
    torture(forgetting("bytes"))


@pytest.mark.usefixtures("together")
@POWER.saboteur("syncs bytes alone when it syncs everything", tries=60)
def test_a_sync_of_bytes_alone_is_caught(torture):
    torture(forgetting("names"))


@pytest.mark.usefixtures("together")
@POWER.saboteur("leaves out the sync between bytes and names", tries=200)
def test_a_missing_first_sync_is_caught(torture, tmp_path):
    # A torn payload then has a name that no receipt stands for: only the audit sees it.
    torture(forgetting("first", tmp_path))


@pytest.mark.usefixtures("together")
@POWER.saboteur("leaves out the sync after the names", tries=60)
def test_a_missing_second_sync_is_caught(torture):
    torture(forgetting("second"))


@pytest.mark.usefixtures("together")
@POWER.saboteur("gives payloads their names before their bytes are synced", tries=150)
def test_names_before_bytes_are_caught(torture, tmp_path, monkeypatch):
    def hasty(disk, files, *, private):
        for number, (path, data) in enumerate(files.items()):
            disk.write_new(f"tmp/{number}", data, private=private)
            disk.rename(f"tmp/{number}", path)
        disk.sync_all()

    monkeypatch.setattr(payloads, "place_many", hasty)
    disk = new_log(SimDisk)
    torture(lambda random, number: storm(disk, random, tmp_path / str(number)))


def test_a_creation_that_was_cut_short_can_be_begun_again(tmp_path):
    for cut in range(1, 60):
        disk = SimDisk()
        disk.cut_at = cut
        try:
            Log.create(HERE, origin=ORIGIN, disk=disk)
        except PowerCut:
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
        audit(after, tmp_path / str(cut))
    else:
        pytest.fail("creation takes more steps than were tried")
