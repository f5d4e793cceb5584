"""Buffers are right in metres, held against geodesics that are computed apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreements.geodesic import metres

import trucewatch.agreements.zones.buffers as buffers
from trucewatch.agreements.zones.buffers import buffered
from trucewatch.agreements.zones.ellipsoid import from_plane, ring_area_m2, to_plane


def test_the_reference_is_right():
    """Flinders Peak to Buninyong, as Geoscience Australia publishes it for GRS 80."""
    found = metres(
        144 + 25 / 60 + 29.52440 / 3600,
        -(37 + 57 / 60 + 3.72030 / 3600),
        143 + 55 / 60 + 35.38390 / 3600,
        -(37 + 39 / 60 + 10.15610 / 3600),
    )
    assert found == pytest.approx(54972.271, abs=0.002)


@given(st.floats(-180, 180), st.floats(-84, 84), st.floats(0, 2 * np.pi), st.floats(1, 300_000))
def test_the_plane_is_right_from_its_centre(lon, lat, bearing, distance):
    x, y = np.array([distance * np.sin(bearing)]), np.array([distance * np.cos(bearing)])
    there_lon, there_lat = from_plane(x, y, (lon, lat))
    assert metres(lon, lat, there_lon[0], there_lat[0]) == pytest.approx(distance, abs=0.1)
    back = to_plane(there_lon, there_lat, (lon, lat))
    assert np.hypot(back[0] - x, back[1] - y)[0] < 0.1


def edge_distances(line, km):
    """How far each vertex of the buffer's edge lies from the line, by geodesics, in km."""
    shape = buffered([line], km * 1000)
    dense = np.vstack(
        [
            np.linspace(a, b, 2000)
            for a, b in zip(np.array(line[:-1]), np.array(line[1:]), strict=True)
        ]
    )
    edges = shapely.get_coordinates(shape.boundary)
    found = []
    for lon, lat in edges[:: max(1, len(edges) // 60)]:
        rough = np.hypot((dense[:, 0] - lon) * np.cos(np.radians(lat)), dense[:, 1] - lat)
        near = dense[np.argsort(rough)[:400]]
        found.append(min(metres(lon, lat, *place) for place in near) / 1000)
    return found


@pytest.mark.parametrize("lat", [0.0, 0.001, 31.5, 48.0, -54.0, 70.0, 82.0])
@pytest.mark.parametrize("km", [0.5, 15.0, 120.0])
def test_every_point_of_the_edge_lies_at_the_distance(lat, km):
    line = [(37.0, lat), (37.4, lat + 0.3), (38.1, lat + 0.25), (38.3, lat + 0.9)]
    for distance in edge_distances(line, km):
        assert distance == pytest.approx(km, rel=2e-3)


def test_without_its_guard_a_degree_would_be_as_long_everywhere(monkeypatch):
    """The saboteur: with a plane of plain degrees the edge lies at the wrong distance."""
    scale = 111_320.0
    monkeypatch.setattr(
        buffers, "to_plane", lambda lon, lat, c: ((lon - c[0]) * scale, (lat - c[1]) * scale)
    )
    monkeypatch.setattr(buffers, "from_plane", lambda x, y, c: (c[0] + x / scale, c[1] + y / scale))
    found = edge_distances([(37.0, 48.0), (37.1, 48.6)], 15)
    assert any(one != pytest.approx(15, rel=0.05) for one in found)


def test_a_long_line_leaves_no_gap_between_its_pieces():
    line = [(30.0, 48.0), (40.0, 49.0), (41.0, 45.0)]
    shape = buffered([line], 2_000)
    assert len(shape.geoms) == 1
    for a, b in zip(np.array(line[:-1]), np.array(line[1:]), strict=True):
        for lon, lat in np.linspace(a, b, 3000):
            assert shapely.contains_xy(shape, lon, lat)


def test_a_line_that_crosses_itself_has_a_valid_buffer():
    shape = buffered([[(30, 48), (31, 49), (31, 48), (30, 49), (30.2, 48)]], 5_000)
    assert shape.is_valid
    assert shapely.contains_xy(shape, 30.5, 48.5)


def test_a_buffer_over_the_date_line_is_cut_there():
    shape = buffered([[(179.9, -17.0), (179.95, -16.0)]], 30_000)
    west, _, east, _ = shape.bounds
    assert (west, east) == (-180, 180)
    for lon in (179.8, -179.9):
        assert shapely.contains_xy(shape, lon, -16.5)
    assert not shapely.contains_xy(shape, 0, -16.5)
    assert metres(179.95, -16.5, -179.9, -16.5) < 30_000


@pytest.mark.parametrize(
    ("line", "km", "words"),
    [
        ([(0, 84.5), (1, 84.5)], 100, "beyond latitude 85"),
        ([(0, -85.5), (1, -84)], 1, "beyond latitude 85"),
        ([(179, 0), (-179, 0)], 1, "crosses the date line"),
        ([(-179, 0), (0, 0), (179, 0)], 1, "longer than 10,000 km"),
    ],
)
def test_what_is_not_drawn_is_refused_in_words(line, km, words):
    with pytest.raises(ValueError, match=words):
        buffered([line], km * 1000)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(36, 38), st.floats(46, 49)), min_size=2, max_size=6),
    st.floats(100, 100_000),
    st.floats(1.05, 2),
)
def test_a_wider_buffer_holds_the_narrower(line, narrow, times):
    assert buffered([line], narrow * times).covers(buffered([line], narrow))


def test_the_area_of_a_buffer_is_that_of_its_shape():
    shape = buffered([[(37.0, 48.0), (37.0, 48.5)]], 10_000)
    length = metres(37.0, 48.0, 37.0, 48.5)
    (part,) = shape.geoms
    found = ring_area_m2(shapely.get_coordinates(part.exterior))
    assert found == pytest.approx(length * 20_000 + np.pi * 1e8, rel=1e-3)


def test_the_area_of_the_earth():
    strip = np.array([(lon, lat) for lat in (90,) for lon in range(-180, 181)], dtype=float)
    ring = np.vstack([strip, strip[::-1] * [1, -1], strip[:1]])
    assert ring_area_m2(ring) == pytest.approx(510_065_621.7e6, rel=2e-2)
