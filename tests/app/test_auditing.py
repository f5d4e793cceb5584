"""Bulletins made anew from the log alone: the same bytes, or what differs and why."""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest
from tests.app.test_erasing import ISLAND, PEOPLE, WITNESS, entry_of, erased, opened
from typer.testing import CliRunner

from trucewatch.app import keys, withdrawing
from trucewatch.app.auditing import replay as replay_module
from trucewatch.app.auditing.issues import chosen, issues
from trucewatch.app.auditing.replay import Replay, replay
from trucewatch.app.auditing.sealed import entered, strangers
from trucewatch.app.auditing.telling import Verdict, lines
from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.app.cli import app
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.evidence.tlog.notes import Signer

DAY = date(2026, 4, 12)
FIRST, SECOND = "bulletins/2026-04-12", "bulletins/2026-04-12-issue-2"


@pytest.fixture(scope="module")
def twice(lived, open_mission, tmp_path_factory):
    """A mission whose 12 April was issued again after a claim was withdrawn."""
    folder = shutil.copytree(lived, tmp_path_factory.mktemp("twice") / "mission")
    with open_mission(folder) as mission:
        derived = bring_up_to_date(mission)
        body = json.loads((mission.bulletins / "2026-04-12.json").read_bytes())
        ids = {item["id"] for item in body["incidents"] if item["certain"]}
        gone = next(one for one in derived.incidents if one.id in ids)
        for claim in gone.claims:
            withdrawing.withdraw(mission, claim, reason="the editor withdrew it")
        publish(mission, bring_up_to_date(mission), days=[DAY])
    return folder


@pytest.fixture(scope="module")
def replaying(twice):
    """One replay for all tests: each state of the log is derived once."""
    log = VerifiedLog(twice / "evidence")
    with Mission(twice, log, now=lambda: None, readonly=True) as mission:
        yield mission, Replay(mission, log)


@pytest.fixture
def issue(replaying):
    """The first issue, with a seal of its own to tamper with."""
    found = chosen(replaying[0], "2026-04-12")
    return replace(found, seal=copy.deepcopy(found.seal), files=dict(found.files))


def test_every_issue_is_made_anew_byte_for_byte(replaying):
    mission, made = replaying
    found = [made.of(one) for one in issues(mission)]
    assert [f"{one.issue.folder}/{one.issue.stem}" for one in found] == [FIRST, SECOND]
    for one in found:
        assert one.verdict is Verdict.SAME, one.problems
        assert all(row["made_as_sealed"] and row["held_as_sealed"] for row in one.files)
    names = {row["name"] for row in found[1].files}
    assert {"2026-04-12-issue-2.html", "2026-04-12-issue-2.changes.json"} <= names


def test_the_command_says_so(twice, monkeypatch):
    monkeypatch.chdir(twice)
    ran = CliRunner().invoke(app, ["audit", "replay", "--all"])
    assert ran.exit_code == 0, ran.output
    assert ran.output.count("the same, byte for byte") == 2
    assert CliRunner().invoke(app, ["audit", "replay"]).exit_code == 2
    assert CliRunner().invoke(app, ["audit", "replay", "2026-04-12", "--all"]).exit_code == 2
    assert isinstance(CliRunner().invoke(app, ["audit", "replay", "x"]).exception, NotFound)


def test_a_file_that_was_changed_is_told_with_the_line(replaying, issue):
    name = "2026-04-12.md"
    issue.files[name] = issue.files[name].replace(b"Evidence", b"Evidenc3", 1)
    found = replaying[1].of(issue)
    assert found.verdict is Verdict.DIFFERENT
    (row,) = [row for row in found.files if row["name"] == name]
    assert (row["made_as_sealed"], row["held_as_sealed"]) == (True, False)
    assert "Evidenc3" in row["differs"]["at_hand"]
    assert "Evidence" in row["differs"]["made"]
    told = "\n".join(lines({"bulletins": [replay_module._data(found)]}))
    assert "AT HAND OTHERWISE" in told
    # The saboteur: who looks at what was made alone does not see it.
    assert all(row["made_as_sealed"] for row in found.files)


def test_what_was_sealed_and_does_not_follow_from_the_log_is_found(replaying, issue):
    """The operator who publishes figures of his own, and seals them."""
    name = "2026-04-12.html"
    issue.files[name] = issue.files[name].replace(b"</body>", b"<p>All is quiet.</p></body>")
    issue.seal["bodies"][name] = hashlib.sha256(issue.files[name]).hexdigest()
    found = replaying[1].of(issue)
    assert found.verdict is Verdict.DIFFERENT
    (row,) = [row for row in found.files if row["name"] == name]
    assert (row["made_as_sealed"], row["held_as_sealed"]) == (False, True)
    assert "All is quiet" in row["differs"]["at_hand"]


