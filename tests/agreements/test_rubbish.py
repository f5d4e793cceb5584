"""Whatever an agreement or a zone file holds, it is read or refused, and nothing else."""

from __future__ import annotations

import json
import random

import pytest

from trucewatch.agreements import read_agreement
from trucewatch.agreements.areas import read_areas
from trucewatch.agreements.moments import read_moment, read_span
from trucewatch.agreements.placing import ZoneMap
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
