"""The share of an uncertain place in a zone, against what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from trucewatch.agreements.zones.placing import NODES, ZoneMap, spread
from trucewatch.model import Area, Drawn, Point, Zone, distance_m

METRES = math.radians(1) * 6_371_008.8


def drawn(area: Area) -> Zone:
    return Zone(code=area.code, name=area.name, drawn=Drawn.POLYGON, area=area)


def half_plane(lat: float, edge: float) -> Area:
    ring = ((edge, lat - 8), (edge + 30, lat - 8), (edge + 30, lat + 8), (edge, lat + 8))
    return Area("east", "East", (((*ring, ring[0]),),))


@pytest.mark.parametrize("sigmas", [-3, -1.645, -1, -0.3, 0, 0.5, 1, 1.645, 2.5])
@pytest.mark.parametrize("error", [50.0, 3_000.0, 25_000.0])
@pytest.mark.parametrize("lat", [0.0, 48.0, -33.0])
def test_a_half_plane_has_the_normal_share(sigmas, error, lat):
    edge = 20 + sigmas * error / (METRES * math.cos(math.radians(lat)))
    share = ZoneMap([drawn(half_plane(lat, edge))]).share(Point(lat, 20.0, error), ("east",))
    # Beyond some 20 km a meridian is visibly no straight line at the place's latitude.
    assert share == pytest.approx(norm.cdf(-sigmas), abs=0.002 if error < 2e4 else 0.004)


@pytest.mark.parametrize("radius", [0.2, 0.5, 1.0, 2.0, 3.0])
def test_a_round_zone_has_the_rayleigh_share(radius):
    error = 2000.0
    turn = np.linspace(0, 2 * np.pi, 400)
    step = radius * error / METRES
    lat = 48 + step * np.sin(turn)
    lon = 37 + step * np.cos(turn) / math.cos(math.radians(48))
    ring = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    ring = (*ring[:-1], ring[0])
    share = ZoneMap([drawn(Area("a", "A", ((ring,),)))]).share(Point(48.0, 37.0, error), ("a",))
    assert share == pytest.approx(1 - math.exp(-(radius**2) / 2), abs=0.002)


def test_a_hole_is_not_in_the_zone():
    outer = ((36.0, 48.0), (37.0, 48.0), (37.0, 49.0), (36.0, 49.0), (36.0, 48.0))
    inner = ((36.4, 48.4), (36.6, 48.4), (36.6, 48.6), (36.4, 48.6), (36.4, 48.4))
    zones = ZoneMap([drawn(Area("a", "A", ((outer, inner),)))])
    assert zones.share(Point(48.5, 36.5, 100.0), ("a",)) == 0
    assert zones.edge(Point(48.5, 36.5, 100.0), ("a",)).startswith("7.4 km outside")


def test_zones_that_overlap_are_not_counted_twice():
    one, two = half_plane(0, 20.0), half_plane(0, 20.001)
    zones = ZoneMap(
        [drawn(Area("one", "One", one.polygons)), drawn(Area("two", "Two", two.polygons))]
    )
    place = Point(0.0, 20.0, 3000.0)
    assert zones.share(place, ("one", "two")) == zones.share(place, ("one",))


@given(
    st.floats(-89, 89), st.floats(-180, 180), st.floats(1, 300_000)
)  # fmt: skip
def test_the_points_stand_around_the_place_in_metres(lat, lon, error):
    place = Point(lat, lon, error)
    east, north = spread(place)
    assert len(east) == NODES
    assert (np.abs(east) <= 180).all()
    assert (np.abs(north) <= 90).all()
    far = [
        distance_m(place, Point(float(y), float(x), 1.0)) / error
        for x, y in zip(east[::256], north[::256], strict=True)
    ]
    quantiles = (np.arange(NODES)[::256] + 0.5) / NODES
    assert far == pytest.approx(np.sqrt(-2 * np.log1p(-quantiles)).tolist(), rel=0.02, abs=0.02)
