"""An incident opened: parts sum to their whole, and the next best reading is the next best."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, RatePeak, alternatives, open_incident, shares
from trucewatch.incidents.engine.weights import set_value
from trucewatch.incidents.nodes import Nodes, Told, nodes_of
from trucewatch.model import Source, SourceKind

PEAK = RatePeak(lat=10.0, lon=20.0, spread_m=10_000.0, per_day=3.0)


def nodes_like(n: int, seed: int) -> Nodes:
    """Accounts of all precisions; fires are rarer than usual at some of their places."""
    dice = np.random.default_rng(seed)
    told = [
        Told(
            xyz=tuple(dice.uniform(0, 5, 3).tolist()),
            sigma=float(dice.choice([0.2, 1.0, 6.0])),
            days=(float(dice.uniform(0, 2)), float(dice.choice([0.0, 1.0]))),
            tau=float(dice.choice([0.1, 0.5])),
            word=int(dice.integers(0, 3)),
            own=i,
            witnesses=(i,),
            log_rate=float(dice.uniform(-10, -4)),
            log_false=float(dice.uniform(-4, 1)),
            log_unseen=float(dice.uniform(-0.5, 0)),
        )
        for i in range(n)
    ]
    words = np.array([[0.8, 0.1], [0.2, 0.5], [0.4, 0.4]])
    rare = np.array([[0.0, 0.0], [0.0, -1.5], [0.0, 0.7]])
    return nodes_of(told, words, np.array([0.3, 0.7]), -1.2, rare)


@given(st.integers(1, 6), st.integers(0, 500))
def test_the_parts_sum_to_log_w(n, seed):
    nodes = nodes_like(n, seed)
    parts = shares.parts_of(nodes, range(n))
    assert parts.nats == pytest.approx(set_value(nodes.table, range(n)), abs=1e-8)
    assert parts.place <= 0
    assert parts.time <= 0


@given(st.integers(2, 6), st.integers(0, 500))
def test_the_parts_of_a_share_sum_to_what_the_account_brings(n, seed):
    nodes = nodes_like(n, seed)
    for i in range(n):
        rest = [j for j in range(n) if j != i]
        share = shares.share_of(nodes, range(n), i)
        whole = set_value(nodes.table, range(n)) - set_value(nodes.table, rest)
        assert math.fsum(t.nats for t in share.terms()) == pytest.approx(whole, abs=1e-7)


def test_without_the_rarer_kinds_kind_would_be_another_part(monkeypatch):
    """Saboteur: kinds as common as anywhere."""
    nodes = nodes_like(4, 1)
    monkeypatch.setattr(Nodes, "kinds_of", lambda self, _: self.table.prior)
    off = shares.parts_of(nodes, range(4))
    # What kind gains detection loses: the sum hides it, the parts do not.
    monkeypatch.undo()
    true = shares.parts_of(nodes, range(4))
    assert abs(off.kind - true.kind) > 0.01


def test_without_the_rate_the_parts_would_not_sum(monkeypatch):
    """Saboteur: the rate is left out of the sum."""
    nodes = nodes_like(3, 2)
    monkeypatch.setattr(shares, "RATE", shares.A)
    assert abs(shares.parts_of(nodes, range(3)).nats - set_value(nodes.table, range(3))) > 0.1


def open_it(world, claims, incident, parameters=None, **rest):
    parameters = parameters or Parameters()
    return open_incident(
        incident.id,
        world.find(claims, parameters=parameters),
        claims,
        world.by_source(claims),
        **{"sources": world.sources, "regions": (), "parameters": parameters, **rest},
    )


def close_by(world):
    """Three accounts of one shelling, and one more ten kilometres and a day away."""
    return [
        world.claim(error_m=500.0),
        world.claim(source="patrol", lat=10.003, error_m=300.0),
        world.claim(source="coder", lat=10.001, error_m=1000.0),
        world.claim(source="office", lat=10.02, day=0.4, error_m=1000.0),
        world.claim(source="radio", lat=10.05, day=0.9, error_m=2000.0),
    ]


def test_order_and_repetition_change_nothing(world):
    claims = close_by(world)
    for incident in world.find(claims):
        first = open_it(world, claims, incident)
        assert first is not None
        for seed in range(3):
            mixed = claims + claims[:2]
            random.Random(seed).shuffle(mixed)
            assert open_it(world, mixed, incident) == first


def test_p_without_an_account_is_that_of_the_others(world):
    claims = [world.claim(error_m=300.0), world.claim(source="patrol", error_m=300.0)]
    lower = Parameters(rate_per_km2_day=1e-6)
    (incident,) = world.find(claims, parameters=lower)
    found = open_it(world, claims, incident, lower)
    assert len(found.accounts) == 2
    for own in found.accounts:
        rest = [c for c in claims if c.id not in own.claims]
        (alone,) = world.find(rest, world.by_source(claims), parameters=lower)
        assert own.probability_without == alone.probability < incident.probability
        # Of two accounts each brings the whole.
        assert own.nats == pytest.approx(found.log_w, abs=1e-8)


@pytest.mark.parametrize("parameters", [Parameters(), Parameters(rate_peaks=(PEAK,))])
def test_the_alternative_is_the_best_of_all_one_step_readings(world, parameters):
    """Against a list of all partitions that differ by one account or one split, by brute force."""
    claims = close_by(world)
    for incident in world.find(claims, parameters=parameters):
        found = open_it(world, claims, incident, parameters)
        near = max((n.nats for n in found.near if n.nats is not None), default=-math.inf)
        if found.alternative is None:
            assert len(found.accounts) == 1
            assert not found.near
            continue
        assert found.alternative.nats >= near
        assert found.alternative.odds == pytest.approx(math.exp(found.alternative.nats), rel=1e-6)
        if len(found.accounts) > 1:
            # Taking one out loses what it brings.
            assert found.alternative.nats >= -min(a.nats for a in found.accounts) - 1e-6


@given(st.integers(2, 7), st.integers(0, 100))
def test_every_way_to_split_is_looked_at_once(n, seed):
    nodes = nodes_like(n, seed)

    class NothingNear(alternatives.Readings):
        def near(self, _):
            return []

    group = tuple(range(n))
    readings = list(NothingNear(nodes, None, (), [group]).all(group))
    whole = set_value(nodes.table, group)
    expected = []
    for size in range(1, n):
        for part in combinations(group[1:], size):
            rest = [i for i in group if i not in part]
            gain = set_value(nodes.table, part) + set_value(nodes.table, rest) - whole
            expected.append(round(gain, 6))
    if n == 2:
        # Either of two that stands alone leaves the other alone.
        expected *= 2
    assert sorted(round(r.nats, 6) for r in readings) == pytest.approx(sorted(expected), abs=2e-6)


def test_one_witness_is_never_put_with_itself(world, monkeypatch):
    """With its saboteur: without the guard one source's two events would be offered as one."""
    claims = [world.claim(source="coder", number=str(k)) for k in range(2)]
    one, _ = world.find(claims)
    found = open_it(world, claims, one)
    assert found.alternative is None
    assert all(n.nats is None for n in found.near)
    monkeypatch.setattr(alternatives.Readings, "near", lambda *_: [(1,)])
    assert open_it(world, claims, one).alternative is None
    monkeypatch.setattr(alternatives.Readings, "_may", lambda *_: True)
    assert open_it(world, claims, one).alternative is not None


