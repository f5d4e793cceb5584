"""The floors of the real data: scored where the data lie, said where they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.check_floors import FLOORS, REAL, _real


def test_every_floor_has_a_score_and_absent_data_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    floors = json.loads(FLOORS.read_text("utf-8"))["real"]
    assert set(floors) == set(REAL)
    assert _real(floors, tmp_path) == 0
    assert capsys.readouterr().out.count("not scored") == len(REAL)


def test_a_floor_out_of_reach_is_noticed(data: Path, capsys: pytest.CaptureFixture[str]):
    assert _real({"crash": {"pairs of the rule": 76}}, data) == 0
    assert _real({"crash": {"pairs of the rule": 77, "never computed": 1}}, data) == 2
    assert capsys.readouterr().out.count("BELOW THE FLOOR") == 2
