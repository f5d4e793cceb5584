"""Every fault in an agreement is refused with its file, line and field."""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.missions as missions
from trucewatch.agreements import read_agreement
from trucewatch.agreements.reading.forms import AgreementForm
from trucewatch.documents import read_document
from trucewatch.errors import ConfigurationError
from trucewatch.model import Duty, Exemption, Window

MISSION = Path(missions.__path__[0]) / "easter-2026"

TEXT = """\
id: island
name: Island truce
parties:
  - {id: north, name: North}
  - {id: south, name: South}
guarantors: [council]
bodies:
  - {id: chair, name: The chair, decides: [obligation], standing: in_force, source: page 3}
instruments:
  - id: paper
    title: The paper
    standing: signed
    version: "1"
    accepted_by: [north, south]
    source: page 1
truce:
  start: 2026-06-01 08:00
  end: 2026-06-05 24:00
  timezone: Europe/Paris
regions:
  - {file: zones/shores.geojson, code: code, name: name}
zones:
  - {file: zones/strip.geojson, code: code, name: name}
provisions:
  - id: P1
    instrument: paper
    duty: forbid
    kinds: [hostile_act]
    parties: [north, south]
    zones: [strip]
    exceptions: [mine]
    words: No firing.
    source: page 1
  - id: P2
    instrument: paper
    duty: permit
    kinds: [drone_overflight]
    parties: [north, south]
    zones: []
    window: {start: open, end: 2026-06-05T20:00:00Z}
    words: Drones may fly.
    source: page 2
standards:
  allegation: none
  reported: reasonable suspicion
  corroborated: reasonable grounds to believe
  verified: clear and convincing
triggers:
  - id: T1
    provisions: [P1]
    count: 2
    within: 24 hours
    source: page 3
    steps:
      - id: meet
        duty_of: [council]
        duty: call a meeting
        decided_by: chair
        clock: event
        after: 3 days
        standard: reasonable grounds to believe
        standing: signed
        source: page 3
"""


def square(code: str, west: float = 0, south: float = 0) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code.title()},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=0)


ZONES = {
    "zones/shores.geojson": geojson(square("east", 5), square("west")),
    "zones/strip.geojson": geojson(square("strip")),
}


def read(text: str = TEXT, **zones: str):
    files = ZONES | {f"zones/{name}.geojson": body for name, body in zones.items()}
    return read_agreement(text, file="agreement.yaml", zone_files=files)


def line_of(words: str, text: str = TEXT) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_whole_agreement_is_read():
    agreement = read()
    assert agreement.truce == Window(
        datetime(2026, 6, 1, 6, tzinfo=UTC), datetime(2026, 6, 5, 22, tzinfo=UTC)
    )
    first, second = agreement.provisions
    assert first.window == agreement.truce
    assert (first.duty, first.exceptions) == (Duty.FORBID, (Exemption(kinds=("mine",)),))
    assert second.window == Window(None, datetime(2026, 6, 5, 20, tzinfo=UTC))
    assert [area.code for area in agreement.regions] == ["east", "west"]
    assert agreement.zones[0].area.polygons[0][0][0] == (0.0, 0.0)
    trigger = agreement.triggers[0]
    assert (trigger.within, trigger.steps[0].after) == (timedelta(hours=24), timedelta(days=3))
    assert dict(agreement.standards)["verified"] == "clear and convincing"


