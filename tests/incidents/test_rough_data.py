"""What real data do: errors that lie, wrong days, default points, floods, doubles, nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from trucewatch.incidents import Parameters, RatePeak
from trucewatch.incidents.placing import placing
from trucewatch.incidents.regions import Regions
from trucewatch.model import Area, Nature

P = Parameters()
KM = 1 / 111.2


def box(west, south, side, code="R-1", name="North"):
    ring = ((west, south), (west + side, south), (west + side, south + side), (west, south + side))
    return Area(code=code, name=name, polygons=(((*ring, ring[0]),),))


# Stated precision that lies.


def pairs_with_errors_three_times_the_stated(world, n=60):
    chance = random.Random(3)
    return [
        [
            world.claim(
                source=s, lat=-40 + k + chance.gauss(0, 0.9) * KM,
                lon=20 + chance.gauss(0, 0.9) * KM, error_m=300.0, hours=24.0,
            )
            for s in ("press", "radio")
        ]
        for k in range(n)
    ]  # fmt: skip


def joined(world, parameters):
    pairs = pairs_with_errors_three_times_the_stated(world)
    found = world.find([c for pair in pairs for c in pair], parameters=parameters)
    assert sum(len(i.claims) for i in found) == 2 * len(pairs)
    return sum(len(i.claims) == 2 for i in found) / len(pairs)


def test_errors_three_times_the_stated_part_pairs_and_lose_no_report(world):
    assert joined(world, P) > 0.3


def test_a_source_known_to_understate_is_joined_as_it_should(world):
    kinds = tuple((k, replace(p, place_scale=3.0)) for k, p in P.by_kind)
    assert joined(world, replace(P, by_kind=kinds)) > 0.95


# Dates.


def test_dates_off_by_one_day_are_joined_and_by_a_week_not(world):
    first = world.claim(error_m=200.0, hours=24.0)
    for days, incidents in ((1.0, 1), (-1.0, 1), (7.0, 2)):
        other = world.claim(source="radio", error_m=200.0, hours=24.0, day=days)
        assert len(world.find([first, other])) == incidents


# Default points.


def capital(world, n=40, source="press", **rest):
    """A report a day at the capital's point, and twenty of elsewhere, each at its own place."""
    chance = random.Random(5)
    there = [
        world.claim(source=source, error_m=500.0, hours=24.0, day=float(d), number=f"{source}c{d}",
                    **rest)
        for d in range(n)
    ]  # fmt: skip
    elsewhere = [
        world.claim(source=source, lat=10 + chance.uniform(-2, 2), lon=20 + chance.uniform(-2, 2),
                    error_m=500.0, hours=24.0, day=float(d), number=f"{source}e{d}")
        for d in range(20)
    ]  # fmt: skip
    return there, elsewhere


def test_a_default_point_is_as_wide_as_what_is_told_of_there(world):
    there, elsewhere = capital(world)
    # A patrol saw something at the capital on one of the days: not what the press tells of.
    saw = world.claim(source="patrol", error_m=100.0, day=3.5)
    found = world.find([*there, *elsewhere, saw])
    assert not any(len(i.sources) > 1 for i in found)
    wide = [i for i in found if set(i.claims) <= {c.id for c in there}]
    assert len(wide) == 40
    assert all(i.place.error_m > 50_000 and i.region is None for i in wide)
    assert any("taken for a default" in reason for reason in wide[0].reasons)
    # Without the guard the press and the patrol confirm each other.
    blind = replace(P, default_alarm=1e-300)
    assert any(len(i.sources) > 1 for i in world.find([*there, *elsewhere, saw], parameters=blind))


def test_the_region_around_bounds_a_default_point(world):
    there, elsewhere = capital(world)
    regions = Regions([box(19.6, 9.6, 0.8)])
    placed = placing([*there, *elsewhere], world.sources, regions, P)
    errors = {c.place.error_m for c in placed.claims if c.id in placed.notes}
    assert len(errors) == 1
    assert 20_000 < errors.pop() < 30_000


@pytest.mark.parametrize("source", ["patrol", "sat"])
def test_who_stands_in_one_place_is_no_liar(world, source):
    there, elsewhere = capital(world, source=source)
    placed = placing([*there, *elsewhere], world.sources, Regions([]), P)
    assert placed.notes == {}


