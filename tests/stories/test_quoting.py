"""Renderings of one quotation, laid side by side word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, question, says, settled

from trucewatch.language import words
from trucewatch.model import Verdict
from trucewatch.stories.quoting import alike, differing, opposed, renderings

LONG = (
    "we will open the harbour on Monday, but only if the guns on the hill fall silent before that"
)
OTHER = "we shall open the port on Monday, but only if the guns on the hill go silent before then"
PART = "only if the guns on the hill fall silent"


def test_two_translations_of_one_sentence_are_one():
    assert alike(words(LONG), words(OTHER))
    assert differing(words(LONG), words(OTHER))[:2] == (
        (("we", "will"), ("we", "shall")),
        (("the", "harbour"), ("the", "port")),
    )


def test_a_part_is_of_the_whole_and_differs_in_nothing():
    assert alike(words(PART), words(LONG))
    assert differing(words(PART), words(LONG)) == ()


@pytest.mark.parametrize(
    "other",
    [
        "we will close the office on Friday, and nobody on the board will be asked about that",
        "the harbour",
        "the guns on the roof",
        "it is what it is, and it will be what it will be, as it was and as it is to be",
    ],
)
def test_a_shared_subject_is_not_a_shared_quotation(other):
    assert not alike(words(LONG), words(other))


def test_a_run_that_stands_in_two_quotations_ties_them_not_together():
    one = words("the harbour of the old town shall be open to every boat by Monday")
    two = words("nobody has ever asked the fishermen what the harbour of the old town is worth")
    both = words("the harbour of the old town")
    assert renderings([one, two, both]) == tuple(sorted([(one,), (two,), (both,)]))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("we will send 300 monitors there", "we will send 500 monitors there", True),
        ("we will send our monitors there", "we will not send our monitors there", True),
        ("we do not send our monitors there", "we will not send any monitors there", False),
        ("we will send 300 monitors there", "we will send monitors there", False),
    ],
)
def test_a_number_or_a_not_turns_the_sense(one, other, told):
    assert opposed(words(one), words(other)) is told
    assert opposed(words(other), words(one)) is told


def test_two_renderings_are_one_answer_that_shows_both_and_where_they_differ():
    a, b, c = (
        article(n, f"She said: {q}.") for n, q in zip("abc", (LONG, OTHER, PART), strict=True)
    )
    statements = [
        says(a, "quotation@ana-reyes", quote=LONG, speaker="Ana Reyes"),
        says(b, "quotation@reyes", quote=OTHER, speaker="Reyes"),
        says(c, "quotation@ana-reyes", quote=PART, speaker="Ana Reyes"),
    ]
    found = settled([a, b, c], statements, behind=dict.fromkeys("abc", "Ana Reyes"))
    (asked,) = found.questions
    (answer,) = asked.answers
    assert answer.outlets == ("a", "b", "c")
    assert {one.words for one in answer.variants} == {LONG, OTHER, PART}
    assert asked.text == "Ana Reyes: in which words, around “only if the guns on the …”?"
    assert asked.verdict is Verdict.SINGLE_ORIGIN
    told = "one rendering has “the port” where another has “the harbour”"
    assert told in asked.reasons


def test_a_rendering_with_another_number_is_another_answer():
    a, b = (
        article(n, f"We will send {k} monitors to the strait.") for n, k in (("a", 3), ("b", 9))
    )
    statements = [
        says(one, "quotation@ana-reyes", quote=one.text[:-1], speaker="Ana Reyes") for one in (a, b)
    ]
    asked = question(settled([a, b], statements), "quotation@ana-reyes")
    assert len(asked.answers) == 2
    assert asked.verdict is Verdict.DISPUTED
    one = settled([a, b], statements, behind=dict.fromkeys("ab", "Ana Reyes"))
    assert question(one, "quotation@ana-reyes").verdict is Verdict.SINGLE_ORIGIN
    assert "told in two ways" in question(one, "quotation@ana-reyes").reasons[0]


def test_what_is_told_without_its_words_excludes_no_quotation():
    a, b = article("a", "She hoped for the best."), article("b", "She feared the worst.")
    said = [says(one, "quotation@ana-reyes", speaker="Ana Reyes") for one in (a, b)]
    found = settled([a, b], said)
    assert [len(one.answers) for one in found.questions] == [1, 1]


def test_a_quotation_of_a_million_words_is_compared_by_its_beginning():
    run = words("the guns on the hill " * 20_000)
    assert alike(run, run[:-1])
    assert not alike(run, words("nobody ever asked the fishermen of the bay"))


tokens = st.lists(st.sampled_from(words("harbour guns hill open the a of 5")), max_size=9)


@given(tokens, tokens)
def test_it_does_not_matter_which_is_first(one, other):
    one, other = tuple(one), tuple(other)
    assert alike(one, other) == alike(other, one)
    assert opposed(one, other) == opposed(other, one)


@given(st.lists(tokens.map(tuple), max_size=6), st.randoms(use_true_random=False))
def test_groups_are_of_the_set(quotations, chance):
    shuffled = [*quotations, *quotations]
    chance.shuffle(shuffled)
    found = renderings(shuffled)
    assert found == renderings(quotations)
    assert sorted(q for group in found for q in group) == sorted(set(quotations))
