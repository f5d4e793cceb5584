"""What the answers to one question amount to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.stories.telling import article, count, day, given, origin, question, says, settled

from trucewatch.model import Bound, Stance, Verdict
from trucewatch.stories import align, settle

MET = "The ministers met for talks in the port."


def told(outlet, words="35 delegates", text=MET, **fields):
    return article(outlet, f"{text} {words} came.", **fields)


def counted(outlet, number, unit="delegate", topic="attendance", **fields):
    one = told(outlet, f"{number} {unit}s", **fields)
    return one, says(one, topic, quantity=count(number, unit))


def test_two_origins_that_say_one_thing_agree():
    found = settled(*zip(counted("a", 35), counted("b", 35), strict=True))
    asked = question(found, "attendance")
    assert asked.verdict is Verdict.AGREED
    assert asked.text == "How many take part?"
    assert asked.answers[0].outlets == ("a", "b")


def test_four_outlets_with_one_informant_are_one_origin_and_keep_their_nouns():
    pairs = [
        counted(outlet, 35, unit)
        for outlet, unit in zip("abcd", ("delegate", "leader", "envoy", "guest"), strict=True)
    ]
    found = settled(*zip(*pairs, strict=True), behind=dict.fromkeys("abcd", "the host"))
    asked = question(found, "attendance")
    assert asked.verdict is Verdict.SINGLE_ORIGIN
    assert "the host; 4 outlets print it" in asked.reasons[0]
    assert len(asked.answers) == 1
    assert {one.words for one in asked.answers[0].variants} == {
        "35 delegates", "35 leaders", "35 envoys", "35 guests",
    }  # fmt: skip


@pytest.mark.parametrize("numbers", [(35, 35), (35, 41)])
def test_where_no_origin_is_known_nothing_agrees_and_nothing_is_disputed(numbers):
    articles, statements = zip(
        *(counted(outlet, n) for outlet, n in zip("ab", numbers, strict=True)), strict=True
    )
    found = settle(align(articles, statements), {}, {}, articles=articles, statements=statements)
    asked = question(found, "attendance")
    assert asked.verdict is Verdict.SINGLE_ORIGIN
    assert {one.independent for one in asked.answers} == {0.0}


def test_one_outlet_alone_is_a_single_origin():
    asked = question(settled(*zip(counted("a", 35), strict=True)), "attendance")
    assert asked.verdict is Verdict.SINGLE_ORIGIN
    assert asked.reasons[0].endswith("one outlet prints it")


def leaders():
    """One outlet counts the heads of state, one says "leaders", one calls all 35 heads of state."""
    a = article("a", "35 delegates came, 27 heads of state among them.")
    b = article("b", "More than 27 leaders came. 35 world leaders came.")
    c = article("c", "35 heads of state came. 27 heads of state came in person.")
    part = "attendance/heads-of-state"
    statements = [
        says(a, "attendance", quantity=count(35, "delegate")),
        says(a, part, quantity=count(27, "head of state", "27 heads of state")),
        says(b, "attendance", quantity=count(
            27, "leader", "More than 27 leaders", bound=Bound.MORE_THAN)),
        says(b, "attendance", quantity=count(35, "world leader")),
        says(c, part, quantity=count(35, "head of state", "35 heads of state")),
        says(c, part, quantity=count(27, "head of state", "27 heads of state")),
    ]  # fmt: skip
    return settled([a, b, c], statements, behind=dict.fromkeys("abc", "the host"))


def test_an_ambiguous_noun_goes_where_its_numeral_is_given_plainly():
    found = leaders()
    assert given(question(found, "attendance")) == {"35": ("a", "b", "c")}
    part = question(found, "attendance/heads-of-state")
    assert given(part) == {"27": ("a", "b", "c"), "35": ("c",)}
    assert "More than 27 leaders" in {v.words for v in part.answers[0].variants}
    assert "is put where others give that number" in " ".join(part.reasons)


def test_who_gives_two_numbers_to_one_question_is_at_odds_with_itself_and_disputes_nothing():
    part = question(leaders(), "attendance/heads-of-state")
    assert part.inconsistent == (
        ("c", "writes both “27 heads of state” and “35 heads of state”"),
    )  # fmt: skip
    assert part.verdict is Verdict.SINGLE_ORIGIN
    assert "at odds with itself" in " ".join(part.reasons)


def test_it_also_names_the_whole_in_other_words():
    whole = question(leaders(), "attendance")
    assert "35 heads of state" in {v.words for v in whole.answers[0].variants}
    assert "has the number of the whole, in other words" in " ".join(whole.reasons)


def test_a_number_against_another_is_a_dispute():
    asked = question(settled(*zip(counted("a", 35), counted("b", 41), strict=True)), "attendance")
    assert asked.verdict is Verdict.DISPUTED
    assert given(asked) == {"35": ("a",), "41": ("b",)}


def test_a_range_and_a_number_in_it_can_both_be_true():
    a, b = told("a", "30 to 40 delegates"), told("b")
    statements = [
        says(a, "attendance", quantity=count(
            30, "delegate", "30 to 40 delegates", high=40, bound=Bound.RANGE)),
        says(b, "attendance", quantity=count(35, "delegate")),
    ]  # fmt: skip
    asked = question(settled([a, b], statements), "attendance")
    assert asked.verdict is Verdict.COMPATIBLE
    assert set(given(asked)) == {"30 to 40", "35"}


def test_a_bound_on_a_number_is_a_wording_of_it_and_says_so():
    a, b = told("a", "more than 35 delegates"), told("b")
    statements = [
        says(a, "attendance", quantity=count(
            35, "delegate", "more than 35 delegates", bound=Bound.MORE_THAN)),
        says(b, "attendance", quantity=count(35, "delegate")),
    ]  # fmt: skip
    asked = question(settled([a, b], statements), "attendance")
    assert given(asked) == {"35": ("a", "b")}
    assert any("more than 35 delegates" in reason for reason in asked.reasons)


@pytest.mark.parametrize("published", [True, False])
def test_a_position_that_moved_is_a_change_and_only_where_an_order_is_known(published):
    a = told("a", text="Asked for help.", published=day(3) if published else None)
    b = told("b", text="Will help.", published=day(6) if published else None)
    statements = [
        says(a, "position/force@avaria", "Asked for help", stance=Stance.REFUSES),
        says(b, "position/force@avaria", "Will help", stance=Stance.SUPPORTS),
    ]
    asked = question(settled([a, b], statements), "position/force@avaria")
    assert asked.verdict is (Verdict.CHANGED if published else Verdict.DISPUTED)
    assert asked.text == "Avaria: which position on force?"


def test_what_the_words_tell_as_the_state_before_is_a_change_within_one_article():
    a = article("a", "At first Ms Orr was to lead it; now Mr Ivo Tal does.")
    statements = [
        says(a, "delegation-lead@avaria", "Ms Orr", value="orr", earlier=True),
        says(a, "delegation-lead@avaria", "Mr Ivo Tal", value="ivo tal"),
    ]
    asked = question(settled([a], statements), "delegation-lead@avaria")
    assert asked.verdict is Verdict.CHANGED
    assert "first “orr”, then “ivo tal”" in " ".join(asked.reasons)


def test_who_represents_it_now_stands_beside_who_was_to_lead_it_before():
    a = article("a", "At first Ms Orr was to lead it; Mr Ivo Tal represents it.")
    said = [
        says(a, "delegation-lead@avaria", "Ms Orr", value="orr", earlier=True),
        says(a, "delegation@avaria", "Mr Ivo Tal", value="ivo tal"),
    ]
    asked = question(settled([a], said), "delegation-lead@avaria")
    assert given(asked) == {"orr": ("a",), "ivo tal": ("a",)}
    assert asked.verdict is Verdict.CHANGED
    still = settled([a], [replace(said[0], earlier=False), said[1]])
    assert given(question(still, "delegation-lead@avaria")) == {"orr": ("a",)}


def test_two_counts_of_two_days_by_two_tellers_are_still_a_dispute():
    pairs = [counted("a", 3, published=day(3)), counted("b", 10, published=day(6))]
    assert question(settled(*zip(*pairs, strict=True)), "attendance").verdict is Verdict.DISPUTED
    one = dict.fromkeys("ab", "the host")
    found = settled(*zip(*pairs, strict=True), behind=one)
    assert question(found, "attendance").verdict is Verdict.CHANGED


def test_of_many_answers_the_first_are_told_and_the_rest_counted():
    pairs = [counted(f"outlet {n}", n + 1) for n in range(9)]
    asked = question(settled(*zip(*pairs, strict=True)), "attendance")
    assert asked.verdict is Verdict.DISPUTED
    assert len(asked.answers) == 9
    assert "and 3 more answers" in asked.reasons
    assert "and 30 more pairs of answers" in asked.reasons


@pytest.mark.parametrize(("number", "moved"), [(9, True), (8, False)])
def test_a_number_without_its_subject_goes_where_others_count_the_same_with_that_noun(
    number, moved
):
    pairs = [counted("a", 9, "minister"), counted("b", number, "minister", "number-of-minister")]
    found = settled(*zip(*pairs, strict=True))
    assert {one.topic for one in found.questions} == (
        {"attendance"} if moved else {"attendance", "number-of-minister"}
    )


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("delegate", "participant", Verdict.DISPUTED),
        ("world leader", "leader", Verdict.DISPUTED),
        ("delegate", "minister", Verdict.COMPATIBLE),
        ("country", "delegate", Verdict.COMPATIBLE),
    ],
)
def test_only_numbers_of_the_same_things_exclude_one_another(one, other, verdict):
    pairs = [counted("a", 35, one), counted("b", 9, other)]
    asked = question(settled(*zip(*pairs, strict=True)), "attendance")
    assert asked.verdict is verdict


@pytest.mark.parametrize(
    ("one", "other", "unit", "verdict"),
    [
        ("three pirate vessels", "five merchant vessels", "vessel", Verdict.COMPATIBLE),
        ("three vessels", "five vessels", "vessel", Verdict.DISPUTED),
        ("three metres", "five metres", "metre", Verdict.COMPATIBLE),
    ],
)
def test_of_numbers_without_a_subject_only_those_with_the_same_words_exclude_one_another(
    one, other, unit, verdict
):
    a, b = article("a", f"They saw {one}."), article("b", f"They saw {other}.")
    said = [
        says(a, f"number-of-{unit}", one, quantity=count(3, unit, "three")),
        says(b, f"number-of-{unit}", other, quantity=count(5, unit, "five")),
    ]
    assert question(settled([a, b], said), f"number-of-{unit}").verdict is verdict


def test_a_part_that_is_counted_beside_the_whole_contradicts_nothing():
    a = article("a", "24 delegates came, 9 ministers among them.")
    said = [
        says(a, "attendance", quantity=count(24, "delegate")),
        says(a, "attendance", quantity=count(9, "minister")),
    ]
    assert question(settled([a], said), "attendance").inconsistent == ()


def test_who_reports_what_two_sides_say_contradicts_nobody():
    a = article("a", "3 people died, says one side; 9 people died, says the other.")
    said = [
        says(a, "killed", quantity=count(3, "people", "3 people"), speaker="one side"),
        says(a, "killed", quantity=count(9, "people", "9 people"), speaker="the other"),
    ]
    assert question(settled([a], said), "killed").inconsistent == ()
    own = [replace(one, speaker=None) for one in said]
    assert question(settled([a], own), "killed").inconsistent != ()


def test_origins_that_are_nearly_one_are_no_two():
    articles, statements = zip(counted("a", 35), counted("b", 35), strict=True)
    story = align(articles, statements)
    ((key,),) = ([one.statements for one in asked.answers] for asked in story.questions)
    voices = (origin("a"), origin("b"))
    given_ = {"articles": articles, "statements": statements}
    near = settle(story, {key: voices}, {key: 1.7}, **given_)
    assert near.questions[0].verdict is Verdict.SINGLE_ORIGIN
    assert "not shown to be two: their effective number is 1.7" in near.questions[0].reasons[0]
    assert settle(story, {key: voices}, {key: 1.9}, **given_).questions[0].verdict is Verdict.AGREED
    one_party = tuple(origin(label, party="north") for label in "ab")
    party = settle(story, {key: one_party}, {key: 2.0}, **given_)
    assert party.questions[0].verdict is Verdict.SINGLE_ORIGIN
