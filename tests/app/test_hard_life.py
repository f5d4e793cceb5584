"""A mission on disk after what happens to folders: crashes, edits, losses, other users."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from functools import partial

import pytest

from trucewatch.app import demonstration, lines
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import (
    ConfigurationError,
    EvidenceError,
    NotFound,
    StoreUnavailable,
)
from trucewatch.evidence.audit import fsck

DAY = date(2026, 4, 12)


def quiet(_what, _done, _of):
    """No progress."""


def edit(folder, name, old, new):
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def command(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "trucewatch", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **more,
    )


def test_one_writer_at_a_time_and_readers_meanwhile(mission_folder, open_mission):
    at = ["--mission", mission_folder]
    with open_mission(mission_folder):
        refused = command("run", *at)
        assert refused.returncode == 2
        assert "another process is writing the log" in refused.stderr
        assert refused.stdout == ""
        assert command("incidents", *at).returncode == 0
        assert command("explain", "2026-04-12", *at).returncode == 0


def test_reading_makes_nothing(mission_folder, lay_out, tmp_path):
    fresh = lay_out(tmp_path / "fresh")
    before = set(fresh.rglob("*"))
    with pytest.raises(NotFound, match="trucewatch run"):
        Mission.open(fresh, readonly=True)
    assert set(fresh.rglob("*")) == before
    (mission_folder / "state.db").unlink()
    with (
        Mission.open(mission_folder, readonly=True) as mission,
        pytest.raises(NotFound, match="no projection"),
    ):
        mission.store.derived()
    assert not (mission_folder / "state.db").exists()


def test_a_folder_without_the_right_to_write_is_read(mission_folder, monkeypatch):
    """Nothing refuses the superuser, so the answer to the question is put in its mouth here."""
    monkeypatch.setattr("trucewatch.store.sqlite.os.access", lambda *_: False)
    with Mission.open(mission_folder, readonly=True) as mission:
        assert mission.store.derived() is not None
        assert not list(mission_folder.glob("state.db-*"))
        with pytest.raises(StoreUnavailable, match="readonly"):
            mission.store.mark_read(10_000, "x")


def test_reading_needs_no_sound_settings_in_the_folder(mission_folder):
    """What is shown comes from the log; a file that is being edited is nobody's hindrance."""
    (mission_folder / "agreement.yaml").write_text("parties: [", "utf-8")
    with Mission.open(mission_folder, readonly=True) as mission:
        assert mission.store.derived() is not None
        assert mission.configuration().agreement.parties


@pytest.mark.parametrize("size", [0, 100_000])
def test_a_cut_projection_says_what_to_do(mission_folder, open_mission, size):
    os.truncate(mission_folder / "state.db", size)
    with (
        Mission.open(mission_folder, readonly=True) as mission,
        pytest.raises(StoreUnavailable, match="'trucewatch run' makes it anew"),
    ):
        mission.store.derived()
    if size:
        (mission_folder / "state.db").unlink()
    with open_mission(mission_folder) as mission:
        bring_up_to_date(mission)
    with Mission.open(mission_folder, readonly=True) as mission:
        assert mission.store.derived() is not None


def test_a_lost_payload_is_named_and_found_by_the_audit(mission_folder):
    lost = max((mission_folder / "evidence" / "payload").rglob("*"), key=lambda p: p.stat().st_size)
    lost.unlink()
    (mission_folder / "state.db").unlink()
    told = command("run", "--mission", mission_folder)
    assert told.returncode == 2
    assert lost.name in told.stderr
    assert command("audit", "fsck", "--mission", mission_folder).returncode == 1


def test_lost_bulletins_come_back_with_the_same_bytes(mission_folder, lived, open_mission):
    shutil.rmtree(mission_folder / "bulletins")
    with open_mission(mission_folder) as mission:
        size = mission.log.size
        (issued,) = publish(mission, bring_up_to_date(mission), days=[DAY])
        assert not issued.new
        assert mission.log.size == size
    for path in (lived / "bulletins").iterdir():
        assert (mission_folder / "bulletins" / path.name).read_bytes() == path.read_bytes()


def test_a_bulletin_that_was_changed_is_not_explained(mission_folder):
    path = mission_folder / "bulletins" / "2026-04-12.json"
    path.write_bytes(path.read_bytes().replace(b"breach", b"nothing"))
    told = command("explain", "2026-04-12", "--mission", mission_folder)
    assert told.returncode == 2
    assert "is not what was sealed" in told.stderr
    path.unlink()
    assert "is not here" in command("explain", "2026-04-12", "--mission", mission_folder).stderr


