"""The drill on the Paris framework: right at every hour, and nothing of it without its mark."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.commands import common
from trucewatch.app.exercise import playing, staging, table
from trucewatch.app.exercise.script import ACTIONS, read_script
from trucewatch.bulletins.alerts import faults
from trucewatch.errors import ConfigurationError, NotFound, Refused
from trucewatch.evidence.audit import fsck

SHIPPED = Path(str(files("trucewatch") / "missions" / "paris-framework"))
SCRIPT = SHIPPED / "exercise" / "exercise.yaml"
GOLDEN = Path(__file__).with_name("golden") / "exercise.txt"
runner = CliRunner()


def quiet(_what, _done, _of):
    """No progress."""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The shipped drill, played to its end."""
    folder = tmp_path_factory.mktemp("drill") / "mission"
    return folder, playing.play(folder, like="paris-framework", progress=quiet)


# Written from the script by reasoning, before the drill was looked at. The first breach was at
# 04:00 on 2 March and is established at 06:00; 24 hours from it end at 04:00 on 3 March. The
# commission determines it at 10:00. The dispute stands from 13:00 to 16:00, so both clocks of the
# first step end three hours later: 07:00 and 13:00. It is taken at 20:00: what follows it opens,
# as a second breach (17:30) shows that fighting goes on; 72 hours from the first breach end at
# 04:00 on 5 March, and from the determination at 10:00. At 10:00 on the 4th the second breach
# rests on one voice again, and on two from 14:00. At 09:00 on the 5th the first is no breach, at
# 11:00 the second is none. What was given is given: "done" stays.
# In each cell: progress, what is left by the event's clock / by that of the determination.
EXPECTED = """
| hour        | warning                | coalition-forces | coordinated-response |
| 03-02 05:10 |                        |                  |                      |
| 03-02 06:00 | open 22:00 / -         |                  |                      |
| 03-02 09:00 | open 19:00 / -         |                  |                      |
| 03-02 10:00 | open 18:00 / 24:00     |                  |                      |
| 03-02 12:00 | open 16:00 / 22:00     |                  |                      |
| 03-02 12:30 | open 15:30 / 21:30     |                  |                      |
| 03-02 13:00 | disputed 15:00 / 21:00 |                  |                      |
| 03-02 16:00 | open 15:00 / 21:00     |                  |                      |
| 03-02 18:15 | open 12:45 / 18:45     |                  |                      |
| 03-02 20:00 | taken - / -            | open - / -       | open 56:00 / 62:00   |
| 03-03 00:00 | taken - / -            | open - / -       | open 52:00 / 58:00   |
| 03-03 09:00 | done - / -             | open - / -       | open 43:00 / 49:00   |
| 03-03 12:00 | done - / -             | open - / -       | open 40:00 / 46:00   |
| 03-04 00:00 | done - / -             | open - / -       | open 28:00 / 34:00   |
| 03-04 10:00 | done - / -             | cancelled - / -  | cancelled - / -      |
| 03-04 14:00 | done - / -             | open - / -       | open 14:00 / 20:00   |
| 03-05 00:00 | done - / -             | open - / -       | open 4:00 / 10:00    |
| 03-05 03:00 | done - / -             | open - / -       | open 1:00 / 7:00     |
| 03-05 04:00 | done - / -             | open - / -       | open 0:00 / 6:00     |
| 03-05 05:00 | done - / -             | open - / -       | overdue -1:00 / 5:00 |
| 03-05 09:00 | done - / -             | cancelled - / -  | cancelled - / -      |
| 03-05 11:00 | done - / -             | cancelled - / -  | cancelled - / -      |
| 03-06 00:00 | done - / -             | cancelled - / -  | cancelled - / -      |
"""
STEPS = ("warning", "coalition-forces", "coordinated-response")


def cell(rows, step):
    for row in rows:
        if row["step"] == step:
            left = [row[f"{clock}_left"] or "-" for clock in ("event", "determination")]
            return f"{row['progress']} {left[0]} / {left[1]}"
    return ""


def test_the_obligations_are_right_at_every_hour(played):
    _, data = played
    got = [
        [hour["at"][5:], *(cell(hour["steps"], step) for step in STEPS)] for hour in data["hours"]
    ]
    expected = [
        [part.strip() for part in line.strip("|").split("|")]
        for line in EXPECTED.strip().splitlines()[1:]
    ]
    assert got == expected


