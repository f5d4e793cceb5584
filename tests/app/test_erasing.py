"""A payload goes by the word of two people, and everything downstream lives on."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from trucewatch.app.auditing.replay import replay
from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.app.cli import app
from trucewatch.app.deciding import enter, stays_inside
from trucewatch.app.erasing import steps, told
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.explaining.lines import explanation
from trucewatch.app.intake import ingest
from trucewatch.app.listing import current
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.witnessing.receipts import lines, receipt
from trucewatch.errors import Erased, EvidenceError, NotAllowed, NotFound, Refused, StoreUnavailable
from trucewatch.evidence import EntryKind, NewEntry, fsck
from trucewatch.evidence.log import erasing as log_erasing
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.model import Contact, Contacted, Reply

ISLAND = Path(__file__).parents[2] / "docs" / "island"
CANARY = "the woman with seven canaries saw it"
PEOPLE = """
[[people]]
id = "lead-1"
name = "Lead of the mission"
roles = ["lead"]

[[people]]
id = "reviewer-1"
name = "First reviewer"
roles = ["reviewer"]
body = "chair"

[[people]]
id = "reviewer-2"
name = "Second reviewer"
roles = ["reviewer"]
body = "chair"

[[people]]
id = "envoy"
name = "Envoy of the north"
roles = ["desk"]
party = "north"
"""
DAY = date(2025, 11, 11)
HEAD = "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
WITNESS = (
    HEAD
    + f"91,2025-11-11 15:20,35.14,-40.03,seen,mortar,1,clinic,{CANARY}\n"
    + "92,2025-11-11 17:05,35.03,-40.02,seen,gunfire,,fishers,Two shots from the mole\n"
    + "93,2025-11-11 18:05,nowhere,-40.02,seen,gunfire,,fishers,Shots\n"
).encode()


class Clock:
    def __init__(self):
        self.time = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(seconds=1)
        return self.time


def opened(folder, **more):
    return Mission.open(folder, now=Clock(), **more)


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A mission that has read two deliveries, run and published; copy it before you touch it."""
    folder = shutil.copytree(ISLAND, tmp_path_factory.mktemp("island") / "mission")
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + PEOPLE)
    (folder / "reports.csv").rename(folder.parent / "reports.csv")
    delivered = folder.parent / "reports-witness.csv"
    delivered.write_bytes(WITNESS)
    with opened(folder) as mission:
        ingest(mission, [folder.parent / "reports.csv", delivered])
        publish(mission, bring_up_to_date(mission), days=[DAY])
    return folder


@pytest.fixture
def folder(lived, tmp_path):
    return shutil.copytree(lived, tmp_path / "mission")


@pytest.fixture
def delivered(tmp_path):
    path = tmp_path / "reports-witness.csv"
    path.write_bytes(WITNESS)
    return path


def entry_of(mission, payload=WITNESS):
    digest = hashlib.sha256(payload).hexdigest()
    return next(entry for entry in mission.entries() if entry.payload == digest)


def asked(mission, entry, *, by="lead-1", replacement=None):
    held = steps.held_by(mission.log, str(entry.index))
    return steps.ask(
        mission, mission.log, held, by=by, reason="a witness is in danger", replacement=replacement
    )


def erased(folder, payload=WITNESS):
    with opened(folder) as mission:
        request = asked(mission, entry_of(mission, payload))
        return steps.approve(mission, mission.log, request, by="reviewer-1")


def holding(folder, words=CANARY):
    """Every file under a folder that has the words, in any of the ways that our files have them."""
    needles = {words.encode(), json.dumps(words).encode(), words.encode("utf-16-le")}
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def test_no_byte_of_it_is_left_under_the_mission(folder, delivered):
    assert any("payload" in name for name in holding(folder))
    assert any("state.db" in name for name in holding(folder)), "the search finds what is there"
    erased(folder)
    assert holding(folder) == []
    with opened(folder) as mission:
        bring_up_to_date(mission)
        publish(mission, current(mission), days=[DAY])
        ingest(mission, [delivered])
        bring_up_to_date(mission)
    assert holding(folder) == []


def test_the_log_and_every_proof_still_hold(folder):
    with opened(folder) as mission:
        before = [(e.index, e.leaf_hash, e.payload, e.received) for e in mission.entries()]
    erased(folder)
    found = fsck(folder / "evidence")
    assert (found.ok, found.erased, found.problems) == (True, 1, ())
    with opened(folder, readonly=True) as mission:
        kept = [(e.index, e.leaf_hash, e.payload, e.received) for e in mission.entries()]
        assert kept[: len(before)] == before
        with pytest.raises(Erased, match="a witness is in danger") as caught:
            mission.log.payload(entry_of(mission).payload)
        assert caught.value.entry == mission.log.size - 1


