"""Laws: order and repetition change nothing, copies add nothing, origins never lower P."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents import Parameters
from trucewatch.incidents.accounts import of_claims
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
def test_turning_the_globe_changes_nothing_but_places(world, drawn, turn):
    claims = claims_of(world, drawn)
    turned = [
        replace(c, place=Point(c.place.lat, c.place.lon + turn, c.place.error_m))
        for c in claims
        if isinstance(c.place, Point)
    ]
    here, there = ({i.claims: i for i in world.find(each)} for each in (claims, turned))
    assert set(here) == set(there)
    for of, one in here.items():
        other = there[of]
        assert (one.kind, one.when, one.nature) == (other.kind, other.when, other.nature)
        assert other.probability == pytest.approx(one.probability, abs=2e-4)
        assert other.place.lat == pytest.approx(one.place.lat, abs=1e-6)


@given(worlds, st.permutations(["a", "b", "c", "d", "e", "f", "g"]))
@settings(max_examples=60)
def test_new_names_of_sources_change_nothing_but_names(world, drawn, names):
    claims = claims_of(world, drawn)
    new = dict(zip([*world.sources, "nobody"], names, strict=True))
    sources = {new[k]: replace(s, id=new[k]) for k, s in world.sources.items()}
    renamed = [replace(c, source=new[c.source]) for c in claims]
    here = world.find(claims)
    there = world.find(renamed, world.by_source(claims), sources=sources)

    def told(found):
        return [(i.id, i.claims, i.probability, i.kind, i.place, i.when) for i in found]

    assert told(here) == told(there)


@given(worlds, worlds)
@settings(max_examples=40)
def test_what_lies_out_of_reach_changes_nothing(world, drawn, far):
    """Each part of the world is solved by itself, so it makes no matter what came with it."""
    here = [c for c in claims_of(world, drawn) if c.detection is None]
    there = [
        replace(c, id=f"{c.id}-far", place=Point(c.place.lat + 40, c.place.lon, c.place.error_m))
        for c in claims_of(world, far)
        if c.detection is None and isinstance(c.place, Point)
    ]
    both = {i.id: i for i in world.find([*here, *there], world.by_source(here))}
    for incident in world.find(here):
        assert repr(both[incident.id]) == repr(incident)


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


def test_nothing_becomes_nothing(world):
    assert world.find([]) == ()
