"""How many independent origins stand behind something."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import Edge, Origin, Tie
from trucewatch.origins import Ties, effective, independence, source_origin


def origin(name, *claims, party=None):
    return Origin(id=name, label=name, party=party, claims=claims or (f"c{name}",), reasons=("r",))


def tie(one, other, strength=0.5, kind=Tie.SHARED_QUOTATION, reason=None):
    one, other = sorted((one, other))
    return Edge(tie=kind, one=one, other=other, reason=reason or f"{one}{other}", strength=strength)


def number(names, *edges):
    return effective([origin(n) for n in names], edges).number


def test_none_is_nought_and_the_untied_are_whole():
    assert effective([], []).number == 0.0
    assert number("a") == 1.0
    assert number("abcde") == 5.0


@pytest.mark.parametrize(("p", "n"), [(0.0, 2.0), (0.5, 1.333333), (0.9, 1.052632), (1.0, 1.0)])
def test_two_tied_origins_are_worth_two_correlated_accounts(p, n):
    assert number("ab", tie("a", "b", p)) == n


def test_certain_ties_count_the_most_that_are_untied():
    """A star is what a digest is to its parts, and the parts stay two."""
    many = [tie(a, b, 0.999999) for a, b in ("ax", "bx")]
    assert number("abx", *many) == pytest.approx(2.0, abs=1e-3)
    assert number("ab", *many) == 2.0


def test_a_class_ties_all_that_it_joins_and_ties_of_one_sort_count_once():
    chain = [tie("a", "b", reason="one phrase"), tie("b", "c", reason="one phrase")]
    assert number("ac", *chain) == 1.333333
    assert number("abc", *chain) == 1.5
    again = [*chain, tie("a", "c", reason="another")]
    assert number("ac", *again) == 1.333333
    other = [*chain, tie("a", "c", kind=Tie.SAME_OWNER)]
    assert number("ac", *other) == pytest.approx(2 / 1.75, abs=1e-6)


def test_ends_may_be_claims_origins_or_sources():
    a, b = origin(source_origin("wire"), "c1"), origin("b", "c2")
    for one, other in (("c1", "c2"), (a.id, "b"), ("wire", "b"), ("wire", "c2")):
        assert effective([a, b], [tie(one, other)]).number == 1.333333
    assert effective([a, b], [tie("c1", "c9")]).number == 2.0
    # A chain through a claim that is not asked about still ties its ends.
    far = [tie("c1", "c9", reason="r"), tie("c2", "c9", reason="r")]
    c = origin("z", "c9")
    assert effective([a, b, c], far, claims=["c1", "c2"]).number == 1.333333


def test_a_tie_that_is_a_common_origin_says_nothing_more():
    both, one = origin("a", "c1", "c2"), origin("b", "c1")
    assert effective([both, one], [tie("c1", "c2", 1.0)]).number == 2.0


def test_only_the_claims_asked_about_count():
    ties = Ties([origin("a", "c1"), origin("b", "c2"), origin("c", "c3")], [tie("c1", "c2")])
    assert ties.behind(["c1", "c3"]).number == 2.0
    assert ties.behind(["c1", "c2"]).number == 1.333333
    assert ties.behind(["c9"]).number == 0.0


def test_a_party_is_one_voice_and_opposed_parties_are_told_apart():
    north = [origin(n, party="north") for n in "ab"]
    south = origin("c", party="south")
    assert effective(north, []).number == 1.0
    assert effective(north, []).across_parties == ()
    found = effective([*north, south], [])
    assert found.number == 2.0
    assert found.across_parties == ("north", "south")
    assert any("the same party, taken as one" in r for r in found.reasons)


def test_reasons_name_origins_by_id_alone():
    found = effective([origin("a"), origin("b")], [tie("a", "b", reason="secret words")])
    assert found.reasons == ("a, b: a shared quotation, one with probability 0.50",)


NAMES = "abcdef"
edges_drawn = st.lists(
    st.builds(
        tie,
        st.sampled_from(NAMES),
        st.sampled_from(NAMES),
        st.sampled_from([0.1, 0.5, 0.9]),
        st.sampled_from([Tie.SHARED_QUOTATION, Tie.SAME_OWNER]),
        st.sampled_from([None, "x", "y"]),
    ).filter(lambda e: e.one != e.other),
    max_size=8,
)
names_drawn = st.sets(st.sampled_from(NAMES), min_size=1)


@given(names_drawn, edges_drawn)
def test_the_number_lies_between_one_and_all(names, edges):
    assert 1 <= number(sorted(names), *edges) <= len(names)


@given(names_drawn, st.sampled_from(NAMES), edges_drawn)
def test_another_origin_never_lowers_it(names, more, edges):
    less = number(sorted(names), *edges)
    assert number(sorted(names | {more}), *edges) >= less - 2e-6


@given(names_drawn, edges_drawn, st.integers(0, 7))
def test_a_further_tie_never_raises_it(names, edges, cut):
    assert number(sorted(names), *edges) <= number(sorted(names), *edges[:cut]) + 2e-6


@given(names_drawn, edges_drawn, st.data())
def test_a_double_with_its_ties_changes_nothing(names, edges, data):
    of = data.draw(st.sampled_from(sorted(names)))
    doubled = [
        Edge(
            tie=e.tie, one="z", other=e.other if e.one == of else e.one,
            reason=e.reason, strength=e.strength,
        )
        for e in edges if of in (e.one, e.other)
    ]  # fmt: skip
    certain = tie(of, "z", 1.0, Tie.SAME_TEXT)
    assert number([*sorted(names), "z"], *edges, *doubled, certain) == number(sorted(names), *edges)


@given(names_drawn, edges_drawn, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(names, edges, dice: random.Random):
    again = edges + [e for e in edges if dice.random() < 0.5]
    dice.shuffle(again)
    turned = sorted(names)
    dice.shuffle(turned)
    assert effective(map(origin, turned), again) == effective(map(origin, sorted(names)), edges)


@given(names_drawn, edges_drawn)
def test_from_below_is_never_above(names, edges):
    exact = number(sorted(names), *edges)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(independence, "EXACT", 1)
        assert number(sorted(names), *edges) <= exact + 2e-6


def test_a_thousand_outlets_of_one_owner_are_soon_counted():
    names = [f"o{k:04}" for k in range(1000)]
    owner = [tie(names[0], n, 0.5, Tie.SAME_OWNER, "one owner") for n in names[1:]]
    assert number(names, *owner) == pytest.approx(1 / (0.5 + 0.5 / 1000), abs=1e-5)


def test_without_the_weights_bound_a_tie_would_raise_it():
    """Saboteur: 1ᵀP⁻¹1 with free weights goes above the number of origins, or below nought."""
    import numpy as np

    tied = np.array([[1, 0.9, 0.0], [0.9, 1, 0.4], [0.0, 0.4, 1]])
    assert np.linalg.solve(tied, np.ones(3)).sum() > 3
    assert number("abc", tie("a", "b", 0.9), tie("b", "c", 0.4)) <= 2.0
