"""Laws: order and repetition change nothing, copies add nothing, origins never lower P."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, Weights, candidates
from trucewatch.incidents.accounts import of_claims
from trucewatch.incidents.nodes import make_nodes
from trucewatch.incidents.partition import partition
from trucewatch.incidents.weights import Nodes
from trucewatch.model import Claim, Nature, Point

KINDS = ["shelling", "mortar", "missile", "explosion", "event", "casualties", "small_arms"]

one = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["press", "radio", "patrol", "coder", "office", "nobody"]),
        "kind": st.sampled_from(KINDS),
        "lat": st.integers(0, 12).map(lambda k: 10 + k / 200),
        "lon": st.integers(0, 12).map(lambda k: 20 + k / 200),
        "error_m": st.sampled_from([200.0, 1000.0, 5000.0, 20000.0, 80000.0]),
        "day": st.integers(0, 8).map(lambda k: k / 4),
        "hours": st.sampled_from([0.0, 1.0, 24.0, 100.0]),
        "name": st.sampled_from(["a", "b"]),
    }
)
hot = st.fixed_dictionaries(
    {
        "source": st.just("sat"),
        "kind": st.just("thermal_anomaly"),
        "lat": st.integers(0, 30).map(lambda k: 10 + k / 500),
        "error_m": st.just(200.0),
        "day": st.integers(0, 12).map(lambda k: k / 3),
        "platform": st.sampled_from(["N20", "N21"]),
    }
)
worlds = st.tuples(st.lists(one, max_size=10), st.lists(hot, max_size=10))


def claims_of(world, drawn):
    return [world.claim(**each) for part in drawn for each in part]


@given(worlds, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(world, drawn, dice: random.Random):
    claims = claims_of(world, drawn)
    first = world.find(claims)
    again = claims + [c for c in claims if dice.random() < 0.5]
    dice.shuffle(again)
    origins = world.by_source(claims)
    dice.shuffle(origins)
    assert repr(world.find(again, origins)) == repr(first)


@given(worlds)
def test_every_claim_is_in_one_incident_and_terms_sum(world, drawn):
    claims = claims_of(world, drawn)
    found = world.find(claims)
    told = [c for incident in found for c in incident.claims]
    assert sorted(told) == sorted({c.id for c in claims})
    assert list(found) == sorted(found, key=lambda i: (i.when.earliest, i.id))
    for incident in found:
        odds = math.log(incident.probability / (1 - incident.probability))
        assert math.fsum(t.nats for t in incident.terms) == pytest.approx(odds, abs=1e-9)
        assert incident.reasons or len(incident.claims) == 1


def with_probability(found, claim: Claim) -> float:
    return next(i.probability for i in found if claim.id in i.claims)


@given(one, st.integers(2, 5), st.floats(0, 3), st.sampled_from([0.2, 1.0, 3.0]))
def test_a_copy_never_raises_p_and_moves_nothing(world, first, copies, later, scale):
    first = {**first, "source": "press", "published": 1.0}
    original = world.claim(**first)
    witness = world.claim(**{**first, "source": "patrol", "published": None})
    error = first["error_m"] * scale
    repeated = [
        world.claim(**{**first, "source": f"s{k}", "error_m": error, "published": 1.0 + later})
        for k in range(copies)
    ]
    sources = {**world.sources}
    for k in range(copies):
        sources[f"s{k}"] = replace(sources["patrol"], id=f"s{k}")
    second = world.origin("patrol", [witness])
    before = world.find([original, witness], [world.origin("a", [original]), second])
    after = world.find(
        [original, witness, *repeated],
        [world.origin("a", [original, *repeated]), second],
        sources=sources,
    )
    assert with_probability(after, original) <= with_probability(before, original) + 1e-12


@given(st.lists(one, min_size=1, max_size=3), st.sampled_from(KINDS), st.integers(0, 4))
def test_one_more_origin_at_the_same_place_never_lowers_p(world, drawn, kind, step):
    base = [
        world.claim(**{**each, "source": source, "lat": 10.0, "lon": 20.0})
        for each, source in zip(drawn, ["press", "radio", "coder"], strict=False)
    ]
    extra = world.claim(source="patrol", kind=kind, lat=10 + step / 300)
    before = {i.claims: i.probability for i in world.find(base)}
    for incident in world.find([*base, extra]):
        if extra.id in incident.claims:
            rest = tuple(c for c in incident.claims if c != extra.id)
            if rest in before:
                assert incident.probability >= before[rest] - 1e-12


@given(worlds, st.sampled_from([-100.0, 37.3, 120.0]))
@settings(max_examples=60)
def test_turning_the_globe_changes_no_partition(world, drawn, turn):
    claims = claims_of(world, drawn)
    turned = [
        replace(c, place=Point(c.place.lat, c.place.lon + turn, c.place.error_m))
        for c in claims
        if isinstance(c.place, Point)
    ]
    parts = [{i.claims for i in world.find(each)} for each in (claims, turned)]
    assert parts[0] == parts[1]


def random_nodes(seed: int, n: int = 120) -> Nodes:
    dice = np.random.default_rng(seed)
    witness = dice.integers(0, 5, n)
    return Nodes(
        xyz=np.column_stack([dice.uniform(0, 60, (n, 2)), np.zeros(n)]),
        sigma=dice.choice([0.3, 1.0, 3.0, 10.0], n),
        t=dice.uniform(0, 10, n),
        tvar=dice.choice([0.01, 0.1, 1.0], n),
        log_rate=np.full(n, math.log(1e-4)),
        word=dice.integers(0, 3, n),
        likely=np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]]),
        prior=np.array([0.5, 0.3, 0.2]),
        witness=witness,
        masks=tuple(1 << int(w) for w in witness),
        log_detect=np.full(n, math.log(0.5)),
        log_false=np.full(n, math.log(0.25)),
        log_unseen=np.zeros(n),
        silence=0.0,
        copier=(False,) * n,
    )


def brute_force(weights: Weights, p: Parameters) -> set[tuple[int, int]]:
    i, j = np.triu_indices(len(weights.nodes), 1)
    i, j = candidates.gated(weights, i, j, p.gate_sigmas)
    keep = weights.pair_values(i, j) > -p.slack_nats
    return set(zip(i[keep].tolist(), j[keep].tolist(), strict=True))


def gridded(weights: Weights, p: Parameters) -> set[tuple[int, int]]:
    i, j, _ = candidates.near_pairs(weights, p)
    return set(zip(i.tolist(), j.tolist(), strict=True))


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_the_tree_finds_what_brute_force_finds(seed):
    weights, p = Weights(random_nodes(seed)), Parameters(neighbours=10_000)
    assert gridded(weights, p) == brute_force(weights, p)


def test_a_shrunken_box_is_caught_by_brute_force(monkeypatch):
    weights, p = Weights(random_nodes(1)), Parameters(neighbours=10_000)
    whole = candidates._box
    monkeypatch.setattr(candidates, "_box", lambda w, a, b, s: whole(w, a, b, s / 2))
    assert gridded(weights, p) != brute_force(weights, p)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_pair_values_are_the_values_of_pairs(seed):
    weights = Weights(random_nodes(seed, 20))
    i, j = np.triu_indices(20, 1)
    slow = [weights.value(weights.of((a, b))) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
    assert weights.pair_values(i, j) == pytest.approx(np.array(slow), abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_a_component_is_solved_by_itself(seed):
    """What lies out of reach changes nothing: half a world alone is parted as in the whole."""
    nodes = random_nodes(seed, 80)
    far = replace(nodes, xyz=nodes.xyz + np.where(np.arange(80) < 40, 0.0, 5000.0)[:, None])
    half = replace(
        far,
        **{
            name: getattr(far, name)[:40]
            for name in (
                "xyz", "sigma", "t", "tvar", "log_rate", "word", "witness", "masks",
                "log_detect", "log_false", "log_unseen", "copier",
            )
        },
    )  # fmt: skip
    together, _ = partition(Weights(far), Parameters())
    apart, _ = partition(Weights(half), Parameters())
    assert [g for g in together if g[0] < 40] == apart


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_no_single_move_gains(seed):
    """Moves end where none is left that gains, so greed alone does not have the last word."""
    weights = Weights(random_nodes(seed, 150))
    groups, near = partition(weights, Parameters())
    home = {i: g for g in groups for i in g}
    for i, here in home.items():
        rest = tuple(m for m in here if m != i)
        leaving = (weights.value(weights.of(rest)) if rest else 0.0) - weights.value(
            weights.of(here)
        )
        assert leaving < 1e-5
        for there in {home[j] for j in near[i]} - {here}:
            if not weights.of(there).mask & weights.single(i).mask:
                joined = weights.value(weights.of((*there, i)))
                assert leaving + joined - weights.value(weights.of(there)) < 1e-5


def test_no_group_holds_two_accounts_of_one_witness():
    nodes = random_nodes(5)
    groups, _ = partition(Weights(nodes), Parameters())
    assert sorted(i for g in groups for i in g) == list(range(len(nodes)))
    assert all(len({int(nodes.witness[i]) for i in g}) == len(g) for g in groups)
    assert any(len(g) > 2 for g in groups)


def test_terms_need_every_word(world):
    """Saboteur: without the term for other readings the sum no longer is the log-odds."""
    claims = [world.claim(source=s) for s in ("press", "patrol")]
    (found,) = world.find(claims)
    odds = math.log(found.probability / (1 - found.probability))
    less = math.fsum(t.nats for t in found.terms if t.name != "other readings")
    limit = any(t.name == "limit" for t in found.terms)
    assert limit or abs(less - odds) > 1e-9
    assert found.nature is Nature.EVENT


def test_accounts_need_points(world):
    area = replace(world.claim(), place=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="stands apart"):
        of_claims([area], {}, {}, Parameters())


def test_nodes_of_nothing(world):
    nodes = make_nodes([], world.sources, Parameters())
    assert partition(Weights(nodes), Parameters())[0] == []
    assert world.find([]) == ()
