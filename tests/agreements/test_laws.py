"""Laws of assessment over made-up agreements, each with a saboteur that breaks it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from benchmarks.assessing import ACTS, ARMS, CONDITIONS, HOUR, PARTIES, START
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import trucewatch.agreements.assessing.bench as bench
import trucewatch.agreements.assessing.covering as covering
import trucewatch.agreements.assessing.pairs as assessing
import trucewatch.agreements.assessing.reaching as reaching
import trucewatch.agreements.engine.judging as judging
import trucewatch.agreements.kinds as kinds_of
import trucewatch.agreements.zones.placing as placing
from benchmarks import assessing as world
from trucewatch.agreements import assess, left_out
from trucewatch.agreements.engine import docket
from trucewatch.model import (
    ALWAYS,
    Agreement,
    Area,
    Count,
    Drawn,
    Duty,
    Edition,
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
)

from .reference import Slow

# Nothing is shrunk: the saboteurs run the laws again, and a failure is wanted soon, not small.
QUICK = settings(
    max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
CUT = START + 48 * HOUR
B, X, O, U = Outcome.BREACH, Outcome.EXEMPT, Outcome.OUTSIDE, Outcome.UNDETERMINED  # noqa: E741 - as in the table


def box(code: str, west: float, south: float, east: float, north: float, holds=ALWAYS) -> Zone:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    area = Area(code, code.title(), ((ring,),))
    return Zone(code=code, name=area.name, drawn=Drawn.POLYGON, area=area, holds=holds)


ZONES = (
    box("strip", 36.0, 48.0, 36.5, 48.5, Window(None, CUT)),
    box("strip", 36.3, 48.0, 36.8, 48.5, Window(CUT, None)),
    box("port", 36.6, 48.2, 37.0, 48.4),
)
PAPER = Instrument(id="v1", text="t", title="Paper", standing="in_force", version="1", source="s",
                   holds=Window(None, CUT + 24 * HOUR))  # fmt: skip
INSTRUMENTS = (
    PAPER,
    replace(PAPER, id="v2", version="2", holds=Window(CUT + 24 * HOUR, None)),
    replace(PAPER, id="v0", version="0", edition=Edition.DRAFT, holds=ALWAYS),
    replace(PAPER, id="annex", text="", holds=ALWAYS),
)

moments = st.integers(-24, 144).map(lambda hour: START + hour * HOUR)
windows = st.one_of(
    st.just(ALWAYS),
    st.tuples(moments, st.integers(1, 96)).map(lambda p: Window(p[0], p[0] + p[1] * HOUR)),
)
kinds = st.sampled_from(sorted({kind for kind, _ in ACTS}))
codes = st.lists(st.sampled_from(["strip", "port"]), max_size=2, unique=True).map(sorted).map(tuple)
arms = st.lists(st.sampled_from(ARMS), max_size=2, unique=True).map(tuple)
exemptions = st.builds(
    Exemption,
    kinds=st.lists(st.sampled_from(["mine", "mortar", "explosion"]), max_size=1).map(tuple),
    weapons=arms.map(lambda some: some[:1]),
    zones=codes,
    window=windows,
    condition=st.one_of(st.none(), st.sampled_from(CONDITIONS)),
)
provisions = st.builds(
    Provision,
    id=st.just("P"),
    instrument=st.sampled_from(["v1", "v2", "v0", "annex", "annex", "annex"]),
    duty=st.sampled_from([Duty.FORBID, Duty.FORBID, Duty.FORBID, Duty.PERMIT, Duty.REQUIRE]),
    kinds=st.sampled_from([("hostile_act",), ("shelling",), ("drone_overflight",), ("explosion",)]),
    parties=st.sampled_from([PARTIES, PARTIES, PARTIES[:1]]),
    zones=codes,
    window=windows,
    exceptions=st.lists(exemptions, max_size=2).map(tuple),
    words=st.just("words"),
    source=st.just("source"),
    weapons=arms.map(lambda some: some[:1]),
    condition=st.one_of(st.none(), st.none(), st.sampled_from(CONDITIONS)),
)
counts = st.one_of(
    st.just(()),
    st.tuples(st.integers(0, 3), st.integers(0, 3)).map(
        lambda two: (Count(what="killed", best=None, low=min(two), high=max(two)),)
    ),
)
incidents = st.builds(
    lambda kind, begin, hours, lat, lon, error, weapons, said, seen: Incident(
        id="inc",
        nature=Nature.FIRE if kind == "thermal_anomaly" else Nature.EVENT,
        kind=kind,
        place=Point(lat, lon, error),
        when=Interval(begin, begin + hours * HOUR),
        region=None,
        probability=0.5,
        claims=("c",),
        sources=("s",),
        origins=("o",),
        observations=seen,
        terms=(),
        reasons=(),
        weapons=weapons,
        counts=said,
    ),
    kinds, moments, st.sampled_from([0, 0, 3, 20, 24, 72]), st.floats(47.9, 48.6),
    st.floats(35.9, 37.1), st.sampled_from([100.0, 1e3, 5e3, 2.5e4]), arms, counts,
    st.sampled_from([1, 9]),
)  # fmt: skip


def text_of(*some: Provision, zones=ZONES, parties=PARTIES) -> Agreement:
    return Agreement(
        id="made-up",
        name="Made up",
        parties=tuple(Party(id=one, name=one.title()) for one in parties),
        guarantors=(),
        instruments=INSTRUMENTS,
        provisions=tuple(replace(one, id=f"P{place}") for place, one in enumerate(some)),
        regions=(),
        zones=zones,
        truce=ALWAYS,
        standards=(),
    )


def finding(one: Incident, state: State = State.REPORTED) -> Finding:
    return Finding(
        id=f"fnd-{one.id}", incident=one.id, state=state, provisional=True,
        responsibility=Responsibility.WITHHELD, standard="none", independent_origins=1,
        probability=0.5, seen_share=None, reasons=(),
    )  # fmt: skip


def first(one: Incident, text: Agreement):
    """The assessment under the first provision; None where nothing is assessed under it."""
    found = {a.provision: a for a in assess([one], [finding(one)], text)}
    return found.get("P0")


# Replay: the reference, the plain path and the engine say the same, in any order.


@QUICK
@given(incidents, st.lists(provisions, min_size=1, max_size=3), st.sampled_from(list(State)))
def test_the_slow_reference_says_the_same(one, some, state):
    text = text_of(*some)
    found = {a.provision: a.outcome for a in assess([one], [finding(one, state)], text)}
    slow = Slow(one, finding(one, state), text)
    for provision in text.provisions:
        assert slow.outcome(provision) == found.get(provision.id), provision


@QUICK
@given(st.lists(incidents, min_size=1, max_size=8), st.lists(provisions, min_size=1, max_size=4))
def test_the_engine_says_the_same(some, terms):
    some = [replace(one, id=f"inc-{place}") for place, one in enumerate(some)]
    text = text_of(*terms)
    plain = assess(some, [finding(one) for one in some], text)
    held = docket(some, [finding(one) for one in some], text)
    assert held.tally() == {kind: sum(a.outcome is kind for a in plain) for kind in Outcome}
    kept = list(held.assessments())
    assert [one.outcome for one in kept] == [list(Outcome)[code] for code in held.outcomes]
    assert kept == [one for one in plain if one in kept]
    for one in plain:
        if one not in kept:
            meant = "is not among" not in one.reasons[0] and "is no sign" not in one.reasons[0]
            assert one.outcome is O
            assert one.share == 0 or not meant


@QUICK
@given(
    st.lists(incidents, min_size=1, max_size=5),
    st.lists(provisions, min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_replay_gives_the_same_verdicts(some, terms, chance):
    some = [replace(one, id=f"inc-{place}") for place, one in enumerate(some)]
    text = text_of(*terms)
    straight = assess(some, [finding(one) for one in some], text)
    mixed = random.Random(chance.random()).sample(some, len(some))
    shuffled = replace(
        text,
        provisions=tuple(reversed(text.provisions)),
        zones=tuple(reversed(text.zones)),
        instruments=tuple(reversed(text.instruments)),
        parties=tuple(reversed(text.parties)),
    )
    assert assess(mixed, [finding(one) for one in reversed(mixed)], shuffled) == straight
    assert list(docket(mixed, [finding(one) for one in mixed], shuffled).assessments()) == list(
        docket(some, [finding(one) for one in some], text).assessments()
    )


# Both sides alike.


@QUICK
@given(incidents, provisions)
def test_parties_that_change_places_change_nothing(one, term):
    swapped = replace(term, parties=tuple(PARTIES[1 - PARTIES.index(p)] for p in term.parties))
    here, there = first(one, text_of(term)), first(one, text_of(swapped, parties=PARTIES[::-1]))
    assert (here is None) == (there is None)
    if here is not None:
        assert (here.outcome, here.share) == (there.outcome, there.share)


# Wider terms and narrower exceptions never lose a breach.


@QUICK
@given(incidents, provisions, st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 48))
def test_a_wider_zone_or_window_never_loses_a_breach(one, term, side, height, hours):
    narrow = first(one, text_of(term))
    wider = tuple(
        replace(zone, area=box("x", w - side, s - height, e + side, n + height).area)
        for zone in ZONES
        for (w, s), _, (e, n) in [zone.area.polygons[0][0][:3]]
    )
    # The exceptions keep the zones that they had.
    old = tuple(replace(zone, code=f"old-{zone.code}") for zone in ZONES)
    kept = tuple(
        replace(e, zones=tuple(f"old-{code}" for code in e.zones)) for e in term.exceptions
    )
    own = term.window
    window = Window(own.start and own.start - hours * HOUR, own.end and own.end + hours * HOUR)
    wide = first(one, text_of(replace(term, exceptions=kept, window=window), zones=wider + old))
    if narrow is not None and narrow.outcome is B:
        assert wide.outcome is B
    if narrow is not None:
        assert wide.share >= narrow.share


@QUICK
@given(incidents, provisions, exemptions)
def test_an_exception_never_adds_a_breach(one, term, more):
    before = first(one, text_of(term))
    after = first(one, text_of(replace(term, exceptions=(*term.exceptions, more))))
    if after is not None and after.outcome is B:
        assert before.outcome is B
    if before is not None:
        assert after.share == before.share


@QUICK
@given(incidents, provisions, provisions)
def test_a_permission_never_adds_a_breach(one, term, permit):
    permit = replace(permit, duty=Duty.PERMIT)
    before, after = first(one, text_of(term)), first(one, text_of(term, permit))
    if after is not None and after.outcome is B:
        assert before.outcome is B


# More precise evidence.

OPPOSITES = {(B, O), (O, B), (B, X), (X, B)}


@QUICK
@given(incidents, provisions, st.integers(1, 12))
def test_a_shorter_time_rarely_turns_certain_into_its_opposite(one, term, parts):
    """What was certain at a share s is, over equal parts of its time, the opposite in no more than
    what was left open: the parts' shares add up to s. Where s is all or nothing, in none."""
    vague = first(one, text_of(term))
    if vague is None or vague.outcome is U or not one.when.length:
        return
    step = one.when.length // parts
    exact = [
        first(replace(one, when=Interval(begin, begin + step)), text_of(term))
        for begin in (one.when.earliest + step * place for place in range(parts))
    ]
    flipped = sum((vague.outcome, each.outcome) in OPPOSITES for each in exact)
    assert flipped / parts <= 0.05 / 0.95 + 1e-9


