"""Which of two reports is the later, and how one can tell."""

from __future__ import annotations

import pytest
from tests.stories.telling import article, day, question, says, settled

from trucewatch.model import Stance, Verdict
from trucewatch.stories.times import Chronology, Ground, Phase, apart, telling

AHEAD = "The ministers will meet later today in the port."
RUNS = "A meeting on the strait is underway in the port."
OVER = "The talks in the port brought together the ministers of the coast."


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        (AHEAD, Phase.AHEAD, Phase.AHEAD),
        (RUNS, Phase.UNDER_WAY, Phase.UNDER_WAY),
        (OVER, Phase.OVER, Phase.OVER),
        (f"{AHEAD} The talks are taking place behind doors.", Phase.AHEAD, Phase.UNDER_WAY),
        (f"{AHEAD} The last talks ended in March.", Phase.AHEAD, Phase.OVER),
    ],
)
def test_the_tense_tells_the_phase(text, first, last):
    found = telling(article("a", text))
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "The ministers spoke of the strait.",
        "He met an old friend in the port.",
        'She said: "the talks ended in March" and left.',
        "The harbour will be closed, and the road is underway.",
    ],
)
def test_other_words_tell_none(text):
    assert telling(article("a", text)) is None


def test_a_language_without_words_tells_none():
    assert telling(article("a", AHEAD, language="xx")) is None
    assert telling(article("a", AHEAD, language="../en")) is None


def test_marks_that_nobody_closes_cost_little():
    assert telling(article("a", "“" * 300_000 + AHEAD)) is not None
    assert telling(article("a", '"a' * 300_001)) is None


def pair(one, other):
    articles = [article("early", one), article("late", other)]
    topic = "position/force@avaria"
    said = [
        says(articles[0], topic, one, stance=Stance.ASKED),
        says(articles[1], topic, other, stance=Stance.SUPPORTS),
    ]
    return articles, said


@pytest.mark.parametrize(("one", "other"), [(AHEAD, RUNS), (AHEAD, OVER), (RUNS, OVER)])
def test_the_tense_of_the_shared_event_orders_two_reports(one, other):
    articles, said = pair(one, other)
    sign, ground, reason = Chronology(articles).order(said[:1], said[1:])
    assert (sign, ground) == (-1, Ground.TENSE)
    assert reason.startswith("by the tense in which they tell of the event, late (")
    assert Chronology(articles).order(said[1:], said[:1]) == (1, ground, reason)
    asked = question(settled(articles, said), "position/force@avaria")
    assert asked.verdict is Verdict.CHANGED
    assert any("by the tense" in why for why in asked.reasons)


@pytest.mark.parametrize(
    ("one", "other"), [(RUNS, RUNS), (f"{AHEAD} {OVER}", OVER), (AHEAD, "No.")]
)
def test_where_the_tense_tells_nothing_there_is_no_order_and_no_change(one, other):
    articles, said = pair(one, other)
    assert Chronology(articles).order(said[:1], said[1:]) is None
    asked = question(settled(articles, said), "position/force@avaria")
    assert asked.verdict is Verdict.COMPATIBLE
    assert any("which is the later is not known" in why for why in asked.reasons)
    assert any("who said it first is not known" in why for why in asked.reasons)


def test_dates_in_the_words_go_before_the_page_and_the_page_before_the_tense():
    a, b = article("a", OVER, published=day(8)), article("b", AHEAD, published=day(2))
    topic = "position/force@avaria"
    plain = [says(a, topic, stance=Stance.ASKED), says(b, topic, stance=Stance.SUPPORTS)]
    assert Chronology([a, b]).order(plain[:1], plain[1:])[:2] == (1, Ground.PUBLICATION)
    dated = [
        says(a, topic, stance=Stance.ASKED, when=day(1), when_words="on 1 April"),
        says(b, topic, stance=Stance.SUPPORTS, when=day(2)),
    ]
    sign, ground, reason = Chronology([a, b]).order(dated[:1], dated[1:])
    assert (sign, ground) == (-1, Ground.DATES)
    assert reason == "the words date them apart: “on 1 April”, then a day given"


def test_two_pairs_ordered_against_each_other_order_nothing():
    articles = [article(str(n), "Yes.", published=day(n)) for n in (1, 2, 3)]
    topic = "position/force@avaria"
    stances = (Stance.ASKED, Stance.SUPPORTS, Stance.ASKED)
    said = [says(one, topic, stance=stance) for one, stance in zip(articles, stances, strict=True)]
    assert Chronology(articles).order([said[0], said[2]], [said[1]]) is None


def test_days_that_touch_are_apart_and_days_that_overlap_are_not():
    assert apart(day(3), day(4)) == -1
    assert apart(day(4), day(3)) == 1
    assert apart(day(3), day(3)) == 0
    assert apart(day(3), None) == 0


def test_first_is_the_earliest_publication_known():
    articles = [
        article("a", "Yes.", published=day(4)),
        article("b", "Yes."),
        article("c", "Yes.", published=day(2)),
    ]
    said = [says(one, "position/force@avaria", stance=Stance.ASKED) for one in articles]
    (answer,) = question(settled(articles, said), "position/force@avaria").answers
    assert answer.first == day(2)
