"""What is not known is said to be unknown: no figure, no day, no zero in its place."""

from __future__ import annotations

import math

import pytest

from trucewatch.app.web.pages import showing, words
from trucewatch.app.web.speaking import figures


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (figures.day_words(None), "not known"),
        (figures.days_words(None, "2031-05-04"), "not known"),
        (figures.days_words("2031-05-04", None), "not known"),
        (figures.moment_words(None), "not known"),
        (figures.number_words(None), "–"),
        (figures.decimal_words(None), "–"),
        (figures.number_words(0), "0"),
        (figures.decimal_words(0.0), "0.0"),
    ],
)
def test_nothing_is_not_zero(told, said):
    assert told == said


@pytest.mark.parametrize(
    ("nats", "said"),
    [
        (math.log(3), "odds of 3.0 to 1 that it happened"),
        (-math.log(3), "odds of 3.0 to 1 against it"),
        (0.0, "odds of 1.0 to 1 that it happened"),
        (math.log(1234), "odds of 1,200 to 1 that it happened"),
    ],
)
def test_odds_are_told_on_the_side_they_are_on(nats, said):
    assert showing.odds_words(nats) == said


def test_a_term_that_changes_nothing_says_so():
    assert showing.factor_words(0.001) == "changes nothing"
    assert showing.factor_words(math.log(2)) == "2.0 times likelier"
    assert showing.factor_words(-math.log(2)) == "2.0 times less likely"


def test_a_code_that_nobody_gave_is_not_known():
    assert words.word(None, of="grade") == "not known"
    assert words.word("of_a_later_version", of="grade") == "of a later version"
