"""Obligations from the command line to the log and back, on the demonstration's mission."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.findings.reviewing import review
from trucewatch.app.mission import Mission
from trucewatch.app.obligations import lines, why
from trucewatch.app.obligations import listing as obliging
from trucewatch.app.obligations.lines import obligation
from trucewatch.app.publishing import alerting
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.withdrawing import withdraw
from trucewatch.commitments import as_of
from trucewatch.errors import NotFound, Refused
from trucewatch.model import ALWAYS, Act, Progress, Ruling

PEOPLE = """
# No witnesses: this mission's own log suffices for its clocks.
[witnessing]
quorum = "none"
[[people]]
id = "chair"
name = "Chair of the commission"
roles = ["lead"]
body = "commission"

[[people]]
id = "envoy"
name = "Envoy of a party"
roles = ["observer"]
party = "{party}"

[[people]]
id = "ann"
name = "Reviewer A"
roles = ["reviewer"]

[[people]]
id = "desk"
name = "The desk"
roles = ["desk"]
"""
BODIES = """
bodies:
  - {id: commission, name: The commission, decides: [breach, obligation], standing: reported,
     source: page 9}

"""
TRIGGERS = """
triggers:
  - id: ladder
    provisions: [P1]
    count: 1
    within: 72 hours
    source: page 9
    steps:
      - {id: warn, duty: warn, duty_of: [PARTY], decided_by: commission, clock: event,
         after: 24 hours, standard: reasonable grounds to believe, standing: reported,
         source: page 9}
      - {id: act, duty: act, duty_of: [PARTY], decided_by: commission, clock: determination,
         after: 72 hours, follows: warn, condition: breaches > 0,
         standard: reasonable grounds to believe, standing: in_force, source: page 9}
"""


@pytest.fixture(scope="module")
def laddered(lived, open_mission, tmp_path_factory):
    """A mission with a ladder and people, where one breach was verified; copy it."""
    mission_folder = shutil.copytree(lived, tmp_path_factory.mktemp("laddered") / "mission")
    agreement = mission_folder / "agreement.yaml"
    with open_mission(mission_folder) as mission:
        party = mission.configuration().agreement.parties[0].id
    text = agreement.read_text("utf-8")
    text = re.sub(r"^triggers:.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^instruments:", BODIES + "instruments:", text, flags=re.MULTILINE)
    agreement.write_text(text + TRIGGERS.replace("PARTY", party), "utf-8")
    settings = mission_folder / "mission.toml"
    settings.write_text(settings.read_text("utf-8") + PEOPLE.format(party=party), "utf-8")
    with open_mission(mission_folder) as mission:
        # All that breaches the truce stands on one side's word: nothing opens until people verify.
        derived = bring_up_to_date(mission)
        assert derived.obligations == ()
        breach = next(one for one in derived.assessments if one.outcome.value == "breach")
        review(mission, breach.incident, Ruling.CONFIRM, by="ann", reason="seen on site")
        bring_up_to_date(mission)
    return mission_folder


@pytest.fixture
def folder(laddered, tmp_path):
    return shutil.copytree(laddered, tmp_path / "mission")


def first(mission, step="warn"):
    return min(
        (one for one in mission.store.derived().obligations if one.step == step),
        key=lambda one: (one.opened, one.id),
    )


def test_a_breach_of_the_truce_opens_a_ladder_that_waits_for_people(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        data = obliging.stand(mission, at=one.opened)
        row = next(row for row in data["obligations"] if row["id"] == one.id)
        assert row["stands"] == "open"
        assert row["clocks"]["event"]["hours_left"] == 24.0
        assert row["clocks"]["determination"] == {
            "earliest": None,
            "start": None,
            "due": None,
            "hours_left": None,
        }
        assert (row["binds"], row["standing"]) == (False, "reported")
        # In summer of the year of the demonstration its hour has long passed.
        late = obliging.stand(mission, overdue=True)
        assert one.id in {row["id"] for row in late["obligations"]}
        assert obliging.stand(mission, at=one.opened, overdue=True)["obligations"] == []


def test_a_decision_goes_into_the_log_and_comes_out_with_the_next_run(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        told = obliging.decide(
            mission, one.id[:9], Act.TAKE, body="commission", by="chair", reason="as agreed"
        )
        assert told["counts"]
        size = mission.size
        # Before the next run, the entry is known to the one that follows it.
        with pytest.raises(Refused, match="take does not fit what is taken"):
            obliging.decide(
                mission, one.id, Act.TAKE, body="commission", by="chair", reason="again"
            )
        assert mission.size == size
        assert bring_up_to_date(mission) is not None
        assert first(mission).progress is Progress.TAKEN
        assert [each.what for each in first(mission).history][-1] == "take"
        # The log of the hour before knows nothing of it.
        with replayed(mission, size - 1) as (_, before):
            was = next(each for each in before.obligations if each.id == one.id)
            assert was.progress is Progress.OPEN
            (then,) = as_of([first(mission)], one.opened)
            assert then.obligation == as_of([was], one.opened)[0].obligation


@pytest.mark.parametrize(
    ("body", "by", "act", "words"),
    [
        ("commission", "desk", Act.TAKE, "does not speak for commission.*may enter it: chair"),
        ("harbour", "chair", Act.TAKE, "commission decides, not harbour"),
        ("commission", "chair", Act.RESUME, "resume does not fit what is open"),
        ("commission", "chair", Act.EXTEND, "says until when"),
    ],
)
def test_who_may_not_decide_is_refused_before_anything_is_written(
    folder, open_mission, body, by, act, words
):
    with open_mission(folder) as mission:
        size = mission.size
        with pytest.raises(Refused, match=words):
            obliging.decide(mission, first(mission).id, act, body=body, by=by, reason="so")
        with pytest.raises(Refused, match="reason"):
            obliging.decide(
                mission, first(mission).id, Act.TAKE, body="commission", by="chair", reason=" "
            )
        with pytest.raises(NotFound, match="no obligation begins"):
            obliging.decide(mission, "obl-none", act, body=body, by=by, reason="so")
        assert mission.size == size


def test_the_guard_before_the_log_bites(folder, open_mission, monkeypatch):
    """The saboteur: without the guard the desk's word is in the log, and counts for nothing."""
    monkeypatch.setattr(obliging, "objection", lambda *_: "")
    with open_mission(folder) as mission:
        obliging.decide(
            mission, first(mission).id, Act.TAKE, body="commission", by="desk", reason="so"
        )
        bring_up_to_date(mission)
        assert first(mission).progress is Progress.OPEN
        assert "does not speak for" in first(mission).history[-1].void


