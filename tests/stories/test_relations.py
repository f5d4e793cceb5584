"""Whether two answers can both be true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, count, question, says, settled

from trucewatch.model import Answer, Bound, Interval, Quantity, Stance, Verdict
from trucewatch.stories.days import days
from trucewatch.stories.relations import Relation, relation, shown, span
from trucewatch.stories.vocabulary import Sort


def put(value, quantity=None):
    return Answer(
        value=value, quantity=quantity, statements=(value,), outlets=("a",), variants=(), first=None
    )


def number(low, bound=Bound.EXACT, high=None, unit="guest"):
    made = count(low, unit, high=high, bound=bound)
    return put(shown(made), made)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (number(35), number(41), Relation.EXCLUSIVE),
        (number(35), number(30, Bound.RANGE, 40), Relation.COMPATIBLE),
        (number(41), number(30, Bound.RANGE, 40), Relation.EXCLUSIVE),
        (number(35), number(30, Bound.MORE_THAN), Relation.COMPATIBLE),
        (number(35), number(35, Bound.MORE_THAN), Relation.EXCLUSIVE),
        (number(35), number(35, Bound.AT_LEAST), Relation.COMPATIBLE),
        (number(35), number(35, Bound.LESS_THAN), Relation.EXCLUSIVE),
        (number(35), number(35, Bound.AT_MOST), Relation.COMPATIBLE),
        (number(30, Bound.MORE_THAN), number(40, Bound.LESS_THAN), Relation.COMPATIBLE),
        (number(40, Bound.AT_LEAST), number(30, Bound.AT_MOST), Relation.EXCLUSIVE),
        (number(20, Bound.ABOUT), number(21), Relation.COMPATIBLE),
        (number(20, Bound.ABOUT), number(25), Relation.EXCLUSIVE),
        (number(15000), number(15230), Relation.COMPATIBLE),
        (number(15000), number(16000), Relation.EXCLUSIVE),
        (number(100), number(104), Relation.EXCLUSIVE),
        (number(20, unit="%"), number(116000, unit="square kilometre"), Relation.COMPATIBLE),
    ],
)
def test_numbers(one, other, how):
    assert relation(Sort.QUANTITY, one, other)[0] is how
    assert relation(Sort.QUANTITY, other, one) == relation(Sort.QUANTITY, one, other)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (Stance.SUPPORTS, Stance.OPPOSES, Relation.EXCLUSIVE),
        (Stance.PLEDGES, Stance.SUPPORTS, Relation.COMPATIBLE),
        (Stance.REFUSES, Stance.OPPOSES, Relation.COMPATIBLE),
        (Stance.ASKED, Stance.SUPPORTS, Relation.SUCCESSIVE),
        (Stance.CONSIDERS, Stance.REFUSES, Relation.SUCCESSIVE),
        (Stance.UNDECIDED, Stance.SUPPORTS, Relation.EXCLUSIVE),
        (Stance.UNDECIDED, Stance.CONSIDERS, Relation.SUCCESSIVE),
        ("not supports", Stance.SUPPORTS, Relation.EXCLUSIVE),
        ("not supports", Stance.OPPOSES, Relation.COMPATIBLE),
        ("some words", Stance.OPPOSES, Relation.COMPATIBLE),
    ],
)
def test_stances(one, other, how):
    assert relation(Sort.STANCE, put(str(one)), put(str(other)))[0] is how


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("2031-04-03", "2031-04-03/2031-04-06", Relation.COMPATIBLE),
        ("2031-04-03", "2031-04-06", Relation.EXCLUSIVE),
        ("2031-04-03", "lately", Relation.COMPATIBLE),
        ("lately", "long ago", Relation.COMPATIBLE),
        ("--12-31", "2030-12-31", Relation.COMPATIBLE),
        ("--12-31", "2030-12-30/2031-01-02", Relation.COMPATIBLE),
        ("--12-31", "2031-01-02", Relation.EXCLUSIVE),
        ("--12-31", "--12-30", Relation.EXCLUSIVE),
        ("--12-31", "lately", Relation.COMPATIBLE),
    ],
)
def test_days(one, other, how):
    assert relation(Sort.DAY, put(one), put(other))[0] is how


def test_what_words_leave_open_is_not_excluded():
    assert relation(Sort.TEXT, put("a port"), put("a harbour"))[0] is Relation.COMPATIBLE


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (count(15000, "troop", high=30000, bound=Bound.RANGE), "15,000 to 30,000"),
        (count(20, "%", bound=Bound.ABOUT), "about 20 %"),
        (count(2.5, "km"), "2.5 km"),
        (count(27, "leader", bound=Bound.MORE_THAN), "more than 27"),
        (Quantity(low=None, high=9, bound=Bound.LESS_THAN, unit="x", words="y"), "less than 9"),
        (Quantity(low=None, high=None, bound=Bound.EXACT, unit="x", words="many"), "many"),
        (Quantity(low=None, high=9, bound=Bound.RANGE, unit="x", words="up to 9"), "9"),
    ],
)
def test_a_number_is_shown_as_it_was_put(quantity, text):
    assert shown(quantity) == text


@given(
    st.integers(0, 99),
    st.sampled_from(list(Bound)),
    st.integers(0, 99),
    st.sampled_from(list(Bound)),
)
def test_which_is_first_does_not_matter(low, bound, least, other):
    one, two = number(low, bound, low + 3), number(least, other, least + 3)
    assert relation(Sort.QUANTITY, one, two) == relation(Sort.QUANTITY, two, one)


def test_half_a_range_is_open_at_the_other_end():
    made = Quantity(low=None, high=9, bound=Bound.RANGE, unit="x", words="up to 9")
    assert span(made)[0] < -1e300
    assert span(count(5, "x", bound=Bound.RANGE))[1] > 1e300


@pytest.mark.parametrize("hours", [-11, -5, 0, 3, 12])
def test_a_day_is_the_day_of_whichever_zone(hours):
    zone = timezone(timedelta(hours=hours))
    new_year = date(2031, 12, 31)
    assert days(Interval.days(new_year, new_year, zone)) == (new_year, new_year)
    weekend = Interval.days(date(2031, 4, 5), date(2031, 4, 6), zone)
    assert days(weekend) == (date(2031, 4, 5), date(2031, 4, 6))


def test_an_instant_is_of_its_day():
    moment = Interval.instant(datetime(2031, 4, 5, 23, tzinfo=UTC))
    assert days(moment) == (date(2031, 4, 5), date(2031, 4, 5))


def test_one_day_in_three_wordings_is_one_answer():
    eve = Interval.days(date(2030, 12, 31), date(2030, 12, 31), UTC)
    articles = [
        article(n, f"She wrote {w}.")
        for n, w in (("a", "on New Year's Eve"), ("b", "on 31 December"))
    ]
    said = [says(one, "post@ana-reyes", one.text[10:-1], when=eve) for one in articles]
    asked = question(settled(articles, said), "post@ana-reyes")
    (answer,) = asked.answers
    assert answer.value == "2030-12-31"
    assert {one.words for one in answer.variants} == {"on New Year's Eve", "on 31 December"}
    assert asked.verdict is Verdict.AGREED


@pytest.mark.parametrize(
    ("years", "values"),
    [([2030], {"2030-12-31"}), ([2029, 2030], {"2029-12-31", "2030-12-31", "--12-31"})],
)
def test_a_day_without_a_year_goes_with_the_one_that_has_one(years, values):
    articles = [article(f"outlet {n}", "She wrote.") for n in range(len(years) + 2)]
    dated = [Interval.days(date(y, 12, 31), date(y, 12, 31), UTC) for y in years]
    said = [says(one, "post@ana-reyes", when=when) for one, when in zip(articles, dated)]  # noqa: B905  the rest is undated
    said += [says(articles[-1], "post@ana-reyes", value="--12-31")]
    said += [says(articles[-2], "post@ana-reyes", value="some day")]
    asked = question(settled(articles, said), "post@ana-reyes")
    assert {one.value for one in asked.answers} == {*values, "some day"}


def test_above_and_below_one_number_are_two_answers():
    articles = [article(n, "all came") for n in "abc"]
    bounds = (Bound.MORE_THAN, Bound.LESS_THAN, Bound.EXACT)
    said = [
        says(one, "attendance", quantity=count(9, "guest", "all", bound=bound))
        for one, bound in zip(articles, bounds, strict=True)
    ]
    asked = question(settled(articles, said), "attendance")
    assert {one.value for one in asked.answers} == {"9", "more than 9", "less than 9"}
    assert asked.verdict is Verdict.DISPUTED
