"""The ledger on the command line: views at a time, statements entered by people, pages."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app, main
from trucewatch.app.ledger import pages as ledger_pages
from trucewatch.app.ledger import views as ledger_views
from trucewatch.app.mission import Mission
from trucewatch.app.press.articles import ledger
from trucewatch.app.publishing.situations import situation_of
from trucewatch.app.scaffold import init
from trucewatch.errors import ConfigurationError, NotFound, SourceUnavailable

runner = CliRunner()
GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).resolve().parents[2] / "docs"
LEDGER = """\
timezone: UTC
needs:
  - id: force
    priority: multinational-force
    what: personnel of the force
    low: 5000
    high: 9000
    unit: personnel
    domains: [land, sea]
    standing: reported
    source: https://example.org/need
pledges:
  - id: N1
    by: Northland
    item: north-force
    priority: multinational-force
    what: a brigade <b>of</b> "engineers" | 5
    stage: committed
    standing: signed
    said: 2026-01-06
    low: 3000
    high: 4000
    unit: personnel
    domains: [land]
    limits: [after-ceasefire, no-alliance-troops]
    approvals:
      - {body: Chamber, kind: parliament, state: needed, due: 2026-05-01}
    outlet: Post
    source: https://example.org/n1
  - id: N2
    by: Northland
    item: north-force
    priority: multinational-force
    what: a brigade of sappers
    stage: announced
    standing: reported
    said: 2026-02-01
    low: 2000
    unit: personnel
    domains: [land]
    outlet: Mail
    credits: Post
    source: https://example.org/n2
  - id: S1
    by: Southland
    priority: monitoring
    what: patrol ships
    stage: announced
    standing: announced
    said: unknown
    valid_until: 2026-12-31
    source: https://example.org/s1
"""
JOINT = """\
  - id: NS
    by: Northland; Southland
    priority: multinational-force
    what: some ships
    stage: announced
    standing: announced
    said: 2026-01-06
    domains: [sea]
    source: https://example.org/ns
"""
PEOPLE = """
[[people]]
id = "desk"
name = "The desk"
roles = ["desk"]

