"""The command line: exit codes, plain errors, an example in every help."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from trucewatch import __version__
from trucewatch.app.cli import app, main
from trucewatch.errors import NotFound

runner = CliRunner()
COMMANDS = [
    *("demo", "init", "ingest", "run", "parameters", "learn", "incidents", "explain"),
    "compliance",
    *("withdraw", "bulletin", "serve", "symmetry", "compliance"),
]


GROUPED = [
    ["audit", "fsck"],
    *(["notice", each] for each in ("add", "list", "acknowledge", "amend", "cancel", "match")),
    *(["notice", each] for each in ("token", "serve")),
    *(["hotline", each] for each in ("add", "list")),
    *(["commitments", each] for each in ("list", "matrix", "gap", "due", "check", "amounts")),
    ["statement", "add"],
]


@pytest.mark.parametrize("command", [*([each] for each in COMMANDS), *GROUPED])
def test_every_command_has_help_with_an_example(command):
    shown = runner.invoke(app, [*command, "--help"])
    assert shown.exit_code == 0
    assert f"Example: trucewatch {' '.join(command)}" in shown.output


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_waits_for_no_engine(arguments):
    """The compiler alone takes half a second to import."""
    code = (
        "import sys; from typer.testing import CliRunner; from trucewatch.app.cli import app; "
        f"assert CliRunner().invoke(app, {arguments}).exit_code == 0; "
        "sys.exit(bool({'numba', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_version():
    assert runner.invoke(app, ["--version"]).output.strip() == f"trucewatch {__version__}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["incidents"],
        ["explain", "inc-1"],
        ["bulletin"],
        ["audit", "fsck"],
        ["ingest", "nothing.csv"],
    ],
)
def test_no_mission_is_a_plain_error_that_says_what_to_do(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["trucewatch", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("trucewatch: no ")
    assert "--mission" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["bulletin", "--date", "12.4.2026"],
        ["bulletin", "--format", "docx"],
        ["incidents", "--limit", "0"],
        ["incidents", "--from", "2026-04-13", "--to", "2026-04-11"],
        ["run", "--fail-on", "rain"],
        ["dance"],
    ],
)
def test_wrong_use_exits_2(arguments, empty_mission, monkeypatch):
    monkeypatch.chdir(empty_mission)
    assert runner.invoke(app, arguments).exit_code == 2


def test_init_makes_a_mission_that_runs_and_is_never_overwritten(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "My Island"
    assert runner.invoke(app, ["init", str(folder)]).exit_code == 0
    assert 'id = "my-island"' in (folder / "mission.toml").read_text("utf-8")
    ran = runner.invoke(app, ["run", "--mission", str(folder), "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.output)["incidents"] == 0
    monkeypatch.setattr("sys.argv", ["trucewatch", "init", str(folder)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "nothing was changed" in capsys.readouterr().err


def test_ingest_run_and_list(empty_mission, data):
    at = ["--mission", str(empty_mission)]
    files = [str(path) for path in sorted(data.iterdir())]
    taken = json.loads(runner.invoke(app, ["ingest", *files, *at, "--json"]).output)
    assert taken["received"] == 215 + 438 + 30
    assert taken["received"] == taken["accepted"] + taken["duplicate"] + taken["quarantined"]
    assert runner.invoke(app, ["run", *at]).exit_code == 0
    assert runner.invoke(app, ["run", *at, "--fail-on", "breach"]).exit_code == 1
    listed = json.loads(
        runner.invoke(
            app,
            [
                *[
                    "incidents",
                    "--from",
                    "2026-04-12",
                    "--to",
                    "2026-04-12",
                    "--outcome",
                    "breach",
                    "--json",
                ],
                *at,
            ],
        ).output
    )
    assert listed["found"] == 3
    assert {row["outcomes"]["P1"] for row in listed["incidents"]} == {"breach"}
    assert all(row["from"].endswith("+03:00") for row in listed["incidents"])
    text = runner.invoke(app, ["incidents", *at, "--kind", "hostile_act", "--limit", "2"]).output
    assert "2 of 215 incidents shown." in text
    for option in ("--region", "--state", "--outcome"):
        none = runner.invoke(app, ["incidents", *at, option, "nonsense"])
        assert isinstance(none.exception, NotFound), "no incident and no such word are not the same"
        assert "'nonsense'; there are: " in str(none.exception)


def test_what_the_last_run_did_not_know_is_told(empty_mission, data):
    at = ["--mission", str(empty_mission)]
    events, clouds = (str(next(data.glob(f"{name}*"))) for name in ("ucdp", "cloud"))
    runner.invoke(app, ["ingest", events, *at])
    runner.invoke(app, ["run", *at])
    listed = runner.invoke(app, ["incidents", *at, "--json", "--limit", "1"])
    assert json.loads(listed.output)["up_to_date"] is True
    one = json.loads(listed.output)["incidents"][0]["id"]
    runner.invoke(app, ["ingest", clouds, *at])
    for command in (["incidents", "--limit", "1"], ["explain", one]):
        behind = runner.invoke(app, [*command, *at, "--json"])
        assert json.loads(behind.stdout)["up_to_date"] is False
        assert "'trucewatch run' brings it up to date" in behind.stderr
    runner.invoke(app, ["run", *at])
    assert runner.invoke(app, ["explain", one, *at]).stderr == ""


def test_a_quarantined_record_is_told_with_its_reason(empty_mission, data, tmp_path):
    header, first, *_ = (data / "cloud_cover_ukraine_2026_04.csv").read_text().splitlines()
    bad = tmp_path / "cloud_cover_bad.csv"
    bad.write_text(f"{header}\n{first}\n2026-04-31,0.5,0.5\n", "utf-8")
    told = runner.invoke(app, ["ingest", str(bad), "--mission", str(empty_mission)])
    assert told.exit_code == 0
    assert "2 received = 1 accepted + 0 duplicate + 1 quarantined" in told.output
    assert "quarantined 1×: " in told.output


def test_fsck_exits_1_when_a_byte_was_changed(empty_mission, data):
    at = ["--mission", str(empty_mission)]
    file = data / "cloud_cover_ukraine_2026_04.csv"
    runner.invoke(app, ["ingest", str(file), *at])
    runner.invoke(app, ["run", *at])
    assert runner.invoke(app, ["audit", "fsck", *at]).exit_code == 0
    payload = max((empty_mission / "evidence" / "payload").rglob("*"), key=lambda p: len(p.name))
    payload.chmod(0o644)
    raw = bytearray(payload.read_bytes())
    raw[3] ^= 1
    payload.write_bytes(raw)
    found = runner.invoke(app, ["audit", "fsck", *at])
    assert found.exit_code == 1
    assert "DOES NOT HOLD" in found.output