def test_a_town_hit_as_often_as_the_next_is_no_default(world):
    towns = [
        world.claim(lat=10 + t * 0.2, error_m=500.0, hours=24.0, day=float(d), name=f"{t}{d}")
        for t in range(5)
        for d in range(10)
    ]
    assert placing(towns, world.sources, Regions([]), P).notes == {}
    # One place alone has nothing to be measured by.
    assert placing(towns[:10], world.sources, Regions([]), P).notes == {}


def test_what_the_rate_explains_is_no_default(world):
    there, elsewhere = capital(world)
    front = RatePeak(lat=10.0, lon=20.0, spread_m=1000.0, per_day=500.0)
    placed = placing(
        [*there, *elsewhere], world.sources, Regions([]), replace(P, rate_peaks=(front,))
    )
    assert placed.notes == {}


def test_order_changes_no_placing(world):
    there, elsewhere = capital(world)
    claims = [*there, *elsewhere]
    mixed = claims[:]
    random.Random(1).shuffle(mixed)
    one, other = (placing(c, world.sources, Regions([]), P) for c in (claims, mixed))
    assert one == other


# Areas.


def test_a_small_area_takes_part_as_a_vague_point(world):
    village = box(19.98, 9.98, 0.04, code="V", name="The village")
    vague = replace(world.claim(source="radio", hours=24.0), place=village)
    exact = world.claim(error_m=200.0, hours=12.0)
    (found,) = world.find([vague, exact], regions=[box(19.0, 9.0, 2.0)])
    assert found.sources == ("press", "radio")
    assert found.region == "R-1"
    assert found.place.error_m < 200.0
    assert "somewhere in The village: the point only stands for the area" in found.reasons


def test_the_region_of_an_area_is_its_own_where_its_middle_lies_outside(world):
    ring = ((20.0, 10.0), (20.3, 10.0), (20.3, 10.02), (20.02, 10.02), (20.02, 10.3), (20.0, 10.3))
    hook = Area(code="H", name="Hook", polygons=(((*ring, ring[0]),),))
    rest = box(20.02, 10.02, 0.3, code="A", name="Rest")
    claim = replace(world.claim(), place=Area(code="", name="hook", polygons=()))
    (found,) = world.find([claim], regions=[rest, hook])
    assert found.region == "H"
    # An exact report tells of the region better than a name does.
    exact = world.claim(source="radio", lat=10.06, lon=20.06, error_m=200.0)
    (both,) = world.find([claim, exact], regions=[rest, hook])
    assert both.region == "A"


def test_sums_of_an_area_stay_apart(world):
    village = box(19.98, 9.98, 0.04)
    many = replace(world.claim(source="radio"), place=village, aggregated=True)
    assert len(world.find([many, world.claim()], regions=[village])) == 2


# Floods, doubles and nothing.


def test_ten_thousand_rows_of_one_source_change_nothing_of_the_others(world):
    pair = [world.claim(error_m=300.0), world.claim(source="patrol", error_m=300.0)]
    alone = world.claim(source="radio", lat=12.0)
    flood = [
        world.claim(source="coder", lat=30 + (k % 100) * 0.05, lon=20 + (k // 100) * 0.05,
                    error_m=300.0, day=float(k % 17), number=str(k))
        for k in range(10_000)
    ]  # fmt: skip
    before = world.find([*pair, alone], world.by_source([*pair, alone]))
    origins = world.by_source([*pair, alone, *flood])
    after = world.find([*pair, alone, *flood], origins)
    kept = [i for i in after if "coder" not in i.sources]
    assert kept == list(before)


@pytest.mark.parametrize("numbered", [True, False])
def test_ten_identical_rows_are_one(world, numbered):
    rows = [world.claim(name=str(k), number="7" if numbered else None) for k in range(10)]
    (found,) = world.find(rows)
    (one,) = world.find(rows[:1])
    assert found.probability == one.probability
    assert found.place == one.place
    assert found.observations == one.observations == 1


def test_empty_fields_are_kept_and_joined_to_nothing(world):
    bare = world.claim(source="", kind="", text="", number="")
    nowhere = replace(world.claim(name="n"), place=Area(code="", name="", polygons=()))
    unknown = world.claim(source="nobody", name="u", lat=50.0)
    found = world.find([bare, nowhere, unknown], [])
    assert len(found) == 3
    assert all(i.nature is Nature.EVENT and 0 < i.probability < 1 for i in found)


def test_an_empty_number_is_no_number(world):
    """Else all rows whose number was left out would be one event."""
    rows = [world.claim(number="", lat=lat) for lat in (10.0, 40.0)]
    assert len(world.find(rows)) == 2
