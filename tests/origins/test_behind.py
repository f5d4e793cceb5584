"""Whose word an answer stands on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.origins.made import article, labels, one, said, stand

from trucewatch.model import Informant, Saying, Source, SourceKind, Stance, Tie
from trucewatch.origins import behind

TITLE = "Freedonian President Ann Doe spoke."


def test_a_figure_that_others_print_without_saying_whose_it_is_stands_on_its_announcer():
    found = stand(
        one("A", "Doe's office announced that 35 leaders came.", speaker="Doe's office"),
        one("B", "Some 35 leaders are in town."),
        one("C", "The town hosts 35 heads of state."),
    )
    assert labels(found) == ["Doe's office"]
    assert found.independent == 1.0
    assert {e.tie for e in found.edges} == {Tie.SAME_FIGURE}
    assert all("the other says whose it is" in e.reason for e in found.edges)


def test_two_who_are_named_are_two_beginnings():
    found = stand(
        one("A", "According to Ann Doe, 35 leaders came.", speaker="Ann Doe"),
        one("B", "Bob Roe counted 35 leaders.", speaker="Bob Roe"),
    )
    assert labels(found) == ["Ann Doe", "Bob Roe"]
    assert found.independent == 2.0


def test_one_who_quotes_the_other_is_no_second_beginning():
    found = stand(
        one("A", "Ann Doe said 35 leaders came.", speaker="Ann Doe"),
        one(
            "B", "Bob Roe, citing Ann Doe, spoke of 35 leaders.",
            speaker="Bob Roe", via=("Bob Roe spoke", "citing Ann Doe"),
        ),
    )  # fmt: skip
    assert found.independent == 1.0
    assert len(found.origins) == 1


@pytest.mark.parametrize(
    "words",
    ["Ann Doe", "President Doe", "Doe's office", "the Freedonian presidency", "Ms Doe",
     "a spokesman for Ann Doe", "Doe’s spokeswoman, Jane Poe"],
)  # fmt: skip
def test_an_office_and_who_holds_it_and_speaks_for_it_are_one(words):
    france = TITLE.replace("Freedonian", "France's").replace("Freedonia", "France")
    words = words.replace("Freedonian", "France's")
    found = stand(
        one("A", "The president said 35 came.", before=france, speaker="President Ann Doe"),
        one("B", "It is said that 35 came.", speaker=words),
    )
    assert found.independent == 1.0
    assert len(found.origins) == 1


def test_what_our_own_reporter_saw_is_a_beginning_of_its_own():
    found = stand(
        one("A", "Doe said 35 tanks passed.", speaker="Ann Doe"),
        one("B", "Our reporter counted 35 tanks.", speaker="our reporter"),
        one("C", "Wire journalists counted 35 tanks.", speaker="Wire journalists"),
        one(
            "D", "At least 35 tanks passed, according to Wire reporters.", speaker="Wire reporters"
        ),
    )
    assert found.independent == 3.0


def test_those_who_are_not_named_are_not_counted_beside_those_who_may_be_them():
    found = stand(
        one("A", "Officials said 35 came.", speaker="officials"),
        one("B", "Ann Doe said 35 came.", speaker="Ann Doe"),
        one("C", "Sources said 35 came.", speaker="two sources"),
    )
    assert labels(found) == ["Ann Doe"]
    assert found.independent == 1.0


def test_a_document_is_one_beginning_whoever_prints_it():
    found = stand(
        one("A", "The draft summit statement speaks of 35.", speaker="the draft summit statement"),
        one("B", "“35,” the text says.", speaker="the text", via=("the text says",)),
    )
    assert found.independent == 1.0
    assert len(found.origins) == 1


def test_what_nobody_can_see_for_themselves_is_one_beginning_where_nobody_says_whose_it_is():
    found = stand(one("A", "There are 35 of them."), one("B", "We hear of 35 leaders."))
    assert found.independent == 1.0


def test_what_can_be_seen_is_as_many_beginnings_as_outlets_that_nothing_ties():
    found = stand(
        one("A", "The old bridge collapsed at dawn.", kind=Saying.ACTION),
        one("B", "In the early hours a crossing gave way.", kind=Saying.ACTION),
    )
    assert found.independent == 2.0


@pytest.mark.parametrize("tie", ["credit", "agency", "owner", "sentence", "outlet"])
def test_own_voices_that_something_ties_are_one(tie):
    a, b = "The old bridge collapsed at dawn.", "In the early hours a crossing gave way."
    sources = {
        k: Source(id=k, name=k, kind=SourceKind.PRESS, timezone="UTC", owner="Press Group")
        for k in "AB"
    }
    one_credit = ("Wire",) if tie in {"credit", "agency"} else ()
    found = stand(
        one("A", a, kind=Saying.ACTION, credits=one_credit),
        one(
            {"agency": "Wire", "outlet": "A"}.get(tie, "B"), a if tie == "sentence" else b,
            kind=Saying.ACTION, credits=("WIRE",) if tie == "credit" else (),
            before="" if tie != "sentence" else "More news today.",
        ),
        sources=sources if tie == "owner" else {},
    )  # fmt: skip
    # As everywhere, an owner is a hint: two newsrooms of one house may still have two reporters.
    assert found.independent == (pytest.approx(4 / 3, abs=1e-6) if tie == "owner" else 1.0)
    assert len(found.origins) == (2 if tie == "owner" else 1)
    assert len(found.edges) == 1


def test_a_mission_s_informants_come_first():
    found = stand(
        one("A", "The northern staff said 35.", speaker="the northern staff"),
        one("B", "General Poe said 35.", speaker="General Poe"),
        informants=(Informant(id="n", name="The north", words=("northern", "Poe"), party="n"),),
    )
    assert [(o.label, o.party) for o in found.origins] == [("The north", "n")]
    assert found.independent == 1.0


def test_our_reporter_in_the_north_does_not_speak_for_the_north():
    found = stand(
        one("A", "Our reporter in the north counted 35.", speaker="our reporter in the north"),
        one("B", "The north said 35.", speaker="the north"),
        informants=(Informant(id="n", name="The north", words=("north",), party="n"),),
    )
    assert found.independent == 2.0
    assert [o.party for o in found.origins if o.label == "The north"] == ["n"]


def test_two_outlets_are_one_for_a_minister_s_figure_and_two_for_what_they_saw():
    """Dependence is of an answer, not of an article."""
    texts = {
        "A": ("35 soldiers fell, Minister Roe said.", "Smoke stood over the harbour all day."),
        "B": ("The dead number 35.", "From the ferry one saw the grain store burn."),
    }
    arts = {k: article(k, " ".join(v)) for k, v in texts.items()}
    figures = [
        said(arts["A"], texts["A"][0], speaker="Minister Roe"), said(arts["B"], texts["B"][0]),
    ]  # fmt: skip
    sights = [said(arts[k], texts[k][1], kind=Saying.ACTION, topic="fire") for k in texts]
    groups = [tuple(s.id for s in told) for told in (figures, sights)]
    found = behind(
        groups, statements={s.id: s for s in (*figures, *sights)},
        articles={a.id: a for a in arts.values()},
    )  # fmt: skip
    numbers = {one.statements: one.independent for one in found}
    assert numbers == {tuple(sorted(groups[0])): 1.0, tuple(sorted(groups[1])): 2.0}


@pytest.mark.parametrize("language", ["de", "xx", "../en", "/"])
def test_a_language_without_words_of_its_own_still_has_names(language):
    pairs = [
        one("A", "Es waren 35, sagte Ann Doe.", speaker="Ann Doe"),
        one("B", "Ann Doe sprach von 35.", speaker="Ann Doe"),
        one("C", "Es waren 35.", speaker="Bob Roe"),
    ]
    found = stand(*[(replace(a, language=language), s) for a, s in pairs])
    assert labels(found) == ["Ann Doe", "Bob Roe"]
    assert found.independent == 2.0


@pytest.mark.parametrize(
    ("one_name", "other_name", "same"),
    [
        ("French officials", "officials of France", True),
        ("French officials", "German officials", False),
        ("French officials", "Paris", True),
        ("NATO officials", "EU officials", False),
        ("the Élysée Palace", "France's president", True),
        ("the Élysée Palace", "the Kremlin", False),
        ("the French presidency", "the French foreign ministry", False),
        ("a former French president", "the French presidency", False),
        ("Foreign Minister Roe", "the French foreign ministry", True),
        ("Foreign Minister Roe", "Foreign Minister Poe", False),
        ("local journalists", "reporters", True),
        ("Wire journalists", "Northern Press reporters", False),
        ("the draft summit statement", "the peace plan of March", False),
        ("Zelensky", "Zelenskyy", True),
    ],
)
def test_who_may_be_one_and_who_may_not(one_name, other_name, same):
    found = stand(
        one("A", "It is put at 35.", speaker=one_name),
        one("B", "They speak of 35 here.", speaker=other_name),
    )
    assert found.independent == (1.0 if same else 2.0)


def test_no_statement_has_no_beginning():
    (found,) = behind([()], statements={}, articles={})
    assert (found.independent, found.origins, found.edges) == (0, (), ())


def test_an_answer_is_never_said_by_more_than_its_outlets():
    art, first = one("A", "Ann Doe said 35 and Bob Roe said 35.", speaker="Ann Doe")
    found = stand((art, first), (art, one("A", art.text, speaker="Bob Roe")[1]))
    assert len(found.origins) == 2
    assert found.independent == 1.0
    assert any("only 1 outlets with a text" in r for r in found.reasons)


def test_a_flood_of_copies_changes_no_number_and_takes_no_long_time():
    story = (
        "The old bridge over the river collapsed shortly before dawn on Monday, and a lorry with "
        "flour from the upper valley went down with it."
    )
    pairs = [
        one("A", story, kind=Saying.ACTION),
        one("B", "In the early hours a crossing gave way.", kind=Saying.ACTION),
    ]
    before = stand(*pairs).independent
    copies = [one(f"Copy {k}", story, kind=Saying.ACTION) for k in range(400)]
    near = [
        one(f"Near {k}", story, before=f"Picked up by desk number {k}.", kind=Saying.ACTION)
        for k in range(200)
    ]
    found = stand(*pairs, *copies, *near)
    assert found.independent == before == 2.0
    assert len(found.origins) == 2


@pytest.mark.parametrize(
    "hostile",
    ["President " * 20_000, "the " * 50_000, "“" * 50_000, "President," + " " * 100_000 + "Doe",
     "A" * 100_000, "spokesman for " * 20_000, "\u202e" * 50_000],
)  # fmt: skip
def test_a_long_and_hostile_attribution_is_read_in_no_long_time(hostile):
    found = stand(
        one("A", f"{hostile} said 35.", speaker=hostile, via=(hostile,)),
        one("B", "We hear of 35.", before=hostile),
    )
    assert 0 < found.independent <= 2


def test_a_voice_that_is_a_registered_source_keeps_its_side():
    north = Source(id="np", name="north press", kind=SourceKind.PARTY, timezone="UTC", party="n")
    found = stand(
        one("A", "The north press puts it at 35.", speaker="the north press"),
        sources={"np": north},
    )
    assert [o.party for o in found.origins] == ["n"]


@pytest.mark.parametrize(
    ("names", "number"),
    [
        (("Ann Doe", "Bob Doe"), 2.0),
        (("Prime Minister Ann Doe", "Bob Doe"), 2.0),
        (("Ann Doe", "Doe"), 1.0),
        (("Ann Doe", "Bob Doe", "Doe"), 2.0),
    ],
)
def test_a_surname_that_two_share_is_nobody_new(names, number):
    both = "Danish Prime Minister Ann Doe met German Foreign Minister Bob Doe."
    found = stand(
        *[one(f"{k}", f"It is put at 35, {n} says.", before=both, speaker=n)
          for k, n in enumerate(names)]
    )  # fmt: skip
    assert found.independent == number


def test_who_is_asked_for_something_is_no_origin_of_that_and_who_supports_it_is():
    def held(stance):
        pairs = [
            one(outlet, words, kind=Saying.POSITION, topic="position/force@freedonia")
            for outlet, words in (("A", "Sylvania seeks a force from Freedonia."),
                                  ("B", "A force is what Sylvania asks of Freedonia."))
        ]  # fmt: skip
        return stand(*[(a, replace(s, stance=stance, actor="Freedonia")) for a, s in pairs])

    assert labels(held(Stance.SUPPORTS)) == ["Freedonia"]
    asked = held(Stance.ASKED)
    assert labels(asked) != ["Freedonia"]
    assert asked.independent == 1.0