def test_deadlines_by_both_clocks(played):
    hours = {hour["at"][5:]: hour for hour in played[1]["hours"]}

    def due(hour, step):
        (row,) = [one for one in hours[hour]["steps"] if one["step"] == step]
        return row["event_due"], row["determination_due"]

    assert due("03-02 06:00", "warning") == ("2027-03-03 04:00", None)
    assert due("03-02 10:00", "warning") == ("2027-03-03 04:00", "2027-03-03 10:00")
    assert due("03-02 16:00", "warning") == ("2027-03-03 07:00", "2027-03-03 13:00")
    assert due("03-02 20:00", "coordinated-response") == ("2027-03-05 04:00", "2027-03-05 10:00")
    assert due("03-02 20:00", "coalition-forces") == (None, None)


def test_the_missing_approval_is_missing_until_it_is_granted(played):
    hours = {hour["at"][5:]: hour for hour in played[1]["hours"]}

    def lacks(hour):
        return {row["step"]: " ".join(row["missing"]) for row in hours[hour]["steps"]}

    before, after = lacks("03-03 09:00"), lacks("03-03 12:00")
    for step in STEPS[1:]:
        assert "house-of-commons of united-kingdom: needed, promised, unclear" in before[step]
        assert "house-of-commons" not in after[step]
        assert "bundestag of germany: needed" in after[step]
    assert before["warning"] == ""
    assert {row["standing"] for hour in hours.values() for row in hour["steps"]} == {"reported"}


def told(data, audience):
    """Hour by hour: which messages went to an audience, on what, as its last word says."""
    return [
        (hour["at"][5:], one["message"], one["subject"].partition("-")[0], one["certainty"])
        for hour in data["hours"]
        for one in hour["alerts"]
        if one["audience"] == audience
    ]


def test_alerts_to_the_states_are_right_at_every_hour(played):
    """At once, as no delay holds them back. West and east are incidents, steps are obligations."""
    got = {}
    for at, message, what, certainty in told(played[1], "states"):
        got.setdefault(at, []).append((message, what, certainty))
    assert {at: sorted(map(str, rows)) for at, rows in got.items()} == {
        at: sorted(map(str, rows))
        for at, rows in {
            "03-02 05:10": [("Alert", "inc", "Possible")],
            "03-02 06:00": [("Update", "inc", "Likely"), ("Alert", "obl", "Likely")],
            "03-02 13:00": [("Update", "obl", "Likely")],
            "03-02 16:00": [("Update", "obl", "Likely")],
            "03-02 18:15": [("Alert", "inc", "Likely"), ("Update", "obl", "Likely")],
            "03-02 20:00": [("Update", "obl", "Likely")] + 2 * [("Alert", "obl", "Likely")],
            "03-03 09:00": [("Update", "obl", "Likely")],
            "03-03 12:00": 2 * [("Update", "obl", "Likely")],
            "03-04 10:00": [("Update", "inc", "Possible"), ("Update", "obl", "Likely")]
            + 2 * [("Cancel", "obl", None)],
            "03-04 14:00": [("Update", "inc", "Likely"), ("Update", "obl", "Likely")]
            + 2 * [("Alert", "obl", "Likely")],
            "03-05 03:00": [("Update", "obl", "Likely")],
            "03-05 04:00": [("Update", "obl", "Likely")],
            "03-05 09:00": [("Cancel", "inc", None), ("Update", "obl", "Likely")]
            + 2 * [("Cancel", "obl", None)],
            "03-05 11:00": [("Cancel", "inc", None), ("Cancel", "obl", None)],
        }.items()
    }


def test_the_public_hears_after_its_delay_and_of_every_retraction(played):
    messages = told(played[1], "public")
    assert min(at for at, *_ in messages) == "03-04 00:00"  # a day after the end of 2 March
    assert sum(word == "Alert" for _, word, *_ in messages) == 5 + 2
    # Whatever is still standing at the end was never told, and whatever was told is taken back.
    last = {}
    for hour in played[1]["hours"]:
        for one in hour["alerts"]:
            last[one["chain"]] = one["message"]
    assert set(last.values()) == {"Cancel"}


