"""Fires, static sources and what becomes of them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from trucewatch.incidents import Parameters, find_fires, find_static, pixels
from trucewatch.model import Area, Nature

P = Parameters()


def pixel(world, *, lat=10.0, lon=20.0, day=0.0, platform="N20", name=""):
    return world.claim(
        source="sat", kind="thermal_anomaly", lat=lat, lon=lon, day=day, error_m=200.0,
        platform=platform, name=name,
    )  # fmt: skip


def test_pixels_that_touch_in_one_overpass_are_one_fire(world):
    row = [pixel(world, lon=20 + k * 0.004, day=k / 1440) for k in range(5)]
    (fire,) = find_fires(pixels(row), P)
    assert len(fire.pixels) == 5
    assert fire.place.lon == pytest.approx(20.008, abs=1e-6)
    assert fire.place.error_m > 200
    assert fire.when.length.total_seconds() == pytest.approx(240, abs=1)


def test_gaps_in_place_time_and_platform_part_fires(world):
    apart = [
        pixel(world),
        pixel(world, lon=20.01),
        pixel(world, day=21 / 1440),
        pixel(world, platform="N21"),
    ]
    assert len(find_fires(pixels(apart), P)) == 4
    assert len(find_fires(pixels(apart), replace(P, overpass_gap_minutes=22.0))) == 3


def test_power_weighs_only_where_every_pixel_has_it(world):
    near, far = pixel(world), pixel(world, lon=20.004)
    strong = replace(far, detection=replace(far.detection, power_mw=15.0))
    unknown = replace(far, detection=replace(far.detection, power_mw=None))
    (weighted,) = find_fires(pixels([near, strong]), P)
    (plain,) = find_fires(pixels([near, unknown]), P)
    assert weighted.place.lon == pytest.approx(20.003, abs=1e-6)
    assert plain.place.lon == pytest.approx(20.002, abs=1e-6)


def test_hotter_than_fires_explain_is_static(world):
    works = [pixel(world, day=float(d), lat=10 + d * 0.001) for d in (0, 2, 4)]
    others = [pixel(world, lat=30.0 + d, day=float(d)) for d in (1, 3, 5)]
    (place,) = find_static(pixels(works + others), P)
    assert {p.claim.id for p in place.pixels} == {c.id for c in works}
    assert (place.days_hot, place.days_observed) == (3, 6)
    assert "more than the fires around it explain" in place.reason
    # Two days are below the floor, whatever they are worth.
    assert find_static(pixels([*works[:2], *others]), P) == []
    assert find_static(pixels(works + others), replace(P, static_days=4)) == []


def test_a_fire_that_burns_for_days_and_ends_is_not_static(world):
    """Four days in a row of thirty: a shelled bridge or a wood, and no works."""
    dates = [pixel(world, lat=30.0 + d, day=float(d)) for d in range(30)]
    fire = [pixel(world, day=float(d)) for d in range(10, 14)]
    works = [pixel(world, lat=12.0, day=float(d)) for d in (1, 9, 17, 28)]
    (place,) = find_static(pixels([*dates, *fire, *works]), P)
    assert {p.claim.id for p in place.pixels} == {c.id for c in works}
    # Without the guard the fire is taken for industry too.
    assert len(find_static(pixels([*dates, *fire, *works]), replace(P, static_run=1e-9))) == 2


def test_where_all_around_burns_often_hot_is_not_static(world):
    """Five hot days of thirty on a front with sixty new fires a day within 20 km."""
    chance = random.Random(1)
    front = [
        pixel(world, day=float(d), lat=10 + chance.uniform(-0.15, 0.15),
              lon=20 + chance.uniform(-0.15, 0.15))
        for d in range(30)
        for _ in range(60)
    ]  # fmt: skip
    town = [pixel(world, day=float(d)) for d in (0, 6, 13, 20, 28)]
    far = [pixel(world, lat=40.0, day=float(d)) for d in (0, 6, 13, 20, 28)]
    found = {p.claim.id for place in find_static(pixels(front + town + far), P)
             for p in place.pixels}  # fmt: skip
    assert found >= {c.id for c in far}
    assert not found & {c.id for c in town}


def test_a_fire_that_moves_on_is_not_static(world):
    """Plain linkage would chain these eight pixels, 0.9 km apart on four days, into one place."""
    moving = [pixel(world, day=float(k // 2), lon=20 + k * 0.0082) for k in range(8)]
    assert find_static(pixels(moving), P) == []
    assert len(find_static(pixels(moving), replace(P, static_link_m=2000.0))) == 1


def test_the_provider_may_declare_a_place_static(world):
    one = pixel(world)
    flare = replace(one, detection=replace(one.detection, declared_static=True))
    (found,) = world.find([flare])
    assert found.nature is Nature.STATIC_SOURCE
    assert "declares" in found.reasons[0]


def test_static_places_are_incidents_of_their_own(world):
    works = [pixel(world, day=float(d)) for d in range(3)]
    report = world.claim(day=2.0)
    found = {i.nature: i for i in world.find([*works, report])}
    assert set(found) == {Nature.STATIC_SOURCE, Nature.EVENT}
    assert found[Nature.STATIC_SOURCE].observations == 3
    assert found[Nature.EVENT].sources == ("press",)


def test_fires_of_two_platforms_are_one_incident_with_two_origins(world):
    seen = [pixel(world), pixel(world, lon=20.004), pixel(world, platform="N21", day=0.04)]
    (found,) = world.find(seen)
    assert found.nature is Nature.FIRE
    assert (len(found.claims), len(found.origins), found.observations) == (3, 2, 2)


def test_a_fire_close_by_joins_a_report_and_says_little(world):
    report = world.claim(error_m=300.0, day=0.5)
    hot = pixel(world, day=0.5)
    (found,) = world.find([report, hot])
    assert found.nature is Nature.EVENT
    assert found.kind == "shelling"
    assert found.observations == 1
    thermal = next(t for t in found.terms if "The sat" in t.words)
    assert thermal.nats < 0
    assert "no such act" in thermal.words


def test_a_fire_far_within_the_error_of_a_vague_report_is_not_joined(world):
    found = world.find([world.claim(error_m=12_500.0, hours=24.0), pixel(world, lon=20.1, day=0.4)])
    assert {i.nature for i in found} == {Nature.EVENT, Nature.FIRE}
    event = next(i for i in found if i.nature is Nature.EVENT)
    assert event.place.error_m == 12_500.0
    assert "nearest report not joined: clm-" in event.reasons[-1]
    assert "lower log W by" in event.reasons[-1]


def test_hot_pixels_known_only_by_area_stand_apart(world):
    hot = replace(pixel(world), place=Area(code="R1", name="North", polygons=()))
    (found,) = world.find([hot])
    assert found.nature is Nature.FIRE


def test_the_pixels_of_april(world, pixels_of_april):
    """85 of 438 lie within a kilometre of a place hot on three or four of the four days."""
    claims = pixels_of_april()
    static = find_static(pixels(claims), P)
    assert len(claims) == 438
    assert [p.days_observed for p in static] == [4] * 7
    # One pixel more lies on the edge of a static place without being a core itself.
    assert sum(len(p.pixels) for p in static) == 86
    taken = {p.claim.id for place in static for p in place.pixels}
    assert len(find_fires((p for p in pixels(claims) if p.claim.id not in taken), P)) == 260
    found = world.find(claims)
    assert sum(len(i.claims) for i in found) == 438
    assert sum(i.observations for i in found if i.nature is Nature.FIRE) == 260
    assert not any(i.nature is Nature.EVENT for i in found)
