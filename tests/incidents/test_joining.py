"""P is honest where the joining is not sure, and only there."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, happened, joining, probability
from trucewatch.incidents.nodes import Nodes, Told, nodes_of

MOST = 30.0
sizes = st.integers(2, 5)
chances = st.floats(0, 1)


def close(n: int, seed: int = 0) -> Nodes:
    dice = np.random.default_rng(seed)
    told = [
        Told(
            xyz=(*dice.uniform(0, 0.5, 2).tolist(), 0.0),
            sigma=float(dice.choice([0.5, 1.0, 3.0])),
            days=(0.0, 0.0),
            tau=0.3,
            word=0,
            own=i,
            witnesses=(i,),
            log_rate=math.log(1e-4),
            log_false=float(dice.uniform(-4, 1)),
            log_unseen=0.0,
        )
        for i in range(n)
    ]
    return nodes_of(told, np.array([[0.8, 0.1]]), np.array([0.5, 0.5]), 0.0)


def p_of(nodes: Nodes, members, pairs=None):
    voices = {i: frozenset({str(i)}) for i in members}
    return happened(nodes, members, voices, dict.fromkeys(members, "X"), MOST, chances=pairs)


def even(n: int, m: float) -> np.ndarray:
    pairs = np.full((n, n), m)
    np.fill_diagonal(pairs, 1.0)
    return pairs


@given(sizes, st.integers(0, 99), st.data())
def test_doubt_never_raises_p_and_terms_still_sum(n, seed, data):
    pairs = even(n, 1.0)
    for i in range(n):
        for j in range(i):
            pairs[i, j] = pairs[j, i] = data.draw(chances)
    nodes = close(n, seed)
    sure, _ = p_of(nodes, range(n))
    p, terms = p_of(nodes, range(n), pairs)
    assert p <= sure + 1e-12
    exact = 1e-9 + 1e-13 / (p * (1 - p))
    assert abs(math.fsum(t.nats for t in terms) - math.log(p / (1 - p))) <= exact


@given(sizes, st.integers(0, 99), st.floats(joining.SURE, 1.0))
def test_where_the_joining_is_sure_nothing_changes(n, seed, m):
    nodes = close(n, seed)
    assert p_of(nodes, range(n), even(n, m)) == p_of(nodes, range(n))


@given(st.integers(0, 99), chances)
def test_two_accounts_average_over_one_and_both(seed, m):
    nodes = close(2, seed)
    best = max(p_of(nodes, [i])[0] for i in range(2))
    both, _ = p_of(nodes, range(2))
    p, _ = p_of(nodes, range(2), even(2, m))
    if m < joining.SURE:
        assert p == pytest.approx(m * both + (1 - m) * best, abs=1e-4)


def test_every_subset_is_summed():
    """Three contested accounts beside one that is sure, by the formula as it is written."""
    nodes, m = close(4, 3), (0.9, 0.6, 0.3)
    pairs = even(4, 0.0)
    pairs[0, 1:] = pairs[1:, 0] = m
    belongs = joining.belonging(range(4), pairs, {i: p_of(nodes, [i])[0] for i in range(4)})
    core = max(belongs, key=lambda i: (belongs[i], -i))
    assert core == 0
    expected = 0.0
    for part in product((True, False), repeat=3):
        kept = [0, *(i for i, kept in zip((1, 2, 3), part, strict=True) if kept)]
        weight = math.prod(
            belongs[i] if kept else 1 - belongs[i] for i, kept in zip((1, 2, 3), part, strict=True)
        )
        expected += weight * p_of(nodes, kept)[0]
    p, terms = p_of(nodes, range(4), pairs)
    assert p == pytest.approx(expected, abs=1e-9)
    (term,) = (t for t in terms if t.name == "joining")
    assert term.nats < 0
    assert f"in {math.prod(belongs.values()):.0%} of the likely readings" in term.words


@given(st.integers(0, 99), chances)
def test_an_account_that_surely_belongs_never_lowers_p(seed, m):
    nodes = close(3, seed)
    pairs = even(3, m)
    before, _ = p_of(nodes, [0, 1], pairs[:2, :2])
    pairs[2, :] = pairs[:, 2] = [m, 1.0, 1.0]
    after, _ = p_of(nodes, range(3), pairs)
    pairs[0, 2] = pairs[2, 0] = m
    assert after >= before - 1e-12


def test_many_contested_accounts_are_bounded():
    nodes = close(12, 1)
    p, terms = p_of(nodes, range(12), even(12, 0.5))
    assert 0 < p < p_of(nodes, range(12))[0]
    assert sum(t.name == "joining" for t in terms) == 1


def test_a_chain_is_as_sure_as_its_links():
    pairs = np.eye(4)
    for i in range(3):
        pairs[i, i + 1] = pairs[i + 1, i] = 0.9
    found = joining.belonging(range(4), pairs, dict.fromkeys(range(4), 0.5))
    assert found == {0: 0.9, 1: 1.0, 2: 0.9, 3: 0.81}


def test_without_the_bound_doubt_could_raise_p(monkeypatch):
    """Saboteur: a dubious account of a voice already heard can make the average the larger one."""
    nodes = close(2, 0)
    nodes = replace(nodes, log_false=np.array([-3.0, 2.0]))
    voices = {i: frozenset({"one"}) for i in range(2)}
    names = dict.fromkeys(range(2), "X")

    def p() -> float:
        return happened(nodes, range(2), voices, names, MOST, chances=even(2, 0.5))[0]

    sure, _ = happened(nodes, range(2), voices, names, MOST)
    assert p() == sure
    monkeypatch.setattr(probability, "min", lambda _, nats: nats, raising=False)
    assert p() > sure


def test_one_of_several_that_look_alike_is_shown_with_none(world):
    """Any one of them would be wrong three times in four; that it is near is said."""
    rows = [world.claim(source="coder", number=str(k)) for k in range(4)]
    seen = world.claim(source="patrol")
    found = world.find([*rows, seen])
    assert [len(i.claims) for i in found] == [1] * 5
    (alone,) = (i for i in found if "patrol" in i.sources)
    assert any("nearest report not joined" in reason for reason in alone.reasons)


def test_what_is_nearly_as_likely_as_not_is_shown_as_one_and_says_so(world):
    """One of two that look alike: a chance of a half each, less what is a happening of its own."""
    rows = [world.claim(source="coder", number=str(k)) for k in range(2)]
    seen = world.claim(source="patrol")
    found = world.find([*rows, seen])
    assert len(found) == 2
    (both,) = (i for i in found if len(i.claims) == 2)
    (term,) = (t for t in both.terms if t.name == "joining")
    assert "of the likely readings" in term.words
    sure = world.find([rows[0], seen])[0]
    assert world.find(rows[:1])[0].probability < both.probability < sure.probability


def test_two_sources_alone_are_joined_for_sure(world):
    (found,) = world.find(
        [world.claim(error_m=300.0), world.claim(source="patrol", error_m=300.0)],
        parameters=Parameters(rate_per_km2_day=1e-6),
    )
    assert "joining" not in {t.name for t in found.terms}
