"""The small parts that every page and file is made of, at the edges of what they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins import wording
from trucewatch.bulletins.brief.drawing import MOST_DRAWN, fan
from trucewatch.bulletins.brief.phrases import Clause, amount, office, when, with_article
from trucewatch.bulletins.brief.vocabulary import figure
from trucewatch.bulletins.chart import LONGEST, shown_days
from trucewatch.bulletins.drawing import Projection, heart, nice_step, outline
from trucewatch.bulletins.exports.cot import _moment
from trucewatch.bulletins.exports.rows import Spot, spot
from trucewatch.bulletins.machine import to_json
from trucewatch.bulletins.situation import Audience, ParametersInForce, Period
from trucewatch.bulletins.tree import tree_of
from trucewatch.bulletins.views.values import at_offset, values
from trucewatch.model import Area, Bound, Interval, Quantity

SP = "\u00a0"
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


class Word(Enum):
    ONE = "one"


@dataclass(frozen=True)
class Noun:
    word: Word
    parts: tuple[int, ...]
    day: date


# Plain values


def test_a_noun_becomes_what_json_can_hold():
    noun = Noun(Word.ONE, (1, 2), date(2031, 5, 4))
    plain = {"word": "one", "parts": [1, 2], "day": "2031-05-04"}
    assert values(noun) == plain
    assert values({1: [noun, None], "b": 2.5}) == {"1": [plain, None], "b": 2.5}
    assert values(Word.ONE) == "one"


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (NOON, "a time is told in a zone"),
        ([{"at": NOON}], "a time is told in a zone"),
        (timedelta(1), "timedelta is no plain value"),
        (b"bytes", "bytes is no plain value"),
        ({1, 2}, "set is no plain value"),
    ],
)
def test_what_json_cannot_hold_is_refused(thing, words):
    with pytest.raises(TypeError, match=words):
        values(thing)


def test_a_moment_has_the_offset_of_its_zone():
    assert at_offset(None, UTC) is None
    assert at_offset(NOON, timezone(timedelta(hours=3))) == "2031-05-04T15:00:00+03:00"


def test_only_nouns_are_written_as_json():
    with pytest.raises(TypeError, match="list holds no fields"):
        to_json("x/1", [1])
    assert b'"schema": "x/1"' in to_json("x/1", Noun(Word.ONE, (), date(2031, 5, 4)))


# What cannot be


@pytest.mark.parametrize(
    ("how", "since", "words"),
    [
        ("guessed", None, "parameters come into force as "),
        ("defaults", NOON, "parameters have a time, save for the defaults"),
        ("learnt", None, "parameters have a time, save for the defaults"),
        ("given", None, "parameters have a time, save for the defaults"),
    ],
)
def test_parameters_come_into_force_in_known_ways(how, since, words):
    with pytest.raises(ValueError, match=words):
        ParametersInForce(values="0" * 64, how=how, since=since)
    assert ParametersInForce(values="0" * 64, how="learnt", since=NOON).since == NOON


def test_a_period_does_not_end_before_it_begins():
    first, last = date(2031, 5, 4), date(2031, 5, 3)
    with pytest.raises(ValueError, match="the last day of a period lies before the first"):
        Period(first=first, last=last, title="", number="")
    assert first in Period(first=first, last=first, title="", number="")


@pytest.mark.parametrize("finer", [(1000.0,), (2000.0,), (0.0,), (-1.0,), (500.0, 1000.0)])
def test_a_finer_grid_is_finer(finer):
    good = {"name": "a", "grid_m": 1000.0, "delay": timedelta(0), "show_sources": False}
    assert Audience(**good, min_count=0, finer=(500.0,)).finer == (500.0,)
    with pytest.raises(ValueError, match="the finer grids of an audience are finer than its own"):
        Audience(**good, min_count=0, finer=finer)


# Figures and words


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, "not known"), (0.0, "0 %"), (0.001, "< 1 %"), (0.0049, "< 1 %"), (0.02, "2 %")],
)
def test_a_share_that_is_not_nought_is_not_called_nought(share, words):
    assert wording.share(share).replace(SP, " ") == words


@pytest.mark.parametrize(
    ("ratio", "words"), [(None, "–"), (float("inf"), "no upper bound"), (2.0, "2.00")]
)
def test_a_ratio_that_is_not_known_is_a_dash(ratio, words):
    assert wording.ratio(ratio) == words


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (1_000_000, "1 million"),
        (2_500_000, "2.5 million"),
        (1_234_567, "1,234,567"),
        (15_000, "15,000"),
        (2.5, "2.5"),
    ],
)
def test_a_figure_as_print_puts_it(x, words):
    assert figure(x) == words


def quantity(low, high, bound=Bound.EXACT, unit="leader"):
    return Quantity(low=low, high=high, bound=bound, unit=unit, words="as printed")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (quantity(None, None), ""),
        (quantity(27, None, Bound.MORE_THAN), "more than 27"),
        (quantity(None, 27, Bound.LESS_THAN), "less than 27"),
        (quantity(15_000, 30_000, Bound.RANGE), "15,000 to 30,000"),
        (quantity(15_000, None, Bound.RANGE), "range 15,000"),
        (quantity(20, 20, Bound.ABOUT, "%"), "about 20 %"),
        (quantity(3, 3), "three"),
    ],
)
def test_an_amount_keeps_its_bound(told, words):
    assert amount(told) == words


def test_days_are_told_as_far_as_they_are_known():
    assert when(None) == "day not known"
    one = when(Interval(NOON, NOON + timedelta(hours=26)))
    several = when(Interval(NOON, NOON + timedelta(days=3)))
    assert one.replace(SP, " ") == "5 May 2031"
    assert several.replace(SP, " ") == "4–7 May 2031"


def test_a_clause_is_told_of_whom_one_likes():
    bare = Clause("27 leaders", noun=True)
    assert bare.said_by("Reuters", one=True) == "Reuters gives the figure of 27 leaders"
    assert bare.said_by("two outlets", one=False) == "two outlets give the figure of 27 leaders"
    perhaps = Clause("it rains", possible=True)
    assert perhaps.said_by("A", one=True) == "A prints that it rains, as a possibility"
    assert with_article("United States") == "the United States"
    assert with_article("France") == "France"
    assert office("prime-minister-of-denmark") == "prime minister of Denmark"
    assert office("speaker") == "speaker"


# Drawings


@given(st.floats(max_value=0, allow_nan=False), st.integers(-3, 9))
def test_where_there_is_no_span_a_step_is_one(span, wanted):
    assert nice_step(span, wanted) == 1.0


@given(st.floats(1e-6, 1e9), st.integers(1, 12))
def test_a_step_cuts_into_about_as_many_parts(span, wanted):
    step = nice_step(span, wanted)
    assert span / step <= wanted * 1.01
    assert span / step >= wanted / 2.6


def area(*ring):
    return Area(code="a", name="a", polygons=((tuple(ring),),))


def test_what_has_no_extent_on_the_sheet_is_not_drawn():
    frame = Projection(west=0, north=10, shrink=1, scale=10, left=0, top=0, width=100, height=100)
    speck = ((5, 5), (5.000001, 5), (5, 5.000001), (5, 5))
    assert outline(area(*speck), frame) == ""
    assert outline(area((1, 1), (9, 1), (9, 9), (1, 1)), frame).startswith("M")
    unclosed = outline(area((1, 1), (9, 1), (9, 9)), frame)
    assert unclosed == outline(area((1, 1), (9, 1), (9, 9), (1, 1)), frame)


def test_a_name_stands_in_the_largest_part():
    small, large = ((0, 0), (1, 0), (0, 1), (0, 0)), ((10, 10), (16, 10), (10, 16), (10, 10))
    line = ((20, 20), (30, 30), (20, 20))
    both = Area(code="a", name="a", polygons=((large,), (small,), (line,), ()))
    assert heart(both) == pytest.approx((12, 12))
    assert heart(Area(code="a", name="a", polygons=((line,),))) is None


def answer(labels, origins):
    return SimpleNamespace(
        labels=tuple(labels), origins=tuple(SimpleNamespace(labels=o) for o in origins)
    )


def test_a_fan_is_drawn_where_origins_are_known_and_few():
    assert fan(answer("A", [])) == ""
    assert fan(answer(range(MOST_DRAWN + 1), ["x"])) == ""
    assert fan(answer("A", ["x"] * (MOST_DRAWN + 1))) == ""
    drawn = fan(answer("AB", ["A", "BZ"]))
    assert drawn.count('<path class="line"') == 2, "Z is no article of this answer"


def test_a_chart_of_many_days_without_a_period_shows_the_last():
    days = tuple(
        SimpleNamespace(day=date(2031, 1, 1) + timedelta(n), in_period=False)
        for n in range(LONGEST + 9)
    )
    assert shown_days(SimpleNamespace(days=days)) == days[9:]
    assert shown_days(SimpleNamespace(days=days[:3])) == days[:3]


def test_elements_without_an_end_hold_nothing():
    made = tree_of('<p>a<meta name="x">b</p><svg><path/><g></g></svg><p/><p>d</p>')
    p, drawn, empty, last = made["kids"]
    assert (p["kids"], empty["kids"], last["kids"]) == (["a", "b"], [], ["d"])
    assert drawn["svg"] == "<svg><path/><g></g></svg>"


# Exports


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({"lat": 35.0, "lon": -40.0}, Spot(35.0, -40.0, None)),
        ({"lat": 35.0, "lon": -40.0, "error_m": -1.0}, Spot(35.0, -40.0, None)),
        ({"lat": 35.0, "lon": -40.0, "error_m": 30.0}, Spot(35.0, -40.0, 30.0)),
        ({"lat": 91.0, "lon": -40.0, "error_m": 30.0}, None),
        ({"lat": 35.0, "error_m": 30.0}, None),
    ],
)
def test_a_place_is_one_on_the_earth(place, found):
    assert spot({"place": place}) == found


@pytest.mark.parametrize("text", [None, 5, "", "soon", ["2031"]])
def test_what_is_no_time_is_none(text):
    assert _moment(text) is None
    assert _moment("2031-05-04") == datetime(2031, 5, 4, tzinfo=UTC)
