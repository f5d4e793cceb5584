"""Sampling agrees with counting every partition; learning finds what made the world."""

from __future__ import annotations

import numpy as np
import pytest

from trucewatch.incidents.engine import Settings, associate, candidates, learning
from trucewatch.incidents.engine.arrays import take
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.sampling import sample
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sampling_agrees_with_every_partition(worlds, seed):
    reports = worlds.make(400, seed=seed, size=20.0, days=6.0).reports()
    rows = take(reports, np.arange(50, 58))
    parameters = worlds.truth(400)
    place, _ = variances(reports, parameters)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    tab = table(rows, parameters, ground)
    near = candidates.graph(tab, gate=50.0, slack=200.0, most=99)
    alone, total = np.zeros(len(rows)), 0.0
    for groups in partitions(list(range(len(rows)))):
        weight = np.exp(sum(log_weight(tab, g) for g in groups))
        total += weight
        alone[[g[0] for g in groups if len(g) == 1]] += weight
    drawn = sample(tab, near, greedy(tab, near), chains=2, burn=200, sweeps=20_000)
    assert np.allclose(drawn.alone, alone / total, atol=0.02)


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
