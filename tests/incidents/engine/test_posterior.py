"""Sampling agrees with counting every partition; learning finds what made the world."""

from __future__ import annotations

import numpy as np
import pytest

from trucewatch.incidents.engine import Settings, associate, candidates, learning, solve
from trucewatch.incidents.engine.arrays import take
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.sampling import draw
from trucewatch.incidents.engine.weights import SUMS, add, copy_row, own_value


def partitions(items):
    if not items:
        yield []
        return
    head, *rest = items
    for smaller in partitions(rest):
        yield [[head], *smaller]
        for k in range(len(smaller)):
            yield [*smaller[:k], [head, *smaller[k]], *smaller[k + 1 :]]


def log_weight(tab, group):
    if len(group) == 1:
        return 0.0
    if len(set(tab.source[group])) < len(group):
        return -np.inf
    sums, kinds = np.zeros((1, SUMS)), np.zeros((1, len(tab.prior)))
    copy_row(sums, kinds, 0, tab.node, tab.words, group[0])
    for i in group[1:]:
        add(sums, kinds, 0, tab.node, tab.words, i, 0.0)
    return own_value(sums, kinds, 0, tab.prior, tab.base, tab.ground)


@pytest.mark.parametrize(("seed", "few"), [(1, False), (2, False), (3, True), (4, True)])
def test_averages_agree_with_every_partition(worlds, seed, few):
    reports = worlds.make(400, seed=seed, size=20.0, days=6.0).reports()
    rows = take(reports, np.arange(50, 57 if few else 59))
    parameters = worlds.truth(400)
    place, _ = variances(reports, parameters)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    tab = table(rows, parameters, ground)
    near = candidates.graph(tab, gate=50.0, slack=200.0)
    alone, sets, total = np.zeros(len(rows)), 0.0, 0.0
    together = np.zeros((len(rows), len(rows)))
    for groups in partitions(list(range(len(rows)))):
        weight = np.exp(sum(log_weight(tab, g) for g in groups))
        total += weight
        alone[[g[0] for g in groups if len(g) == 1]] += weight
        sets += weight * sum(len(g) > 1 for g in groups)
        for g in groups:
            together[np.ix_(g, g)] += weight
    node = np.repeat(np.arange(len(rows)), np.diff(near.start))
    pairs = together[node, near.target] / total
    drawn, _ = draw(tab, near, greedy(tab, near), sweeps=20_000)
    assert np.allclose(drawn.alone, alone / total, atol=0.02)
    assert np.allclose(drawn.together, pairs, atol=0.02)
    assert drawn.share.sum() == pytest.approx(sets / total, abs=0.05)
    if few:
        exact = solve(tab, Settings(gate=50.0, slack=200.0))
        assert np.allclose(exact.alone, alone / total, atol=1e-9)
        assert np.allclose(exact.together, pairs, atol=1e-6)
        assert exact.share.sum() == pytest.approx(sets / total, abs=1e-9)


def test_learning_finds_what_made_the_world(worlds):
    world = worlds.make(4000, size=480.0)
    found, _ = learning.learn(world.reports())
    true = worlds.truth(4000)
    assert abs(found.happenings / true.happenings - 1) < 0.15
    assert np.allclose(found.detection, true.detection, atol=0.06)
    assert np.allclose(np.einsum("skk->sk", found.confusion), 0.85, atol=0.08)


def test_probabilities_mean_what_they_say(worlds):
    world = worlds.copies(worlds.make(4000, size=480.0))
    found = associate(world.reports())
    real = world.event >= 0
    p = found.p_happened
    tenth = np.minimum((p * 10).astype(int), 9)
    error = sum(
        (tenth == k).mean() * abs(real[tenth == k].mean() - p[tenth == k].mean())
        for k in np.unique(tenth)
    )
    assert error < 0.04
    assert abs(p.mean() - real.mean()) < 0.03


def test_without_averaging_the_best_partition_is_close(worlds):
    world = worlds.make(300)
    fast = associate(world.reports(), worlds.truth(300), Settings(averaging=False))
    slow = associate(world.reports(), worlds.truth(300))
    assert len(np.unique(fast.incident)) == pytest.approx(len(np.unique(slow.incident)), rel=0.1)