def test_evidence_that_the_seal_makes_up_is_found(replaying, issue, monkeypatch):
    issue.seal["evidence"]["root"] = "0" * 64
    assert "of the evidence" in replaying[1].of(issue).problems[0]
    monkeypatch.setattr(Replay, "_evidence", lambda *_: [])
    assert replaying[1].of(issue).verdict is Verdict.SAME


def test_another_version_is_no_fraud_and_no_yes(replaying, issue):
    issue.seal["evidence"]["version"] = "9.9.9"
    found = replaying[1].of(issue)
    assert (found.verdict, found.problems) == (Verdict.VERSION, [])
    assert "9.9.9" in found.words
    assert all(row["made_as_sealed"] is None for row in found.files)
    issue.files["2026-04-12.md"] += b"\n"
    assert replaying[1].of(issue).verdict is Verdict.DIFFERENT


def signer_of(folder) -> Signer:
    return Signer.parse((folder / "evidence/key/signing").read_text().strip())


SEALS = {
    "no entry of the log": lambda issue, _: replace(issue, entry=None),
    "and speaks of": lambda issue, _: replace(issue, entry=issue.size - 1),
    "another size or root": lambda issue, _: _point(issue, root="0" * 64),
    "is wrong": lambda issue, _: _point(
        issue, note=issue.seal["checkpoint"]["note"].replace(str(issue.size), "9", 1)
    ),
    "FORK": lambda issue, signer: _signed(issue, signer, issue.size),
    "not 999": lambda issue, signer: _signed(issue, signer, 999),
    "the seal at hand": lambda issue, _: replace(
        issue, files={**issue.files, "2026-04-12.seal.json": b"{}"}
    ),
}


def _point(issue, **fields):
    issue.seal["checkpoint"].update(fields)
    return issue


def _signed(issue, signer, size):
    made = signer.checkpoint(size, b"\1" * 32)
    return _point(issue, size=made.size, root=made.root, note=made.note)


@pytest.mark.parametrize("words", SEALS)
def test_a_seal_that_the_log_does_not_bear_out_is_found(
    replaying, issue, twice, monkeypatch, words
):
    bad = SEALS[words](issue, signer_of(twice))
    found = replaying[1].of(bad)
    assert found.verdict is Verdict.DIFFERENT
    assert any(words in problem for problem in found.problems), found.problems
    # The saboteur: without this look at the seal nothing else would have seen it.
    monkeypatch.setattr(Replay, "_sealed", lambda *_: None)
    if bad.size < 999:
        assert not replaying[1].of(bad).problems