def test_nothing_goes_by_one_persons_word(folder):
    with opened(folder) as mission:
        entry = entry_of(mission)
        request = asked(mission, entry, by="reviewer-1")
        assert mission.log.payload(entry.payload) == WITNESS
        with pytest.raises(Refused, match="a second person approves"):
            steps.approve(mission, mission.log, request, by="reviewer-1")
        with pytest.raises(Refused, match="of one body, 'chair'"):
            steps.approve(mission, mission.log, request, by="reviewer-2")
        with pytest.raises(NotAllowed, match="lead or reviewer"):
            steps.approve(mission, mission.log, request, by="envoy")
        with pytest.raises(NotFound, match="names no person"):
            steps.approve(mission, mission.log, request, by="nobody")
        with pytest.raises(Refused, match="has asked for it already"):
            asked(mission, entry)
        assert mission.log.payload(entry.payload) == WITNESS
    assert fsck(folder / "evidence").erased == 0


def test_who_may_not_ask_enters_nothing_and_who_may_not_refuse_ends_nothing(folder):
    with opened(folder) as mission:
        entry, size = entry_of(mission), mission.log.size
        for by, fault in (("envoy", NotAllowed), ("nobody", NotFound)):
            with pytest.raises(fault):
                asked(mission, entry, by=by, replacement=HEAD.encode())
        assert mission.log.size == size
        request = asked(mission, entry)
        for by, fault in (("envoy", NotAllowed), ("nobody", NotFound)):
            with pytest.raises(fault):
                steps.decline(mission, mission.log, request, by=by, reason="not so")
        with pytest.raises(ValueError, match="a refusal has a reason"):
            steps.decline(mission, mission.log, request, by="reviewer-1", reason=" ")
        assert steps.waiting_for(mission.log, str(entry.index)).entry == request.entry


def test_the_saboteur_without_the_second_person_is_caught(folder, monkeypatch):
    """Where the house asks nobody else, the log does; where the log does not, the auditor does."""
    with opened(folder) as mission:
        request = asked(mission, entry_of(mission))
        monkeypatch.setattr(steps, "same_word", lambda *_: None)
        with pytest.raises(EvidenceError, match="a second person approves"):
            steps.approve(mission, mission.log, request, by="lead-1")
        monkeypatch.setattr(log_erasing, "fault_of", lambda *_: None)
        monkeypatch.setattr(log_erasing, "answers", lambda *_: True)
        steps.approve(mission, mission.log, request, by="lead-1")
    found = fsck(folder / "evidence")
    assert any("one person alone asked for it and approved it" in p for p in found.problems)
    assert any("missing" in problem for problem in found.problems)


def test_a_refused_request_removes_nothing_and_may_be_made_again(folder):
    with opened(folder) as mission:
        request = asked(mission, entry_of(mission))
        done = steps.decline(mission, mission.log, request, by="reviewer-1", reason="not so")
        assert not done.erased
        with pytest.raises(NotFound, match="waits for an answer"):
            steps.waiting_for(mission.log, str(request.entry.index))
        assert mission.log.payload(entry_of(mission).payload) == WITNESS
        again = asked(mission, entry_of(mission))
        assert steps.approve(mission, mission.log, again, by="reviewer-2").erased


def test_a_file_that_is_put_back_goes_again(folder):
    backup = {
        p: p.read_bytes() for p in (folder / "evidence" / "payload").rglob("*") if p.is_file()
    }
    state = (folder / "state.db").read_bytes()
    erased(folder)
    digest = hashlib.sha256(WITNESS).hexdigest()
    lying = folder / "evidence" / payload_path(digest)
    assert not lying.exists()
    for path, data in backup.items():
        path.write_bytes(data)
    (folder / "state.db").write_bytes(state)
    assert any("and it lies there" in problem for problem in fsck(folder / "evidence").problems)
    with opened(folder, readonly=True) as mission:
        with pytest.raises(Erased):
            mission.log.payload(digest)
        with pytest.raises(StoreUnavailable, match="erased since"):
            current(mission)
    assert lying.exists(), "a reader changes nothing"
    with opened(folder) as mission:
        assert [a for a in mission.log.account if "removed payload" in a and digest in a]
        bring_up_to_date(mission)
    assert holding(folder) == []
    assert fsck(folder / "evidence").ok


