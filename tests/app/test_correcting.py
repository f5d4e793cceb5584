"""A report withdrawn, a bulletin issued again: what changed is on record and reaches readers."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from trucewatch.app import lineage, withdrawing
from trucewatch.app.cli import app
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.explaining.lines import explanation
from trucewatch.app.intake import ingest
from trucewatch.app.lineage import issue_named
from trucewatch.app.mission import Mission
from trucewatch.app.publishing import correcting
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawal import Target, Withdrawal
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import LogDamaged, NotFound, Withheld
from trucewatch.evidence import EntryKind, fsck
from trucewatch.incidents import founded_by
from trucewatch.model import Fate

DAY = date(2026, 4, 12)


def of_the_day(mission, derived, *, least):
    """An incident that the bulletin of the day shows, with so many claims at the least."""
    body = json.loads((mission.bulletins / "2026-04-12.json").read_bytes())
    ids = {item["id"] for part in ("incidents", "fires") for item in body[part] if item["certain"]}
    return next(i for i in derived.incidents if i.id in ids and len(i.claims) >= least)


@pytest.fixture(scope="module")
def corrected(lived, open_mission, tmp_path_factory):
    """A mission whose 12 April was issued again after one incident's only claim was withdrawn."""
    folder = shutil.copytree(lived, tmp_path_factory.mktemp("corrected") / "mission")
    with open_mission(folder) as mission:
        derived = bring_up_to_date(mission)
        gone = of_the_day(mission, derived, least=1)
        before = {path.name: path.read_bytes() for path in mission.bulletins.iterdir()}
        for claim in gone.claims:
            withdraw(mission, claim, reason="the editor withdrew it")
        after = bring_up_to_date(mission)
        issued = publish(mission, after, days=[DAY])
    return folder, gone, before, issued[0]


def test_what_is_withdrawn_counts_no_longer_and_stays_in_the_log(corrected, open_mission):
    folder, gone, _, _ = corrected
    assert fsck(folder / "evidence").ok
    with open_mission(folder) as mission:
        derived = bring_up_to_date(mission)
        told = {claim for incident in derived.incidents for claim in incident.claims}
        assert not told.intersection(gone.claims)
        answer = explain(mission, gone.claims[0])
    assert answer["incidents"] == []
    assert [each["reason"] for each in answer["withdrawn"]] == ["the editor withdrew it"]
    assert answer["report"]["records"][0]["bytes"]
    assert "Does not count: the claim was withdrawn by log entry" in "\n".join(explanation(answer))


def test_the_old_issue_stays_and_its_readers_are_led_on(corrected):
    folder, gone, before, issued = corrected
    bulletins = folder / "bulletins"
    for name, body in before.items():
        assert name == "index.html" or (bulletins / name).read_bytes() == body
    assert issued.stem == "2026-04-12-issue-2"
    index = (bulletins / "index.html").read_text("utf-8")
    old = index.split('id="2026-04-12"')[1].split("</article>")[0]
    assert "Corrected: " in old
    assert 'href="2026-04-12-issue-2.changes.html"' in old
    assert 'href="index.html"' in before["2026-04-12.html"].decode()
    seal = json.loads(issued.seal.read_bytes())
    assert seal["corrects"]["stem"] == "2026-04-12"
    assert seal["corrects"]["seal"] == hashlib.sha256(before["2026-04-12.seal.json"]).hexdigest()
    for name, digest in seal["corrects"]["files"].items():
        assert hashlib.sha256((bulletins / name).read_bytes()).hexdigest() == digest
    told = json.loads((bulletins / "2026-04-12-issue-2.changes.json").read_bytes())
    assert told["as_sealed"] is True, "the replay gave what was sealed, to the byte"
    (change,) = [each for each in told["changes"] if gone.id in each["before"]]
    assert change["fate"] == "withdrawn"
    page = (bulletins / "2026-04-12-issue-2.changes.html").read_text("utf-8")
    assert gone.id in page
    assert "<script" not in page


def test_explain_tells_of_a_bulletin_what_stands_in_its_place(corrected):
    folder, _, _, _ = corrected
    with Mission.open(folder, readonly=True) as mission:
        last, first = (explain(mission, f"easter-2026/2026-04-12{n}") for n in ("", "-issue-1"))
    assert (last["corrects"], last["corrected_by"]) == ("2026-04-12", None)
    assert (first["corrects"], first["corrected_by"]) == (None, "2026-04-12-issue-2")
    assert "CORRECTED: 2026-04-12-issue-2 stands in its place" in "\n".join(explanation(first))