def bulletins(folder):
    """Every issue of 2 March for the states, first to last, as JSON."""
    found = sorted(
        (folder / "for-states").glob("2027-03-02*.json"),
        key=lambda path: (len(path.name), path.name),
    )
    return [
        json.loads(path.read_text("utf-8"))
        for path in found
        if not path.name.endswith((".seal.json", ".changes.json"))
    ]


def test_the_bulletin_is_right_and_corrected_with_the_breach(played):
    folder, data = played
    issues = bulletins(folder)
    outcomes = [sorted(item["outcome"] for item in issue["incidents"]) for issue in issues]
    assert outcomes[0] == ["breach", "breach"]
    assert outcomes[-2:] == [["breach", "outside"], ["outside", "outside"]]
    assert [issue["figures"]["observed_violations"] for issue in (issues[0], issues[-1])] == [2, 0]
    # What was decided after the day belongs to later bulletins: on its eve the step was taken.
    first = {one["duty"].split()[0]: one["progress"] for one in issues[0]["obligations"]}
    assert first == {"warn": "taken", "bring": "open", "respond": "open"}
    # Of issues of that day after the grant of the next one: it was missing then, and still is.
    for issue in issues[1:]:
        open_then = [one for one in issue["obligations"] if one["progress"] == "open"]
        for one in open_then:
            assert ("house-of-commons" in " ".join(one["missing"])) is (one["duty"][:4] != "warn")
    assert any(one["missing"] for issue in issues[2:] for one in issue["obligations"])
    last = {one["duty"].split()[0]: one["progress"] for one in issues[-1]["obligations"]}
    assert last["bring"] == last["respond"] == "cancelled"
    assert "breach" not in {item["outcome"] for item in issues[-1]["incidents"]}
    public = [
        one["issue"]
        for hour in data["hours"]
        for one in hour["bulletins"]
        if one["audience"] == "public"
    ]
    assert public[0] == "2027-03-02"
    assert {"2027-03-02-issue-2", "2027-03-03", "2027-03-04"} <= {*public}
    assert "2027-03-05" not in public


def unmarked(folder):
    """The files that went out, and whatever in them could be taken for the real thing."""
    found = []
    for path in sorted(folder.rglob("*")):
        where = path.relative_to(folder)
        if not path.is_file() or not where.parts[0].startswith(("bulletins", "for-", "alerts")):
            continue
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            known = json.loads(text)
            marked = known.get("exercise") is True or known.get("status") == "Exercise"
        elif path.suffix == ".xml":
            marked = "<status>Exercise</status>" in text
        else:
            marked = "EXERCISE" in text
        if not marked:
            found.append(where.as_posix())
    return found


def test_every_file_that_goes_out_is_marked(played):
    folder, _ = played
    assert unmarked(folder) == []
    kinds = {path.suffix for path in folder.rglob("*") if "evidence" not in path.parts}
    assert {".html", ".md", ".json", ".xml"} <= kinds
    seals = list(folder.glob("for-states/*.seal.json"))
    assert len(seals) > 5
    assert list(folder.glob("for-states/*.changes.html"))


def test_saboteur_without_the_mark_is_seen(played, tmp_path, monkeypatch):
    """A page, a seal, a message: each without its mark is found."""
    folder = shutil.copytree(played[0], tmp_path / "mission")
    for name, mark in (
        ("for-states/2027-03-02.html", "EXERCISE"),
        ("for-states/2027-03-02.seal.json", '"exercise":true,'),
        ("for-states/index.html", "EXERCISE"),
        ("for-states/2027-03-02-issue-2.changes.html", "EXERCISE"),
    ):
        path = folder / name
        whole = path.read_text("utf-8")
        assert mark in whole, name
        path.write_text(whole.replace(mark, ""), "utf-8")
        assert unmarked(folder) == [name]
        path.write_text(whole, "utf-8")
    monkeypatch.setattr(staging, "_marked", lambda raw: raw.replace(b"= true ", b"= false "))
    bare = tmp_path / "bare"
    playing.play(bare, like="paris-framework", until="2027-03-03 00:00", progress=quiet)
    assert len(unmarked(bare)) > 5


