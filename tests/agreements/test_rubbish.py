"""Whatever an agreement or a zone file holds, it is read or refused, and nothing else."""

from __future__ import annotations

import json
import random
import time

import pytest
import shapely
from tests.agreements.whole import TEXT as WHOLE
from tests.agreements.whole import ZONES, collection, feature, square

from trucewatch.agreements import Examined, examine, read_agreement
from trucewatch.agreements.moments import read_moment, read_span
from trucewatch.agreements.zones.areas import read_areas, shape_of
from trucewatch.agreements.zones.placing import ZoneMap
from trucewatch.documents import read_document
from trucewatch.errors import ConfigurationError
from trucewatch.model import Agreement, Area, Drawn, Point, Zone

TEXT = """\
id: t
name: T
parties: [{id: a, name: A}, {id: b, name: B}]
instruments: [{id: i, title: I, standing: signed, version: "1", source: s}]
truce: {start: "2026-04-11 16:00", end: "2026-04-12 24:00", timezone: Europe/Kyiv}
zones: [{file: z.geojson, code: c, name: n}]
provisions:
  - id: p
    instrument: i
    duty: forbid
    kinds: [shelling]
    parties: [a, b]
    zones: [x]
    words: "No shelling."
    source: s
standards:
  allegation: none
  reported: reasonable suspicion
  corroborated: reasonable grounds to believe
  verified: clear and convincing
triggers:
  - {id: g, provisions: [p], count: 3, within: 24 hours, source: s, steps: [{id: s, duty_of: [a],
     duty: d, after: 3 days, decided_by: x, clock: event, standard: none, standing: signed,
     source: s}]}
bodies: [{id: x, name: X, decides: [obligation], standing: signed, source: s}]
"""
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def drawn(area: Area) -> Zone:
    return Zone(code=area.code, name=area.name, drawn=Drawn.POLYGON, area=area)


def zones(coordinates: object = (SQUARE,), **properties: str) -> str:
    feature = {
        "type": "Feature",
        "properties": {"c": "x", "n": "X", **properties},
        "geometry": {"type": "Polygon", "coordinates": coordinates},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def read(text: str, zone_file: str) -> Agreement:
    return read_agreement(text, file="agreement.yaml", zone_files={"z.geojson": zone_file})


@pytest.mark.parametrize(
    "text",
    [
        'a: "\\UFFFFFFFF"',
        'a: "\\U00110000"',
        'a: "\\uD800"',
        'a: "\\e[2J"',
        '"\\0": a',
        "%YAML 1." + "9" * 5000 + "\n---\na: 1",
        "a: !!bool perhaps",
        "a: " + "9" * 5000,
        "a: " + "[" * 20_000,
        "a: &a [x]\nb: [*a, *a]",
    ],
)
def test_what_the_parser_cannot_bear_is_a_bad_file(text):
    with pytest.raises(ConfigurationError):
        read_document(text, file="agreement.yaml")


@pytest.mark.parametrize(
    "corner", ["9" * 5000, "9" * 4000, "1e999", "NaN", "null", '"a"', "[" * 900]
)
def test_corners_that_are_no_numbers(corner):
    with pytest.raises(ConfigurationError):
        read_areas(zones().replace("[1, 0]", f"[{corner}, 0]"), file="z", code="c", name="n")


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "\x1b[2J", "\x9b2J"])
def test_names_that_cannot_be_printed(name):
    with pytest.raises(ConfigurationError, match="printed"):
        read_areas(zones(n=name), file="z", code="c", name="n")


def test_figures_of_other_scripts_are_not_taken_for_ours():
    with pytest.raises(ValueError, match="not a time"):
        read_moment("2026-04-12 ١٢:٠٠", None)
    with pytest.raises(ValueError, match="not a length"):
        read_span("1٢ hours")


@pytest.mark.parametrize("lat", [0.0, 33.3, 47.1, 66.6, 89.9, 90.0, -90.0])
def test_a_zone_that_ends_at_the_date_line_has_an_edge(lat):
    corners = ((170.0, -89.0), (180.0, -89.0), (180.0, 89.0), (170.0, 89.0), (170.0, -89.0))
    zone = ZoneMap([drawn(Area("z", "Z", ((corners,),)))])
    for step in range(-20, 21):
        assert "the edge of zone Z (z)" in zone.edge(
            Point(max(-90, min(90, lat + step / 7)), 179.99, 9), ["z"]
        )


