"""A new mission like one that is shipped: the same bytes, checked whole, never written over."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trucewatch.app import scaffold
from trucewatch.app.cli import app
from trucewatch.app.configuration import Configuration, settings_files
from trucewatch.errors import NotFound

MISSIONS = Path(str(files("trucewatch") / "missions"))
runner = CliRunner()


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", sorted(set(scaffold.shipped()) - {scaffold.TEMPLATE}))
def test_a_copy_holds_the_bytes_of_what_is_shipped(tmp_path, name):
    made = scaffold.init(tmp_path / "copy", like=name)
    copied = contents(tmp_path / "copy")
    assert copied == contents(MISSIONS / name)
    assert sorted(copied) == sorted(made)


@pytest.mark.parametrize("name", scaffold.shipped())
def test_every_shipped_mission_is_whole_and_its_registry_for_its_owner(tmp_path, name):
    scaffold.init(tmp_path / "copy", like=name)
    Configuration.read(settings_files(tmp_path / "copy"))
    assert (tmp_path / "copy" / "sources.toml").stat().st_mode & 0o077 == 0


def test_nothing_is_written_over(tmp_path):
    own = tmp_path / "m" / "agreement.yaml"
    own.parent.mkdir()
    own.write_bytes((MISSIONS / "easter-2026" / "agreement.yaml").read_bytes() + b"# mine\n")
    made = scaffold.init(tmp_path / "m", like="easter-2026")
    assert own.read_bytes().endswith(b"# mine\n")
    assert "agreement.yaml" not in made
    with pytest.raises(NotFound, match="nothing was changed"):
        scaffold.init(tmp_path / "m", like="easter-2026")


@pytest.mark.parametrize("name", ["", "no-such", "../app", "easter-2026/data", "/etc"])
def test_only_what_is_shipped_can_be_copied(tmp_path, name):
    with pytest.raises(NotFound, match=r"is shipped; there are: .*easter-2026"):
        scaffold.init(tmp_path / "m", like=name)
    assert not (tmp_path / "m").exists()


def test_the_command_lists_and_copies(tmp_path):
    listed = json.loads(runner.invoke(app, ["init", "--list", "--json"]).output)["missions"]
    assert listed["easter-2026"] == "Easter truce 2026"
    assert listed == scaffold.shipped()
    made = runner.invoke(app, ["init", "--like", "easter-2026", str(tmp_path / "m")])
    assert made.exit_code == 0
    assert f"ingest --mission {tmp_path / 'm'} {tmp_path / 'm'}/data/*" in made.output
    assert "zones/regions.geojson" in made.output


def test_what_comes_next_can_be_done_as_it_is_said(tmp_path):
    folder = tmp_path / "m"
    made = runner.invoke(app, ["init", "--like", "paris-framework", str(folder)])
    commands = [one.split() for one in re.findall(r"'trucewatch ([^']+)'", made.output)]
    assert len(commands) == 2
    for command in commands:
        where = [] if "--mission" in command else ["--mission", str(folder)]
        done = runner.invoke(app, [*command, *where])
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize("arguments", [["init"], ["init", "--list", "folder"]])
def test_a_folder_or_the_list_but_not_both(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert runner.invoke(app, arguments).exit_code == 2
    assert not list(tmp_path.iterdir())
