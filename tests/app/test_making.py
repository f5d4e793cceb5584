"""The making of a mission: cut short anywhere, and under any umask."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import date
from functools import partial

import pytest

from trucewatch.app import demonstration, files, scaffold
from trucewatch.app.configuration import Configuration, settings_files
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import NotFound, WriteFailed
from trucewatch.evidence.audit import fsck


def quiet(_what, _done, _of):
    """No progress."""


def test_a_log_whose_making_was_cut_short_is_begun_again(empty_mission, open_mission):
    (empty_mission / "evidence" / "key").mkdir(parents=True)
    with open_mission(empty_mission) as mission:
        bring_up_to_date(mission)
    assert fsck(empty_mission / "evidence").ok


def test_a_disk_that_fills_leaves_whole_files_or_none(tmp_path, monkeypatch):
    """A half-written settings file would be taken for the user's own at the next call."""

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        with pytest.raises(WriteFailed, match="No space left"):
            demonstration.build(tmp_path / "m", progress=quiet)
    assert demonstration.build(tmp_path / "m", progress=quiet)["incidents"] == 403


@pytest.mark.parametrize("make", [scaffold.init, partial(demonstration.build, progress=quiet)])
@pytest.mark.parametrize("syncs", [0, 1, 2, 5, 8])
def test_a_making_that_was_cut_short_is_begun_again(tmp_path, monkeypatch, make, syncs):
    """Only the making of the settings is looked at: opening the mission ends the call here."""
    real, left = os.fsync, iter(range(syncs))

    def full(handle):
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    def stop(_folder):
        raise NotFound("stop here")

    monkeypatch.setattr(demonstration.Mission, "open", stop)
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        with pytest.raises(WriteFailed):
            make(tmp_path / "m")
    with suppress(NotFound):
        make(tmp_path / "m")
    Configuration.read(settings_files(tmp_path / "m"))


@pytest.fixture
def open_to_all():
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
def test_what_is_kept_is_never_open_to_others(tmp_path, open_mission):
    scaffold.init(tmp_path / "m")
    with open_mission(tmp_path / "m") as mission:
        publish(mission, bring_up_to_date(mission), days=[date(2026, 4, 12)])
        for path in (tmp_path / "m").rglob("*"):
            assert not path.stat().st_mode & 0o022, path
    for private in ("state.db", "evidence/key", "evidence/journal", "evidence/payload"):
        assert not (tmp_path / "m" / private).stat().st_mode & 0o077


def test_the_registry_is_for_its_owner_alone(tmp_path):
    """It may name sealed sources, so no umask opens it to others."""
    scaffold.init(tmp_path / "new")
    assert (tmp_path / "new" / "sources.toml").stat().st_mode & 0o077 == 0
