"""Which of two statements is the later, and by what one can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.stories.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Article, Interval, Statement


class Phase(IntEnum):
    """How an article stands to the event that it tells of."""

    AHEAD = 0
    UNDER_WAY = 1
    OVER = 2


class Ground(IntEnum):
    """By what an order was told, the surest first."""

    WORDS = 0
    DATES = 1
    PUBLICATION = 2
    TENSE = 3


_SENTENCE = re.compile(r"[^.!?\n]+")
# No quotation mark inside, so that a thousand marks that nobody closes cost no more than one.
_QUOTED = re.compile(r"[“\"][^“”\"\n]*[”\"]")


@dataclass(frozen=True, slots=True)
class Telling:
    """From which phase to which an article's tense may be, and the words that show it."""

    first: Phase
    last: Phase
    words: str


def telling(article: Article) -> Telling | None:
    """How an article stands to its event by the tense it uses; None where it uses no such words.

    A text that says both "will meet" and "are taking place" lies in either; one that says both
    "will meet" and "met" lies anywhere. What is quoted is another's tense, and does not count.
    """
    known = vocabulary(article.language)
    if known is None:
        return None
    found: dict[Phase, set[tuple[str, ...]]] = {}
    for sentence in _SENTENCE.findall(_QUOTED.sub(" ", article.text)):
        run = words(sentence)
        event = bool(known.tenses.events & set(run))
        for at, word in enumerate(run):
            for cue in known.tenses.cues.get(word, ()):
                if (event or cue.alone) and run[at : at + len(cue.words)] == cue.words:
                    found.setdefault(Phase(cue.phase), set()).add(cue.words)
    if not found:
        return None
    shown = [" ".join(min(found[which])) for which in sorted(found)]
    return Telling(min(found), max(found), "”, “".join(shown))


class Chronology:
    """Puts statements in order of time, as far as their words and articles tell."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = {article.id: article for article in articles}
        self._telling = {key: telling(article) for key, article in self.articles.items()}

    def order(
        self, ours: Sequence[Statement], theirs: Sequence[Statement], *, by_dates: bool = True
    ) -> tuple[int, Ground, str] | None:
        """Which of two answers came first: -1 for ours, 1 for theirs, with ground and reason.

        The surest ground decides. None where it orders two pairs against each other, or where
        there is no ground; a publication that is not known orders nothing. Answers that are
        themselves days must not be ordered `by_dates`: a date in dispute is no change.
        """
        told = [
            found
            for one in self._profiles(ours)
            for other in self._profiles(theirs)
            if (found := self._pair(one, other, by_dates)) is not None
        ]
        if not told:
            return None
        surest = min(ground for _, ground, _ in told)
        kept = [one for one in told if one[1] == surest]
        if len({sign for sign, *_ in kept}) != 1:
            return None
        return min(kept, key=lambda one: one[2])

    def _profiles(self, statements: Sequence[Statement]) -> list[Statement]:
        """One statement for all that tell the same of their time."""
        found: dict[object, Statement] = {}
        for one in sorted(statements, key=lambda one: (one.outlet, one.when_words or "", one.id)):
            published = self.articles[one.article].published
            profile = (one.earlier, one.when, published, self._telling[one.article])
            found.setdefault(profile, one)
        return list(found.values())

    def _pair(
        self, one: Statement, other: Statement, by_dates: bool
    ) -> tuple[int, Ground, str] | None:
        if one.earlier != other.earlier:
            teller = one if one.earlier else other
            reason = f"{teller.outlet} itself tells it as the state before"
            return (-1 if one.earlier else 1), Ground.WORDS, reason
        if by_dates and (sign := apart(one.when, other.when)):
            first, second = (one, other) if sign < 0 else (other, one)
            reason = f"the words date them apart: {_dated(first)}, then {_dated(second)}"
            return sign, Ground.DATES, reason
        ours, theirs = self.articles[one.article], self.articles[other.article]
        if sign := apart(ours.published, theirs.published):
            early, late = (ours, theirs) if sign < 0 else (theirs, ours)
            return sign, Ground.PUBLICATION, f"{late.outlet} was published after {early.outlet}"
        mine, their = self._telling[one.article], self._telling[other.article]
        if mine is None or their is None:
            return None
        if mine.last < their.first:
            return -1, Ground.TENSE, _by_tense(ours, mine, theirs, their)
        if their.last < mine.first:
            return 1, Ground.TENSE, _by_tense(theirs, their, ours, mine)
        return None


def apart(one: Interval | None, other: Interval | None) -> int:
    """-1 where one certainly ends before the other starts, 1 the other way round, else 0."""
    if one is None or other is None or one == other:
        return 0
    return -1 if one.latest <= other.earliest else 1 if other.latest <= one.earliest else 0


def _by_tense(early: Article, before: Telling, late: Article, after: Telling) -> str:
    return (
        f"by the tense in which they tell of the event, {late.outlet} (“{after.words}”) is later "
        f"than {early.outlet} (“{before.words}”)"
    )


def _dated(statement: Statement) -> str:
    return f"“{statement.when_words}”" if statement.when_words else "a day given"
