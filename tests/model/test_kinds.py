"""Laws of the tree of kinds: vaguer is an order, compatible is mutual, nothing unknown passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import Kind, KindTree, kind_tree

TREE = kind_tree()
KINDS = st.sampled_from(sorted(TREE))


@given(KINDS, KINDS, KINDS)
def test_being_vaguer_is_an_order(a, b, c):
    assert TREE.is_a(a, a)
    assert a == b or not (TREE.is_a(a, b) and TREE.is_a(b, a))
    if TREE.is_a(a, b) and TREE.is_a(b, c):
        assert TREE.is_a(a, c)
    assert TREE.is_a(a, b) == (b in TREE.lineage(a))
    assert TREE.lineage(a)[-1] == "event"


@given(KINDS, KINDS)
def test_what_may_be_one_event_may_be_so_from_both_sides(a, b):
    assert TREE.compatible(a, b) == TREE.compatible(b, a)
    if TREE.compatible(a, b):
        assert TREE.exacter(a, b) == TREE.exacter(b, a)
        assert TREE.exacter(a, b) in {a, b}
    else:
        with pytest.raises(ValueError, match="not compatible"):
            TREE.exacter(a, b)


@given(KINDS, KINDS)
def test_a_vaguer_kind_may_leave_every_sign_of_an_exacter_one(exact, vague):
    if TREE.is_a(exact, vague):
        assert TREE.signs(exact) <= TREE.signs(vague)
        assert TREE.exacter(exact, vague) == exact


def test_every_kind_has_a_name_a_parent_in_the_tree_and_signs_in_the_tree():
    assert len({TREE[kind].name for kind in TREE}) == len(list(TREE))
    for kind in TREE:
        assert TREE[kind].parent is None or TREE[kind].parent in TREE
        assert all(TREE.is_a(sign, "sign") for sign in TREE[kind].shows)


@given(st.text(max_size=12))
def test_an_unknown_kind_never_becomes_an_event(word):
    if word not in TREE:
        for ask in (TREE.lineage, TREE.__getitem__, lambda w: TREE.is_a("mortar", w)):
            with pytest.raises(KeyError):
                ask(word)


def test_a_tree_that_bites_its_tail_is_refused():
    ring = {name: Kind(id=name, name=name, parent=other) for name, other in ("ab", "ba")}
    with pytest.raises(ValueError, match="its own ancestor"):
        KindTree(ring)
