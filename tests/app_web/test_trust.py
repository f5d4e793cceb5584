"""Can I trust it? One sentence for each state of an incident, and no more than the record says."""

from __future__ import annotations

import pytest

from trucewatch.app.web.pages import trust

BODY = {
    "state": "reported",
    "origins": 1,
    "accounts": 2,
    "probability": 0.9,
    "provisional": True,
    "standard": "reasonable suspicion",
    "attribution": "withheld",
    "outcome": "undetermined",
    "seen_share": 0.2,
    "nature": "event",
    "first_day": "2031-05-04",
    "last_day": "2031-05-04",
}


def words(**more):
    """The answers by their question, of a record with these fields changed; None takes one away."""
    body = {name: value for name, value in {**BODY, **more}.items() if value != "absent"}
    return {one.question: one for one in trust.answers(body)}


@pytest.mark.parametrize(
    ("more", "begins"),
    [
        ({"state": "verified"}, "Yes, as far as named reviewers"),
        ({"state": "verified", "stale": True}, "Reviewers confirmed it; the evidence has changed"),
        ({"state": "refuted"}, "No: reviewers have found"),
        ({"state": "duplicate"}, "Look at the other incident"),
        ({"state": "superseded"}, "Look at the other incident"),
        ({"state": "unverifiable"}, "Nobody can say"),
        ({"nature": "fire"}, "That it was hot there, yes; that is no act"),
        ({"nature": "static_source"}, "That it was hot there, yes; that is no act"),
        ({"state": "allegation"}, "Not on its own: it is a party's word"),
        ({"state": "corroborated", "origins": 3}, "In good part"),
        ({}, "Not on its own: one origin alone"),
        ({"origins": 0}, "No: no independent origin"),
        ({"origins": None}, "No: no independent origin"),
    ],
)
def test_each_state_has_its_own_sentence(more, begins):
    assert trust.verdict({**BODY, **more}).startswith(begins)


def test_more_evidence_is_never_trusted_less():
    """The same incident with one voice more is not told in a weaker sentence."""
    ranks = ["No:", "Not on its own", "In good part"]
    told = [trust.verdict({**BODY, "origins": n}) for n in range(5)]
    places = [next(i for i, each in enumerate(ranks) if one.startswith(each)) for one in told]
    assert places == sorted(places) == [0, 1, 2, 2, 2]


def test_what_a_viewer_may_not_see_is_not_spoken_of():
    hidden = dict.fromkeys(
        ("provisional", "seen_share", "attribution", "outcome", "accounts"), "absent"
    )
    told = words(**hidden)
    assert set(told) == {"Did it happen?", "Who says so?"}
    assert told["Who says so?"].words == "1 independent origin."


def test_without_a_probability_only_the_state_is_told_and_it_is_not_firm():
    told = words(probability=None)["Did it happen?"]
    assert told.words.startswith("Somebody independent of the parties")
    assert (told.firm, told.where) == (False, "history")
    assert words(probability=None, state="of a later version")["Did it happen?"].words == ""


@pytest.mark.parametrize(
    ("more", "said", "firm"),
    [
        ({}, "No. What is told here was put together by rules, and is provisional.", False),
        ({"asked": True}, "A reviewer has asked for more.", False),
        ({"provisional": False, "reviewed_by": ["A", "B"]}, "Yes, by A, B.", True),
        ({"provisional": False, "reviewed_by": []}, "Yes, by reviewers of the mission.", True),
        ({"provisional": False, "stale": True}, "no longer what they looked at", False),
    ],
)
def test_who_has_checked_it(more, said, firm):
    told = words(**more)["Has a person checked it?"]
    assert said in told.words
    assert told.firm is firm
    assert "Standard of proof:" in told.words


@pytest.mark.parametrize(
    ("share", "said", "firm"),
    [
        (None, "It is not known how much", False),
        (0.2, "says little", False),
        (0.8, "about 80", True),
    ],
)
def test_silence_counts_only_where_somebody_could_see(share, said, firm):
    told = words(seen_share=share)["Could anybody else have seen it?"]
    assert said in told.words
    assert ("That nobody else reports it says little." in told.words) is not firm
    assert told.firm is firm


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "withheld until a named body decides"),
        (
            {"attribution": "assessed", "responsible": "Northland", "determined_by": "the council"},
            "Northland, assessed by the council.",
        ),
        ({"attribution": "determined"}, "somebody, determined by a named body."),
    ],
)
def test_nobody_is_named_but_by_a_body(more, said):
    assert said in words(**more)["Who did it?"].words


def test_what_is_not_known_is_said():
    told = words(place={"grid_m": 10_000}, last_day="2031-05-05", counts={})
    assert told["What is not known?"].words == (
        "The place is told as a cell of 10 km. The day is not known for certain. "
        "No account gives a number of casualties."
    )
    near = words(place={"error_m": 2_400})["What is not known?"].words
    assert near == "The place is known to within about 2.4 km (one standard error)."
    assert "What is not known?" not in words(place={}, counts={"killed": [1]})


def test_a_reader_reads_the_answer_and_its_measure():
    body = {"state": "reported", "origins": 1, "accounts": 1, "probability": 0.9,
            "provisional": True, "standard": "none", "attribution": "withheld",
            "outcome": "undetermined", "seen_share": 0.2, "nature": "event"}  # fmt: skip
    assert trust.verdict(body).startswith("Not on its own")
    words = {one.question: one.words for one in trust.answers(body)}
    assert "Very likely (90" in words["Did it happen?"]
    assert words["Who says so?"].startswith("1 independent origin.")
    named = {**body, "origin_labels": ["A", "B", "C", "D"], "sources": ["S"]}
    said = {one.question: one.words for one in trust.answers(named)}["Who says so?"]
    told = said.replace("\u2068", "").replace("\u2069", "")
    assert told.startswith("A; B; C; …, by way of S. 1 independent origin.")
    assert "20" in words["Could anybody else have seen it?"]
    assert "withheld" in words["Who did it?"]
    party = {**body, "state": "allegation"}
    assert "a party's word" in trust.verdict(party)
    said = {one.question: one.words for one in trust.answers(party)}["Who says so?"]
    assert said.startswith("Nobody independent of the parties.")
    assert trust.voices(party) == "Nobody independent of the parties."
    assert trust.voices({**body, "origins": None}).startswith("No origin")
    verified = {**body, "state": "verified", "provisional": False, "reviewed_by": ["A", "B"]}
    assert trust.verdict(verified).startswith("Yes")
    assert "changed" in trust.verdict({**verified, "stale": True})
    assert trust.verdict({**body, "origins": 0}).startswith("No:")
    assert trust.verdict({**body, "state": "refuted"}).startswith("No:")
