"""The commands on the agreement: every fault, every doubt, and what it says in words and lines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.agreements.whole import TEXT, ZONES
from typer.testing import CliRunner

import trucewatch.missions as missions
from trucewatch.agreements import agreement_schema
from trucewatch.app.cli import app
from trucewatch.app.terminal import guarded

SHIPPED = sorted(Path(missions.__path__[0]).glob("*/agreement.yaml"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "zones").mkdir()
    (tmp_path / "agreement.yaml").write_text(TEXT, "utf-8")
    for name, body in ZONES.items():
        (tmp_path / name).write_text(body, "utf-8")
    return tmp_path


def run(*words: object):
    return CliRunner().invoke(app, ["agreement", *map(str, words)])


def change(folder, old, new):
    path = folder / "agreement.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_good_file_is_told_with_what_may_not_be_meant(folder):
    done = run("check", folder / "agreement.yaml")
    assert done.exit_code == 0
    assert "can be used: 4 instruments, 2 bodies, 3 zones, 2 provisions, 1 trigger, 3 steps" in (
        done.output
    )
    assert "2 things that may not be meant" in done.output
    assert "agreement.yaml:55: provisions[1].parties: does not bind south" in done.output


def test_every_fault_is_told_and_the_exit_is_2(folder):
    change(folder, "lead: harbour", "lead: nobody")
    change(folder, "follows: warn", "follows: sing")
    done = run("check", "--mission", folder)
    assert done.exit_code == 2
    assert "lead: 'nobody' is no known" in done.output
    assert "triggers[0].steps[1].follows: 'sing' is no known step" in done.output
    assert "2 faults. Names and times are looked at once all keys are right" in done.output
    data = json.loads(run("check", folder, "--json").output)
    assert data["ok"] is False
    assert [(one["field"], one["line"]) for one in data["faults"]] == [
        ("lead", 13),
        ("triggers[0].steps[1].follows", 84),
    ]


def test_a_file_that_is_not_there_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["trucewatch", "agreement", "check", str(tmp_path / "a.yaml")])
    assert guarded(app) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_faulty_file_is_not_shown(folder, capsys, monkeypatch):
    change(folder, "lead: harbour", "lead: nobody")
    monkeypatch.setattr("sys.argv", ["trucewatch", "agreement", "show", str(folder)])
    assert guarded(app) == 2
    assert "agreement.yaml:13: lead: 'nobody'" in capsys.readouterr().err


# What is replaced, by what, and the doubt that follows.
DOUBTS = [
    ("kinds: [hostile_act]", "kinds: [movement]", "excepts kinds that the provision does not name"),
    ("zones: [line, strip]", "zones: [line]", "no provision and no trigger names the zone 'strip'"),
    ("{start: 2026-06-01 09:00, end: open}", "{start: 2026-06-04 09:00, end: open}",
     "its hours and those of 'paper-1' do not meet"),
    ("{start: 2026-06-01 09:00, end: open}", "{start: not yet, end: open}",
     "its hours are not known yet"),
    ("instrument: paper-1", "instrument: paper-0", "'paper-0' is a draft"),
    ("instrument: paper-1", "instrument: talks", "'talks' does not hold yet"),
    ("instrument: paper-1", "instrument: talks", "none of its provisions ever holds"),
    ("zones: [line, strip]\n    weapons", "zones: [road]\n    weapons", "names the zone 'strip'"),
    ("holds: {from: open, until: 2026-06-03 00:00}", "holds: {from: open, until: 2026-06-01 00:00}",
     "'line' never holds while it does"),
    ("end: 2026-06-02 24:00, timezone: UTC}", "end: 2026-06-02 08:30, timezone: UTC}", ""),
    ("{start: 2026-06-02 08:00, end: 2026-06-02 24:00, timezone: UTC}",
     "{start: 2026-07-02 08:00, end: open}", "excepts hours in which the provision does not hold"),
    ("{start: 2026-06-01 08:00, end: 2026-06-09 08:00}", "{start: 2027-01-01 00:00, end: open}",
     "lies outside the hours of all its provisions"),
    ("kinds: [shelling]\n", "kinds: [movement]\n", "none of its provisions is of 'movement'"),
    ("decides: [breach, attribution, obligation, exemption]", "decides: [obligation]",
     "no body decides on attribution, so nothing ever counts"),
    ("decides: [breach, attribution, obligation, exemption]", "decides: [obligation]",
     "no body decides on breaches, so it never starts"),
    ("standard: clear and convincing, standing: reported",
     "standard: beyond reasonable doubt, standing: reported", "so it never opens"),
    ("  open: reasonable grounds to believe\n  attribute: clear and convincing",
     "  open: beyond reasonable doubt\n  attribute: beyond reasonable doubt",
     "needed.open: is above what any state"),
    ('version: "1", standing: signed', 'version: "1", standing: reported',
     "is signed, while the texts whose breach opens it are reported"),
    ("members: [north, south, council], standing: signed",
     "members: [north, south, council], standing: reported",
     "is signed, while 'commission' is reported"),
    ("version: draft, standing: reported", "version: draft, standing: signed",
     "is a draft, and its standing is signed"),
    ('version: "1", standing: reported, source: page 7,\n     holds: {from: not yet}',
     'version: "1", standing: lapsed, source: page 7', "has lapsed, and `holds` says no end"),
    ("text: paper, edition: amended", "text: papers, edition: amended",
     "amends, and its `text` has no other version"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), DOUBTS)
def test_what_may_not_be_meant_is_told_and_nothing_is_refused(folder, old, new, words):
    before = run("check", folder).output
    change(folder, old, new)
    done = run("check", folder)
    assert done.exit_code == 0, done.output
    assert words in done.output
    assert not words or words not in before


def test_a_zone_that_stops_holding_leaves_a_gap_that_is_told(folder):
    change(folder, "zones: [line, strip]\n", "zones: [line]\n")
    change(folder, "until: 2026-06-03 00:00}", "until: 2026-06-02 00:00}")
    done = run("check", folder)
    words = "none of its zones holds from 2026-06-01 22:00 UTC until 2026-06-02 22:00 UTC"
    assert words in done.output


def test_a_zone_with_its_degrees_changed_round_is_told(folder):
    ring = [[-10, -60], [80, -60], [80, 60], [-10, 60], [-10, -60]]
    body = json.loads(ZONES["zones/strip.geojson"])
    body["features"][0]["geometry"]["coordinates"] = [ring]
    (folder / "zones/strip.geojson").write_text(json.dumps(body), "utf-8")
    assert "km²: are longitude and latitude in their order?" in run("check", folder).output


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_agreement_is_checked_and_shown(path):
    assert run("check", path).exit_code == 0
    assert run("show", path.parent).exit_code == 0


def test_all_of_it_is_shown(folder):
    done = run("show", folder)
    assert done.exit_code == 0
    for words in (
        "Times are those of UTC.",
        "Hours of the truce: 2026-06-01 06:00 UTC to 2026-06-05 22:00 UTC",
        "paper-0  draft    draft      reported  never: a draft",
        "talks    1        published  reported  not yet: no hour is known",
        "line, 7.5 km to each side",
        "corridor, 2 km wide",
        "but not: explosion, by mine, in road",
        "if: killed >= 1 || 'mine' in weapons",
        "ladder: 2 breaches of P1 within 24 hours",
        "3 calendar days from the determination, after warn",
        "no hour, after act",
    ):
        assert words in done.output, words
    data = json.loads(run("show", folder, "--json").output)
    assert data["provisions"][0]["holds"] == {
        "start": "2026-06-01T07:00:00+00:00",
        "end": "2026-06-02T22:00:00+00:00",
        "never": False,
        "words": "2026-06-01 07:00 UTC to 2026-06-02 22:00 UTC",
    }
    assert [step["after_calendar_days"] for step in data["triggers"][0]["steps"]] == [None, 3, None]
    assert [zone["area_km2"] > 0 for zone in data["zones"]] == [True] * 4


def test_what_nothing_can_open_is_not_shown_as_if_it_held(folder):
    assert "nothing that holds can open it" not in run("show", folder).output
    change(folder, "instrument: paper-1", "instrument: talks")
    done = run("show", folder)
    assert "nothing that holds can open it" in done.output
    assert "holds: not yet: no hour is known" in done.output


def test_times_are_those_of_the_mission(tmp_path):
    assert CliRunner().invoke(app, ["init", str(tmp_path / "one")]).exit_code == 0
    settings = (tmp_path / "one/mission.toml").read_text("utf-8")
    settings = re.sub(r'timezone = "[^"]*"', 'timezone = "Asia/Kathmandu"', settings)
    (tmp_path / "one/mission.toml").write_text(settings, "utf-8")
    done = run("show", "--mission", tmp_path / "one")
    assert "Hours of the truce: 2000-01-01 05:45 +0545 to 2000-01-02 05:45 +0545" in done.output
    assert "Times are those of Asia/Kathmandu." in done.output


def test_the_picture_is_a_picture(folder):
    target = folder / "zones.svg"
    change(folder, "name: Island truce", "name: Island <truce> & more")
    assert run("show", folder, "--picture", target).exit_code == 0
    root = ElementTree.fromstring(target.read_text("utf-8"))  # noqa: S314 - our own file
    words = " ".join(root.itertext())
    for part in (
        "Island <truce> & more",
        "Strip (strip)",
        "paper-2",
        "not yet: no hour is known",
        "UTC",
    ):
        assert part in words
    assert len(root.findall(".//{http://www.w3.org/2000/svg}path[@fill-opacity]")) == 4


def test_a_picture_of_nothing_says_so(folder):
    text = re.sub(r"(?m)^(zones|regions|triggers):\n(  .*\n)+?(?=^\w|\Z)", "", TEXT)
    text = re.sub(r"zones: \[.*?\]", "zones: []", text)
    text = re.sub(r"condition: region == 'east'", "condition: killed > 1", text)
    (folder / "agreement.yaml").write_text(text, "utf-8")
    target = folder / "zones.svg"
    assert run("show", folder, "--picture", target).exit_code == 0
    assert "No zone and no region is drawn" in target.read_text("utf-8")


def test_the_schema_is_printed():
    assert json.loads(run("schema").output) == agreement_schema()
    assert run("schema", "--json").output == run("schema").output
