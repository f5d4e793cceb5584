"""Where more happens: peaks of the rate, stated or learnt from an earlier time."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from trucewatch.incidents import Parameters, RatePeak, learn_peaks
from trucewatch.incidents.rates import log_rates
from trucewatch.model import Point

P = Parameters()
TOWN = RatePeak(lat=10.0, lon=20.0, spread_m=3000.0, per_day=50.0)


def test_without_peaks_the_rate_is_the_same_everywhere():
    places = [Point(0.0, 0.0, 100.0), Point(60.0, 170.0, 40_000.0)]
    assert log_rates(places, P).tolist() == [math.log(5e-4)] * 2
    assert log_rates([], P).shape == (0,)


def test_a_peak_is_blurred_by_the_place_that_asks():
    near, vague, far = log_rates(
        [Point(10.0, 20.0, 1.0), Point(10.0, 20.0, 4000.0), Point(10.0, 20.5, 1.0)],
        replace(P, rate_peaks=(TOWN,)),
    ).tolist()
    assert math.exp(near) == pytest.approx(5e-4 + 50 / (2 * math.pi * 9), rel=1e-4)
    assert math.exp(vague) == pytest.approx(5e-4 + 50 / (2 * math.pi * 25), rel=1e-4)
    assert far == pytest.approx(math.log(5e-4))


def test_the_order_of_peaks_changes_nothing():
    more = (TOWN, replace(TOWN, lat=10.03), replace(TOWN, lon=20.02, per_day=0.1))
    place = [Point(10.01, 20.01, 700.0)]
    rates = [log_rates(place, replace(P, rate_peaks=p))[0] for p in (more, more[::-1])]
    assert rates[0] == rates[1]


def test_peaks_hold_what_was_counted():
    town = [Point(10.0 + k * 1e-5, 20.0, 100.0) for k in range(20)]
    lonely = [Point(30.0, 20.0, 100.0)] * 2
    given = {"days": 10.0, "reported": 0.5, "fire_share": 0.8}
    (peak,) = learn_peaks([*town, *lonely], **given)
    assert peak.per_day == pytest.approx(20 / 10 / 0.5 / 0.2)
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
    busy = replace(P, rate_peaks=(replace(TOWN, per_day=500.0),))
    assert len(world.find(pair, parameters=busy)) == 2
    exact = [pair[0], world.claim(source="radio", error_m=200.0, hours=24.0)]
    assert len(world.find(exact, parameters=busy)) == 1


def test_numbers_that_cannot_be():
    with pytest.raises(ValueError, match="out of range"):
        learn_peaks([], days=0.0, reported=0.5, fire_share=0.8)
    with pytest.raises(ValueError, match="range"):
        RatePeak(lat=91.0, lon=0.0, spread_m=1.0, per_day=1.0)
