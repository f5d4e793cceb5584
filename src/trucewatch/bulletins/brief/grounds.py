"""What may be said: each sentence is held against the words that it cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.showing import shown_words
from trucewatch.bulletins.brief.vocabulary import (
    VALUES,
    bound_words,
    figure,
    mixes_measures,
    own_words,
    senses,
    stance_words,
    stem,
    stems,
)
from trucewatch.bulletins.wording import MONTHS
from trucewatch.language import countries, tokens
from trucewatch.model import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Answer, Article, Interval, Statement, Story

LONGEST_RUN = 12
"""How many words in a row may be an article's, apart from marked quotations."""

LONGEST_QUOTATION = 25
"""How many words a marked quotation may have."""

VERY_LIKELY = 0.8

QUOTED = re.compile("“([^“”]*)”")
_ELLIPSIS = re.compile("…")


def runs(found: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """The runs of one word more than may be copied."""
    length = LONGEST_RUN + 1
    return (tuple(found[i : i + length]) for i in range(len(found) - length + 1))


def origins_of(answer: Answer) -> int:
    """How many independent origins are known behind an answer, in whole numbers; 0 is unknown.

    The effective number is one more than the chance that two are two, and so on: two count as two
    where that is very likely (80 % or more), as in the verdicts.
    """
    return max(1, int(answer.independent + 1 - VERY_LIKELY)) if answer.origins else 0


class Grounds:
    """The articles and statements of one story, and the terms of the mission at hand."""

    def __init__(
        self,
        story: Story,
        *,
        articles: Mapping[str, Article],
        statements: Mapping[str, Statement],
        labels: Mapping[str, str],
        terms: Mapping[str, str],
    ) -> None:
        self._articles = articles
        self._statements = statements
        self._labels = labels
        self._terms = terms
        self._questions = {one.id: one for one in story.questions}
        self._words = {one: shown_words(articles[one].text) for one in story.articles}
        self._vocabulary = {one: set(found) for one, found in self._words.items()}
        # Hashes, as the runs of a long article would take a hundred times its room.
        self._runs = {hash(run) for found in self._words.values() for run in runs(found)}
        self._support: dict[str, set[str]] = {}
        self._passages: dict[str, tuple[str, ...]] = {}

    def fault(self, text: str, cited: Sequence[str], questions: Sequence[str] = ()) -> str | None:
        """Why a sentence must not be printed, or None; `cited` are ids of statements and terms."""
        known = [one for one in cited if one in self._statements or one in self._terms]
        if not known or len(known) < len(cited):
            return "it cites nothing that is at hand"
        outside = QUOTED.split(text)[::2]
        if any(mark in part for part in outside for mark in "“”"):
            return "a quotation is not closed"
        if self.copied(text):
            return f"more than {LONGEST_RUN} words in a row are an article's"
        plain = " ".join(outside)
        if mixes_measures(plain):
            return "a confidence and a likelihood stand in one sentence"
        quoted = self._quotation_fault(text, plain, known)
        return quoted or self._word_fault(plain, known, questions) or self._sense_fault(text, known)

    def copied(self, text: str) -> bool:
        """Whether a text holds too long a run of an article's words outside of quotations."""
        outside = QUOTED.split(text)[::2]
        return any(hash(run) in self._runs for part in outside for run in runs(shown_words(part)))

    def stands(self, text: str, cited: Sequence[str]) -> bool:
        """Whether printed words stand in the passage of a cited statement, cut ones in order."""
        parts = [part for piece in _ELLIPSIS.split(text) if (part := shown_words(piece))]
        return any(in_order(self._passage(one), parts) for one in self._spoken(cited))

    def note_fault(self, text: str) -> str | None:
        """Why a note must not be printed: it may hold only the desk's own words and figures."""
        for word in shown_words(text):
            if not (word.isdigit() or word in VALUES or stem(word) in own_words(notes=True)):
                return f"“{word}” is no word of the desk, and nothing is cited"
        return "a note quotes" if QUOTED.search(text) else None

    def _spoken(self, cited: Iterable[str]) -> list[Statement]:
        return [self._statements[one] for one in cited if one in self._statements]

    def _quotation_fault(self, text: str, plain: str, cited: Sequence[str]) -> str | None:
        said = set(shown_words(plain))
        for quotation in QUOTED.findall(text):
            found = shown_words(quotation)
            if not found or len(found) > LONGEST_QUOTATION:
                return f"a quotation has no words, or more than {LONGEST_QUOTATION}"
            parts = [shown_words(part) for part in _ELLIPSIS.split(quotation)]
            holders = [
                one
                for one in self._spoken(cited)
                if in_order(self._passage(one), [part for part in parts if part])
            ]
            if not holders:
                terms = [shown_words(self._terms[one]) for one in cited if one in self._terms]
                if not any(in_order(term, [p for p in parts if p]) for term in terms):
                    return "a quotation stands in no cited passage"
                continue
            if not any(said & self._speakers(one) for one in holders):
                return "a quotation is not attributed"
        return None

    def _speakers(self, one: Statement) -> set[str]:
        """Words that say whose a quotation is: the speaker's, or the outlet's or its letter."""
        label = self._labels[one.article].casefold()
        return {
            label,
            *shown_words(one.outlet),
            *shown_words(one.speaker or ""),
            *shown_words(one.actor or ""),
        }

    def _passage(self, one: Statement) -> tuple[str, ...]:
        if one.id not in self._passages:
            self._passages[one.id] = shown_words(self._articles[one.article].words(one.passage))
        return self._passages[one.id]

    def _word_fault(self, plain: str, cited: Sequence[str], questions: Sequence[str]) -> str | None:
        support = set().union(*(self._supported(one) for one in cited))
        # Whose word it is was judged by other rules than words in a row; the table gives them.
        for one in (self._questions[key] for key in questions if key in self._questions):
            support |= {s for a in one.answers for o in a.origins for s in stems(o.label)}
        counts = self._counts(cited, questions)
        for word in shown_words(plain):
            value = int(word) if word.isdecimal() and len(word) < 12 else VALUES.get(word)
            if value in counts or str(value) in support or stem(word) in support:
                continue
            if value is not None:
                return f"the number {word} stands in no cited passage, and is no count of the desk"
            if word.isdigit() or stem(word) not in own_words():
                return f"“{word}” stands in no cited passage"
        return None

    def _supported(self, one: str) -> set[str]:
        """The stems that a cited statement or term allows."""
        if one not in self._support:
            self._support[one] = (
                set(stems(self._terms[one]))
                if one in self._terms
                else self._of_statement(self._statements[one])
            )
        return self._support[one]

    def _of_statement(self, one: Statement) -> set[str]:
        article = self._articles[one.article]
        passage = article.words(one.passage)
        found = set(stems(passage)) | _countries(passage)
        found |= stems(one.outlet) | stems(one.topic)
        found |= {stem(self._labels[one.article].casefold())}
        for name in (one.actor, one.about, one.speaker, *one.via):
            # A name by which the article knows somebody stands somewhere in its text.
            if name and set(shown_words(name)) <= self._vocabulary[one.article]:
                found |= stems(name)
        if one.negated:
            found |= senses("negations")
        if one.stance is not None:
            found |= stance_words(one.stance)
        if one.quantity is not None and one.quantity.words in article.text:
            for end in (one.quantity.low, one.quantity.high):
                if end is not None:
                    found |= stems(f"{end:,g}" if end < 1e6 else f"{end:,.0f}") | {f"{end:.0f}"}
                    found |= stems(figure(end))
        return found | _days(one.when) | _days(article.published)

    def _counts(self, cited: Sequence[str], questions: Sequence[str]) -> set[int]:
        """The numbers that are the desk's own: of what is cited, and of the questions named."""
        spoken = self._spoken(cited)
        found = {len({one.outlet for one in spoken}), len({one.article for one in spoken})}
        asked = [self._questions[one] for one in questions if one in self._questions]
        # Only answers of which a statement is cited lend their counts.
        for answer in (each for question in asked for each in question.answers):
            if not set(answer.statements).isdisjoint(cited):
                found |= {len(answer.outlets), len(answer.outlets) - 1, len(answer.variants)}
                found |= {origins_of(answer)}
        return (found | {len(asked)}) - {0}

    def _sense_fault(self, text: str, cited: Sequence[str]) -> str | None:
        """A negation, a hedge or a bound that the words carry is never lost."""
        spoken, said = self._spoken(cited), set(shown_words(text))
        said_stems = {stem(one) for one in said}
        if spoken and all(one.negated for one in spoken) and not said_stems & senses("negations"):
            return "the cited words deny it"
        if spoken and all(one.hedged for one in spoken) and not said_stems & senses("reserves"):
            return "the cited words put it with reserve"
        for one in spoken:
            fault = self._bound_fault(one, said, spoken)
            if fault:
                return fault
        return None

    def _bound_fault(
        self, one: Statement, said: set[str], spoken: Sequence[Statement]
    ) -> str | None:
        quantity = one.quantity
        if quantity is None or quantity.bound is Bound.EXACT:
            return None
        ends = [end for end in (quantity.low, quantity.high) if end is not None]
        told = [
            end
            for end in ends
            if any(set(shown_words(one)) <= said for one in (f"{end:,.0f}", figure(end)))
        ]
        exact = {
            end
            for other in spoken
            if other.quantity is not None and other.quantity.bound is Bound.EXACT
            for end in (other.quantity.low, other.quantity.high)
        }
        if not told or set(told) <= exact:
            return None
        if quantity.bound is Bound.RANGE and len(told) < len(set(ends)):
            return "one end of a range is lost"
        if not said & bound_words(quantity.bound):
            return f"“{quantity.bound.value}” is lost"
        return None


def _countries(passage: str) -> set[str]:
    """The names of the countries that a passage names in any way, such as "Danish"."""
    return {one for named in countries(tokens(passage)) for one in stems(named.name)}


def _days(when: Interval | None) -> set[str]:
    """The words of the days that an interval touches at its ends."""
    if when is None:
        return set()
    ends = (when.earliest, when.latest, when.middle)
    return {part for end in ends for part in (str(end.day), str(end.year))} | {
        stem(MONTHS[end.month - 1].casefold()) for end in ends
    }


def in_order(text: Sequence[str], parts: Sequence[Sequence[str]]) -> bool:
    """Whether runs of words stand in a text, one after the other."""
    at = 0
    for part in parts:
        length = len(part)
        starts = range(at, len(text) - length + 1)
        found = next((i for i in starts if tuple(text[i : i + length]) == tuple(part)), None)
        if found is None:
            return False
        at = found + length
    return bool(parts)
