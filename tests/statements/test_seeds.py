"""What the five seed articles say; short markers only, the texts lie beside the project."""

from __future__ import annotations

import pytest
from tests.statements.reading_seeds import figures, seed

SEEDS = ("000", "001", "002", "003", "004")


def topic(statements, key):
    return [s for s in statements if s.topic == key]


@pytest.mark.parametrize(
    ("number", "unit"),
    [("000", "participant"), ("001", "leader"), ("002", "official"), ("003", "country")],
)
def test_thirty_five_take_part_whatever_they_are_called(shared, number, unit):
    _, found = seed(shared, number)
    assert ("attendance", 35, 35, unit) in figures(found)


@pytest.mark.parametrize("number", ["000", "001", "002", "003"])
def test_twenty_seven_lead_a_state(shared, number):
    _, found = seed(shared, number)
    assert 27 in {low for t, low, _, _ in figures(found) if t == "attendance/heads-of-state"}


def test_one_outlet_calls_all_of_them_heads_of_state(shared):
    _, found = seed(shared, "001")
    heads = [low for t, low, _, _ in figures(found) if t == "attendance/heads-of-state"]
    assert sorted(heads) == [27, 35]
    assert ("attendance", 35, 35, "country") in figures(found)


def test_more_than_27_leaders_stays_more_than(shared):
    _, found = seed(shared, "004")
    (one,) = topic(found, "attendance")
    assert (one.quantity.low, one.quantity.high, one.quantity.unit) == (27, None, "leader")
    assert one.quantity.words == "more than 27"


def test_only_one_outlet_says_whose_figure_it_is(shared):
    for number in SEEDS:
        _, found = seed(shared, number)
        for one in found:
            if one.topic.startswith("attendance"):
                told = number == "002"
                assert one.speaker == ("French presidency" if told else None)
                assert one.via == (("Macron's office announced",) if told else ())


def test_troops_and_territory_keep_range_and_bound(shared):
    _, found = seed(shared, "003")
    (troops,) = topic(found, "troops")
    assert (troops.quantity.low, troops.quantity.high) == (15000, 30000)
    assert troops.speaker == "European diplomats"
    (share,) = topic(found, "territory-share")
    assert (share.quantity.low, share.quantity.bound, share.about) == (20, "about", "Ukraine")


@pytest.mark.parametrize(("number", "verb"), [("002", "do offer"), ("004", "do provide")])
def test_both_renderings_of_one_quotation_have_their_speaker(shared, number, verb):
    _, found = seed(shared, number)
    (one,) = [s for s in found if s.quote and verb in s.quote]
    assert one.topic == "quotation@volodymyr-zelenskyy"
    assert one.speaker == "Volodymyr Zelenskyy"


@pytest.mark.parametrize("number", ["001", "002", "004"])
def test_a_quotation_alone_on_its_line_is_the_last_speakers(shared, number):
    _, found = seed(shared, number)
    (one,) = [s for s in found if s.quote and s.quote.startswith("If they are not")]
    assert one.speaker == "Volodymyr Zelenskyy"


def test_the_draft_is_one_document_by_whatever_name(shared):
    _, found = seed(shared, "003")
    quotes = [s.quote for s in topic(found, "quoted-document@draft-summit-statement")]
    assert [q.split()[0] for q in quotes] == ["binding", "the", "There"]


def test_marks_of_distance_are_no_quotation(shared):
    for number in SEEDS:
        _, found = seed(shared, number)
        assert not [s for s in found if s.quote and s.quote.lower() == "coalition of the willing"]