def test_the_same_bytes_are_not_taken_in_again(folder, delivered, tmp_path):
    erased(folder)
    other = tmp_path / "reports-more.csv"
    other.write_bytes(HEAD.encode() + b"95,2025-11-12 10:00,35.1,-40.0,seen,mortar,,clinic,x\n")
    with opened(folder) as mission:
        size = mission.log.size
        first, second = ingest(mission, [delivered, other])
        assert mission.log.size == size + 1
        assert (first.count.received, first.count.erased, first.count.accepted) == (3, 3, 0)
        assert "not taken in: erased by log entry" in first.erased
        assert (second.count.accepted, second.erased) == (1, "")
        with pytest.raises(Erased):
            mission.log.append(
                [NewEntry(kind=EntryKind.REPORT, source="another", payload=WITNESS)],
                received=mission.now(),
            )
    assert holding(folder) == []


def test_the_sum_of_records_still_holds(folder):
    with opened(folder) as mission:
        before = summary_of(mission, current(mission))["intake"]["harbour-desk"]
    assert before["quarantined"] > 0
    erased(folder)
    with opened(folder) as mission:
        after = summary_of(mission, bring_up_to_date(mission))["intake"]["harbour-desk"]
    assert after["received"] == before["received"]
    assert after["erased"] == 3
    parts = ("accepted", "duplicate", "quarantined", "erased")
    assert after["received"] == sum(after[part] for part in parts)


def test_what_stood_on_it_goes_and_the_bulletin_says_so_in_the_open(folder):
    with opened(folder) as mission:
        was = {incident.id for incident in current(mission).incidents}
    erased(folder)
    with opened(folder) as mission:
        derived = bring_up_to_date(mission)
        gone = was - {incident.id for incident in derived.incidents}
        assert gone
        (issued,) = publish(mission, derived, days=[DAY])
        assert issued.stem.endswith("issue-2")
        page = next(p for p in issued.changes if p.suffix == ".html").read_text()
        assert "An entry of the evidence was erased" in page
        assert "witness" not in page
        assert "danger" not in page
        with pytest.raises(NotFound, match="was erased"):
            explain(mission, min(gone))
        (again,) = publish(mission, derived, days=[DAY])
        assert (again.stem, again.new) == (issued.stem, False)


def test_an_older_bulletin_cannot_be_made_again_and_the_new_one_can(folder):
    assert replay(folder, None)["ok"]
    erased(folder)
    with opened(folder) as mission:
        publish(mission, bring_up_to_date(mission), days=[DAY])
    old, new = replay(folder, None)["bulletins"]
    assert (old["verdict"], new["verdict"]) == ("erased", "same")
    assert "was erased by entry" in old["words"]
    assert not old["problems"]


ASKING = ("--reason", "in danger", "--by", "lead-1")


def contact(subject):
    at = datetime(2025, 11, 11, 12, tzinfo=UTC)
    return Contacted(
        contact=Contact(
            id=f"cnt-{len(subject)}",
            at=at,
            parties=("north",),
            channel="radio",
            subject=subject,
            outcome="",
            answered=True,
        )
    )


def test_a_notice_goes_from_inside_as_well(folder):
    with opened(folder) as mission:
        first = enter(mission, contact("herons at nine"), by="lead-1")
        enter(mission, contact("radio 9"), by="lead-1")
        assert any(name.startswith("inside/payload") for name in holding(folder, "herons at nine"))
    assert "waiting" in run(folder, str(first.index), "--inside", *ASKING, "--json").output
    before = fsck(folder / "evidence").size
    done = run(folder, str(first.index), "--inside", "--approve", "--by", "reviewer-1")
    assert "decided by lead-1" in done.output
    assert holding(folder, "herons at nine") == []
    with opened(folder, readonly=True) as mission:
        (left,) = stays_inside(mission)
        assert left.decision.contact.subject == "radio 9"
    assert fsck(folder / "evidence").size == before, "nothing of it is seen from outside"
    found = fsck(folder / "inside")
    assert (found.ok, found.erased) == (True, 1)
    assert "erased" in run(folder, "--list", "--inside").output
    assert "Nothing has been asked" in run(folder, "--list").output