def test_a_withdrawal_at_any_time_gives_the_same_bulletins(
    data, lay_out, open_mission, tmp_path, lived
):
    with Mission.open(shutil.copytree(lived, tmp_path / "copy"), readonly=True) as mission:
        claim = of_the_day(mission, mission.store.derived(), least=1).claims[0]
    files = sorted(data.iterdir())
    made = []
    for name, first in (("early", files[-1:]), ("late", files)):
        with open_mission(lay_out(tmp_path / name)) as mission:
            ingest(mission, first)
            withdraw(mission, claim, reason=f"said {name}")
            ingest(mission, files)
            publish(mission, bring_up_to_date(mission), days=[DAY, None])
            made.append({p.name: p.read_bytes() for p in mission.bulletins.glob("*[0-9e].html")})
    assert set(made[0]) == {"2026-04-12.html", "truce.html"}
    assert made[0] == made[1]


def test_what_is_told_to_readers_names_no_claim_and_no_measure(corrected):
    folder, gone, _, _ = corrected
    text = (folder / "bulletins" / "2026-04-12-issue-2.changes.json").read_text("utf-8")
    assert not re.search(r"clm-|rep-|the editor|log W|\d km", text)
    with Mission.open(folder, readonly=True) as mission:
        (entry,) = mission.in_force().corrections
        record = json.loads(mission.log.payload(entry.payload))
    assert gone.claims[0] in str(record), "the log has the whole of it"


def test_an_incident_that_is_no_more_is_still_explained(corrected):
    folder, gone, _, _ = corrected
    with Mission.open(folder, readonly=True) as mission:
        for identifier in (gone.id, gone.id[:-3]):
            answer = explain(mission, identifier)
            assert (answer["was"], answer["now"]) == (gone.id, [])
        assert answer["history"][0]["fate"] == "withdrawn"
        with pytest.raises(NotFound):
            explain(mission, "inc-0000000000000000")
    text = "\n".join(explanation(answer))
    assert "the editor withdrew it" in text
    assert "no longer an incident" in text


def test_incidents_changed_since_a_bulletin(corrected):
    folder, gone, _, _ = corrected
    run = CliRunner()
    asked = ["incidents", "--mission", str(folder), "--changed-since"]
    first = run.invoke(app, [*asked, "easter-2026/2026-04-12", "--json"])
    assert json.loads(first.output)["gone"] == [], "the number alone is the last issue"
    with Mission.open(folder, readonly=True) as mission:
        assert issue_named(mission, "2026-04-12-issue-2") is not None
        assert issue_named(mission, "2026-04-13") is None
    assert isinstance(run.invoke(app, [*asked, "2026-04-13"]).exception, NotFound)
    data = json.loads(run.invoke(app, [*asked, "2026-04-12-issue-1", "--json"]).output)
    assert [each["before"] for each in data["gone"]] == [[gone.id]]
    assert all(each["change"]["fate"] != "unchanged" for each in data["incidents"])
    text = run.invoke(app, [*asked, "2026-04-12-issue-1"]).output
    assert f"{gone.id} is gone\n    " in text
    assert "changed since easter-2026/2026-04-12; 1 gone" in text


@pytest.fixture(scope="module")
def refounded(lived, open_mission, tmp_path_factory):
    """A mission whose 12 April was issued again after an incident's founding claim had gone."""
    folder = shutil.copytree(lived, tmp_path_factory.mktemp("refounded") / "mission")
    with open_mission(folder) as mission:
        old = of_the_day(mission, bring_up_to_date(mission), least=2)
        founder = next(claim for claim in old.claims if founded_by(claim) == old.id)
        withdraw(mission, founder, reason="retracted")
        publish(mission, bring_up_to_date(mission), days=[DAY])
    return folder, old, founder


def test_an_incident_whose_founder_has_gone_is_followed_to_its_new_name(refounded):
    folder, old, founder = refounded
    with Mission.open(folder, readonly=True) as mission:
        answer = explain(mission, old.id)
        assert sum(each["claims"] for each in answer["now"]) == len(old.claims) - 1
        assert [each["claim"] for each in answer["in_none"]] == [founder]
        for each in answer["now"]:
            assert explain(mission, each["incident"])["history"] == answer["history"]
    told = json.loads((folder / "bulletins" / "2026-04-12-issue-2.changes.json").read_bytes())
    (change,) = [each for each in told["changes"] if old.id in each["before"]]
    assert change["fate"] in {"renamed", "split"}
    assert change["after"] == [each["incident"] for each in answer["now"]]