GRADE = {"grade": "finding-grade", "cosigned": [], "quorum": 1, "witnesses": 1}
LIES = {
    "a grade that nobody gave": ("'witnessing'", lambda seal: seal.update(witnessing=GRADE)),
    "another log that counts": ("'federated'", lambda seal: seal.update(federated=[GRADE])),
    "a drill": ("'exercise'", lambda seal: seal.update(exercise=True)),
    "a field of its own": ("'approved'", lambda seal: seal.update(approved="by all")),
    "a silent correction": ("'corrects'", lambda seal: seal.pop("corrects")),
    "another issue": ("'corrects'", lambda seal: seal["corrects"].update(stem="2026-04-11")),
    "a file left out": ("does not name", lambda seal: seal["bodies"].pop(f"{SECOND[10:]}.html")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_seal_that_says_more_or_less_than_the_log_is_found(replaying, monkeypatch, lie):
    """The operator who appends a seal of his own making: every file of it is as it should be."""
    found = chosen(replaying[0], SECOND)
    seal = copy.deepcopy(found.seal)
    words, change = LIES[lie]
    change(seal)
    told = replaying[1].of(replace(found, seal=seal))
    assert told.verdict is Verdict.DIFFERENT
    assert any(words in problem for problem in told.problems), told.problems
    # The saboteur: who looks at the files alone is deceived.
    monkeypatch.setattr(replay_module, "besides", lambda *_: [])
    assert replaying[1].of(replace(found, seal=seal)).verdict is Verdict.SAME


def test_a_seal_of_another_time_or_place_is_found(replaying, issue, monkeypatch):
    mission, made = replaying
    last = chosen(mission, SECOND)
    bad = {
        "issued at 2026-01-01": replace(
            issue, seal=issue.seal | {"issued": "2026-01-01T00:00:00Z"}
        ),
        "issued at None": replace(issue, seal=issue.seal | {"issued": None}),
        "issued at 2026": replace(issue, seal=issue.seal | {"issued": "2026"}),
        # What came after the evidence that it rests on, and before the seal, was passed over.
        "was left out": replace(issue, entry=last.entry),
        "by the log it should be 2026-04-12-issue-2": replace(
            last, stem="2026-04-12-issue-7", files={}
        ),
    }
    for words, one in bad.items():
        problems = made.of(one).problems
        assert any(words in problem for problem in problems), (words, problems)
    monkeypatch.setattr(replay_module, "entered", lambda *_: [])
    assert made.of(bad["was left out"]).verdict is Verdict.SAME


def test_what_was_sealed_twice_and_what_nobody_sealed_is_found(twice, tmp_path, open_mission):
    folder = shutil.copytree(twice, tmp_path / "mission")
    with open_mission(folder) as mission:
        old = mission.in_force().issued[f"{FIRST}.seal.json"]
        seal = json.loads(mission.log.payload(old.payload)) | {"exercise": True}
        entry = NewEntry(
            kind=EntryKind.BULLETIN,
            source="operator",
            payload=json.dumps(seal).encode(),
            name=f"{FIRST}.seal.json",
        )
        mission.log.append([entry], received=mission.now())
        mission.log.publish()
    for name in ("2026-04-13.html", "2026-04-13.seal.json", "2026-04-12-issue-3.changes.md"):
        (folder / "bulletins" / name).write_bytes(b"{}")
    log = VerifiedLog(folder / "evidence")
    with Mission(folder, log, now=lambda: None, readonly=True) as mission:
        problems = entered(mission, chosen(mission, FIRST))
        assert "sealed more than once" in problems[0]
        assert "was left out" in problems[1]
        names = [name.rpartition("/")[2] for name in strangers(mission)]
        assert names == ["2026-04-12-issue-3.changes.md", "2026-04-13.html", "2026-04-13.seal.json"]
        told = lines({"bulletins": [], "unknown": strangers(mission)})
        assert "2026-04-13.html lies among the bulletins" in told[1]


def test_a_record_of_changes_that_is_another_is_found(replaying):
    found = chosen(replaying[0], SECOND)
    seal = copy.deepcopy(found.seal)
    seal["corrects"]["record"] = "0" * 64
    told = replaying[1].of(replace(found, seal=seal))
    assert told.verdict is Verdict.DIFFERENT
    assert "account of what changed" in told.problems[0]


def test_a_file_anywhere_is_known_by_its_name_or_its_bytes(replaying, twice, tmp_path):
    mission, made = replaying
    for name in ("2026-04-12.json", "2026-04-12.seal.json", "2026-04-12-issue-2.changes.html"):
        path = shutil.copy(twice / "bulletins" / name, tmp_path)
        found = chosen(mission, str(path))
        assert (found.entry, list(found.files)) != (None, [])
    assert made.of(chosen(mission, str(tmp_path / "2026-04-12.json"))).verdict is Verdict.SAME
    renamed = shutil.copy(twice / "bulletins/2026-04-12.md", tmp_path / "got-it-by-mail.md")
    found = chosen(mission, str(renamed))
    assert (found.stem, list(found.files)) == ("2026-04-12", ["2026-04-12.md"])
    renamed.write_bytes(b"nothing that was issued")
    with pytest.raises(NotFound, match="no bulletin was issued"):
        chosen(mission, str(renamed))


def test_a_seal_of_which_the_log_knows_nothing_is_no_entry(replaying, twice, tmp_path):
    path = tmp_path / "2027-01-01.seal.json"
    shutil.copy(twice / "bulletins/2026-04-12.seal.json", path)
    found = replaying[1].of(chosen(replaying[0], str(path)))
    assert "no entry of the log" in found.problems[0]


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"{" * 100_000, b'{"schema":5}', b"\xff"])
def test_rubbish_is_no_seal(replaying, tmp_path, raw):
    path = tmp_path / "2027-01-01.seal.json"
    path.write_bytes(raw)
    with pytest.raises(NotFound, match="no seal"):
        chosen(replaying[0], str(path))


@pytest.mark.parametrize("name", ["notes", "2027-1-1", "2027-01-01-issue-0", "truce-issue-"])
def test_a_seal_has_the_name_of_a_bulletin(replaying, twice, tmp_path, name):
    path = tmp_path / f"{name}.seal.json"
    shutil.copy(twice / "bulletins/2026-04-12.seal.json", path)
    with pytest.raises(NotFound, match="its name is not that of a bulletin"):
        chosen(replaying[0], str(path))


