"""Blocks are the largest clusters of likely partners that are small enough, and stay local."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from trucewatch.incidents.engine import Settings, blocks, solve
from trucewatch.incidents.engine.candidates import Graph
from trucewatch.incidents.engine.grid import neighbours
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 25))
    pairs = draw(st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=60))
    pairs = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    gain = draw(st.lists(st.integers(-16, 20), min_size=len(pairs), max_size=len(pairs)))
    return n, pairs, [g / 4 for g in gain]


def as_graph(n, pairs, gain):
    first, second = (np.array([p[k] for p in pairs], dtype=np.int32) for k in (0, 1))
    csr = neighbours(n, first, second, np.array(gain, dtype=np.float32))
    return Graph(*csr, np.zeros(n))


def by_hand(n, pairs, gain, most):
    """For each node: its component above the lowest gain that leaves it small enough."""
    ranked = sorted(zip([-g for g in gain], pairs, strict=True))
    found = {i: {i} for i in range(n)}
    for last in range(len(ranked) + 1):
        ends = np.array([pair for _, pair in ranked[:last]], dtype=int).reshape(-1, 2).T
        links = coo_matrix((np.ones(last), (ends[0], ends[1])), shape=(n, n))
        label = connected_components(links, directed=False)[1]
        for i in range(n):
            component = set(np.flatnonzero(label == label[i]).tolist())
            if len(component) <= most:
                found[i] = component
    return {frozenset(each) for each in found.values()}


@settings(deadline=None)
@given(graphs(), st.integers(1, 12))
def test_blocks_are_the_largest_clusters_that_are_small_enough(drawn, most):
    parted = blocks.part(as_graph(*drawn), most)
    found = {
        frozenset(parted.node[parted.start[b] : parted.start[b + 1]].tolist())
        for b in range(len(parted))
    }
    assert found == by_hand(*drawn, most)
    assert sorted(parted.node.tolist()) == list(range(drawn[0]))
    assert np.array_equal(parted.node[parted.start[parted.of] + parted.place], np.arange(drawn[0]))


@pytest.mark.parametrize("block", [8, 40])
def test_smaller_blocks_say_nearly_the_same(worlds, block):
    """The mean field stands in for what is cut: P moves little, happenings are counted alike."""
    reports = worlds.make(400, size=60.0).reports()
    parameters = worlds.truth(400)
    place, _ = variances(reports, parameters)
    tab = table(reports, parameters, survey(reports.x, reports.y, reports.t, np.sqrt(place)))
    whole = solve(tab, Settings(block=100_000, sweeps=60))
    cut = solve(tab, Settings(block=block, sweeps=60))
    assert len(cut.blocks) > len(whole.blocks)
    apart = np.abs(cut.alone - whole.alone)
    assert apart.mean() < {8: 0.06, 40: 0.03}[block]
    expected = [(s.alone * tab.real_alone + s.share).sum() for s in (whole, cut)]
    assert expected[0] == pytest.approx(expected[1], rel={8: 0.05, 40: 0.03}[block])


def test_nodes_of_equal_content_draw_by_chances_of_their_own(worlds):
    """Else they would move together, and averages would be of something else."""
    reports = worlds.make(60, size=14.0, days=3.0).reports()
    parameters = worlds.truth(60)
    place, _ = variances(reports, parameters)
    tab = table(reports, parameters, survey(reports.x, reports.y, reports.t, np.sqrt(place)))
    how = Settings(sweeps=3000, burn=50)
    own = solve(tab, how)
    assert max(np.diff(own.blocks.start)) > 7
    alike = solve(replace(tab, key=np.full_like(tab.key, tab.key[0])), how)
    assert np.abs(alike.alone - own.alone).max() < 0.05
