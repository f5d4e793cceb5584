"""The five seed articles, from bytes to verdicts."""

from __future__ import annotations

import pytest

from trucewatch.model import Question, Verdict

OUTLETS = 5
PRESIDENCY = "French presidency"


@pytest.fixture(scope="module")
def story(read, shared):
    return read(shared / "seeds")[0]


def asked(story, topic, word="") -> Question:
    """The one question of a topic of which an answer has a word."""
    (found,) = (
        one
        for one in story.questions
        if one.topic == topic
        and any(word in variant.words for answer in one.answers for variant in answer.variants)
    )
    return found


def wordings(answer):
    return {variant.words.casefold() for variant in answer.variants}


def test_the_35_are_one_answer_of_one_origin_that_four_outlets_name_in_their_own_ways(story):
    question = asked(story, "attendance")
    (answer,) = question.answers
    assert answer.value == "35"
    assert len(answer.outlets) == 4
    assert question.verdict is Verdict.SINGLE_ORIGIN
    assert [one.label for one in answer.origins] == [PRESIDENCY]
    assert answer.independent == pytest.approx(1)
    assert wordings(answer) == {
        "35 participants", "35 world leaders", "35 officials", "35 countries", "35 heads of state",
    }  # fmt: skip


def test_the_27_are_of_one_origin_and_more_than_27_is_a_wording_of_them(story):
    question = asked(story, "attendance/heads-of-state")
    answer = next(one for one in question.answers if one.value == "27")
    assert len(answer.outlets) == OUTLETS
    assert [one.label for one in answer.origins] == [PRESIDENCY]
    assert question.verdict is Verdict.SINGLE_ORIGIN
    assert "more than 27 leaders" in wordings(answer)
    assert any("more than 27" in reason and "bound" in reason for reason in question.reasons)


def test_the_outlet_that_calls_all_35_heads_of_state_is_at_odds_with_itself(story):
    question = asked(story, "attendance/heads-of-state")
    ((outlet, why),) = question.inconsistent
    assert why == "writes both “27 heads of state” and “35 heads of state”"
    other = next(one for one in question.answers if one.value == "35")
    assert other.outlets == (outlet,)


@pytest.mark.parametrize(
    ("word", "renderings", "differing"),
    [
        ("do offer", 2, "“do provide” where another has “do offer”"),
        ("frankly", 2, "“speaking frankly” where another has “to be candid”"),
        ("not really", 2, "“not really” where another has “not truly”"),
    ],
)
def test_two_renderings_of_one_quotation_are_one_answer(story, word, renderings, differing):
    question = asked(story, "quotation@volodymyr-zelenskyy", word)
    (answer,) = question.answers
    assert len(answer.variants) == renderings
    assert len(answer.outlets) >= 2
    assert any(differing in reason for reason in question.reasons)
    assert question.verdict is Verdict.SINGLE_ORIGIN


def test_a_short_run_in_four_outlets_is_one_answer(story):
    question = asked(story, "quotation@volodymyr-zelenskyy", "not everyone is ready")
    assert len(question.answers[0].outlets) == 4
    assert question.verdict is Verdict.SINGLE_ORIGIN


@pytest.mark.parametrize(
    ("topic", "word", "value"),
    [
        ("troops", "", "15,000 to 30,000"),
        ("territory-share", "", "about 20 %"),
        ("quoted-document@draft-summit-statement", "binding commitments", None),
        ("quoted-document@draft-summit-statement", "continuous, reliable", None),
    ],
)
def test_what_one_outlet_alone_prints_stands_on_one_origin(story, topic, word, value):
    question = asked(story, topic, word)
    (answer,) = question.answers
    assert value in {None, answer.value}
    assert len(answer.outlets) == 1
    assert question.verdict is Verdict.SINGLE_ORIGIN
    assert question.reasons[0].endswith("one outlet prints it")


PRIORITIES = (
    "armed-forces-support",
    "long-term-defence-cooperation",
    "monitoring",
    "multinational-force",
    "response-to-aggression",
)


@pytest.mark.parametrize("kind", PRIORITIES)
def test_the_five_priorities_stand_in_all_five(story, kind):
    question = asked(story, f"priority/{kind}")
    (answer,) = question.answers
    assert (answer.value, len(answer.outlets)) == ("yes", OUTLETS)


def test_the_post_is_of_one_day_in_every_wording(story):
    question = asked(story, "post@steve-witkoff")
    (answer,) = question.answers
    assert answer.value == "2025-12-31"
    assert len(answer.outlets) == 3
    said = " ".join(wordings(answer))
    assert all(words in said for words in ("new year’s eve", "31 december", "december 31"))


def test_a_name_that_one_outlet_alone_gives_is_of_one_origin(story):
    question = asked(story, "role@leader-of-greenland")
    (answer,) = question.answers
    assert (answer.value, len(answer.outlets)) == ("jens frederiksen", 1)
    assert question.verdict is Verdict.SINGLE_ORIGIN


def test_who_leads_the_mechanism_stands_on_one_outlet(story):
    question = asked(story, "leads/ceasefire-monitoring")
    (answer,) = question.answers
    assert (answer.value, len(answer.outlets)) == ("united states", 1)
    assert question.verdict is Verdict.SINGLE_ORIGIN


def test_the_support_that_was_signalled_later_is_a_change_and_no_dispute(story):
    question = asked(story, "position/security-guarantees@united-states")
    assert [one.value for one in question.answers] == ["is asked for", "supports"]
    assert question.verdict is Verdict.CHANGED
    (told,) = [one for one in question.reasons if one.startswith("first “is asked for”")]
    assert "by the tense in which they tell of the event" in told
    assert "“brought together”" in told


def test_who_was_to_lead_and_who_came_is_a_change(story):
    question = asked(story, "delegation-lead@united-states")
    assert [one.value for one in question.answers] == [
        "marco rubio",
        "jared kushner; steve witkoff",
    ]
    assert question.verdict is Verdict.CHANGED
    assert any("as the state before" in reason for reason in question.reasons)


def test_who_said_it_first_is_not_guessed(story):
    question = asked(story, "troops")
    assert question.answers[0].first is None
    assert any("who said it first is not known" in reason for reason in question.reasons)


def test_nothing_of_the_five_is_agreed_by_the_number_of_outlets_alone(story):
    for question in story.questions:
        if question.verdict is Verdict.AGREED:
            assert max(one.independent for one in question.answers) >= 1.8
