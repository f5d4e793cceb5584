"""Order, repetition, names and the place of the origin change nothing; copies prove nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents.engine import Settings, associate, by_content
from trucewatch.incidents.engine.candidates import graph
from trucewatch.incidents.engine.consensus import agree
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.sampling import sample


def same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    pairs = np.unique(np.column_stack([a, b]), axis=0)
    return len(pairs) == len(np.unique(a)) == len(np.unique(b))


@pytest.fixture(scope="module")
def world(worlds):
    return worlds.copies(worlds.make(120))


@pytest.fixture(scope="module")
def first(world):
    return associate(world.reports())


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_changes_nothing(world, first, seed):
    order = np.random.default_rng(seed).permutation(len(world.event))
    found = associate(world.reports(order))
    assert np.array_equal(found.incident, first.incident[order])
    assert np.array_equal(found.p_happened, first.p_happened[order])


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_repeated_rows_change_nothing(world, first, seed):
    n = len(world.event)
    rows = np.concatenate([np.arange(n), np.random.default_rng(seed).integers(0, n, 40)])
    found = associate(world.reports(rows))
    assert np.array_equal(found.incident, first.incident[rows])
    assert np.array_equal(found.p_happened, first.p_happened[rows])


def test_threads_change_nothing(world, first):
    found = associate(world.reports(), settings=Settings(threads=3))
    assert np.array_equal(found.incident, first.incident)
    assert np.array_equal(found.p_happened, first.p_happened)


def test_names_of_sources_kinds_and_texts_change_nothing(world, first):
    changed = {
        "source": 50 - 7 * world.columns["source"],
        "kind": world.columns["kind"] + 100,
        "text": -3 * world.columns["text"],
    }
    found = associate(world.reports(**changed))
    assert same_partition(found.incident, first.incident)
    assert np.allclose(found.p_happened, first.p_happened, atol=1e-6)


def test_the_origin_of_coordinates_changes_nothing(world, first):
    moved = {"x": world.columns["x"] + 1024.0, "y": world.columns["y"] - 512.0}
    found = associate(world.reports(**moved))
    agree = [same_partition(found.incident, first.incident)]
    assert all(agree)
    assert np.allclose(found.p_happened, first.p_happened, atol=0.02)


def test_a_copy_never_raises_the_probability(worlds):
    plain = worlds.make(120)
    told = worlds.copies(plain)
    n = len(plain.event)
    before = associate(plain.reports(), worlds.truth(120))
    after = associate(told.reports(), worlds.truth(120, sources=4))
    assert np.allclose(before.p_happened, after.p_happened[:n], atol=1e-6)
    assert same_partition(before.incident, after.incident[:n])


def test_another_independent_report_never_lowers_the_probability(worlds):
    far = worlds.make(60, seed=7).columns

    def p_of(sources: int) -> float:
        extra = {
            "source": np.arange(sources), "x": np.full(sources, 300.0),
            "y": np.full(sources, 300.0), "loc_sd": np.array([1.0, 2.0, 4.0])[:sources],
            "t0": np.full(sources, 9.9), "t1": np.full(sources, 10.1),
            "kind": np.ones(sources, dtype=int), "pub": np.full(sources, 11.0),
            "text": 90_000 + np.arange(sources),
        }  # fmt: skip
        columns = {k: np.concatenate([far[k], extra[k]]) for k in far}
        return float(associate(by_content(**columns), worlds.truth(60)).p_happened[-1])

    one, two, three = p_of(1), p_of(2), p_of(3)
    assert one <= two + 1e-9
    assert two <= three + 1e-3
    assert two > 0.95 > one


@pytest.mark.parametrize(
    ("column", "value"), [("x", np.nan), ("t0", np.inf), ("loc_sd", 0.0), ("t1", -1e9)]
)
def test_what_belongs_in_quarantine_is_refused(world, column, value):
    broken = world.columns[column].astype(float).copy()
    broken[3] = value
    with pytest.raises(ValueError, match=column):
        world.reports(**{column: broken})


def test_no_reports_are_refused():
    none = np.zeros(0)
    empty = by_content(
        source=none, x=none, y=none, loc_sd=none, t0=none, t1=none, kind=none, pub=none, text=none
    )
    with pytest.raises(ValueError, match="no reports"):
        associate(empty)


def test_one_report_stands_alone():
    one = {k: np.array([1.0]) for k in ("x", "y", "loc_sd", "t0", "t1", "pub")}
    whole = {k: np.array([3]) for k in ("source", "kind", "text")}
    found = associate(by_content(**one, **whole))
    assert found.incident.tolist() == [0]
    assert 0 < found.p_happened[0] < 1


def test_what_happens_elsewhere_changes_nothing_here(worlds):
    """With parameters and density given, components are solved by themselves."""
    here, there = worlds.make(150, seed=1), worlds.make(150, seed=2, days=9.0)
    moved = {k: v.copy() for k, v in there.columns.items()}
    moved["t0"], moved["t1"] = moved["t0"] + 10.6, moved["t1"] + 10.6
    moved["x"], moved["text"] = moved["x"] + 400.0, moved["text"] + 50_000
    both = {k: np.concatenate([here.columns[k], moved[k]]) for k in moved}
    reports = by_content(**both)
    whole = solve(reports, worlds.truth(150), reports)
    alone = solve(by_content(**here.columns), worlds.truth(150), reports)
    n = len(here.event)
    assert same_partition(whole[0][:n], alone[0])
    assert np.array_equal(whole[1][:n], alone[1])


def solve(reports, parameters, surveyed):
    place, _ = variances(surveyed, parameters)
    ground = survey(surveyed.x, surveyed.y, surveyed.t, np.sqrt(place))
    tab = table(reports, parameters, ground)
    near = graph(tab, slack=4.0, most=24)
    drawn = sample(tab, near, greedy(tab, near), chains=2, burn=2, sweeps=7)
    label = agree(tab, near, drawn, 0.4)
    return label[reports.first], drawn.alone[reports.first]
