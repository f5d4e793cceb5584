"""What a brief says, and that the order of what it is given changes nothing."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from trucewatch.bulletins.brief import (
    brief_lines,
    check_brief,
    compose_brief,
    render_brief_html,
    render_brief_json,
    render_brief_markdown,
)
from trucewatch.bulletins.brief.content import Note
from trucewatch.bulletins.brief.sections import SILENT

GOLDEN = Path(__file__).parent / "golden"
RENDERERS = {
    "html": render_brief_html,
    "md": render_brief_markdown,
    "json": render_brief_json,
}


def said(brief) -> str:
    return "\n".join(one.text for one in brief.sentences())


def test_a_shared_figure_is_told_with_its_names_and_its_one_origin(material):
    assert (
        "Three outlets print that 32 take part; they name them differently (delegates, envoys, "
        "guests); all of it goes back to one origin, the harbour council."
    ) in said(material.brief())


def test_a_dispute_a_change_and_a_single_origin_are_told(material):
    told = said(material.brief())
    assert "prints that 28 delegates take part." in told
    assert "Mira Holt leads the delegation of Northland; Morning Wire prints that Jon Vale" in told
    assert (
        "Changed over time: first “Northland opposes a patrol of the strip by night” (Strip "
        "Courier), then “Northland now supports a patrol of the strip by night” (Morning Wire)."
    ) in told
    assert (
        "Only Harbour Herald prints “About 400 monitors could be sent to the strip, the council "
        "said”, on the word of the council."
    ) in told
    assert "Only Morning Wire prints “More than 30 boats lie in the harbour”." in told


def test_two_renderings_of_one_quotation_stand_side_by_side(material):
    told = said(material.brief())
    assert "Mira Holt is quoted by two outlets: “We will" in told
    assert "renders it “We will" in told


def test_every_sentence_holds_against_its_words(material, at_hand):
    assert check_brief(material.brief(), material.grounds(), articles=material.articles) == ()
    brief = material.brief(at_hand=at_hand)
    assert check_brief(brief, material.grounds(at_hand.terms()), articles=material.articles) == ()


def test_without_a_mission_and_an_opinion_nothing_is_said_of_what_follows(material):
    spoken = [one for one in material.story.questions if not one.topic.startswith("quotation")]
    story = replace(material.story, questions=tuple(spoken))
    brief = compose_brief(story, articles=material.articles, statements=material.statements)
    assert brief.matters == (Note(text="Nothing can be said on this from what is at hand."),)


def test_a_mission_adds_its_terms_and_nothing_else(material, at_hand):
    brief = material.brief(at_hand=at_hand)
    told = "\n".join(one.text for one in brief.matters)
    assert (
        "Harbour paper, provision 2: “No armed party enters the strip between dusk and dawn.”"
        in told
    )
    assert "Eastland" not in told  # no article tells of monitoring as an aim
    assert material.brief().matters == (Note(text=SILENT),)
    assert brief.mission == "Island truce (an exercise)"


def test_an_empty_story_is_told_as_empty(material):
    story = replace(material.story, questions=())
    brief = compose_brief(story, articles=material.articles, statements=material.statements)
    assert isinstance(brief.headline, Note)
    assert check_brief(brief, material.grounds(), articles=material.articles) == ()
    for render in RENDERERS.values():
        assert render(brief)


def test_what_fails_the_check_is_left_out_and_counted(material):
    one = material.by_core("28 delegates")
    lying = {**material.statements, one.id: replace(one, quantity=replace(one.quantity, low=82.0))}
    answers = [
        replace(
            question,
            answers=tuple(
                replace(a, quantity=replace(a.quantity, low=82.0)) if a.value == "28" else a
                for a in question.answers
            ),
        )
        for question in material.story.questions
    ]
    one = replace(lying[one.id], quantity=replace(lying[one.id].quantity, words="no such words"))
    story = replace(material.story, questions=tuple(answers))
    brief = compose_brief(story, articles=material.articles, statements={**lying, one.id: one})
    assert "82" not in said(brief)
    assert sum(n for _, n in brief.left_out.sentences) >= 1


@pytest.mark.parametrize("kind", RENDERERS)
def test_the_order_of_everything_changes_no_byte(material, kind):
    expected = RENDERERS[kind](material.brief())
    for seed in range(5):
        mix = random.Random(seed)
        questions = list(material.story.questions)
        mix.shuffle(questions)
        pairs = [list(each.items()) for each in (material.articles, material.statements)]
        for each in pairs:
            mix.shuffle(each)
        brief = compose_brief(
            replace(material.story, questions=tuple(questions)),
            articles=dict(pairs[0]),
            statements=dict(pairs[1]),
        )
        assert RENDERERS[kind](brief) == expected


@pytest.mark.parametrize("kind", ["md", "json"])
def test_the_golden_brief(material, at_hand, left_out, kind):
    made = RENDERERS[kind](material.brief(at_hand=at_hand, left_out=left_out))
    assert made.decode() == (GOLDEN / f"island.{kind}").read_text("utf-8")


def test_the_json_names_every_place(material):
    told = json.loads(render_brief_json(material.brief()))
    assert told["schema"] == "trucewatch.brief/1"
    for one in told["citations"]:
        text = material.articles[one["article"]].text
        assert one["words"].strip("“”") in text[one["start"] : one["end"]]


def test_what_was_left_out_stands_at_the_foot(material, left_out):
    lines = brief_lines(material.brief(left_out=left_out))
    assert "Records quarantined: 2." in lines
    assert "Copies of the same bytes, read once: 1." in lines
