"""Parameters in force are entries of the log: never silent, replayed to the byte, explained."""

from __future__ import annotations

import json
import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.intake import ingest
from trucewatch.app.mission import DEFAULTS, Mission
from trucewatch.app.parameters.changing import give, in_force, learn_from_log, shown
from trucewatch.app.parameters.lines import PEAKS, changed, learning
from trucewatch.app.parameters.lines import parameters as lines_of
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind, NewEntry, fsck
from trucewatch.incidents import How, Parameters, fingerprint

ROOT = Path(__file__).resolve().parents[2]
DESKS = {"desk": 0.8, "post": 0.7, "wire": 0.6}
SOURCE = """
[[source]]
id = "{id}"
name = "The {id}"
kind = "press"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
files = ["{id}*.csv"]
"""


@pytest.fixture(scope="module")
def island(tmp_path_factory):
    """The island of the documentation with three desks, and what each of them tells."""
    folder = tmp_path_factory.mktemp("island") / "mission"
    shutil.copytree(ROOT / "docs" / "island", folder)
    (folder / "reports.csv").unlink()
    (folder / "sources.toml").write_text("".join(SOURCE.format(id=name) for name in DESKS), "utf-8")
    chance = random.Random(3)
    rows: dict[str, list[str]] = {name: [] for name in DESKS}

    def tell(desk: str, lat: float, lon: float, at: datetime, what: str) -> None:
        lat, lon = lat + chance.gauss(0, 0.3) / 111, lon + chance.gauss(0, 0.3) / 91
        at += timedelta(minutes=round(chance.gauss(0, 60)))
        number = f"{desk}-{len(rows[desk])}"
        rows[desk].append(
            f"{number},{at:%Y-%m-%d %H:%M},{lat:.5f},{lon:.5f},seen,{what},,,call {number}\n"
        )

    for _ in range(120):
        one = (
            chance.uniform(34.5, 35.5), chance.uniform(-40.5, -39.5),
            datetime(2025, 11, 8) + timedelta(days=chance.uniform(0, 7)),  # noqa: DTZ001 -- as a desk writes it
            chance.choice(["gunfire", "mortar", "explosion"]),
        )  # fmt: skip
        for desk, detection in DESKS.items():
            if chance.random() < detection:
                tell(desk, *one)
    header = "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
    for desk, of in rows.items():
        half = len(of) // 2
        (folder / f"{desk}-1.csv").write_text(header + "".join(of[:half]), "utf-8")
        (folder / f"{desk}-2.csv").write_text(header + "".join(of[half:]), "utf-8")
    return folder


def settings_of(island: Path, folder: Path) -> Path:
    return Path(
        shutil.copytree(
            island, folder, ignore=shutil.ignore_patterns("evidence", "state*", "bulletins")
        )
    )


def bodies(mission: Mission) -> dict[str, bytes]:
    publish(mission, bring_up_to_date(mission), days=[None], formats=("html", "md", "json"))
    return {
        path.name: path.read_bytes()
        for path in (mission.folder / "bulletins").iterdir()
        if ".seal." not in path.name and path.name not in {"index.html", "verify.html"}
    }


@pytest.fixture(scope="module")
def learnt(island, open_mission, tmp_path_factory):
    """The island after `learn`: its folder, what learning said, and the bodies it publishes."""
    folder = settings_of(island, tmp_path_factory.mktemp("learnt") / "mission")
    with open_mission(folder) as mission:
        ingest(mission, sorted(folder.glob("*.csv")))
        before = mission.log.size
        tried = learn_from_log(mission, dry_run=True)
        assert mission.log.size == before, "a dry run writes nothing"
        said = learn_from_log(mission)
        assert said["changes"] == tried["changes"]
        assert mission.log.size == before + 1
        return folder, said, bodies(mission)


def test_learning_is_an_entry_that_says_what_it_rests_on(learnt, open_mission):
    folder, said, _ = learnt
    with open_mission(folder) as mission:
        record = mission.parameters()
        (entry,) = mission.in_force().parameters
    assert (entry.kind, entry.source) == (EntryKind.PARAMETERS, OPERATOR)
    assert record.how is How.LEARNT
    assert record.learnt_from is not None
    assert record.learnt_from.entries == entry.index
    assert record.learnt_from.joined == said["joined"] > 100
    assert {source for source, _ in record.parameters.by_source} == set(DESKS)
    assert record.changes
    assert fsck(folder / "evidence").ok


def test_learning_again_from_the_same_reports_changes_nothing(learnt, open_mission, tmp_path):
    """What people stated is the prior each time, not what was learnt: reports count once."""
    folder = shutil.copytree(learnt[0], tmp_path / "m")
    with open_mission(folder) as mission:
        size = mission.log.size
        again = learn_from_log(mission)
        assert (again["written"], again["changes"], mission.log.size) == (False, [], size)
        told = learning(again)
        assert "Nothing was written: it is what is in force already." in told
        assert not any("Nothing was" in line for line in learning(again | {"written": True}))
        first = mission.parameters().parameters
        assert mission.stated() == Parameters() != first


