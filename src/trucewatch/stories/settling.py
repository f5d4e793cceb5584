"""What the answers to each question amount to, once their origins are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from trucewatch.model import Verdict
from trucewatch.stories.aligning import NOT_COUNTED
from trucewatch.stories.relations import Relation, counted, relation
from trucewatch.stories.times import Chronology, Ground
from trucewatch.stories.topics import Topic, brief, topic_class
from trucewatch.stories.vocabulary import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.model import Answer, Article, Origin, Question, Statement, Story
    from trucewatch.stories.vocabulary import TopicClass

# An effective number of origins is one more than the chance that two are two. They count as two
# where that is very likely, by the words of probability that are used throughout.
TWO = 1.8
# So many answers and pairs of them are told of; the others are counted.
SHOWN = 6
# So many answers are held against one another, the best founded; of a flood the rest is counted.
COMPARED = 100
_DECIDING = [Verdict.DISPUTED, Verdict.CHANGED, Verdict.SINGLE_ORIGIN, Verdict.COMPATIBLE]


def settle(
    story: Story,
    origins: Mapping[tuple[str, ...], tuple[Origin, ...]],
    independent: Mapping[tuple[str, ...], float],
    *,
    articles: Iterable[Article],
    statements: Iterable[Statement],
) -> Story:
    """The story with its verdicts, given what stands behind each answer.

    `origins` and `independent` (the effective number of origins) go by `Answer.statements`; an
    answer that is not in them has no origin, and no origin never agrees nor disputes. `articles`
    and `statements` are those that the story was aligned from: they tell what came first. The
    answers of a question that changed stand from the earliest to the latest.
    """
    known = {one.id: one for one in statements}
    wanted = set(story.articles)
    chronology = Chronology(one for one in articles if one.id in wanted)
    return replace(
        story,
        questions=tuple(
            _Settling(question, origins, independent, known, chronology).settled()
            for question in story.questions
        ),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """What two answers amount to, and why; `late` is the later of a change."""

    verdict: Verdict
    reason: str
    late: Answer | None = None


class _Settling:
    """One question on its way to a verdict."""

    def __init__(
        self,
        question: Question,
        origins: Mapping[tuple[str, ...], tuple[Origin, ...]],
        independent: Mapping[tuple[str, ...], float],
        statements: Mapping[str, Statement],
        chronology: Chronology,
    ) -> None:
        self._question = question
        self._answers = tuple(
            replace(
                one,
                origins=origins.get(one.statements, ()),
                independent=independent.get(one.statements, 0.0),
            )
            for one in question.answers
        )
        self._said = {
            one.statements: [statements[key] for key in one.statements] for one in self._answers
        }
        self._chronology = chronology
        self._topic = Topic.of(question.topic)
        self._things = {
            key: counted(self._topic, said, chronology.articles) for key, said in self._said.items()
        }
        self._class: TopicClass = topic_class(
            self._topic, (one for said in self._said.values() for one in said)
        )

    def settled(self) -> Question:
        """The question with origins, verdict and reasons."""
        kept, set_aside = self._set_aside()
        compared = sorted(kept, key=_founded)[:COMPARED]
        pairs = [self._pair(one, other) for one, other in combinations(compared, 2)]
        verdict, reason = self._verdict(kept, {pair.verdict for pair in pairs})
        reasons = [
            *_first([_counted(one) for one in self._answers], "answers"),
            *set_aside,
            *_first([pair.reason for pair in sorted(pairs, key=_weight)], "pairs of answers"),
            *_uncompared(len(kept)),
        ]
        old = [one for one in self._question.reasons if one != NOT_COUNTED]
        undated = (
            ["who said it first is not known: no outlet that prints it is dated"]
            if all(one.first is None for one in self._answers)
            else []
        )
        return replace(
            self._question,
            answers=self._answers if verdict is not Verdict.CHANGED else self._by_time(pairs),
            verdict=verdict,
            reasons=tuple(dict.fromkeys([reason, *reasons, *old, *undated])),
        )

    def _by_time(self, pairs: Iterable[_Pair]) -> tuple[Answer, ...]:
        """The answers of a change from the earliest to the latest."""
        before = Counter(pair.late.statements for pair in pairs if pair.late is not None)
        return tuple(sorted(self._answers, key=lambda one: before[one.statements]))

    def _set_aside(self) -> tuple[list[Answer], list[str]]:
        """The answers that count, and why the others do not.

        An answer that only outlets give who contradict it themselves is shown, and disputes nobody.
        """
        torn = {outlet for outlet, _ in self._question.inconsistent}
        others = [one for one in self._answers if not set(one.outlets) <= torn]
        if not others:
            return list(self._answers), []
        aside = [one for one in self._answers if set(one.outlets) <= torn]
        return others, [
            f"“{brief(one.value)}” is given only by {', '.join(one.outlets)}, at odds with itself; "
            "it disputes nothing"
            for one in aside
        ]

    def _pair(self, one: Answer, other: Answer) -> _Pair:
        mine, others = self._said[one.statements], self._said[other.statements]
        alike = not self._things[one.statements].isdisjoint(self._things[other.statements])
        how, reason = relation(self._class.sort, one, other, alike=alike)
        if how is Relation.COMPATIBLE:
            return _Pair(Verdict.COMPATIBLE, reason)
        dated = self._class.sort not in {Sort.DAY, Sort.DAYS}
        order = self._chronology.order(mine, others, by_dates=dated)
        ours, theirs = _voices([one]), _voices([other])
        if order is not None:
            sign, ground, why = order
            early, late = (one, other) if sign < 0 else (other, one)
            told = f"first “{brief(early.value)}”, then “{brief(late.value)}”: {why}"
            moves = self._class.state or how is Relation.SUCCESSIVE
            if moves or ground in {Ground.WORDS, Ground.DATES} or ours & theirs:
                return _Pair(Verdict.CHANGED, told, late)
            reason = f"{reason}; {told}, but nobody is shown to have changed their word"
        elif how is Relation.SUCCESSIVE:
            return _Pair(Verdict.COMPATIBLE, f"{reason}; which is the later is not known")
        else:
            reason = f"{reason}; nothing shows that they belong to different times"
        if not (ours and theirs):
            reason = f"{reason}; an answer without a known origin disputes nothing"
        elif len(ours | theirs) > 1:
            return _Pair(Verdict.DISPUTED, reason)
        else:
            reason = f"{reason}; one origin is told in both ways"
        return _Pair(Verdict.SINGLE_ORIGIN, reason)

    def _verdict(self, kept: list[Answer], found: set[Verdict]) -> tuple[Verdict, str]:
        if Verdict.DISPUTED in found:
            return Verdict.DISPUTED, "answers of different origins exclude one another"
        if Verdict.CHANGED in found:
            return Verdict.CHANGED, "the answers belong to different times"
        for one in kept:
            if len(_voices([one])) > 1 and one.independent >= TWO:
                return Verdict.AGREED, f"independent origins give “{brief(one.value)}”"
        voices = _voices(kept)
        if not voices:
            return Verdict.SINGLE_ORIGIN, "no origin is known, and none is never two"
        if Verdict.SINGLE_ORIGIN in found:
            return Verdict.SINGLE_ORIGIN, "what differs stands on one origin, told in two ways"
        if len(kept) > 1 and len(voices) > 1:
            return Verdict.COMPATIBLE, "the answers differ, and all of them can be true"
        if len(voices) > 1:
            most = max(one.independent for one in kept)
            why = f"its origins are not shown to be two: their effective number is {most:.1f}"
            return Verdict.SINGLE_ORIGIN, why
        outlets = {outlet for one in kept for outlet in one.outlets}
        label = min(origin.label for one in kept for origin in one.origins)
        printed = f"{len(outlets)} outlets print it" if len(outlets) > 1 else "one outlet prints it"
        return Verdict.SINGLE_ORIGIN, f"all of it stands on one origin, {label}; {printed}"


def _voices(answers: Iterable[Answer]) -> set[tuple[str, str]]:
    """Who stands behind answers; all origins of one party are one voice."""
    return {
        ("party", origin.party) if origin.party else ("origin", origin.id)
        for one in answers
        for origin in one.origins
    }


def _weight(pair: _Pair) -> tuple[int, str]:
    """What decides is told first."""
    return _DECIDING.index(pair.verdict), pair.reason


def _founded(answer: Answer) -> tuple[float, int, str, tuple[str, ...]]:
    """The answers with most behind them first."""
    return -answer.independent, -len(answer.outlets), answer.value, answer.statements


def _uncompared(answers: int) -> list[str]:
    more = answers - COMPARED
    return [f"and {more} more answers, held against none"] if more > 0 else []


def _first(reasons: list[str], what: str) -> list[str]:
    more = len(reasons) - SHOWN
    return [*reasons[:SHOWN], *([f"and {more} more {what}"] if more > 0 else [])]


def _counted(answer: Answer) -> str:
    labels = ", ".join(sorted({one.label for one in answer.origins})) or "none known"
    outlets = len(answer.outlets)
    return (
        f"“{brief(answer.value)}”: printed by {outlets} outlet{'s' if outlets > 1 else ''}; "
        f"origins: {labels}; effective number {answer.independent:.1f}"
    )
