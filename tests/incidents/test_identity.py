"""An incident keeps its name, and what became of each is told whole."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.incidents import assemble, changes, founded_by
from trucewatch.incidents.identity_of import incident_id
from trucewatch.model import Change, Fate, Incident, Interval, Nature, Point, content_id

START = datetime(2026, 4, 10, tzinfo=UTC)

dated = st.lists(
    st.tuples(st.integers(0, 5), st.none() | st.integers(0, 9)), min_size=1, max_size=6, unique=True
)


def claims_of(world, drawn):
    return [
        world.claim(day=day, published=published, name=str(number))
        for number, (day, published) in enumerate(drawn)
    ]


@given(dated, st.randoms(use_true_random=False))
def test_the_name_knows_no_order(world, drawn, dice: random.Random):
    claims = claims_of(world, drawn)
    first = incident_id(claims)
    dice.shuffle(claims)
    assert incident_id([*claims, *claims[:2]]) == first
    assert any(first == founded_by(claim.id) for claim in claims)


@given(dated, st.integers(10, 20))
def test_a_later_claim_renames_nothing(world, drawn, later):
    claims = claims_of(world, drawn)
    assert incident_id([*claims, world.claim(day=0, published=later)]) == incident_id(claims)


def test_only_an_earlier_date_or_a_leaving_founder_renames(world):
    early, late = world.claim(published=1), world.claim(published=3, source="radio")
    undated = world.claim(day=2, source="patrol")
    assert incident_id([late, undated]) == founded_by(undated.id), "its own time is its date"
    assert incident_id([late, undated, early]) == founded_by(early.id)
    assert incident_id([late]) == founded_by(late.id)
    twins = [world.claim(published=1, name=name) for name in "ab"]
    assert incident_id(twins) == founded_by(min(twin.id for twin in twins))


def two_states(world):
    first = [world.claim(), world.claim(source="radio")]
    return world.find(first), world.find([*first, world.claim(source="patrol", hours=1.0)])


def test_a_report_more_keeps_the_name(world):
    before, after = two_states(world)
    assert [i.id for i in before] == [i.id for i in after]
    assert before[0].claims != after[0].claims


def test_the_law_of_the_name_bites(world, monkeypatch):
    """A saboteur: the name as it once was, a hash over all claims."""
    monkeypatch.setattr(
        assemble, "incident_id", lambda claims: content_id("inc", sorted({c.id for c in claims}))
    )
    before, after = two_states(world)
    assert [i.id for i in before] != [i.id for i in after]


def state(homes: dict[str, str]) -> tuple[Incident, ...]:
    """Incidents that hold these claims; the place follows the claims, so that it may change."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for claim, home in homes.items():
        groups[home].append(claim)
    return tuple(
        Incident(
            id=name, nature=Nature.EVENT, kind="shelling", place=Point(10.0, 20.0, 100.0),
            when=Interval.instant(START), region=None, probability=0.5,
            claims=tuple(sorted(claims)), sources=("press",), origins=(), observations=1,
            terms=(), reasons=(f"{len(claims)} accounts are joined",),
        )
        for name, claims in groups.items()
    )  # fmt: skip


names = st.sampled_from(["inc-a", "inc-b", "inc-c", "inc-d"])
partitions = st.dictionaries(st.sampled_from([f"clm-{k}" for k in range(8)]), names)


def applied(found: tuple[Change, ...], side: str) -> dict[str, str]:
    """The partition on one side of changes, from their moves alone."""
    moves = [move for change in found for move in change.moves]
    ends = [(claim, getattr(move, side)) for move in moves for claim in move.claims]
    assert len(ends) == len(dict(ends)), "a claim moves once"
    return {claim: home for claim, home in ends if home is not None}


