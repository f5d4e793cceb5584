"""Nodes that come and go leave what a batch over those that are left makes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trucewatch.incidents.engine import Live, Settings, solve
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances


def some(tab, rows):
    """The table of some of the nodes, in the order given."""
    names = ("node", "words", "source", "real_alone", "word", "key")
    return replace(
        tab,
        **{name: getattr(tab, name)[rows] for name in names},
        seen_from=np.arange(len(rows) + 1),
        seen_by=tab.source[rows],
    )


class Crowd(tuple):
    """A table and its rank, with a short name for reports of failures."""

    __slots__ = ()

    def __repr__(self):
        return "crowd"


@pytest.fixture(scope="module")
def crowd(worlds):
    """A dense world: a table in the order of content, and that order as columns."""
    reports = worlds.make(110, size=30.0, days=9.0).reports()
    parameters = worlds.truth(110)
    place, _ = variances(reports, parameters)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    rank = np.column_stack(
        [
            reports.t, reports.x, reports.y, reports.kind, reports.loc_sd, reports.width,
            reports.pub, reports.source, reports.text,
        ]
    ).astype(float)  # fmt: skip
    return Crowd((table(reports, parameters, ground), rank))


def same(live, numbers, tab, rows, how):
    """Whether what stands is what a batch makes; `rows` are sorted, `numbers` their names."""
    whole = solve(some(tab, rows), how)
    of = {int(number): k for k, number in enumerate(numbers)}
    label = np.array([of[int(name)] for name in live.label[numbers]])
    assert np.array_equal(label, whole.label)
    assert np.allclose(live.alone[numbers], whole.alone, rtol=0, atol=1e-12)
    assert np.allclose(live.share[numbers], whole.share, rtol=0, atol=1e-12)
    p = 1 - whole.alone * (1 - tab.real_alone[rows])
    assert np.allclose(live.p_happened[numbers], p, rtol=0, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 9, 30, 128]), st.floats(0, 1))
@example(0, 9, 0.0)
def test_a_stream_leaves_what_a_batch_makes(crowd, seed, most, part):
    """Any start, any order, any batching, and nodes withdrawn in between."""
    tab, rank = crowd
    how = Settings(block=most)
    dice = np.random.default_rng(seed)
    order = dice.permutation(len(rank))
    first = np.sort(order[: int(part * len(rank))])
    live = Live(some(tab, first), rank[first], how)
    number = {int(row): k for k, row in enumerate(first)}
    waiting = [int(row) for row in order[len(first) :]]
    while waiting:
        size = int(dice.integers(1, 9))
        batch, waiting = np.array(waiting[:size]), waiting[size:]
        for row, name in zip(batch, live.add(some(tab, batch), rank[batch]), strict=True):
            number[int(row)] = int(name)
        if dice.random() < 0.4:
            gone = dice.choice(sorted(number), min(3, len(number)), replace=False)
            live.withdraw([number.pop(int(row)) for row in gone])
    rows = np.array(sorted(number), dtype=int)
    assert len(live) == len(rows)
    same(live, np.array([number[int(row)] for row in rows], dtype=int), tab, rows, how)


def test_what_was_withdrawn_may_come_back(crowd):
    tab, rank = crowd
    how, n = Settings(), len(rank)
    live = Live(tab, rank, how)
    live.withdraw([5, 17, 40])
    assert (live.label[[5, 17, 40]] == -1).all()
    back = np.array([40, 5, 17])
    names = np.arange(n)
    names[back] = live.add(some(tab, back), rank[back])
    same(live, names, tab, np.arange(n), how)


def test_all_may_go(crowd):
    tab, rank = crowd
    live = Live(some(tab, np.arange(40)), rank[:40], Settings(block=6))
    live.withdraw(range(40))
    assert len(live) == 0
    assert live.label.tolist() == [-1] * 40


def test_who_is_not_there_cannot_go(crowd):
    tab, rank = crowd
    live = Live(some(tab, np.arange(4)), rank[:4], Settings())
    live.withdraw([2])
    for number in (2, 4, -1):
        with pytest.raises(KeyError):
            live.withdraw([number])
    assert len(live) == 3


def test_a_rank_is_needed_for_each(crowd):
    tab, rank = crowd
    with pytest.raises(ValueError, match="rank"):
        Live(tab, rank[:-1], Settings())
    live = Live(some(tab, np.arange(4)), rank[:4], Settings())
    with pytest.raises(ValueError, match="rank"):
        live.add(some(tab, np.arange(4, 6)), rank[4:5])


def test_blocks_that_are_not_parted_anew_are_caught(crowd, monkeypatch):
    """Saboteur: where only the new node is parted anew, its neighbours' blocks go stale."""
    tab, rank = crowd
    how = Settings(block=9)

    def stream():
        live = Live(some(tab, np.arange(60)), rank[:60], how)
        for row in range(60, len(rank)):
            live.add(some(tab, np.array([row])), rank[[row]])
        same(live, np.arange(len(rank)), tab, np.arange(len(rank)), how)

    stream()
    monkeypatch.setattr("trucewatch.incidents.engine.live.step_of", lambda _: -2)
    with pytest.raises((AssertionError, KeyError)):
        stream()
