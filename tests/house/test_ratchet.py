"""The coverage gate: below the floor it fails, above it asks to be raised."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load():
    spec = importlib.util.spec_from_file_location("ratchet", ROOT / "tools" / "ratchet.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ratchet = load()


@pytest.fixture
def files(tmp_path):
    report, floor = tmp_path / "coverage.json", tmp_path / "floor.txt"
    totals = {"covered_branches": 857, "num_branches": 1000}
    report.write_text(json.dumps({"totals": totals}), "utf-8")
    floor.write_text("85.0\n", "utf-8")
    return [str(report), str(floor)]


@pytest.mark.parametrize(
    ("floor", "code", "says"),
    [("85.8", 1, "too low"), ("85.7", 0, "85.7 %."), ("84.0", 0, "raise the floor")],
)
def test_the_floor_holds(files, capsys, floor, code, says):
    Path(files[1]).write_text(floor + "\n", "utf-8")
    assert ratchet.main(files) == code
    assert says in capsys.readouterr().out


def test_raising_never_lowers(files):
    assert ratchet.main([*files, "--raise"]) == 0
    assert ratchet.read_floor(Path(files[1])) == 85.7
    Path(files[1]).write_text("99.0\n", "utf-8")
    assert ratchet.main([*files, "--raise"]) == 1
    assert ratchet.read_floor(Path(files[1])) == 99.0


def test_lowering_takes_a_reason_and_leaves_a_trace(files):
    with pytest.raises(SystemExit):
        ratchet.main([*files, "--lower-to", "80"])
    assert ratchet.main([*files, "--lower-to", "80", "--because", "a reader was removed"]) == 0
    lines = Path(files[1]).read_text("utf-8").splitlines()
    assert lines == ["80.0", "lowered to 80.0: a reader was removed"]


def test_a_report_without_branches_is_refused():
    with pytest.raises(ValueError, match="no branches"):
        ratchet.branches({"totals": {"num_branches": 0}})
