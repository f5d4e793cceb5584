"""Tiles: every record is on the map once, counted where there are many, and nowhere twice."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, date, datetime
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from starlette.testclient import TestClient
from tests.app_web.test_view_files import about, incident

from trucewatch.app.web.views import spots, vectors
from trucewatch.app.web.views.reading import FileView
from trucewatch.app.web.views.spots import Tile
from trucewatch.app.web.views.view import Query, Unanswerable
from trucewatch.app.web.views.writing import write_view

DICE = random.Random(5)
RECORDS = [
    incident(
        n,
        day=1 + n % 9,
        state=DICE.choice(("reported", "alleged")),
        lat=DICE.choice((49.125, DICE.uniform(-60, 80))),
        lon=DICE.choice((36.25, DICE.uniform(-180, 179.99))),
    )
    for n in range(900)
]


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    at = datetime(2031, 5, 1, tzinfo=UTC)
    return FileView(write_view(folder, "a", RECORDS, about=about(), at=at))


@pytest.mark.parametrize("z", [0, 1, 3, 5])
@pytest.mark.parametrize("apart", [False, True])
def test_the_tiles_of_a_depth_hold_every_record_once(view, z, apart):
    count, states, ids = 0, Counter(), set()
    for x in range(2**z):
        for y in range(2**z):
            for spot in view.spots("incident", Query(), Tile(z, x, y), apart=apart):
                count += spot.count
                states.update(spot.states)
                if spot.row is not None:
                    ids.add(spot.row)
                assert spot.count == sum(spot.states.values())
    assert count == len(RECORDS)
    assert states == Counter(record.body["state"] for record in RECORDS)
    assert len(ids) <= len(RECORDS)


@pytest.mark.parametrize(("z", "x", "y"), [(0, 0, 0), (2, 2, 1), (3, 4, 2)])
def test_marks_of_a_tile_do_not_lie_over_one_another(view, z, x, y):
    def places(apart):
        found = view.spots("incident", Query(), Tile(z, x, y), apart=apart)
        marks = [spots.Mercator(SimpleNamespace(lon=s.lon, lat=np.array(s.lat))) for s in found]
        return [(mark.x * 2**z, float(mark.y) * 2**z) for mark in marks]

    def near(marks):
        return [
            (one, other)
            for one, other in combinations(marks, 2)
            if abs(one[0] - other[0]) < spots.WIDE * 0.99
            and abs(one[1] - other[1]) < spots.HIGH * 0.99
        ]

    assert near(places(apart=False)), "the saboteur: each where it is"
    assert near(places(apart=True)) == []


def test_a_mark_tells_the_box_of_all_that_it_counts(view):
    for spot in view.spots("incident", Query(), Tile(1, 1, 0), apart=True):
        west, south, east, north = spot.box
        inside = view.page("incident", Query(bbox=spot.box)).matched
        assert inside >= spot.count
        assert west - 1e-5 <= spot.lon <= east + 1e-5
        assert south - 1e-5 <= spot.lat <= north + 1e-5
        assert spot.stacked == (spot.count > 1 and (west, south) == (east, north))


def test_deep_down_only_what_lies_at_one_place_is_counted(view):
    stacked = Counter((r.body["place"]["lat"], r.body["place"]["lon"]) for r in RECORDS)
    side = 2**spots.DEEPEST
    x, y = (36.25 + 180) / 360, 0.5 - math.atanh(math.sin(math.radians(49.125))) / (2 * math.pi)
    found = view.spots("incident", Query(), Tile(spots.DEEPEST, int(x * side), int(y * side)))
    (spot,) = found
    assert (spot.count, spot.stacked, spot.row) == (stacked[49.125, 36.25], True, None)
    assert (spot.lat, spot.lon) == (49.125, 36.25)


def test_what_is_filtered_is_not_on_the_map(view):
    query = Query(first=date(2031, 4, 2), last=date(2031, 4, 3), where={"state": ("alleged",)})
    found = view.spots("incident", query, Tile(0, 0, 0))
    assert sum(spot.count for spot in found) == view.page("incident", query).matched > 0
    assert view.spots("nothing", Query(), Tile(0, 0, 0)) == []
    with pytest.raises(Unanswerable):
        view.spots("incident", Query(where={"hidden": ("x",)}), Tile(0, 0, 0))


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (17, 0, 0), (2, 4, 0), (2, 0, -1)])
def test_a_tile_that_there_is_not_is_refused(z, x, y):
    with pytest.raises(Unanswerable):
        Tile(z, x, y)


def number(raw, at):
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(raw):
    at = 0
    while at < len(raw):
        key, at = number(raw, at)
        value, at = number(raw, at)
        if key & 7 == 2:
            value, at = raw[at : at + value], at + value
        yield key >> 3, value


def decoded(raw):
    """A layer as the standard has it, read by another hand than wrote it."""
    ((three, layer),) = fields(raw)
    assert three == 3
    keys, values, features, told = [], [], [], {}
    for field, value in fields(layer):
        if field == 2:
            features.append(dict(fields(value)))
        elif field == 3:
            keys.append(value.decode())
        elif field == 4:
            ((sort, one),) = fields(value)
            values.append({1: lambda v: v.decode(), 5: int, 7: bool}[sort](one))
        else:
            told[field] = value
    out = []
    for feature in features:
        tags, at = [], 0
        while at < len(feature[2]):
            tag, at = number(feature[2], at)
            tags.append(tag)
        command, at = number(feature[4], 0)
        x, at = number(feature[4], at)
        y, at = number(feature[4], at)
        place = [(n >> 1) ^ -(n & 1) for n in (x, y)]
        pairs = zip(tags[::2], tags[1::2], strict=True)
        out.append((command, place, {keys[k]: values[v] for k, v in pairs}))
    return told, out


def test_a_vector_tile_is_what_the_standard_says():
    points = [
        (0.0, 0.0, {"id": "a", "n": 1, "stacked": True}),
        (10.0, -10.0, {"n": 1, "état": "a"}),
        (66.0, 170.0, {"n": 300, "stacked": True}),
    ]
    told, out = decoded(vectors.encode("incidents", points, Tile(1, 1, 0)))
    assert told == {1: b"incidents", 5: 4096, 15: 2}
    assert [about for _, _, about in out] == [about for _, _, about in points]
    assert {command for command, _, _ in out} == {9}
    assert out[0][1] == [0, 4096]
    # West of the tile, as the standard allows.
    assert out[1][1][0] < 0
    assert vectors.encode("incidents", [], Tile(1, 1, 0)) == b""


def test_over_http_with_etag_and_packed(view):
    from fastapi import FastAPI

    from trucewatch.app.web import faults, mapping

    class Site:
        def viewer(self, _):
            return None

        def view(self, _):
            return view

    app = FastAPI()
    app.state.site = Site()
    app.include_router(mapping.router)
    faults.hook(app)
    client = TestClient(app, base_url="http://127.0.0.1")
    plain = client.get("/tiles/0/0/0.json", headers={"Accept-Encoding": "identity"})
    packed = client.get("/tiles/0/0/0.json", headers={"Accept-Encoding": "gzip"})
    assert plain.json() == packed.json()
    assert packed.headers["content-encoding"] == "gzip"
    assert "Cookie" in packed.headers["vary"]
    total = sum(mark["properties"]["n"] for mark in plain.json()["features"])
    assert total == len(RECORDS)
    single = next(m for m in plain.json()["features"] if "id" in m["properties"])
    assert view.one("incident", single["properties"]["id"])
    known = {"If-None-Match": packed.headers["etag"]}
    again = client.get("/tiles/0/0/0.json", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/tiles/0/0/0.json?from=2031-04-02", headers=known).status_code == 200
    for kind, count in (("shelling", total), ("hostile_act", total), ("nonsense", 0)):
        marks = client.get(f"/tiles/0/0/0.json?kind={kind}").json()["features"]
        assert sum(mark["properties"]["n"] for mark in marks) == count, kind
    vector = client.get("/tiles/0/0/0.mvt?state=alleged&to=2031-04-05")
    assert vector.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert sum(about["n"] for _, _, about in decoded(vector.content)[1]) > 0
    for path, status in (
        ("/tiles/2/4/0.json", 404),
        ("/tiles/0/0/0.png", 422),
        ("/tiles/0/0/0.json?from=tomorrow", 422),
    ):
        assert client.get(path).status_code == status, path
