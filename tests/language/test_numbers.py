"""Numbers, dates and countries: read back as printed, ranges kept, nothing guessed."""

from __future__ import annotations

import time
from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.language import countries, dates, numbers, tokens, vocabulary
from trucewatch.model import Bound, Interval

FEAST = date(2026, 1, 6)
PUBLISHED = Interval.days(FEAST, FEAST, UTC)


def read(text):
    return [(n.low, n.high, n.bound.value, n.unit) for n in numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35 participants", [(35, 35, "exact", "")]),
        ("15,000 to 30,000 troops", [(15000, 30000, "range", "")]),
        ("15,000–30,000 troops", [(15000, 30000, "range", "")]),
        ("between 15,000 and 30,000 troops", [(15000, 30000, "range", "")]),
        ("2-3 million euros", [(2e6, 3e6, "range", "EUR")]),
        ("15 to 30 thousand", [(15000, 30000, "range", "")]),
        ("more than 20 countries", [(20, None, "more than", "")]),
        ("at least two hundred and five men", [(205, None, "at least", "")]),
        ("up to 5,000", [(None, 5000, "at most", "")]),
        ("fewer than 40", [(None, 40, "less than", "")]),
        ("about 20% of it", [(20, 20, "about", "%")]),
        ("between 5 and 10 percent", [(5, 10, "range", "%")]),
        ("twenty-seven heads of state", [(27, 27, "exact", "")]),
        ("half a million people", [(500000, 500000, "exact", "")]),
        ("a dozen leaders", [(12, 12, "about", "")]),
        ("$40 billion", [(40e9, 40e9, "exact", "USD")]),
        ("10k+ people", [(10000, None, "at least", "")]),
        ("killed 2000 soldiers", [(2000, 2000, "exact", "")]),
        ("a 30-day truce", [(30, 30, "exact", "")]),
        ("one soldier", [(1, 1, "exact", "")]),
        ("20 men and 30 women", [(20, 20, "exact", ""), (30, 30, "exact", "")]),
    ],
)
def test_numbers(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("dozens of men", "hundreds of", "in 2014", "the 2015 agreements", "F-16", "Article 5"),
        *("24/7", "at 05:51:51", "one of the most", "one-on-one", "1st and fourth", "one another"),
        *("15.000 troops", "two-thirds of it", "2026-01-06", "9" * 40),
    ],
)
def test_no_numbers(text):
    assert read(text) == []


WORDS = {
    Bound.ABOUT: "about",
    Bound.AT_LEAST: "at least",
    Bound.MORE_THAN: "more than",
    Bound.AT_MOST: "up to",
    Bound.LESS_THAN: "fewer than",
    Bound.EXACT: "",
}
COUNTS = st.integers(2, 10**9)


@given(COUNTS, st.sampled_from(sorted(WORDS)), st.booleans())
def test_a_printed_number_is_read_back_as_itself(value, bound, divided):
    # Four bare digits may be a year.
    printed = f"{value:,}" if divided or 1900 <= value < 2100 else f"{value}"
    (found,) = numbers(f"They saw {WORDS[bound]} {printed} men.")
    assert found.bound is bound
    assert {found.low, found.high} - {None} == {float(value)}
    assert (found.low is None) == (bound in {Bound.AT_MOST, Bound.LESS_THAN})
    assert (found.high is None) == (bound in {Bound.AT_LEAST, Bound.MORE_THAN})


@given(COUNTS, COUNTS, st.sampled_from(["{} to {}", "from {} to {}", "between {} and {}", "{}–{}"]))
def test_a_printed_range_keeps_both_ends(one, other, form):
    low, high = sorted((one, other))
    (found,) = numbers(f"There are {form.format(f'{low:,}', f'{high:,}')} men.")
    assert (found.low, found.high, found.bound) == (low, high, Bound.RANGE)


@given(st.text())
def test_every_number_and_date_lies_in_the_text(text):
    for found in (*numbers(text), *dates(text, published=PUBLISHED)):
        assert 0 <= found.start < found.end <= len(text)


def day(text, published=PUBLISHED, **more):
    (found,) = dates(text, published=published, **more)
    if found.when is None:
        return found.day
    last = found.when.latest - timedelta(seconds=1)
    return found.when.earliest.date().isoformat(), last.date().isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on New Year’s Eve", "2025-12-31", "2025-12-31"),
        ("his Dec. 31 address", "2025-12-31", "2025-12-31"),
        ("on 31 December, he", "2025-12-31", "2025-12-31"),
        ("the January 6th, 2026, meeting", "2026-01-06", "2026-01-06"),
        ("over the weekend", "2026-01-03", "2026-01-04"),
        ("later today", "2026-01-06", "2026-01-06"),
        ("last week", "2025-12-29", "2026-01-04"),
        ("on Sunday", "2026-01-04", "2026-01-04"),
        ("on Tuesday", "2026-01-06", "2026-01-06"),
        ("last Tuesday", "2025-12-30", "2025-12-30"),
        ("next Friday", "2026-01-09", "2026-01-09"),
        ("two weeks ago", "2025-12-20", "2025-12-26"),
        ("in January 2026", "2026-01-01", "2026-01-31"),
        ("last month", "2025-12-01", "2025-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("Christmas Eve, 2024", "2024-12-24", "2024-12-24"),
        ("on Sept. 3", "2025-09-03", "2025-09-03"),
        ("a day ago", "2026-01-05", "2026-01-05"),
        ("three months ago", "2025-10-01", "2025-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("next week", "2026-01-12", "2026-01-18"),
        ("the 1st of March 2024", "2024-03-01", "2024-03-01"),
    ],
)
def test_dates(text, first, last):
    assert day(text) == (first, last)


