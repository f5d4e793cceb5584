"""Origins of coded events against a person's count, and what origins change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.check_floors import DESK, FLOORS, _real, shortfalls
from benchmarks.sections import write_section

from benchmarks import origins_effect, ucdp_origins


def test_every_floor_of_the_desk_has_a_score_and_absent_data_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    floors = json.loads(FLOORS.read_text("utf-8"))["desk"]
    assert set(floors) == set(DESK)
    ours = {name: floors[name] for name in ("ucdp", "effect")}
    assert _real(ours, tmp_path / "data", DESK) == 0
    assert capsys.readouterr().out.count("not scored") == len(ours)


def test_origins_of_coded_events_hold_their_floors(data: Path):
    found = ucdp_origins.scores(data)
    assert shortfalls(found, json.loads(FLOORS.read_text("utf-8"))["desk"]["ucdp"]) == []
    assert (found["events"], found["repeating"], found["judged"]) == (512, 307, 72)
    assert found["outlets right"] < found["distinct outlets right"] < found["right"]


def test_the_other_method_looks_words_up():
    assert ucdp_origins.plain("rebels and the Ukrainian army, Kiev", []) == 2
    assert ucdp_origins.plain("Ukraine defence ministry", ["memorybook", "afp"]) == 2
    assert ucdp_origins.plain("", []) == 1


def test_a_mode_that_there_is_not_is_refused():
    world = origins_effect.World(None, None)
    with pytest.raises(ValueError, match="no mode"):
        origins_effect.signed(world, "half")


def test_a_section_is_written_between_its_markers(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x: start -->\nold\n<!-- x: end -->\nb\n", "utf-8")
    write_section(page, "x", ["new"])
    assert page.read_text("utf-8") == "a\n<!-- x: start -->\n\nnew\n\n<!-- x: end -->\nb\n"
    with pytest.raises(ValueError, match="lacks the markers"):
        write_section(page, "y", [])