@QUICK
@given(incidents, st.floats(0.05, 1), st.sampled_from([("strip",), ("port",), ()]))
def test_a_smaller_error_never_turns_certain_into_its_opposite(one, less, zones):
    """The same best estimate, known better: what lies in a zone of one convex piece for certain
    stays in it, and what lies outside for certain does not come in."""
    term = ban(zones=zones)
    vague = first(replace(one, kind="mortar", nature=Nature.EVENT), text_of(term))
    place = replace(one.place, error_m=one.place.error_m * less)
    exact = first(replace(one, kind="mortar", nature=Nature.EVENT, place=place), text_of(term))
    if vague.outcome is not U and vague.share in (0, 1):
        assert (vague.outcome, exact.outcome) not in OPPOSITES


@QUICK
@given(incidents, provisions, st.sampled_from(["mortar", "artillery", "drone_strike", "mine"]))
def test_an_exacter_kind_never_turns_certain_into_its_opposite(one, term, exact):
    for vague in ("explosion", "hostile_act"):
        before = first(replace(one, kind=vague, nature=Nature.EVENT), text_of(term))
        after = first(replace(one, kind=exact, nature=Nature.EVENT), text_of(term))
        if before is not None and before.outcome in (B, X):
            assert (before.outcome, after.outcome) not in OPPOSITES


