"""Exported files, read back by programs that know nothing of the house."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import datetime

import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from trucewatch.bulletins.exports import COLUMNS, FORMATS, Head, row_of, spot, texts

HEAD = Head(
    mission="The island <truce>",
    audience="public",
    zone="Atlantic/Azores",
    made="2031-05-06T19:30:00+00:00",
    digest="5f" * 32,
    exercise=False,
    credits=("Gazette (CC BY 4.0)", "Patrols & posts"),
)
DRILL = Head(
    mission="Drill",
    audience="public",
    zone="UTC",
    made="2031-05-06T19:30:00+00:00",
    digest="5f" * 32,
    exercise=True,
    credits=(),
    more=True,
)
HERE = {
    "id": "inc-a1",
    "nature": "event",
    "kind": "shelling",
    "kind_name": "Shelling",
    "first_day": "2031-05-04",
    "last_day": "2031-05-04",
    "region": "N",
    "place": {"lat": 38.683, "lon": -27.2, "error_m": 10000.0, "exact": False, "grid_m": 10000.0},
    "state": "corroborated",
    "provisional": True,
    "probability": 0.97,
    "likelihood": "almost certain",
    "origins": 2,
    "accounts_words": "fewer than 3",
    "outcome": "breach",
    "sources": ["Gazette", "another source"],
}
NOWHERE = {"id": "inc-b1", "kind": '=HYPERLINK("http://x")', "probability": 0.2}
NASTY = {"id": "inc-c1", "kind_name": "a\0b\x1b\ud800]]>&<b>", "state": "@SUM(A1)\r\n2"}
XSD = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.opengis.net/kml/2.2"
    targetNamespace="http://www.opengis.net/kml/2.2" elementFormDefault="qualified">
  <xs:simpleType name="coordinates"><xs:restriction base="xs:string">
    <xs:pattern value="-?\\d{1,3}\\.\\d+,-?\\d{1,2}\\.\\d+"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="moment"><xs:union memberTypes="xs:dateTime xs:date"/></xs:simpleType>
  <xs:element name="ExtendedData"><xs:complexType><xs:sequence>
    <xs:element name="Data" maxOccurs="unbounded"><xs:complexType>
      <xs:sequence><xs:element name="value" type="xs:string"/></xs:sequence>
      <xs:attribute name="name" type="xs:string" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="Placemark"><xs:complexType><xs:sequence>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="description" type="xs:string"/>
    <xs:element name="TimeSpan" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="begin" type="moment"/><xs:element name="end" type="moment"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element ref="ExtendedData"/>
    <xs:element name="Point" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="coordinates" type="coordinates"/></xs:sequence></xs:complexType>
    </xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="kml"><xs:complexType><xs:sequence>
    <xs:element name="Document"><xs:complexType><xs:sequence>
      <xs:element name="name" type="xs:string"/>
      <xs:element name="description" type="xs:string"/>
      <xs:element ref="ExtendedData"/>
      <xs:element ref="Placemark" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""
"""The parts of KML 2.2 that are written here, in the order in which its schema asks for them."""


def made(name, bodies, head=HEAD) -> bytes:
    return b"".join(FORMATS[name].write(head, bodies))


def table(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))


def test_geojson_comes_back_as_it_was():
    data = json.loads(made("geojson", [HERE, NOWHERE]))
    one, two = data["features"]
    assert shapely.geometry.shape(one["geometry"]).equals(shapely.Point(-27.2, 38.683))
    assert {"id": one["id"], **one["properties"]} == HERE
    assert two["geometry"] is None
    assert data["about"]["digest"] == HEAD.digest
    assert shapely.from_geojson(made("geojson", [HERE])).geom_type == "GeometryCollection"


def test_a_table_has_every_column_and_says_what_it_is():
    names, first, *_ = table(made("csv", [HERE]))
    row = dict(zip(names, first, strict=True))
    assert [one.name for one in COLUMNS] == names[: len(COLUMNS)]
    assert float(row["longitude"]) == -27.2
    assert row["provisional"] == "yes"
    assert row["mission"] == HEAD.mission
    assert row["credit"] == "Gazette (CC BY 4.0); Patrols & posts"


def test_the_second_row_of_hxl_is_tags():
    names, tags, *rows = table(made("hxl", [HERE]))
    assert len(tags) == len(set(tags)) == len(names) == len(set(names))
    assert all(tag.startswith("#") and tag == tag.lower() for tag in tags)
    assert len(rows) == 1
    assert table(made("csv", [HERE]))[1:] == rows


def test_a_formula_becomes_text():
    (_, row), raw = table(made("csv", [NOWHERE])), made("csv", [NOWHERE])
    assert '\'=HYPERLINK("http://x")' in row
    assert b",=" not in raw
    assert not any(cell[:1] in "=+@" for cell in row if cell)


def test_saboteur_without_the_guard_the_formula_is_there(monkeypatch):
    monkeypatch.setattr("trucewatch.bulletins.exports.table.cell", lambda text: text)
    _, row = table(made("csv", [NOWHERE]))
    assert any(cell[:1] == "=" for cell in row)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_any_text_comes_back_from_a_table(text):
    _, row = table(made("csv", [{"id": text}]))
    assert row[0] in {text, f"'{text}"}
    assert row[0][:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_kml_keeps_its_schema():
    schema = etree.XMLSchema(etree.fromstring(XSD))
    for head in (HEAD, DRILL):
        document = etree.fromstring(made("kml", [HERE, NOWHERE, NASTY], head))
        schema.assertValid(document)
    marks = document.findall(".//{*}Placemark")
    assert len(marks) == 3
    assert marks[0].findtext(".//{*}coordinates") == "-27.200000,38.683000"
    assert marks[0].findtext("{*}name").startswith("EXERCISE: Shelling")


def test_cot_has_the_fields_of_an_event():
    events = etree.fromstring(made("cot", [HERE, NOWHERE, NASTY]))
    (event,) = events
    assert set(event.attrib) == {"version", "uid", "type", "time", "start", "stale", "how"}
    assert event.get("uid") == "trucewatch.inc-a1"
    moments = [datetime.fromisoformat(event.get(name)) for name in ("start", "time", "stale")]
    assert moments == sorted(moments)
    point = event.find("point")
    assert set(point.attrib) == {"lat", "lon", "hae", "ce", "le"}
    # The error of the place, and half the diagonal of the cell in which it is told.
    assert (float(point.get("lat")), float(point.get("ce"))) == (38.683, 17071.1)
    assert "5f5f" in event.findtext("detail/remarks")
    assert events.get("mission") == HEAD.mission


def test_geoparquet_is_read_by_others():
    raw = made("parquet", [HERE, NOWHERE, NASTY])
    found = pq.read_table(io.BytesIO(raw))
    geo = json.loads(found.schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"][geo["primary_column"]]["geometry_types"] == ["Point"]
    assert geo["columns"]["geometry"]["bbox"] == [-27.2, 38.683, -27.2, 38.683]
    assert found.schema.metadata[b"trucewatch.digest"].decode() == HEAD.digest
    rows = found.to_pylist()
    assert shapely.from_wkb(rows[0].pop("geometry")).equals(shapely.Point(-27.2, 38.683))
    assert rows[0] == row_of(HERE)
    assert rows[1]["geometry"] is None


@pytest.mark.parametrize("name", FORMATS)
def test_every_file_says_what_it_is_and_marks_a_drill(name):
    raw = made(name, [HERE], DRILL)
    assert b"EXERCISE EXERCISE EXERCISE" in raw
    assert DRILL.digest.encode() in raw
    assert b"ends at its limit" in raw
    real = made(name, [HERE])
    assert b"EXERCISE" not in real
    assert b"Gazette (CC BY 4.0)" in real
    assert real == made(name, [HERE])


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_to_tell_is_a_file_too(name):
    assert made(name, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)  # fmt: skip
KEYS = st.sampled_from([one.path[0] for one in COLUMNS])
PLACES = st.fixed_dictionaries({"lat": JSON, "lon": JSON, "error_m": JSON})
BODIES = st.dictionaries(KEYS, JSON | PLACES, max_size=6)


@settings(max_examples=40)
@given(st.lists(BODIES, max_size=3), st.booleans())
def test_no_body_breaks_a_file(bodies, drill):
    head = DRILL if drill else HEAD
    json.loads(made("geojson", bodies, head))
    assert len({len(row) for row in table(made("hxl", bodies, head))}) == 1
    etree.fromstring(made("kml", bodies, head))
    etree.fromstring(made("cot", bodies, head))


@pytest.mark.parametrize(
    "place",
    [{"lat": 91.0, "lon": 0.0}, {"lat": True, "lon": 0.0}, {"lat": math.nan, "lon": 0.0}, None, 7],
)
def test_what_is_no_place_on_the_earth_is_none(place):
    assert spot({"place": place}) is None


@pytest.mark.parametrize("text", ["=1", " +1", "-1", "@A", "\tx", "＝1"])
def test_what_might_be_a_formula(text):
    assert texts.cell(text).startswith("'")