def test_explain_tells_of_the_entry(folder):
    done = erased(folder)
    with opened(folder) as mission:
        bring_up_to_date(mission)
        told = explain(mission, str(done.answer.entries[0].index))
    assert told["erased"]["reason"] == "a witness is in danger"
    assert (told["erased"]["asked_by"], told["erased"]["answered_by"]) == ("lead-1", "reviewer-1")


def test_a_receipt_tells_of_it(folder):
    index = erased(folder).answer.entries[0].index
    with opened(folder, readonly=True) as mission:
        told = receipt(mission, index)
        other = receipt(mission, index - 1)
    assert (told["erased"], other["erased"]) == (True, False)
    assert sum("erased since" in line for line in lines(told) + lines(other)) == 1


def test_a_replay_before_it_comes_to_what_is_left(folder):
    with opened(folder) as mission:
        size = mission.log.size
        records = mission.in_force().records
    erased(folder)
    with opened(folder) as mission:
        bring_up_to_date(mission)
        with replayed(mission, size) as (past, derived):
            assert past.in_force().records == records
            now = {incident.id for incident in current(mission).incidents}
            assert {incident.id for incident in derived.incidents} == now


def test_an_erased_reply_keeps_its_place_and_counts_no_more(folder):
    with opened(folder) as mission:
        incident = current(mission).incidents[0].id
        reply = Reply(incident=incident, claims=(), party="north", words=CANARY)
        entered = enter(mission, reply, by="envoy")
        bring_up_to_date(mission)
        (entry,) = mission.log.entries(entered.index, entered.index + 1)
        request = asked(mission, entry)
        steps.approve(mission, mission.log, request, by="reviewer-1")
        bring_up_to_date(mission)
        assert mission.decisions() == ()
        (row,) = explain(mission, str(entered.index))["erased"]["entries"]
        assert (row["kind"], row["decided_by"]) == ("reply", "envoy")


def test_settings_go_only_once_they_are_superseded(folder):
    with opened(folder) as mission:
        by_name = {e.name: e for e in mission.entries() if e.source == "operator"}
        with pytest.raises(Refused, match=r"sources.toml as it is in force"):
            asked(mission, by_name["sources.toml"])
        with pytest.raises(Refused, match="who could decide"):
            asked(mission, by_name["mission.toml"])
    sources = folder / "sources.toml"
    sources.write_text(sources.read_text() + "\n# a word more\n")
    with opened(folder) as mission:
        bring_up_to_date(mission)
        request = asked(mission, by_name["sources.toml"])
        assert steps.approve(mission, mission.log, request, by="reviewer-1").erased
        publish(mission, bring_up_to_date(mission), days=[DAY])
    assert fsck(folder / "evidence").ok
    assert [one["verdict"] for one in replay(folder, None)["bulletins"]] == ["erased", "same"]


@pytest.mark.parametrize("kind", ["bulletin", "erased"])
def test_what_the_rest_is_checked_by_stays(folder, kind):
    with opened(folder) as mission:
        asked(mission, entry_of(mission))
        entry = next(e for e in mission.entries() if e.kind.value == kind)
        with pytest.raises(EvidenceError, match="by which the rest is checked"):
            asked(mission, entry)


def test_one_record_of_many_goes_and_the_others_stay(folder):
    rest = b"".join(WITNESS.splitlines(keepends=True)[i] for i in (0, 2, 3))
    with opened(folder) as mission:
        request = asked(mission, entry_of(mission), replacement=rest)
        (replaced,) = request.asked.replaced_by
        steps.approve(mission, mission.log, request, by="reviewer-1")
        bring_up_to_date(mission)
        texts = [report.text for report in mission.store.reports()]
        assert any("Two shots from the mole" in text for text in texts)
        assert mission.log.payload(next(mission.log.entries(replaced)).payload) == rest
    assert holding(folder) == []


def test_every_entry_of_the_same_bytes_loses_them(folder, tmp_path):
    sources = folder / "sources.toml"
    second = sources.read_text().split("# Whom the desk")[0].replace('harbour-desk"', 'chapel"', 1)
    sources.write_text(
        sources.read_text() + second.replace('files = ["reports*.csv"]', "files = []")
    )
    delivered = tmp_path / "sent.csv"
    delivered.write_bytes(WITNESS)
    with opened(folder) as mission:
        ingest(mission, [delivered], source="chapel")
        held = steps.held_by(mission.log, str(entry_of(mission).index))
        assert [entry.source for entry in held] == ["harbour-desk", "chapel"]
    done = erased(folder)
    assert [one.records for one in done.answer.entries] == [3, 3]
    with opened(folder) as mission:
        intake = summary_of(mission, bring_up_to_date(mission))["intake"]
    assert intake["chapel"] == {
        "received": 3,
        "accepted": 0,
        "duplicate": 0,
        "quarantined": 0,
        "erased": 3,
    }
    assert holding(folder) == []


