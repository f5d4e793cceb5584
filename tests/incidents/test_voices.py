"""The false share of an account follows the voices behind it, and never who they are."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, happened, voices
from trucewatch.incidents.nodes import Nodes, Told
from trucewatch.incidents.nodes import nodes_of as table_of
from trucewatch.incidents.voices import NO_ORIGIN, Trust, bodies, false_share
from trucewatch.model import Claim, SourceKind

KEYS = "abcdef"
TRUST = Trust(frozenset("abc"), party_share=0.3, own_slip=0.02)
MOST = 20.0

shares = st.floats(0.001, 0.999)
heard = st.frozensets(st.sampled_from(KEYS), min_size=1, max_size=4)
groups = st.lists(st.tuples(heard, shares), min_size=1, max_size=5)


def nodes_of(falsity: list[float], seed: int = 0) -> Nodes:
    """Accounts a few hundred metres apart that joining makes likelier, with given false shares."""
    dice = np.random.default_rng(seed)
    places, sigma = dice.uniform(0, 0.3, (9, 2)), dice.choice([0.5, 1.0, 3.0], 9)
    told = [
        Told(
            xyz=(float(places[i, 0]), float(places[i, 1]), 0.0),
            sigma=float(sigma[i]),
            days=(0.0, 0.0),
            tau=math.sqrt(0.1),
            word=0,
            own=i,
            witnesses=(i,),
            log_rate=math.log(1e-4),
            log_false=math.log(f / (1 - f)),
            log_unseen=0.0,
        )
        for i, f in enumerate(falsity)
    ]
    return table_of(told, np.array([[0.8, 0.1]]), np.array([0.5, 0.5]), 0.0)


def probability(group, trust: Trust = TRUST, seed: int = 0) -> float:
    nodes = nodes_of([falsity for _, falsity in group], seed)
    members = range(len(group))
    told = {i: each for i, (each, _) in enumerate(group)}
    names = dict.fromkeys(members, "X")
    p, terms = happened(nodes, members, told, names, MOST, None, trust)
    # Thirteen digits of P hold 1e-9 up to the limit in force, and less above it.
    exact = 1e-9 + 1e-13 / (p * (1 - p))
    assert abs(math.fsum(t.nats for t in terms) - math.log(p / (1 - p))) <= exact
    return p


@given(groups, st.integers(0, 4), st.integers(0, 50))
def test_an_extra_independent_voice_never_lowers_p(group, at, seed):
    told, falsity = group[at % len(group)]
    more = [*group]
    more[at % len(group)] = (told | {"new"}, falsity)
    assert probability(more, seed=seed) >= probability(group, seed=seed) - 1e-12


@given(groups, shares, st.integers(1, 3), st.integers(0, 50))
def test_an_extra_independent_account_never_lowers_p(group, falsity, count, seed):
    extra = (frozenset(f"new {k}" for k in range(count)), falsity)
    assert probability([*group, extra], seed=seed) >= probability(group, seed=seed) - 1e-12


@given(groups, st.integers(0, 4), shares, st.data())
def test_an_account_of_voices_already_heard_never_raises_p(group, at, falsity, data):
    """Whatever part of one account's voices it repeats, and however it is trusted."""
    said = sorted(group[at % len(group)][0])
    part = data.draw(st.frozensets(st.sampled_from(said), min_size=1))
    with_copy = bodies(
        nodes_of([f for _, f in [*group, (part, falsity)]]), *told([*group, (part, falsity)])
    )
    without = bodies(nodes_of([f for _, f in group]), *told(group))
    assert len(with_copy) == len(without)
    assert sorted(b.voices for b in with_copy) == sorted(b.voices for b in without)
    before = {m: b.false_share for b in without for m in b.members}
    assert all(b.false_share >= before[m] for b in with_copy for m in b.members if m in before)


def told(group):
    return range(len(group)), {i: each for i, (each, _) in enumerate(group)}, TRUST


@given(groups, st.integers(0, 4), st.sampled_from(KEYS), st.integers(0, 50))
def test_a_voice_heard_elsewhere_never_raises_p(group, at, voice, seed):
    """To say that an account stands on a voice that another stands on too ties the two."""
    assume(any(voice in each for each, _ in group))
    each, falsity = group[at % len(group)]
    more = [*group]
    more[at % len(group)] = (each | {voice}, falsity)
    assert probability(more, seed=seed) <= probability(group, seed=seed) + 1e-12


@given(groups, st.permutations("abc"), st.integers(0, 50))
def test_who_the_parties_are_changes_nothing(group, names, seed):
    turned = dict(zip("abc", names, strict=True))
    renamed = [(frozenset(turned.get(v, v) for v in each), f) for each, f in group]
    assert probability(renamed, seed=seed) == probability(group, seed=seed)


@given(st.lists(shares, min_size=1, max_size=6), shares, st.floats(0.001, 0.5))
def test_the_share_lies_between_the_slip_and_the_best_voice(each, more, slip):
    share = false_share(each, slip)
    assert min(slip, *each) - 1e-12 <= share <= min(each) + 1e-12
    assert false_share(reversed(each), slip) == share
    assert false_share([*each, more], slip) <= share + 1e-12
    assert false_share([*each[1:], max(each[0], more)], slip) >= share - 1e-12