# The saboteurs: each law fails where what upholds it is taken away.


def fails(law) -> bool:
    try:
        law()
    except AssertionError:
        return True
    except BaseExceptionGroup as several:
        return several.subgroup(AssertionError) is not None
    return False


def told(**change) -> Incident:
    base = Incident(
        id="inc", nature=Nature.EVENT, kind="mortar", place=Point(48.25, 36.25, 500.0),
        when=Interval.instant(START), region=None, probability=0.5, claims=("c",), sources=("s",),
        origins=("o",), observations=1, terms=(), reasons=(),
    )  # fmt: skip
    return replace(base, **change)


def ban(**change) -> Provision:
    base = Provision(
        id="P", instrument="annex", duty=Duty.FORBID, kinds=("event",), parties=PARTIES, zones=(),
        window=ALWAYS, exceptions=(), words="w", source="s",
    )  # fmt: skip
    return replace(base, **change)


def test_near_the_limits_of_an_edge_the_rules_decide():
    """Places from 1.5 to 1.8 standard errors on both sides of an edge, where the limits lie."""
    some = [
        told(
            id=f"inc-{n}-{sign}", place=Point(48.25, 36.0 + sign * (1.5 + n / 300) / 24.68, 3000.0)
        )
        for n in range(90)
        for sign in (-1, 1)
    ]
    text = text_of(ban(zones=("strip",)))
    held = docket(some, [finding(one) for one in some], text)
    plain = {one.incident: one.outcome for one in assess(some, [finding(x) for x in some], text)}
    assert 0 < held.looked_up < len(some)
    assert len({plain[one.id] for one in some}) == 3
    for row, code in zip(held.rows.tolist(), held.outcomes.tolist(), strict=True):
        assert list(Outcome)[code] is plain[held.columns.incidents[row].id]


