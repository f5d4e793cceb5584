"""No sentence goes beyond the words it cites: every way of lying is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins.brief import check_brief
from trucewatch.bulletins.brief.content import Note, Sentence
from trucewatch.bulletins.brief.pen import excerpt, opening, safe_link, window
from trucewatch.bulletins.brief.sections import NO_HEADLINE, NOTHING_UNSURE, SILENT
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.vocabulary import mixes_measures

TRUE = "Three outlets print that 32 take part"
HERALD = "32 delegates"

LIES = {
    "a number": ("32 take part", "33 take part", "number 33"),
    "a count": ("Three outlets", "Four outlets", "number four"),
    "a name": ("outlets print", "outlets and Karla print", "“karla” stands"),
    "a claim": ("32 take part", "32 armed men take part", "“armed” stands"),
    "a denial": ("32 take part", "32 do not take part", "stands in no cited passage"),
    "a quotation": ("take part", "“take part gladly” said the harbour council", "no cited passage"),
}


def fault(material, text, *cores, questions=("attendance",)):
    ids = [material.by_core(core).id for core in cores]
    asked = [one.id for one in material.story.questions if one.topic in questions]
    return material.grounds().fault(text, ids, asked)


CORES = ("32 delegates", "32 envoys", "the number of guests at 32")


def test_the_truth_passes(material):
    assert fault(material, f"{TRUE}.", *CORES) is None


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_seen(material, lie):
    old, new, said = LIES[lie]
    told = fault(material, f"{TRUE.replace(old, new)}.", *CORES)
    assert told is not None
    assert said in told


def test_a_sentence_without_a_citation_is_seen(material):
    assert fault(material, f"{TRUE}.") == "it cites nothing that is at hand"
    assert "nothing" in str(material.grounds().fault(TRUE, ["sta-of-nobody"]))


def test_a_citation_of_other_words_is_seen(material):
    assert "stands in no cited passage" in str(fault(material, "32 take part.", "28 delegates"))


def test_thirteen_words_in_a_row_are_too_many(material):
    text = material.by_core(
        "We will not leave the harbour to chance, whatever the other shore decides"
    )
    run = material.articles[text.article].words(text.core).split()
    assert len(run) == 13
    core = " ".join(run)
    assert "more than 12 words" in str(fault(material, f"{core}.", core))
    assert "more than 12" not in str(fault(material, f"{' '.join(run[:12])}.", core))
    # A quotation is marked, and so no copy.
    assert fault(material, f"Mira Holt: “{core}”.", core) is None


def test_a_bound_is_never_lost(material):
    more = "More than 30 boats"
    assert fault(material, "Morning Wire gives the figure of more than 30 boats.", more) is None
    assert "“more than” is lost" in str(
        fault(material, "Morning Wire gives the figure of 30 boats.", more)
    )


def test_a_reserve_is_never_lost(material):
    core = "About 400 monitors"
    told = "Harbour Herald gives the figure of about 400 monitors"
    assert fault(material, f"{told}, as a possibility.", core) is None
    assert "with reserve" in str(fault(material, f"{told}.", core))


def test_a_denial_is_never_lost(material):
    one = material.by_core("32 envoys")
    material.statements[one.id] = replace(one, negated=True)
    assert fault(material, "32 take part.", "32 envoys") == "the cited words deny it"


def test_a_quotation_needs_its_speaker(material):
    core = "We will not leave the harbour to chance, whatever the other shore decides"
    assert fault(material, f"Mira Holt: “{core}”.", core) is None
    assert fault(material, f"Told: “{core}”.", core) == "a quotation is not attributed"


def test_a_quotation_has_an_end_and_25_words(material):
    assert "not closed" in str(fault(material, "Mira Holt: “We will.", HERALD))
    assert "more than 25" in str(fault(material, f"Council: “{'a ' * 26}”.", HERALD))


def test_a_confidence_and_a_likelihood_never_share_a_sentence(material):
    assert mixes_measures("It is likely, with high confidence")
    assert not mixes_measures("It is likely")
    assert "one sentence" in str(fault(material, "It is likely, with high confidence.", HERALD))


def test_a_note_tells_no_story(material):
    grounds = material.grounds()
    for text in (NO_HEADLINE, NOTHING_UNSURE, SILENT):
        assert grounds.note_fault(text) is None
    assert grounds.note_fault("Four articles of four outlets, dated 10 November 2025.") is None
    assert "delegates" in str(grounds.note_fault("32 delegates take part."))


SPOIL = {
    "a sentence": {"text": "Northland leads the council."},
    "its citations": {"citations": ()},
    "a citation that is not there": {"citations": (99,)},
}


@pytest.mark.parametrize("what", SPOIL)
def test_a_spoilt_brief_is_seen(material, spoilt, what):
    assert check_brief(spoilt(**SPOIL[what]), material.grounds(), articles=material.articles)


def test_a_citation_that_points_elsewhere_is_seen(material):
    brief = material.brief()
    one = brief.citations[0]
    for other in (replace(one, start=one.start + 3, end=one.end + 3), replace(one, words="gladly")):
        moved = replace(brief, citations=(other, *brief.citations[1:]))
        faults = check_brief(moved, material.grounds(), articles=material.articles)
        assert any("do not stand where" in fault for fault in faults)


def test_a_false_note_is_seen(material):
    brief = replace(material.brief(), takeaways=(Note(text="Peace is near."),))
    assert check_brief(brief, material.grounds(), articles=material.articles)


def test_a_false_wording_is_seen(material):
    brief = material.brief()
    table = brief.tables[0]
    row = replace(
        table.rows[0],
        wordings=(replace(table.rows[0].wordings[0], words="36 delegates"),),
    )
    brief = replace(brief, tables=(replace(table, rows=(row,)), *brief.tables[1:]))
    faults = check_brief(brief, material.grounds(), articles=material.articles)
    assert any("a wording stands in no cited passage" in fault for fault in faults)


def test_a_reason_that_copies_is_seen(material):
    brief = material.brief()
    run = "We will not leave the harbour to chance, whatever the other shore decides"
    table = replace(brief.tables[0], reasons=(f"because {run}",))
    brief = replace(brief, tables=(table, *brief.tables[1:]))
    faults = check_brief(brief, material.grounds(), articles=material.articles)
    assert any("more words in a row" in fault for fault in faults)


def test_a_reason_that_copies_is_left_out_and_counted(material):
    run = "We will not leave the harbour to chance, whatever the other shore decides"
    first, *rest = material.story.questions
    story = replace(material.story, questions=(replace(first, reasons=(run,)), *rest))
    brief = replace(material, story=story).brief()
    assert run not in str([table.reasons for table in brief.tables])
    assert ("a reason copies an article", 1) in brief.left_out.sentences


@given(st.text())
def test_what_is_shown_steers_nothing(text):
    line = shown(text)
    assert len(line) <= 400
    assert not set(line) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\x1b\n\r\x00")


@given(st.text(alphabet='abc \u202e\u00ad.“”"\n', max_size=200), st.integers(2, 25))
def test_an_excerpt_holds_no_more_than_it_may_and_only_what_stands_there(text, most):
    told, whole = excerpt(text, most)
    assert len(shown_words(told)) <= most
    assert not set(told) & set('“”"')
    if whole:
        assert shown_words(told) == shown_words(text)


def test_a_window_shows_what_surrounds_a_core_in_25_words():
    before, core, after = window("one two " * 20, "the core", " and on " * 20)
    assert len(shown_words(f"{before} {core} {after}")) <= 25
    assert before.startswith("… ")
    assert after.endswith(" …")
    assert window("So ", "it is", ".") == ("So ", "it is", ".")
    assert window("", "it is", " so") == ("", "it is", " so")


def test_only_a_link_to_a_page_is_a_link():
    assert safe_link("https://a.example/x")
    for bad in (None, "", "javascript:alert(1)", "data:text/html,x", "https://", "ftp://a.example/",
                "https://a.example/\nx", "http://[::1"):  # fmt: skip
        assert not safe_link(bad)
        assert opening(bad, "words") is None


def test_a_link_opens_at_the_words():
    assert opening(
        "https://a.example/x#old", "We will, not leave-it to chance or the other shore"
    ) == ("https://a.example/x#:~:text=We%20will%2C%20not%20leave%2Dit,or%20the%20other%20shore")


def test_a_sentence_is_cited_by_number(material):
    brief = material.brief()
    numbers = [one.number for one in brief.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for one in brief.sentences():
        if isinstance(one, Sentence):
            assert one.citations
            assert set(one.citations) <= set(numbers)
