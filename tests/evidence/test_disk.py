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
from trucewatch.evidence.log import disk

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


def test_a_published_file_and_its_folder_are_synced(tmp_path, synced):
    files.write_whole(tmp_path / "page.html", b"page")
    assert [path.removeprefix(str(tmp_path)) for path in synced] == ["/.page.html.part", ""]
