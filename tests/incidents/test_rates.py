"""Where more happens: peaks of the rate, stated or learnt from an earlier time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, RatePeak, learn_peaks, nodes
from trucewatch.incidents.accounts import stand_in
from trucewatch.incidents.engine.weights import RATE, A, set_value
from trucewatch.incidents.nodes import in_order, make_nodes
from trucewatch.incidents.rates import STEP, act_rates, fire_scarcity
from trucewatch.incidents.wording import acts
from trucewatch.model import Point

P = Parameters()


def account(claim):
    return stand_in([claim], claim.place, {})


TOWN = RatePeak(lat=10.0, lon=20.0, spread_m=3000.0, per_day=50.0)


def test_without_peaks_the_rate_is_the_same_everywhere():
    places = [Point(0.0, 0.0, 100.0), Point(60.0, 170.0, 40_000.0)]
    assert act_rates(places, P).tolist() == pytest.approx([math.log(1e-4)] * 2)
    assert fire_scarcity(places, P).tolist() == [0.0, 0.0]
    assert act_rates([], P).shape == (0,)


def test_a_peak_is_blurred_by_the_place_that_asks():
    near, vague, far = act_rates(
        [Point(10.0, 20.0, 1.0), Point(10.0, 20.0, 4000.0), Point(10.0, 20.5, 1.0)],
        replace(P, rate_peaks=(TOWN,)),
    ).tolist()
    assert math.exp(near) == pytest.approx(1e-4 + 50 / (2 * math.pi * 9), rel=1e-4)
    assert math.exp(vague) == pytest.approx(1e-4 + 50 / (2 * math.pi * 25), rel=1e-4)
    assert far == pytest.approx(math.log(1e-4))


def test_the_order_of_peaks_changes_nothing():
    more = (TOWN, replace(TOWN, lat=10.03), replace(TOWN, lon=20.02, per_day=0.1))
    place = [Point(10.01, 20.01, 700.0)]
    rates = [act_rates(place, replace(P, rate_peaks=p))[0] for p in (more, more[::-1])]
    assert rates[0] == rates[1]


def test_peaks_hold_what_was_counted():
    town = [Point(10.0 + k * 1e-5, 20.0, 100.0) for k in range(20)]
    lonely = [Point(30.0, 20.0, 100.0)] * 2
    given = {"days": 10.0, "reported": 0.5}
    (peak,) = learn_peaks([*town, *lonely], **given)
    assert peak.per_day == pytest.approx(20 / 10 / 0.5)
    assert peak.spread_m == pytest.approx(math.hypot(10_000 / math.sqrt(12), 100), abs=0.1)
    assert learn_peaks([*lonely, *town[::-1]], **given) == (peak,)
    assert len(learn_peaks([*town, *lonely], **given, least=2)) == 2
    assert learn_peaks([], **given) == ()
    # The poles and the date line are places too.
    ends = [Point(lat, lon, 10.0) for lat in (-90.0, 90.0) for lon in (-180.0, 180.0)]
    assert learn_peaks(ends, **given) == ()


def test_a_vague_report_in_a_town_under_fire_is_not_joined(world):
    """A day on which the town has fifty happenings says nothing of which one is meant."""
    pair = [
        world.claim(error_m=200.0, hours=24.0),
        world.claim(source="radio", error_m=5000.0, hours=24.0),
    ]
    assert len(world.find(pair)) == 1
    busy = replace(P, rate_peaks=(replace(TOWN, per_day=100.0),))
    assert len(world.find(pair, parameters=busy)) == 2
    exact = [pair[0], world.claim(source="radio", error_m=200.0, hours=24.0)]
    assert len(world.find(exact, parameters=busy)) == 1


def pixel(world, platform: str, day: float = 0.45, **rest):
    return world.claim(
        source="sat", kind="thermal_anomaly", platform=platform, error_m=200.0, day=day, **rest
    )


def test_a_fire_in_a_town_under_fire_is_the_likelier_an_acts_sign(world, monkeypatch):
    """Acts are many there and other fires are not, so a fire beside a report joins it."""
    told = [world.claim(error_m=1000.0, hours=24.0), pixel(world, "n")]
    busy = replace(P, rate_peaks=(replace(TOWN, per_day=10.0),))
    (found,) = world.find(told, parameters=busy)
    assert "joining" not in {t.name for t in found.terms} or found.probability > 0.8
    monkeypatch.setattr(nodes, "fire_scarcity", lambda places, _: np.zeros(len(places)))
    assert len(world.find(told, parameters=busy)) == 2


def test_fires_are_as_dense_in_a_town_under_fire_as_anywhere(world):
    """Where acts are ten times as dense, two platforms that see one fire are joined as before."""
    seen = [pixel(world, "n"), pixel(world, "j", day=0.5)]
    busy = replace(P, rate_peaks=(replace(TOWN, per_day=0.05),))
    weights = [
        set_value(made.table, (0, 1))
        for p in (P, busy)
        for made in [make_nodes(in_order([account(c) for c in seen]), world.sources, p)]
    ]
    assert weights[1] == pytest.approx(weights[0], abs=0.3)


@given(
    st.lists(st.floats(-0.1, 0.1), min_size=1, max_size=4),
    st.floats(0.01, 1000),
)
def test_fires_count_once_in_a_set_of_any_size(world, aside, per_day):
    """Words and kinds of a set hold the density of fires once: times the acts', it is λ₀ again."""
    p = replace(P, rate_peaks=(replace(TOWN, per_day=per_day),))
    seen = [pixel(world, f"p{k}", lat=10 + d) for k, d in enumerate(aside)]
    made = make_nodes(in_order([account(c) for c in seen]), world.sources, p)
    members = range(len(seen))
    fires = (made.table.words.prod(axis=0) * made.kinds_of(members))[acts() == 0].sum()
    precision = made.table.node[:, A]
    rate = float(precision @ made.table.node[:, RATE] / precision.sum())
    assert math.log(fires) + rate == pytest.approx(math.log(5e-4 * 0.8), abs=STEP / 2 + 1e-9)


def test_numbers_that_cannot_be():
    with pytest.raises(ValueError, match="out of range"):
        learn_peaks([], days=0.0, reported=0.5)
    with pytest.raises(ValueError, match="range"):
        RatePeak(lat=91.0, lon=0.0, spread_m=1.0, per_day=1.0)
