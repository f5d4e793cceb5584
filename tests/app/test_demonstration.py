"""The demonstration says what its data hold, and every figure opens down to the bytes."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import Withheld

runner = CliRunner()


def asked(*arguments):
    done = runner.invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the demonstration, and what building it says."""
    folder = tmp_path_factory.mktemp("demonstration") / "easter"
    return folder, asked("demo", str(folder))


@pytest.fixture(scope="module")
def folder(built):
    return built[0]


@pytest.fixture(scope="module")
def summary(built):
    return built[1]


def test_received_is_accepted_plus_duplicate_plus_quarantined(summary):
    intake = summary["intake"]
    assert {name: row["received"] for name, row in intake.items()} == {
        "ucdp-candidate": 215,
        "firms-viirs": 438,
        "cloud-cover": 30,
    }
    for row in intake.values():
        assert row["received"] == row["accepted"] + row["duplicate"] + row["quarantined"]


def test_the_rates_are_those_of_an_independent_count(summary, data):
    """Whole days by the coder's own columns: ten before, one in the truce, ten after."""
    with (data / "ucdp-candidate-26.0.4.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    spans = [(row["date_start"][:10], row["date_end"][:10]) for row in rows]

    def within(first, last):
        return sum(first <= start and end <= last for start, end in spans)

    counted = {
        "before": (within("2026-04-01", "2026-04-10"), 10),
        "during": (within("2026-04-12", "2026-04-12"), 1),
        "after": (within("2026-04-13", "2026-04-22"), 10),
    }
    told = {name: (rate["count"], rate["days"]) for name, rate in summary["rates"].items()}
    assert told == counted
    before, during, after = (summary["rates"][name] for name in ("before", "during", "after"))
    assert 8.5 < before["per_day"] < 9.5
    assert during["per_day"] == 3
    assert after["per_day"] > 2 * during["per_day"]
    for rate in (before, during, after):
        low, high = rate["interval_95"]
        assert low < rate["per_day"] < high


def test_it_never_claims_more_than_the_data_hold(summary):
    assert "not none" in summary["headline"]
    assert "unobserved" in summary["headline"]
    assert "quiet" not in summary["coverage"]["region_days"]
    assert summary["coverage"]["region_days"]["unobserved"] > 400
    assert set(summary["findings"]) <= {"allegation", "reported", "corroborated"}
    assert summary["findings_by_nature"]["event"]["corroborated"] <= 5
    assert summary["assessments"]["breach"] == 3


def test_static_places_are_learnt_and_never_violations(summary, folder):
    listed = asked("incidents", "--mission", str(folder), "--limit", "1000")
    static = [row for row in listed["incidents"] if row["nature"] == "static_source"]
    assert len(static) == summary["incidents_by_nature"]["static_source"]
    assert 80 <= sum(row["claims"] for row in static) <= 90, "an independent count finds 85"
    assert {word for row in static for word in row["outcomes"].values()} == {"outside"}


def test_a_second_run_changes_nothing(summary, folder):
    before = {path: path.read_bytes() for path in folder.rglob("*.html")}
    assert asked("demo", str(folder)) == summary
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == before


def test_people_get_few_lines_that_say_where_to_look(summary, folder):
    told = runner.invoke(app, ["demo", str(folder)]).output.splitlines()
    assert len(told) == 11
    assert summary["headline"] in told[0]
    (look,) = [line for line in told if line.startswith("Look at")]
    assert look.split(None, 2)[2] == str(folder / "bulletins" / "truce.html")
    assert f"serve --mission {folder}" in told[-1]


def test_the_log_behind_it_holds(summary, folder):
    checked = asked("audit", "fsck", "--mission", str(folder))
    assert checked["ok"]
    assert (checked["size"], checked["root"]) == (summary["log"]["size"], summary["log"]["root"])


def test_a_seal_names_the_bytes_of_every_body(folder, summary):
    assert summary["bulletins"]
    for path in (folder / "bulletins").glob("*.seal.json"):
        seal = json.loads(path.read_bytes())
        for name, digest in seal["bodies"].items():
            body = (path.parent / name).read_bytes()
            assert hashlib.sha256(body).hexdigest() == digest
            assert seal["evidence"]["root"].encode() in body
            assert seal["evidence"]["version"].encode() in body
        assert seal["checkpoint"]["note"].splitlines()[1] == str(seal["checkpoint"]["size"])


def test_from_the_bulletins_number_down_to_the_bytes(folder, data):
    top = asked("explain", "easter-2026/2026-04-12", "--mission", str(folder))
    assert top["bulletin"] == "easter-2026/2026-04-12"
    breaches = [one["id"] for one in top["incidents"] if one["outcome"] == "breach"]
    assert len(breaches) == top["figures"]["incidents_breach"] == 3
    raw = (data / "ucdp-candidate-26.0.4.csv").read_bytes()
    for identifier in breaches:
        why = asked("explain", identifier, "--mission", str(folder))
        odds = sum(term["nats"] for term in why["log_odds_terms"])
        assert why["probability"] == pytest.approx(1 / (1 + 2.718281828459045**-odds))
        assert why["finding"]["attribution"] == "withheld"
        (record,) = [one for report in why["reports"] for one in report["records"]]
        assert record["payload_sha256"] == hashlib.sha256(raw).hexdigest()
        span = raw[record["start"] : record["start"] + record["length"]].decode("utf-8")
        assert record["bytes"] == span
        assert "2026-04-12" in span
        report = why["reports"][0]["id"]
        assert identifier in asked("explain", report, "--mission", str(folder))["incidents"]
    text = runner.invoke(app, ["explain", breaches[0], "--mission", str(folder)]).output
    assert re.search(r"log entry \d+, payload [0-9a-f]{64}, line \d+, bytes \d+–\d+:", text)


def test_what_one_side_claims_stays_its_claim(folder):
    page = json.loads((folder / "bulletins" / "truce.json").read_bytes())
    claimed = {one["value"]: one for one in page["side_claims"]}
    assert {469, 7696} <= set(claimed)
    assert all(one["speaker"] for one in claimed.values())
    assert page["figures"]["observed_violations"] == 3


@pytest.mark.parametrize("identifier", ["inc-", "nothing-here", "easter-2026/1999-01-01"])
def test_what_cannot_be_found_says_so(folder, identifier):
    done = runner.invoke(app, ["explain", identifier, "--mission", str(folder)])
    assert done.exit_code != 0


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "holiday.txt").write_text("sun", "utf-8")
    assert runner.invoke(app, ["demo", str(tmp_path)]).exit_code != 0
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]


