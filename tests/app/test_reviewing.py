"""People at work on findings, from the command line to the log and back."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.explaining.lines import explanation
from trucewatch.app.findings import regrouping, reviewing
from trucewatch.app.findings.listing import findings, findings_lines, queue, queue_lines
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import NotFound, Refused
from trucewatch.evidence import fsck
from trucewatch.model import Ruling, State

PEOPLE = """
[review]
two_person = {two}
reply_hours = 48

[[people]]
id = "ann"
name = "Reviewer A"
roles = ["reviewer"]

[[people]]
id = "ben"
name = "Reviewer B"
roles = ["reviewer"]

[[people]]
id = "clerk"
name = "The desk"
roles = ["desk"]

[[people]]
id = "chair"
name = "Chair of the commission"
roles = ["observer"]
body = "commission"

[[people]]
id = "guest"
name = "A guest"
roles = ["observer"]
"""


def staffed(folder, *, two=False):
    """A mission of which people are told."""
    path = folder / "mission.toml"
    path.write_text(path.read_text("utf-8") + PEOPLE.format(two=str(two).lower()), "utf-8")
    return folder


@pytest.fixture
def folder(mission_folder):
    return staffed(mission_folder)


def first_event(mission):
    return next(i for i in mission.store.derived().incidents if i.nature.value == "event")


def the_finding(mission, incident):
    derived = bring_up_to_date(mission)
    return next(f for f in derived.findings if f.incident == incident.id)


def party_of(mission):
    return mission.configuration().agreement.parties[0].id


def test_a_ruling_goes_into_the_log_and_holds_after_a_run(folder, open_mission):
    with open_mission(folder) as mission:
        one = first_event(mission)
        said = reviewing.review(
            mission, one.id[:-2], Ruling.CONFIRM, by="ann", reason="seen on site"
        )
        assert (said["incident"], said["office"]) == (one.id, "Reviewer A")
        found = the_finding(mission, one)
        assert (found.state, found.reviewed_by) == (State.VERIFIED, ("Reviewer A",))
        told = explain(mission, one.id)
    assert fsck(folder / "evidence").ok
    assert told["finding"]["said"][0]["log_index"] == said["log_index"]
    text = "\n".join(explanation(told))
    assert f"log {said['log_index']}" in text
    assert "seen on site" in text
    assert "reviewed" in text


def test_who_leaves_the_mission_takes_nothing_back(folder, open_mission):
    with open_mission(folder) as mission:
        one = first_event(mission)
        reviewing.review(mission, one.id, Ruling.REFUTE, by="ann", reason="a drill")
    path = folder / "mission.toml"
    path.write_text(path.read_text("utf-8").replace('"ann"', '"zoe"'), "utf-8")
    with open_mission(folder) as mission:
        assert the_finding(mission, one).state is State.REFUTED
        with pytest.raises(NotFound, match="no person 'ann'"):
            reviewing.review(mission, one.id, Ruling.CONFIRM, by="ann", reason="seen")


def test_where_two_are_asked_for_one_is_not_enough(mission_folder, open_mission):
    with open_mission(staffed(mission_folder, two=True)) as mission:
        one = first_event(mission)
        said = reviewing.review(mission, one.id, Ruling.CONFIRM, by="ann", reason="seen")
        assert any("asks for two" in line for line in reviewing.lines(said))
        for taken_back in (Ruling.RELEASE, Ruling.ASK):
            other = reviewing.review(mission, one.id, taken_back, by="ben", reason="later")
            assert not any("asks for two" in line for line in reviewing.lines(other))
        assert the_finding(mission, one).provisional
        row = next(r for r in queue(mission, overdue=False, limit=500)["queue"]
                   if r["incident"] == one.id)  # fmt: skip
        assert row["waits"]["why"] == [
            "one of two reviewers has said confirm (Reviewer A)",
            "a reviewer has asked for more",
        ]
        reviewing.review(mission, one.id, Ruling.CONFIRM, by="ben", reason="seen, too")
        assert the_finding(mission, one).reviewed_by == ("Reviewer A", "Reviewer B")


def test_what_somebody_may_not_is_refused_before_anything_is_written(folder, open_mission):
    with open_mission(folder) as mission:
        one, two = first_event(mission), mission.store.derived().incidents[-1]
        mission.sync_settings()
        size = mission.size
        ruled = {"reason": "seen", "by": "guest"}
        with pytest.raises(Refused, match=r"may enter it: ann \(Reviewer A\), ben \(Reviewer B\)"):
            reviewing.review(mission, one.id, Ruling.CONFIRM, **ruled)
        with pytest.raises(Refused, match="no body named in the agreement"):
            reviewing.attribute(
                mission, one.id, body="commission", party=party_of(mission), how="determined",
                standard="clear and convincing", reason="so", by="chair",
            )  # fmt: skip
        with pytest.raises(Refused, match="no body named in the agreement"):
            reviewing.determine(
                mission, one.id, body="commission", provision="P1", breach=True,
                standard="clear and convincing", reason="so", by="chair",
            )  # fmt: skip
        with pytest.raises(Refused, match="--other"):
            reviewing.review(mission, one.id, Ruling.DUPLICATE, by="ann", reason="twice")
        with pytest.raises(Refused, match="--other"):
            reviewing.review(
                mission, one.id, Ruling.CONFIRM, by="ann", reason="twice", other=two.id
            )
        with pytest.raises(Refused, match="empty"):
            reviewing.review(mission, one.id, Ruling.CONFIRM, by="ann", reason=" ")
        with pytest.raises(Refused, match="2,001 characters"):
            reviewing.reply(mission, one.id, party=party_of(mission), by="clerk", words="x" * 2001)
        with pytest.raises(Refused, match="UTF-8"):
            reviewing.reply(mission, one.id, party=party_of(mission), by="clerk", words="\udcff")
        with pytest.raises(Refused, match="is no party"):
            reviewing.notify(mission, one.id, party="nobody", by="clerk")
        with pytest.raises(NotFound, match="is no incident"):
            reviewing.notify(mission, one.claims[0], party=party_of(mission), by="clerk")
        assert mission.size == size


def test_the_guard_of_the_shell_bites(folder, open_mission, monkeypatch):
    monkeypatch.setattr(reviewing, "objection", lambda *_given: None)
    with open_mission(folder) as mission:
        one = first_event(mission)
        reviewing.review(mission, one.id, Ruling.CONFIRM, by="guest", reason="seen")
        monkeypatch.undo()
        found = the_finding(mission, one)
    assert found.provisional, "the hearing goes by the same rules"
    assert found.said[0].why == "A guest reviews nothing: a reviewer or the lead does"


def test_a_party_is_told_and_replies(folder, open_mission):
    with open_mission(folder) as mission:
        one, party = first_event(mission), party_of(mission)
        told = reviewing.notify(mission, one.id, party=party, by="clerk")
        replied = reviewing.reply(mission, one.id, party=party, by="clerk", words="It was not us.")
        assert (replied["late"], replied["deadline"]) == (False, told["deadline"])
        found = the_finding(mission, one)
        assert [s.what for s in found.said] == ["notified", "reply"]
        assert not found.said[1].late
        start = mission.now
        mission.now = lambda: start() + timedelta(hours=49)
        late = reviewing.reply(mission, one.id, party=party, by="clerk", words="Nor was it here.")
        assert late["late"]
        assert any("came late" in line for line in reviewing.lines(late))
        assert the_finding(mission, one).said[2].late


def test_a_duplicate_names_the_original(folder, open_mission):
    with open_mission(folder) as mission:
        events = [i for i in mission.store.derived().incidents if i.nature.value == "event"]
        one, two = events[:2]
        reviewing.review(
            mission, one.id, Ruling.DUPLICATE, by="ann", reason="the same", other=two.id
        )
        found = the_finding(mission, one)
        assert (found.state, found.duplicate_of) == (State.DUPLICATE, two.id)


def test_a_finding_names_its_incident_and_a_place_that_is_always_hot_is_no_event(
    folder, open_mission
):
    with open_mission(folder) as mission:
        one = first_event(mission)
        finding = the_finding(mission, one)
        assert reviewing.incident_of(mission, finding.id).id == one.id
        told = explain(mission, finding.id)
        assert told == explain(mission, one.id)
        said = explanation(told)
        alone = told["finding"] | {"independence": None}
        assert f"Origins: {len(told['origins'])}" in explanation({**told, "finding": alone})
        ties = told["finding"]["independence"] | {"across_parties": ["East", "West"]}
        across = explanation({**told, "finding": told["finding"] | {"independence": ties}})
        assert any("; opposed parties tell of it: East and West" in line for line in across)
        assert not any("more" in line for line in said if line.startswith("    …"))
        record = told["reports"][0]["records"][0]
        record["shown"] = record["length"] - 7
        assert "    … 7 bytes more" in explanation(told)
        hot = next(
            i for i in mission.store.derived().incidents if i.nature.value == "static_source"
        )
        size = mission.size
        with pytest.raises(Refused, match=f"{hot.id} is a place that is always hot.*to part"):
            regrouping.separate(mission, hot.id, hot.claims[:1], by="ann", reason="x")
        for pair in ((hot.id, one.id), (one.id, hot.id)):
            with pytest.raises(Refused, match=f"{hot.id} is a place that is always hot.*to join"):
                regrouping.unite(mission, *pair, by="ann", reason="x")
        assert mission.size == size


def test_the_queue_puts_the_gravest_first_and_keeps_two_clocks(folder, open_mission):
    with open_mission(folder) as mission:
        data = queue(mission, overdue=False, limit=500)
        gravities = [row["waits"]["gravity"] for row in data["queue"]]
        assert gravities[0] == "somebody is said to be killed"
        assert data["shown"] == data["incidents"] == 215
        first = data["queue"][0]["waits"]
        assert not first["from_receipt"]["past_limit"], "received a moment ago"
        assert first["from_event"]["past_limit"], "the event is weeks past"
        assert data["past_limit"]["from_receipt"] == 0
        mission.now = lambda: datetime(2026, 6, 20, tzinfo=UTC)
        later = queue(mission, overdue=True, limit=5)
        assert later["past_limit"]["from_receipt"] == 215
        text = "\n".join(queue_lines(later))
    assert "PAST THE LIMIT" in text
    later["queue"][0]["waits"]["from_receipt"] = None
    assert "waits since an unknown receipt, " in "\n".join(queue_lines(later))
    assert re.search(r"waits \d+\.\d days since receipt", text)
    assert re.search(r"observations: \d+; observed violations: \d+", text)


def test_the_list_tells_reviewed_from_provisional(folder, open_mission):
    filters = {"state": None, "nature": None, "provisional": False, "reviewed": False,
               "stale": False, "overdue": False, "limit": 500}  # fmt: skip
    with open_mission(folder) as mission:
        one = first_event(mission)
        reviewing.review(mission, one.id, Ruling.CONFIRM, by="ann", reason="seen")
        bring_up_to_date(mission)
        reviewed = findings(mission, **filters | {"reviewed": True})
        assert [row["incident"] for row in reviewed["findings"]] == [one.id]
        verified = findings(mission, **filters | {"state": "verified"})
        assert verified["incidents"] == 1
        assert verified["observations"] == one.observations
        assert findings(mission, **filters | {"provisional": True})["incidents"] == 402
        assert findings(mission, **filters | {"nature": "event"})["incidents"] == 215
        with pytest.raises(NotFound, match="no state is called"):
            findings(mission, **filters | {"state": "true"})
        assert "reviewed, by Reviewer A" in "\n".join(findings_lines(reviewed))


def run(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_the_commands_end_to_end(folder, tmp_path):
    with Mission.open(folder, readonly=True) as mission:
        one, party = first_event(mission), party_of(mission)
    where = ("--mission", folder)
    letter = tmp_path / "letter.txt"
    letter.write_text("We were not there.", "utf-8")
    done = run("review", one.id, "--ruling", "confirm", "--by", "ann", "--reason", "seen", *where)
    assert done.exit_code == 0, done.output
    assert run("notify", one.id, "--party", party, "--by", "clerk", *where).exit_code == 0
    replied = run(
        "reply", one.id, "--party", party, "--by", "clerk", "--file", letter, *where, "--json"
    )
    assert json.loads(replied.stdout)["late"] is False
    assert run("run", *where).exit_code == 0
    listed = run("findings", "--reviewed", *where, "--json")
    (row,) = json.loads(listed.stdout)["findings"]
    assert [said["what"] for said in row["said"]] == ["review", "notified", "reply"]
    assert run("findings", "--reviewed", *where).stdout.count("We were not there.") == 1
    assert json.loads(run("review", *where, "--json").stdout)["incidents"] == 214


@pytest.mark.parametrize(
    "arguments",
    [
        ("review", "--ruling", "confirm"),
        ("review", "inc-1", "--ruling", "confirm"),
        ("review", "inc-1", "--ruling", "yes", "--by", "ann", "--reason", "x"),
        ("reply", "inc-1", "--party", "p", "--by", "ann"),
        ("attribute", "inc-1", "--body", "b", "--reason", "r", "--by", "ann"),
        ("attribute", "inc-1", "--body", "b", "--reason", "r", "--by", "ann", "--party", "p"),
        ("findings", "--provisional", "--reviewed"),
    ],
)
def test_wrong_use_is_told(arguments):
    assert run(*arguments).exit_code != 0


def test_a_file_that_is_no_text_is_refused(tmp_path):
    wrong = tmp_path / "letter.pdf"
    wrong.write_bytes(b"%PDF\xff\xfe")
    with pytest.raises(Refused, match="UTF-8"):
        reviewing.words_in(wrong)
    wrong.write_bytes(b"x" * 70_000)
    with pytest.raises(Refused, match="too long"):
        reviewing.words_in(wrong)


BODY = """
bodies:
  - id: commission
    name: The commission
    decides: [attribution, breach]
    standing: in_force
    source: the test
