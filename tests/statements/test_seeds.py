"""What the five seed articles say; short markers only, the texts lie beside the project."""

from __future__ import annotations

import pytest
from tests.statements.reading_seeds import figures, seed

from trucewatch.statements import find_statements

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


@pytest.mark.parametrize("number", ["001", "002", "004"])
def test_a_post_is_dated_in_every_wording(shared, number):
    _, found = seed(shared, number)
    (one,) = topic(found, "post@steve-witkoff")
    assert one.value == "2025-12-31"
    assert one.when.earliest.date().isoformat() == "2025-12-31"
    words = {"001": "New Year’s Eve", "002": "December 31", "004": "31 December"}
    assert one.when_words == words[number]


@pytest.mark.parametrize(("number", "count"), [("001", 2), ("002", 2), ("004", 2)])
def test_what_the_envoy_posted_is_quoted_of_him(shared, number, count):
    _, found = seed(shared, number)
    assert len(topic(found, "quotation@steve-witkoff")) == count


@pytest.mark.parametrize("number", SEEDS)
def test_every_quotation_has_its_speaker(shared, number):
    _, found = seed(shared, number)
    assert [s.quote for s in found if s.kind == "quotation" and s.speaker is None] == []


def test_an_undated_article_dates_the_day_alone(shared):
    article, _ = seed(shared, "001")
    (one,) = topic(find_statements(article), "post@steve-witkoff")
    assert (one.value, one.when) == ("--12-31", None)


@pytest.mark.parametrize("number", SEEDS)
def test_the_five_priorities_are_in_all_five(shared, number):
    _, found = seed(shared, number)
    listed = [s.topic for s in found if s.kind == "listing"]
    assert sorted(listed) == [
        "priority/armed-forces-support",
        "priority/long-term-defence-cooperation",
        "priority/monitoring",
        "priority/multinational-force",
        "priority/response-to-aggression",
    ]


@pytest.mark.parametrize("number", ["000", "002", "004"])
def test_guarantees_are_asked_of_washington(shared, number):
    _, found = seed(shared, number)
    (one,) = topic(found, "position/security-guarantees@united-states")
    assert one.stance == "is asked for"


def test_later_washington_signals_support(shared):
    _, found = seed(shared, "003")
    stances = {s.topic: s.stance for s in found if s.stance}
    assert stances["position/security-guarantees@united-states"] == "supports"
    assert stances["position/multinational-force@united-states"] == "supports"
    assert stances["position/territorial-concessions@ukraine"] == "refuses"
    assert stances["position/multinational-force@russia"] == "opposes"
    assert stances["position/security-guarantees@russia"] == "is undecided on"


def test_who_was_to_lead_and_who_goes(shared):
    for number in ("000", "002"):
        _, found = seed(shared, number)
        (lead,) = topic(found, "delegation-lead@united-states")
        assert (lead.value, lead.earlier) == ("marco rubio", True)
    for number in ("000", "001", "002"):
        _, found = seed(shared, number)
        (sent,) = topic(found, "delegation@united-states")
        assert (sent.value, sent.earlier) == ("jared kushner; steve witkoff", False)


def test_one_outlet_names_the_leader_of_greenland(shared):
    named = {n: topic(seed(shared, n)[1], "role@leader-of-greenland") for n in SEEDS}
    assert [n for n in SEEDS if named[n]] == ["001"]
    assert named["001"][0].value == "jens frederiksen"


def test_who_leads_the_monitoring(shared):
    _, found = seed(shared, "003")
    leads = topic(found, "leads/ceasefire-monitoring")
    assert {s.value for s in leads} == {"united states"}
    assert {s.speaker for s in leads} == {"draft summit statement"}


def test_parliaments_must_approve(shared):
    for number in ("000", "001", "002", "004"):
        _, found = seed(shared, number)
        assert [s.value for s in topic(found, "approval-needed")] == ["parliamentary approval"]


@pytest.mark.parametrize("number", SEEDS)
def test_every_statement_stands_on_its_words(shared, number):
    article, found = seed(shared, number)
    for one in found:
        assert article.words(one.core) in article.words(one.passage)
        if one.quantity is not None:
            printed = " ".join(article.words(one.core).split())
            assert one.quantity.words in printed
        if one.quote is not None:
            assert one.quote == article.words(one.core)
