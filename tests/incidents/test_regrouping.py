"""What people part and join: laid on what the engine found, the youngest first, in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, inseparable, regrouping
from trucewatch.model import Nature, Regrouped

PEOPLE = ("ann", "ben")
SOURCES = ("press", "radio", "patrol", "coder", "office")

near = st.fixed_dictionaries(
    {
        "source": st.sampled_from(SOURCES),
        "kind": st.sampled_from(["shelling", "mortar"]),
        "lat": st.integers(0, 3).map(lambda k: 10 + k / 100),
        "day": st.integers(0, 2).map(lambda k: k / 4),
        "name": st.sampled_from("ab"),
    }
)
worlds = st.lists(near, min_size=2, max_size=9)
word = st.tuples(
    st.booleans(),
    st.sampled_from(PEOPLE),
    st.frozensets(st.integers(0, 8), min_size=1, max_size=3),
    st.frozensets(st.integers(0, 8), min_size=1, max_size=3),
)


def claims_of(world, drawn):
    return list({c.id: c for c in (world.claim(**each) for each in drawn)}.values())


def said_of(claims, words):
    """Words of people on claims, by log index; sides have nothing in common."""
    out = []
    for index, (apart, by, one, other) in enumerate(words):
        left = {claims[k % len(claims)].id for k in one}
        right = {claims[k % len(claims)].id for k in other} - left
        if left and right:
            out.append(
                Regrouped(
                    index=index, by=by, office=f"Office of {by}", apart=apart,
                    one=tuple(sorted(left)), other=tuple(sorted(right)),
                )
            )  # fmt: skip
    return out


def split(claims, part, *, index=1, by="ann"):
    rest = tuple(c.id for c in claims if c not in part)
    return Regrouped(
        index=index, by=by, office=by, apart=True, one=tuple(c.id for c in part), other=rest
    )


def merge(one, other, *, index=1, by="ann"):
    return Regrouped(
        index=index, by=by, office=by, apart=False,
        one=tuple(c.id for c in one), other=tuple(c.id for c in other),
    )  # fmt: skip


def homes(found):
    return {claim: one.id for one in found for claim in one.claims}


def groups(found):
    return sorted(one.claims for one in found)


@given(
    worlds, st.lists(word, max_size=5), st.randoms(use_true_random=False), st.sampled_from([1, 2])
)
@settings(max_examples=60)
def test_order_changes_nothing_and_every_claim_is_in_one(world, drawn, words, dice, needed):
    claims = claims_of(world, drawn)
    said = said_of(claims, words)
    first = world.find(claims, regrouped=said, needed=needed)
    again = claims + [c for c in claims if dice.random() < 0.5]
    dice.shuffle(again)
    dice.shuffle(said)
    later = [replace(one, index=3 * one.index + 7) for one in said]
    assert groups(world.find(again, regrouped=later, needed=needed)) == groups(first)
    assert repr(world.find(again, regrouped=said, needed=needed)) == repr(first)
    told = [claim for one in first for claim in one.claims]
    assert sorted(told) == sorted(c.id for c in claims)


def the_youngest_holds(world, drawn, words):
    claims = claims_of(world, drawn)
    said = said_of(claims, words)
    if not said:
        return
    found = homes(world.find(claims, regrouped=said))
    last = said[-1]
    accounts = inseparable(
        claims, world.by_source(claims), sources=world.sources, regions=(), parameters=Parameters()
    )
    one, other = (
        {n for n, (of, _) in enumerate(accounts) if of & {*side}} for side in (last.one, last.other)
    )
    of = [found[min(account)] for account, _ in accounts]
    if last.apart:
        assert not {of[n] for n in one - other} & {of[n] for n in other}
    else:
        assert len({of[n] for n in one | other}) == 1


@given(worlds, st.lists(word, min_size=1, max_size=5))
@settings(max_examples=60)
def test_the_youngest_decision_holds_whatever_came_before(world, drawn, words):
    the_youngest_holds(world, drawn, words)


@given(worlds, st.lists(word, min_size=1, max_size=4))
@settings(max_examples=40)
def test_no_origin_is_added_and_none_is_lost(world, drawn, words):
    claims = claims_of(world, drawn)
    origins = world.by_source(claims)
    of = {claim: origin.id for origin in origins for claim in origin.claims}
    for one in world.find(claims, origins, regrouped=said_of(claims, words)):
        assert one.origins == tuple(sorted({of[claim] for claim in one.claims}))


@given(worlds, st.lists(word, max_size=3), st.sampled_from([1, 2]))
@settings(max_examples=30)
def test_what_nobody_spoke_of_stays_as_it_was(world, drawn, words, needed):
    claims = claims_of(world, drawn)
    far = [world.claim(lat=40.0, day=float(k), source=s) for k in range(2) for s in SOURCES[:2]]
    before = world.find([*claims, *far])
    after = world.find([*claims, *far], regrouped=said_of(claims, words), needed=needed)
    ids = {c.id for c in far}
    kept = [[one for one in found if ids & {*one.claims}] for found in (before, after)]
    assert repr(kept[0]) == repr(kept[1])


@pytest.fixture
def four(world):
    """Four reports of one event, by four sources, that the engine joins."""
    claims = [world.claim(source=s, kind="shelling") for s in SOURCES[:4]]
    assert len(world.find(claims)) == 1
    return claims


def test_a_part_is_what_its_own_reports_would_be(world, four):
    rest, part = sorted(
        world.find(four, regrouped=[split(four, four[:1])]), key=lambda one: -len(one.claims)
    )
    assert part.claims == (four[0].id,)
    assert rest.claims == tuple(sorted(c.id for c in four[1:]))
    assert rest.reasons[-1] == "set apart from other reports by decision of ann (log entry 1)"
    (alone,) = world.find(four[1:], world.by_source(four[1:]))
    assert (rest.place, rest.when, rest.id) == (alone.place, alone.when, alone.id)
    assert rest.probability == pytest.approx(alone.probability, abs=1e-6)


def test_a_claim_on_both_sides_of_one_account_stays_with_the_rest(world):
    twice = [world.claim(number="7", day=d) for d in (0.0, 0.01)]
    other = world.claim(source="radio")
    claims = [*twice, other]
    assert groups(world.find(claims, regrouped=[split(claims, twice[:1])])) == groups(
        world.find(claims)
    )


def test_what_people_join_is_one_for_sure(world):
    one, other = world.claim(source="press"), world.claim(source="patrol", lat=12.0)
    before = {i.claims: i for i in world.find([one, other])}
    (both,) = world.find([one, other], regrouped=[merge([one], [other])])
    assert not any(term.name == "joining" for term in both.terms)
    assert both.probability >= max(i.probability for i in before.values())
    assert any("lower than if each" in reason for reason in both.reasons)


def test_a_merge_of_one_voice_counts_it_once(world):
    one, other = world.claim(source="press"), world.claim(source="press", lat=12.0)
    origins = [world.origin("a", [one, other])]
    apart = world.find([one, other], origins)
    (both,) = world.find([one, other], origins, regrouped=[merge([one], [other])])
    assert len(apart) == 2
    assert both.origins == apart[0].origins
    assert both.probability <= max(i.probability for i in apart) + 1e-12


def test_of_two_words_on_the_same_the_younger_holds(world, four):
    split_, merge_ = split(four, four[:1]), merge(four[:1], four[1:], index=2)
    assert len(world.find(four, regrouped=[split_, merge_])) == 1
    assert len(world.find(four, regrouped=[replace(split_, index=3), merge_])) == 2


def test_an_older_word_that_does_not_fit_is_left_out_whole(world):
    a, b, c = (
        world.claim(source=s, lat=lat) for s, lat in zip(SOURCES, (10, 20, 30), strict=False)
    )
    said = [
        merge([a], [b], index=1),
        merge([b], [c], index=2),
        split([a, c], [a], index=3),
    ]
    found = world.find([a, b, c], regrouped=said)
    assert groups(found) == sorted([(a.id,), tuple(sorted((b.id, c.id)))])


def two_are_needed(world, four):
    first = split(four, four[:1])
    for said in (
        [first],
        [first, replace(first, index=2)],
        [first, replace(first, index=2, by="ben"), merge(four[:1], four[1:], index=3)],
    ):
        assert len(world.find(four, regrouped=said, needed=2)) == 1
    said = [first, replace(first, index=2, by="ben")]
    assert len(world.find(four, regrouped=said, needed=2)) == 2


def test_where_two_are_needed_one_person_is_not_enough(world, four):
    two_are_needed(world, four)


def test_three_parts_and_what_came_since_goes_where_it_belongs(world):
    near = [world.claim(source=s) for s in SOURCES[:2]]
    off = [world.claim(source=s, lat=10.02, error_m=500.0) for s in SOURCES[2:4]]
    before = world.find([*near, *off])
    if len(before) != 1:
        pytest.fail("the engine is to join all four, or there is nothing to part")
    late = world.claim(source="office", lat=10.021, error_m=500.0)
    said = [Regrouped(index=1, by="ann", office="ann", apart=True,
                      one=tuple(c.id for c in near), other=tuple(c.id for c in off))]  # fmt: skip
    found = homes(world.find([*near, *off, late], regrouped=said))
    assert found[late.id] == found[off[0].id] == found[off[1].id]
    assert found[near[0].id] == found[near[1].id] != found[late.id]


def test_heat_and_what_stands_apart_are_not_moved(world):
    hot = [
        world.claim(source="sat", kind="thermal_anomaly", platform="N20", day=d, error_m=200.0)
        for d in range(40)
    ]
    wide = world.claim(source="radio", error_m=90_000.0)
    one = world.claim(source="press")
    claims = [*hot, wide, one]
    plain = world.find(claims)
    assert any(i.nature is Nature.STATIC_SOURCE for i in plain)
    said = [merge([one], [wide]), merge([one], hot[:3], index=2), split(hot, hot[:3], index=3)]
    assert repr(world.find(claims, regrouped=said)) == repr(plain)
    told = dict(
        inseparable(
            claims, world.by_source(claims), sources=world.sources, regions=(),
            parameters=Parameters(),
        )
    )  # fmt: skip
    assert told[frozenset({one.id})] == ""
    assert "not joined by place" in told[frozenset({wide.id})]
    assert told[frozenset(c.id for c in hot)]


def test_saboteur_one_person_for_two(world, four, monkeypatch):
    held = regrouping._held
    monkeypatch.setattr(regrouping, "_held", lambda words, _: held(words, 1))
    with pytest.raises(AssertionError):
        two_are_needed(world, four)


def test_saboteur_the_oldest_word_holds(world, four, monkeypatch):
    words = regrouping._words
    monkeypatch.setattr(
        regrouping,
        "_words",
        lambda accounts, said: words(accounts, [replace(w, index=-w.index) for w in said]),
    )
    with pytest.raises(AssertionError):
        test_of_two_words_on_the_same_the_younger_holds(world, four)


def test_saboteur_the_doubt_of_the_engine_stays(world, monkeypatch):
    monkeypatch.setattr(
        regrouping.Grouping,
        "chances",
        lambda self, group: regrouping.pair_chances(group, self._solved),
    )
    with pytest.raises(AssertionError):
        test_what_people_join_is_one_for_sure(world)


def test_saboteur_parts_are_joined_across_what_is_apart(world, monkeypatch):
    monkeypatch.setattr(
        regrouping,
        "_parted",
        lambda groups, *_: [tuple(sorted(i for group in groups for i in group))],
    )
    drawn = [{"source": one, "lat": 10.0, "day": 0.0, "name": "a"} for one in SOURCES[:4]]
    with pytest.raises(AssertionError):
        the_youngest_holds(world, drawn, [(True, "ann", {0, 1}, {2, 3})])