@pytest.mark.parametrize("command", [["incidents"], ["run"], ["explain", "2027-03-02"], ["alerts"]])
def test_whatever_the_commands_say_of_a_drill_is_marked(played, tmp_path, command):
    folder = shutil.copytree(played[0], tmp_path / "mission")
    said = runner.invoke(app, [*command, "--mission", str(folder)])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[0] == common.MARK
    as_json = runner.invoke(app, [*command, "--mission", str(folder), "--json"])
    assert json.loads(as_json.output)["exercise"] is True
    assert common.MARK not in runner.invoke(app, ["init", "--list"]).output


def test_the_picture_of_an_incident_is_marked(played, tmp_path):
    folder = shutil.copytree(played[0], tmp_path / "mission")
    at = ["--mission", str(folder)]
    listed = json.loads(runner.invoke(app, ["incidents", *at, "--json"]).output)["incidents"]
    drawn = tmp_path / "one.svg"
    said = runner.invoke(app, ["explain", listed[0]["id"], "--picture", str(drawn), *at])
    assert said.exit_code == 0, said.output
    assert "EXERCISE: Incident" in drawn.read_text("utf-8")


def test_the_whole_table_as_it_is_printed(played):
    folder, data = played
    printed = "\n".join(table.lines(data)) + "\n"
    assert printed.replace(str(folder), "DIR") == GOLDEN.read_text("utf-8")
    assert printed.count("EXERCISE 2027") == len(data["hours"])


def test_the_log_holds_and_every_message_is_valid(played):
    folder, _ = played
    assert fsck(folder / "evidence").ok
    messages = [*folder.glob("alerts*/*.xml")]
    assert len(messages) > 40
    assert all(faults(path.read_bytes()) == () for path in messages)


def test_it_can_be_stopped_sooner_and_said_as_json(played, tmp_path):
    said = runner.invoke(
        app, ["exercise", str(tmp_path / "m"), "--until", "2027-03-02 10:00", "--json"]
    )
    assert said.exit_code == 0, said.output
    data = json.loads(said.output)
    assert data["exercise"] is True
    whole = json.loads(json.dumps(played[1]["hours"]))
    assert data["hours"] == whole[: len(data["hours"])]
    assert data["hours"][-1]["at"] == "2027-03-02 10:00"


def test_the_same_script_says_the_same(tmp_path):
    made = [
        playing.play(
            tmp_path / name, like="paris-framework", until="2027-03-02 13:00", progress=quiet
        )["hours"]
        for name in ("one", "two")
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("until", "why"),
    [("tomorrow", "is not a time"), ("2027-03-01 00:00", "before the first step")],
)
def test_an_end_that_is_none_is_refused(tmp_path, until, why):
    with pytest.raises(Refused, match=why):
        playing.play(tmp_path / "m", like="paris-framework", until=until, progress=quiet)


