from __future__ import annotations

import csv
import io
import json
import random
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.reports.generic.decoder as decoder
from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.model import Area, Point, Report
from trucewatch.reports.generic import READER, cells, features, frames, places, shipped_mapping
from trucewatch.reports.reader import WHOLE

ACLED = shipped_mapping("acled")


def mapping(samples, name: str) -> str:
    return (samples / name).read_text("utf-8")


def read(deliver, raw: bytes, text: str) -> list[Report | RecordRejected]:
    return list(READER.read(deliver(raw, text)))


def reasons(items) -> list[tuple[str, str]]:
    return [(i.pointer, i.reason) for i in items if isinstance(i, RecordRejected)]


def test_acled_is_read_through_its_mapping(samples, deliver):
    items = read(deliver, (samples / "acled_invented.csv").read_bytes(), ACLED)
    assert not reasons(items)
    shells, clash, cleared, shot = (item.claims[0] for item in items)
    assert shells.kind == "explosion"
    assert shells.external_id == "AMB101"
    assert shells.region == "Westshore"
    assert shells.place == Point(35.11, -40.05, 3000)
    assert shells.when.length == timedelta(days=1)
    assert shells.count("killed").best == 0
    assert [a.outlet for a in shells.attributions] == ["Ember Gazette", "Harbour Desk"]
    # A week that holds 3 May may begin six days before it and end six days after.
    assert clash.when.length == timedelta(days=13)
    assert clash.place.error_m == 25_000
    assert cleared.kind == "event"
    assert cleared.when.length == timedelta(days=31)
    assert shot.kind == "hostile_act"


def test_swapped_actors_change_nothing_but_the_identity(samples, deliver):
    raw = (samples / "acled_invented.csv").read_bytes()
    swapped = raw.replace(b"North Guard,South Command", b"South Command,North Guard")
    a, b = (read(deliver, data, ACLED)[0] for data in (raw, swapped))
    assert swapped != raw
    assert a.id != b.id
    assert (a.text, a.claims[0].kind, a.claims[0].attributions) == (
        b.text,
        b.claims[0].kind,
        b.claims[0].attributions,
    )


def test_the_broken_csv(samples, deliver):
    items = read(deliver, (samples / "broken" / "acled_invented.csv").read_bytes(), ACLED)
    assert len(items) == 9
    assert reasons(items) == [
        ("line 3", "time_precision “4” is not in the mapping"),
        ("line 4", "geo_precision “9” is not in the mapping"),
        ("line 5", "the kind “Parade / Carnival” is not in the mapping"),
        ("line 6", "the time “05/02/2031” is not in the form iso or %d %B %Y or %d-%B-%Y"),
        ("line 7", "the place is blank"),
        ("line 8", "killed is not between 0 and 10000000: “-3”"),
        ("line 9", "killed is not between 0 and 10000000: “99999999999”"),
        ("line 10", "the place is 0, 0, which stands for no place"),
    ]


def test_geojson(samples, deliver):
    raw = (samples / "watch.geojson").read_bytes()
    items = read(deliver, raw, mapping(samples, "watch.toml"))
    point, polygon, several, gun = (item.claims[0] for item in items)
    assert [item.raw.pointer for item in items] == [f"/features/{i}" for i in range(4)]
    assert {(item.raw.start, item.raw.length) for item in items} == {(0, len(raw))}
    assert point.place == Point(35.11, -40.05, 300)
    assert point.when.earliest == datetime(2031, 5, 2, 22, 15, tzinfo=UTC)
    assert isinstance(polygon.place, Area)
    assert polygon.place.name == "Westshore"
    assert polygon.place.polygons[0][0][0] == (-40.1, 35.0)
    assert len(several.place.polygons) == 2
    assert gun.external_id == "4"
    assert polygon.counts == ()


