"""The intervals and tests against tables, and against another library's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from trucewatch.findings.symmetry import reckoning as by


@pytest.mark.parametrize(
    ("count", "among", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_printed(count, among, low, high):
    assert by.wilson(count, among) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_wilson_refuses_what_is_no_share():
    for count, among in ((1, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="a share"):
            by.wilson(count, among)
    assert by.wilson(7, 7)[1] == 1.0


GROUP = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(GROUP, GROUP)
def test_fisher_is_that_of_scipy_and_knows_no_first(one, other):
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]
    assert by.fisher(one, other) == pytest.approx(stats.fisher_exact(table).pvalue, abs=1e-6)
    assert by.fisher(one, other) == by.fisher(other, one)
    assert by.unseen_share(one, other) == by.unseen_share(other, one)


RATE = st.tuples(st.integers(0, 80), st.floats(0.5, 50))


@given(RATE, RATE)
def test_rates_are_a_binomial_test_and_know_no_first(one, other):
    total = one[0] + other[0]
    if total:
        expected = stats.binomtest(one[0], total, one[1] / (one[1] + other[1])).pvalue
        assert by.poisson(one, other) == pytest.approx(expected, abs=1e-6)
    assert by.poisson(one, other) == by.poisson(other, one)


HOURS = st.lists(st.integers(0, 20).map(float), min_size=8, max_size=40)


@given(HOURS, HOURS)
def test_ranks_are_those_of_mann_and_whitney(one, other):
    found = by.mann_whitney(one, other)
    if len({*one, *other}) > 1:
        expected = stats.mannwhitneyu(one, other, method="asymptotic").pvalue
        assert found == pytest.approx(expected, abs=1e-9)
    else:
        assert found == 1
    assert found == by.mann_whitney(other, one)


def test_the_median_and_its_interval():
    assert by.median([3.0, 1.0, 2.0]) == (2.0, None, None)
    # Conover, Practical Nonparametric Statistics: for 10 values the 2nd and the 9th.
    assert by.median([float(n) for n in range(1, 11)]) == (5.5, 2.0, 9.0)
    # For 20 values the 6th and the 15th.
    assert by.median([float(n) for n in range(1, 21)]) == (10.5, 6.0, 15.0)


def test_the_median_is_covered_as_often_as_promised():
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(2_000):
        _, low, high = by.median(chance.normal(size=25).tolist())
        held += low <= 0 <= high
    assert held / 2_000 > 0.94


def test_holm_as_printed():
    assert by.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert by.holm([]) == []
    assert by.holm([0.9, 0.8]) == [1.0, 1.0]


def test_rates_by_garwood():
    low, high = by.per_exposure(0, 2.0)
    assert (low, high) == (0.0, pytest.approx(3.689 / 2, abs=1e-3))
    low, high = by.per_exposure(10, 1.0)
    assert (low, high) == (pytest.approx(4.795, abs=1e-3), pytest.approx(18.39, abs=1e-2))