def test_only_a_new_folder_and_a_mission_with_a_script(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    for folder, like in (("full", "paris-framework"), ("m", "template"), ("m", "no-such")):
        with pytest.raises(NotFound):
            playing.play(tmp_path / folder, like=like, progress=quiet)
    with pytest.raises(NotFound, match="no script"):
        playing.play(tmp_path / "m", like="template", script=tmp_path / "none.yaml", progress=quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


@pytest.fixture
def own(tmp_path):
    """A copy of the script and what lies beside it, to be changed."""
    return shutil.copytree(SHIPPED / "exercise", tmp_path / "own") / "exercise.yaml"


# Where each slip of the pen is told: the field, and a part of the words.
FAULTS = [
    ("timezone: Europe/Kyiv", "timezone: Atlantis", "timezone", "Atlantis"),
    ("until: 2027-03-06 06:00", "until: 2027-03-03 06:00", "until", "before the last step"),
    ("until: 2027-03-06 06:00", "until: 2029-03-06 06:00", "until", "more than 60 days"),
    ("at: 2027-03-02 06:00", "at: 2027-03-01 06:00", "steps[1].at", "before the step above"),
    ("at: 2027-03-02 06:00", "at: 2027-03-02", "steps[1].at", "bare date"),
    ("deliver: [deliveries/02-patrol.csv]", "deliver: [deliveries/x.csv]", "steps[1].deliver[0]",
     "no file"),
    ("deliver: [deliveries/02-patrol.csv]", "deliver: [../../mission.toml]",
     "steps[1].deliver[0]", "no file"),
    ("deliver: [deliveries/02-patrol.csv]", "shout: [x]", "steps[1].shout", "not a known key"),
    ("deliver: [deliveries/02-patrol.csv]", "", "steps[1]", "a step does one thing"),
    ("audiences: [states, public]", "audiences: [fans]", "audiences", "[audiences.fans]"),
    ("party: ukraine}", "party: atlantis}", "steps[2].notify", "atlantis is no party"),
    ("by: desk, of: exercise-patrols/p1, party: ukraine", ("by: nobody, of: exercise-patrols/p1, "
     "party: ukraine"), "steps[2].notify", "names no person 'nobody'"),
    ("by: desk, of: exercise-patrols/p1, party: ukraine", ("by: desk, of: exercise-patrols/p9, "
     "party: ukraine"), "steps[2].notify.of", "no incident rests on"),
    ("provision: E1\n      breach: true", "provision: E9\n      breach: true",
     "steps[4].determine", "no provision E9"),
    ("by: chair, of: exercise-patrols/p1, step: warning, act: dispute",
     "by: desk, of: exercise-patrols/p1, step: warning, act: dispute", "steps[7].decide.by",
     "speaks for no body"),
    ("step: warning, act: dispute", "step: coordinated-response, act: dispute",
     "steps[7].decide.step", "0 steps"),
    ("pledge: PF012", "pledge: PF999", "steps[12].approve.pledge", "has no 'PF999'"),
    ("body: House of Commons", "body: House of Nets", "steps[12].approve.body", "no such body"),
    ("delivery: 04-gazette.csv", "delivery: 99.csv", "steps[13].withdraw.delivery",
     "was not delivered"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "field", "words"), FAULTS)
def test_a_slip_in_the_script_is_told_by_file_line_and_field(own, tmp_path, was, now, field, words):
    text = own.read_text("utf-8")
    assert was in text
    own.write_text(text.replace(was, now, 1), "utf-8")
    # Slips in later steps are met when the hour comes: what came before has been played by then.
    with pytest.raises(ConfigurationError) as fault:
        playing.play(tmp_path / "m", like="paris-framework", script=own, progress=quiet)
    assert (fault.value.file, fault.value.field) == ("exercise.yaml", field)
    assert words in str(fault.value)
    line = fault.value.line
    assert line is not None
    near = "\n".join(own.read_text("utf-8").splitlines()[max(0, line - 3) : line + 4])
    assert now.split("\n")[0][:12] in near


def test_a_drill_that_denies_it_is_refused(own, tmp_path):
    settings = own.with_name("mission.toml")
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"exercise = true", "exercise = false", text), "utf-8")
    with pytest.raises(ConfigurationError, match="a drill is marked as one"):
        playing.play(tmp_path / "m", like="paris-framework", script=own, progress=quiet)
    assert not (tmp_path / "m").exists()
    # A mission that does not say it is marked here.
    settings.write_text(re.sub(r"exercise = true.*\n", "", text), "utf-8")
    data = playing.play(
        tmp_path / "m", like="paris-framework", script=own, until="2027-03-02 06:00", progress=quiet
    )
    assert data["exercise"] is True
    assert "exercise = true" in (tmp_path / "m" / "mission.toml").read_text("utf-8")


def test_the_framework_itself_is_no_drill_and_has_nothing_of_it(tmp_path):
    made = runner.invoke(app, ["init", "--like", "paris-framework", str(tmp_path / "m")])
    assert made.exit_code == 0
    agreement = (tmp_path / "m" / "agreement.yaml").read_text("utf-8")
    assert "EXERCISE" not in agreement
    assert "provisions: []" in agreement
    ran = runner.invoke(app, ["run", "--mission", str(tmp_path / "m"), "--json"])
    data = json.loads(ran.output)
    assert "exercise" not in data
    assert data["obligations"] == {}