def test_replay_gives_the_same_bytes(learnt, open_mission, tmp_path):
    """Only the log and no projection: everything is derived anew with what was in force."""
    folder, _, published = learnt
    copy = tmp_path / "m"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("state*", "bulletins"))
    with open_mission(copy) as mission:
        assert bodies(mission) == published


def test_another_order_and_the_same_entry_give_the_same_bytes(
    island, learnt, open_mission, tmp_path
):
    """The content of the parameters is in the body, and not where in a log they stand."""
    folder, _, published = learnt
    with open_mission(folder) as mission:
        (entry,) = mission.in_force().parameters
        payload = mission.log.payload(entry.payload)
    with open_mission(settings_of(island, tmp_path / "m")) as mission:
        files = sorted(mission.folder.glob("*.csv"), reverse=True)
        ingest(mission, files[:2])
        mission.log.append(
            [NewEntry(kind=EntryKind.PARAMETERS, source=OPERATOR, payload=payload, name="p")],
            received=mission.now(),
        )
        ingest(mission, files[2:] + files[:3])
        assert mission.in_force().parameters[0].index != entry.index
        assert bodies(mission) == published


def test_a_mission_that_passes_over_its_parameters_is_found_out(
    learnt, open_mission, tmp_path, monkeypatch
):
    """A saboteur: the entry is in the log, and the defaults are used all the same."""
    folder, _, published = learnt
    copy = tmp_path / "m"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("state*", "bulletins"))
    real = Mission.parameters
    with open_mission(copy) as mission:
        true = real(mission)
        derived = bring_up_to_date(mission)
        monkeypatch.setattr(Mission, "parameters", lambda _: DEFAULTS)
        other = bring_up_to_date(mission)
        assert [i.probability for i in other.incidents] != [
            i.probability for i in derived.incidents
        ]
        assert bodies(mission) != published
        assert fingerprint(true.parameters) != fingerprint(DEFAULTS.parameters)


def test_parameters_are_evidence_and_stand_in_the_body(learnt, open_mission, tmp_path):
    folder, said, published = learnt
    body = json.loads(published["truce.json"])
    assert body["evidence"]["parameters"] == {
        "values": said["in_force"]["fingerprint"], "how": "learnt",
        "since": said["in_force"]["since"],
    }  # fmt: skip
    for name in ("truce.html", "truce.md"):
        page = published[name].decode()
        assert said["in_force"]["fingerprint"][:12] in page
        assert "learnt from the reports" in page
    with open_mission(shutil.copytree(folder, tmp_path / "m")) as mission:
        root, records = mission.in_force().root, mission.in_force().records
        give(mission, _file(tmp_path, shown(mission)), reason="to be sure")
        assert mission.in_force().root != root
        assert mission.in_force().records == records, "the entry before is no longer in force"


def test_the_first_entries_of_a_log_know_what_was_in_force_then(island, open_mission, tmp_path):
    """A bulletin of before the learning is made again to the byte, to say what was corrected."""
    with open_mission(settings_of(island, tmp_path / "m")) as mission:
        ingest(mission, sorted(mission.folder.glob("*.csv")))
        first = bodies(mission)
        size = mission.log.size
        learn_from_log(mission)
        bodies(mission)
        (change,) = mission.folder.glob("bulletins/*.changes.json")
        told = json.loads(change.read_text("utf-8"))
        assert told["as_sealed"] is True
        assert told["evidence_before"]["parameters"]["how"] == "defaults"
        assert told["evidence"]["parameters"]["how"] == "learnt"
        page = change.with_suffix(".html").read_text("utf-8")
        assert f"were <code>{fingerprint(Parameters())[:12]}</code>" in page
        with replayed(mission, size) as (past, _):
            assert past.parameters() == DEFAULTS
        assert json.loads(first["truce.json"])["evidence"]["parameters"]["how"] == "defaults"


def test_explain_opens_them(learnt, open_mission):
    folder, said, _ = learnt
    with open_mission(folder) as mission:
        bulletin = explain(mission, "island-truce/truce")
        incident = explain(mission, bulletin["incidents"][0]["id"])
        position = mission.in_force().parameters[-1].index
    assert bulletin["parameters"]["values"] == said["in_force"]["fingerprint"]
    standing = incident["parameters"]
    assert standing["log_index"] == position
    named = {row["source"] for row in standing["sources"]}
    assert named == {claim["source"] for claim in incident["claims"]}
    assert all(row["came"]["detection"] == "learnt" for row in standing["sources"])
    printed = "\n".join(lines_of(standing))
    assert f"log entry {position}" in printed
    assert "(learnt)" in printed


