"""Topics, the questions they ask, and the files that hold both."""

from __future__ import annotations

import pytest
from tests.stories.telling import article, count, day, question, says, settled

from trucewatch.model import Saying, Stance, Verdict
from trucewatch.stories.topics import Topic, plural, question_text, topic_class
from trucewatch.stories.vocabulary import Sort, english, topic_classes, vocabulary


@pytest.mark.parametrize(
    "key",
    ["attendance", "attendance/heads-of-state", "position/force@avaria", "troops@avaria"],
)
def test_a_topic_is_its_parts(key):
    assert Topic.of(key).key == key


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("attendance", "How many take part?"),
        ("attendance@the-summit", "The summit: how many take part?"),
        ("attendance/heads-of-state", "How many heads of state and government take part?"),
        ("attends@ivo-tal", "Ivo tal: present or not?"),
        ("delegation@us", "Us: who belongs to the delegation?"),
        ("leads/monitoring-mechanism", "Who leads the monitoring mechanism?"),
        ("meeting@port", "When do they meet in port?"),
        ("number-of-boat", "How many boats are there?"),
        ("number-of-head-of-state@avaria", "Avaria: how many heads of state are there?"),
        ("position/force@avaria", "Avaria: which position on force?"),
        ("position@avaria", "Avaria: which position?"),
        ("priority/monitoring", "Is monitoring one of the aims?"),
        ("role@mayor-of-the-old-port", "Who is mayor of the old port?"),
        ("territory-share", "What share of the territory is meant?"),
        ("troops@avaria", "Avaria: how many troops?"),
        ("weather", "What is said of weather?"),
        ("weather/wind@avaria", "What is said of avaria?"),
    ],
)
def test_every_topic_asks_a_question(key, text):
    assert question_text(Topic.of(key), []) == text


def test_every_class_has_a_question():
    heads = {key.partition("/")[0].partition("@")[0] for key in english().questions}
    assert set(topic_classes()) <= heads


@pytest.mark.parametrize(
    ("topic", "about", "text"),
    [
        ("post@ana-de-los-reyes", "Ana de los Reyes", "Ana de los Reyes: when was it posted?"),
        ("role@leader-of-avaria", "Avaria", "Who is leader of Avaria?"),
        ("role@leader-of-avarian-hills", "Avaria", "Who is leader of avarian hills?"),
    ],
)
def test_a_name_is_shown_as_it_is_printed(topic, about, text):
    said = [says(article("a", "They wrote."), topic, "They wrote", about=about)]
    assert question_text(Topic.of(topic), said) == text


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("young man", "young men"),
        ("people", "people"),
        ("boat", "boats"),
        ("party", "parties"),
        ("day", "days"),
        ("box", "boxes"),
        ("%", "%"),
    ],
)
def test_plurals(noun, many):
    assert plural(noun) == many


def test_a_class_that_no_file_has_takes_the_sort_that_its_statements_show():
    a = article("a", "They came.")
    topic = Topic.of("weather")
    assert topic_class(topic, [says(a, "weather", stance=Stance.ASKED)]).sort is Sort.STANCE
    assert topic_class(topic, [says(a, "weather", quote="They came")]).sort is Sort.QUOTATION
    number = says(a, "weather", "They", quantity=count(3, "day"))
    assert topic_class(topic, [number]).sort is Sort.QUANTITY
    assert topic_class(topic, [says(a, "weather")]).sort is Sort.TEXT


def test_what_lacks_a_number_among_numbers_answers_in_its_words():
    a, b = article("a", "35 delegates came"), article("b", "Many came")
    said = [
        says(a, "attendance", quantity=count(35, "delegate")),
        says(b, "attendance", "Many came"),
    ]
    asked = question(settled([a, b], said), "attendance")
    assert {one.value for one in asked.answers} == {"35", "many came"}
    assert asked.verdict is Verdict.COMPATIBLE


def test_a_priority_is_there_in_whichever_words():
    a, b = article("a", "Watch the truce"), article("b", "monitor the ceasefire")
    said = [says(one, "priority/monitoring") for one in (a, b)]
    asked = question(settled([a, b], said), "priority/monitoring")
    assert [one.value for one in asked.answers] == ["yes"]
    assert len(asked.answers[0].variants) == 2


