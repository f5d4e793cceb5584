"""The real disk syncs what it is told to sync: without it a receipt would promise too much.

What the log tells its disk is tried on a simulated one; here the folder's own calls are watched.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trucewatch.app import files
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.log import disk, whole

NOW = datetime(2026, 4, 12, tzinfo=UTC)


@pytest.fixture
def synced(monkeypatch):
    """The path of everything that was really synced, in order."""
    seen = []
    real = os.fsync

    def fsync(handle):
        seen.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.parametrize("how", ["written", "appended", "found"])
def test_a_file_is_synced_however_it_was_written(tmp_path, synced, how):
    folder = disk.FolderDisk(tmp_path)
    folder.write_new("one", b"bytes", private=True)
    if how != "written":
        folder.sync_file("one")
    if how == "appended":
        folder.append("one", b" and more")
    synced.clear()
    folder.sync_file("one")
    folder.close()
    assert synced == [str(tmp_path / "one")]


def test_a_folder_is_synced(tmp_path, synced):
    folder = disk.FolderDisk(tmp_path)
    folder.sync_folder("")
    folder.close()
    assert synced == [str(tmp_path)]


def test_payload_its_folder_and_the_journal_are_on_disk_before_the_receipt(tmp_path, synced):
    place = tmp_path / "evidence"
    place.mkdir()
    with Log.create(place, origin="isle") as log:
        synced.clear()
        (receipt,) = log.append(
            [NewEntry(kind=EntryKind.REPORT, source="one", payload=b"shots")], received=NOW
        )
        before = list(synced)
    kept = place / "payload" / receipt.payload[:2]
    assert str(kept) in before
    assert any(path.startswith(f"{place / 'tmp'}{os.sep}") for path in before)
    assert any(path.startswith(str(place / "journal")) for path in before)


def batch(number):
    return [NewEntry(kind=EntryKind.REPORT, source="one", payload=b"%d" % i) for i in range(number)]


@pytest.fixture
def steps(monkeypatch, synced):
    """The paths that were synced, with the times at which everything was ("ALL") among them."""
    real = whole.WholeSync.sync

    def sync(self):
        real(self)
        synced.append("ALL")

    monkeypatch.setattr(whole.WholeSync, "sync", sync)
    # Wherever the tests run: that the call is made is what is watched, not what it is worth there.
    monkeypatch.setattr(whole, "_kind", lambda *_: 0xEF53)
    return synced


def test_many_payloads_are_synced_with_everything_then_the_journal(tmp_path, steps, monkeypatch):
    place = tmp_path / "evidence"
    named = []
    real = os.rename

    def rename(old, new):
        if "/payload/" in new:
            named.append(steps.count("ALL"))
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)
    with Log.create(place, origin="isle") as log:
        steps.clear()
        log.append(batch(100), received=NOW)
        assert len(log._disk._written) == 0
        at = [step for step in steps if step == "ALL" or step.startswith(f"{place}/journal")]
    # A new segment is made last, then written.
    assert at[:2] == ["ALL", "ALL"]
    assert set(at[2:]) == {f"{place}/journal", f"{place}/journal/000000000000"}
    # Every payload got its name between the two.
    assert named == [1] * 100


@pytest.mark.parametrize("why", ["system", "kernel", "libc", "kind", "mount"])
def test_where_it_cannot_be_relied_on_each_file_is_synced(tmp_path, steps, monkeypatch, why):
    if why == "system":
        monkeypatch.setattr(whole.platform, "system", lambda: "Darwin")
    elif why == "kernel":
        monkeypatch.setattr(whole.platform, "release", lambda: "5.7.19-generic")
    elif why == "libc":
        monkeypatch.setattr(whole.ctypes, "CDLL", lambda *_, **__: object())
    elif why == "kind":
        monkeypatch.setattr(whole, "_kind", lambda *_: 0x65735546)
    else:
        real = Path.stat

        def stat(self, **more):
            found = real(self, **more)
            if self.name != "payload":
                return found
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))

        monkeypatch.setattr(Path, "stat", stat)
    place = tmp_path / "evidence"
    Log.create(place, origin="isle").close()
    with Log.open(place) as log:
        assert log._disk._whole is None
        steps.clear()
        receipts = log.append(batch(100), received=NOW)
        before = list(steps)
    assert "ALL" not in before
    assert sum(Path(path).parent == place / "tmp" for path in before) == 100
    folders = {str(place / "payload" / receipt.payload[:2]) for receipt in receipts}
    assert {*folders, f"{place}/payload"} <= set(before)
    assert before[-1] == f"{place}/journal/000000000000"


def test_a_failure_of_syncing_everything_is_told(tmp_path):
    found = whole.WholeSync.of(tmp_path)
    assert found is not None
    found.sync()
    found.close()
    # The descriptor is closed: the system refuses, and says why.
    with pytest.raises(OSError, match="Bad file descriptor"):
        found.sync()


@pytest.mark.parametrize(
    ("release", "number"),
    [("6.18.44-fc", (6, 18)), ("5.8.0", (5, 8)), ("5.10", (5, 10)), ("strange", (0, 0))],
)
def test_the_number_of_a_kernel(release, number):
    assert whole._kernel(release) == number


def test_a_published_file_and_its_folder_are_synced(tmp_path, synced):
    files.write_whole(tmp_path / "page.html", b"page")
    assert [path.removeprefix(str(tmp_path)) for path in synced] == ["/.page.html.part", ""]


def test_what_is_new_takes_no_other_files_place(tmp_path):
    made = disk.FolderDisk(tmp_path)
    made.write_new("a", b"first", private=True)
    for again in (
        lambda: made.write_new("a", b"second", private=True),
        lambda: made.write_many([("a", b"second")], private=True),
    ):
        with pytest.raises(FileExistsError):
            again()
    made.close()
    assert (tmp_path / "a").read_bytes() == b"first"


def test_a_file_system_that_tells_nothing_of_itself_is_not_relied_on(tmp_path, monkeypatch):
    class Silent:
        syncfs = staticmethod(lambda _: 0)
        fstatfs = staticmethod(lambda *_: -1)

    monkeypatch.setattr(whole.ctypes, "CDLL", lambda *_, **__: Silent())
    assert whole.WholeSync.of(tmp_path) is None