@pytest.fixture(scope="module")
def late(data, lay_out, open_mission, tmp_path_factory):
    """A mission issued again after the pixels of one satellite had come: what they led to."""
    folder = lay_out(tmp_path_factory.mktemp("late") / "mission")
    files = sorted(data.iterdir())
    with open_mission(folder) as mission:
        ingest(mission, [p for p in files if not p.name.startswith("J1")])
        publish(mission, bring_up_to_date(mission), days=[None])
        ingest(mission, files)
        publish(mission, bring_up_to_date(mission), days=[None])
        return folder, lineage.since_bulletin(mission, mission.store.derived(), "truce-issue-1")[1]


def test_real_reports_that_come_late_split_and_merge_and_every_old_name_is_answered(late):
    folder, found = late
    fates = {change.fate for change in found}
    assert {Fate.MERGED, Fate.SPLIT, Fate.GROWN, Fate.NEW} <= fates
    with Mission.open(folder, readonly=True) as mission:
        living = {incident.id for incident in mission.store.derived().incidents}
        for change in found:
            for name in set(change.before) - living:
                answer = explain(mission, name)
                assert {each["incident"] for each in answer["now"]} <= set(change.after)
                assert answer["now"]
            if change.fate is Fate.SPLIT:
                told = explain(mission, change.after[0])
                assert {change.fate} >= {each["fate"] for each in told["history"]}
                assert "Changed in bulletins/truce-issue-2" in "\n".join(explanation(told))


def test_the_readers_page_names_nothing_that_its_two_issues_do_not(late):
    folder, _ = late
    bulletins = folder / "bulletins"
    told = (bulletins / "truce-issue-2.changes.json").read_text("utf-8")
    shown = [(bulletins / f"{name}.json").read_text("utf-8") for name in ("truce", "truce-issue-2")]
    named = set(re.findall(r"inc-[0-9a-f]{16}", told))
    assert named
    assert all(any(name in body for body in shown) for name in named)


@pytest.mark.parametrize("recorded", [True, False])
def test_what_was_split_or_merged_is_followed(mission_folder, monkeypatch, recorded):
    with Mission.open(mission_folder, readonly=True) as mission:
        derived = mission.store.derived()
        one, two = derived.incidents[:2]
        whole = [*one.claims, *two.claims]
        moves = [{"before": "inc-was", "after": None, "claims": whole}]
        change = {"fate": "split", "before": ["inc-was"], "after": [], "moves": moves, "why": []}
        record = {"corrects": "b/x", "issue": "b/y", "changes": [change]}
        entry = next(mission.entries())
        monkeypatch.setattr(lineage, "_records", lambda _: [(entry, record)] if recorded else [])
        answer = lineage.became(mission, derived, "inc-wa")
    if not recorded:
        assert answer is None, "a saboteur: without the record nobody knows the name"
        return
    homes = {each["incident"]: each["claims"] for each in answer["now"]}
    assert homes == {one.id: len(one.claims), two.id: len(two.claims)}


def test_a_claim_that_founds_nothing_now_still_leads_to_its_incident(mission_folder):
    with Mission.open(mission_folder, readonly=True) as mission:
        derived = mission.store.derived()
        joined = next(i for i in derived.incidents if len(i.claims) > 1)
        other = next(claim for claim in joined.claims if founded_by(claim) != joined.id)
        answer = explain(mission, founded_by(other))
    assert answer["now"] == [{"incident": joined.id, "claims": 1}]
    assert answer["known_by"] == "its founding claim"


def test_a_state_is_a_function_of_the_first_entries(corrected, open_mission):
    folder, gone, before, _ = corrected
    size = json.loads(before["2026-04-12.seal.json"])["checkpoint"]["size"]
    with open_mission(folder) as mission:
        now = bring_up_to_date(mission)
        with replayed(mission, size) as (past, then):
            assert past.in_force().withdrawn == {}
            assert gone in then.incidents
        assert bring_up_to_date(mission) == now, "looking back changes nothing"
        for wrong in (0, mission.size + 1):
            with pytest.raises(NotFound), replayed(mission, wrong):
                pass


