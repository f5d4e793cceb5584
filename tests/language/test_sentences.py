"""Sentences, words and quotations: nothing lost, nothing crossed, linear in hostile text."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.language import quotations, sentences, tokens

PROSE = st.text(alphabet="abAB .!?…\"'“”‘’«»„\n()-,1", max_size=120)


def cut(text, language="en"):
    return [text[start:end] for start, end in sentences(text, language)]


def quoted(text):
    return [(q.depth, text[q.first : q.last]) for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Sunak met Gen. Brown. They talked.", ["Mr. Sunak met Gen. Brown.", "They talked."]),
        ("It met on Dec. 31 in Rome. All came.", ["It met on Dec. 31 in Rome.", "All came."]),
        ("He is in the U.S. The talks ended.", ["He is in the U.S.", "The talks ended."]),
        ("The U.S. Senate voted.", ["The U.S. Senate voted."]),
        ("J. K. Smith spoke! Why? No idea…", ["J. K. Smith spoke!", "Why?", "No idea…"]),
        ("“It is over.” He left.", ["“It is over.”", "He left."]),
        ("“Is it over?” he asked.", ["“Is it over?” he asked."]),
        ("A heading\n• First item\n• Second item", ["A heading", "• First item", "• Second item"]),
        ("1. Disarm. 2. Withdraw.", ["1. Disarm.", "2. Withdraw."]),
        ("Such a truce … to be backed. Yes.", ["Such a truce … to be backed.", "Yes."]),
        ("It cost 3.5 million. Too much.", ["It cost 3.5 million.", "Too much."]),
    ],
)
def test_sentences(text, expected):
    assert cut(text) == expected


def test_a_language_without_vocabulary_is_still_cut():
    assert cut("Er ging. Sie blieb.", "xx") == ["Er ging.", "Sie blieb."]


@given(PROSE)
def test_no_letter_is_lost_and_no_sentence_touches_another(text):
    spans = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)


@given(PROSE, PROSE)
def test_another_line_changes_no_sentence(text, other):
    spans = sentences(text)
    assert sentences(text + "\n" + other)[: len(spans)] == spans


@given(st.text())
def test_words_and_marks_leave_out_nothing_but_blanks(text):
    cuts = tokens(text)
    assert all(text[t.start : t.end] == t.text for t in cuts)
    left = "".join(t.text for t in cuts)
    assert [c for c in text if c.isalnum()] == [c for c in left if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “yes” and 'no'.", [(0, "yes"), (0, "no")]),
        ("The allies' plan isn't “it's over”.", [(0, "it's over")]),
        ("‘We want the allies’ help now,’ he said.", [(0, "We want the allies’ help now,")]),
        ("„Nein“, sagte er, »ja«.", [(0, "Nein"), (0, "ja")]),
        ("« Non », dit-il.", [(0, "Non")]),
        ("\"A 'b' c,\" he said.", [(0, "A 'b' c,"), (1, "b")]),
        ("“a ‘will of all.'”", [(0, "a ‘will of all.'"), (1, "will of all.")]),
        ("In the '90s, it’s said, “open", []),
        ("5' tall and 6\" wide", []),
        ("“One.\n“Two,” he said.", [(0, "One."), (0, "Two,")]),
        ("'If so,' she said. 'If not, no.'", [(0, "If so,"), (0, "If not, no.")]),
    ],
)
def test_quotations(text, expected):
    assert quoted(text) == expected


@given(PROSE)
def test_quotations_lie_within_one_another_or_apart(text):
    found = quotations(text)
    for one in found:
        assert 0 <= one.start < one.first < one.last <= one.end <= len(text)
        outer = [o for o in found if o.start < one.start and one.end <= o.end]
        assert one.depth == len(outer)
        assert not any(o.start < one.start < o.end < one.end for o in found)


@pytest.mark.parametrize(
    "hostile",
    [".", "'", "“", "a.", ". ", "'a ", '\n"', "U.S. ", "a' 's", "“‘", ".”", "a’b", "…A"],
)
def test_hostile_text_takes_linear_time(hostile):
    text = hostile * (200_000 // len(hostile))
    start = time.perf_counter()
    sentences(text)
    quotations(text)
    tokens(text)
    assert time.perf_counter() - start < 10
