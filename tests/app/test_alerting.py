"""Alerts from a mission: in the log before they are files, and corrections to all who got them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.publishing import alerting
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import withdraw
from trucewatch.bulletins.alerts import Message, faults
from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.evidence.audit import fsck
from trucewatch.model import Outcome

STATES = """
[audiences.states]
grid_km = 1
delay_hours = 0
"""


@pytest.fixture
def two_audiences(mission_folder):
    """The demonstration's mission with an audience of states beside the public."""
    settings = mission_folder / "mission.toml"
    settings.write_text(settings.read_text("utf-8") + STATES, "utf-8")
    return mission_folder


def run_and_send(mission, **options):
    return alerting.send(mission, bring_up_to_date(mission), **options)


def breach_of(mission):
    derived = bring_up_to_date(mission)
    name = min(a.incident for a in derived.assessments if a.outcome is Outcome.BREACH)
    return next(i for i in derived.incidents if i.id == name)


def test_a_retraction_reaches_everyone_who_got_the_alert(two_audiences, open_mission):
    with open_mission(two_audiences) as mission:
        incident = breach_of(mission)
        first = [run_and_send(mission, audience=name) for name in ("public", "states")]
        assert [each["messages"] for each in first] == [{"Alert": 3}, {"Alert": 3}]
        assert run_and_send(mission)["sent"] == []
        for claim in incident.claims:
            withdraw(mission, claim, reason="the editor withdrew it")
        back = run_and_send(mission)["sent"]
        assert sorted((one["audience"], one["message"], one["subject"]) for one in back) == [
            ("public", "Cancel", incident.id),
            ("states", "Cancel", incident.id),
        ]
        assert run_and_send(mission, audience="states")["sent"] == []
        for claim in incident.claims:
            withdraw(mission, claim, reason="it was right after all", undo=True)
        # Only the audience that is named gets a first word; the other one is asked for by name.
        again = run_and_send(mission)["sent"]
        assert [(one["audience"], one["message"]) for one in again] == [("public", "Alert")]
    assert fsck(two_audiences / "evidence").ok


def test_the_audience_that_is_gone_still_hears_what_is_taken_back(two_audiences, open_mission):
    with open_mission(two_audiences) as mission:
        incident = breach_of(mission)
        run_and_send(mission, audience="states")
        settings = two_audiences / "mission.toml"
        settings.write_text(settings.read_text("utf-8").replace(STATES, ""), "utf-8")
        assert {one["audience"] for one in run_and_send(mission)["sent"]} == {"public"}
        for claim in incident.claims:
            withdraw(mission, claim, reason="the editor withdrew it")
        back = run_and_send(mission)["sent"]
        assert ("states", "Cancel") in {(one["audience"], one["message"]) for one in back}
        with pytest.raises(NotFound, match=r"audiences\.states"):
            run_and_send(mission, audience="states")


def test_files_are_valid_and_written_again_from_the_log(two_audiences, open_mission, tmp_path):
    with open_mission(two_audiences) as mission:
        run_and_send(mission, audience="states", out=tmp_path / "out")
        files = sorted((tmp_path / "out").iterdir())
        assert len(files) == 6
        assert all(faults(path.read_bytes()) == () for path in files if path.suffix == ".xml")
        assert all("Restricted" in path.read_text("utf-8") for path in files)
        assert not any(path.stat().st_mode & 0o077 for path in files)
        before = {path: path.read_bytes() for path in files}
        for path in files[:2]:
            path.unlink()
        files[3].write_bytes(b"spoilt")
        assert run_and_send(mission, audience="states", out=tmp_path / "out")["sent"] == []
        assert {path: path.read_bytes() for path in files} == before


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from trucewatch.app.publishing import alerting
from trucewatch.app.mission import Mission

name, number = sys.argv[2], int(sys.argv[3])
real, calls = getattr(alerting, name), []

def deadly(*given, **more):
    calls.append(name)
    if len(calls) > number:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **more)