def test_the_broken_geojson(samples, deliver):
    text = mapping(samples, "watch.toml")
    items = read(deliver, (samples / "broken" / "watch.geojson").read_bytes(), text)
    assert len(items) == 12
    assert reasons(items) == [
        ("/features/1", "the record has no geometry"),
        ("/features/2", "the geometry is no Point, Polygon or MultiPolygon"),
        ("/features/3", "a ring of the polygon is not closed"),
        ("/features/4", "a position needs longitude and latitude"),
        ("/features/5", "latitude is not between -90 and 90: “-140.0”"),
        ("/features/6", "a name occurs twice in it"),
        ("/features/7", "longitude is not between -180 and 180: “1e999”"),
        ("/features/8", f"wounded is not a whole number: “{'9' * 25}…”"),
        ("/features/9", "the record holds control characters"),
        ("/features/10", "it is no GeoJSON Feature"),
        ("/features/11", "it is no GeoJSON Feature"),
    ]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "line 1 is not JSON"),
        (b"[]", "it is no object, or a name occurs twice in it"),
        (b'{"type": "FeatureCollection", "type": "Feature"}', "a name occurs twice"),
        (b'{"type": "Topology"}', "it is neither a Feature nor a FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN is no JSON number"),
        (b"{" + b'"a":[' * 33 + b"]" * 33 + b"}", "it is nested too deeply"),
        (b"[" * 5_000_000, "it is nested too deeply"),
        (b'{"a": "' + b"\\" * 99_999, "line 1 is not JSON"),
        (b'{"type": "\xff"}', "it is not UTF-8 text"),
    ],
)
def test_what_is_no_geojson_is_one_rejection(samples, deliver, raw, reason):
    (only,) = read(deliver, raw, mapping(samples, "watch.toml"))
    assert only.pointer == WHOLE
    assert reason in only.reason


def feature(samples, **changed) -> bytes:
    """The first feature of the samples with some members changed."""
    first = json.loads((samples / "watch.geojson").read_bytes())["features"][0]
    return json.dumps({**first, **changed}).encode()


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"properties": []}, "its properties are no object"),
        ({"properties": {"note": {"a": [1, 2]}}}, "the kind is blank"),
        ({"geometry": "POINT (35 -40)"}, "the geometry is no object"),
        ({"geometry": polygon()}, "the polygon is empty or has too many corners"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "the polygon is empty"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": {}}}, "the MultiPolygon is no list"),
        ({"geometry": {"type": "Point", "coordinates": [-40.05]}}, "needs longitude and latitude"),
        ({"geometry": {"type": "Point", "coordinates": [1, 2, 3, 4]}}, "needs longitude and"),
    ],
)
def test_a_bad_feature_is_set_aside_with_its_reason(samples, deliver, changed, reason):
    (only,) = read(deliver, feature(samples, **changed), mapping(samples, "watch.toml"))
    assert isinstance(only, RecordRejected)
    assert only.pointer == "/"
    assert reason in only.reason


def test_a_polygon_with_too_many_corners_is_set_aside(samples, deliver, monkeypatch):
    square = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]
    raw, text = feature(samples, geometry=polygon(square)), mapping(samples, "watch.toml")
    monkeypatch.setattr(places, "VERTEX_LIMIT", 5)
    (whole,) = read(deliver, raw, text)
    assert isinstance(whole.claims[0].place, Area)
    monkeypatch.setattr(places, "VERTEX_LIMIT", 4)
    (only,) = read(deliver, raw, text)
    assert only.reason == "the polygon is empty or has too many corners"


def test_true_and_false_are_words_of_a_feature(samples, deliver):
    text = mapping(samples, "watch.toml")
    first = json.loads((samples / "watch.geojson").read_bytes())["features"][0]["properties"]
    (yes, no) = (
        read(deliver, feature(samples, properties={**first, "seen": seen}), text)[0]
        for seen in (True, False)
    )
    # What the record says is part of its identity, so one word of two makes another record.
    assert yes.id != no.id
    (said,) = read(deliver, feature(samples, properties={**first, "seen": "true"}), text)
    assert said.id == yes.id


