"""What an incident is under a provision: a truth table by hand, and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.agreements.assessing.bench as bench
from trucewatch.agreements import assess
from trucewatch.model import (
    Agreement,
    Area,
    Drawn,
    Duty,
    Exemption,
    Finding,
    Incident,
    Instrument,
    Interval,
    Nature,
    Outcome,
    Party,
    Point,
    Provision,
    Responsibility,
    State,
    Window,
    Zone,
    kind_tree,
)

START = datetime(2026, 4, 11, 13, tzinfo=UTC)
END = datetime(2026, 4, 12, 21, tzinfo=UTC)
TRUCE = Window(START, END)
HOUR = timedelta(hours=1)


def box(code: str, west: float, south: float, east: float, north: float) -> Zone:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    area = Area(code, code.title(), ((ring,),))
    return Zone(code=code, name=area.name, drawn=Drawn.POLYGON, area=area)


ZONES = (box("strip", 36, 48, 37, 49), box("port", 30, 46, 31, 47))
PARTIES = ("north", "south")


def provision(**change: object) -> Provision:
    base = Provision(
        id="P1",
        instrument="paper",
        duty=Duty.FORBID,
        kinds=("hostile_act", "drone_overflight"),
        parties=PARTIES,
        zones=(),
        window=TRUCE,
        exceptions=(),
        words="No firing.",
        source="page 1",
    )
    return replace(base, **change)


def kinds_of(kinds: tuple[str, ...]) -> tuple[Exemption, ...]:
    return tuple(Exemption(kinds=(kind,)) for kind in kinds)


def agreement(*provisions: Provision, **change: object) -> Agreement:
    base = Agreement(
        id="island",
        name="Island",
        parties=tuple(Party(id=one, name=one.title()) for one in PARTIES),
        guarantors=(),
        instruments=(
            Instrument(
                id="paper",
                title="The paper",
                standing="in_force",
                version="1",
                source="page 1",
                accepted_by=PARTIES,
            ),
        ),
        provisions=provisions or (provision(),),
        regions=(),
        zones=ZONES,
        truce=TRUCE,
        standards=(),
    )
    return replace(base, **change)


def incident(**change: object) -> Incident:
    base = Incident(
        id="inc-1",
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(48.5, 36.5, 1000.0),
        when=Interval.instant(START + 5 * HOUR),
        region=None,
        probability=0.9,
        claims=("c",),
        sources=("s",),
        origins=("o",),
        observations=1,
        terms=(),
        reasons=(),
    )
    return replace(base, **change)


def finding(one: Incident, state: State = State.REPORTED) -> Finding:
    return Finding(
        id=f"fnd-{one.id}",
        incident=one.id,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="none",
        independent_origins=1,
        probability=one.probability,
        seen_share=None,
        reasons=(),
    )


def judged(one: Incident, text: Agreement, state: State = State.REPORTED):
    return assess([one], [finding(one, state)], text)


WITHIN = Interval.instant(START + 5 * HOUR)
FIRST_DAY = Interval(datetime(2026, 4, 10, 21, tzinfo=UTC), datetime(2026, 4, 11, 21, tzinfo=UTC))
SECOND_DAY = Interval(FIRST_DAY.latest, END)
LATER = Interval.instant(END + 30 * HOUR)
MONTH = Interval(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
INSIDE = Point(48.5, 36.5, 1000.0)
EDGE = Point(48.5, 37.0, 5000.0)
NEAR = Point(48.5, 37.05, 500.0)
FAR = Point(50.0, 30.0, 5000.0)
VAGUE = Point(48.5, 36.5, 300_000.0)
B, X, O, U = Outcome.BREACH, Outcome.EXEMPT, Outcome.OUTSIDE, Outcome.UNDETERMINED  # noqa: E741 - a table's column

# kind, time, place, zones, exceptions, outcome, share (None: not looked at)
TABLE = [
    # Kinds: named or exacter, vaguer, other, signs.
    ("hostile_act", WITHIN, INSIDE, (), (), B, 1),
    ("mortar", WITHIN, INSIDE, (), (), B, 1),
    ("drone_strike", WITHIN, INSIDE, (), (), B, 1),
    ("sniper", WITHIN, INSIDE, (), (), B, 1),
    ("mine", WITHIN, INSIDE, (), (), B, 1),
    ("drone_overflight", WITHIN, INSIDE, (), (), B, 1),
    ("event", WITHIN, INSIDE, (), (), U, 1),
    ("posture", WITHIN, INSIDE, (), (), U, 1),
    ("movement", WITHIN, INSIDE, (), (), O, 1),
    ("fortification", WITHIN, INSIDE, (), (), O, 1),
    ("heavy_weapons", WITHIN, INSIDE, (), (), O, 1),
    ("access_denied", WITHIN, INSIDE, (), (), O, 1),
    ("jamming", WITHIN, INSIDE, (), (), O, 1),
    ("thermal_anomaly", WITHIN, INSIDE, (), (), U, 1),
    ("damage", WITHIN, INSIDE, (), (), U, 1),
    ("casualties", WITHIN, INSIDE, (), (), U, 1),
    ("air_raid_alert", WITHIN, INSIDE, (), (), U, 1),
    # Times: instants at both edges, days, months, long after.
    ("mortar", Interval.instant(START), INSIDE, (), (), B, 1),
    ("mortar", Interval.instant(END), INSIDE, (), (), O, 0),
    ("mortar", Interval.instant(START - timedelta(seconds=1)), INSIDE, (), (), O, 0),
    ("mortar", Interval.instant(END - timedelta(seconds=1)), INSIDE, (), (), B, 1),
    ("mortar", FIRST_DAY, INSIDE, (), (), U, 1 / 3),
    ("mortar", SECOND_DAY, INSIDE, (), (), B, 1),
    ("mortar", Interval(START, END), INSIDE, (), (), B, 1),
    ("mortar", Interval(START - HOUR, START + 19 * HOUR), INSIDE, (), (), B, 0.95),
    ("mortar", Interval(START - 2 * HOUR, START + 18 * HOUR), INSIDE, (), (), U, 0.9),
    ("mortar", Interval(START - 19 * HOUR, START + HOUR), INSIDE, (), (), O, 0.05),
    ("mortar", Interval(START - 18 * HOUR, START + 2 * HOUR), INSIDE, (), (), U, 0.1),
    ("mortar", MONTH, INSIDE, (), (), O, 32 / 720),
    ("mortar", LATER, INSIDE, (), (), O, 0),
    ("event", LATER, INSIDE, (), (), O, 0),
    ("thermal_anomaly", LATER, INSIDE, (), (), O, 0),
    ("thermal_anomaly", FIRST_DAY, INSIDE, (), (), U, 1 / 3),
    # Places: inside, at the edge, near it, far off, anywhere.
    ("mortar", WITHIN, INSIDE, ("strip",), (), B, 1),
    ("mortar", WITHIN, EDGE, ("strip",), (), U, 0.5),
    ("mortar", WITHIN, NEAR, ("strip",), (), O, 0),
    ("mortar", WITHIN, FAR, ("strip",), (), O, 0),
    ("mortar", WITHIN, FAR, ("strip", "port"), (), O, 0),
    ("mortar", WITHIN, Point(46.5, 30.5, 900.0), ("strip", "port"), (), B, 1),
    ("mortar", WITHIN, VAGUE, ("strip",), (), O, None),
    ("mortar", WITHIN, VAGUE, (), (), B, 1),
    ("mortar", FIRST_DAY, EDGE, ("strip",), (), U, 1 / 6),
    ("thermal_anomaly", WITHIN, FAR, ("strip",), (), O, 0),
    ("thermal_anomaly", WITHIN, INSIDE, ("strip",), (), U, 1),
    # Exceptions: named, vaguer than what is excepted, other, and not where the time is out.
    ("mine", WITHIN, INSIDE, (), ("mine",), X, 1),
    ("mortar", WITHIN, INSIDE, (), ("explosion",), X, 1),
    ("mortar", WITHIN, INSIDE, (), ("mine",), B, 1),
    ("explosion", WITHIN, INSIDE, (), ("mine",), U, 1),
    ("hostile_act", WITHIN, INSIDE, (), ("mine",), U, 1),
    ("mine", FIRST_DAY, INSIDE, (), ("mine",), X, 1 / 3),
    ("mine", LATER, INSIDE, (), ("mine",), O, 0),
    ("thermal_anomaly", WITHIN, INSIDE, (), ("mine",), U, 1),
]


@pytest.mark.parametrize(("kind", "when", "place", "zones", "spared", "outcome", "share"), TABLE)
def test_the_truth_table(kind, when, place, zones, spared, outcome, share):
    text = agreement(provision(zones=zones, exceptions=kinds_of(spared)))
    (found,) = judged(incident(kind=kind, when=when, place=place), text)
    assert found.outcome is outcome, found.reasons
    if share is not None:
        assert found.share == pytest.approx(share, abs=0.003)


def test_the_table_is_long_enough():
    assert len(TABLE) >= 40


def test_a_sign_that_no_named_act_leaves_is_outside():
    text = agreement(provision(kinds=("heavy_weapons",)))
    (found,) = judged(incident(kind="thermal_anomaly", nature=Nature.FIRE), text)
    assert found.outcome is O
    assert "no sign that heavy weapons" in found.reasons[0]


def test_a_static_source_is_no_violation():
    one = incident(kind="thermal_anomaly", nature=Nature.STATIC_SOURCE)
    (found,) = judged(one, agreement())
    assert found.outcome is O
    assert "a place hot time and again; not a violation" in found.reasons[0]


def test_a_fire_is_a_sign_and_no_act():
    (found,) = judged(incident(kind="thermal_anomaly", nature=Nature.FIRE), agreement())
    assert "a sign and no act" in found.reasons[0]


PERMIT = provision(id="P2", duty=Duty.PERMIT, kinds=("drone_overflight",))


@pytest.mark.parametrize(
    ("change", "kind", "forbidden", "permitted"),
    [
        ({}, "drone_overflight", X, X),
        ({}, "mortar", B, O),
        ({}, "posture", U, U),
        ({"window": Window(END, None)}, "drone_overflight", B, O),
        ({"zones": ("port",)}, "drone_overflight", B, O),
        ({"window": Window(START + 5 * HOUR, None)}, "drone_overflight", X, X),
        # One side alone may fly, and nobody has established who flew.
        ({"parties": ("north",)}, "drone_overflight", U, U),
        # What the permission itself excepts, it does not permit.
        ({"kinds": ("hostile_act",), "exceptions": kinds_of(("mortar",))}, "mortar", B, O),
        ({"kinds": ("hostile_act",), "exceptions": kinds_of(("mortar",))}, "sniper", X, X),
        ({"kinds": ("hostile_act",), "exceptions": kinds_of(("mortar",))}, "shelling", U, U),
    ],
)
def test_a_permission_makes_an_act_exempt(change, kind, forbidden, permitted):
    first, second = judged(incident(kind=kind), agreement(provision(), replace(PERMIT, **change)))
    assert (first.provision, first.outcome) == ("P1", forbidden), first.reasons
    assert (second.provision, second.outcome) == ("P2", permitted), second.reasons


def test_a_permission_that_holds_in_part_leaves_it_undetermined():
    day = incident(kind="drone_overflight", when=SECOND_DAY)
    text = agreement(provision(), replace(PERMIT, window=Window(END - 6 * HOUR, END)))
    first, second = judged(day, text)
    assert (first.outcome, second.outcome) == (U, U)
    assert "P2 may apply: 25 %" in first.reasons[0]


def test_a_duty_to_act_is_not_judged_by_one_incident():
    (found,) = judged(incident(), agreement(provision(duty=Duty.REQUIRE)))
    assert found.outcome is U


def test_a_term_for_one_side_needs_to_know_who_acted():
    (found,) = judged(incident(), agreement(provision(parties=("north",))))
    assert found.outcome is U
    assert "who acted is not established" in found.reasons[0]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (State.ALLEGATION, B),
        (State.VERIFIED, B),
        (State.REFUTED, O),
        (State.DUPLICATE, O),
        (State.SUPERSEDED, O),
        (State.EXEMPT, X),
        (State.UNVERIFIABLE, U),
    ],
)
def test_people_can_take_an_incident_off_the_ladder(state, outcome):
    (found,) = judged(incident(), agreement(), state)
    assert found.outcome is outcome
    assert state.value in " ".join(found.reasons)


def test_the_standing_is_said():
    (found,) = judged(incident(), agreement())
    assert "in force, accepted by North, South." in found.reasons[1]
    base = agreement()
    paper = replace(
        base.instruments[0], standing="announced", announced_by=("north",), accepted_by=()
    )
    (found,) = judged(incident(), replace(base, instruments=(paper,)))
    assert found.outcome is B
    assert "announced by North; acceptance by South is not on record" in found.reasons[1]
    assert "It is not in force" in found.reasons[1]
    assert "Provisional, attribution withheld" in found.reasons[2]


@pytest.mark.parametrize(
    ("change", "zones", "words"),
    [
        ({"when": FIRST_DAY}, (), "8 of the 24 hours in which it may have happened lie in"),
        ({"when": Interval.instant(START - HOUR / 2)}, (), "over 30 minutes before the window"),
        ({"when": Interval.instant(END + 3 * HOUR)}, (), "began 3 hours after the window closed"),
        ({"place": NEAR}, ("strip",), "3.7 km outside the edge of zone Strip (strip)"),
        ({"place": EDGE}, ("strip", "port"), "0.0 km"),
        ({"place": Point(48.5, 36.95, 5e3)}, ("strip",), "3.7 km inside the edge of zone Strip"),
        ({"kind": "event"}, (), "the reports say event of unknown kind; the provision names"),
    ],
)
def test_near_misses_are_said_in_words(change, zones, words):
    (found,) = judged(incident(**change), agreement(provision(zones=zones)))
    assert words in " | ".join(found.near_misses)


def test_what_an_exception_would_change_is_said():
    (found,) = judged(
        incident(kind="explosion"), agreement(provision(exceptions=kinds_of(("mine",))))
    )
    assert found.near_misses == ("it would be exempt if it was mine or planted explosive",)


def test_a_certain_breach_has_no_near_miss():
    (found,) = judged(incident(), agreement(provision(zones=("strip",))))
    assert found.near_misses == ()


def test_an_incident_without_a_finding_is_an_error():
    with pytest.raises(ValueError, match="inc-1 has no finding"):
        assess([incident()], [], agreement())


def test_the_kind_guard_bites(monkeypatch):
    """The saboteur: with signs taken for acts, a hot pixel would be a breach."""
    monkeypatch.setattr(bench, "SIGN", "jamming")
    one = incident(kind="damage")
    (found,) = judged(one, agreement(provision(kinds=("event",))))
    assert found.outcome is B
    monkeypatch.undo()
    (found,) = judged(one, agreement(provision(kinds=("event",))))
    assert found.outcome is U


# Laws

kinds = st.sampled_from(sorted(kind_tree()))
moments = st.integers(-80, 80).map(lambda half: START + half * HOUR / 2)
intervals = st.tuples(moments, moments).map(lambda pair: Interval(min(pair), max(pair)))
places = st.builds(
    Point, st.floats(47.5, 49.5), st.floats(35.5, 37.5), st.sampled_from([300.0, 5e3, 4e4])
)
incidents = st.builds(
    lambda kind, when, place, name: incident(kind=kind, when=when, place=place, id=f"inc-{name}"),
    kinds, intervals, places, st.integers(0, 99),
)  # fmt: skip
exceptions = st.lists(kinds, max_size=2, unique=True).map(tuple)


def outcome_of(one: Incident, text: Agreement):
    (found,) = judged(one, text)
    return found


@given(
    st.lists(incidents, max_size=6, unique_by=lambda one: one.id).flatmap(
        lambda ones: st.tuples(st.just(ones), st.permutations(ones))
    )
)
def test_order_does_not_matter(pair):
    ones, shuffled = pair
    text = agreement(provision(zones=("strip",)), PERMIT)
    straight = assess(ones, [finding(one) for one in ones], text)
    assert straight == assess(shuffled, [finding(one) for one in reversed(shuffled)], text)
    assert len({one.id for one in straight}) == 2 * len(ones)


@given(incidents, exceptions, st.integers(0, 40), st.integers(0, 40))
def test_a_wider_window_never_loses_a_breach(one, spared, earlier, later):
    narrow = outcome_of(one, agreement(provision(exceptions=kinds_of(spared))))
    window = Window(START - earlier * HOUR, END + later * HOUR)
    wide = outcome_of(one, agreement(provision(exceptions=kinds_of(spared), window=window)))
    assert wide.share >= narrow.share
    if narrow.outcome is B:
        assert wide.outcome is B


@given(incidents, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_wider_zone_never_loses_a_breach(one, west, south, east, north):
    text = agreement(provision(zones=("strip",)))
    wider = box("strip", 36 - west, 48 - south, 37 + east, 49 + north)
    narrow, wide = outcome_of(one, text), outcome_of(one, replace(text, zones=(wider,)))
    assert wide.share >= narrow.share
    if narrow.outcome is B:
        assert wide.outcome is B


@given(incidents, exceptions, kinds)
def test_an_exception_never_adds_a_breach(one, spared, more):
    before = outcome_of(one, agreement(provision(exceptions=kinds_of(spared))))
    after = outcome_of(one, agreement(provision(exceptions=kinds_of((*spared, more)))))
    assert after.share == before.share
    if after.outcome is B:
        assert before.outcome is B


@given(incidents, st.floats(0, 1), st.floats(0, 1))
def test_a_more_precise_time_within_what_was_certain_stays_certain(one, a, b):
    text = agreement()
    vague = outcome_of(one, text)
    start, end = sorted((a, b))
    exact = Interval(
        one.when.earliest + one.when.length * start, one.when.earliest + one.when.length * end
    )
    # A window is half-open: an instant at its very end is no part of the span that ends there.
    if one.when.share_within(TRUCE) == 1 and exact.earliest < END:
        assert outcome_of(replace(one, when=exact), text).outcome is vague.outcome
    if one.when.share_within(TRUCE) == 0 and exact.earliest != START:
        assert outcome_of(replace(one, when=exact), text).outcome is O


@given(incidents)
def test_both_sides_alike(one):
    text = agreement(provision(zones=("strip",)))
    swapped = replace(
        text,
        parties=tuple(reversed(text.parties)),
        provisions=(provision(zones=("strip",), parties=("south", "north")),),
    )
    assert outcome_of(one, text) == outcome_of(one, swapped)