def test_a_crash_before_the_projection_goes_is_finished_by_the_next_run(folder, monkeypatch):
    def died(mission):
        del mission
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Mission, "forget_projection", died)
        with pytest.raises(KeyboardInterrupt):
            erased(folder)
    assert any("state.db" in name for name in holding(folder)), "the saboteur leaves it there"
    with opened(folder) as mission:
        bring_up_to_date(mission)
    assert holding(folder) == []


def run(folder, *words):
    return CliRunner().invoke(app, ["erase", *words, "--mission", str(folder)])


def test_the_command_from_asking_to_the_list(folder):
    with opened(folder, readonly=True) as mission:
        index = str(entry_of(mission).index)
    (folder / "left.csv").write_bytes(WITNESS)
    said = run(folder, index, "--dry-run").output
    assert "Nothing was entered. 1 entry holds this payload" in said
    assert "left.csv" in said
    assert "Back-ups" in said
    (folder / "left.csv").unlink()
    said = run(folder, index, "--reason", "in danger", "--by", "lead-1").output
    assert "--approve --by PERSON" in said
    assert "nobody logs in yet" in said
    assert "waiting" in run(folder, "--list").output
    said = run(folder, index, "--approve", "--by", "reviewer-1").output
    assert "Erased, from 1 entry:" in said
    assert "3 records" in said
    data = json.loads(run(folder, "--list", "--json").output)
    assert [row["state"] for row in data["erasures"]] == ["erased"]
    audit = CliRunner().invoke(app, ["audit", "fsck", "--mission", str(folder)])
    assert audit.exit_code == 0
    assert "1 payload erased" in audit.output
    assert isinstance(run(folder, index, "--dry-run").exception, Erased)


def test_the_auditor_reads_requests_as_the_log_does(folder):
    def both():
        audited = VerifiedLog(folder / "evidence").erasures()
        with opened(folder, readonly=True) as mission:
            assert audited == mission.log.erasures()
        return [(one.erased, one.answer is None) for one in audited]

    assert both() == []
    with opened(folder) as mission:
        request = asked(mission, entry_of(mission))
    assert both() == [(False, True)]
    with opened(folder) as mission:
        steps.decline(mission, mission.log, request, by="reviewer-1", reason="needed")
    assert both() == [(False, False)]
    erased(folder)
    assert both() == [(False, False), (True, False)]


def test_an_erasure_has_a_reason_and_names_an_entry(folder):
    with opened(folder) as mission:
        entry, size = entry_of(mission), mission.log.size
        for name in ("reports-witness.csv", "-1", "1.0", entry.payload[:-1], "9" * 19):
            with pytest.raises(NotFound, match="name its index or one of its hashes"):
                steps.held_by(mission.log, name)
        for name in (str(entry.index), entry.leaf_hash, entry.payload):
            assert [one.index for one in steps.held_by(mission.log, name)] == [entry.index]
        with pytest.raises(ValueError, match="an erasure has a reason"):
            steps.ask(mission, mission.log, (entry,), by="lead-1", reason=" \n", replacement=None)
        assert mission.log.size == size
        with pytest.raises(NotFound, match=f"no erasure of entry {entry.index} waits"):
            steps.waiting_for(mission.log, str(entry.index))
        with pytest.raises(NotFound, match=f"log entry {entry.index} is not erased"):
            told.erased_entry(mission, entry.index)
        with pytest.raises(NotFound, match=f"log entry {size} is not erased"):
            told.erased_entry(mission, size)


def test_a_replacement_is_another_delivery_of_the_same(folder):
    with opened(folder) as mission:
        entry, size = entry_of(mission), mission.log.size
        for bytes_ in (WITNESS, b""):
            with pytest.raises(Refused, match="is the same file, or an empty one"):
                asked(mission, entry, replacement=bytes_)
        incident = current(mission).incidents[0].id
        reply = Reply(incident=incident, claims=(), party="north", words=CANARY)
        said = enter(mission, reply, by="envoy")
        (entered,) = mission.log.entries(said.index, said.index + 1)
        with pytest.raises(Refused, match="only a delivery can be replaced"):
            asked(mission, entered, replacement=HEAD.encode())
        assert mission.log.size == size + 1