def test_an_over_large_delivery_is_not_parsed(samples, deliver, monkeypatch):
    raw = (samples / "watch.geojson").read_bytes()
    monkeypatch.setattr(features, "SIZE_LIMIT", len(raw) - 1)
    (only,) = read(deliver, raw, mapping(samples, "watch.toml"))
    assert only.reason == "it cannot be read as GeoJSON: it is over 64 MiB"
    monkeypatch.setattr(features, "SIZE_LIMIT", len(raw))
    assert len(read(deliver, raw, mapping(samples, "watch.toml"))) == 4


def test_a_point_whose_error_nobody_states_is_set_aside(samples, deliver):
    text = mapping(samples, "watch.toml")
    without = re.sub("(?m)^(error_m|precision) = .*\n", "", text)
    assert without != text
    (only,) = read(deliver, feature(samples), without)
    assert only.reason == "the mapping does not say how well a point is known"


NAMED = """
[file]
missing = ["-"]
[kind]
constant = "mine"
[place.where]
name = "the strip"
[time]
start = "from"
end = "to"
[[counts]]
what = "killed"
low = "few"
best = "some"
high = "many"
[said]
outlet = "who"
informant = "says"
link = "where"
headline = "head"
separator = ";"
"""
HEADER = b"from,to,few,some,many,who,says,where,head\n"


def test_a_place_of_the_mapping_may_be_a_name_alone(deliver):
    (only,) = read(deliver, HEADER + b"2026-04-12,-,-,-,-,-,-,-,-\n", NAMED)
    place = only.claims[0].place
    assert (place.code, place.name, place.polygons) == ("the strip", "the strip", ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"2026-04-12,2026-04-11,-,-,-,-,-,-,-", "the end lies before the start"),
        (b"2026-04-12,-,3,2,4,-,-,-,-", "killed: the lowest, best and highest are not in that"),
        (b"2026-04-12,-,-,5,4,-,-,-,-", "killed: the lowest, best and highest are not in that"),
    ],
)
def test_a_record_that_contradicts_itself_is_set_aside(deliver, line, reason):
    (only,) = read(deliver, HEADER + line + b"\n", NAMED)
    assert isinstance(only, RecordRejected)
    assert reason in only.reason


@pytest.mark.parametrize(
    ("line", "voices"),
    [
        (b"-,-,-,A quiet night", [(None, None, None, "A quiet night")]),
        (b"a;b,x,l;m,-", [("a", "x", "l", None), ("b", "x", "m", None)]),
        (
            b"a;b,x,l;m;n,-",
            [
                ("a", None, None, None),
                ("b", None, None, None),
                (None, "x", None, None),
                (None, None, "l", None),
                (None, None, "m", None),
                (None, None, "n", None),
            ],
        ),
    ],
)
def test_voices_go_together_only_where_they_are_as_many(deliver, line, voices):
    (only,) = read(deliver, HEADER + b"2026-04-12,-,-,-,-," + line + b"\n", NAMED)
    said = only.claims[0].attributions
    assert [(one.outlet, one.informant, one.link, one.headline) for one in said] == voices