def _file(folder: Path, data: object) -> Path:
    path = folder / "given.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_a_person_gives_parameters_and_learning_starts_from_them(learnt, open_mission, tmp_path):
    folder = shutil.copytree(learnt[0], tmp_path / "m")
    told = json.loads(run("parameters", "--json", "-m", str(folder)).stdout)
    told["values"]["by_source"] = {}
    told["values"]["own_slip"] = 0.05
    done = run("parameters", "--set", str(_file(tmp_path, told)), "--reason", "The desks moved.",
               "-m", str(folder))  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "own_slip: 0.02 → 0.05" in done.stdout
    assert "The desks moved." in done.stdout
    with open_mission(folder) as mission:
        assert mission.parameters().how is How.GIVEN
        assert mission.stated() == mission.parameters().parameters
        assert mission.stated().own_slip == 0.05
        learn_from_log(mission)
        record = mission.parameters()
        assert (record.how, record.parameters.own_slip) == (How.LEARNT, 0.05)
        assert mission.stated().own_slip == 0.05
        came = {row["source"]: row["came"] for row in in_force(mission)["sources"]}
    assert came["desk"]["coverage"] == "stated"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"own_slip": None}, "values.own_slip"),
        ({"own_slip": 2}, "values"),
        ({"colour": 1}, "values.colour"),
        ({"by_source": {"ghost": "desk"}}, "values.by_source.ghost"),
    ],
)
def test_a_fault_is_named_and_nothing_is_written(learnt, open_mission, tmp_path, change, field):
    folder = shutil.copytree(learnt[0], tmp_path / "m")
    with open_mission(folder) as mission:
        size, told = mission.log.size, shown(mission)
        if "by_source" in change:
            own = told["values"]["by_source"]
            change = {"by_source": {"ghost": own["desk"]}}
        told["values"] |= change
        told["values"] = {k: v for k, v in told["values"].items() if v is not None}
        with pytest.raises(ConfigurationError) as fault:
            give(mission, _file(tmp_path, told), reason="x")
        assert fault.value.field == field
        assert mission.log.size == size


def test_wrong_use_is_said(learnt, open_mission, tmp_path):
    folder = shutil.copytree(learnt[0], tmp_path / "m")
    assert run("parameters", "--reason", "x", "-m", str(folder)).exit_code == 2
    with open_mission(folder) as mission:
        told = _file(tmp_path, shown(mission))
        with pytest.raises(ConfigurationError, match="reason"):
            give(mission, told, reason="  ")
        with pytest.raises(NotFound):
            give(mission, tmp_path / "none.json", reason="x")
        with pytest.raises(ConfigurationError, match="parameters --json"):
            give(mission, _file(tmp_path, {}), reason="x")


def test_an_entry_of_another_version_is_named(learnt, open_mission, tmp_path):
    with open_mission(shutil.copytree(learnt[0], tmp_path / "m")) as mission:
        entry = NewEntry(
            kind=EntryKind.PARAMETERS, source=OPERATOR, payload=b'{"form": 99}', name="p.json"
        )
        mission.log.append([entry], received=mission.now())
        with pytest.raises(ConfigurationError, match=r"log entry \d+ \(p.json\)"):
            bring_up_to_date(mission)


def test_only_the_operator_puts_parameters_in_force(learnt, open_mission, tmp_path):
    with open_mission(shutil.copytree(learnt[0], tmp_path / "m")) as mission:
        before = mission.parameters()
        entry = NewEntry(kind=EntryKind.PARAMETERS, source="desk", payload=b"{}", name="p.json")
        mission.log.append([entry], received=mission.now())
        assert mission.parameters() == before


def test_too_little_is_refused_in_words(mission_folder):
    """The demonstration has one source of points that is no instrument."""
    before = (mission_folder / "evidence").stat().st_mtime_ns
    done = run("learn", "-m", str(mission_folder))
    assert done.exit_code == 1
    assert "Nothing is learnt: fewer than two sources" in done.stdout
    assert (mission_folder / "evidence").stat().st_mtime_ns == before
    told = json.loads(run("parameters", "--json", "-m", str(mission_folder)).stdout)
    assert (told["how"], told["log_index"], told["since"]) == ("defaults", None, None)
    assert all(
        came.startswith("stated for the kind")
        for row in told["sources"]
        for came in row["came"].values()
    )


def test_a_dry_run_shows_old_and_new(island, open_mission, tmp_path):
    folder = settings_of(island, tmp_path / "m")
    with open_mission(folder) as mission:
        ingest(mission, sorted(folder.glob("*.csv")))
    done = run("learn", "--dry-run", "-m", str(folder))
    assert done.exit_code == 0, done.output
    assert "desk detection: 0.4 → 0." in done.stdout
    assert "Nothing was written (--dry-run)." in done.stdout
    assert "Parameters in force" in done.stdout


def test_values_that_changed_are_told_old_and_new():
    def change(field, old, new, source=""):
        return {"source": source, "field": field, "old": old, "new": new}

    values = [
        change("detection", 0.4, 0.51234, "desk"),
        change("self_exciting", True, False),
        change("radius", None, 3),
    ]
    peaks = [change(f"{PEAKS}{n}", None, 1.0) for n in range(3)]
    assert changed(values) == [
        "Changed:",
        "  desk detection: 0.4 → 0.5123",
        "  self_exciting: true → false",
        "  radius: none → 3",
    ]
    assert changed([*values, *peaks])[4:] == ["  rate peaks: 3 values, which --json shows"]
    assert changed([]) == ["No value is changed."]