[[people]]
id = "guest"
name = "A guest"
roles = ["observer"]
"""


@pytest.fixture
def folder(tmp_path):
    """A mission with a small ledger, run once."""
    made = tmp_path / "mission"
    init(made)
    (made / "commitments.yaml").write_text(LEDGER, "utf-8")
    settings = made / "mission.toml"
    settings.write_text(settings.read_text("utf-8") + PEOPLE, "utf-8")
    with Mission.open(made, now=lambda: datetime(2026, 6, 1, tzinfo=UTC)) as mission:
        mission.sync_settings()
    return made


def call(folder, *words, code=0):
    done = runner.invoke(app, [*words, "--mission", str(folder)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def asked(folder, *words, code=0):
    return json.loads(call(folder, *words, "--json", code=code))


AT = ("--at", "2026-06-01")


class TestViews:
    def test_the_matrix_for_people_is_the_golden_one(self, folder):
        shown = call(folder, "commitments", "matrix", *AT)
        assert shown == (GOLDEN / "readiness.txt").read_text("utf-8")
        assert max(len(line) for line in shown.splitlines()) <= 100

    @pytest.mark.parametrize("form", ["md", "svg", "html"])
    def test_pages_and_pictures_are_the_golden_ones(self, folder, form, tmp_path):
        out = tmp_path / f"out.{form}"
        call(folder, "commitments", "matrix", *AT, "--format", form, "--out", str(out))
        assert out.read_text("utf-8") == (GOLDEN / f"readiness.{form}").read_text("utf-8")
        assert "<b>of</b>" not in out.read_text("utf-8")

    def test_the_picture_is_xml_and_tells_each_statement(self, folder):
        shown = call(folder, "commitments", "matrix", *AT, "--format", "svg")
        titles = [one.text or "" for one in ET.fromstring(shown).iter() if "title" in str(one.tag)]  # noqa: S314 -- our own
        assert sum(one.startswith(("N1 ", "N2 ", "S1 ")) for one in titles) == 3

    @pytest.mark.parametrize("form", ["text", "md", "svg", "html"])
    def test_a_drill_is_marked_on_every_page(self, folder, form, tmp_path):
        settings = folder / "mission.toml"
        text = settings.read_text("utf-8")
        settings.write_text(re.sub(r"(?m)^(\[mission\])$", r"\1\nexercise = true", text), "utf-8")
        with Mission.open(folder) as mission:
            mission.sync_settings()
        out = tmp_path / "page"
        words = ("commitments", "matrix", *AT, "--format", form)
        call(folder, *words, "--out", str(out))
        assert "EXERCISE EXERCISE EXERCISE" in out.read_text("utf-8")
        shown = call(folder, *words)
        assert "EXERCISE EXERCISE EXERCISE" in shown
        assert form != "svg" or ET.fromstring(shown) is not None  # noqa: S314 -- our own
        assert asked(folder, "commitments", "matrix", *AT)["exercise"] is True

    def test_the_matrix_for_programs(self, folder):
        data = asked(folder, "commitments", "matrix", *AT)
        assert data["timezone"] == "UTC"
        assert [one["id"] for one in data["statements"]] == ["N1", "N2", "S1"]
        first = data["statements"][0]
        assert (first["authorised"], first["amount"]["low"]) == ("outstanding", "3000")
        (told,) = data["told_differently"]
        assert told["differs"] == ["amount", "stage", "standing", "approval", "limits"]
        assert told["origins"] == [{"origin": "Post", "statements": ["N1", "N2"]}]

    def test_the_gap_never_adds_what_stands_apart(self, folder):
        (need,) = asked(folder, "commitments", "gap", *AT)["needs"]
        assert [
            (one["stage"], one["standing"], one["low"], one["high"], one["missing_high"])
            for one in need["lines"]
        ] == [("announced", "reported", "2000", None, "7000"),
              ("committed", "signed", "3000", "4000", "6000")]  # fmt: skip
        shown = call(folder, "commitments", "gap", *AT)
        assert "pledged 3,000–4,000" in shown
        assert "missing 1,000–6,000" in shown

    @pytest.mark.parametrize("form", ["md", "html"])
    def test_one_page_tells_who_what_is_missing_and_what_falls_due(self, folder, form, tmp_path):
        out = tmp_path / "page"
        call(folder, "commitments", "matrix", *AT, "--format", form, "--out", str(out))
        page = out.read_text("utf-8")
        for words in ("1,000–6,000", "overdue since 2026-05-01", "outstanding", "Chamber"):
            assert words in page, words
        assert page.index("Missing:") < page.index("What falls due") < page.rindex("Northland")

    def test_what_is_said_together_stands_with_each_state(self, folder):
        (folder / "commitments.yaml").write_text(LEDGER + JOINT, "utf-8")
        with Mission.open(folder) as mission:
            mission.sync_settings()
        data = asked(folder, "commitments", "matrix", *AT, "--state", "Southland")
        assert {one["id"] for one in data["statements"]} == {"NS", "S1"}
        assert {one["state"] for one in data["cells"]} == {"Southland"}
        shown = call(folder, "commitments", "matrix", *AT)
        assert shown.count("said for Northland; Southland together") == 2
        assert "4 statements of" in shown
        (need,) = asked(folder, "commitments", "gap", *AT)["needs"]
        assert need["without_a_number"] == {
            "land": [],
            "sea": [{"statement": "NS", "state": "Northland; Southland"}],
        }
        shown = call(folder, "commitments", "gap", *AT)
        assert "sea, promised without a number: Northland; Southland (NS)" in shown
        assert "land, promised without a number: nothing" in shown

    def test_a_time_before_anything_was_said(self, folder):
        data = asked(folder, "commitments", "list", "--at", "2026-01-05T10:00Z")
        assert [one["id"] for one in data["statements"]] == ["S1"]  # its day is not on record

    def test_what_is_overdue_fails_where_it_is_asked_for(self, folder):
        data = asked(folder, "commitments", "due", *AT, "--fail-on", "overdue", code=1)
        assert [one["statement"] for one in data["overdue"]] == ["N1"]
        assert [one["kind"] for one in data["falls_due"]] == ["validity"]
        call(folder, "commitments", "due", "--at", "2026-04-01", "--fail-on", "overdue")
        assert "Overdue: 1" in call(folder, "commitments", "due", *AT)

    @pytest.mark.parametrize(
        ("words", "left"),
        [
            (("--state", "Southland"), ["S1"]),
            (("--priority", "monitoring"), ["S1"]),
            (("--standing", "reported"), ["N2"]),
            (("--domain", "land"), ["N1", "N2"]),
        ],
    )
    def test_filters(self, folder, words, left):
        data = asked(folder, "commitments", "list", *AT, *words)
        assert [one["id"] for one in data["statements"]] == left

    def test_the_list_tells_every_source(self, folder):
        shown = call(folder, "commitments", "list", *AT)
        for name in ("n1", "n2", "s1"):
            assert f"https://example.org/{name}" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "--state", "Atlantis"], "there are: Northland, Southland"),
        (["list", "--at", "yesterday"], "is not a time such as"),
        (["matrix", "--format", "pdf"], "--format knows text, html, md, svg"),
        (["matrix", "--format", "md", "--json"], "--json goes with neither"),
        (["due", "--fail-on", "breach"], "--fail-on knows 'overdue'"),
        (["due", "--days", "99999999999999"], "36500"),
    ],
)
def test_wrong_use_exits_2(folder, words, said, monkeypatch, capsys):
    called = ["trucewatch", "commitments", *words, "--mission", str(folder)]
    monkeypatch.setattr("sys.argv", called)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_a_ledger_without_needs_has_no_gap(folder):
    with Mission.open(folder) as mission:
        text = LEDGER.partition("needs:")[0] + "pledges: []\n"
        (folder / "commitments.yaml").write_text(text, "utf-8")
        mission.sync_settings()
        with pytest.raises(NotFound, match="lists no needs"):
            ledger_views.gaps(mission, mission.now(), ledger_views.Filters())


def test_check_reads_a_file_without_taking_it_in(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(LEDGER, "utf-8")
    assert "3 statements for 2 states" in runner.invoke(
        app, ["commitments", "check", str(path)]
    ).output.replace("\n", " ")
    data = json.loads(runner.invoke(app, ["commitments", "check", str(path), "--json"]).output)
    assert data["standings"] == {"announced": 1, "reported": 1, "signed": 1}
    path.write_text(LEDGER.replace("stage: committed", "stage: hoped"), "utf-8")
    done = runner.invoke(app, ["commitments", "check", str(path)])
    assert isinstance(done.exception, ConfigurationError)
    assert "mine.yaml:18: pledges[0].stage: 'hoped' is none of" in str(done.exception)
    path.write_bytes(b"\xff")
    assert isinstance(
        runner.invoke(app, ["commitments", "check", str(path)]).exception, ConfigurationError
    )


SOURCE = ("--said", "2026-04-20", "--source", "https://example.org/vote")
BY = ("--by", "desk", "--reason", "the vote was held")


class TestEntering:
    def test_an_approval_and_what_follows_from_it(self, folder):
        call(folder, "statement", "add", "N1", "--approval", "Chamber: granted", *SOURCE, *BY)
        words = ("commitments", "list", "--state", "Northland")
        after, before = (asked(folder, *words, "--at", day) for day in ("2026-06-01", "2026-04-01"))
        assert after["statements"][0]["authorised"] == "granted"
        assert before["statements"][0]["authorised"] == "outstanding"
        assert after["statements"][0]["stage"] == "committed"

    def test_a_new_statement_its_next_stage_and_its_end(self, folder):
        new = ("--state", "Eastland", "--priority", "multinational-force", "--what", "a company",
               "--stage", "committed", "--standing", "signed", "--low", "100", "--unit",
               "personnel", "--domain", "sea", "--limit", "number-open")  # fmt: skip
        data = asked(folder, "statement", "add", "E1", *new, *SOURCE, *BY)
        (entered,) = data["entered"]
        assert (entered["statement"], entered["new"], entered["by"]) == ("E1", True, "desk")

        def signed(day):
            (need,) = asked(folder, "commitments", "gap", "--at", day)["needs"]
            return {
                one["stage"]: one["low"] for one in need["lines"] if one["standing"] == "signed"
            }

        assert signed("2026-06-01") == {"committed": "3100"}
        gone = ("--stage", "withdrawn", "--said", "2026-05-10", "--source", "https://example.org/x")
        assert not asked(folder, "statement", "add", "E1", *gone, *BY)["entered"][0]["new"]
        assert signed("2026-06-01") == {"committed": "3000"}
        assert signed("2026-05-01") == {"committed": "3100"}

    def test_a_file_of_statements(self, folder, tmp_path):
        path = tmp_path / "more.yaml"
        whole = LEDGER.replace("needs:", "ignored:").partition("ignored:")
        body = "timezone: UTC\npledges:" + whole[2].partition("pledges:")[2]
        path.write_text(body.replace("patrol ships", "ten patrol ships"), "utf-8")
        data = asked(folder, "statement", "add", "--file", str(path), *BY)
        assert [one["statement"] for one in data["entered"]] == ["S1"]
        again = call(folder, "statement", "add", "--file", str(path), *BY)
        assert "the ledger says all of it already" in again
        path.write_text(LEDGER, "utf-8")
        done = runner.invoke(
            app, ["statement", "add", "--file", str(path), *BY, "--mission", str(folder)]
        )
        assert "needs are no statements" in str(done.exception)

    def test_a_grant_that_is_taken_back_is_none_and_is_told(self, folder):
        def enter(word, day):
            told = ("--approval", f"Chamber: {word}", "--said", day, "--source", "https://e.org/x")
            return call(folder, "statement", "add", "N1", *told, *BY)

        def word(day):
            found = asked(folder, "commitments", "list", "--state", "Northland", "--at", day)
            return found["statements"][0]["authorised"]

        assert "Chamber granted" in enter("granted", "2026-03-01")
        assert word("2026-03-15") == "granted"
        again = enter("needed", "2026-04-01")
        assert "Chamber needed" in again
        assert "granted" not in again  # what was on record is not told as news
        assert (word("2026-03-15"), word("2026-04-15")) == ("granted", "outstanding")
        enter("refused", "2026-05-01")
        assert (word("2026-04-15"), word("2026-05-15")) == ("outstanding", "refused")

    def test_a_figure_is_not_shown_before_it_was_given(self, folder):
        news = ("--low", "8000", "--high", "9000", "--unit", "personnel", "--said", "2026-04-01",
                "--source", "https://e.org/y")  # fmt: skip
        call(folder, "statement", "add", "N1", *news, *BY)

        def signed(day):
            (need,) = asked(folder, "commitments", "gap", "--at", day)["needs"]
            return [one["low"] for one in need["lines"] if one["standing"] == "signed"]

        assert (signed("2026-03-01"), signed("2026-04-15")) == (["3000"], ["8000"])

    def test_bulletins_see_what_was_entered(self, folder):
        call(folder, "statement", "add", "S1", "--stage", "withdrawn", *SOURCE, *BY)
        call(folder, "run")
        with Mission.open(folder, readonly=True) as mission:
            configuration = mission.configuration()
            found = {one.id: one for one in ledger(mission, configuration)}
            derived = mission.store.derived()
            assert found["S1"].stage == "withdrawn"
            assert [one.name for one in found["S1"].stages] == ["announced"]
            pledges = situation_of(mission, configuration, derived).pledges
            told = {
                month: {one.id: one.stage for one in pledges(datetime(2026, month, 1, tzinfo=UTC))}
                for month in (4, 6)
            }
        assert {month: stages["S1"] for month, stages in told.items()} == {
            4: "announced",
            6: "withdrawn",
        }

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["N1", "--stage", "authorised", *SOURCE, "--by", "guest", "--reason", "r"],
             "entered by the roles analyst, desk, lead"),
            (["N1", "--stage", "authorised", *SOURCE, "--by", "nobody", "--reason", "r"],
             "no person 'nobody'"),
            (["N1", "--stage", "authorised", *SOURCE], "needs --by and --reason"),
            (["N1", "--stage", "authorised", *SOURCE, "--by", "desk", "--reason", " "],
             "needs --by and --reason"),
            (["N1", "--stage", "hoped", *SOURCE, *BY], "'hoped' is none of"),
            (["N1", "--stage", "authorised", "--said", "2026-04-20", *BY], "source: is missing"),
            (["N1", "--stage", "position", *SOURCE, *BY], "its exits are"),
            (["N1", "--stage", "committed", *SOURCE, *BY], "nothing of N1 that is not on record"),
            (["N1", "--approval", "granted", *SOURCE, *BY], "a body and its word"),
            (["N1", "--state", "Eastland", "--stage", "authorised", *SOURCE, *BY],
             "by: is not a known key"),
            (["X1", "--stage", "announced", *SOURCE, *BY], "by: is missing"),
            ([*BY], "name the statement, or give a --file"),
            (["--file", "x.yaml", "--stage", "announced", *BY], "with --file"),
            (["--file", "nowhere.yaml", *BY], "cannot be read"),
        ],
    )  # fmt: skip
    def test_what_is_refused_is_not_entered(self, folder, words, said, monkeypatch, capsys):
        monkeypatch.setattr(
            "sys.argv", ["trucewatch", "statement", "add", *words, "--mission", str(folder)]
        )
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 2
        assert said in " ".join(re.sub(r"[│╭╮╰╯─]", " ", capsys.readouterr().err).split())
        with Mission.open(folder, readonly=True) as mission:
            assert mission.decisions() == ()


def test_the_picture_in_the_documentation_is_what_the_shipped_ledger_gives(tmp_path):
    folder = tmp_path / "paris"
    init(folder, like="paris-framework")
    with Mission.open(folder) as mission:
        mission.sync_settings()
    shown = call(folder, "commitments", "matrix", *AT, "--format", "svg")
    assert shown == (DOCS / "img" / "readiness.svg").read_text("utf-8")


def test_hostile_words_stay_words():
    """Whatever a source writes: it ends no element, no cell and no line."""
    row = {
        "id": "X", "state": "<script>", "item": None, "priority": "monitoring", "domains": [],
        "what": "a|b\n\x1b[2J</td></svg>", "stage": "announced", "certain": True, "perhaps": [],
        "stage_said": None, "stage_source": "s", "stages": [], "standing": "signed",
        "valid": "yes", "authorised": "granted", "approvals": [], "amount": None, "limits": {},
        "caveats": [], "basing": None, "due": None, "said_by": None, "occasion": None,
        "outlet": None, "credits": None, "origin": "o", "source": "javascript:alert(1)",
    }  # fmt: skip
    data = {
        "mission": "<i>", "exercise": False, "at": "2026-06-01T00:00+00:00", "timezone": "UTC",
        "origins": 1,
        "statements": [row], "told_differently": [],
        "cells": [{"state": "<script>", "priority": "monitoring", "domain": None,
                   "statements": ["X"]}],
    }  # fmt: skip
    pages = {form: ledger_pages.page(data, form) for form in ledger_pages.FORMS}
    for form, text in pages.items():
        assert "\x1b" not in text
        assert form == "text" or "<script>" not in text
        assert "href" not in text
    assert r"a\|b" in pages["md"]
    ET.fromstring(pages["svg"])  # noqa: S314 -- our own


HEAD = "country,iso,year,month,total,financial,humanitarian,military,commitments,to_be_allocated"


def test_amounts_of_a_tracker_stand_beside_one_another(tmp_path):
    path = tmp_path / "table.csv"
    rows = ["Northland,N,2022,2,0.3,0.1,0.1,0.1,1.5,1.2", "Northland,N,2022,3,1,0,0,0,1,0"]
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    data = json.loads(runner.invoke(app, ["commitments", "amounts", str(path), "--json"]).output)
    assert data["donors"] == [
        {
            "donor": "Northland",
            "committed": "1500000000",
            "allocated": "300000000",
            "financial": "100000000",
            "humanitarian": "100000000",
            "military": "100000000",
        }
    ]
    assert (data["received"], data["accepted"], data["quarantined"]) == (2, 1, 1)
    shown = runner.invoke(app, ["commitments", "amounts", str(path)]).output
    assert re.search(r"Northland +1,500.0 +300.0 +100.0", shown)
    assert "1,800" not in shown
    assert "line 3: its parts do not make its total" in shown
    path.write_text("a,b", "utf-8")
    done = runner.invoke(app, ["commitments", "amounts", str(path)])
    assert isinstance(done.exception, SourceUnavailable)