setattr(alerting, name, deadly)
with Mission.open(Path(sys.argv[1]), now=lambda: datetime(2026, 6, 2, tzinfo=UTC)) as mission:
    alerting.send(mission, mission.store.derived())
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "number"), [("_enter", 0), ("write", 0), ("write_whole", 2)])
def test_killed_at_any_point_nothing_is_lost_or_sent_twice(
    mission_folder, open_mission, name, number
):
    """Before the log, between the log and the files, and in the middle of the files."""
    with open_mission(mission_folder) as mission:
        bring_up_to_date(mission)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(mission_folder), name, str(number)], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with open_mission(mission_folder) as mission:
        derived = mission.store.derived()
        told = alerting.send(mission, derived)["sent"]
        assert len(told) == (3 if name == "_enter" else 0)
        sent = alerting.sent_before(mission)
        assert len({one.alert.identifier for one in sent}) == len(sent) == 3
        files = {path.name for path in (mission_folder / "alerts").glob("[!.]*")}
        assert files == {f"{one.alert.identifier}.{s}" for one in sent for s in ("xml", "json")}
        assert alerting.send(mission, derived)["sent"] == []
    assert fsck(mission_folder / "evidence").ok


def test_messages_are_in_the_log_whole(two_audiences, open_mission):
    with open_mission(two_audiences) as mission:
        run_and_send(mission)
        sent = alerting.sent_before(mission)
        entries = [e for e in mission.entries() if e.source == alerting.ALERTS]
        assert [e.name for e in entries] == [f"alerts/public/{s.alert.identifier}" for s in sent]
        assert {e.kind for e in entries} == {EntryKind.BULLETIN}
        assert all(s.claims for s in sent)
        for one in sent:
            body = (two_audiences / "alerts" / f"{one.alert.identifier}.json").read_text("utf-8")
            assert not any(claim in body for claim in one.claims)
        # A bulletin is none the wiser for it.
        assert all(not name.startswith("alerts/") for name in mission.in_force().issued)


@pytest.mark.parametrize("payload", [b"{}", b"not json", b'{"schema": "trucewatch.sent/9"}'])
def test_an_entry_that_is_no_alert_is_told(mission_folder, open_mission, payload):
    with open_mission(mission_folder) as mission:
        entry = NewEntry(
            kind=EntryKind.BULLETIN, source=alerting.ALERTS, payload=payload, name="alerts/x"
        )
        mission.log.append([entry], received=mission.now())
        with pytest.raises(LogDamaged, match="is no alert"):
            alerting.sent_before(mission)


def test_a_renamed_incident_goes_on_with_its_chain(two_audiences, open_mission):
    """The founding claim of an incident of several is withdrawn: it is called otherwise then."""
    with open_mission(two_audiences) as mission:
        derived = bring_up_to_date(mission)
        breaches = {a.incident for a in derived.assessments if a.outcome is Outcome.BREACH}
        several = [i for i in derived.incidents if i.id in breaches and len(i.claims) > 1]
        run_and_send(mission)
        for incident in several:
            for claim in incident.claims[:-1]:
                withdraw(mission, claim, reason="a slip")
                told = run_and_send(mission)["sent"]
                assert Message.ALERT not in {one["message"] for one in told}


def test_the_command_speaks_for_people_and_programs(two_audiences):
    runner, at = CliRunner(), ["--mission", str(two_audiences)]
    made = runner.invoke(app, ["alerts", "--format", "cap", "--json", *at])
    assert made.exit_code == 0, made.output
    data = json.loads(made.output)
    assert (data["messages"], data["exercise"]) == ({"Alert": 3}, False)
    assert {path.suffix for path in (two_audiences / "alerts").iterdir()} == {".xml"}
    again = runner.invoke(app, ["alerts", *at])
    assert again.output == (f"Sent: nothing new. The files are in {two_audiences}/alerts.\n")
    assert runner.invoke(app, ["alerts", "--format", "pdf", *at]).exit_code == 2
