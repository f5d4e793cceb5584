"""What people look for in their own words: places, regions, days; and what is left as words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.app.web.pages.situation.asked import Asked, around, asked_of, understood
from trucewatch.app.web.pages.situation.gazetteer import FILE, folded, nearest, places

REGIONS = {"A-1": "Kupol Oblast", "A-2": "Straw Oblast", "A-3": "Far Isle"}
TOWNS = """name,other_names,lat,lon,population
Kupol,Купол|Cupol,50.0,30.0,90000
Kupol,,10.0,10.0,12
Velykyi Burluk,Великий Бурлук|Velyky Burluk,50.06,37.38,3000
Bad,,here,there,
Kup'jansk,Куп’янськ,49.7,37.6,27000
"""


@pytest.fixture
def known(tmp_path):
    (tmp_path / FILE).write_text(TOWNS, "utf-8")
    return places(tmp_path)


@pytest.mark.parametrize(
    ("text", "words", "near", "region", "day"),
    [
        ("near Kupol on 12 April", "", "Kupol", "", date(2026, 4, 12)),
        ("Kupol oblast 2026-04-03", "", None, "A-1", date(2026, 4, 3)),
        ("what happened in straw", "", None, "A-2", None),
        ("oblast", "oblast", None, "", None),
        ("Far Isle", "", None, "A-3", None),
        ("velykyi burluk, april 9", "", "Velykyi Burluk", "", date(2026, 4, 9)),
        ("shelling near Куп'янськ 12 квітня", "shelling", "Kup'jansk", "", date(2026, 4, 12)),
        ("kupyansk 12.4.2025", "kupyansk", None, "", date(2025, 4, 12)),
        ("31 February drone", "31 february drone", None, "", None),
        ("", "", None, "", None),
    ],
)
def test_a_question_is_taken_apart(known, text, words, near, region, day):
    found = understood(text, known=known, regions=REGIONS, year=2026)
    assert found[0] == words
    assert (found[1].name if found[1] else None) == near
    assert found[2:] == (region, day)


def test_of_two_towns_of_a_name_the_larger_is_meant(known):
    assert known["kupol",].lat == 50.0
    assert known["cupol",] is known["купол",]
    assert ("bad",) not in known


def test_a_mission_without_a_list_of_places_has_none(tmp_path):
    assert places(tmp_path) == {}


def test_the_nearest_is_of_those_within_reach(known):
    assert nearest(known, 50.1, 37.4).name == "Velykyi Burluk"
    assert nearest(known, 0.0, 0.0) is None


@given(
    st.dictionaries(
        st.sampled_from(["q", "from", "to", "state", "box", "nature", "after"]),
        st.lists(st.text(max_size=30), max_size=3),
    )
)
def test_no_address_is_a_fault(given_):
    found = asked_of(given_, known={}, regions=REGIONS, year=2026)
    assert found.address().startswith("?")
    found.query(limit=1)


@given(
    st.builds(
        Asked,
        first=st.none() | st.dates(),
        last=st.none() | st.dates(),
        states=st.sampled_from([(), ("verified",), ("corroborated", "reported")]),
        kind=st.sampled_from(["", "shelling"]),
        region=st.sampled_from(["", "A-1"]),
        nature=st.sampled_from(["event", "fire", "any"]),
    )
)
def test_an_address_asks_for_the_same_again(asked):
    from urllib.parse import parse_qs

    again = asked_of(parse_qs(asked.address()[1:]), known={}, regions=REGIONS, year=2026)
    assert again == asked


def test_around_a_place_is_as_far_to_each_side(known):
    west, south, east, north = around(known["kupol",], km=30)
    assert north - south == pytest.approx(60 / 111.195)
    assert east - west > north - south


def test_folding_leaves_what_people_hear():
    assert folded("Куп’янськ") == folded("куп'янськ") == ("купянськ",)
    assert folded("Íslandō-Ñ") == ("islando", "n")
