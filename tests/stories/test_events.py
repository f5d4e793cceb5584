"""Mentions of one event, within a sentence, an article and a story."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, day, says

from trucewatch.model import Saying
from trucewatch.stories import Mention, one_event, same_event


def mention(key, sentence, *heads, article="a", number=0):
    words = tuple(sentence.split())
    places = tuple(words.index(head) for head in heads)
    return Mention(id=key, article=article, sentence=number, words=words, heads=places)


def events(*mentions, stories=(("a", "b", "c"),)):
    """The events as words: "12 3"."""
    return " ".join("".join(event) for event in one_event(mentions, stories))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("A gunman killed two men", "killed"), ("The killing shocked Vessby", "killing"), True),
        (("Two men died", "died"), ("The death of two men", "death"), True),
        (("He opened fire there", "opened", "fire"), ("The shooting went on", "shooting"), True),
        (("He was fired by Beke", "fired"), ("Beke let him go", "let", "go"), True),
        (("Police detained him", "detained"), ("He was arrested", "arrested"), True),
        (("They met in Maradou", "met"), ("The summit in Maradou", "summit"), True),
        (("He was hurt", "hurt"), ("He was charged", "charged"), False),
        (("Fourteen people died", "died"), ("Three people were killed", "killed"), True),
    ],
)
def test_one_sort_of_event_in_one_story_is_one_event(one, other, same):
    found = events(mention("1", *one), mention("2", *other, article="b"))
    assert found == ("12" if same else "1 2")


def test_two_stories_are_two_events():
    one = mention("1", "The quake killed two men", "killed")
    other = mention("2", "The quake killed two men", "killed", article="x")
    assert events(one, other) == "1 2"
    assert events(one, other, stories=(("a", "x"),)) == "12"


def test_what_is_said_is_one_only_by_one_speaker():
    police = mention("1", "Officers seized the ship , police said", "said")
    again = mention("2", "Police said that nobody was hurt", "said", article="b")
    other = mention("3", "He fled , Beke said", "said", article="c")
    assert events(police, again, other) == "12 3"


def test_words_that_name_little_need_nearly_the_same_sentence():
    one = mention("1", "The mayor of Vessby made a promise about the harbour", "made")
    same = mention("2", "The mayor of Vessby made promises about the harbour", "made", article="b")
    other = mention("3", "The minister made bread in Maradou", "made", article="c")
    assert events(one, same, other) == "12 3"


def test_a_mention_needs_words():
    for heads in ((), (3,), (-1,)):
        with pytest.raises(ValueError, match="heads"):
            Mention(id="1", article="a", sentence=0, words=("a", "b", "c"), heads=heads)
    marks = [mention(str(i), "said - made", "-", article=str(i)) for i in range(2)]
    assert events(*marks, stories=(("0", "1"),)) == "0 1"


def test_ids_are_no_phrases():
    """A mention's id that looks like what is kept inside joins nothing."""
    names = ("saying say police", "phrase kill", "class 0", "mention 1")
    odd = [mention(key, "He went on", "went", article=key) for key in names]
    odd += [mention("1", "He killed", "killed"), mention("2", "He , police said", "said")]
    assert all(len(event) == 1 for event in one_event(odd, []))


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.lists(
                st.sampled_from(("killed", "death", "said", "police", "made", "Vessby", "", "-")),
                min_size=1, max_size=5,
            ),
            st.integers(0, 4),
        ), max_size=8,
    ),
    st.randoms(),
)  # fmt: skip
def test_order_and_repetition_change_nothing_and_everyone_is_in_one_event(drawn, chance):
    made = [
        Mention(id=str(i), article=a, sentence=0, words=tuple(words), heads=(at % len(words),))
        for i, (a, words, at) in enumerate(drawn)
    ]
    found = one_event(made, [("a", "b")])
    assert sorted(key for event in found for key in event) == sorted(m.id for m in made)
    again = made + made[:2]
    chance.shuffle(again)
    assert one_event(again, [("b", "a")]) == found


TOLD = article("a", "Ana Reyes tweeted on New Year's Eve that talks went well.")
POST = article("b", "In a post on 9 April Reyes praised the talks.")
LATER = article("c", "Reyes tweeted on 12 April.")


def act(told, core, **fields):
    return says(told, fields.pop("topic", "post@ana-reyes"), core, kind=Saying.ACTION, **fields)


def named(statements, articles=(TOLD, POST, LATER)):
    outlet = {s.id: s.outlet for s in statements}
    found = same_event(statements, articles)
    return " ".join(sorted("".join(sorted(outlet[key] for key in event)) for event in found))


def test_one_day_in_other_words_is_one_action_and_another_day_another():
    one = act(TOLD, "tweeted", when=day(9), actor="Ana Reyes")
    two = act(POST, "post", when=day(9), actor="Reyes")
    three = act(LATER, "tweeted", when=day(12), actor="Reyes")
    assert named([one, two, three]) == "ab c"


def test_what_has_no_day_never_brings_two_days_together():
    one = act(TOLD, "tweeted", when=day(9), actor="Ana Reyes")
    vague = act(POST, "post", actor="Reyes")
    three = act(LATER, "tweeted", when=day(12), actor="Reyes")
    assert named([one, vague, three]) == "a b c"
    assert named([one, vague]) == "ab"
    assert named([vague, act(LATER, "tweeted", actor="Reyes")]) == "bc"


def test_another_actor_or_a_denial_is_another_action():
    one = act(TOLD, "tweeted", when=day(9), actor="Ana Reyes")
    assert named([one, act(POST, "post", when=day(9), actor="Jonas Beke")]) == "a b"
    assert named([one, act(POST, "post", when=day(9), actor="Reyes", negated=True)]) == "a b"
    assert named([one, act(POST, "post", when=day(9), topic="meeting")]) == "a b"


def test_other_statements_are_left_out():
    assert same_event([says(TOLD, "attendance", "talks", quote="talks")], [TOLD]) == ()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(8, 13)), max_size=7), st.randoms())
def test_order_and_repetition_change_no_action(drawn, chance):
    told = (TOLD, POST, LATER)
    made = [
        act(told[i], "Reyes", when=day(d) if d < 13 else None, actor="Reyes", value=str(k))
        for k, (i, d) in enumerate(drawn)
    ]
    found = same_event(made, told)
    again = made + made[:2]
    chance.shuffle(again)
    assert same_event(again, told) == found
