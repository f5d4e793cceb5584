"""OGC API Features, asked by a client that is not ours, over a real connection."""

from __future__ import annotations

import json

import jsonschema
import pytest
import shapely
from owslib.ogcapi.features import Features

from trucewatch.app.web.api.ogc import CONFORMS

NUMBER = {"type": "number"}
POSITION = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
RING = {"type": "array", "items": POSITION, "minItems": 4}
GEOMETRY = {
    "oneOf": [
        {"type": "null"},
        {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {"type": {"const": "Point"}, "coordinates": POSITION},
        },
        {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"const": "MultiPolygon"},
                "coordinates": {
                    "type": "array",
                    "items": {"type": "array", "items": RING, "minItems": 1},
                },
            },
        },
    ]
}
FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": "string"},
        "geometry": GEOMETRY,
        "properties": {"type": "object"},
    },
}
COLLECTION = {
    "type": "object",
    "required": ["type", "features", "links", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": FEATURE},
    },
}
"""The parts of RFC 7946 that are written here, stated from its words."""


@pytest.fixture(scope="module")
def ogc(server):
    return Features(f"{server}/ogc/")


def test_a_client_finds_its_way(ogc):
    assert {"self", "service-desc", "conformance", "data"} <= {one["rel"] for one in ogc.links}
    assert ogc.conformance()["conformsTo"] == list(CONFORMS)
    assert ogc.feature_collections() == ["incidents", "zones", "regions"]
    about = ogc.collection("incidents")
    assert (
        about["extent"]["temporal"]["interval"][0][0]
        < about["extent"]["temporal"]["interval"][0][1]
    )


@pytest.mark.parametrize("name", ["incidents", "zones", "regions"])
def test_features_are_geojson(ogc, name):
    page = ogc.collection_items(name, limit=1000)
    jsonschema.validate(page, COLLECTION)
    assert page["numberReturned"] == len(page["features"]) == page["numberMatched"]
    for one in page["features"]:
        if one["geometry"] is not None:
            assert not shapely.from_geojson(json.dumps(one["geometry"])).is_empty
    for one in page["features"][:2]:
        single = ogc.collection_item(name, one["id"])
        assert {key: single[key] for key in FEATURE["required"]} == one
    assert page["features"] or name == "zones"


def test_pages_are_walked_by_their_links(ogc, client):
    found, href = [], "/ogc/collections/incidents/items?limit=150"
    while href:
        page = client.get(href)
        assert page.headers["content-type"] == "application/geo+json"
        body = page.json()
        found += [one["id"] for one in body["features"]]
        href = next((one["href"] for one in body["links"] if one["rel"] == "next"), None)
    assert len(found) == len(set(found)) == 403
    regions, after = [], None
    while True:
        query = {"limit": 7} | ({"after": after} if after else {})
        body = client.get("/ogc/collections/regions/items", params=query).json()
        regions += [one["id"] for one in body["features"]]
        links = [one["href"] for one in body["links"] if one["rel"] == "next"]
        if not links:
            break
        after = links[0].partition("after=")[2]
    whole = ogc.collection_items("regions", limit=1000)["features"]
    assert regions == [one["id"] for one in whole]


def test_a_box_and_a_time_narrow_it(ogc):
    box = [36.0, 48.0, 38.0, 50.0]
    page = ogc.collection_items("incidents", bbox=box, datetime_="2026-04-12", limit=1000)
    assert 0 < page["numberMatched"] < 403
    for one in page["features"]:
        assert shapely.box(*box).intersects(shapely.geometry.shape(one["geometry"]))
        days = one["properties"]["first_day"], one["properties"]["last_day"]
        assert days[0] <= "2026-04-12" <= days[1]
    inside = ogc.collection_items("regions", bbox=box, limit=1000)["features"]
    assert 0 < len(inside) < len(ogc.collection_items("regions", limit=1000)["features"])
    whole = ogc.collection_items("incidents", datetime_="../..", limit=1000)
    assert whole["numberMatched"] == 403
    # Half past eleven at night in UTC is the next local day.
    late = ogc.collection_items("incidents", datetime_="2026-04-11T23:30:00Z", limit=1000)
    assert (
        late["numberMatched"]
        == ogc.collection_items("incidents", datetime_="2026-04-12", limit=1000)["numberMatched"]
    )


def test_filters_are_parameters_and_unknown_ones_are_refused(ogc):
    page = ogc.collection_items("incidents", state="reported", limit=1000)
    assert {one["properties"]["state"] for one in page["features"]} == {"reported"}
    with pytest.raises(RuntimeError, match="does not know"):
        ogc.collection_items("incidents", colour="red")


def test_the_description_is_what_it_says(client):
    answer = client.get("/ogc/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1"
    assert answer.json() == client.get("/openapi.json").json()
    assert answer.json()["openapi"].startswith("3.1")
    assert not any("oas30" in one for one in CONFORMS)
