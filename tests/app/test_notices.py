"""Notices and the hotline by command: who may, what is printed, and what is said where it fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping as notices
from trucewatch.commitments.notices import DISCLAIMERS
from trucewatch.errors import NotAllowed, NotFound, RecordRejected

PEOPLE = """
[[people]]
id = "duty-desk"
name = "Duty desk"
roles = ["desk"]

[[people]]
id = "reader"
name = "Reader"
roles = ["observer", "reviewer"]
"""
AHEAD = (datetime.now(UTC) + timedelta(days=5)).strftime("%Y-%m-%dT%H:00")
SITE = [
    *("--organisation", "Tern Relief", "--contact", "radio 7", "--sort", "site"),
    *("--domain", "land", "--place", "clinic", "--route", "36.2,49.9", "--from", AHEAD),
]


@pytest.fixture
def call(empty_mission):
    """Run a command on a mission with two people; gives its result."""
    path = empty_mission / "mission.toml"
    path.write_text(path.read_text() + PEOPLE)

    with Mission.open(empty_mission) as mission:
        mission.sync_settings()

    def run(*words):
        return CliRunner().invoke(app, [*words, "--mission", str(empty_mission)])

    run.folder = empty_mission
    return run


def data(result):
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.output)


def add(call, *more):
    return data(call("notice", "add", "--by", "duty-desk", *SITE, *more, "--json"))["notices"][0]


def test_the_life_of_a_notice(call):
    row = add(call)
    assert (row["state"], row["late"], row["versions"]) == ("submitted", False, 1)
    name, by = row["id"], ("--by", "duty-desk")
    done = data(call("notice", "acknowledge", name, *by, "--reason", "passed on", "--json"))
    assert done["notices"][0]["state"] == "acknowledged"
    again = call("notice", "acknowledge", name, *by)
    assert isinstance(again.exception, NotFound)
    assert "acknowledged already" in str(again.exception)
    done = data(
        call("notice", "amend", name, *by, "--width-m", "900", "--reason", "wider", "--json")
    )
    row = done["notices"][0]
    assert (row["state"], row["width_m"], row["versions"]) == ("amended", 900.0, 2)
    assert row["organisation"] == "Tern Relief"
    done = data(call("notice", "cancel", name, *by, "--reason", "closed", "--json"))
    assert done["notices"][0]["state"] == "cancelled"
    for words in (["acknowledge", name], ["cancel", name, "--reason", "x"]):
        late = call("notice", *words, *by)
        assert "is cancelled: submit a new notice" in str(late.exception)
    unknown = call("notice", "cancel", "ntc-9", *by, "--reason", "x")
    assert "notice list" in str(unknown.exception)


def test_every_print_has_the_disclaimers(call):
    name = add(call)["id"]
    for words in (
        ["notice", "add", "--by", "duty-desk", *SITE, "--note", "other"],
        ["notice", "list"],
        ["notice", "acknowledge", name, "--by", "duty-desk"],
        ["notice", "amend", name, "--by", "duty-desk", "--reason", "x", "--note", "y"],
        ["notice", "cancel", name, "--by", "duty-desk", "--reason", "x"],
    ):
        shown = call(*words)
        assert shown.exit_code == 0, shown.exception
        assert all(words in shown.output for words in DISCLAIMERS)
    assert data(call("notice", "list", "--json"))["disclaimers"] == list(DISCLAIMERS)


@pytest.mark.parametrize(
    ("by", "error", "words"),
    [("reader", NotAllowed, "desk or lead"), ("nobody", NotFound, "names no person 'nobody'")],
)
def test_who_may_not_is_told_what_to_do(call, by, error, words):
    name = add(call)["id"]
    for command in (
        ["notice", "add", *SITE, "--note", "z"],
        ["notice", "acknowledge", name],
        ["notice", "amend", name, "--reason", "x", "--note", "z"],
        ["notice", "cancel", name, "--reason", "x"],
        ["notice", "token"],
        ["hotline", "add", "--at", "2026-04-12T08:00", "--party", "ukraine", "--party", "russia",
         "--channel", "c", "--subject", "s"],
    ):  # fmt: skip
        refused = call(*command, "--by", by)
        assert isinstance(refused.exception, error), command
        assert words in str(refused.exception)
    assert len(data(call("notice", "list", "--json"))["notices"]) == 1


def test_the_saboteur_who_asks_nobody_for_a_role_is_seen(call, monkeypatch):
    monkeypatch.setattr(notices, "desk", lambda *_: None)
    assert call("notice", "add", *SITE, "--by", "reader").exit_code == 0


def test_a_file_of_notices_is_taken_in_one_by_one(call, tmp_path):
    good = {
        "organisation": "Tern",
        "contact": "c",
        "sort": "site",
        "domain": "sea",
        "place": "pier",
        "route": [[36.2, 46.1]],
        "from": AHEAD,
    }
    path = tmp_path / "notices.json"
    path.write_text(json.dumps([good, {**good, "domain": "x"}]))
    shown = call("notice", "add", "--by", "duty-desk", "--file", str(path))
    assert shown.exit_code == 1
    assert "2 received = 1 entered + 1 refused" in shown.output
    assert "refused /1: domain: is one of" in shown.output
    again = call("notice", "add", "--by", "duty-desk", "--file", str(path), "--json")
    # What is sent again is the same notice; once it was cancelled, it is another one.
    assert (again.exit_code, json.loads(again.output)["refused"]) == (1, 2)
    (row,) = data(call("notice", "list", "--json"))["notices"]
    call("notice", "cancel", row["id"], "--by", "duty-desk", "--reason", "x")
    for _ in range(2):
        call("notice", "add", "--by", "duty-desk", "--file", str(path))
    listed = data(call("notice", "list", "--json"))["notices"]
    assert sorted(one["state"] for one in listed) == ["cancelled", "submitted"]


@pytest.mark.parametrize(
    "more",
    [
        ["--file", "x.json", "--note", "both"],
        [],
        ["--route", "north"],
    ],
)
def test_wrong_use(call, more):
    assert call("notice", "add", "--by", "duty-desk", *more).exit_code == 2


def test_one_bad_notice_enters_nothing(call):
    shown = call("notice", "add", "--by", "duty-desk", *SITE, "--sort", "convoy")
    assert isinstance(shown.exception, RecordRejected)
    assert data(call("notice", "list", "--json"))["notices"] == []
    shown = call("notice", "amend", add(call)["id"], "--by", "duty-desk", "--reason", "x")
    assert "name what changes" in str(shown.exception)


def test_matches_are_told_with_reasons(lived, tmp_path):
    """A notice made in time for an incident of the mission, and one beside it."""
    import shutil

    folder = shutil.copytree(lived, tmp_path / "other")
    (folder / "mission.toml").write_text((folder / "mission.toml").read_text() + PEOPLE)
    with Mission.open(folder) as mission:
        mission.sync_settings()
        derived = mission.store.derived()
    one = next(
        each
        for each in derived.incidents
        if each.nature.value == "event" and each.when.length < timedelta(days=2)
    )
    start = one.when.earliest - timedelta(hours=1)
    fields = {
        "organisation": "Tern",
        "contact": "c",
        "sort": "site",
        "domain": "land",
        "place": "clinic",
        "route": [[one.place.lon, one.place.lat]],
        "width_m": 5_000.0,
        "from": start.isoformat(),
    }
    with Mission.open(folder, now=lambda: start - timedelta(days=9), readonly=True) as mission:
        name = notices.add(mission, fields, by="duty-desk")["notices"][0]["id"]
    run = CliRunner().invoke
    where = ["--mission", str(folder)]
    shown = json.loads(run(app, ["notice", "match", "--incident", one.id, *where, "--json"]).stdout)
    (found,) = [*shown["matches"], *shown["near_misses"]]
    assert (found["notice"], found["incident"]) == (name, one.id)
    assert found["share"] > 0
    text = run(app, ["notice", "match", *where]).stdout
    assert f"{name} and {one.id}" in text
    assert all(words in text for words in DISCLAIMERS)
    missing = run(app, ["notice", "match", "--incident", "inc-0", *where])
    assert isinstance(missing.exception, NotFound)


def test_the_hotline(call):
    words = [
        *("hotline", "add", "--by", "duty-desk", "--at", "2026-04-12T08:00", "--party", "russia"),
        *("--party", "ukraine", "--channel", "telephone", "--subject", "the bridge"),
        *("--outcome", "a pause", "--unanswered"),
    ]
    assert call(*words).exit_code == 0
    (row,) = data(call("hotline", "list", "--json"))["contacts"]
    assert (row["at"], row["zone"]) == ("2026-04-12T08:00+03:00", "Europe/Kyiv")
    assert (row["parties"], row["answered"]) == (["russia", "ukraine"], False)
    text = call("hotline", "list").output
    assert "not answered: the bridge" in text
    assert "a pause" in text
    words[words.index("ukraine")] = "island"
    assert "no party" in str(call(*words).exception)


def test_nothing_is_written_into_the_evidence_log(call):
    """Not even a changed setting: the time of that entry would tell of a notice."""

    def evidence():
        found = (call.folder / "evidence").rglob("*")
        return {path: path.read_bytes() for path in found if path.is_file()}

    before = evidence()
    path = call.folder / "mission.toml"
    path.write_text(path.read_text() + PEOPLE.split("\n\n")[1].replace("reader", "late-comer"))
    name = add(call)["id"]
    call("notice", "acknowledge", name, "--by", "duty-desk")
    call("notice", "token", "--by", "duty-desk")
    refused = call("notice", "cancel", name, "--by", "late-comer", "--reason", "x")
    assert "next 'run'" in str(refused.exception)
    assert evidence() == before


def test_an_act_on_a_notice_that_is_not_known_is_listed(call):
    from trucewatch.app.deciding import enter
    from trucewatch.model import NoticeAct, Notifying

    add(call)
    with Mission.open(call.folder, readonly=True) as mission:
        stray = Notifying(act=NoticeAct.CANCEL, id="ntc-gone", notice=None, reason="x")
        enter(mission, stray, by="duty-desk")
    assert "(cancel by duty-desk) names ntc-gone" in call("notice", "list").output
