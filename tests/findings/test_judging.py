"""The ladder: who speaks, how many voices they are, and what the machine never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.findings import judge
from trucewatch.model import (
    Coverage,
    Incident,
    Independence,
    Interval,
    Nature,
    Origin,
    Point,
    Responsibility,
    State,
    Watch,
)

AT = datetime(2026, 4, 12, 9, tzinfo=UTC)
NOTHING = Coverage(watches=(), passes=(), region_days=(), sources=())
STANDARDS = (("allegation", "none"), ("reported", "reasonable suspicion"))
LADDER = [State.ALLEGATION, State.REPORTED, State.CORROBORATED, State.VERIFIED]

ORIGINS = [
    Origin(id=f"o-{name}", label=name, party=party, claims=(), reasons=())
    for name, party in [
        ("press", None),
        ("satellite", None),
        ("monitor", None),
        ("north ministry", "north"),
        ("north army", "north"),
        ("south ministry", "south"),
    ]
]
PRESS, SATELLITE, MONITOR, NORTH, NORTH_ARMY, SOUTH = (one.id for one in ORIGINS)


def incident(*origins: str, **change: object) -> Incident:
    base = Incident(
        id="inc-1",
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(48.0, 37.0, 100.0),
        when=Interval.instant(AT),
        region=None,
        probability=0.8,
        claims=("c",),
        sources=("s",),
        origins=origins,
        observations=1,
        terms=(),
        reasons=(),
    )
    return replace(base, **change)


def judged(one: Incident, quorum: int = 2, coverage: Coverage = NOTHING):
    (found,) = judge([one], ORIGINS, standards=STANDARDS, quorum=quorum, coverage=coverage)
    return found


@pytest.mark.parametrize(
    ("origins", "quorum", "state", "voices"),
    [
        ((), 2, State.ALLEGATION, 0),
        ((), 1, State.ALLEGATION, 0),
        (("o-unknown",), 1, State.ALLEGATION, 0),
        ((NORTH,), 2, State.ALLEGATION, 1),
        ((NORTH,), 1, State.ALLEGATION, 1),
        ((NORTH, NORTH_ARMY), 2, State.ALLEGATION, 1),
        ((PRESS,), 2, State.REPORTED, 1),
        ((PRESS, PRESS), 2, State.REPORTED, 1),
        ((PRESS, "o-unknown"), 2, State.REPORTED, 1),
        ((PRESS,), 1, State.CORROBORATED, 1),
        ((PRESS, SATELLITE), 2, State.CORROBORATED, 2),
        ((PRESS, NORTH), 2, State.CORROBORATED, 2),
        ((NORTH, SOUTH), 2, State.CORROBORATED, 2),
        ((NORTH, SOUTH), 3, State.REPORTED, 2),
        ((NORTH, NORTH_ARMY, SOUTH), 3, State.REPORTED, 2),
        ((PRESS, NORTH, SOUTH), 3, State.CORROBORATED, 3),
        ((PRESS, NORTH, NORTH_ARMY), 3, State.REPORTED, 2),
    ],
)
def test_the_ladder(origins, quorum, state, voices):
    found = judged(incident(*origins), quorum)
    assert (found.state, found.independent_origins) == (state, voices), found.reasons


def test_the_reasons_name_the_voices():
    words = " ".join(judged(incident(NORTH, SOUTH)).reasons)
    assert "Opposed parties agree on it: north and south." in words
    assert "Provisional" in words
    assert "Attribution withheld" in words
    assert "one party (north)" in judged(incident(NORTH, NORTH_ARMY)).reasons[0]
    assert "2 not aligned with a party" in judged(incident(PRESS, SATELLITE)).reasons[0]
    assert "1 speaking for north" in judged(incident(PRESS, NORTH)).reasons[0]
    assert "No origin" in judged(incident()).reasons[0]


def test_no_reason_names_an_origin():
    """It may be a sealed source; whoever may see the name finds it in the origins."""
    found = judged(incident(*(one.id for one in ORIGINS)))
    assert not any(one.label in reason for one in ORIGINS for reason in found.reasons)


def test_the_standard_is_the_missions():
    assert judged(incident(PRESS)).standard == "reasonable suspicion"
    assert judged(incident(PRESS, SATELLITE)).standard == "none stated"


@pytest.mark.parametrize(
    ("origins", "state"), [((PRESS,), State.REPORTED), ((PRESS, SATELLITE), State.CORROBORATED)]
)
def test_of_a_fire_only_heat_is_shown(origins, state):
    found = judged(incident(*origins, nature=Nature.FIRE, kind="thermal_anomaly"))
    assert found.state is state
    assert f"What is {state.value} is heat on the ground, and no act" in " ".join(found.reasons)
    static = judged(incident(*origins, nature=Nature.STATIC_SOURCE, kind="thermal_anomaly"))
    assert "hot time and again, and no event" in " ".join(static.reasons)


def test_what_could_be_seen_is_said():
    watch = Watch(
        id="w",
        report="r",
        source="clouds",
        of="satellite",
        where=None,
        when=Interval(AT - timedelta(hours=9), AT + timedelta(hours=9)),
        share=0.3,
        reason="cloud",
    )
    found = judged(incident(PRESS), coverage=replace(NOTHING, watches=(watch,)))
    assert found.seen_share == 0.3
    assert "could see 30 % of the place" in " ".join(found.reasons)
    assert judged(incident(PRESS)).seen_share is None
    assert "nobody has stated" in " ".join(judged(incident(PRESS)).reasons)


def test_a_quorum_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        judged(incident(), 0)


def test_the_guard_on_one_sided_claims_bites():
    """The saboteur: with parties taken for unaligned, one side corroborates itself."""
    plain = [replace(one, party=None) for one in ORIGINS]
    (found,) = judge([incident(NORTH, NORTH_ARMY)], plain, standards=(), quorum=2, coverage=NOTHING)
    assert found.state is State.CORROBORATED
    assert judged(incident(NORTH, NORTH_ARMY)).state is State.ALLEGATION


names = st.frozensets(st.sampled_from([one.id for one in ORIGINS]))


@given(names, names, st.integers(1, 5))
def test_more_origins_never_weaken(some, more, quorum):
    before = judged(incident(*sorted(some)), quorum)
    after = judged(incident(*sorted(some | more)), quorum)
    assert LADDER.index(after.state) >= LADDER.index(before.state)
    assert after.independent_origins >= before.independent_origins


@given(names, st.integers(1, 5), st.sampled_from(Nature))
def test_the_machine_never_verifies_and_never_attributes(some, quorum, nature):
    found = judged(incident(*sorted(some), nature=nature), quorum)
    assert found.provisional
    assert found.responsibility is Responsibility.WITHHELD
    assert found.state in {State.ALLEGATION, State.REPORTED, State.CORROBORATED}
    if not some:
        assert found.state is State.ALLEGATION


@given(st.lists(names, max_size=5), st.randoms(use_true_random=False))
def test_order_does_not_matter(groups, chance):
    ones = [incident(*sorted(group), id=f"inc-{k}") for k, group in enumerate(groups)]
    shuffled = [replace(one, origins=tuple(reversed(one.origins))) for one in ones]
    chance.shuffle(shuffled)
    origins = list(ORIGINS)
    chance.shuffle(origins)
    assert judge(ones, ORIGINS, standards=STANDARDS, quorum=2, coverage=NOTHING) == judge(
        shuffled, origins, standards=reversed(STANDARDS), quorum=2, coverage=NOTHING
    )


@given(names)
def test_both_sides_alike(some):
    swap = {"north": "south", "south": "north", None: None}
    turned = [replace(one, party=swap[one.party]) for one in ORIGINS]
    one = incident(*sorted(some))
    (found,) = judge([one], turned, standards=(), quorum=2, coverage=NOTHING)
    assert found.state is judged(one).state


def worth(number: float) -> dict[str, Independence]:
    return {"inc-1": Independence(number=number, across_parties=(), reasons=("a, b: tied",))}


@pytest.mark.parametrize(
    ("number", "state", "voices"),
    [
        (2.0, State.CORROBORATED, 2),
        (1.999999, State.CORROBORATED, 2),
        (1.99, State.REPORTED, 1),
        (1.0, State.REPORTED, 1),
        (0.0, State.ALLEGATION, 0),
        (9.0, State.CORROBORATED, 2),
    ],
)
def test_a_part_of_a_voice_is_none(number, state, voices):
    (found,) = judge(
        [incident(PRESS, MONITOR)], ORIGINS, standards=STANDARDS, quorum=2, coverage=NOTHING,
        independence=worth(number),
    )  # fmt: skip
    assert (found.state, found.independent_origins) == (state, voices)
    assert found.independence == worth(number)["inc-1"]
    assert any("ties between them" in r for r in found.reasons) == (voices < 2)


@given(st.floats(0, 10), st.lists(st.sampled_from([one.id for one in ORIGINS]), unique=True))
def test_ties_never_raise_a_state(number, names):
    one = incident(*names)
    (tied,) = judge(
        [one], ORIGINS, standards=(), quorum=2, coverage=NOTHING, independence=worth(number)
    )
    free = judged(one)
    assert LADDER.index(tied.state) <= LADDER.index(free.state)
    assert tied.independent_origins <= free.independent_origins
