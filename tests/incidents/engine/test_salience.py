"""Happenings that are noticed unequally: the weight of a set, and how it is learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import noticed, silence, table, variances
from trucewatch.incidents.engine.salience import salience
from trucewatch.incidents.engine.weights import set_value


def four(worlds, step):
    p = worlds.truth(4000, sources=4)
    return replace(p, detection=np.array([0.3, 0.5, 0.6, 0.4]), salience=step)


def groups(p):
    """P(exactly these sources tell of a happening), by the bits of the group."""
    shares, detection = noticed(p)
    bits = np.arange(1 << len(p.detection))[:, None] >> np.arange(len(p.detection)) & 1
    each = np.where(bits[:, None, :] == 1, detection, 1 - detection).prod(axis=2)
    return each @ shares, bits.sum(axis=1)


@pytest.mark.parametrize("step", [0.0, 0.4, 0.75])
def test_salience_is_found_where_it_is(worlds, step):
    chance, size = groups(four(worlds, step))
    told = np.where(size > 1, 10_000 * chance, 0.0)
    assert salience(told, four(worlds, 0.0)) == pytest.approx(step, abs=0.051)


def test_little_data_find_none(worlds):
    chance, size = groups(four(worlds, 0.75))
    assert salience(np.where(size > 1, 40 * chance, 0.0), four(worlds, 0.0)) == 0
    assert salience(np.zeros(0), four(worlds, 0.0)) == 0


def test_a_set_weighs_its_mean_over_the_classes(worlds):
    reports = worlds.make(30, size=10.0, days=3.0).reports()
    plain = worlds.truth(30)
    uneven = replace(plain, salience=0.6)
    place, _ = variances(reports, plain)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    one, many = (table(reports, p, ground) for p in (plain, uneven))
    shares, detection = noticed(uneven)
    assert silence(uneven).sum() == pytest.approx(shares @ (1 - detection).prod(axis=1))

    def told(p, sources):
        shares, detection = noticed(p)
        spoke = np.isin(np.arange(3), sources)
        return shares @ np.where(spoke, detection, 1 - detection).prod(axis=1)

    checked = 0
    for i in range(len(reports)):
        for j in range(i):
            if reports.source[i] == reports.source[j]:
                continue
            expected = np.log(told(uneven, reports.source[[i, j]]))
            expected -= np.log(told(plain, reports.source[[i, j]]))
            for k in (i, j):
                false = plain.false[reports.source[k]]
                for p, sign in ((uneven, -1), (plain, 1)):
                    expected += sign * np.log(30 * told(p, reports.source[[k]]) + false)
            moved = set_value(many, (j, i)) - set_value(one, (j, i))
            assert moved == pytest.approx(expected, abs=1e-9)
            checked += 1
    assert checked > 100
