"""The fast path: the integral, its stated error, and what is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import owens_t as exact_t

import trucewatch.agreements.engine.ground as ground
from benchmarks import assessing as world
from trucewatch.agreements.conditions.compiling import EVENTS
from trucewatch.agreements.engine import docket
from trucewatch.agreements.engine.columns import Columns
from trucewatch.agreements.engine.ground import ALL_POINTS, Ground, Sight, bound
from trucewatch.agreements.engine.kernel import _short, owens_t
from trucewatch.agreements.engine.meaning import Meaning
from trucewatch.agreements.zones.placing import NODES, spread
from trucewatch.model import Outcome, Point


def at(*places: Point) -> Columns:
    some = world.incidents(len(places))
    for one, place in zip(some, places, strict=True):
        object.__setattr__(one, "place", place)
    return Columns.of(some, {one.incident: one for one in world.findings(some)})


@given(st.floats(0, 6), st.floats(-50, 50))
def test_the_function_of_owen(h, a):
    assert owens_t(h, a) == pytest.approx(exact_t(h, a), abs=1e-9)
    assert owens_t(h, math.inf) == pytest.approx(exact_t(h, math.inf), abs=1e-9)


@given(st.floats(0.01, 5), st.floats(-3, 3), st.floats(1e-3, 1))
def test_a_short_edge_is_integrated_at_few_points(h, start, long):
    beside = max(0.0, start, -(start + long))
    if long <= min(1.0, math.hypot(h, beside)):
        whole = exact_t(h, (start + long) / h) - exact_t(h, start / h)
        assert _short(h, start, long) == pytest.approx(whole, abs=1e-5)


angles = st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=9, unique=True).map(sorted)


@settings(deadline=None, max_examples=200)
@given(
    angles, st.randoms(use_true_random=False), st.floats(-72, 72), st.floats(-2, 1),
    st.sampled_from([100.0, 2e3, 2.5e4, 1e5]), st.floats(-1.2, 1.2), st.floats(-1.2, 1.2),
)  # fmt: skip
def test_the_stated_error_holds(turns, chance, lat, size, error, east, north):
    """The fast share against the quadrature, over polygons of all sorts, sizes and latitudes."""
    reach = 10**size
    scale = math.cos(math.radians(lat))
    ring = [
        (20 + r * math.cos(t) / scale, lat + r * math.sin(t))
        for t, r in ((t, reach * chance.uniform(0.2, 1)) for t in turns)
    ]
    shape = shapely.Polygon(ring)
    if not shape.is_valid or shape.area == 0 or max(abs(y) for _, y in ring) > 85:
        return
    place = Point(max(-74.0, min(74.0, lat + north * reach)), 20 + east * reach / scale, error)
    columns = at(place)
    ((share,), (doubt,), _) = Ground(shape).shares(np.array([0]), columns, Sight.of(columns))
    counted = int(np.count_nonzero(shapely.contains_xy(shape, *spread(place)))) / NODES
    assert abs(share - counted) <= doubt + 1e-12
    outside, _, _ = Ground(shape, beyond=True).shares(np.array([0]), columns, Sight.of(columns))
    assert outside[0] == pytest.approx(1 - share)


def stripes(pitch: float, wide: float, turn: float) -> shapely.MultiPolygon:
    """Long stripes on the equator at 20 degrees east; lengths in degrees, `turn` in radians."""
    some = [shapely.box(k * pitch, -1, k * pitch + wide, 1) for k in range(-40, 40)]
    there = shapely.affinity.rotate(shapely.MultiPolygon(some), turn, (0, 0), use_radians=True)
    return shapely.affinity.translate(there, 20, 0)


def off(shape: shapely.Geometry, place: Point) -> tuple[float, float]:
    """How far the fast share is from the quadrature, and how far it says that it may be."""
    columns = at(place)
    ((share,), (doubt,), _) = Ground(shape).shares(np.array([0]), columns, Sight.of(columns))
    counted = int(np.count_nonzero(shapely.contains_xy(shape, *spread(place)))) / NODES
    return abs(share - counted), doubt


UNIT = math.degrees(1_000 / 6_371_008.8)
"""A kilometre in degrees of the equator."""


def worst_ratio() -> float:
    """Combs of 80 teeth, finer and finer, against an error of 1 km."""
    place = Point(0.0, 20.0, 1_000.0)
    found = [
        off(stripes(pitch * UNIT, part * pitch * UNIT, turn), place)
        for pitch in (0.023, 0.2283, 0.4292, 0.8356, 1.8408)
        for part in (0.15, 0.32, 0.47, 0.64)
        for turn in np.arange(0, math.pi, math.pi / 40)
    ]
    return max(one / doubt for one, doubt in found)


def test_the_stated_error_holds_for_combs_of_many_teeth():
    assert worst_ratio() <= 1


def test_without_the_edge_around_a_comb_is_worse_than_stated(monkeypatch):
    monkeypatch.setattr(ground, "EDGE_ERROR", 0.0)
    assert worst_ratio() > 1.1


@pytest.mark.parametrize("turn", [0.5, 2.5167647813758234, 4.0])
def test_the_stated_error_holds_for_the_worst_straight_edge(turn):
    """2.5168 is the bearing at which half planes were found to be off the most, by 0.0031."""
    for away in np.arange(-2, 2, 0.02):
        half = shapely.box(away * UNIT, -2, 4, 2)
        half = shapely.affinity.rotate(half, math.pi / 2 - turn, (0, 0), use_radians=True)
        wrong, doubt = off(shapely.affinity.translate(half, 20, 0), Point(0.0, 20.0, 1_000.0))
        assert wrong <= min(doubt, 0.0032)


@pytest.mark.parametrize("lat", [0.0, 48.0, -60.0, 74.9])
@pytest.mark.parametrize("error", [5e3, 1e5, 2e5])
def test_the_planes_part_of_the_error_holds_for_any_shape(lat, error):
    """Half the area between the density on the sphere and that in the plane of degrees."""
    small, here = error / 6_371_008.8, math.radians(lat)
    steps = np.linspace(-8, 8, 801)
    x, y = np.meshgrid(steps, steps)
    there = here + y * small
    turn = x * small / math.cos(here)
    cosine = np.sin(here) * np.sin(there) + np.cos(here) * np.cos(there) * np.cos(turn)
    angle = np.arccos(np.clip(cosine, -1, 1))
    stretch = np.divide(angle, np.sin(angle), out=np.ones_like(angle), where=angle > 1e-6)
    sphere = np.exp(-((angle / small) ** 2) / 2) * stretch * np.cos(there) / math.cos(here)
    apart = np.abs(sphere - np.exp(-(x * x + y * y) / 2)).sum() / 2 / (2 * math.pi) * 0.02**2
    ((stated,),) = [bound(at(Point(lat, 20.0, error)))]
    assert apart <= stated - ground.BASE_ERROR + 1e-6


@given(st.floats(-75, 75), st.floats(-150, 150), st.floats(1, 200_000))
def test_all_points_lie_within_what_is_called_clear(lat, lon, error):
    columns = at(Point(lat, lon, error))
    sight = Sight.of(columns)
    east, north = spread(Point(lat, lon, error))
    away = np.hypot((east - lon) * sight.across[0], (north - lat) * sight.up[0])
    assert away.max() <= sight.clear[0]
    wide, high = columns.reach(ALL_POINTS)
    assert np.abs(north - lat).max() <= high[0]
    assert np.abs(east - lon).max() <= wide[0]


def test_a_place_right_on_an_edge_is_half_in():
    """And a place right on a corner is in by a quarter."""
    columns = at(
        *(Point(y, x, 1e3) for y, x in [(0, 20), (0.5, 20.5), (1, 21), (0, 20.5), (0.5, 21)])
    )
    square = Ground(shapely.box(20, 0, 21, 1))
    share, _, near = square.shares(np.arange(5), columns, Sight.of(columns))
    assert share == pytest.approx([0.25, 1, 0.25, 0.5, 0.5], abs=1e-6)
    assert near.all()


def test_poles_and_the_date_line_are_left_to_the_rules():
    columns = at(Point(80.0, 20.0, 1e3), Point(10.0, 179.99, 1e4), Point(10.0, 20.0, 3e5))
    assert bound(columns).tolist() == [1, 1, 1]


def test_a_hole_is_no_part_of_it():
    columns = at(Point(0.5, 20.5, 1000.0))
    ring = shapely.Polygon(
        [(20, 0), (21, 0), (21, 1), (20, 1)], [[(20.4, 0.4), (20.6, 0.4), (20.6, 0.6), (20.4, 0.6)]]
    )
    share, doubt, near = Ground(ring).shares(np.array([0]), columns, Sight.of(columns))
    assert (share[0], doubt[0]) == (0, 0)
    assert not near[0]


def test_the_tally_adds_up_and_little_is_kept():
    some, text = world.incidents(300), world.agreement(60)
    held = docket(some, world.findings(some), text)
    assert sum(held.tally().values()) == held.pairs == 300 * len(held.bench.terms)
    assert 0 < len(held.rows) < held.pairs / 10
    assert held.plainly_outside > held.pairs / 2
    assert np.all(np.diff(held.rows.astype(np.int64) * 10_000 + held.terms) > 0)
    for (row, term), share, one in zip(
        ((r, t) for r, t in zip(held.rows, held.terms, strict=True) if r not in held.settled),
        held.shares[~np.isin(held.rows, list(held.settled))],
        (a for a in held.assessments() if a.incident not in
         {some[row].id for row in held.settled}),
        strict=True,
    ):  # fmt: skip
        assert (one.incident, one.provision) == (
            held.columns.incidents[row].id, held.bench.terms[term].provision.id,
        )  # fmt: skip
        assert share == pytest.approx(one.share, abs=0.02)


def test_nothing_is_judged_where_there_is_nothing():
    empty = docket([], [], world.agreement(5))
    assert (empty.pairs, list(empty.assessments())) == (0, [])
    assert set(empty.tally().values()) == {0}
    assert set(empty.tally()) == set(Outcome)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_fact_can_be_told_apart(name):
    some = world.incidents(40)
    columns = Columns.of(some, {one.incident: one for one in world.findings(some)})
    assert len(Meaning(columns)._fact(name)) == 40