# What is replaced, by what, the field that is named, words of the message, and the line's words
# where they are not those of the replacement.
FAULTS = [
    ("name: Island truce", "name: Island truce\ncolour: red", "colour", "not a known key", ""),
    ("name: Island truce", "name: Island truce\nname: B", "name", "stands here twice", "name: B"),
    ("id: island\n", "", "id", "is missing", "name: Island"),
    ("id: island\n", "id: 7\n", "id", "must be text", ""),
    ("name: North}", "nom: North}", "parties[0].nom", "not a known key", ""),
    ("{id: south, name: South}", "{id: north, name: S}", "parties[1].id", "twice", ""),
    ("    standing: signed", "    standing: agreed", "instruments[0].standing", "'in_force'", ""),
    ("accepted_by: [north, south]", "accepted_by: [east]", "instruments[0].accepted_by[0]",
     "no known party", ""),
    ("kinds: [hostile_act]", "kinds: [shouting]", "provisions[0].kinds[0]", "no known kind", ""),
    ("kinds: [hostile_act]", "kinds: [thermal_anomaly]", "provisions[0].kinds[0]", "sign", ""),
    ("kinds: [hostile_act]", "kinds: []", "provisions[0].kinds", "at least 1", ""),
    ("exceptions: [mine]", "exceptions: [gas]", "provisions[0].exceptions[0]", "no known", ""),
    ("zones: [strip]", "zones: [strip, strip]", "provisions[0].zones[1]", "twice", ""),
    ("zones: [strip]", "zones: [beach]", "provisions[0].zones[0]", "no known zone (strip)", ""),
    ("zones: [strip]", "zones: [east]", "provisions[0].zones[0]", "for reporting alone", ""),
    ("    zones: [strip]\n", "", "provisions[0].zones", "is missing", "- id: P1"),
    ("duty: forbid", "duty: frown", "provisions[0].duty", "'permit'", ""),
    ("    instrument: paper\n    duty: forbid", "    instrument: note\n    duty: forbid",
     "provisions[0].instrument", "no known instrument", "instrument: note"),
    ("    words: No firing.", '    words: " "', "provisions[0].words", "not be empty", ""),
    ("start: 2026-06-01 08:00", "start: 2026-06-01", "truce.start", "bare date", ""),
    ("start: 2026-06-01 08:00", "start: 2026-06-01T08:00+05:00", "truce.start",
     "does not have at that time", ""),
    ("end: 2026-06-05 24:00", "end: 2026-06-05 24:30", "truce.end", "no time of any day", ""),
    ("end: 2026-06-05 24:00", "end: 2026-05-05 24:00", "truce.end", "not lie after", ""),
    ("  end: 2026-06-05 24:00\n", "", "truce.end", "is missing", "truce:"),
    ("timezone: Europe/Paris", "timezone: Europe/Atlantis", "truce.timezone", "IANA", ""),
    ("timezone: Europe/Paris", "timezone: Europe", "truce.timezone", "IANA", ""),
    ("  timezone: Europe/Paris\n", "", "truce.start", "needs an offset", "start: 2026-06-01"),
    ("zones/strip.geojson", "zones/sea.geojson", "zones[0].file", "not in the mission", ""),
    ("zones/strip.geojson, code: code", "zones/strip.geojson, code: kode",
     "features[0].properties.kode", "must be text", None),
    ("verified: clear and convincing", "verified: sure", "standards.verified", "one of", ""),
    ("verified: clear and convincing", "verified: none", "standards.verified", "lower", ""),
    ("within: 24 hours", "within: a day", "triggers[0].within", "not a length", ""),
    ("after: 3 days", "after: 0 days", "triggers[0].steps[0].after", "not a length", ""),
    ("count: 2", "count: 0", "triggers[0].count", "greater than or equal to 1", ""),
    ("count: 2", "count: two", "triggers[0].count", "valid integer", ""),
    ("provisions: [P1]", "provisions: [P9]", "triggers[0].provisions[0]", "no known", ""),
    ("duty_of: [council]", "duty_of: [nobody]", "triggers[0].steps[0].duty_of[0]", "no known", ""),
    ("    kinds: [hostile_act]", "   kinds: [hostile_act]", "", "not valid YAML", ""),
    ("id: island", "id: !!python/name:os.system x", "id", "is not used here", ""),
    ("guarantors: [council]", "guarantors: &a [council]\nmore: *a", "more", "aliases", ""),
    ("count: 2", "count: 0x2", "triggers[0].count", "plain decimal", ""),
    ("name: Island truce", "? [name]\n: x", "", "plain word", "? [name]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "words", "line"), FAULTS)
def test_a_fault_names_file_line_and_field(old, new, field, words, line):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    fault = caught.value
    assert words in str(fault)
    assert fault.field == field
    if line is None:
        assert fault.file == "zones/strip.geojson"
    else:
        mark = line or [part for part in new.strip().splitlines() if part][-1].strip()
        assert (fault.file, fault.line) == ("agreement.yaml", line_of(mark, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- 1\n", "mapping"),
        ("a: 1\n---\nb: 2\n", "single document"),
        ("a: \x00\n", "not valid YAML"),
        ("[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_agreement_at_all(text, words):
    with pytest.raises(ConfigurationError, match=words):
        read(text)


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ("{", "", "not valid JSON"),
        ("[" * 100_000, "", "nested too deeply"),
        ("[]", "", "FeatureCollection"),
        (geojson(), "", "with features"),
        (geojson(7), "features[0]", "not a feature"),
        (geojson(square("a"), square("a")), "features[1]", "used twice"),
        (geojson(square("a", 179.5)), "features[0].geometry", "outside longitude"),
        (geojson({**square("a"), "geometry": None}), "features[0].geometry", "Polygon"),
        (geojson({**square("a"), "geometry": {"type": "Point", "coordinates": [0, 0]}}),
         "features[0].geometry", "Polygon"),
        (geojson({**square("a"), "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}}),
         "features[0].geometry", "not a geometry"),
        (geojson({**square("a"), "geometry": {"type": "Polygon", "coordinates":
                  [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}),
         "features[0].geometry", "not a valid polygon"),
        (geojson({**square("a"), "properties": {"code": " ", "name": "A"}}),
         "features[0].properties.code", "not empty"),
        (json.dumps({"features": [square("a")], "crs": {"properties": {"name": "EPSG:3857"}}}),
         "crs", "WGS 84"),
    ],
)  # fmt: skip
def test_a_fault_in_a_zone_file_names_it(body, field, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        read(strip=body)
    assert (caught.value.file, caught.value.field) == ("zones/strip.geojson", field)


def test_one_code_in_two_files_is_refused():
    both = "  - {file: zones/shores.geojson, code: code, name: name}\n"
    text = TEXT.replace("provisions:\n", f"{both}{both}provisions:\n", 1)
    with pytest.raises(ConfigurationError, match="stands in two files") as caught:
        read(text)
    assert caught.value.field == "zones[2].file"


@given(st.text(max_size=80))
def test_no_text_does_anything_but_refuse(text):
    with pytest.raises(ConfigurationError):
        read(text)


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_changed_character_is_read_or_refused(place, character):
    changed = TEXT[:place] + character + TEXT[place + 1 :]
    with suppress(ConfigurationError):
        assert read(changed).provisions


def test_without_its_guard_an_unknown_key_would_pass():
    """The saboteur: with extra keys ignored, a slip such as `excepts:` is silently lost."""
    text = TEXT.replace("exceptions: [mine]", "excepts: [mine]")
    with pytest.raises(ConfigurationError):
        read(text)
    data = read_document(text, file="a").data
    form = AgreementForm.model_validate(data, extra="ignore")
    assert form.provisions[0].exceptions == []


def test_the_easter_truce_is_read_as_the_source_has_it(shared):
    zones = {"zones/regions.geojson": (MISSION / "zones/regions.geojson").read_text("utf-8")}
    agreement = read_agreement(
        (MISSION / "agreement.yaml").read_text("utf-8"), file="agreement.yaml", zone_files=zones
    )
    with (shared / "data/truce-windows/truces.csv").open(encoding="utf-8") as lines:
        row = next(row for row in csv.DictReader(lines) if row["truce_id"] == "ukr-easter-2026")
    assert agreement.truce == Window(
        datetime.fromisoformat(row["start_utc"]), datetime.fromisoformat(row["end_utc"])
    )
    (instrument,) = agreement.instruments
    assert (instrument.standing, instrument.announced_by) == ("announced", ("russia",))
    assert instrument.accepted_by == ()
    (provision,) = agreement.provisions
    assert set(provision.parties) == {party.id for party in agreement.parties}
    assert row["source_words"].strip('"') in provision.words
    assert row["scope"] in provision.words
    assert provision.source == row["source_url"]
    assert len(agreement.regions) == 27
    assert agreement.triggers == ()


def test_the_regions_are_the_source_byte_for_byte(shared):
    source = shared / "data/geoboundaries-ukr-adm1/geoBoundaries-UKR-ADM1.geojson"
    assert (MISSION / "zones/regions.geojson").read_bytes() == source.read_bytes()


def test_no_terms_yet_and_a_trigger_that_names_none():
    """A framework before its ceasefire: nothing is forbidden, and the ladder waits for what is."""
    every = read(TEXT.replace("provisions: [P1]", "provisions: []"))
    assert every.triggers[0].provisions == tuple(one.id for one in every.provisions)
    head, _, rest = TEXT.partition("provisions:\n")
    tail = rest[rest.index("standards:") :]
    none = read(f"{head}provisions: []\n{tail}".replace("provisions: [P1]", "provisions: []"))
    assert none.provisions == ()
    assert none.triggers[0].provisions == ()
