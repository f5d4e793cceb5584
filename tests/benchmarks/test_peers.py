"""The other ways to join: their rules, and that none of them is made of straw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.meltt import Records, meltt, one_to_one
from benchmarks.meltt_crash import DAYS, KM, REFERENCE, counts, read
from benchmarks.peers import METHODS, originals, run
from benchmarks.score import joining
from benchmarks.worlds import make
from hypothesis import given
from hypothesis import strategies as st


def test_meltt_agrees_with_its_own_package(data: Path):
    _, records = read(data / "meltt-crash")
    assert counts(records, meltt(records, KM, DAYS)) == REFERENCE


def test_meltt_with_another_window_does_not(data: Path):
    _, records = read(data / "meltt-crash")
    assert counts(records, meltt(records, KM / 8, DAYS)) != REFERENCE


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=25))
def test_one_to_one_is_the_same_as_one_by_one(pairs: list[tuple[int, int]]):
    left: set[int] = set()
    right: set[int] = set()
    wanted = set()
    for a, b in pairs:
        if a not in left and b not in right:
            left.add(a)
            right.add(b)
            wanted.add((a, b))
    a, b = one_to_one(*(np.array([p[k] for p in pairs], dtype=np.int64) for k in (0, 1)))
    assert set(zip(a.tolist(), b.tolist(), strict=True)) == wanted


def test_meltt_never_joins_two_records_of_one_set():
    rng = np.random.default_rng(3)
    n = 300
    day = np.floor(rng.uniform(0, 5, n))
    records = Records(
        rng.integers(0, 4, n), rng.uniform(0, 20, (n, 2)), day, day, [rng.integers(0, 2, (n, 1))]
    )
    groups = meltt(records, 5.0, 1.0)
    assert len({(g, s) for g, s in zip(groups, records.dataset, strict=True)}) == n
    assert len(set(groups.tolist())) < n


def test_every_method_joins_something_and_joins_it_better_than_nothing(script: Path):
    pytest.importorskip("splink", reason="the peer splink is in the extra `bench`")
    world = make(script, n=400, scenario="mixed", seed=4)
    first, row = originals(world.shown)
    event = dict(zip(world.reports["id"].to_list(), world.reports["event"].to_list(), strict=True))
    truth = np.array([event[i] for i in first["id"].to_list()])
    scores = {}
    for method in METHODS:
        groups, seconds = run(method, first, truth)
        assert seconds >= 0
        scores[method] = joining(world.reports["event"].to_numpy(), groups[row])["b3"]
    assert scores["text"] == min(scores.values())
    assert scores["meltt"] > scores["text"] + 0.1
    assert scores["splink-trained"] > scores["text"] + 0.1
    for method in ("meltt", "splink-trained"):
        with pytest.raises(ValueError, match="favoured"):
            run(method, first, None)


def test_a_copy_is_laid_upon_the_first_published():
    d = pl.DataFrame({"id": [0, 1, 2], "text": [5, 5, 6], "pub": [2.0, 1.0, 3.0]})
    first, row = originals(d)
    assert first["id"].to_list() == [1, 2]
    assert row.tolist() == [0, 0, 1]