def test_without_the_quadrature_the_engine_and_the_rules_part(monkeypatch):
    monkeypatch.setattr(judging, "_close", lambda value, *_: value < -1)
    monkeypatch.setattr(judging, "EXCLUDED", 0.051)
    monkeypatch.setattr(judging, "CERTAIN", 0.949)
    assert fails(test_near_the_limits_of_an_edge_the_rules_decide)


def test_with_points_that_hang_on_the_zone_a_wider_zone_loses_a_breach(monkeypatch):
    real = placing.ZoneMap._mask

    def mask(self, place, key, shape):
        return real(self, place, key, shape) & (shape.area < 0.3)

    monkeypatch.setattr(placing.ZoneMap, "_mask", mask)
    assert fails(test_a_wider_zone_or_window_never_loses_a_breach)


def test_with_exceptions_upside_down_one_adds_a_breach(monkeypatch):
    law = test_an_exception_never_adds_a_breach.hypothesis.inner_test
    half = ban(zones=("strip",))
    on_the_edge = told(place=Point(48.25, 36.0, 500.0))
    more = Exemption(zones=("port",))
    law(on_the_edge, half, more)
    real = reaching.Reach.left
    monkeypatch.setattr(
        reaching.Reach, "left", lambda self, some: real(self, some) if not some else 1.0
    )
    assert fails(lambda: law(on_the_edge, half, more))


def test_with_places_taken_for_the_parties_sides_are_not_alike(monkeypatch):
    real = bench.Bench._within

    def partial(self, reach, covering):
        if covering.provision.parties[:1] == PARTIES[:1]:
            return Outcome.UNDETERMINED, "favoured"
        return real(self, reach, covering)

    monkeypatch.setattr(bench.Bench, "_within", partial)
    assert fails(test_parties_that_change_places_change_nothing)


def test_with_a_low_limit_a_shorter_time_turns_it_round(monkeypatch):
    law = test_a_shorter_time_rarely_turns_certain_into_its_opposite.hypothesis.inner_test
    day = told(when=Interval(START, START + 24 * HOUR))
    term = ban(window=Window(START, START + 12 * HOUR))
    law(day, term, 12)
    monkeypatch.setattr(bench, "CERTAIN", 0.3)
    assert fails(lambda: law(day, term, 12))