def test_a_party_may_dispute_and_stops_no_clock(folder, open_mission):
    with open_mission(folder) as mission:
        party = mission.configuration().agreement.parties[0].id
        told = obliging.decide(
            mission, first(mission).id, Act.DISPUTE, body=party, by="envoy", reason="not so"
        )
        assert not told["counts"]
        bring_up_to_date(mission)
        assert first(mission).progress is Progress.OPEN
        assert first(mission).history[-1].reason == "not so"


def test_withdrawn_evidence_leaves_a_cancelled_obligation(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        derived = mission.store.derived()
        breach = next(each for each in derived.incidents if each.id in one.incidents)
        for incident in one.incidents:
            for claim in mission.store.incident(incident).claims:
                withdraw(mission, claim, reason="the editor withdrew it")
        after = bring_up_to_date(mission)
        assert breach.id not in {each.id for each in after.incidents}
        left = next(each for each in after.obligations if each.id == one.id)
        assert left.progress is Progress.CANCELLED
        assert (left.history[-1].by, left.history[-1].reason) == (
            "operator",
            "the editor withdrew it",
        )
        assert bring_up_to_date(mission).obligations == after.obligations


def test_what_an_incident_would_open_and_a_dry_run_enter_nothing(folder, open_mission):
    with open_mission(folder) as mission:
        one, size = first(mission), mission.size
        derived = mission.store.derived()
        judged = {each.incident: each for each in derived.findings}
        weak = next(
            each.incident
            for each in derived.assessments
            if each.outcome.value == "breach" and judged[each.incident].state.value == "allegation"
        )
        asked = obliging.would(mission, weak)
        assert asked["assumed"] == ["P1"]
        assert asked["now"] == "it is allegation, and opens nothing"
        assert asked["opens"] or asked["joins"]
        known = obliging.would(mission, one.incidents[0])
        assert known["now"].endswith("counts towards what is open")
        assert mission.size == size


def invoke(folder, *words):
    return CliRunner().invoke(app, [*words, "--mission", str(folder)])


def test_the_table_of_two_clocks_names_the_zone_and_utc(folder, open_mission):
    with open_mission(folder) as mission:
        one, zone = first(mission), mission.configuration().zone
        at = f"{one.opened.astimezone(zone):%Y-%m-%dT%H:%M}"
    done = invoke(folder, "obligations", "--at", at)
    assert done.exit_code == 0, done.output
    text = done.output
    assert "local times are those of " in text
    assert f"({one.opened:%Y-%m-%d %H:%M} UTC)" in text
    assert "24 h 00 min" in text
    assert "determination   not started" in text
    assert "The text is reported: it binds nobody." in text
    assert "Nothing follows by itself" in text
    data = json.loads(invoke(folder, "obligations", "--at", at, "--json").output)
    assert data["zone"] == str(zone)
    soon = invoke(folder, "obligations", "--at", at, "--due-within", "24h", "--json")
    assert one.id in {row["id"] for row in json.loads(soon.output)["obligations"]}
    sooner = invoke(folder, "obligations", "--at", at, "--due-within", "23h", "--json")
    assert one.id not in {row["id"] for row in json.loads(sooner.output)["obligations"]}


def test_an_obligation_explains_itself(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        obliging.decide(mission, one.id, Act.TAKE, body="commission", by="chair", reason="agreed")
        bring_up_to_date(mission)
        (index,) = (each.index for each in mission.decisions() if each.by == "chair")
    told = invoke(folder, "explain", one.id).output
    assert "Trigger ladder: 1 of P1 within 72 hours, to the standard" in told
    assert f"{one.incidents[0]}: verified (balance of probabilities), breaches P1" in told
    assert f"log entry {index}: take by chair" in told
    assert "take by commission (chair): agreed" in told
    data = json.loads(invoke(folder, "explain", one.id, "--json").output)
    assert data["obligation"]["stands"] == "taken"


def test_a_dry_run_takes_another_agreement_and_days(folder):
    other = folder.parent / "other.yaml"
    text = (folder / "agreement.yaml").read_text("utf-8")
    other.write_text(
        text.replace("id: warn,", "id: summon,").replace("follows: warn", "follows: summon")
    )
    done = invoke(
        folder,
        "obligations",
        "--dry-run",
        "--trigger-file",
        str(other),
        "--from",
        "2026-04-11",
        "--to",
        "2026-04-12",
        "--json",
    )
    data = json.loads(done.output)
    assert {row["step"] for row in data["obligations"]} >= {"summon"}
    assert data["entered"] is False
    none = invoke(folder, "obligations", "--dry-run", "--from", "2026-05-25")
    assert "0 obligations would have opened. Nothing was entered." in none.output
    listed = json.loads(invoke(folder, "obligations", "--json").output)
    assert "summon" not in {row["step"] for row in listed["obligations"]}


def test_decide_from_the_command_line(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
    words = ["decide", one.id, "--body", "commission", "--by", "chair", "--reason", "so"]
    told = invoke(folder, *words, "--act", "extend", "--until", "2030-01-01T12:00")
    assert told.exit_code == 0, told.output
    assert "extend until 2030-01-01 12:00" in told.output
    assert "Next: 'trucewatch run'" in told.output
    again = invoke(folder, *words, "--act", "take", "--json")
    assert json.loads(again.output)["counts"] is True
    assert invoke(folder, *words, "--act", "dance").exit_code == 2
    for wrong in (
        ["--from", "2026-04-11"],
        ["--dry-run", "--open"],
        ["--dry-run", "--would-open", "inc-1"],
        ["--due-within", "soon"],
        ["--dry-run", "--from", "2026-04-12", "--to", "2026-04-11"],
    ):
        assert invoke(folder, "obligations", *wrong).exit_code == 2
    shown = invoke(folder, "obligations", "--would-open", one.incidents[0])
    assert "Nothing was entered" in shown.output
    with Mission.open(folder, readonly=True) as mission:
        assert [entered.by for entered in mission.decisions()] == ["ann", "chair", "chair"]


def in_time(one):
    return one.when.latest, one.when.earliest, one.id


def sent_after_an_earlier_breach(folder, open_mission):
    """What is sent when a breach that came earlier is verified and the response is founded anew."""
    with open_mission(folder) as mission:
        was = first(mission)
        alerting.send(mission, mission.store.derived())
        (founder,) = was.incidents
        derived = mission.store.derived()
        known = {one.id: one for one in derived.incidents}
        earlier = min(
            (
                known[one.incident]
                for one in derived.assessments
                if one.outcome.value == "breach" and one.incident != founder
            ),
            key=in_time,
        )
        assert in_time(earlier) < in_time(known[founder])
        review(mission, earlier.id, Ruling.CONFIRM, by="ann", reason="seen on site")
        derived = bring_up_to_date(mission)
        assert first(mission).id != was.id
        told = alerting.send(mission, derived)["sent"]
        assert alerting.send(mission, derived)["sent"] == []
        return was, [one for one in told if one["chain"].rsplit(".", 2)[1] == was.id]


def test_a_step_that_is_called_otherwise_goes_on_with_its_chain(folder, open_mission):
    was, told = sent_after_an_earlier_breach(folder, open_mission)
    assert [one["message"] for one in told] == ["Update"]
    assert told[0]["subject"] != was.id


def test_the_saboteur_who_forgets_old_names_takes_a_step_back(folder, open_mission, monkeypatch):
    monkeypatch.setattr(alerting, "known_as", lambda step, _agreement: frozenset({step.id}))
    _, told = sent_after_an_earlier_breach(folder, open_mission)
    assert [one["message"] for one in told] == ["Cancel"]


def test_a_run_tells_what_is_open_from_what_is_not(folder, open_mission):
    """A step that opens later is not said to be open, nor one that is cancelled."""
    with open_mission(folder) as mission:
        now = mission.store.derived()
        assert summary_of(mission, now)["obligations"].keys() <= {"overdue", "open"}
        one = first(mission)
        for incident in one.incidents:
            for claim in mission.store.incident(incident).claims:
                withdraw(mission, claim, reason="the editor withdrew it")
        gone = bring_up_to_date(mission)
        early, late = one.opened - timedelta(hours=1), mission.now() + timedelta(days=1)
    with Mission.open(folder, now=lambda: late) as mission:
        assert summary_of(mission, gone)["obligations"] == {"cancelled": len(now.obligations)}
    with Mission.open(folder, now=lambda: early) as mission:
        assert summary_of(mission, now)["obligations"] == {"later": len(now.obligations)}


def test_what_is_said_of_an_obligation_follows_what_is_known_of_it(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        data = obliging.stand(mission, at=one.opened)
        asked = obliging.would(mission, one.incidents[0])
        run = obliging.dry_run(mission, trigger_file=None, span=ALWAYS)
    row = next(row for row in data["obligations"] if row["id"] == one.id)
    sharp = {**row["clocks"]["event"], "earliest": row["clocks"]["event"]["start"]}
    vague = sharp | {"earliest": None}
    plain = row | {"clocks": {"event": sharp}, "missing": []}
    told = obligation(plain)
    assert not any("the hour is not known" in line for line in told)
    assert not any("approvals" in line for line in told)
    assert "    the hour is not known: not before –" in obligation(plain | {"clocks": {"a": vague}})
    missing = plain | {"missing": ["the court (east)", "the board"]}
    assert "  approvals not on record: the court (east); the board" in obligation(missing)
    open_end = plain | {"clocks": {"event": sharp | {"due": None, "hours_left": None}}}
    (line,) = (line for line in obligation(open_end) if "no hour is named" in line)
    assert line.endswith("–")
    # What would follow, and what would have followed.
    nothing = lines.would(asked | {"opens": [], "joins": []})
    assert "It would open nothing." in nothing
    assert "It would open nothing." not in lines.would(asked | {"opens": [row], "joins": []})
    assert any(part.startswith("would open ") for part in lines.would(asked | {"opens": [row]}))
    once = lines.dry_run(run | {"obligations": [row]})
    assert obligation(row)[0] in once
    assert once[-1].startswith("1 obligations would have opened.")


def test_a_word_that_stops_no_clock_is_said_to_be_beside_it(folder, open_mission):
    with open_mission(folder) as mission:
        one = first(mission)
        data = obliging.decide(
            mission, one.id, Act.TAKE, body="commission", by="chair", reason="agreed"
        )
    beside = "  recorded beside it: the clocks stop once the deciding body takes it up"
    assert beside not in lines.decided(data)
    assert beside in lines.decided(data | {"counts": False})


def test_a_beginning_that_fits_several_obligations_is_refused(folder, open_mission):
    with open_mission(folder) as mission:
        one, agreement = first(mission), mission.configuration().agreement
    every = (one, replace(one, id=f"{one.id}0"))
    assert obliging._named(every, one.id, agreement) is one, "a whole id is no beginning"
    assert obliging._named(every, every[1].id, agreement) is every[1]
    with pytest.raises(NotFound, match=f"2 obligations begin with {one.id[:-1]!r}"):
        obliging._named(every, one.id[:-1], agreement)
    with pytest.raises(NotFound, match="no obligation begins with 'obx'"):
        obliging._named(every, "obx", agreement)


def test_an_obligation_explains_itself_when_what_it_rests_on_has_gone(folder, open_mission):
    with open_mission(folder) as mission:
        one, derived = first(mission), mission.store.derived()
        now = why.explained(mission, derived, one)
        assert (now["opened"], now["trigger"]["id"]) == (True, "ladder")
        assert not any("no longer" in line for line in why.lines(now))
        gone = replace(one, step="retired", incidents=("inc-gone",))
        told = why.explained(mission, derived, gone)
        assert told["trigger"] is None
        assert told["breaches"][0]["state"] is None
        said = why.lines(told)
        assert "The agreement no longer sets out this step." in said
        assert "  inc-gone: no longer in evidence" in said
        mission.now = lambda: one.opened - timedelta(hours=1)
        early = why.explained(mission, derived, one)
        assert early["opened"] is False
        opens = "  It is not open yet: it opens at this hour if nobody decides before."
        assert opens in why.lines(early)
        assert opens not in why.lines(now)
        where = early["trigger"] | {"condition": "kind in [mortar]"}
        assert "  and it opens where kind in [mortar]" in why.lines(early | {"trigger": where})
