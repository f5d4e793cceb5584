"""The committed floors hold on a small world, and a floor that does not hold is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ROOT / "benchmarks" / "floors.json"


def bench(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", "--short", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def generator(shared: Path) -> str:
    script = shared / "bench" / "gen.py"
    pytest.importorskip("pandas", reason="the generator needs pandas (the extra `bench`)")
    if not script.is_file():
        pytest.skip("needs the generator of worlds beside the project, which is absent")
    return str(script)


def test_floors_hold(generator: str):
    done = bench("--generator", generator)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mixed 2000" in done.stdout


def test_a_floor_out_of_reach_is_noticed(generator: str, tmp_path: Path):
    worlds = json.loads(FLOORS.read_text("utf-8"))
    for world in worlds["association"]:
        world["floors"] = {"b3": 0.999, "brier": 0.001, "never computed": 0.5}
    raised = tmp_path / "floors.json"
    raised.write_text(json.dumps(worlds), "utf-8")
    done = bench("--generator", generator, "--floors", str(raised))
    assert done.returncode == 1
    assert done.stdout.count("BELOW THE FLOOR") == 3


def test_no_generator_is_no_success(tmp_path: Path):
    done = bench("--generator", str(tmp_path / "gen.py"))
    assert done.returncode == 2
    assert "Nothing was scored" in done.stderr


def test_the_page_shows_what_was_measured_above_the_floors():
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    for world in json.loads(FLOORS.read_text("utf-8"))["association"]:
        row = next(
            line.split("|")
            for line in page.splitlines()
            if line.startswith(f"| {world['scenario']}") and f"| {world['n']:,} |" in line
        )
        names = ("pair", "b3", "exact", "brier", "ece")
        shown = dict(zip(names, map(float, row[4:9]), strict=True))
        for name, bound in world["floors"].items():
            better = bound - shown[name] if name in {"brier", "ece"} else shown[name] - bound
            assert 0 <= better < 0.03, (world, name)