def test_settings_that_are_in_force_again_stay(folder):
    """Between the asking and the approval somebody puts the old file back."""
    sources = folder / "sources.toml"
    old = sources.read_text()
    with opened(folder) as mission:
        entry = next(e for e in mission.entries() if e.name == "sources.toml")
    sources.write_text(old + "\n# a word more\n")
    with opened(folder) as mission:
        bring_up_to_date(mission)
        request = asked(mission, entry)
    sources.write_text(old)
    with opened(folder) as mission:
        bring_up_to_date(mission)
        size = mission.log.size
        with pytest.raises(Refused, match="a settings file that is in force again"):
            steps.approve(mission, mission.log, request, by="reviewer-1")
        assert mission.log.size == size
        assert mission.log.payload(entry.payload) == old.encode()


def test_the_command_refuses_tells_why_and_names_the_file_that_lies_there(folder):
    with opened(folder, readonly=True) as mission:
        index = str(entry_of(mission).index)
    # As long to the byte, and another file: it is not the one.
    (folder / "other.csv").write_bytes(WITNESS.replace(b"canaries", b"sparrows"))
    (folder / "left.csv").write_bytes(WITNESS)
    said = run(folder, index, "--dry-run").output
    assert "left.csv" in said
    assert "other.csv" not in said
    assert run(folder, index, *ASKING).exit_code == 0
    done = run(folder, index, "--refuse", "--by", "reviewer-1", "--reason", "it is needed")
    assert "Refused: 1 entry holds this payload as before:" in done.output
    assert "refused because: it is needed" in done.output
    assert "does not reach" not in done.output
    listed = run(folder, "--list").output
    assert ": refused, payload" in listed
    assert "refused because: it is needed" in listed
    (row,) = json.loads(run(folder, "--list", "--json").output)["erasures"]
    assert (row["state"], row["refusal"], "entries" in row) == ("refused", "it is needed", False)


def test_what_came_in_its_place_is_named(folder, tmp_path):
    with opened(folder, readonly=True) as mission:
        entry, size = entry_of(mission), mission.log.size
    path = tmp_path / "reports-witness.csv"
    path.write_text(HEAD)
    said = run(folder, str(entry.index), *ASKING, "--replace", str(path)).output
    assert f"the same delivery without it: log entry {size}" in said
    assert run(folder, str(entry.index), "--approve", "--by", "reviewer-1").exit_code == 0
    with opened(folder) as mission:
        bring_up_to_date(mission)
        lines = explanation(explain(mission, str(entry.index)))
    assert lines[0].startswith(f"Erased: log entry {entry.index}: report of ")
    assert f"  the same delivery without it: log entry {size}" in lines
    assert lines[-1] == f"  {told.UNPROVEN}"


def test_what_an_erasure_does_not_reach_depends_on_the_store(folder, monkeypatch):
    with opened(folder) as mission:
        entry = entry_of(mission)
        here = told.remains(mission, [entry])
        storage = SimpleNamespace(storage=SimpleNamespace(url="postgresql://localhost/state"))
        monkeypatch.setattr(mission, "configuration", lambda: SimpleNamespace(mission=storage))
        there = told.remains(mission, [entry])
    assert [line for line in there if line not in here] == [
        "PostgreSQL's own log (WAL), its base back-ups and its replicas."
    ]
    assert "Other deliveries that tell the same in other bytes" in here[-1]


def test_inside_nothing_can_be_erased_before_something_was_entered(folder):
    for words in (("1", "--dry-run", "--inside"), ("1", "--inside", *ASKING)):
        done = run(folder, *words)
        assert isinstance(done.exception, NotFound)
        assert "nothing has been entered inside yet" in str(done.exception)
    assert not (folder / "inside" / "vkey").exists()


def test_the_command_refuses_what_cannot_be(folder):
    for words in (
        (),
        ("3",),
        ("3", "--by", "lead-1"),
        ("3", "--by", "lead-1", "--approve", "--refuse"),
        ("3", "--by", "lead-1", "--approve", "--replace", "x"),
    ):
        assert run(folder, *words).exit_code == 2
    assert isinstance(run(folder, "99", "--dry-run").exception, NotFound)
    assert isinstance(run(folder, "1", "--dry-run", "--inside").exception, NotFound)