def test_what_the_drill_adds_stands_beside_what_there_was(played):
    folder, _ = played
    configuration = staging.Configuration.read(staging.settings_files(folder))
    agreement = configuration.agreement
    assert [one.id for one in agreement.instruments][-1] == "assumed-ceasefire"
    assert "paris-declaration" in {one.id for one in agreement.instruments}
    assert [one.id for one in agreement.provisions] == ["E1"]
    assert agreement.triggers[0].provisions == ("E1",)
    assert agreement.truce.start == datetime(2027, 2, 28, 22, tzinfo=UTC)
    assert configuration.mission.mission.exercise


def test_every_delivery_of_the_script_says_that_it_is_made_up():
    script = read_script(SCRIPT)
    for step in script.steps:
        for name in step.action if isinstance(step.action, list) else ():
            rows = (script.folder / name).read_text("utf-8").splitlines()[1:]
            assert rows
            assert all("EXERCISE, made up" in row for row in rows)


def test_the_page_shows_what_is_printed(played):
    """A line of the page that ends with "…" is the beginning of a line that is printed."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "exercise.md").read_text("utf-8")
    printed = "\n".join(table.lines(played[1]))
    blocks = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 6
    for block in blocks:
        for part in block.strip().split("\n\n"):
            lines = [re.escape(line).replace("…", "[^\n]*") for line in part.splitlines()]
            assert re.search("\n".join(lines), printed), part
    for name in ACTIONS:
        assert f"| `{name}` |" in page


@pytest.mark.parametrize(
    ("command", "suffix"),
    [
        (["compliance", "--format", "svg"], None),
        (["commitments", "matrix", "--format", "svg"], None),
        (["commitments", "matrix", "--format", "html"], None),
        (["commitments", "matrix", "--format", "md"], None),
        (["commitments", "matrix", "--format", "svg", "--out"], "svg"),
        (["commitments", "matrix", "--format", "html", "--out"], "html"),
        (["commitments", "matrix", "--format", "md", "--out"], "md"),
        (["agreement", "show", "--picture"], "svg"),
    ],
    ids=lambda one: one if one is None or isinstance(one, str) else "-".join(one),
)
def test_pages_and_pictures_of_a_drill_are_marked_and_stay_whole(played, tmp_path, command, suffix):
    folder = shutil.copytree(played[0], tmp_path / "mission")
    target = tmp_path / f"made.{suffix}"
    said = runner.invoke(app, [*command, *([str(target)] if suffix else []), "-m", str(folder)])
    assert said.exit_code == 0, said.output
    text = target.read_text("utf-8") if suffix else said.output
    assert common.MARK in text
    if text.startswith("<svg"):
        assert etree.fromstring(text.encode("utf-8")).tag.endswith("svg")
    elif "html" in command:
        assert text.lower().startswith("<!doctype html>")


EVERYTHING = Path(__file__).with_name("every_act.yaml")


def test_every_act_can_be_played(own, tmp_path):
    shutil.copyfile(EVERYTHING, own)
    named = {name for step in read_script(own).steps for name in ACTIONS if step.name == name}
    shipped = {step.name for step in read_script(SCRIPT).steps}
    assert named | shipped == set(ACTIONS)
    data = playing.play(tmp_path / "m", like="paris-framework", script=own, progress=quiet)
    hours = {hour["at"][5:]: hour for hour in data["hours"]}

    def sent(hour):
        return [(one["message"], one["certainty"]) for one in hours[hour]["alerts"]]

    # What two tell is likely, and so is the step it opens; one patrol's word alone is possible.
    assert sorted(map(str, sent("03-02 05:10"))) == ["('Alert', 'Likely')"] * 2
    assert sent("03-02 05:20") == [("Alert", "Possible")]
    # Nobody is told of a notice, nor of a question.
    assert sent("03-02 06:00") == sent("03-02 07:00") == []
    assert sorted(map(str, sent("03-02 08:00"))) == ["('Update', 'Observed')"] * 2
    assert sent("03-02 09:00") == sent("03-02 09:30") == [("Update", "Observed")]
    (row,) = hours["03-02 11:00"]["steps"]
    assert (row["event_due"], row["event_left"]) == ("2027-03-03 06:00", "19:00")
    assert ("Cancel", None) in sent("03-02 12:00")
    assert sent("03-02 13:00") == [("Cancel", None)] * 2
    assert [row["progress"] for row in hours["03-02 13:00"]["steps"]] == ["cancelled"]
