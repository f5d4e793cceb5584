"""Fuller and shorter names, and lists of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, question, says, settled
from tests.stories.telling import given as answers

from trucewatch.model import Verdict
from trucewatch.stories.names import fuller, holders, letters_apart

ONE = {"reyes": "ana maria reyes", "maria reyes": "ana maria reyes"}


@pytest.mark.parametrize(
    ("names", "full"),
    [
        (["reyes", "maria reyes", "ana maria reyes"], ONE),
        (["reyes", "ana reyes", "luis reyes"], {}),
        (["reyes", "office of reyes"], {}),
        (["ana", "ana reyes"], {}),
        (["oleh petrenkovych", "oleh petrenkowich"], {"oleh petrenkowich": "oleh petrenkovych"}),
        (["ana reyes", "ana meyes"], {}),
        (["ivan petrova", "olha petrov"], {}),
    ],
)
def test_a_shorter_name_is_the_end_of_one_longer_name(names, full):
    assert fuller(names) == {name: full.get(name, name) for name in names}


@given(st.lists(st.sampled_from(["tal", "ivo tal", "mara orr", "orr", "ana orr"])))
def test_the_fullest_names_are_of_the_set(names):
    assert fuller(names) == fuller(names[::-1] + names)


def test_a_list_of_names_is_a_set():
    assert holders("Ivo Tal;  Mara  Orr; ivo tal;") == ("ivo tal", "mara orr")


def test_the_distance_of_letters():
    assert letters_apart("kitten", "sitting") == 3
    assert letters_apart("", "ab") == 2


def lead(*people, topic="delegation-lead@avaria"):
    articles = [article(outlet, f"{who} leads.") for outlet, who in zip("abc", people)]  # noqa: B905  as many outlets as there are people
    said = [says(one, topic, value=who) for one, who in zip(articles, people, strict=True)]
    return question(settled(articles, said), topic)


def test_one_person_under_two_names_is_one_answer():
    asked = lead("ivo tal", "tal")
    assert answers(asked) == {"ivo tal": ("a", "b")}
    assert asked.verdict is Verdict.AGREED
    assert asked.text == "Avaria: who leads the delegation?"


def test_two_people_for_one_place_exclude_one_another():
    assert lead("ivo tal", "mara orr").verdict is Verdict.DISPUTED


@pytest.mark.parametrize("topic", ["delegation-lead@avaria", "delegation@avaria"])
def test_a_shorter_list_may_be_a_part_of_a_longer(topic):
    assert lead("ivo tal", "ivo tal; mara orr", topic=topic).verdict is Verdict.COMPATIBLE


def test_two_lists_of_members_exclude_nothing():
    asked = lead("ivo tal; mara orr", "ivo tal; ana bly", topic="delegation@avaria")
    assert asked.verdict is Verdict.COMPATIBLE
