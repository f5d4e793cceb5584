"""Everything that the form can say, and each fault in what is new of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.agreements.whole import TEXT, ZONES, collection, feature, square

from trucewatch.agreements import examine, read_agreement
from trucewatch.agreements.zones.areas import shape_of
from trucewatch.errors import ConfigurationError
from trucewatch.model import ALWAYS, NEVER, Clock, Drawn, Edition, Exemption, Window


def read(text: str = TEXT, **zones: str):
    files = ZONES | {f"zones/{name}.geojson": body for name, body in zones.items()}
    return read_agreement(text, file="agreement.yaml", zone_files=files)


def at(day: int, hour: int = 0) -> datetime:
    """An hour of June by the clocks of Paris."""
    return datetime(2026, 6, day, hour, tzinfo=UTC) - timedelta(hours=2)


def test_every_key_is_read():
    one = read()
    assert [i.id for i in one.instruments] == ["paper-0", "paper-1", "paper-2", "talks"]
    draft, first, second, talks = one.instruments
    assert (draft.edition, draft.holds) == (Edition.DRAFT, NEVER)
    assert first.holds == Window(at(1, 8), at(3))
    assert second.holds == Window(at(3), datetime(2026, 7, 1, tzinfo=UTC))
    assert (talks.edition, talks.holds) == (Edition.PUBLISHED, NEVER)
    assert one.truce == Window(at(1, 8), at(6))
    assert (one.lead, one.states) == ("harbour", ("harbour",))
    assert one.bodies[0].members == ("north", "south", "council")
    assert [(z.code, z.drawn, z.buffer_m, z.side) for z in one.zones] == [
        ("line", Drawn.LINE, 15_000, None),
        ("line", Drawn.LINE, 7_500, None),
        ("road", Drawn.CORRIDOR, 1_000, None),
        ("strip", Drawn.POLYGON, 0, "north"),
    ]
    assert [z.holds for z in one.zones[:3]] == [Window(None, at(3)), Window(at(3), None), ALWAYS]
    p1, p2 = one.provisions
    assert (p1.weapons, p1.window) == (("heavy_weapon",), Window(at(1, 9), None))
    assert p1.exceptions == (
        Exemption(kinds=("mine",)),
        Exemption(
            kinds=("explosion",),
            weapons=("mine",),
            zones=("road",),
            window=Window(at(2, 10), at(3, 2)),
            condition="region == 'east'",
            words="clearance",
        ),
    )
    assert p2.window == one.truce
    assert dict(one.needed)["attribute"] == "clear and convincing"
    (ladder,) = one.triggers
    assert ladder.at_least == (("killed", 5), ("wounded", 20))
    warn, act, meet = ladder.steps
    assert (warn.after, warn.calendar) == (timedelta(hours=24), None)
    assert (act.after, act.calendar) == (timedelta(days=3), "Europe/Paris")
    assert (act.clock, act.follows, act.approval) == (
        Clock.DETERMINATION,
        "warn",
        ("assemblies",),
    )
    assert meet.after is None


def test_nothing_holds_of_what_is_not_in_force_yet():
    text = TEXT.replace(
        "truce: {start: 2026-06-01 08:00, end: 2026-06-05 24:00}",
        "truce: {start: not yet, end: open}",
    )
    one = read(text)
    assert one.truce == NEVER
    assert one.provisions[1].window == NEVER
    assert NEVER.empty
    assert not ALWAYS.empty


HOLDS = "holds: {from: 2026-06-03 00:00, until: 2026-07-01T00:00Z}"
FAULTS = [
    ("edition: draft,", "edition: draft, holds: {from: open},", "instruments[0].holds", "a draft"),
    (HOLDS, "holds: {from: 2026-06-01 08:00}", "instruments[2].holds", "begins with 'paper-1'"),
    (HOLDS, "edition: amended", "instruments[2].edition", "stands here twice"),
    ("guarantors: [council]", "guarantors: [{id: council}]", "guarantors[0]", "must be one text"),
    ("count: 2", "count: 0", "triggers[0].count", "must be greater than or equal to 1"),
    (HOLDS, "holds: {from: open}", "", ""),
    ("{from: 2026-06-01 08:00}}", "{from: 2026-06-01 08:00, until: 2026-06-04 00:00}}",
     "instruments[2].holds", "begins before 'paper-1' ends"),
    ("{from: not yet}", "{from: not yet, until: 2026-07-01 00:00}", "instruments[3].holds.until",
     "must be 'open'"),
    ("until: 2026-07-01T00:00Z", "until: 2026-05-01 00:00", "instruments[2].holds.until",
     "not lie after"),
    ("timezone: Europe/Paris\nparties", "timezone: Paris\nparties", "timezone", "IANA"),
    ("timezone: Europe/Paris\nparties", "parties", "instruments[1].holds.from", "needs an offset"),
    ("states: [harbour]", "states: [council]", "states[0]", "already"),
    ("states: [harbour]", "states: [harbour, harbour]", "states[1]", "twice"),
    ("lead: harbour", "lead: nobody", "lead", "no known party, guarantor, state or body"),
    ("id: assemblies,", "id: council,", "bodies[1].id", "a party, a guarantor or a state, too"),
    ("id: assemblies,", "id: commission,", "bodies[1].id", "twice"),
    ("members: [north, south, council]", "members: [east]", "bodies[0].members[0]", "no known"),
    ("decides: [approval]", "decides: [all]", "bodies[1].decides[0]", "one of"),
    ("width_km: 2}", "}", "zones[3]", "give its buffer_km"),
    ("width_km: 2}", "width_km: 2, buffer_km: 1}", "zones[3]", "and not both"),
    ("width_km: 2}", "width_km: 0}", "zones[3].width_km", "greater than 0"),
    ("width_km: 2}", "width_km: 401}", "zones[3].width_km", "less than or equal to 400"),
    ("side: north}", "side: east}", "zones[0].side", "no known party"),
    ("side: north}", "buffer_km: 3}", "zones[0].buffer_km", "is a polygon"),
    ("until: 2026-06-03 00:00}", "until: 2026-06-03 00:01}", "zones[2].file", "do not overlap"),
    ("weapons: [heavy_weapon]", "weapons: [catapult]", "provisions[0].weapons[0]", "no known"),
    ("'mine' in weapons\"", "'mine' in weapon\"", "provisions[0].condition", "character 26"),
    ("region == 'east'", "region == 'beach'", "provisions[0].exceptions[1].condition",
     "never 'beach'"),
    ("- mine\n", "- gas\n", "provisions[0].exceptions[0]", "no known kind"),
    ("kinds: [explosion]", "kinds: [gas]", "provisions[0].exceptions[1].kinds[0]", "no known kind"),
    ("zones: [road]", "zones: [east]", "provisions[0].exceptions[1].zones[0]", "for reporting"),
    ("- mine\n", "- {words: all}\n", "provisions[0].exceptions[0]", "would except everything"),
    ("- mine\n", "- 7\n", "provisions[0].exceptions[0]", "mapping of keys"),
    ("publish: reasonable suspicion", "publish: clear and convincing", "needed.open", "lower"),
    ("  publish: reasonable suspicion\n", "", "needed.publish", "missing"),
    ("kinds: [shelling]", "kinds: [gas]", "triggers[0].kinds[0]", "no known kind"),
    ("zones: [line]\n", "zones: [beach]\n", "triggers[0].zones[0]", "no known zone"),
    ("by: [north]", "by: [council]", "triggers[0].by[0]", "no known party"),
    ("{killed: 5,", "{killed: 0,", "triggers[0].at_least.killed", "greater than or equal to 1"),
    ("{killed: 5,", "{dead: 5,", "triggers[0].at_least.dead", "not a known key"),
    ("probability >= 0.9", "probability >= 90", "triggers[0].condition", "never above 1"),
    ("breaches > 1", "killed > 1 && region == 'east'", "triggers[0].steps[1].condition",
     "'region' is no fact"),
    ("decided_by: commission, clock: event,", "decided_by: assemblies, clock: event,",
     "triggers[0].steps[0].decided_by", "does not decide on obligation"),
    ("decided_by: commission, clock: event,", "decided_by: council, clock: event,",
     "triggers[0].steps[0].decided_by", "no known body"),
    ("approval: [assemblies]", "approval: [commission]", "triggers[0].steps[1].approval[0]",
     "does not decide on approval"),
    ("follows: warn", "follows: act", "triggers[0].steps[1].follows", "wait for one another"),
    ("follows: warn", "follows: meet", "triggers[0].steps[1].follows", "wait for one another"),
    ("follows: warn", "follows: sing", "triggers[0].steps[1].follows", "no known step"),
    ("id: act,", "id: warn,", "triggers[0].steps[1].id", "twice"),
    ("clock: determination", "clock: noon", "triggers[0].steps[1].clock", "one of"),
    ("after: 24 hours", "after: a day", "triggers[0].steps[0].after", "not a length"),
    ("within: 24 hours", "within: 3 calendar days", "triggers[0].within", "not a length"),
    ("standard: clear and convincing", "standard: sure", "triggers[0].steps[1].standard",
     "one of"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "words"), [one for one in FAULTS if one[2]])
def test_a_fault_is_told_with_its_field(old, new, field, words):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert words in str(caught.value)
    assert caught.value.field == field
    assert caught.value.file == "agreement.yaml"
    assert caught.value.line is not None


def test_an_open_beginning_comes_before_all_others():
    """Versions that follow one another stand in any order in the file."""
    one = read(TEXT.replace(HOLDS, "holds: {from: open}"))
    assert one.instruments[2].holds == Window(None, at(1, 8))
    assert one.instruments[1].holds == Window(at(1, 8), None)


def test_two_versions_without_a_beginning_are_refused():
    text = TEXT.replace(HOLDS, "announced_by: []").replace(
        "source: page 1,\n     holds: {from: 2026-06-01 08:00}", "source: page 1"
    )
    with pytest.raises(ConfigurationError, match="says no beginning, as does 'paper-1'"):
        read(text)


def test_calendar_days_need_the_zone_of_the_file():
    text = TEXT.replace("timezone: Europe/Paris\nparties", "parties", 1)
    found = examine(text, file="agreement.yaml", zone_files=ZONES)
    assert any("calendar days need" in str(one) for one in found.faults)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (feature("road", "LineString", [[4, 45], [4, 45]]), "not a valid line"),
        (feature("road", "LineString", [[4, 45]]), "not a geometry"),
        (feature("road", "LineString", [[4, 86], [5, 86]]), "beyond latitude 85"),
        (feature("road", "LineString", [[179, 5], [-179, 5]]), "crosses the date line"),
        (feature("road", "LineString", [[179, 5], [181, 5]]), "lies outside longitude"),
        (feature("road", "Point", [4, 45]), "must be a Polygon"),
        (feature("road", "GeometryCollection", []), "not a geometry"),
        (feature("road", "LineString", [[-170, 5], [0, 5], [170, 5], [0, -5]]), "longer than"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_told(body, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        read(road=collection(body))
    assert caught.value.file == "zones/road.geojson"
    assert caught.value.field.startswith("features[0]")


def test_a_region_is_no_line():
    with pytest.raises(ConfigurationError, match="must be a Polygon or a MultiPolygon"):
        read(shores=collection(feature("east", "LineString", [[4, 45], [5, 45]])))


def test_all_faults_are_found_at_once_and_in_the_order_of_the_file():
    text = TEXT
    for old, new in (
        ("lead: harbour", "lead: nobody"),
        ("weapons: [heavy_weapon]", "weapons: [catapult]"),
        ("by: [north]", "by: [council]"),
        ("follows: warn", "follows: sing"),
    ):
        text = text.replace(old, new, 1)
    found = examine(text, file="agreement.yaml", zone_files=ZONES)
    assert [one.field for one in found.faults] == [
        "lead",
        "provisions[0].weapons[0]",
        "triggers[0].by[0]",
        "triggers[0].steps[1].follows",
    ]
    assert [one.line for one in found.faults] == sorted(one.line or 0 for one in found.faults)


def test_a_zone_file_that_cannot_be_read_makes_no_other_fault():
    found = examine(TEXT, file="agreement.yaml", zone_files=ZONES | {"zones/strip.geojson": "{"})
    assert [one.file for one in found.faults] == ["zones/strip.geojson"]


def test_without_its_guard_two_versions_would_hold_at_once(monkeypatch):
    """The saboteur: unless versions end one another, one act breaches two versions of a text."""
    import trucewatch.agreements.reading.versions as versions

    monkeypatch.setattr(versions, "_follow", lambda *_: None)
    first, second = read().instruments[1:3]
    assert not first.holds.overlap(second.holds).empty
    monkeypatch.undo()
    first, second = read().instruments[1:3]
    assert first.holds.overlap(second.holds).empty


def test_a_buffer_holds_what_lies_within_its_metres():
    import shapely

    road = next(zone for zone in read().zones if zone.code == "road")
    shape = shape_of(road.area)
    assert shapely.contains_xy(shape, 4.5, 45.25)
    assert not shapely.contains_xy(shape, 4.5, 45.27)


def test_a_region_and_a_zone_may_share_a_file():
    text = TEXT.replace("zones/strip.geojson", "zones/shores.geojson").replace(
        "zones: [line, strip]", "zones: [line, east]"
    )
    assert {zone.code for zone in read(text).zones} == {"east", "west", "line", "road"}
    assert square("a", 0, 0)
