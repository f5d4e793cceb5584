"""Conditions: what is read, what is refused, three answers, and what they cost."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.agreements.conditions.compiling as conditions
from trucewatch.agreements.conditions.compiling import (
    EVENTS,
    RESPONSES,
    check_condition,
    compiled,
    holds,
)
from trucewatch.agreements.conditions.expressions import DEEPEST, LONGEST, Fact, Reader, Sort

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)
KNOWN = {
    "kind": "missile",
    "kinds": ["missile", "air_attack", "hostile_act"],
    "weapons": ["mortar", "heavy_weapon"],
    "nature": "event",
    "state": "reported",
    "region": "north",
    "observations": 12,
    "killed": 3,
    "wounded": 0,
    "probability": 0.8,
    "origins": 2,
    "earliest": NOON,
    "latest": NOON,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("killed >= 3", True),
        ("killed > 3", False),
        ("3 <= killed", True),
        ("killed in [1, 3]", True),
        ("'heavy_weapon' in weapons", True),
        ("'mine' in weapons || 'air_attack' in kinds", True),
        ("!('mine' in weapons)", True),
        ("kind == \"missile\" && region != 'south'", True),
        ("region in ['south', 'west']", False),
        ("probability >= 0.8 && origins > 1", True),
        ("earliest >= timestamp('2026-04-12T12:00:00Z')", True),
        ("latest - earliest < duration('1h')", True),
        ("earliest + duration('36h') < timestamp('2026-04-13T00:00:00Z')", False),
        ("(killed > 9 || wounded == 0) && !(origins == 1)", True),
        ("killed > 9 || wounded == 0 && origins == 1", False),
        ("  killed\n>\t2  ", True),
    ],
)
def test_a_condition_of_what_is_known(text, expected):
    check_condition(text, EVENTS, regions=["north", "south", "west"])
    assert holds(text, KNOWN) is expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("killed > 2", {}, None),
        ("killed > 2", {"killed": None}, None),
        ("!(killed > 2)", {}, None),
        ("killed > 2 || wounded > 2", {"wounded": 3}, True),
        ("wounded > 2 || killed > 2", {"wounded": 3}, True),
        ("killed > 2 || wounded > 2", {"wounded": 1}, None),
        ("killed > 2 && wounded > 2", {"wounded": 1}, False),
        ("wounded > 2 && killed > 2", {"wounded": 1}, False),
        ("killed > 2 && wounded > 2", {"wounded": 3}, None),
        ("killed == 2 || killed != 2", {}, None),
        ("'mine' in weapons", {}, None),
        ("region == 'north'", {"region": None}, None),
        ("earliest < timestamp('2026-04-12T12:00:00Z')", {}, None),
    ],
)
def test_what_is_not_known_decides_nothing(text, known, expected):
    check_condition(text, EVENTS)
    assert holds(text, known) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the end"),
        ("killed >", "the end"),
        ("killed", "neither true nor false"),
        ("true", "asks for no fact"),
        ("1 == 1", "one fact with one value"),
        ("timestamp('2026-04-12T12:00:00Z') > timestamp('2026-04-12T12:00:00Z')", "no fact"),
        ("deaths > 2", "'deaths' is no fact"),
        ("killed > 'two'", "a number is compared with a word"),
        ("killed > 2u", "is not read here"),
        ("killed > 0x2", "is not read here"),
        ("killed > 1e3", "is not read here"),
        ("killed > -1", "'-' is not expected"),
        ("killed = 2", "is not read here"),
        ("killed > 2 & wounded > 2", "is not read here"),
        ("1 < killed < 3", "'<' is not expected"),
        ("kind == 'sheling'", "'kind' is never 'sheling'"),
        ("'sheling' in kinds", "'kinds' is never 'sheling'"),
        ("'tank_' in weapons", "'weapons' is never"),
        ("kind in ['mine', 'gas']", "'kind' is never 'gas'"),
        ("state == 'sure'", "'state' is never 'sure'"),
        ("region == 'east'", "'region' is never 'east' (north, south)"),
        ("probability > 80", "'probability' is never above 1"),
        ("kinds == 'mine'", "a list of words is compared"),
        ("kind < 'mine'", "does not order"),
        ("kind in weapons", "only a word in quotes"),
        ("killed in ['a']", "list of another type"),
        ("killed in 3", "needs a list"),
        ("killed in []", "a list holds"),
        ("killed in [1, 'a']", "a list holds"),
        ("killed in [[1]]", "a list holds"),
        ("killed in killed", "needs a list"),
        ("killed == wounded", "one fact with one value"),
        ("killed + wounded > 3", "for times and lengths"),
        ("killed && wounded", "joins what is true or false"),
        ("!killed", "denies what is true or false"),
        ("killed == null", "'null' is no fact"),
        ("weapons.exists(w, w == 'mine')", "'.' is not read here"),
        ("weapons[0] == 'mine'", "'[' is not expected"),
        ("size(weapons) > 0", "'size' is no fact"),
        ("has(killed)", "'has' is no fact"),
        ("kind.matches('(a+)+$')", "'.' is not read"),
        ("{'a': 1} == 2", "'{' is not read"),
        ("killed > 1 ? true : false", "'?' is not read"),
        ("killed > 1 // always", "'/' is not read"),
        ("killed > 1 // always\n|| true", "'/' is not read"),
        ("r'a' == kind", "'r' is no fact"),
        ("kind == 'mine\\u0000'", "is not read here"),
        ("kind == '''mine'''", "is never ''"),
        ("kind == 'mi\"ne'", "is not read here"),
        ("earliest > '2026-04-12'", "a time is compared with a word"),
        ("earliest > timestamp('tomorrow')", "is not a time such as"),
        ("earliest > timestamp('0026-04-12T12:00:00Z')", "has the year 26"),
        ("earliest > timestamp(kind)", "needs a text in quotes"),
        ("latest - earliest > duration('1 day')", "is not a length such as"),
        ("latest + earliest > duration('1h')", "for times and lengths"),
        ("(killed > 1", "')' is missing"),
        ("killed > 1)", "')' is not expected"),
        ("killed > ٣", "is not read here"),
        ("kılled > 3", "'k' is no fact"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_in_words(text, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are compared below
        check_condition(text, EVENTS, regions=["north", "south"])
    assert words in str(caught.value)


def test_what_a_step_asks_for_is_another_list():
    check_condition("breaches > 1 && hours >= 72 && determined", RESPONSES)
    assert holds("breaches > 1 && hours >= 72", {"breaches": 2, "hours": 72.0}) is True
    with pytest.raises(ValueError, match="'region' is no fact"):
        check_condition("region == 'north'", RESPONSES)


@pytest.mark.parametrize(
    "text",
    [
        "killed > 1 || " * 1_000_000 + "killed > 1",
        "(" * 10_000_000,
        "!" * 10_000_000 + "determined",
        "'" + "a" * 10_000_000,
        " " * 10_000_000,
        "a" * 10_000_000,
        "killed in [" + "1," * 5_000_000 + "1]",
    ],
    ids=["long", "deep", "not", "quote", "space", "word", "list"],
)
def test_ten_megabytes_are_refused_at_once(text):
    began = time.perf_counter()
    with pytest.raises(ValueError, match="longer than"):
        check_condition(text, EVENTS)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "(" * (LONGEST // 2 - 5) + "killed>1" + ")" * (LONGEST // 2 - 5),
        "!" * (LONGEST - 20) + "(killed > 1)",
        "!(" * (DEEPEST // 2 + 1) + "killed > 1" + ")" * (DEEPEST // 2 + 1),
    ],
)
def test_what_is_deep_is_refused(text):
    with pytest.raises(ValueError, match="nested more than 12 deep"):
        check_condition(text, EVENTS)


def longest(piece: str, joint: str) -> str:
    text = piece
    while len(text) + len(joint) + len(piece) <= LONGEST:
        text += joint + piece
    return text


@pytest.mark.parametrize(
    "text",
    [
        longest("killed>1", "||"),
        longest("!(killed>1)", "&&"),
        "killed in [" + longest("1", ",") [: LONGEST - 20].rstrip(",") + "]",
        longest("'mine' in kinds", "||"),
        "earliest<earliest" + longest("+duration('1h')", "")[: 15 * 31],
        "!" * 6 + "(" * 6 + "killed>1" + ")" * 6,
    ],
)  # fmt: skip
def test_the_dearest_expression_that_is_read_costs_little(text):
    check_condition(text, EVENTS)
    holds(text, KNOWN)
    began = time.perf_counter()
    for _ in range(50):
        assert holds(text, KNOWN) is not None
    assert (time.perf_counter() - began) / 50 < 0.005


@pytest.mark.parametrize("size", [0, 1, 50, 5_000])
def test_long_lists_of_facts_cost_their_length(size):
    facts = {"kinds": ["mine"] * size}
    began = time.perf_counter()
    assert holds("'shelling' in kinds", facts) is False
    assert time.perf_counter() - began < 0.2


def atoms():
    numbers = st.builds(
        lambda name, sign, n: f"{name} {sign} {n}",
        st.sampled_from(["killed", "wounded", "observations", "origins"]),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.integers(0, 5),
    )
    words = st.sampled_from(
        ["kind == 'missile'", "'air_attack' in kinds", "'mine' in weapons", "region != 'north'",
         "kind in ['mine', 'air_attack']", "earliest < latest",
         "latest - earliest >= duration('1h')"]
    )  # fmt: skip
    return st.one_of(numbers, words)


EXPRESSIONS = st.recursive(
    atoms(),
    lambda inner: st.one_of(
        st.builds(lambda a, b: f"({a}) && ({b})", inner, inner),
        st.builds(lambda a, b: f"({a}) || ({b})", inner, inner),
        st.builds(lambda a, b: f"{a} && {b}", inner, inner),
        st.builds(lambda a, b: f"{a} || {b}", inner, inner),
        st.builds(lambda a: f"!({a})", inner),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.sets(st.sampled_from(sorted(KNOWN))))
def test_knowing_more_never_turns_an_answer_round(text, hidden):
    """True or false on what is known stays so, whatever the rest turns out to be."""
    check_condition(text, EVENTS)
    whole = holds(text, KNOWN)
    assert isinstance(whole, bool)
    part = holds(text, {name: value for name, value in KNOWN.items() if name not in hidden})
    assert part in {whole, None}


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(text):
    try:
        check_condition(text, EVENTS)
    except ValueError:
        return
    assert holds(text, KNOWN) in {True, False}


PIECES = st.lists(
    st.sampled_from(
        [*EVENTS, "'mine'", "'north'", "3", "0.5", "==", "!=", "<", ">=", "in", "&&", "||", "!",
         "(", ")", "[", "]", ",", "+", "-", "timestamp('2026-04-12T12:00:00Z')", "duration('1h')",
         "true"]
    ),
    max_size=12,
)  # fmt: skip


@given(PIECES)
def test_whatever_is_read_means_the_same_to_cel(pieces):
    """What the reader lets through runs, and gives true or false, wherever all facts are known."""
    text = " ".join(pieces)
    try:
        asked = check_condition(text, EVENTS)
    except ValueError:
        return
    assert asked == set(compiled(text).variables())
    assert holds(text, KNOWN) in {True, False}


def test_without_its_guard_a_macro_would_run(monkeypatch):
    """The saboteur: with CEL alone, a slip is never told and a macro runs as long as it likes."""
    slip, macro = "kind == 'sheling'", "weapons.exists(w, kinds.exists(k, w == k))"
    for text in (slip, macro):
        with pytest.raises(ValueError, match="at character"):
            check_condition(text, EVENTS)
    monkeypatch.setattr(
        conditions, "Reader", lambda text, _: type("R", (), {"read": lambda _: compiled(text)})()
    )
    for text in (slip, macro):
        check_condition(text, EVENTS)
        assert holds(text, KNOWN) is False


def test_a_fact_has_its_words_and_its_type():
    for fact in (*EVENTS.values(), *RESPONSES.values()):
        assert isinstance(fact, Fact)
        assert isinstance(fact.sort, Sort)
        assert fact.words
    assert Reader("killed > 1 && origins > 1", EVENTS).read() == {"killed", "origins"}
