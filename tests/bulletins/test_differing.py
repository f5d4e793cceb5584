"""What two published bulletins differ in, read off what each of them published."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins.differing import LISTS, SHOWN, differences


def body(ids, headline="Two reported", **figures):
    items = [
        {"id": name, **dict.fromkeys(SHOWN, "same"), "probability": 0.5} for name in sorted(ids)
    ]
    return {"headline": headline, "figures": figures, **dict.fromkeys(LISTS, ()), LISTS[0]: items}


names = st.sets(st.text("abcdef", min_size=1, max_size=3), max_size=6)


@given(names)
def test_a_bulletin_differs_in_nothing_from_itself(ids):
    one = body(ids, incidents=3)
    found = differences(one, copy.deepcopy(one))
    assert found.none
    assert found.same == len(ids)


@given(names, names)
def test_what_is_gone_one_way_is_come_the_other(before, after):
    there, back = differences(body(before), body(after)), differences(body(after), body(before))
    assert {one["id"] for one in there.gone} == before - after
    assert {one["id"] for one in there.come} == after - before
    assert there.gone == back.come
    assert there.same == len(before & after)


def test_it_says_which_figure_and_which_field_moved():
    old, new = body({"a", "b"}, incidents=2, quiet=1), body({"a", "b"}, incidents=3)
    new[LISTS[0]][0]["state"] = "verified"
    found = differences(old, new)
    assert found.figures == (("incidents", 2, 3), ("quiet", 1, None))
    (moved,) = found.moved
    assert moved.fields == (("state", "same", "verified"),)
    assert not found.none