def test_what_is_to_come_is_sought_ahead():
    assert day("They will meet on Friday", future=True)[0] == "2026-01-09"


def test_a_feast_may_have_its_year():
    assert day("by Christmas Eve 2013", published=None) == ("2013-12-24", "2013-12-24")
    assert day("on New Year’s Eve, 2025") == ("2025-12-31", "2025-12-31")


@pytest.mark.parametrize("odd", ["sſ", "k\u212a", "iİ", "iı"])
def test_letters_that_are_alike_without_case_break_nothing(odd):
    """What `re.IGNORECASE` takes for a letter is looked up as that letter."""
    text = (
        "on Friday 3 August, two weeks ago, six billion, less than thirty-six killed, christmas"
        " eve 2013, Sept. 5, at least half a million kilometres, this weekend, last week, last"
        " June, in six weeks, as many as fifty-six, US$ 5 million, twenty percent, nisan 3 isis"
    )
    changed = text.replace(*odd)
    assert len(numbers(changed)) == len(numbers(text))
    assert len(dates(changed)) == len(dates(text))


def test_without_a_day_of_publication_nothing_is_guessed():
    assert day("on New Year’s Eve", published=None) == "--12-31"
    assert day("on Tuesday", published=None) is None
    assert day("on 5 May 2024", published=None)[0] == "2024-05-05"
    assert dates("He may go. 30 February, 2025-13-02.", published=None) == ()


def test_what_lies_outside_the_calendar_is_not_resolved():
    first = Interval.days(date(1, 1, 2), date(1, 1, 2), UTC)
    assert day("last week", published=first) is None
    assert day("yesterday", published=first) == ("0001-01-01", "0001-01-01")
    assert dates("31 December 9999", published=None)[0].when is None
    assert dates("on 29 February", published=PUBLISHED)[0].when is None


def test_a_publication_known_to_some_days_makes_a_date_as_wide():
    wide = Interval.days(FEAST, FEAST + timedelta(3), UTC)
    assert day("yesterday", published=wide) == ("2026-01-05", "2026-01-08")
    year = Interval.days(date(2026, 1, 1), date(2026, 12, 31), UTC)
    assert day("yesterday", published=year) is None


def named(text):
    return [(n.name, n.form.value) for n in countries(tokens(text))]


def test_countries():
    assert named("The U.S.’s allies told us that US troops") == [
        ("United States", "name"),
        ("United States", "name"),
    ]
    assert named("North Korean and Swiss envoys in Quito") == [
        ("North Korea", "adjective"),
        ("Switzerland", "adjective"),
        ("Ecuador", "capital"),
    ]
    assert named("the Casa Rosada and the African Union ate turkey") == [
        ("Argentina", "seat"),
        ("African Union", "body"),
    ]


LOOKALIKES = {"s": "ſ", "i": "ı", "I": "İ", "k": "\u212a"}
PHRASES = (
    *("more than ſix million", "one", "six thousand or more", "an estimated 5k dollars"),
    *("at least $3 million", "half a million Swiss francs", "30 per cent", "between six and nine"),
    *("last Sunday", "six weeks ago", "this week", "Christmas Eve, 2024", "In July 2024"),
    *("Dec. 31st", "5 August 2024", "earlier this week", "million", "as many as sixty-six men"),
)


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("letter", LOOKALIKES)
def test_letters_that_look_alike_crash_nothing(phrase, letter):
    text = phrase.replace(letter, LOOKALIKES[letter])
    for one in (*numbers(text), *dates(text, published=PUBLISHED)):
        assert one.start < one.end


def test_every_country_has_a_name_of_its_own():
    rows = vocabulary("en").countries
    assert len({row[0] for row in rows.values()}) == len(rows) > 195
    assert all(len(row) == 4 for row in rows.values())
    assert {code for code, _ in vocabulary("en").seats.values()} <= set(rows)


def test_a_language_without_vocabulary_reads_nothing():
    assert vocabulary("xx") is None
    assert vocabulary("../") is None
    assert numbers("35 men", "xx") == ()
    assert dates("2024-02-29", language="xx") == ()
    assert countries(tokens("France"), "xx") == ()


@pytest.mark.parametrize(
    "hostile",
    [
        *("1", "one ", "1,111", "1 ", "between ", "a ", "one hundred and ", "$", "1-"),
        *("more than ", "Dec ", "last "),
    ],
)
def test_hostile_text_takes_linear_time(hostile):
    text = hostile * (100_000 // len(hostile))
    start = time.perf_counter()
    numbers(text)
    dates(text, published=PUBLISHED)
    countries(tokens(text))
    assert time.perf_counter() - start < 10