def test_who_is_said_to_be_there_and_not_to_be_there_is_in_dispute():
    a, b = article("a", "Mr Tal came"), article("b", "Mr Tal did not come")
    said = [
        says(a, "attends@ivo-tal", value="ivo tal"),
        says(b, "attends@ivo-tal", value="ivo tal", negated=True),
    ]
    asked = question(settled([a, b], said), "attends@ivo-tal")
    assert {one.value for one in asked.answers} == {"yes", "no"}
    assert asked.verdict is Verdict.DISPUTED


def test_a_meeting_may_last_and_has_one_place():
    days = (day(5), day(6), day(20))
    articles = [article(n, "They met in the port") for n in "abc"]
    topics = ("meeting", "meeting@port", "meeting@port")
    said = [says(*each, when=when) for each, when in zip(zip(articles, topics), days)]  # noqa: B905  of one length
    (near,) = settled(articles[:2], said[:2]).questions
    assert (near.topic, near.verdict) == ("meeting@port", Verdict.COMPATIBLE)
    (far,) = settled(articles, said).questions
    assert far.verdict is Verdict.DISPUTED


def test_what_is_denied_is_another_answer_and_excludes():
    a, b = article("a", "300 guns"), article("b", "not 300 guns")
    said = [
        says(a, "number-of-gun", quantity=count(300, "gun")),
        says(b, "number-of-gun", quantity=count(300, "gun"), negated=True),
    ]
    asked = question(settled([a, b], said), "number-of-gun")
    assert {one.value for one in asked.answers} == {"300", "not 300"}
    assert asked.verdict is Verdict.DISPUTED


def test_no_language_is_another():
    assert vocabulary("en") is not None
    assert vocabulary("xx") is None
    assert vocabulary("") is None


def test_a_statement_of_a_stranger_is_not_of_the_story():
    a, b = article("a", "They came"), article("b", "They came")
    said = [says(one, "attendance") for one in (a, b)]
    story = settled([a], said[:1])
    assert story.outlets == ("a",)
    assert story.questions[0].answers[0].outlets == ("a",)


def test_the_title_is_the_one_most_like_the_others():
    titles = ("Talks on the strait open", "Storm", "Talks on the strait open in the port")
    articles = [
        article(n, "They came", title=title) for n, title in zip("abc", titles, strict=True)
    ]
    assert settled(articles, []).title == "Talks on the strait open"
    assert settled([article("a", "They came", title=" ")], []).title == ""


def test_a_part_that_is_told_without_a_number_stays_with_the_part():
    a, b = article("a", "35 delegates came"), article("b", "Many kings came")
    said = [
        says(a, "attendance", quantity=count(35, "delegate")),
        says(b, "attendance/heads-of-state", "Many kings came"),
    ]
    found = settled([a, b], said)
    assert [one.topic for one in found.questions] == ["attendance", "attendance/heads-of-state"]


def test_a_meeting_without_its_place_is_the_one_that_is_told_of_on_its_day():
    port = article("Anchor", "They met in Port on Monday.")
    hill = article("Beacon", "They met in Hill on Friday.")
    bare = article("Courier", "They met on Friday.")
    told = [
        says(port, "meeting@port", kind=Saying.ACTION, value="2026-04-06", when=day(6)),
        says(hill, "meeting@hill", kind=Saying.ACTION, value="2026-04-10", when=day(10)),
        says(bare, "meeting", kind=Saying.ACTION, value="2026-04-10", when=day(10)),
    ]
    story = settled([port, hill, bare], told)
    assert {one.topic for one in story.questions} == {"meeting@port", "meeting@hill"}
    (answer,) = question(story, "meeting@hill").answers
    assert answer.outlets == ("Beacon", "Courier")


def test_a_meeting_that_may_be_either_of_two_stays_without_a_place():
    both = [article("Anchor", "They met in Port."), article("Beacon", "They met in Hill.")]
    bare = article("Courier", "They met on Monday.")
    told = [
        says(one, f"meeting@{place}", kind=Saying.ACTION, value="2026-04-06", when=day(6))
        for one, place in zip(both, ("port", "hill"), strict=True)
    ]
    told.append(says(bare, "meeting", kind=Saying.ACTION, value="2026-04-06", when=day(6)))
    story = settled([*both, bare], told)
    assert {one.topic for one in story.questions} == {"meeting", "meeting@port", "meeting@hill"}
