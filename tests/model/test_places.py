"""Laws of places: distances are distances, and what is nowhere is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import Extent, Point, distance_m
from trucewatch.model.places import EARTH_RADIUS_M

POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180), st.just(1.0))


@given(POINTS, POINTS, POINTS)
def test_distances_are_mutual_short_and_keep_to_the_triangle(a, b, c):
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == distance_m(b, a)
    assert 0 <= distance_m(a, b) <= math.pi * EARTH_RADIUS_M
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 0.1


def test_the_date_line_and_the_poles_are_no_walls():
    assert distance_m(Point(10, 179.999, 1), Point(10, -179.999, 1)) < 250
    assert distance_m(Point(90, 0, 1), Point(90, 123, 1)) < 1
    assert distance_m(Point(0, 0, 1), Point(0, 180, 1)) == pytest.approx(math.pi * EARTH_RADIUS_M)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 180.0000001])
def test_nowhere_is_no_place(bad):
    for lat, lon in ((bad, 0.0), (0.0, bad)):
        with pytest.raises(ValueError, match="out of range"):
            Point(lat, lon, 1.0)
    for error in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="standard error"):
            Point(0.0, 0.0, error)
    for corners in ((0, 0, bad, 1), (0, bad, 1, 1), (bad, 0, 1, 1), (1, 0, 1, 1), (0, 1, 1, 0)):
        with pytest.raises(ValueError, match="extent"):
            Extent(*corners)