"""


def test_a_bulletin_from_before_a_review_is_corrected_by_a_new_issue(folder, open_mission):
    """Published, reviewed, replied to, attributed: told anew, with the old issue beside it."""
    day = date(2026, 4, 12)
    agreement = folder / "agreement.yaml"
    agreement.write_text(agreement.read_text("utf-8") + BODY, "utf-8")
    with open_mission(folder) as mission:
        publish(mission, bring_up_to_date(mission), days=[day])
        before = {path.name: path.read_bytes() for path in mission.bulletins.iterdir()}
        latest = max(name for name in before if re.fullmatch(r"2026-04-12.*[0-9]\.json", name))
        items = json.loads(before[latest])["incidents"]
        one, state = next((item["id"], item["state"]) for item in items if item["certain"])
        party = mission.configuration().agreement.parties[0]
        reviewing.review(mission, one, Ruling.CONFIRM, by="ann", reason="a photograph")
        reviewing.notify(mission, one, party=party.id, by="clerk")
        reviewing.reply(mission, one, party=party.id, by="clerk", words="It was <b>not</b> us.")
        reviewing.attribute(
            mission, one, body="commission", party=party.id, how="determined",
            standard="clear and convincing", reason="the fuse", by="chair",
        )  # fmt: skip
        (issued,) = publish(mission, bring_up_to_date(mission), days=[day])
        again = publish(mission, bring_up_to_date(mission), days=[day])
        folder_now = {path.name: path.read_bytes() for path in mission.bulletins.iterdir()}
    assert issued.new
    assert not again[0].new, "what was said once is not said twice"
    for name, text in before.items():
        assert name == "index.html" or folder_now[name] == text, "the old issue stays"
    told = json.loads(folder_now[f"{issued.stem}.changes.json"])
    assert told["as_sealed"] is True, "the replay gave what was sealed before people spoke"
    (change,) = [each for each in told["changes"] if one in each["after"]]
    assert f"state: {state}, now verified" in change["words"]
    assert "reviewed: by nobody, now by Reviewer A" in change["words"]
    assert any(
        f"attribution: withheld, now {party.name}, determined by The commission" in each
        for each in change["words"]
    )
    page = folder_now[f"{issued.stem}.html"].decode()
    assert "It was &lt;b&gt;not&lt;/b&gt; us." in page
    assert "reviewed by Reviewer A" in page
    assert "a photograph" not in page
    new = json.loads(folder_now[f"{issued.stem}.json"])
    (item,) = [each for each in new["incidents"] if each["id"] == one]
    assert (item["state"], item["provisional"]) == ("verified", False)
    assert item["heard"]["responsible"] == party.name
    changes = folder_now[f"{issued.stem}.changes.html"].decode()
    assert "Attribution only where a named body has given it" in changes
    assert fsck(folder / "evidence").ok


def test_what_was_said_of_an_incident_that_is_no_more_is_still_told(folder, open_mission):
    everything = {"state": None, "nature": None, "provisional": False, "reviewed": False,
                  "stale": False, "overdue": False, "limit": 5}  # fmt: skip
    with open_mission(folder) as mission:
        one = first_event(mission)
        said = reviewing.review(mission, one.id, Ruling.CONFIRM, by="ann", reason="seen")
        for claim in one.claims:
            withdraw(mission, claim, reason="the editor withdrew it")
        derived = bring_up_to_date(mission)
        assert all(finding.provisional for finding in derived.findings)
        data = findings(mission, **everything)
        assert data["entries_on_what_is_no_more"] == [said["log_index"]]
        assert f"log entries {said['log_index']}" in "\n".join(findings_lines(data))
        told = explain(mission, one.id)
    assert [each["log_index"] for each in told["entered"]] == [said["log_index"]]
    assert f"log entry {said['log_index']}: review by Reviewer A" in "\n".join(explanation(told))