def test_what_no_value_of_a_record_may_hold():
    assert cells.checked({"a": "é\n"}) == {"a": "é\n"}
    with pytest.raises(ValueError, match="over 1 MiB"):
        cells.checked({"a": "x" * (cells.FIELD_LIMIT // 2), "b": "y" * (cells.FIELD_LIMIT // 2)})
    for fields in ({"a": "\ud800"}, {"\udfff": "a"}):
        with pytest.raises(ValueError, match="half of a character"):
            cells.checked(fields)
    for fields in ({"a": "\x00"}, {"\x9f": "a"}):
        with pytest.raises(ValueError, match="control characters"):
            cells.checked(fields)


def test_coordinates_in_metres_are_refused(samples, deliver):
    text = mapping(samples, "watch.toml")
    (only,) = read(deliver, (samples / "broken" / "metres.geojson").read_bytes(), text)
    assert "longitude and latitude" in only.reason


def test_brackets_within_words_do_not_count(samples, deliver):
    feature = json.loads((samples / "watch.geojson").read_bytes())["features"][0]
    feature["properties"]["note"] = '[[[{{{\\" ' * 50
    (item,) = read(deliver, json.dumps(feature).encode(), mapping(samples, "watch.toml"))
    assert isinstance(item, Report)


def test_parquet(samples, deliver):
    raw = (samples / "watch.parquet").read_bytes()
    items = read(deliver, raw, mapping(samples, "watch_table.toml"))
    assert reasons(items) == [("row 3", "the kind “parade” is not in the mapping")]
    mortar, shots = (item.claims[0] for item in items[:2])
    assert items[0].raw.pointer == "row 1"
    assert mortar.external_id == "1"
    assert mortar.when.earliest == datetime(2031, 5, 2, 22, tzinfo=UTC)
    assert mortar.when.length == timedelta(hours=1)
    assert mortar.count("wounded").best == 0
    assert shots.count("wounded") is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [("cut", "it is cut short, or none"), ("lying_sizes", "it is damaged")],
)
def test_a_parquet_that_cannot_be_opened_is_one_rejection(samples, deliver, name, reason):
    raw = (samples / "broken" / f"{name}.parquet").read_bytes()
    (only,) = read(deliver, raw, mapping(samples, "watch_table.toml"))
    assert (only.pointer, only.reason) == (WHOLE, f"it cannot be read as Parquet: {reason}")


def parquet(**columns: list[str]) -> bytes:
    held = io.BytesIO()
    pl.DataFrame(columns).write_parquet(held)
    return held.getvalue()


def test_a_table_without_a_column_of_the_mapping_is_one_rejection(deliver):
    text = NAMED + '[text]\ncolumns = ["words"]\n'
    (only,) = read(deliver, parquet(words=["a"], to=["-"]), text)
    assert only.pointer == WHOLE
    assert only.reason == "unknown header: it lacks few, from, head, many, says, some, where, who"


def test_a_parquet_is_weighed_before_it_is_unpacked(monkeypatch):
    raw = parquet(a=["1"])
    assert [row.fields for row in frames.read_frame(raw, required=["a"])] == [{"a": "1"}]

    def refused(data: bytes) -> str:
        (only,) = frames.read_frame(data, required=["a"])
        return only.reason.removeprefix("it cannot be read as Parquet: ")

    long = len(raw).to_bytes(4, "little")
    assert refused(raw[:-8] + long + raw[-4:]) == "its footer does not fit"
    with monkeypatch.context() as patch:
        patch.setattr(frames, "SIZE_LIMIT", len(raw) - 1)
        assert refused(raw) == "it is over 256 MiB"
    # What the decoder says of a table with too many rows.
    done = subprocess.CompletedProcess([], 2, stdout=b"")
    monkeypatch.setattr(frames.subprocess, "run", lambda *_, **__: done)
    assert refused(raw) == "it has too many rows or too much text"


def decoded(raw: bytes, monkeypatch) -> tuple[int, str]:
    """What the decoder's process gives for a file, without the limits that it sets itself."""
    monkeypatch.setattr(decoder.resource, "setrlimit", lambda *_: None)
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    monkeypatch.setattr(sys, "stdout", out)
    return decoder.main(), out.getvalue()


def test_the_decoder_gives_lines_and_stops_at_its_limits(monkeypatch):
    raw = parquet(a=["1", "2"], b=["x", ""])
    whole = '["a", "b"]\n["1", "x"]\n["2", ""]\n'
    assert decoded(raw, monkeypatch) == (0, whole)
    assert decoded(raw[:-1], monkeypatch) == (1, "")
    monkeypatch.setattr(decoder, "TEXT_LIMIT", len(whole))
    assert decoded(raw, monkeypatch)[0] == 0
    monkeypatch.setattr(decoder, "TEXT_LIMIT", len(whole) - 1)
    assert decoded(raw, monkeypatch)[0] == 2
    monkeypatch.setattr(decoder, "ROW_LIMIT", 1)
    assert decoded(raw, monkeypatch) == (2, "")


def test_without_a_process_of_its_own_a_lying_file_ends_the_reader(samples):
    """Why the decoder runs apart: unpacking this file kills the process that does it."""
    raw = (samples / "broken" / "lying_sizes.parquet").read_bytes()
    done = subprocess.run(
        [sys.executable, "-I", decoder.__file__], input=raw, capture_output=True, check=False
    )
    assert done.returncode < 0


def test_cells_of_every_sort_become_text():
    cells = [
        (None, ""), ("a", "a"), (True, "true"), (3, "3"), (0.1, "0.1"), (b"\x01\xff", "01ff"),
        (datetime(2031, 5, 2, 3, tzinfo=UTC).date(), "2031-05-02"), ([1, "b"], '[1, "b"]'),
        (datetime(2031, 5, 2, 3, tzinfo=UTC), "2031-05-02T03:00:00+00:00"),
        (timedelta(minutes=1), "60.0 s"),
    ]  # fmt: skip
    for cell, text in cells:
        assert decoder.as_text(cell) == text


def test_all_three_formats_agree(deliver):
    rows = [{"n": "1", "lat": 35.1, "lon": -40.0, "t": "2031-05-02"}]
    frame = io.BytesIO()
    pl.DataFrame(rows).write_parquet(frame)
    table = b"n,lat,lon,t\n1,35.1,-40.0,2031-05-02\n"
    shape = {"type": "Feature", "properties": rows[0], "geometry": None}
    text = (
        '[kind]\nconstant = "mine"\n[place]\nlatitude = "lat"\nlongitude = "lon"\nerror_m = 9\n'
        '[time]\nstart = "t"\n[id]\ncolumn = "n"\n'
    )
    found = [
        read(deliver, raw, text)[0].claims[0]
        for raw in (table, json.dumps(shape).encode(), frame.getvalue())
    ]
    assert len({(c.kind, c.place, c.when, c.external_id) for c in found}) == 1


def test_a_column_that_is_not_there_sets_the_file_aside(deliver):
    (only,) = read(deliver, b"a,b,c,d\n1,2,3,4\n", ACLED)
    assert only.pointer == WHOLE
    assert "event_date" in only.reason


def test_without_a_mapping_nothing_is_guessed(deliver):
    assert not READER.recognises(b"latitude,longitude,date\n")
    with pytest.raises(ConfigurationError, match="needs a mapping"):
        read(deliver, b"a\n", None)


@given(seed=st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(samples, deliver, seed):
    rng = random.Random(seed)
    table = list(csv.reader(io.StringIO((samples / "acled_invented.csv").read_text("utf-8"))))
    before = {
        i.id: i.claims for i in read(deliver, (samples / "acled_invented.csv").read_bytes(), ACLED)
    }
    columns = rng.sample(range(len(table[0])), len(table[0]))
    rows = table[1:] + rng.choices(table[1:], k=2)
    rng.shuffle(rows)
    out = io.StringIO()
    csv.writer(out).writerows([row[i] for i in columns] for row in (table[0], *rows))
    assert before == {i.id: i.claims for i in read(deliver, out.getvalue().encode(), ACLED)}
    features = json.loads((samples / "watch.geojson").read_bytes())
    text = mapping(samples, "watch.toml")
    before = {i.id: i.claims for i in read(deliver, json.dumps(features).encode(), text)}
    rng.shuffle(features["features"])
    assert before == {i.id: i.claims for i in read(deliver, json.dumps(features).encode(), text)}


@given(st.binary(max_size=200), st.sampled_from(["csv", "geojson", "parquet"]))
def test_no_bytes_raise(deliver, raw, wanted):
    text = ACLED.replace('format = "csv"', f'format = "{wanted}"')
    if wanted == "parquet":
        raw = raw.removeprefix(b"PAR1")
    for item in read(deliver, raw, text):
        assert isinstance(item, Report | RecordRejected)