def test_bulletins_lost_from_the_folder_come_back_as_they_were(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    before = {path.name: path.read_bytes() for path in (copy / "bulletins").iterdir()}
    shutil.rmtree(copy / "bulletins")
    asked("demo", str(copy))
    assert {path.name: path.read_bytes() for path in (copy / "bulletins").iterdir()} == before


def test_what_is_too_fresh_is_withheld(empty_mission, data):
    now = datetime(2026, 4, 13, 20, 59, tzinfo=UTC)
    with Mission.open(empty_mission, now=lambda: now) as mission:
        ingest(mission, sorted(data.iterdir()))
        derived = bring_up_to_date(mission)
        size = mission.log.size
        with pytest.raises(Withheld, match="2026-04-14 00:00 EEST"):
            publish(mission, derived, days=[date(2026, 4, 11), date(2026, 4, 12)])
        assert mission.log.size == size
        assert not mission.bulletins.exists()
        publish(mission, derived, days=[date(2026, 4, 11)])


def test_a_print_is_made_on_demand_and_names_the_sealed_json(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    sealed = {path: path.read_bytes() for path in (copy / "bulletins").glob("*.seal.json")}
    arguments = ["bulletin", "--mission", str(copy), "--date", "2026-04-12", "--format", "pdf"]
    (made,) = asked(*arguments)["bulletins"]
    assert made["files"] == [str(copy / "bulletins" / "2026-04-12.pdf")]
    first = (copy / "bulletins" / "2026-04-12.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    (copy / "bulletins" / "2026-04-12.pdf").unlink()
    asked(*arguments)
    assert (copy / "bulletins" / "2026-04-12.pdf").read_bytes() == first
    assert {path: path.read_bytes() for path in sealed} == sealed
