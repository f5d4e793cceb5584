"""One report among many, and many sizes: the benchmarks run and say what they should."""

from __future__ import annotations

import sys

import polars as pl
from benchmarks.worlds import make

from benchmarks import curve, stream


def test_a_stream_says_that_it_leaves_what_a_batch_makes(script, tmp_path, monkeypatch, capsys):
    path = tmp_path / "world.parquet"
    make(script, n=300, scenario="mixed", seed=3).shown.write_parquet(path)
    monkeypatch.setattr(sys, "argv", ["stream", str(path), "--late", "60"])
    stream.main()
    said = capsys.readouterr().out
    assert "against a batch: 0 other labels" in said
    assert "a new report: p50" in said
    assert "a report withdrawn: p50" in said


def test_years_follow_each_other_at_one_density(script, tmp_path, monkeypatch):
    monkeypatch.setattr(curve, "EVENTS_A_YEAR", 200)
    path = tmp_path / "years.parquet"
    assert curve.years(script, "uniform", 2000, path) == 2000
    d = pl.read_parquet(path)
    assert d["id"].n_unique() == len(d) == 2000
    in_year = (d["t0"] // 365).cast(pl.Int64).value_counts()["count"]
    assert in_year.len() >= 3
    assert d["pub"].max() > 2 * 365
    first = d.filter(pl.col("t0") < 365)["text"]
    assert not set(first) & set(d.filter(pl.col("t0") > 366)["text"])