@given(partitions, partitions)
def test_every_incident_is_in_one_change_and_the_moves_tell_all(one, two):
    found = changes(state(one), state(two))
    for homes, side in ((one, "before"), (two, "after")):
        told = [name for change in found for name in getattr(change, side)]
        assert sorted(told) == sorted(set(homes.values()))
        assert applied(found, side) == homes
    assert found == changes(state(one)[::-1], state(two)[::-1])
    for change in found:
        assert bool(change.why) is (change.fate is not Fate.UNCHANGED)
        for side in ("before", "after"):
            ends = {getattr(move, side) for move in change.moves} - {None}
            assert ends == set(getattr(change, side))


@given(partitions, partitions, partitions)
def test_two_steps_say_what_one_step_says(one, two, three):
    """Each claim from where it was first to where it was last: which incidents go on as which."""
    steps = changes(state(one), state(two)), changes(state(two), state(three))
    first, last = applied(steps[0], "before"), applied(steps[1], "after")
    whole = changes(state(one), state(three))
    goes_on = {(first[claim], last[claim]) for claim in first.keys() & last.keys()}
    assert goes_on == {
        (move.before, move.after)
        for change in whole
        for move in change.moves
        if move.before is not None and move.after is not None
    }


@pytest.mark.parametrize(
    ("one", "two", "fate"),
    [
        ("aa", "aa", Fate.UNCHANGED),
        ("aa", "bb", Fate.RENAMED),
        ("a.", "aa", Fate.GROWN),
        ("aa", "a.", Fate.SHRUNK),
        ("aa.", "a.a", Fate.EXCHANGED),
        ("aa", "ab", Fate.SPLIT),
        ("aa.", "abb", Fate.SPLIT),
        ("ab", "aa", Fate.MERGED),
        ("aabb", "abab", Fate.REGROUPED),
        ("..", "aa", Fate.NEW),
        ("aa", "..", Fate.WITHDRAWN),
    ],
)
def test_each_fate(one, two, fate):
    before, after = (
        state({f"clm-{k}": f"inc-{name}" for k, name in enumerate(part) if name != "."})
        for part in (one, two)
    )
    assert [change.fate for change in changes(before, after)] == [fate]


@pytest.mark.parametrize(
    ("changed", "aspect"),
    [
        ({"kind": "mortar"}, "kind"),
        ({"nature": Nature.FIRE}, "kind"),
        ({"place": Point(10.0, 20.1, 100.0)}, "place"),
        ({"place": Point(10.0, 20.0, 102.0)}, "place"),
        ({"region": "X-1"}, "place"),
        ({"when": Interval(START, START + timedelta(minutes=1))}, "time"),
        ({"probability": 0.505}, "probability"),
    ],
)
def test_what_is_said_otherwise_is_named(changed, aspect):
    before = state({"clm-0": "inc-a"})
    (change,) = changes(before, (replace(before[0], **changed),))
    assert (change.fate, change.aspects) == (Fate.REVISED, (aspect,))


@pytest.mark.parametrize(
    "changed",
    [
        {"place": Point(10.0, 20.000001, 100.9)},
        {"when": Interval.instant(START + timedelta(seconds=59))},
        {"probability": 0.504},
        {"reasons": ("another sentence",)},
    ],
)
def test_what_rounding_hides_is_no_change(changed):
    before = state({"clm-0": "inc-a"})
    (change,) = changes(before, (replace(before[0], **changed),))
    assert change.fate is Fate.UNCHANGED


def test_the_sentences_say_which_claims_and_why(world):
    before, after = two_states(world)
    (change,) = changes(before, after, since="bulletin t/2026-04-12")
    (new,) = set(after[0].claims) - set(before[0].claims)
    text = " ".join(change.why)
    assert change.fate is Fate.GROWN
    assert f"1 claim ({new}) came to {after[0].id} after bulletin t/2026-04-12" in text
    assert "3 accounts are joined: log W is" in text


def test_a_claim_in_two_incidents_is_refused():
    one = state({"clm-0": "inc-a"})[0]
    with pytest.raises(ValueError, match="two incidents"):
        changes((one, replace(one, id="inc-b")), ())
