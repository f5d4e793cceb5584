"""The key of a mission's log, from the command line to the log and to those outside."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from trucewatch.app import keys
from trucewatch.app.cli import app
from trucewatch.app.inside import inside
from trucewatch.app.mission import Mission
from trucewatch.errors import ConfigurationError, EvidenceError, NotAllowed, NotFound, Refused
from trucewatch.evidence import fsck
from trucewatch.evidence.tlog.notes import Signer

PEOPLE = """
[[people]]
id = "chief"
name = "The lead"
roles = ["lead"]

[[people]]
id = "clerk"
name = "The desk"
roles = ["desk"]
"""


def now():
    return datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
def mission(empty_mission, open_mission):
    """A mission with people, whose settings are in the log."""
    path = empty_mission / "mission.toml"
    text = path.read_text("utf-8")
    assert "[[people]]" not in text
    path.write_text(f"{text}\n{PEOPLE}", "utf-8")
    with open_mission(empty_mission) as opened:
        opened.sync_settings()
        opened.log.publish()
    return empty_mission


def run(*words, code=0):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def vkey(folder) -> str:
    return (folder / "evidence/vkey").read_text().strip()


def test_a_rotation_from_the_command_line(mission):
    first = vkey(mission)
    said = run("key", "rotate", "--by", "chief", "--reason", "a year", "--mission", mission)
    assert vkey(mission) != first
    assert vkey(mission) in said
    assert "trucewatch witness watch" in said
    listed = json.loads(run("key", "list", "--mission", mission, "--json"))
    assert [key["vkey"] for key in listed["keys"]] == [first, vkey(mission)]
    assert "changed by plan" in run("key", "list", "--mission", mission)
    run("audit", "fsck", "--mission", mission, "--vkey", first)
    run("audit", "fsck", "--mission", mission, "--vkey", mission / "evidence/vkey")
    run("audit", "proof", 0, "--mission", mission, "--out", mission / "p.tlog-proof")
    with Mission.open(mission) as opened:
        assert opened.in_force().settings


def test_a_compromise_from_the_command_line(mission, tmp_path):
    first = vkey(mission)
    shown = tmp_path / "shown"
    shown.write_bytes((mission / "evidence/checkpoint").read_bytes())
    thief = Signer.parse((mission / "evidence/key/signing").read_text().strip())
    (mission / "evidence/key/signing").unlink()
    words = ("--by", "chief", "--reason", "stolen", "--mission", mission)
    made = json.loads(run("key", "compromised", *words, "--up-to", 2, "--json"))
    assert (made["old"], made["new"], made["trusted"]) == (first, vkey(mission), 2)
    told = run("audit", "fsck", "--mission", mission, "--vkey", first, code=1)
    assert "Ask the mission by another way" in told
    run("audit", "fsck", "--mission", mission)
    said = run("key", "check", shown, "--mission", mission, code=1)
    assert said.startswith("NOT COUNTED")
    shown.write_bytes((mission / "evidence/checkpoint").read_bytes())
    assert run("key", "check", shown, "--mission", mission).startswith("COUNTS")
    shown.write_text(thief.checkpoint(2, bytes(32)).note)
    said = run("key", "check", shown, "--mission", mission, code=1)
    assert said.startswith("FORK")
    assert "prove it to anybody" in said
    assert first in said
    shown.write_text("hello\n")
    with pytest.raises(ConfigurationError, match="shown: "):
        keys.checked(mission, shown)
    with pytest.raises(NotFound, match="cannot read"):
        keys.checked(mission, tmp_path / "none")


def test_who_may_change_a_key_and_how_far_its_word_can_reach(mission):
    def tried(act, **more):
        with pytest.raises((NotAllowed, NotFound, Refused)) as raised:
            act(mission, **{"by": "chief", "reason": "because", "now": now, **more})
        return raised.type

    before = sorted((mission / "evidence").rglob("*"))
    assert tried(keys.rotate, by="clerk") is NotAllowed
    assert tried(keys.rotate, by="nobody") is NotFound
    assert tried(keys.rotate, reason=" ") is Refused
    assert tried(keys.rotate, inside=True) is NotFound
    assert tried(keys.compromised, by="clerk") is NotAllowed
    assert tried(keys.compromised, up_to=10_000) is Refused
    for act in (keys.rotate, keys.compromised):
        assert tried(act, reason="x" * 70_000) is Refused
    assert sorted((mission / "evidence").rglob("*")) == before


def test_the_key_of_what_stays_inside_moves_nothing_that_is_published(mission, open_mission):
    with open_mission(mission) as opened, inside(mission, opened.log.origin, list) as log:
        first = log.key_history()[-1].vkey
    public = {
        path: path.read_bytes() for path in (mission / "evidence").rglob("*") if path.is_file()
    }
    made = keys.rotate(mission, by="chief", reason="a year", inside=True, now=now)
    assert made["old"] == first
    assert fsck(mission / "inside", pinned=first).ok
    assert public == {
        path: path.read_bytes() for path in (mission / "evidence").rglob("*") if path.is_file()
    }


def test_the_body_of_a_bulletin_does_not_move_with_the_key(mission, open_mission):
    with open_mission(mission) as opened:
        before = (opened.in_force().records, opened.in_force().root)
    keys.rotate(mission, by="chief", reason="a year", now=now)
    with open_mission(mission) as opened:
        assert (opened.in_force().records, opened.in_force().root) == before


def test_another_missions_key_opens_nothing(mission):
    stranger = Signer("easter-2026", b"x" * 32)
    (mission / "evidence/key/signing").write_text(f"{stranger.skey()}\n")
    with pytest.raises(EvidenceError, match="not the one"):
        Mission.open(mission)