def test_with_more_error_for_less_a_place_turns_round(monkeypatch):
    law = test_a_smaller_error_never_turns_certain_into_its_opposite.hypothesis.inner_test
    deep = told(place=Point(48.25, 36.25, 500.0))
    law(deep, 0.5, ("strip",))
    real = placing.spread
    monkeypatch.setattr(
        placing, "spread",
        lambda place: real(place if place.error_m > 300 else replace(place, lat=10.0)),
    )  # fmt: skip
    assert fails(lambda: law(deep, 0.5, ("strip",)))


def test_with_ids_from_the_order_replay_differs(monkeypatch):
    calls = iter(range(10**9))
    real = bench.content_id
    monkeypatch.setattr(
        bench, "content_id", lambda prefix, parts: real(prefix, [*parts, str(next(calls))])
    )
    assert fails(test_replay_gives_the_same_verdicts)


def test_with_a_vague_word_taken_for_certain_an_exacter_kind_turns_it_round(monkeypatch):
    law = test_an_exacter_kind_never_turns_certain_into_its_opposite.hypothesis.inner_test
    guns = ban(kinds=("artillery",))
    law(told(), guns, "drone_strike")
    real = kinds_of.cover_of

    def bold(tree, kind, named):
        found = real(tree, kind, named)
        return kinds_of.Cover.NAMED if found is kinds_of.Cover.MAYBE else found

    monkeypatch.setattr(covering, "cover_of", bold)
    assert fails(lambda: law(told(), guns, "drone_strike"))


def test_with_permissions_that_go_before_exceptions_one_adds_a_breach(monkeypatch):
    law = test_a_permission_never_adds_a_breach.hypothesis.inner_test
    spared = ban(exceptions=(Exemption(kinds=("mortar",)),))
    law(told(), spared, ban())
    real = bench.Bench._spared

    def eager(self, reach, meant, grants=None):
        return (B, "not permitted") if self._permits else real(self, reach, meant, grants)

    monkeypatch.setattr(bench.Bench, "_spared", eager)
    assert fails(lambda: law(told(), spared, ban()))


@pytest.mark.parametrize("most", [0, 10**9])
def test_many_pairs_leave_out_what_is_plainly_outside(monkeypatch, most):
    """Of each incident one pair that is outside stays: else it would be outside of nothing."""
    monkeypatch.setattr(assessing, "MOST_PAIRS", most)
    far = Interval.instant(START - timedelta(days=400))
    some = [
        told(id="inc-0"), told(id="inc-1", when=far), told(id="inc-2", when=far, kind="movement")
    ]  # fmt: skip
    states = [State.REPORTED, State.REPORTED, State.REFUTED]
    heard = [finding(one, state) for one, state in zip(some, states, strict=True)]
    window = Window(START, None)
    text = text_of(*(ban(id=f"P{n}", window=window, kinds=(kind,)) for n, kind in
                     enumerate(("hostile_act", "mortar", "mine", "movement"))))  # fmt: skip
    found = assess(some, heard, text)
    told_of = [(one.incident, one.provision, one.outcome) for one in found]
    if most:
        assert len(told_of) == 12
        assert left_out(3, len(found), text) == 0
    else:
        assert told_of == [
            ("inc-0", "P0", B), ("inc-0", "P1", B), ("inc-0", "P2", O),
            ("inc-1", "P0", O), ("inc-2", "P0", O),
        ]  # fmt: skip
        assert left_out(3, len(found), text) == 7
    with pytest.raises(ValueError, match="has no finding"):
        assess(some, [], text)


def test_whatever_is_left_out_the_gravest_outcome_of_an_incident_stays(monkeypatch):
    some, text = world.incidents(120), world.agreement(40)
    found = {}
    for most in (0, 10**9):
        monkeypatch.setattr(assessing, "MOST_PAIRS", most)
        found[most] = defaultdict(set)
        for one in assess(some, world.findings(some), text):
            found[most][one.incident].add(one.outcome)
    assert found[0] == found[10**9]
