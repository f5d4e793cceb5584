"""The brief of the five seed articles: what a reader must find in it."""

from __future__ import annotations

import pytest

from trucewatch.app.press import briefing, desk
from trucewatch.bulletins.brief import brief_lines, check_brief
from trucewatch.bulletins.brief.grounds import Grounds
from trucewatch.bulletins.brief.pen import labels_of

MARKERS = (
    "35 participants, 27 of them heads of state and government",
    "they name them differently (countries, heads of state, leaders, officials, participants)",
    "all of it goes back to one origin, the French presidency",
    "prints “more than 27 leaders”",
    "contradicts itself: it prints “35 heads of state” and “27 heads of state”",
    "All five outlets name five aims",
    "posted on 31 December 2025",
    "15,000 to 30,000",
    "about 20% of",
    "leads the ceasefire monitoring, on the word of the draft summit statement",
    "binding commitments to support",
    "as leader of Greenland",
    "Changed over time: first “Ukraine is seeking",
    "then “The U.S. has Signalled it would Support",
    "Sentences left out because no cited words carried them: 0.",
)


@pytest.fixture(scope="module")
def files(shared):
    return sorted((shared / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def told(files):
    found = briefing.brief(files).told
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("marker", MARKERS)
def test_a_reader_finds_it(told, marker):
    text = "\n".join(brief_lines(told.brief)).replace("\u00a0", " ")
    assert marker in text


def test_two_renderings_of_one_quotation_are_side_by_side(told):
    lines = "\n".join(brief_lines(told.brief))
    assert "they do offer support" in lines
    assert "they do provide support" in lines


def test_every_sentence_holds(told, files):
    read = desk.read(desk.Delivered(raw=one.read_bytes(), name=one.name) for one in files)
    placed = desk.placed(read, [told.story.articles])
    articles = {one: read.articles[one] for one in told.story.articles}
    grounds = Grounds(
        told.story,
        articles=articles,
        statements=placed.statements,
        labels=labels_of(articles.values()),
        terms={},
    )
    assert check_brief(told.brief, grounds, articles=articles) == ()
