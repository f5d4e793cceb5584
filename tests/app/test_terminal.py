"""What reaches the terminal: nothing that steers it, valid JSON, a plain exit code."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trucewatch.app import terminal
from trucewatch.app.cli import main

HOSTILE = "VIIRS \x1b[2J\x1b]0;x\x07\n\u202etxt.exe\x9b31m.csv"
COMMAND = [sys.executable, "-m", "trucewatch"]


def called(monkeypatch, *arguments):
    """The exit code of the command line, called as from a shell."""
    monkeypatch.setattr("sys.argv", ["trucewatch", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


def steers(text):
    return any(not letter.isprintable() and letter != "\n" for letter in text)


def test_a_hostile_file_name_is_shown_and_does_nothing(
    empty_mission, tmp_path, monkeypatch, capsys
):
    path = tmp_path / HOSTILE
    path.write_text("nothing that a reader knows", "utf-8")
    at = ["--mission", empty_mission]
    assert called(monkeypatch, "ingest", path, *at) == 0
    told = capsys.readouterr().out
    assert "\\x1b[2J" in told
    assert len(told.splitlines()) == 4
    assert not steers(told)
    assert called(monkeypatch, "ingest", path, *at, "--json") == 0
    told = capsys.readouterr().out
    assert json.loads(told)["deliveries"][0]["file"] == HOSTILE
    assert not steers(told)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", f"/{HOSTILE}"],
        ["explain", HOSTILE],
        ["incidents", "--kind", HOSTILE],
        ["bulletin", "--audience", HOSTILE],
        ["bulletin", "--date", HOSTILE],
        [HOSTILE],
        ["run", f"--{HOSTILE}"],
        ["run", HOSTILE],
        ["run", "--mission", HOSTILE],
        ["init", f"/dev/null/{HOSTILE}"],
        ["explain", "x" * 100_000],
    ],
)
def test_an_error_keeps_stdout_clean_and_is_short(arguments, empty_mission, monkeypatch, capsys):
    monkeypatch.chdir(empty_mission)
    assert called(monkeypatch, "run", "--json") == 0
    capsys.readouterr()
    assert called(monkeypatch, *arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err
    assert not steers(told.err)
    assert len(told.err) < 2 * terminal.LONGEST


def test_without_cleaning_the_terminal_would_be_steered(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "clean", lambda text: text)
    terminal.say([HOSTILE])
    assert steers(capsys.readouterr().out)


def test_a_name_that_is_no_text_is_taken_in_with_its_bytes_shown(
    empty_mission, tmp_path, monkeypatch, capsys
):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/VIIRS_\xff.csv"))
    path.write_bytes(b"x")
    assert called(monkeypatch, "ingest", path, "--mission", empty_mission, "--json") == 0
    assert json.loads(capsys.readouterr().out)["deliveries"][0]["file"] == "VIIRS_\\xff.csv"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_valid_in_any_encoding(encoding, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding))
    data = {"said": "“тиша” \U0001f54a é \x7f \x9b \u2028 \udcff \ufeff"}
    terminal.say_json(data)
    assert json.loads(raw.getvalue().decode(encoding)) == data


def test_text_survives_a_terminal_that_knows_ascii_alone(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, "ascii"))
    terminal.say(["a → b"])
    assert raw.getvalue() == b"a \\u2192 b\n"


def test_a_number_that_json_lacks_is_never_printed():
    with pytest.raises(ValueError, match="JSON compliant"):
        terminal.say_json({"ratio": float("inf")})


def shell(arguments, **more):
    return subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more
    )


def test_a_closed_pipe_is_no_fault_of_ours(empty_mission):
    process = shell(["run", "--json", "--mission", str(empty_mission)])
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == terminal.NOBODY_READS


def test_a_full_disk_under_the_output_is_one_line(empty_mission):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 -- a device, not a file
        told = subprocess.run(
            [*COMMAND, "init", str(empty_mission / "new")],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert told.returncode == 2
    assert told.stderr == b"trucewatch: the output cannot be written: No space left on device\n"


def test_closed_streams_are_nobody_to_tell(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    terminal.say(["x"])
    assert called(monkeypatch, "dance") == 2


def test_an_interrupt_exits_130_without_a_traceback(tmp_path):
    process = shell(["demo", str(tmp_path / "m")])
    while not (tmp_path / "m" / "evidence" / "vkey").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (terminal.INTERRUPTED, b"", b"")


def test_an_operating_system_that_refuses_is_one_line(empty_mission, monkeypatch, capsys):
    def refuses(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied", "/secret\x1b")

    monkeypatch.setattr("trucewatch.app.mission.Mission.open", refuses)
    assert called(monkeypatch, "run", "--mission", empty_mission) == 2
    assert capsys.readouterr().err == "trucewatch: /secret\\x1b: Permission denied\n"


def test_help_needs_no_heavy_import():
    """Held by what is imported, as a time would be a matter of the machine."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "trucewatch", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "trucewatch.app.terminal" in imported
    heavy = {"numpy", "scipy", "shapely", "polars", "pydantic", "cryptography", "rich.console"}
    assert not heavy & imported
