"""The grid finds what looking at every pair finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents.engine import candidates
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances
from trucewatch.incidents.engine.weights import AT, MT, MX, MY, MZ, A, union_value


def every_pair(tab, gate, slack):
    n = len(tab.node)
    i, j = np.triu_indices(n, 1)
    node = tab.node
    place = (node[i, MX] - node[j, MX]) ** 2 + (node[i, MY] - node[j, MY]) ** 2
    place += (node[i, MZ] - node[j, MZ]) ** 2
    near = place <= gate**2 * (1 / node[i, A] + 1 / node[j, A])
    near &= (node[i, MT] - node[j, MT]) ** 2 <= gate**2 * (1 / node[i, AT] + 1 / node[j, AT])
    near &= tab.source[i] != tab.source[j]
    i, j = i[near], j[near]
    shared = (tab.prior, tab.base, tab.ground)
    value = np.array(
        [
            union_value(node, tab.words, a, node, tab.words, b, *shared)
            for a, b in zip(i, j, strict=True)
        ]
    )
    return i, j, value, value >= -slack


def rows(worlds, seed, events=80):
    reports = worlds.make(events, seed=seed, size=60.0, days=6.0).reports()
    parameters = worlds.truth(events)
    place, _ = variances(reports, parameters)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    return table(reports, parameters, ground)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), threads=st.integers(1, 3), block=st.integers(7, 90))
def test_gridded_is_brute_force(worlds, seed, threads, block):
    tab = rows(worlds, seed)
    whole, candidates.BLOCK = candidates.BLOCK, block
    try:
        first, second, gain, _ = candidates.pairs(tab, gate=3.5, slack=4.0, threads=threads)
    finally:
        candidates.BLOCK = whole
    i, j, value, worth = every_pair(tab, 3.5, 4.0)
    found = {(min(a, b), max(a, b)): g for a, b, g in zip(first, second, gain, strict=True)}
    assert len(found) == len(first)
    sure = np.abs(value + 4.0) > 1e-6
    expected = set(zip(i[worth & sure].tolist(), j[worth & sure].tolist(), strict=True))
    assert expected <= set(found)
    assert set(found) <= set(zip(i.tolist(), j.tolist(), strict=True))
    for a, b, v in zip(i[worth], j[worth], value[worth], strict=True):
        assert abs(found.get((a, b), v) - v) < 1e-4


def test_what_is_left_out_is_weighed(worlds):
    tab = rows(worlds, 5)
    *_, tail = candidates.pairs(tab, gate=3.5, slack=0.0)
    i, j, value, _ = every_pair(tab, 3.5, 0.0)
    out = (value < 0) & (value > -11.0)
    expected = np.zeros(len(tab.node))
    np.add.at(expected, i[out], np.exp(value[out]) * tab.lone[tab.source[j[out]]])
    np.add.at(expected, j[out], np.exp(value[out]) * tab.lone[tab.source[i[out]]])
    assert np.allclose(tail, expected, rtol=1e-3, atol=1e-6)


def test_neighbours_are_symmetric_and_sorted(worlds):
    tab = rows(worlds, 6, events=200)
    near = candidates.graph(tab, slack=6.0)
    first, second, gain, _ = candidates.pairs(tab, gate=3.5, slack=6.0)
    edges = {}
    for i in range(len(tab.node)):
        mine = slice(near.start[i], near.start[i + 1])
        assert np.all(np.diff(near.target[mine]) > 0)
        edges |= {(i, j): g for j, g in zip(near.target[mine], near.gain[mine], strict=True)}
    pairs = dict(zip(zip(first, second, strict=True), gain, strict=True))
    assert edges == pairs | {(j, i): g for (i, j), g in pairs.items()}


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_any_two_axes_find_what_is_near_on_three(worlds, axes):
    tab = rows(worlds, 7)
    tab.node[:, MZ] = np.random.default_rng(7).normal(0, 2.0, len(tab.node))
    places = tab.node[:, [MX, MY, MZ]]
    tab.node[:, [MX, MY, MZ]] = places[:, axes]
    even = survey(*(np.zeros(1) for _ in range(4)))
    tab = replace(tab, ground=even.compiled())
    first, second, gain, _ = candidates.pairs(tab, gate=3.5, slack=4.0)
    i, j, value, _ = every_pair(tab, 3.5, 4.0)
    found = {(min(a, b), max(a, b)): g for a, b, g in zip(first, second, gain, strict=True)}
    expected = dict(zip(zip(i.tolist(), j.tolist(), strict=True), value, strict=True))
    sure = {pair for pair, v in expected.items() if v > -4.0 + 1e-6}
    assert sure <= set(found) <= set(expected)
    assert all(abs(found[pair] - expected[pair]) < 1e-4 for pair in found)
