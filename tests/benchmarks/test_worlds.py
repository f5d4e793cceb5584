"""Worlds with changed parameters, and that no change reaches another world."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from benchmarks.worlds import AS_STATED, CHANGES, EIGHT, make

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pandas")


def own(reports: pl.DataFrame) -> pl.DataFrame:
    return reports.filter(~pl.col("is_copy") & (pl.col("event") >= 0))


def test_changes_do_what_they_say(script: Path):
    worlds = {
        change: make(script, n=3000, scenario="mixed", seed=1, change=change) for change in CHANGES
    }
    plain = worlds[AS_STATED].reports
    assert len(own(worlds["detection halved"].reports)) == pytest.approx(
        len(own(plain)) / 2, rel=0.05
    )

    def errors(change: str) -> float:
        world = worlds[change]
        found = own(world.reports).join(world.events, on="event", suffix="_true")
        return float((found["x"] - found["x_true"]).abs().median())  # type: ignore[arg-type]

    assert errors("errors doubled") == pytest.approx(2 * errors(AS_STATED), rel=0.1)

    def false(change: str) -> float:
        reports = worlds[change].reports.filter(~pl.col("is_copy"))
        return len(reports.filter(pl.col("event") < 0)) / len(own(reports))

    assert false(AS_STATED) == pytest.approx(0.3, abs=0.01)
    assert false("false reports 60 %") == pytest.approx(0.6, abs=0.01)
    assert own(plain)["source"].n_unique() == 5
    eight = worlds[EIGHT].reports
    assert own(eight)["source"].n_unique() == 8
    assert eight.filter("is_copy")["source"].min() == 8


def test_a_change_stays_in_its_world(script: Path):
    before = make(script, n=200, scenario="front", seed=2)
    make(script, n=200, scenario="front", seed=2, change="detection halved")
    after = make(script, n=200, scenario="front", seed=2)
    assert before.reports.equals(after.reports)
    assert not {"event", "orig", "is_copy"} & set(before.shown.columns)


def test_another_generator_is_noticed(tmp_path: Path):
    other = tmp_path / "gen.py"
    other.write_text("def generate(n, scn, seed):\n    return range(5)\n", "utf-8")
    with pytest.raises(ValueError, match="1 numbers of sources"):
        make(other, n=10, scenario="mixed", seed=1)
    with pytest.raises(ValueError, match="no change is called"):
        make(other, n=10, scenario="mixed", seed=1, change="everything better")
    with pytest.raises(FileNotFoundError):
        make(tmp_path / "none.py", n=10, scenario="mixed", seed=1)
