"""What a bulletin says of drafts, of versions, and of hours that a version cuts short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from trucewatch.bulletins import compose, redact
from trucewatch.model import NEVER, Edition, Window


def published(situation, whole, previous, public, *instruments):
    told = replace(situation, agreement=replace(situation.agreement, instruments=instruments))
    return redact(compose(told, period=whole, previous=previous), public)


def test_a_version_says_when_its_words_count(situation, whole, previous, public):
    (text,) = situation.agreement.instruments
    truce = situation.agreement.truce
    middle = truce.start + timedelta(hours=1)
    first = replace(text, holds=Window(None, middle))
    second = replace(text, id="second", version="2", holds=Window(middle, None))
    draft = replace(text, id="draft", version="0", edition=Edition.DRAFT, holds=NEVER)
    page = published(situation, whole, previous, public, first, second, draft)
    words = " ".join(page.instruments)
    assert "version 0; a draft that binds nobody; announced by" in words
    assert "version 1; these words count: no stated beginning – " in words
    assert words.count("these words count") == 2
    (term,) = page.provisions
    (whole_term,) = published(situation, whole, previous, public, text).provisions
    assert term.window != whole_term.window
    assert term.window.split(" – ")[0] == whole_term.window.split(" – ")[0]


def test_what_always_counts_says_nothing_of_it(situation, whole, previous, public):
    (text,) = situation.agreement.instruments
    page = published(situation, whole, previous, public, text)
    assert "these words count" not in " ".join(page.instruments)
    assert "draft" not in " ".join(page.instruments)


def test_terms_of_a_text_that_does_not_hold_yet_are_called_so(situation, whole, previous, public):
    (text,) = situation.agreement.instruments
    page = published(situation, whole, previous, public, replace(text, holds=NEVER))
    assert page.provisions[0].window == "not yet: no hours are known"
    assert "these words count: not yet" in page.instruments[0]
