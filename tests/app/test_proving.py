"""The auditor's commands: a proof written and checked, two parties' logs compared."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.evidence.witnesses import Signer, cosigned
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry

STATES = [Signer(f"state-{n}.example/w", n) for n in range(1, 5)]


def run(*words: object):
    return CliRunner().invoke(app, ["audit", *map(str, words)])


@pytest.fixture
def evidence(mission_folder) -> Path:
    return mission_folder / "evidence"


@pytest.fixture
def proof(mission_folder, tmp_path) -> Path:
    path = tmp_path / "entry.tlog-proof"
    assert run("proof", 3, "--out", path, "--mission", mission_folder).exit_code == 0
    return path


def test_an_entry_is_proved_by_index_leaf_hash_or_payload(mission_folder, evidence, tmp_path):
    with Log.open(evidence, readonly=True) as log:
        (entry,) = log.entries(3, 4)
        payload = tmp_path / "payload"
        payload.write_bytes(log.payload(entry.payload))
    made = []
    for number, name in enumerate(("3", entry.leaf_hash, entry.payload)):
        path = tmp_path / str(number)
        ran = run("proof", name, "--out", path, "--mission", mission_folder, "--json")
        assert ran.exit_code == 0, ran.output
        assert json.loads(ran.output)["index"] == 3
        made.append(path.read_bytes())
    assert len(set(made)) == 1
    held = run("check", path, "--vkey", evidence / "vkey", "--payload", payload, "--json")
    assert held.exit_code == 0
    assert json.loads(held.output)["holds"]
    said = run("check", path, "--vkey", (evidence / "vkey").read_text().strip())
    assert f"entry 3 ({entry.kind.value})" in said.output
    assert "No witness was asked for" in said.output


def test_a_claim_and_its_report_lead_to_the_entry(mission_folder, tmp_path):
    with Mission.open(mission_folder, readonly=True) as mission:
        report = next(one for one in mission.store.reports() if one.claims)
        entries = sorted(index for index, _ in mission.store.report_entries(report.id))
    for name in (report.id, report.claims[0].id):
        ran = run("proof", name, "--out", tmp_path / "p", "--mission", mission_folder, "--json")
        assert ran.exit_code == 0, ran.exception
        data = json.loads(ran.output)
        assert [data["index"], *data["others"]] == entries
    copy = Path(shutil.copytree(mission_folder / "evidence", tmp_path / "copy"))
    ran = run("proof", report.id, "--mission", copy)
    assert isinstance(ran.exception, NotFound)


def test_a_proof_can_be_made_from_a_copy_of_what_is_published(evidence, tmp_path, proof):
    copy = tmp_path / "copy"
    shutil.copytree(evidence / "tile", copy / "tile")
    for name in ("checkpoint", "vkey"):
        shutil.copy(evidence / name, copy)
    ran = run("proof", 3, "--mission", copy)
    assert ran.exit_code == 0, ran.output
    assert (copy / "entry-3.tlog-proof").read_bytes() == proof.read_bytes()


@pytest.mark.parametrize("entry", ["9999", "-1", "03", "0" * 64, "clm-1", "١"])
def test_what_is_no_entry_has_no_proof(mission_folder, entry):
    ran = run("proof", "--mission", mission_folder, "--", entry)
    assert isinstance(ran.exception, NotFound)


def test_a_proof_that_does_not_hold_is_answered_with_no(proof, evidence, tmp_path):
    other = Signer("easter-2026", 9, type=1)
    ran = run("check", proof, "--vkey", other.vkey)
    assert ran.exit_code == 1
    assert "not signed by" in ran.output
    (tmp_path / "payload").write_bytes(b"something else")
    ran = run("check", proof, "--vkey", evidence / "vkey", "--payload", tmp_path / "payload")
    assert ran.exit_code == 1
    assert "not the one that the leaf names" in ran.output


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ([], NotFound),
        (["--vkey", "a+b+c"], ConfigurationError),
        (["--vkey", "nowhere"], NotFound),
        (["--policy", "nowhere"], NotFound),
        (["--policy", "x", "--vkey", "y"], ConfigurationError),
        (["--vkey", Signer("a", 1, type=1).vkey, "--quorum", "1"], ConfigurationError),
        (["--vkey", Signer("a", 1, type=1).vkey, "--payload", "nowhere"], NotFound),
    ],
)
def test_wrong_use_is_not_a_no(proof, words, fault):
    assert isinstance(run("check", proof, *words).exception, fault)


def test_witnesses_by_option_and_by_policy(proof, evidence, tmp_path):
    vkey = (evidence / "vkey").read_text().strip()
    above, _, note = proof.read_text().partition("\n\n")
    now = [(state, 1_775_980_800 + n) for n, state in enumerate(STATES[:3])]
    proof.write_text(f"{above}\n\n{cosigned(note, *now)}")
    witnesses = [word for state in STATES for word in ("--witness", state.vkey)]
    ran = run("check", proof, "--vkey", vkey, *witnesses, "--quorum", 3)
    assert ran.exit_code == 0, ran.output
    assert "Cosigned by 3 of 4" in ran.output
    assert "by 2026-04-12 08:00:01 UTC" in ran.output
    assert "does not resist" not in ran.output
    assert run("check", proof, "--vkey", vkey, *witnesses).exit_code == 1
    weak = run("check", proof, "--vkey", vkey, *witnesses, "--quorum", 2)
    assert (weak.exit_code, "does not resist a split view" in weak.output) == (0, True)
    policy = tmp_path / "states.policy"
    lines = [f"log {vkey}", *[f"witness w{n} {s.vkey}" for n, s in enumerate(STATES)]]
    policy.write_text("\n".join([*lines, "group g 3 w0 w1 w2 w3", "quorum g", ""]))
    assert run("check", proof, "--policy", policy).exit_code == 0
    # One of four may lie: by one word alone nobody knows when the entry stood there.
    alone = tmp_path / "alone"
    alone.write_text(f"{above}\n\n{cosigned(note, now[0])}")
    ran = run("check", alone, "--vkey", vkey, *witnesses, "--quorum", 1)
    assert (ran.exit_code, "Cosigned by 1 of 4" in ran.output) == (0, True)
    assert "certainly stood" not in ran.output
    policy.write_text("\n".join([*lines, "group g all w0 w1 w2 w3", "quorum g", ""]))
    ran = run("check", proof, "--policy", policy)
    assert (ran.exit_code, "quorum is not reached" in ran.output) == (1, True)


def grow(folder: Path, word: bytes) -> None:
    with Log.open(folder / "evidence") as log:
        entry = NewEntry(kind=EntryKind.REPORT, source="s", payload=word)
        log.append([entry], received=next(iter(log.entries())).received)
        log.publish()


def test_two_parties_compare_what_they_were_shown(mission_folder, proof, tmp_path):
    old = Path(shutil.copy(mission_folder / "evidence/checkpoint", tmp_path / "old"))
    ours, theirs = mission_folder, Path(shutil.copytree(mission_folder, tmp_path / "theirs"))
    assert run("compare", ours, theirs / "evidence").exit_code == 0
    grow(ours, b"one")
    assert "and what was there is still there" in " ".join(run("compare", old, ours).output.split())
    for other in (old, proof, mission_folder / "bulletins/2026-04-12.seal.json"):
        ran = run("compare", other, ours, "--json")
        assert ran.exit_code == 0, ran.output
        assert json.loads(ran.output)["relation"] == "grew"
    grow(theirs, b"two")
    grow(theirs, b"three")
    out = tmp_path / "fork"
    ran = run("compare", ours, theirs, "--out", out)
    assert ran.exit_code == 1
    assert "FORK" in ran.output
    held = run("check", out, "--vkey", ours / "evidence/vkey")
    assert held.exit_code == 0, held.output
    assert "FORKED" in held.output
    again = run("compare", out, old, "--vkey", ours / "evidence/vkey")
    assert (again.exit_code, "FORK" in again.output) == (1, True)
    stranger = Signer("easter-2026", 9, type=1).vkey
    assert run("check", out, "--vkey", stranger).exit_code == 1
    believed = run("compare", out, old, "--vkey", stranger)
    assert isinstance(believed.exception, ConfigurationError)
    assert str(out) in str(believed.exception)


def test_what_cannot_be_told_is_no_yes(mission_folder, tmp_path):
    vkey = mission_folder / "evidence/vkey"
    old = Path(shutil.copy(mission_folder / "evidence/checkpoint", tmp_path / "old"))
    grow(mission_folder, b"one")
    new = Path(shutil.copy(mission_folder / "evidence/checkpoint", tmp_path / "new"))
    ran = run("compare", old, new, "--vkey", vkey, "--json")
    assert ran.exit_code == 1
    assert json.loads(ran.output)["relation"] == "cannot be told"
    assert "tiles of the larger log" in run("compare", old, new, "--vkey", vkey).output
    assert isinstance(run("compare", old, new).exception, NotFound)
    old.write_bytes(b"rubbish")
    assert isinstance(run("compare", old, new, "--vkey", vkey).exception, ConfigurationError)


def test_other_entries_with_the_same_payload_are_named(tmp_path):
    folder = tmp_path / "log"
    with Log.create(folder / "evidence", origin="example.org/log") as log:
        log.append(
            [NewEntry(kind=EntryKind.REPORT, source=s, payload=b"same") for s in "abc"],
            received=datetime(2031, 5, 4, tzinfo=UTC),
        )
        log.publish()
    payload = hashlib.sha256(b"same").hexdigest()
    told = run("proof", payload, "--out", tmp_path / "p", "--mission", folder).output
    assert "hold it, too." in told
    data = json.loads(
        run("proof", payload, "--out", tmp_path / "p", "--mission", folder, "--json").output
    )
    assert sorted([data["index"], *data["others"]]) == [0, 1, 2]
    alone = run("proof", "1", "--out", tmp_path / "p", "--mission", folder).output
    assert "hold it, too." not in alone


def test_an_incident_is_no_entry_and_the_reader_is_sent_on(mission_folder):
    with Mission.open(mission_folder, readonly=True) as mission:
        incident = mission.store.derived().incidents[0].id
    told = run("proof", incident, "--mission", mission_folder).exception
    assert isinstance(told, NotFound)
    assert "is no report and no claim: 'explain' names those behind it" in str(told)
