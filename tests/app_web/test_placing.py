"""Marks and names on the drawn map: none over another, none over the edge, none lost."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.app.web.pages.situation import placing
from trucewatch.app.web.pages.situation.drawn import draw_map
from trucewatch.app.web.pages.situation.placing import Place, Rect, arranged, free_spot, width
from trucewatch.model import Area

FRAME = Rect(1, 1, 799, 500)
PLACES = st.lists(
    st.builds(
        Place.of,
        st.floats(16, 784, width=16),
        st.floats(16, 484, width=16),
        st.dictionaries(
            st.sampled_from(["verified", "corroborated", "reported", "allegation", "refuted"]),
            st.integers(1, 3000),
            min_size=1,
        ),
    ),
    max_size=30,
)


def laid_out_well(places, size):
    stands = arranged(places, FRAME, size=size)
    boxes = [stand.box(size) for stand in stands]
    for box in boxes:
        assert FRAME.left - 1e-6 <= box.left
        assert box.right <= FRAME.right + 1e-6
        assert FRAME.top - 1e-6 <= box.top
        assert box.bottom <= FRAME.bottom + 1e-6
    assert not any(one.meets(other, -1e-6) for one, other in combinations(boxes, 2))
    assert sorted(at for stand in stands for at in stand.of) == list(range(len(places)))
    for stand in stands:
        told = [places[at].shapes for at in stand.of]
        for shape, count in stand.shapes.items():
            assert count == sum(each.get(shape, 0) for each in told)


@given(PLACES, st.sampled_from([1.0, 1.9]))
@settings(max_examples=60)
def test_no_mark_meets_another_or_the_edge_and_none_is_lost(places, size):
    laid_out_well(places, size)


@given(PLACES.flatmap(lambda p: st.tuples(st.just(p), st.permutations(p))))
@settings(max_examples=20)
def test_the_order_of_the_places_never_matters(given_twice):
    def drawn(places):
        stands = arranged(places, FRAME)
        return sorted((round(s.x, 6), round(s.y, 6), tuple(s.shapes.items())) for s in stands)

    one, other = given_twice
    assert drawn(one) == drawn(other)


def test_without_room_for_both_sides_marks_would_meet(monkeypatch):
    """The saboteur: every gap is cut, however little room it leaves."""
    places = [Place.of(400 + 3 * at, 250, {"reported": 1}) for at in range(9)]
    laid_out_well(places, 1.0)
    monkeypatch.setattr(Rect, "holds", lambda *_: True)
    with pytest.raises(AssertionError):
        laid_out_well(places, 1.0)


def test_places_far_apart_stay_where_they_are_and_those_at_one_place_are_one():
    places = [Place.of(x, 250, {"reported": 1}) for x in (100, 300, 700)]
    assert sorted((s.x, s.y) for s in arranged(places, FRAME)) == [
        (x, 250) for x in (100, 300, 700)
    ]
    (both,) = arranged(
        [Place.of(100, 100, {"reported": 3}), Place.of(100.4, 100, {"exempt": 1})], FRAME
    )
    assert (both.x, both.y) == (pytest.approx(100.1), 100)
    assert dict(both.shapes) == {"reported": 3, "other": 1}
    assert both.box().right - both.box().left == pytest.approx(width(both.shapes))


def test_where_there_is_no_room_at_all_a_mark_stands_in_the_midst():
    (stand,) = arranged([Place.of(3, 3, {"reported": 9})], Rect(0, 0, 10, 10))
    assert (stand.x, stand.y) == (5, 5)


def test_a_name_steps_aside_for_what_stands_there():
    spots = list(free_spot(400, 250, 60, 15, [Rect(395, 245, 405, 255)], FRAME))
    x, y, box = spots[0]
    assert (x, y) == (400, 230)
    assert not box.meets(Rect(395, 245, 405, 255))
    assert not list(free_spot(400, 250, 60, 15, [FRAME], FRAME))
    assert not list(free_spot(-400, 250, 60, 15, [], FRAME))


def square(code, name, west, south, side=4.0):
    east, north = west + side, south + side
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Area(code=code, name=name, polygons=((ring,),))


def drawing(*areas):
    return str(
        draw_map(areas, [], sights={}, title="t", desc="d", address="/", listing=lambda _box: "/")
    )


def test_names_are_short_where_they_end_alike_and_long_ones_take_two_lines():
    found = drawing(
        square("A", "North Province", 0, 0),
        square("B", "South Province", 5, 0),
        square("C", "Autonomous Republic of Island", 10, 0),
    )
    assert ">North<" in found
    assert ">Autonomous<" in found or ">Autonomous Republic<" in found
    assert ">Autonomous Republic of Island<" not in found.replace("<title>", "")


def test_a_name_without_room_in_its_region_stands_beside_it_or_nowhere():
    long = "A very long name without any room"
    found = drawing(square("A", long, 0, 0), square("B", "B", 90, 0))
    assert "without any room</text>" in found
    flat = Area(code="A", name=long, polygons=((((0, 0), (99, 0), (99, 0.1), (0, 0.1)),),))
    assert "without any room</text>" not in drawing(flat)


def test_a_region_of_no_extent_has_no_name():
    flat = Area(code="F", name="Flat", polygons=((((0, 0), (0, 0), (0, 0)),),))
    assert ">Flat</text>" not in drawing(flat, square("A", "Alpha", 1, 1))
    assert placing.advance(1) < placing.advance(2)