def test_mutated_files_are_read_or_refused():
    assert isinstance(read(TEXT, zones()), Agreement)
    rng = random.Random("trucewatch/agreement")
    pieces = (
        *(
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "!!int ",
            "'",
            '"',
            "\n",
            "  ",
            "#",
            "|",
            ">",
        ),
        *("%YAML 1.1\n---\n", "\t", "\\", "<<: ", "? ", "~", "2026-02-30", "\x85", "\ufeff", "0"),
    )
    read_whole, named = 0, set()
    for _ in range(400):
        files = [TEXT, zones()]
        which = rng.randrange(2)
        text = files[which]
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text) + 1)
            gone = rng.choice([0, 0, 1, 5, 30])
            text = text[:at] + rng.choice([*pieces, ""]) + text[at + gone :]
        files[which] = text
        try:
            assert isinstance(read(*files), Agreement)
            read_whole += 1
        except ConfigurationError as error:
            named.add(error.file)
    assert 0 < read_whole < 400
    assert named == {"agreement.yaml", "z.geojson"}


def whole(text: str, **zones: str) -> tuple[float, Examined]:
    files = ZONES | {f"zones/{name}.geojson": body for name, body in zones.items()}
    began = time.perf_counter()
    found = examine(text, file="agreement.yaml", zone_files=files)
    return time.perf_counter() - began, found


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("probability >= 0.9", "'" + "killed > 1 || " * 700_000 + "killed > 1'"),
        WHOLE.replace("No firing.", "a " * 5_000_000),
        "[" * 10_000_000,
    ],
    ids=["condition", "words", "brackets"],
)
def test_ten_megabytes_are_refused_at_once(text):
    taken, found = whole(text)
    assert "longer than 2,000,000 characters" in str(found.faults[0])
    assert taken < 1


def test_many_names_cost_their_number():
    """Twenty thousand names of each sort are looked at once each, and not each beside each."""
    states = ", ".join(f"s{n}" for n in range(20_000))
    text = WHOLE.replace("states: [harbour]", f"states: [harbour, {states}]")
    features = [square(f"a{n}", n % 150 - 75, n // 150 % 60) for n in range(3_000)]
    taken, found = whole(text, strip=collection(square("strip", 4, 45), *features))
    assert found.faults == ()
    assert taken < 30


def test_a_long_ladder_and_a_long_circle_are_walked_once():
    def steps(first: str) -> str:
        return "".join(
            f"      - {{id: s{n}, duty: d, duty_of: [north], decided_by: commission, "
            f"follows: {f's{n - 1}' if n else first}, clock: event, after: none, standard: none, "
            "standing: signed, source: s}\n"
            for n in range(2_000)
        )

    _, ladder = whole(WHOLE + steps("meet"))
    assert ladder.faults == ()
    _, circle = whole(WHOLE + steps("s1999"))
    assert len(circle.faults) == 2_000
    assert {one.message for one in circle.faults} == {"these steps wait for one another"}


LINES = {
    "crossing": [[4 + n * 7 % 11 / 11, 45 + n * 5 % 13 / 13] for n in range(60)],
    "fine": [[4 + n * 1e-5, 45 + n % 2 * 1e-5] for n in range(4_000)],
    "high": [[4, 45, 100], [5, 45, 200]],
    "there and back": [[4, 45], [5, 45], [4, 45]],
    "twice": [[4, 45], [4, 45], [5, 45]],
    "date line": [[179.9, 10], [180, 10.5]],
}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("width", ["0.000001", "2", "400"])
def test_whatever_line_is_a_zone_that_holds_it(name, width):
    text = WHOLE.replace("width_km: 2}", f"width_km: {width}}}")
    taken, found = whole(text, road=collection(feature("road", "LineString", LINES[name])))
    assert found.agreement is not None, found.faults
    road = next(zone for zone in found.agreement.zones if zone.code == "road")
    shape = shape_of(road.area)
    assert shape.is_valid
    for lon, lat, *_ in LINES[name][:: max(1, len(LINES[name]) // 40)]:
        assert shapely.distance(shape, shapely.Point(lon, lat)) < 1e-8
    assert taken < 20


def test_many_lines_are_measured_together():
    lines = [[[4 + n / 1000, 45], [4 + n / 1000, 46]] for n in range(2_000)]
    taken, found = whole(WHOLE, road=collection(feature("road", "MultiLineString", lines)))
    assert "longer than 10,000 km" in str(found.faults[0])
    assert taken < 3