def test_an_amended_agreement_is_a_new_issue_and_the_old_bytes_stay(mission_folder, open_mission):
    old = {path.name: path.read_bytes() for path in (mission_folder / "bulletins").iterdir()}
    old.pop("index.html")
    edit(mission_folder, "agreement.yaml", "\nname: ", "\nname: Amended ")
    with open_mission(mission_folder) as mission:
        (issued,) = publish(mission, bring_up_to_date(mission), days=[DAY])
        assert issued.new
        assert issued.stem == "2026-04-12-issue-2"
    for name, body in old.items():
        assert (mission_folder / "bulletins" / name).read_bytes() == body
    assert fsck(mission_folder / "evidence").ok


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sources.toml", 'timezone = "Europe/Kyiv"', 'timezone = "Pacific/Kiritimati"'),
        ("mission.toml", "extent = ", "extent = [21.0, 44.0, 36.0, 53.0] # "),
    ],
)
def test_settings_of_reading_that_changed_read_everything_again(
    mission_folder, open_mission, name, old, new
):
    with open_mission(mission_folder) as mission:
        before = list(mission.store.reports())
    edit(mission_folder, name, old, new)
    with open_mission(mission_folder) as mission:
        again = bring_up_to_date(mission)
        after = list(mission.store.reports())
        assert after != before
    (mission_folder / "state.db").unlink()
    with open_mission(mission_folder) as mission:
        assert bring_up_to_date(mission) == again
        assert list(mission.store.reports()) == after


def test_a_settings_file_that_is_gone_is_out_of_force(mission_folder, open_mission):
    """What was checked is what is in force: the log must not keep what the folder has not."""
    with open_mission(mission_folder) as mission:
        assert mission.configuration().pledges == ()
        assert "commitments.yaml" in mission.configuration().files
        (mission_folder / "commitments.yaml").unlink()
        assert mission.sync_settings() == 1
        assert mission.sync_settings() == 0
        assert "commitments.yaml" not in mission.configuration().files
        (mission_folder / "agreement.yaml").write_bytes(b"")
        with pytest.raises(ConfigurationError, match="missing, or empty"):
            mission.sync_settings()
        assert mission.configuration().agreement.parties


def test_a_mission_may_move(mission_folder, open_mission, tmp_path):
    moved = mission_folder.rename(tmp_path / "Тиша 'n\" $(x) \n")
    with open_mission(moved) as mission:
        (issued,) = publish(mission, bring_up_to_date(mission), days=[DAY])
        assert not issued.new


def test_a_link_in_a_loop_is_no_mission(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(NotFound, match="no mission here"):
        Mission.open(tmp_path / "loop" / "x")


def test_a_bulletin_for_some_is_not_for_all(mission_folder, open_mission):
    edit(
        mission_folder,
        "mission.toml",
        "[audiences.public]",
        "[audiences.staff]\n[audiences.public]",
    )
    with open_mission(mission_folder) as mission:
        publish(mission, bring_up_to_date(mission), days=[DAY], audience="staff")
    folder = mission_folder / "for-staff"
    assert all(not path.stat().st_mode & 0o077 for path in [folder, *folder.iterdir()])


def test_a_clock_before_the_truce_withholds_and_still_tells(tmp_path, monkeypatch):
    early = partial(Mission.open, now=lambda: datetime(2001, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(demonstration.Mission, "open", early)
    summary = demonstration.build(tmp_path / "m", progress=quiet)
    assert summary["incidents"] == 403
    assert summary["bulletins"] == {}
    assert "the clock of this computer says 2001-01-01 00:00 UTC" in summary["withheld"]
    told = lines.demonstration(summary)
    assert "no bulletin yet" in told[0]
    assert summary["withheld"] in told[-3]


@pytest.mark.parametrize("after", [0.6, 1.2, 1.9])
def test_a_killed_demonstration_goes_on_where_it_was(tmp_path, lived, after):
    """Wherever the kill falls, and wherever the machine stands, the next call ends the same."""
    at = tmp_path / "m"
    process = subprocess.Popen(
        [sys.executable, "-m", "trucewatch", "demo", str(at)], stdout=subprocess.DEVNULL
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    strange = {**os.environ, "TZ": "XXX+99", "LC_ALL": "C", "LANG": "uk_UA.UTF-8"}
    done = command("demo", at, env=strange)
    assert (done.returncode, done.stderr) == (0, "")
    assert fsck(at / "evidence").ok
    for kind in ("html", "md", "json"):
        name = f"bulletins/2026-04-12.{kind}"
        assert (at / name).read_bytes() == (lived / name).read_bytes()


def test_years_beyond_any_calendar_are_refused(mission_folder, open_mission):
    with open_mission(mission_folder) as mission:
        derived = bring_up_to_date(mission)
        for day in (date.min, date.max):
            with pytest.raises(NotFound, match="years 1900 to 2999"):
                publish(mission, derived, days=[day])


def test_no_second_process_may_even_open_to_write(mission_folder, open_mission):
    with (
        open_mission(mission_folder),
        pytest.raises(EvidenceError, match="one writer"),
    ):
        open_mission(mission_folder)
