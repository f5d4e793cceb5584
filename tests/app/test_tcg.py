"""A mission of another time, made of data alone, runs whole and says whether its truce holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from trucewatch.app import scaffold
from trucewatch.app.cli import app
from trucewatch.app.findings.holding_picture import picture
from trucewatch.app.intake import ingest
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.evidence.audit import fsck
from trucewatch.model import Course

runner = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, open_mission):
    """The mission from its shipped data, run whole."""
    folder = tmp_path_factory.mktemp("tcg") / "tcg-2020"
    scaffold.init(folder, like="tcg-2020")
    with open_mission(folder) as mission:
        ingest(mission, sorted((folder / "data").iterdir()))
        publish(mission, bring_up_to_date(mission), days=[None])
    return folder


def test_every_record_is_accounted_for(folder, open_mission):
    with open_mission(folder) as mission:
        summary = summary_of(mission, bring_up_to_date(mission))
    assert {name: count["accepted"] for name, count in summary["intake"].items()} == {
        "osce-smm": 46,
        "ucdp-ged": 145,
    }
    assert sum(count["quarantined"] for count in summary["intake"].values()) == 0
    assert summary["incidents"] == 145
    assert fsck(folder / "evidence").ok


def test_counts_are_no_incidents_and_their_days_are_no_quiet_days(folder, open_mission):
    """The events end in December 2020: later days are in no rate, though counts go on."""
    with open_mission(folder) as mission:
        derived = bring_up_to_date(mission)
        reports = list(mission.store.reports(source="osce-smm"))
    assert all(not report.claims and len(report.tallies) == 1 for report in reports)
    assert max(day.day for day in derived.coverage.region_days).year == 2021
    during = next(rate for rate in derived.compliance.rates if rate.period == "during")
    assert during.window.end <= datetime(2020, 12, 31, tzinfo=UTC)


def test_the_verdicts_and_their_figures(folder, open_mission):
    with open_mission(folder) as mission:
        counts, events = bring_up_to_date(mission).compliance.courses
    assert (counts.source, counts.verdict) == ("osce-smm", Course.ERODING)
    assert sum(level.count for level in counts.levels) == 3506
    assert counts.before is None
    assert counts.rise.probability > 0.99
    assert counts.rise.low > 10
    assert counts.notes == (
        "14 counts are told again by the next report, 0 of them otherwise",
        "2 counts after 2021-04-27 are left out: too long a gap lies before them",
    )
    assert events.verdict is Course.UNTOLD
    assert events.low < 0.5 < events.high


def test_the_command_says_it_for_people_for_programs_and_for_the_eye(folder):
    told = runner.invoke(app, ["compliance", "--mission", str(folder)])
    assert told.exit_code == 0
    assert re.search(r"^ERODING: ceasefire violations, osce-smm, ", told.output, re.MULTILINE)
    assert "Times are in Europe/Kyiv." in told.output
    found = runner.invoke(app, ["compliance", "--json", "--mission", str(folder)])
    data = json.loads(found.output)
    assert data["up_to_date"] is True
    assert [one["verdict"] for one in data["courses"]] == ["eroding", "cannot be told"]
    assert len(data["courses"][0]["series"]) == 22
    drawn = runner.invoke(app, ["compliance", "--format", "svg", "--mission", str(folder)])
    root = ElementTree.fromstring(drawn.output)  # noqa: S314  our own output
    assert drawn.output.strip() == picture(data)
    assert "dark, counted" in drawn.output
    assert len(root.findall("{http://www.w3.org/2000/svg}rect")) > 22


@pytest.mark.parametrize("wrong", [["--format", "pdf"], ["--format", "svg", "--json"]])
def test_a_form_that_there_is_not_is_wrong_use(folder, wrong):
    assert runner.invoke(app, ["compliance", "--mission", str(folder), *wrong]).exit_code == 2


def test_before_a_run_there_is_nothing_to_say(tmp_path):
    scaffold.init(tmp_path / "m", like="tcg-2020")
    done = runner.invoke(app, ["compliance", "--mission", str(tmp_path / "m")])
    assert done.exit_code != 0


def test_a_count_can_be_explained_down_to_its_bytes(folder, open_mission):
    with open_mission(folder) as mission:
        report = next(iter(mission.store.reports(source="osce-smm")))
    asked = ["explain", report.tallies[0].id, "--mission", str(folder)]
    done = runner.invoke(app, asked)
    assert done.exit_code == 0
    assert report.id in done.output


def test_the_picture_of_nothing_is_a_picture():
    empty = picture({"mission": "m", "zone": "UTC", "courses": []})
    assert "Nothing was told or counted" in empty