def test_undone_is_as_if_it_had_never_been(mission_folder, open_mission):
    with open_mission(mission_folder) as mission:
        first = bring_up_to_date(mission)
        root = mission.in_force().root
        claim = of_the_day(mission, first, least=1).claims[0]
        one = withdraw(mission, claim, reason="retracted")
        assert withdraw(mission, claim, reason="again") == {**one, "new": False}
        assert mission.in_force().root != root, "a bulletin names what it rests on"
        back = withdraw(mission, claim, reason="a mistake of ours", undo=True)
        assert (back["withdrawn"], back["log_index"]) == (False, one["log_index"] + 1)
        assert bring_up_to_date(mission) == first
        assert mission.in_force().root == root
        with pytest.raises(NotFound, match="nothing to undo"):
            withdraw(mission, claim, reason="twice", undo=True)


@pytest.mark.parametrize("by", ["log_index", "payload", "leaf_hash"])
def test_a_delivery_is_withdrawn_by_its_receipt(mission_folder, open_mission, by):
    with open_mission(mission_folder) as mission:
        entry = next(e for e in mission.entries() if "ucdp" in e.name)
        names = {"log_index": str(entry.index), "payload": entry.payload}
        withdraw(mission, names.get(by, entry.leaf_hash), reason="sent by mistake")
        left = list(withdrawing.standing(mission))
        assert left
        assert entry.source not in {report.source for report in left}
        report = next(mission.store.reports(source=entry.source))
        assert explain(mission, report.id)["withdrawn"][0]["what"] == "delivery"


def test_a_record_stands_as_long_as_one_delivery_of_it_does(mission_folder, open_mission, data):
    path = next(p for p in data.iterdir() if "ucdp" in p.name)
    again = mission_folder / f"again-{path.name}"
    again.write_bytes(path.read_bytes() + b"\n")
    with open_mission(mission_folder) as mission:
        entry = next(e for e in mission.entries() if "ucdp" in e.name)
        every = list(withdrawing.standing(mission))
        ingest(mission, [again], source=entry.source)
        withdraw(mission, str(entry.index), reason="a truncated copy")
        assert [r.id for r in withdrawing.standing(mission)] == [r.id for r in every]


@pytest.mark.parametrize("wrong", ["0", "99999", "ab" * 32, "easter"])
def test_what_cannot_be_withdrawn(mission_folder, open_mission, wrong):
    with open_mission(mission_folder) as mission:
        size = mission.log.size
        with pytest.raises(NotFound):
            withdraw(mission, wrong, reason="r")
        with pytest.raises(ValueError, match="reason"):
            withdraw(mission, "clm-", reason=" ")
        assert mission.log.size == size


def test_the_command_asks_for_a_reason(mission_folder):
    done = CliRunner().invoke(
        app, ["withdraw", "0", "--reason", " ", "--mission", str(mission_folder)]
    )
    assert done.exit_code == 2


def test_a_withdrawal_has_one_form():
    made = Withdrawal(target=Target(what="claim", source="s", name="n"), reason="r", stands=True)
    assert Withdrawal.decode(made.encode()) == made
    for wrong in (b"", b"[]", b"{}", made.encode() + b" "):
        with pytest.raises(LogDamaged):
            Withdrawal.decode(wrong)


def test_withdrawal_is_seen_only_through_the_log(corrected, open_mission, monkeypatch):
    """A saboteur: a state that forgets what was withdrawn."""
    folder, gone, _, _ = corrected
    real = Mission.in_force
    monkeypatch.setattr(Mission, "in_force", lambda self: replace(real(self), withdrawn={}))
    with open_mission(folder) as mission:
        assert gone in bring_up_to_date(mission).incidents


def test_a_name_sealed_since_stops_the_correction(mission_folder, open_mission, monkeypatch):
    """A saboteur: a correction that carries over the name of what is a sealed source by now."""
    real = correcting.correct
    monkeypatch.setattr(
        correcting,
        "correct",
        lambda *given, **named: replace(real(*given, **named), headline_before="Hidden Post"),
    )
    sources = mission_folder / "sources.toml"
    with open_mission(mission_folder) as mission:
        derived = bring_up_to_date(mission)
        withdraw(mission, of_the_day(mission, derived, least=1).claims[0], reason="r")
    sources.write_text(
        sources.read_text("utf-8")
        + '\n[[source]]\nid = "post-x"\nname = "Hidden Post"\nkind = "resident"\nsealed = true\n',
        "utf-8",
    )
    with open_mission(mission_folder) as mission:
        derived = bring_up_to_date(mission)
        size = mission.log.size
        with pytest.raises(Withheld):
            publish(mission, derived, days=[DAY])
        assert mission.log.size == size
        assert EntryKind.CORRECTION not in {entry.kind for entry in mission.entries()}
