"""One agreement that uses every key there is, with its zone files."""

from __future__ import annotations

import json

TEXT = """\
id: island
name: Island truce
timezone: Europe/Paris
parties:
  - {id: north, name: North}
  - {id: south, name: South}
guarantors: [council]
states: [harbour]
bodies:
  - {id: commission, name: The commission, decides: [breach, attribution, obligation, exemption],
     members: [north, south, council], standing: signed, source: page 4}
  - {id: assemblies, name: The assemblies, decides: [approval], standing: reported, source: page 4}
lead: harbour
instruments:
  - {id: paper-0, text: paper, edition: draft, title: The paper, version: draft, standing: reported,
     source: a newspaper}
  - {id: paper-1, text: paper, title: The paper, version: "1", standing: signed,
     announced_by: [council], accepted_by: [north, south], source: page 1,
     holds: {from: 2026-06-01 08:00}}
  - {id: paper-2, text: paper, edition: amended, title: The paper, version: "2", standing: signed,
     source: page 9, holds: {from: 2026-06-03 00:00, until: 2026-07-01T00:00Z}}
  - {id: talks, title: What is talked of, version: "1", standing: reported, source: page 7,
     holds: {from: not yet}}
truce: {start: 2026-06-01 08:00, end: 2026-06-05 24:00}
regions:
  - {file: zones/shores.geojson, code: code, name: name}
zones:
  - {file: zones/strip.geojson, code: code, name: name, side: north}
  - {file: zones/line-1.geojson, code: code, name: name, buffer_km: 15,
     holds: {from: open, until: 2026-06-03 00:00}}
  - {file: zones/line-2.geojson, code: code, name: name, buffer_km: 7.5,
     holds: {from: 2026-06-03 00:00, timezone: Europe/Paris}}
  - {file: zones/road.geojson, code: code, name: name, width_km: 2}
provisions:
  - id: P1
    instrument: paper-1
    duty: forbid
    kinds: [hostile_act]
    parties: [north, south]
    zones: [line, strip]
    weapons: [heavy_weapon]
    window: {start: 2026-06-01 09:00, end: open}
    condition: "killed >= 1 || 'mine' in weapons"
    exceptions:
      - mine
      - {kinds: [explosion], weapons: [mine], zones: [road], words: clearance,
         window: {start: 2026-06-02 08:00, end: 2026-06-02 24:00, timezone: UTC},
         condition: region == 'east'}
    words: No firing.
    source: page 1
  - id: P2
    instrument: paper-2
    duty: permit
    kinds: [drone_overflight]
    parties: [north]
    zones: []
    words: Drones may fly.
    source: page 2
standards:
  allegation: none
  reported: reasonable suspicion
  corroborated: reasonable grounds to believe
  verified: clear and convincing
needed:
  publish: reasonable suspicion
  open: reasonable grounds to believe
  attribute: clear and convincing
triggers:
  - id: ladder
    provisions: [P1]
    count: 2
    within: 24 hours
    kinds: [shelling]
    zones: [line]
    by: [north]
    at_least: {killed: 5, wounded: 20}
    window: {start: 2026-06-01 08:00, end: 2026-06-09 08:00}
    condition: probability >= 0.9
    source: page 5
    steps:
      - {id: warn, duty: warn, duty_of: [council], decided_by: commission, clock: event,
         after: 24 hours, standard: reasonable grounds to believe, standing: signed, source: page 5}
      - {id: act, duty: act, duty_of: [council, harbour, commission], decided_by: commission,
         follows: warn, clock: determination, after: 3 calendar days, approval: [assemblies],
         standard: clear and convincing, standing: reported, condition: breaches > 1, words: to act,
         source: page 6}
      - {id: meet, duty: meet, duty_of: [north], decided_by: commission, follows: act, clock: event,
         after: none, standard: none, standing: lapsed, source: page 6}
"""


def feature(code: str, sort: str, coordinates: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code.title()},
        "geometry": {"type": sort, "coordinates": coordinates},
    }


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def square(code: str, west: float, south: float) -> dict[str, object]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1]]
    return feature(code, "Polygon", [[*ring, ring[0]]])


ZONES = {
    "zones/shores.geojson": collection(square("east", 5, 45), square("west", 3, 45)),
    "zones/strip.geojson": collection(square("strip", 4, 45)),
    "zones/line-1.geojson": collection(feature("line", "LineString", [[4, 45], [4.5, 45.2]])),
    "zones/line-2.geojson": collection(
        feature("line", "MultiLineString", [[[4, 45.1], [4.5, 45.3]], [[4.6, 45.3], [4.7, 45.3]]])
    ),
    "zones/road.geojson": collection(feature("road", "LineString", [[4, 45], [5, 45.5]])),
}
