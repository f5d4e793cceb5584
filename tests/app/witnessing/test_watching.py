"""What is put into the inbox is taken in, and the log is cosigned in between; nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from tests.app.witnessing.servers import reply, say, section
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, GUARD, HEAD
from typer.testing import CliRunner

from trucewatch.app import watching
from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.app.watching import Watcher
from trucewatch.errors import WriteFailed
from trucewatch.evidence import fsck


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


@pytest.fixture
def watcher(island):
    told = []
    made = Watcher(island, timedelta(minutes=10), told.append, Hours())
    made.look()
    told.clear()
    return made, told


def put(island, name: str, text: str):
    path = island / "inbox" / name
    path.write_text(text, "utf-8")
    return path


def what(told):
    return [event["what"] for event in told]


def test_a_file_is_taken_once_it_is_whole(island, watcher):
    one, told = watcher
    path = put(island, "reports.csv", HEAD + FISHERS)
    one.look()
    assert told == []
    path.write_text(HEAD + FISHERS + CLINIC, "utf-8")
    os.utime(path, ns=(1, 1))
    one.look()
    assert told == []
    one.look()
    assert what(told) == ["taken", "run"]
    assert told[0]["words"].startswith("reports.csv of harbour-desk: log entry")
    assert "2 received = 2 accepted + 0 duplicate + 0 quarantined" in told[0]["words"]
    (kept,) = (island / "inbox" / "taken").iterdir()
    assert kept.name == f"{told[0]['entry']:06}-reports.csv"
    assert kept.read_text("utf-8") == HEAD + FISHERS + CLINIC
    assert not path.exists()
    # The same bytes again have their first receipt.
    told.clear()
    put(island, "reports.csv", HEAD + FISHERS + CLINIC)
    one.look()
    one.look()
    assert told[0]["repeated"]
    assert fsck(island / "evidence").ok


def test_what_is_nobodys_is_put_aside_and_told(island, watcher):
    one, told = watcher
    put(island, "holiday.jpg", "x")
    put(island, ".reports.csv.part", "half")
    (island / "inbox" / "link.csv").symlink_to(island / "mission.toml")
    (island / "inbox" / "folder").mkdir()
    for _ in range(3):
        one.look()
    assert sorted(what(told)) == ["left", "left", "unknown"]
    assert "matches no source" in next(e for e in told if e["what"] == "unknown")["words"]
    assert [path.name for path in (island / "inbox" / "unknown").iterdir()] == ["holiday.jpg"]
    assert (island / "inbox" / ".reports.csv.part").exists()
    assert (island / "inbox" / "link.csv").is_symlink()


def test_what_is_written_while_it_is_taken_in_is_taken_in_again(island, watcher, monkeypatch):
    one, told = watcher
    path = put(island, "reports.csv", HEAD + FISHERS)
    real = watching.ingest

    def slow(mission, paths):
        found = real(mission, paths)
        path.write_text(HEAD + FISHERS + GUARD, "utf-8")
        return found

    monkeypatch.setattr(watching, "ingest", slow)
    one.look()
    one.look()
    assert "changed" in what(told)
    monkeypatch.setattr(watching, "ingest", real)
    one.look()
    one.look()
    (kept,) = (island / "inbox" / "taken").iterdir()
    assert kept.read_text("utf-8") == HEAD + FISHERS + GUARD
    with Mission.open(island, readonly=True) as mission:
        assert kept.read_bytes() in {mission.log.payload(e.payload) for e in mission.entries()}


def test_the_saboteur_who_does_not_look_at_what_was_taken_again_is_caught(
    island, watcher, monkeypatch
):
    """What came in the meantime would be put away without ever having been in the log."""

    class Agreeing(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __ne__(self, _):
            return False

    class Blind:
        @staticmethod
        def sha256(_):
            return SimpleNamespace(hexdigest=Agreeing)

    monkeypatch.setattr(watching, "hashlib", Blind)
    with pytest.raises(AssertionError):
        test_what_is_written_while_it_is_taken_in_is_taken_in_again(island, watcher, monkeypatch)


def test_witnesses_are_asked_when_something_came_and_at_the_interval(island, watcher, witnesses):
    one, told = watcher
    (witness,) = witnesses("one")
    say(island, section([witness], 1))
    put(island, "reports.csv", HEAD + FISHERS + CLINIC)
    one.look()
    one.look()
    assert what(told) == ["taken", "witness", "heartbeat", "run"]
    asked = len(witness.asked)
    one.look()
    assert len(witness.asked) == asked
    # After a silent interval there is a sign of life, and no run for it.
    told.clear()
    one.now.time += timedelta(minutes=11)
    one.look()
    assert what(told) == ["witness", "heartbeat"]
    told.clear()
    witness.how = lambda _, request: reply(request, 503, "asleep")
    put(island, "reports-2.csv", HEAD + GUARD)
    one.look()
    one.look()
    assert what(told)[:2] == ["taken", "witness"]
    assert "refuses: 503 asleep" in told[1]["words"]
    # It is asked again at the interval, and not before.
    asked = len(witness.asked)
    one.look()
    assert len(witness.asked) == asked
    witness.how = type(witness).answer
    one.now.time += timedelta(minutes=11)
    told.clear()
    one.look()
    assert what(told)[:2] == ["witness", "heartbeat"]


def test_a_fault_is_told_once_and_the_next_round_tries_again(island, watcher):
    one, told = watcher
    settings = (island / "mission.toml").read_text("utf-8")
    (island / "mission.toml").write_text(settings + "\n[nonsense]\n", "utf-8")
    put(island, "reports.csv", HEAD + FISHERS)
    for _ in range(3):
        one.look()
    assert what(told) == ["failed"]
    assert "mission.toml" in told[0]["words"]
    with Mission.open(island, readonly=True):
        pass
    (island / "mission.toml").write_text(settings, "utf-8")
    one.look()
    assert "taken" in what(told)


def test_while_another_command_writes_it_waits(island, watcher):
    one, told = watcher
    put(island, "reports.csv", HEAD + FISHERS)
    with Mission.open(island):
        one.look()
        one.look()
        assert what(told) == ["failed"]
    one.look()
    assert "taken" in what(told)


def test_a_log_that_cannot_be_written_ends_it(island, watcher, monkeypatch):
    one, _ = watcher

    def fail(*_):
        raise WriteFailed("the disk is full")

    monkeypatch.setattr(watching, "ingest", fail)
    path = put(island, "reports.csv", HEAD + FISHERS)
    one.look()
    with pytest.raises(WriteFailed):
        one.look()
    assert path.exists()


def test_once_takes_what_is_there_and_stops(island):
    put_at = island / "inbox"
    put_at.mkdir()
    (put_at / "reports.csv").write_text(HEAD + FISHERS, "utf-8")
    done = CliRunner().invoke(app, ["watch", "--once", "--mission", str(island), "--json"])
    assert done.exit_code == 0, done.output
    events = [json.loads(line) for line in done.output.splitlines()]
    assert [event["what"] for event in events] == ["taken", "run"]
    assert all(event["exercise"] for event in events)
    shown = CliRunner().invoke(
        app, ["receipt", str(events[0]["entry"]), "--mission", str(island), "--json"]
    )
    told = json.loads(shown.output)
    assert (told["name"], told["grade"], told["own_word"]) == ("reports.csv", "finding-grade", True)
    assert told["leaf_hash"] == events[0]["leaf_hash"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(island, how):
    process = subprocess.Popen(
        [sys.executable, "-m", "trucewatch", "watch", "--mission", str(island)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not (island / "inbox" / "unknown").is_dir() and time.monotonic() < deadline:
        time.sleep(0.1)
    (island / "inbox" / "reports.csv").write_text(HEAD + FISHERS, "utf-8")
    while not list((island / "inbox" / "taken").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "EXERCISE EXERCISE EXERCISE"
    assert any("taken     reports.csv of harbour-desk" in line for line in lines)
    assert fsck(island / "evidence").ok
