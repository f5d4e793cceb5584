"""One small comparison from beginning to end, and what happens to a method that fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.compare import compare, run, scores
from benchmarks.tables import END, START, tables, write_page
from benchmarks.worlds import World, make


@pytest.fixture(scope="module")
def world(script: Path) -> World:
    return make(script, n=300, scenario="mixed", seed=5)


def test_the_truth_has_full_marks_and_less_truth_has_less(world: World):
    event = world.reports["event"].to_numpy()
    best = scores(
        world,
        pl.DataFrame(
            {"id": world.reports["id"], "incident": event, "p_happened": (event >= 0) * 1.0}
        ),
    )
    assert best["pair"] == best["pair_own"] == best["exact_own"] == best["auc"] == 1.0
    assert best["brier"] == best["ece"] == 0.0
    apart = scores(
        world, pl.DataFrame({"id": world.reports["id"], "incident": np.arange(len(event))})
    )
    assert apart["pair"] == 0.0
    assert apart["rmse"] > best["rmse"]


def test_the_order_of_an_answer_does_not_matter(world: World):
    rng = np.random.default_rng(1)
    answer = pl.DataFrame(
        {"id": world.reports["id"], "incident": rng.integers(0, 200, len(world.reports))}
    )
    turned = answer.sample(fraction=1.0, shuffle=True, seed=2)
    assert scores(world, answer) == scores(world, turned)


def test_an_answer_that_lacks_a_report_is_refused(world: World):
    answer = pl.DataFrame({"id": world.reports["id"], "incident": world.reports["id"]})
    with pytest.raises(ValueError, match="each report once"):
        scores(world, answer.head(len(answer) - 1))


def test_what_fails_is_in_the_table_as_failed(world: World, capsys: pytest.CaptureFixture[str]):
    rows = compare(world, ["plain", "no such method"], 60, 0)
    assert [row.get("failed", False) for row in rows] == [False, True]
    assert rows[0]["mb"] > 10
    assert "no such method: failed" in capsys.readouterr().err


def test_a_program_past_its_limit_is_ended():
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(subprocess.CalledProcessError):
        run(command, 0.3)


def test_seconds_are_those_that_the_program_states():
    told = run([sys.executable, "-c", "print('7 reports, 3 groups, 0.125 s')"], 60)
    assert told["seconds"] == 0.125
    assert told["process_s"] > 0


def test_the_page_keeps_what_is_around_the_tables(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nold\n{END}\nafter\n", "utf-8")
    row = {
        "n": 10, "scenario": "mixed", "change": "as stated", "seed": 1, "reports": 40,
        "method": "plain", "pair": 0.5, "seconds": 2.0, "mb": 100.0,
    }  # fmt: skip
    ours = row | {"method": "ours", "pair": 0.9, "seconds": 4.0}
    write_page(page, [row, ours], "one machine")
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| 5 km, 2 days, connected | 0.500 |" in text
    assert "| 2.00 | 0.50 | 100 |" in text
    page.write_text("no markers", "utf-8")
    with pytest.raises(ValueError, match="markers"):
        write_page(page, [row], "one machine")


def test_seeds_are_averaged_and_a_missing_one_is_said():
    row = {"n": 10, "scenario": "mixed", "change": "as stated", "reports": 40}
    rows = [
        row | {"seed": 1, "method": "ours", "pair": 0.8, "seconds": 1.0, "mb": 1.0},
        row | {"seed": 2, "method": "ours", "pair": 0.6, "seconds": 1.0, "mb": 1.0},
        row | {"seed": 1, "method": "meltt", "pair": 0.5, "seconds": 1.0, "mb": 1.0},
        row | {"seed": 2, "method": "meltt", "failed": True},
    ]
    text = "\n".join(tables(json.loads(json.dumps(rows)), "x"))
    assert "| **ours** | 0.700 |" in text
    assert "(1 of 2 seeds)" in text