def test_one_voice_has_the_share_of_its_source():
    assert false_share([0.1], 0.02) == 0.1
    assert false_share([0.01], 0.02) == 0.01
    assert false_share([0.1, 0.1], 0.02) == pytest.approx(0.02 + 0.08**2 / 0.98)
    assert false_share([0.5] * 60, 0.02) == pytest.approx(0.02)


@given(st.randoms(use_true_random=False), groups)
def test_order_never_matters(dice: random.Random, group):
    nodes = nodes_of([f for _, f in group])
    members, of, trust = told(group)
    mixed = list(members)
    dice.shuffle(mixed)
    assert bodies(nodes, mixed, of, trust) == bodies(nodes, members, of, trust)


# The same through `find_incidents`, with Origins that say whom they speak for.


def spoken(world, claim: Claim, *of: str | None, party_of: dict[str, str] | None = None):
    """Origins of one claim: "left 1" speaks for the party left, "village" for none."""
    names = party_of or {}
    out = []
    for label in of:
        side = label.split()[0] if label[-1].isdigit() else None
        side = names.get(side, side)
        out.append(replace(world.origin(label, [claim]), party=side))
    return out


def of_coder(world, *labels: str, **rest):
    claim = world.claim(source="coder")
    (found,) = world.find([claim], spoken(world, claim, *labels), **rest)
    return found


@pytest.mark.parametrize(
    ("labels", "p", "words"),
    [
        (["left 1"], 0.7, "one party's word alone: 30% of such accounts"),
        (["left 1", "left 2"], 0.7, "one party's word alone: 30% of such accounts"),
        (["village"], 0.9, "one voice alone: 10% of such accounts"),
        (["left 1", "village"], 0.957, "two independent voices, one of them a party's: 4%"),
        (["left 1", "right 1"], 0.9, "two independent voices, each of them a party's: 10%"),
        (["village", "clinic"], 0.973, "two independent voices: 3% of such accounts"),
        (
            ["village", "clinic", "left 1", "right 2"],
            0.9795,
            "four independent voices, two of them",
        ),
        ([f"place {c}x" for c in "abcdefghijkl"], 0.98, "12 independent voices: 2%"),
    ],
)
def test_a_coded_row_is_as_good_as_its_voices(world, labels, p, words):
    found = of_coder(world, *labels)
    assert found.probability == pytest.approx(p, abs=5e-4)
    assert words in found.terms[0].words
    assert not any(label in repr((found.terms, found.reasons)) for label in labels)


@given(
    st.lists(st.sampled_from(["left 1", "left 2", "right 1", "village"]), min_size=1, unique=True)
)
def test_parties_change_places_and_nothing_changes(world, labels):
    claims = [world.claim(source="coder"), world.claim(source="press", error_m=2000.0)]
    swap = {"left": "right", "right": "left"}
    straight, swapped = (
        world.find(
            claims,
            [
                o
                for n, c in enumerate(claims)
                for o in spoken(world, c, *labels[n:], party_of=names)
            ],
        )
        for names in ({}, swap)
    )
    assert repr(straight) == repr(swapped)


def test_another_office_of_a_party_is_no_second_voice(world):
    claims = [world.claim(source="coder"), world.claim(source="press", lat=10.004)]
    first, second = (spoken(world, c, f"left {k}") for k, c in enumerate(claims))
    other = spoken(world, claims[1], "right 1")
    (one_side,) = world.find(claims, first + second)
    (both,) = world.find(claims, first + other)
    assert one_side.probability == pytest.approx(0.7)
    assert both.probability > 0.95
    assert "shares a voice" in one_side.terms[-1].words


def test_what_no_voice_is_known_of_is_its_source(world):
    claim = world.claim(source="office")
    (found,) = world.find([claim], [])
    assert found.probability == pytest.approx(0.85)
    sided = {"office": replace(world.sources["office"], party="left")}
    (found,) = world.find([claim], [], sources=sided)
    assert found.probability == pytest.approx(0.7)
    assert "one party's word alone" in found.terms[0].words


def test_the_share_of_a_party_is_a_parameter(world):
    kinds = tuple(
        (kind, replace(own, false_share=0.45) if kind is SourceKind.PARTY else own)
        for kind, own in Parameters().by_kind
    )
    found = of_coder(world, "left 1", parameters=Parameters(by_kind=kinds))
    assert found.probability == pytest.approx(0.55)
    assert of_coder(world, "x", "y", parameters=Parameters(own_slip=0.05)).probability < 0.95


def test_without_the_guard_a_repeated_voice_would_raise_p(monkeypatch):
    """Saboteur: were accounts with a common voice kept apart, the laws above would fail."""
    pair = [(frozenset("d"), 0.1), (frozenset("d"), 0.1)]
    assert probability(pair) == pytest.approx(0.9)
    monkeypatch.setattr(voices, "_sharing", lambda ordered, _: [[i] for i in ordered])
    assert probability(pair) > 0.95


def test_without_the_slip_errors_of_a_coder_would_vanish():
    """Saboteur: with no slip, twenty voices would make one coder's row all but certain."""
    group = [(frozenset(f"v{k}" for k in range(20)), 0.3)]
    assert probability(group) < 0.981
    assert probability(group, replace(TRUST, own_slip=0.0)) > 1 - 1e-8


def test_no_origin_beside_an_origin_is_no_voice():
    group = [(frozenset("d"), 0.2), (frozenset({NO_ORIGIN + "s"}), 0.05)]
    assert probability(group) == pytest.approx(0.8)
