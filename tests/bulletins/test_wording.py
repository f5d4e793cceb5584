"""Words for figures: never 0 %, never 100 %, never a locale, never a display trick."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins import wording

SP = "\u00a0"


@pytest.mark.parametrize(
    ("p", "word", "figure"),
    [
        (0.0, "almost no chance", "< 1 %"),
        (0.04, "almost no chance", "4 %"),
        (0.1, "very unlikely", "10 %"),
        (0.3, "unlikely", "30 %"),
        (0.5, "roughly even chance", "50 %"),
        (0.6, "likely", "60 %"),
        (0.9, "very likely", "90 %"),
        (0.97, "almost certain", "97 %"),
        (0.999, "almost certain", "> 99 %"),
        (1.0, "almost certain", "> 99 %"),
    ],
)
def test_probability_is_a_word_and_a_figure(p, word, figure):
    assert wording.likelihood(p) == word
    assert wording.probability(p).replace(SP, " ") == figure


@given(st.floats(0, 1))
def test_nothing_is_ever_certain(p):
    assert wording.probability(p).replace(SP, " ") not in {"0 %", "100 %"}


def test_a_probability_beyond_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        wording.likelihood(1.01)


@given(st.text())
def test_plain_text_is_one_line_without_tricks(text):
    line = wording.plain(text)
    assert wording.plain(line) == line
    assert "\n" not in line
    assert not {"\u202e", "\u2066", "\u200b", "\x00", "\x1b"} & set(line)
    assert len(line) <= 400
    line.encode("utf-8")


def test_unknown_is_never_zero():
    assert wording.share(None) == "not known"
    assert wording.rate(None) == "–"
    assert wording.span(None, 3.0) == "–"
    assert wording.share_span(None, None) == "not known"
    assert wording.ratio(float("inf")) == "no upper bound"
    assert wording.span(18.07, float("inf"), "times") == "18 to no upper bound"
    times = {None: "–", 0.0712: "0.07", 0.999: "1.0", 5.94: "5.9", 9.97: "10", 135.44: "140"}
    assert {x: wording.times(x) for x in times} == times
    assert wording.times(12_340) == "12\u202f000"


def test_days_say_nothing_twice():
    a, b = date(2026, 4, 11), date(2026, 4, 12)
    assert wording.days(a, b) == f"11–12{SP}April 2026"
    assert wording.days(a, a) == f"11{SP}April 2026"
    assert wording.days(date(2026, 3, 30), b) == f"30{SP}March – 12{SP}April 2026"
    assert wording.days(date(2025, 12, 31), b) == f"31{SP}December 2025 – 12{SP}April 2026"
    assert wording.plural(0, "fire") == "no fires"
    assert wording.share_span(0.553, 0.848) == f"55–85{SP}%"
