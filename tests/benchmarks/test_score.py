"""The scores, on answers whose scores are known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from benchmarks.score import counting, joining, sureness
from hypothesis import given
from hypothesis import strategies as st

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


def test_a_right_answer_has_one_everywhere():
    truth = np.array([0, 0, 1, 2, 2, 2])
    assert joining(truth, truth + 7) == {"pair": 1.0, "b3": 1.0, "exact": 1.0}


@given(labels)
def test_pairs_agree_with_counting_them(both: list[tuple[int, int]]):
    t, p = (np.array(column) for column in zip(*both, strict=True))
    pairs = list(itertools.combinations(range(len(both)), 2))
    real = {(i, j) for i, j in pairs if t[i] == t[j]}
    made = {(i, j) for i, j in pairs if p[i] == p[j]}
    precision = len(real & made) / len(made) if made else 1.0
    recall = len(real & made) / len(real) if real else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    assert joining(t, p)["pair"] == pytest.approx(f1)


@given(labels, st.permutations(range(5)))
def test_names_of_groups_do_not_matter(both: list[tuple[int, int]], names: list[int]):
    t, p = (np.array(column) for column in zip(*both, strict=True))
    assert joining(t, np.array(names)[p]) == pytest.approx(joining(t, p))


def test_auc_counts_pairs_in_the_right_order():
    truth = np.array([True, True, False, False])
    assert sureness(truth, np.array([0.9, 0.4, 0.4, 0.1]))["auc"] == pytest.approx(0.875)
    assert np.isnan(sureness(truth | True, np.full(4, 0.5))["auc"])


def test_a_sure_and_wrong_answer_is_not_calibrated():
    scores = sureness(np.array([False, False]), np.array([1.0, 1.0]))
    assert scores["ece"] == scores["brier"] == 1.0


def test_counts_by_cell_and_day():
    truth = (np.array([10.0, 60.0]), np.array([10.0, 10.0]), np.array([0.5, 1.5]))
    right = counting(truth, truth, np.ones(2))
    assert right["rmse"] == 0.0
    assert right["r"] == pytest.approx(1.0)
    # One of the two is doubted: one of four cells is wrong by a half.
    doubted = counting(truth, truth, np.array([1.0, 0.5]))
    assert doubted["rmse"] == pytest.approx(0.25)
    moved = (truth[0], truth[1], truth[2][::-1])
    assert counting(truth, moved, np.ones(2))["r"] == pytest.approx(-1.0)
