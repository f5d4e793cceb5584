"""What people may do to a finding: who may, how many it takes, and what stays out of reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.findings import hear, objection, placed, unplaced
from trucewatch.findings.hearing import authority, cases, ladder, outcome
from trucewatch.findings.judging import UNREVIEWED
from trucewatch.model import (
    ALWAYS,
    Agreement,
    Attributed,
    Body,
    Contact,
    Contacted,
    Determination,
    Dissent,
    Duty,
    Effect,
    Entered,
    Finding,
    Incident,
    Instrument,
    Interval,
    Nature,
    Notified,
    Party,
    Person,
    Point,
    Provision,
    Reply,
    Responsibility,
    Review,
    Ruling,
    Separated,
    State,
    TakenBack,
    United,
)

AT = datetime(2031, 5, 4, 9, tzinfo=UTC)
AGREEMENT = Agreement(
    id="island",
    name="Island truce",
    parties=(Party(id="east", name="East"), Party(id="west", name="West")),
    guarantors=("harbour",),
    instruments=(
        Instrument(id="I", title="Truce", standing="signed", version="1", source="the council"),
    ),
    provisions=(
        Provision(
            id="P1", instrument="I", duty=Duty.FORBID, kinds=("hostile_act",),
            parties=("east", "west"), zones=(), window=ALWAYS, exceptions=(), words="No fire.",
            source="the council",
        ),
    ),
    regions=(),
    zones=(),
    truce=ALWAYS,
    standards=(("reported", "reasonable suspicion"), ("verified", "balance of probabilities")),
    bodies=(
        Body(id="board", name="The harvest board", decides=("attribution", "breach"),
             members=("harbour", "hill")),
        Body(id="court", name="The court", decides=("approval",)),
    ),
    needed=(("attribute", "balance of probabilities"),),
)  # fmt: skip

ANN = Person(id="ann", name="Reviewer A", roles=("reviewer",))
BEN = Person(id="ben", name="Reviewer B", roles=("reviewer",))
LEAD = Person(id="lee", name="The lead", roles=("lead",))
CLERK = Person(id="clerk", name="The desk", roles=("desk",))
GUEST = Person(id="guest", name="A guest", roles=("observer",))
CHAIR = Person(id="chair", name="Chair of the board", roles=("observer",), body="board")
JUDGE = Person(id="judge", name="The judge", roles=("reviewer",), body="court")
EAST = Person(id="envoy", name="Envoy of East", roles=("observer",), party="east")
HILL = Person(id="hill-1", name="Envoy of Hill", roles=("observer",), state="hill")
PEOPLE = (ANN, BEN, LEAD, CLERK, GUEST, CHAIR, JUDGE, EAST, HILL)


def incident(name: str, *claims: str) -> Incident:
    return Incident(
        id=name, nature=Nature.EVENT, kind="mortar", place=Point(38.0, -27.0, 100.0),
        when=Interval.instant(AT), region=None, probability=0.8, claims=claims, sources=("s",),
        origins=(), observations=1, terms=(), reasons=(),
    )  # fmt: skip


def finding(of: Incident, state: State = State.REPORTED) -> Finding:
    return Finding(
        id=of.id.replace("inc", "fnd"), incident=of.id, state=state, provisional=True,
        responsibility=Responsibility.WITHHELD, standard="reasonable suspicion",
        independent_origins=1, probability=0.8, seen_share=None, reasons=("1 voice.", UNREVIEWED),
    )  # fmt: skip


def log(*said: tuple[Person | None, object]) -> tuple[Entered, ...]:
    return tuple(
        Entered(
            index=10 + place, at=AT + timedelta(hours=place), by=who.id if who else "nobody",
            decision=what, person=who,
        )
        for place, (who, what) in enumerate(said)
    )  # fmt: skip


ONE = incident("inc-1", "a", "b")
TWO = incident("inc-2", "c")


def review(ruling: Ruling, of: Incident = ONE, **more: object) -> Review:
    return Review(incident=of.id, claims=of.claims, ruling=ruling, reason="seen", **more)


def attributed(party: str | None = "east", **more: object) -> Attributed:
    base = Attributed(
        body="board", incident=ONE.id, claims=ONE.claims, party=party, how="determined",
        standard="clear and convincing", reason="the fuse",
    )  # fmt: skip
    return replace(base, **more)


def determined(**more: object) -> Determination:
    base = Determination(
        body="board", incident=ONE.id, claims=ONE.claims, provision="P1", breach=True,
        standard="clear and convincing", reason="the crater",
    )  # fmt: skip
    return replace(base, **more)


def after(*said, incidents=(ONE, TWO), two_person=False) -> dict[str, Finding]:
    found = hear(
        [finding(one) for one in incidents], incidents, log(*said),
        agreement=AGREEMENT, two_person=two_person,
    )  # fmt: skip
    return {one.incident: one for one in found}


CONFIRM, REFUTE = review(Ruling.CONFIRM), review(Ruling.REFUTE)


@pytest.mark.parametrize(
    ("ruling", "state"),
    [
        (Ruling.CONFIRM, State.VERIFIED),
        (Ruling.REFUTE, State.REFUTED),
        (Ruling.UNVERIFIABLE, State.UNVERIFIABLE),
        (Ruling.EXEMPT, State.EXEMPT),
    ],
)
def test_a_reviewer_moves_it_and_the_office_is_named(ruling, state):
    found = after((ANN, review(ruling)))
    one = found["inc-1"]
    assert (one.state, one.provisional, one.reviewed_by) == (state, False, ("Reviewer A",))
    assert one.responsibility is Responsibility.WITHHELD
    assert [said.effect for said in one.said] == [Effect.HOLDS]
    assert UNREVIEWED not in one.reasons
    assert found["inc-2"] == finding(TWO), "what nobody spoke of is left as it was"


def test_the_standard_is_that_of_the_new_state():
    assert after((ANN, CONFIRM))["inc-1"].standard == "balance of probabilities"
    assert after((ANN, REFUTE))["inc-1"].standard == "none stated"


def test_a_later_ruling_supersedes_and_a_release_gives_way_to_the_one_before():
    one = after((ANN, CONFIRM), (BEN, REFUTE))["inc-1"]
    assert (one.state, one.said[0].effect) == (State.REFUTED, Effect.SUPERSEDED)
    back = after((ANN, CONFIRM), (BEN, REFUTE), (BEN, review(Ruling.RELEASE)))["inc-1"]
    assert (back.state, back.said[1].effect) == (State.VERIFIED, Effect.TAKEN_BACK)
    none = after((ANN, CONFIRM), (ANN, review(Ruling.RELEASE)))["inc-1"]
    assert (none.state, none.provisional, none.id) == (State.REPORTED, True, "fnd-1")


def test_nobody_releases_what_another_said():
    assert after((ANN, CONFIRM), (BEN, review(Ruling.RELEASE)))["inc-1"].state is State.VERIFIED


def test_a_question_leaves_the_ruling_and_is_open_until_somebody_rules():
    one = after((ANN, CONFIRM), (BEN, review(Ruling.ASK)))["inc-1"]
    assert one.state is State.VERIFIED
    assert any("has no answer yet" in reason for reason in one.reasons)
    two = after((ANN, review(Ruling.ASK)), (BEN, CONFIRM))["inc-1"]
    assert not any("has no answer yet" in reason for reason in two.reasons)


def test_two_reviewers_are_two_people():
    one = after((ANN, CONFIRM), two_person=True)["inc-1"]
    assert (one.state, one.provisional) == (State.REPORTED, True)
    assert "One of two reviewers has said confirm: Reviewer A." in one.reasons
    assert one.said[0].effect is Effect.WAITS
    assert after((ANN, CONFIRM), (ANN, CONFIRM), two_person=True)["inc-1"].provisional
    both = after((ANN, CONFIRM), (LEAD, CONFIRM), two_person=True)["inc-1"]
    assert (both.state, both.reviewed_by) == (State.VERIFIED, ("Reviewer A", "The lead"))


def test_two_who_differ_settle_nothing_and_it_takes_two_to_overturn_two():
    assert after((ANN, CONFIRM), (BEN, REFUTE), two_person=True)["inc-1"].provisional
    agreed = [(ANN, CONFIRM), (BEN, CONFIRM)]
    assert after(*agreed, (LEAD, REFUTE), two_person=True)["inc-1"].state is State.VERIFIED
    over = after(*agreed, (LEAD, REFUTE), (JUDGE, REFUTE), two_person=True)["inc-1"]
    assert over.state is State.REFUTED
    gone = after(*agreed, (ANN, review(Ruling.RELEASE)), two_person=True)["inc-1"]
    assert gone.provisional, "one of the two has taken it back"


def test_two_who_name_different_originals_do_not_agree():
    three = incident("inc-3", "d")
    first = review(Ruling.DUPLICATE, other="inc-2", other_claims=("c",))
    second = review(Ruling.DUPLICATE, other="inc-3", other_claims=("d",))
    all_three = (ONE, TWO, three)
    assert after((ANN, first), (BEN, second), incidents=all_three, two_person=True)[
        "inc-1"
    ].provisional
    assert not after((ANN, first), (BEN, first), incidents=all_three, two_person=True)[
        "inc-1"
    ].provisional


# Who may not


PART = Separated(incident="inc-1", claims=("a", "b"), part=("a",), reason="two fires")
JOIN = United(
    incident="inc-1", claims=("a", "b"), other="inc-2", other_claims=("c",), reason="one fire"
)
BACK = TakenBack(incident="inc-1", claims=("a", "b"), entry=10, whose="ann", reason="a slip")


UNAUTHORISED = [
    (None, CONFIRM),
    (GUEST, CONFIRM),
    (CLERK, REFUTE),
    (EAST, review(Ruling.EXEMPT)),
    (ANN, review(Ruling.DUPLICATE)),
    (ANN, review(Ruling.DUPLICATE, other="inc-1")),
    (ANN, review(Ruling.DUPLICATE, other="inc-9", other_claims=("z",))),
    (ANN, replace(CONFIRM, reason=" ")),
    (ANN, attributed()),
    (JUDGE, attributed(body="court")),
    (JUDGE, attributed()),
    (CHAIR, attributed(body="nowhere")),
    (CHAIR, attributed(standard="reasonable suspicion")),
    (CHAIR, attributed(standard="none")),
    (CHAIR, attributed(standard="a hunch")),
    (CHAIR, attributed(how="guessed")),
    (CHAIR, attributed(party="north")),
    (CHAIR, attributed(reason="")),
    (ANN, determined()),
    (CHAIR, determined(provision="P9")),
    (CHAIR, determined(standard="none")),
    (GUEST, Notified(incident="inc-1", claims=("a",), party="east", deadline=AT)),
    (ANN, Notified(incident="inc-1", claims=("a",), party="north", deadline=AT)),
    (ANN, Reply(incident="inc-1", claims=("a",), party="east", words="no")),
    (EAST, Reply(incident="inc-1", claims=("a",), party="west", words="no")),
    (EAST, Reply(incident="inc-1", claims=("a",), party="east", words=" ")),
    (HILL, Dissent(incident="inc-1", claims=("a",), state="harbour", words="no")),
    (CLERK, Dissent(incident="inc-1", claims=("a",), state="moon", words="no")),
    (HILL, Dissent(incident="inc-1", claims=("a",), state="hill", words=" \n")),
    (GUEST, PART),
    (ANN, replace(PART, reason=" ")),
    (ANN, replace(PART, part=())),
    (ANN, replace(PART, part=("a", "b"))),
    (ANN, replace(PART, part=("a", "z"))),
    (GUEST, JOIN),
    (ANN, replace(JOIN, other_claims=())),
    (ANN, replace(JOIN, other_claims=("b", "c"))),
]


@pytest.mark.parametrize(("who", "what"), UNAUTHORISED)
def test_what_somebody_may_not_enter_counts_for_nothing_and_is_shown(who, what):
    one = after((who, what))["inc-1"]
    assert replace(one, said=(), reasons=()) == replace(finding(ONE), reasons=())
    (said,) = one.said
    assert said.effect is Effect.VOID
    assert said.why


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (replace(PART, reason=""), "what parts, joins or takes back has a reason"),
        (replace(PART, part=("a", "b")), "a split names some claims of the incident, and not all"),
        (replace(JOIN, claims=()), "a merge names two incidents with claims of their own"),
        (Dissent(incident="inc-1", claims=("a",), state="hill", words=""), "a dissent has words"),
        (PART, None),
        (JOIN, None),
        (BACK, None),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(what, why):
    told = objection(what, HILL if isinstance(what, Dissent) else ANN, AGREEMENT)
    assert told is None if why is None else why in told


def test_only_the_lead_takes_back_what_another_has_entered():
    told = objection(BACK, BEN, AGREEMENT)
    assert told == "Reviewer B takes back what they entered themselves; the lead may do so for all"
    assert objection(BACK, LEAD, AGREEMENT) is None


def test_of_what_is_on_no_finding_the_hearing_says_nothing():
    about = Contacted(
        contact=Contact(
            id="c",
            at=AT,
            parties=("east",),
            channel="radio",
            subject="s",
            outcome="",
            answered=True,
        )
    )
    assert objection(about, None, AGREEMENT) is None
    assert objection(about, GUEST, AGREEMENT) is None


def test_a_void_split_has_no_effect_and_hides_none():
    """Ann's counts and holds; the guest's of the same claims is shown and counts for nothing."""
    apart, rest = incident("inc-1", "a"), incident("inc-2", "b")
    split = replace(PART, part=("b",))
    found = after((GUEST, split), (ANN, split), incidents=(apart, rest))
    effects = {one.by: one.effect for one in found["inc-1"].said}
    assert effects == {"A guest": Effect.VOID, "Reviewer A": Effect.HOLDS}


@pytest.mark.parametrize("needed", [0, -1])
def test_nobody_rules_where_nobody_is_needed(needed):
    with pytest.raises(ValueError, match="at least one reviewer is needed"):
        ladder.rule([], needed=needed)


def test_the_guard_on_who_may_bites(monkeypatch):
    monkeypatch.setattr(cases, "objection", lambda *_given: None)
    with pytest.raises(AssertionError):
        test_what_somebody_may_not_enter_counts_for_nothing_and_is_shown(GUEST, CONFIRM)


def test_where_bodies_decide_exemptions_a_reviewer_alone_does_not():
    agreement = replace(
        AGREEMENT, bodies=(Body(id="court", name="The court", decides=("exemption",)),)
    )
    exempt = review(Ruling.EXEMPT)
    assert objection(exempt, ANN, agreement)
    assert objection(exempt, JUDGE, agreement) is None


def test_a_name_that_has_left_the_mission_takes_nothing_back():
    (entered,) = log((ANN, CONFIRM))
    assert entered.person == ANN
    (found,) = hear([finding(ONE)], [ONE], [entered], agreement=AGREEMENT)
    assert found.state is State.VERIFIED


# Attribution, determination, replies


def test_only_a_named_body_says_who_did_it_and_it_may_take_it_back():
    one = after((CHAIR, attributed()))["inc-1"]
    assert (one.responsibility, one.party, one.body) == (
        Responsibility.DETERMINED, "east", "board",
    )  # fmt: skip
    assert (one.state, one.provisional) == (State.REPORTED, True), "that is another finding"
    none = after((CHAIR, attributed()), (CHAIR, attributed(None, standard="")))["inc-1"]
    assert (none.responsibility, none.party, none.body) == (Responsibility.WITHHELD, None, None)
    assert [said.effect for said in none.said] == [Effect.SUPERSEDED, Effect.HOLDS]
    how = after((CHAIR, attributed(how="assessed")))["inc-1"]
    assert how.responsibility is Responsibility.ASSESSED


def test_nobody_did_what_did_not_happen(monkeypatch):
    one = after((CHAIR, attributed()), (ANN, REFUTE))["inc-1"]
    assert (one.responsibility, one.party) == (Responsibility.WITHHELD, None)
    monkeypatch.setattr(outcome, "DID_NOT_HAPPEN", frozenset())
    assert after((CHAIR, attributed()), (ANN, REFUTE))["inc-1"].party == "east"


def test_a_determination_stands_on_the_finding_and_sets_no_state():
    one = after((CHAIR, determined()), (CHAIR, determined(breach=False)))["inc-1"]
    assert replace(one, said=(), reasons=()) == replace(finding(ONE), reasons=())
    assert [(s.word, s.effect) for s in one.said] == [
        ("breach of P1", Effect.SUPERSEDED),
        ("no breach of P1", Effect.HOLDS),
    ]


@pytest.mark.parametrize(("hours", "late"), [(1, False), (50, True)])
def test_a_reply_is_printed_on_time_or_late(hours, late):
    told = Notified(
        incident="inc-1", claims=("a", "b"), party="east", deadline=AT + timedelta(hours=48)
    )
    reply = Reply(incident="inc-1", claims=("a", "b"), party="east", words="It was thunder.")
    entered = log((ANN, told), (EAST, reply))
    entered = (entered[0], replace(entered[1], at=AT + timedelta(hours=hours)))
    (one,) = hear([finding(ONE)], [ONE], entered, agreement=AGREEMENT)
    assert one.state is State.REPORTED
    assert (one.said[1].words, one.said[1].late) == ("It was thunder.", late)
    assert one.said[1].until == told.deadline


def test_a_desk_writes_down_what_others_say_and_dissent_is_recorded():
    reply = Reply(incident="inc-1", claims=("a",), party="west", words="Not us.")
    dissent = Dissent(incident="inc-1", claims=("a",), state="hill", words="We see it otherwise.")
    one = after((CLERK, reply), (HILL, dissent), (CLERK, replace(dissent, state="harbour")))
    assert [(s.of, s.effect) for s in one["inc-1"].said] == [
        ("west", Effect.RECORDED), ("hill", Effect.RECORDED), ("harbour", Effect.RECORDED),
    ]  # fmt: skip


# When reports come and go


def test_more_evidence_never_lowers_it_and_it_is_to_be_looked_at_again():
    grown = replace(ONE, claims=("a", "b", "x"))
    one = after((ANN, CONFIRM), incidents=(grown,))["inc-1"]
    assert (one.state, one.stale) == (State.VERIFIED, True)
    assert any("1 account has come" in reason for reason in one.reasons)
    again = after((ANN, CONFIRM), (ANN, review(Ruling.CONFIRM, grown)), incidents=(grown,))
    assert not again["inc-1"].stale
    shrunk = after((ANN, REFUTE), incidents=(replace(ONE, claims=("a",)),))["inc-1"]
    assert (shrunk.state, shrunk.stale) == (State.REFUTED, True)


def test_both_of_two_reviewers_must_have_looked():
    grown = replace(ONE, claims=("a", "b", "x"))
    newer = review(Ruling.CONFIRM, grown)
    half = after((ANN, CONFIRM), (BEN, newer), incidents=(grown,), two_person=True)["inc-1"]
    assert (half.state, half.stale) == (State.VERIFIED, True)
    whole = after((ANN, newer), (BEN, newer), incidents=(grown,), two_person=True)["inc-1"]
    assert not whole.stale


def test_a_review_finds_a_renamed_incident_and_the_greater_part_of_a_split_one():
    renamed = incident("inc-9", "a", "b", "x")
    assert after((ANN, CONFIRM), incidents=(renamed,))["inc-9"].state is State.VERIFIED
    big, small = incident("inc-7", "a", "b"), incident("inc-1", "z")
    whole = review(Ruling.CONFIRM, incident("inc-1", "a", "b", "z"))
    found = after((ANN, whole), incidents=(big, small))
    assert (found["inc-7"].state, found["inc-7"].stale) == (State.VERIFIED, True)
    assert (found["inc-1"].state, found["inc-1"].provisional) == (State.REPORTED, True)
    assert "it holds for inc-7" in found["inc-1"].said[0].why


def test_of_two_merged_incidents_the_later_ruling_holds_and_it_is_stale():
    merged = incident("inc-1", "a", "b", "c")
    one = after((ANN, CONFIRM), (BEN, review(Ruling.REFUTE, TWO)), incidents=(merged,))["inc-1"]
    assert (one.state, one.stale) == (State.REFUTED, True)


def test_what_was_said_of_an_incident_that_is_no_more_is_kept():
    said = log((ANN, CONFIRM))
    assert unplaced([TWO], said, agreement=AGREEMENT) == said
    assert placed([TWO], said, agreement=AGREEMENT) == ()


def test_entries_are_handed_on_under_the_names_of_today():
    renamed = incident("inc-9", "a", "b")
    said = log((CHAIR, determined()), (GUEST, CONFIRM))
    (entered,) = placed([renamed], said, agreement=AGREEMENT)
    assert (entered.index, entered.decision.incident) == (10, "inc-9")


def test_duplicates_in_a_circle_leave_one():
    one = review(Ruling.DUPLICATE, other="inc-2", other_claims=("c",))
    two = review(Ruling.DUPLICATE, TWO, other="inc-1", other_claims=("a", "b"))
    found = after((ANN, one), (BEN, two))
    assert (found["inc-1"].state, found["inc-1"].duplicate_of) == (State.DUPLICATE, "inc-2")
    assert (found["inc-2"].state, found["inc-2"].said[0].effect) == (State.REPORTED, Effect.VOID)


def test_what_else_was_said_of_the_one_that_stays_still_counts():
    one = review(Ruling.DUPLICATE, other="inc-2", other_claims=("c",))
    two = review(Ruling.DUPLICATE, TWO, other="inc-1", other_claims=("a", "b"))
    found = after((LEAD, review(Ruling.CONFIRM, TWO)), (ANN, one), (BEN, two))["inc-2"]
    assert [(said.by, said.effect) for said in found.said] == [
        ("The lead", Effect.HOLDS),
        ("Reviewer B", Effect.VOID),
    ]
    assert (found.state, found.said[1].why) == (
        State.VERIFIED,
        "what it is said to duplicate is itself said to duplicate it",
    )


def test_the_guard_on_circles_bites(monkeypatch):
    monkeypatch.setattr(cases.Docket, "_break_circles", lambda _self: None)
    with pytest.raises(AssertionError):
        test_duplicates_in_a_circle_leave_one()


def test_a_duplicate_of_what_it_has_been_joined_with_is_nothing_more():
    merged = incident("inc-1", "a", "b", "c")
    one = review(Ruling.DUPLICATE, other="inc-2", other_claims=("c",))
    found = after((ANN, one), incidents=(merged,))["inc-1"]
    assert found.state is State.REPORTED
    assert [said.why for said in found.said] == ["it and what it duplicates are one incident now"]


# Laws


CLAIMS = "abcdef"
EXITS = {State.VERIFIED, State.REFUTED, State.UNVERIFIABLE, State.EXEMPT, State.DUPLICATE}


@st.composite
def worlds(draw):
    """Incidents that share the claims out among them, and a log on the same claims."""
    homes = draw(st.lists(st.integers(0, 2), min_size=6, max_size=6))
    incidents = []
    for home in sorted(set(homes)):
        held = [c for c, h in zip(CLAIMS, homes, strict=True) if h == home]
        incidents.append(incident(f"inc-{held[0]}", *held))
    named = st.sampled_from([f"inc-{c}" for c in CLAIMS])
    of = st.lists(st.sampled_from(CLAIMS), max_size=4, unique=True).map(tuple)
    entries = st.one_of(
        st.builds(Review, incident=named, claims=of, ruling=st.sampled_from(Ruling),
                  reason=st.sampled_from(["seen", ""]), other=named, other_claims=of),
        st.builds(Attributed, body=st.sampled_from(["board", "court"]), incident=named, claims=of,
                  party=st.sampled_from(["east", "west", "north", None]),
                  how=st.sampled_from(["assessed", "determined", "felt"]),
                  standard=st.sampled_from(["none", "clear and convincing"]), reason=st.just("so")),
        st.builds(Determination, body=st.just("board"), incident=named, claims=of,
                  provision=st.sampled_from(["P1", "P9"]), breach=st.booleans(),
                  standard=st.just("clear and convincing"), reason=st.just("so")),
        st.builds(Reply, incident=named, claims=of, party=st.sampled_from(["east", "west"]),
                  words=st.text(max_size=4)),
    )  # fmt: skip
    said = draw(st.lists(st.tuples(st.sampled_from([*PEOPLE, None]), entries), max_size=8))
    return tuple(incidents), log(*said), draw(st.booleans())


def heard(incidents, entries, two_person):
    found = hear(
        [finding(one) for one in incidents], incidents, entries,
        agreement=AGREEMENT, two_person=two_person,
    )  # fmt: skip
    return {one.incident: one for one in found}


@given(worlds(), st.randoms())
def test_the_order_of_reports_and_of_what_is_handed_in_does_not_matter(world, random):
    incidents, entries, two_person = world
    shuffled = [replace(one, claims=tuple(random.sample(one.claims, len(one.claims))))
                for one in random.sample(incidents, len(incidents))]  # fmt: skip
    mixed = random.sample(entries, len(entries))
    assert heard(incidents, entries, two_person) == heard(shuffled, mixed, two_person)


@given(worlds())
def test_the_machine_never_verifies_and_never_attributes(world):
    incidents, entries, two_person = world
    for one in heard(incidents, entries, two_person).values():
        holding = [said for said in one.said if said.effect is Effect.HOLDS]
        if one.state in EXITS:
            offices = {said.by for said in holding if said.what == "review"}
            assert len(offices) >= (2 if two_person else 1)
            assert not one.provisional
        else:
            assert (one.state, one.provisional) == (State.REPORTED, True)
        if one.responsibility is not Responsibility.WITHHELD:
            assert [said.of for said in holding if said.what == "attribution"] == ["board"]
            assert one.party in {"east", "west"}
        else:
            assert (one.party, one.body) == (None, None)


@given(worlds())
def test_what_counts_for_nothing_changes_nothing(world):
    incidents, entries, two_person = world
    kept = tuple(e for e in entries if objection(e.decision, e.person, AGREEMENT) is None)
    full, lean = heard(incidents, entries, two_person), heard(incidents, kept, two_person)
    for name, one in full.items():
        assert replace(one, said=(), reasons=()) == replace(lean[name], said=(), reasons=())


@given(worlds())
def test_every_entry_is_somewhere_and_something_always_stays(world):
    incidents, entries, two_person = world
    found = heard(incidents, entries, two_person)
    shown = {said.index for one in found.values() for said in one.said}
    lost = {one.index for one in unplaced(incidents, entries, agreement=AGREEMENT)}
    assert shown | lost == {one.index for one in entries}
    assert not shown & lost
    assert any(one.state is not State.DUPLICATE for one in found.values())


def test_the_rules_are_the_same_for_the_shell():
    assert objection(CONFIRM, GUEST, AGREEMENT) == (
        "A guest reviews nothing: a reviewer or the lead does"
    )
    assert authority.objection(CONFIRM, ANN, AGREEMENT) is None
