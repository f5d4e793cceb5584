"""Bits of witnesses: a common one always clashes, and no other pair ever does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents.engine import Settings, solve, witnesses
from trucewatch.incidents.engine.candidates import graph
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances


def rows(worlds, events, size):
    reports = worlds.make(events, size=size, days=6.0).reports()
    parameters = worlds.truth(events)
    place, _ = variances(reports, parameters)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(place))
    return table(reports, parameters, ground)


def seen(tab, lists):
    """The table as seen by these witnesses; parameters stay as they were."""
    lists = [sorted(set(each)) for each in lists]
    first = np.array([each[0] for each in lists])
    return replace(
        tab,
        source=first,
        lone=np.full(max(map(max, lists)) + 1, 0.5),
        seen_from=np.concatenate([[0], np.cumsum([len(each) for each in lists])]),
        seen_by=np.concatenate(lists),
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([3, 60, 100, 400]), st.integers(1, 3))
def test_nodes_clash_where_they_have_a_witness_in_common(worlds, seed, many, each):
    dice = np.random.default_rng(seed)
    tab = rows(worlds, 60, 40.0)
    lists = [set(dice.integers(0, many, each).tolist()) for _ in range(len(tab.node))]
    tab = seen(tab, lists)
    near = graph(tab)
    bits = witnesses.masks(tab, near)
    part = near.parts()
    for i in range(len(lists)):
        for j in near.target[near.start[i] : near.start[i + 1]].tolist():
            assert not lists[i] & lists[j]
        for j in np.flatnonzero(part == part[i]).tolist():
            assert bool((bits[i] & bits[j]).any()) == bool(lists[i] & lists[j]) or i == j


def test_a_hundred_sources_see_one_event(worlds):
    """All are joined, and an account that two of them had before is not."""
    tab = rows(worlds, 60, 40.0)
    n = 101
    one = replace(
        tab,
        **{
            name: np.repeat(getattr(tab, name)[:1], n, axis=0)
            for name in ("node", "words", "real_alone", "word")
        },
        key=np.arange(n, dtype=np.uint64),
    )
    one = seen(one, [[k] for k in range(100)] + [[7, 50]])
    found = solve(one, Settings(neighbours=200))
    size = np.bincount(found.label)
    assert sorted(size[size > 0].tolist()) in ([1, 100], [2, 99])
    for label in np.flatnonzero(size):
        told = [w for i in np.flatnonzero(found.label == label) for w in witnesses_of(one, i)]
        assert len(told) == len(set(told))


def witnesses_of(tab, i):
    return tab.seen_by[tab.seen_from[i] : tab.seen_from[i + 1]].tolist()


def test_blind_bits_are_caught(worlds, monkeypatch):
    """Saboteur: without the bits two accounts of one witness end in one happening."""
    tab = rows(worlds, 200, 12.0)
    tab = seen(tab, [[k % 3] for k in range(len(tab.node))])

    def clashes():
        found = solve(tab, Settings(neighbours=200, slack=10.0))
        both = np.column_stack([found.label, tab.source])
        return len(both) - len(np.unique(both, axis=0))

    assert clashes() == 0
    whole = witnesses.masks
    for where in ("partition", "sampling", "consensus"):
        monkeypatch.setattr(
            f"trucewatch.incidents.engine.{where}.masks", lambda t, g: np.zeros_like(whole(t, g))
        )
    assert clashes() > 0
