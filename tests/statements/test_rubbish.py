"""Whatever words an article is made of, statements are read from it without a crash."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories.telling import article

from trucewatch.language import numbers
from trucewatch.statements import find_statements

WORDS = (
    "two", "35", "27", "killed", "wounded", "leaders", "heads of state", "more than", "about",
    "said", "told", "according to", "Christmas Eve", "2013", "31 December", "Dec. 5", "on Monday",
    "“", "”", "'", '"', ",", ".", ";", "of", "the", "and", "%", "million", "half", "leſs than",
    "mıllion", "Auguſt 3", "frİday", "talks", "President", "Ana Reyes", "Reyes", "will", "not",
    "support", "led by", "delegation", "troops", "\n", "\x1f", "\u00a0", "٣", "½", "-", "–",
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=25), st.sampled_from((" ", "", "\u00a0"))
)
def test_a_soup_of_words_is_read(words, between):
    told = article("a", between.join(words))
    for statement in find_statements(told):
        assert told.words(statement.core) in told.words(statement.passage)
        assert statement.quote is None or statement.quote in told.text


@given(st.binary(max_size=200))
def test_any_bytes_are_read(raw):
    find_statements(article("a", raw.decode("utf-8", "replace")))


def test_a_headline_may_end_in_its_number():
    found = find_statements(article("a", "Surgeon and driver shot, two killed"))
    assert all(
        statement.core.end <= len("Surgeon and driver shot, two killed") for statement in found
    )


def test_a_space_that_does_not_break_stands_before_million():
    assert [n.low for n in numbers("They sent 5\u00a0million letters.")] == [5_000_000]