@pytest.mark.parametrize("day", ["1899-12-31", "3000-01-01"])
def test_no_bulletin_is_made_for_a_year_out_of_mind(replaying, twice, tmp_path, day):
    path = tmp_path / f"{day}.seal.json"
    shutil.copy(twice / "bulletins/2026-04-12.seal.json", path)
    with pytest.raises(NotFound, match="no bulletin is made for that year"):
        chosen(replaying[0], str(path))


def test_a_log_that_sealed_nothing_has_nothing_to_make_anew(empty_mission, open_mission):
    with open_mission(empty_mission) as mission:
        mission.sync_settings()
        mission.log.publish()
    with pytest.raises(NotFound, match="the log holds no seal of any bulletin"):
        replay(empty_mission, None)


def test_a_seal_names_no_file_elsewhere(replaying, twice, tmp_path):
    seal = json.loads((twice / "bulletins/2026-04-12.seal.json").read_bytes())
    seal["bodies"]["../secret"] = "0" * 64
    path = tmp_path / "2027-01-01.seal.json"
    path.write_text(json.dumps(seal))
    with pytest.raises(NotFound, match="form"):
        chosen(replaying[0], str(path))


def test_a_payload_that_was_changed_stops_the_replay(twice, tmp_path):
    folder = shutil.copytree(twice, tmp_path / "mission")
    for path in sorted((folder / "evidence/payload").rglob("*")):
        if path.is_file() and path.stat().st_size > 50_000:
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data)
    with pytest.raises(LogDamaged, match="not those of its name"):
        replay(folder, "2026-04-12")


def test_what_was_erased_since_is_named_and_nobody_blamed(tmp_path, monkeypatch):
    """A bulletin from before an erasure cannot be made again; one from behind it can."""
    folder = shutil.copytree(ISLAND, tmp_path / "mission")
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + PEOPLE)
    (folder / "reports.csv").rename(tmp_path / "reports.csv")
    (tmp_path / "reports-witness.csv").write_bytes(WITNESS)
    day = date(2025, 11, 11)
    with opened(folder) as mission:
        ingest(mission, [tmp_path / "reports.csv", tmp_path / "reports-witness.csv"])
        publish(mission, bring_up_to_date(mission), days=[day])
        held = entry_of(mission).index
    assert replay(folder, "2025-11-11")["bulletins"][0]["verdict"] == "same"
    gone = erased(folder)
    with opened(folder) as mission:
        publish(mission, bring_up_to_date(mission), days=[day])
    first, second = replay(folder, None)["bulletins"]
    assert (first["verdict"], first["problems"]) == ("erased", [])
    assert f"entry {held} was erased by entry {gone.answered.index}" in first["words"]
    assert "a witness is in danger" in first["words"]
    assert all(row["made_as_sealed"] is None and row["held_as_sealed"] for row in first["files"])
    assert (second["verdict"], second["problems"]) == ("same", [])
    # A file that is not what was sealed is found all the same.
    (folder / "bulletins/2025-11-11.md").write_bytes(b"All is quiet.\n")
    assert replay(folder, "2025-11-11")["bulletins"][0]["verdict"] == "different"
    # The saboteur: without a look at what was erased an honest mission would be called a liar.
    monkeypatch.setattr(Replay, "_lost", lambda *_: "")
    assert replay(folder, "2025-11-11")["bulletins"][0]["files"][0]["made_as_sealed"] is False


def test_a_key_that_was_stolen_later_makes_no_liar_of_an_earlier_bulletin(tmp_path):
    """Its word ends before the bulletin; that the seal is in the log is the new key's word."""
    folder = shutil.copytree(ISLAND, tmp_path / "mission")
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + PEOPLE)
    (folder / "reports.csv").rename(tmp_path / "reports.csv")
    with opened(folder) as mission:
        ingest(mission, [tmp_path / "reports.csv"])
        publish(mission, bring_up_to_date(mission), days=[date(2025, 11, 11)])
    now = partial(datetime, 2026, 6, 1, tzinfo=UTC)
    keys.compromised(folder, by="lead-1", reason="a laptop was stolen", up_to=2, now=now)
    (found,) = replay(folder, None)["bulletins"]
    assert (found["verdict"], found["problems"]) == ("same", [])
    # What the old key signed and the log does not hold counts for nothing.
    log = VerifiedLog(folder / "evidence")
    with Mission(folder, log, now=lambda: None, readonly=True) as mission:
        told = Replay(mission, log).of(replace(chosen(mission, "2025-11-11"), entry=None))
    assert told.verdict is Verdict.DIFFERENT
    assert "the key that signed it was compromised" in told.problems[1]