def test_what_was_made_of_something_else_is_not_opened(world):
    claims = close_by(world)
    incidents = world.find(claims)
    given = {"sources": world.sources, "regions": ()}
    other = Parameters(rate_per_km2_day=1e-3)
    origins = world.by_source(claims)
    several = max(incidents, key=lambda i: len(i.claims))
    found = open_incident(several.id, incidents, claims, origins, parameters=other, **given)
    assert found is None
    fewer = [c for c in claims if c.id != several.claims[0]]
    assert (
        open_incident(several.id, incidents, fewer, origins, parameters=Parameters(), **given)
        is None
    )
    assert (
        open_incident("inc-0", incidents, claims, origins, parameters=Parameters(), **given) is None
    )


def test_what_is_joined_to_nothing_has_one_account(world):
    claims = [world.claim(error_m=200_000.0)]
    (incident,) = world.find(claims)
    found = open_it(world, claims, incident)
    (own,) = found.accounts
    assert (own.claims, own.place, found.near) == (incident.claims, incident.place, ())
    assert (own.parts, found.alternative, own.probability_without) == ((), None, None)


def test_a_source_under_seal_is_not_named(world):
    claims = [world.claim(error_m=300.0), world.claim(source="patrol", error_m=300.0)]
    patrol = Source(
        id="patrol", name="The patrol", kind=SourceKind.PATROL, timezone="UTC", sealed=True
    )
    sources = {**world.sources, "patrol": patrol}
    lower = Parameters(rate_per_km2_day=1e-6)
    (incident,) = world.find(claims, parameters=lower, sources=sources)
    found = open_incident(
        incident.id, [incident], claims, world.by_source(claims),
        sources=sources, regions=(), parameters=lower,
    )  # fmt: skip
    assert {(a.name, a.sealed) for a in found.accounts} == {
        ("The press", False),
        ("a source under seal", True),
    }
    assert "The patrol" not in repr(found)
    seen = [a for a in found.accounts if a.sealed]
    assert [replace(a, sealed=False).name for a in seen] == ["a source under seal"]


@pytest.mark.parametrize(
    ("nats", "words"),
    [
        (-4.2, "it is 4.2 nats, about 67 times, less likely"),
        (1.3, "it is 1.3 nats, about 3.7 times, likelier by itself"),
        (0.01, "it is as likely"),
        (-10.0, "it is 10.0 nats, about 22,000 times, less likely"),
        (-20.0, "it is 20.0 nats, more than a million times, less likely"),
    ],
)
def test_nats_are_told_in_times(nats, words):
    assert alternatives.compared(nats) == words
