"""What a reader is warned of: disputes, changes, contradictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.nouns import run_of
from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.phrases import counted, listed
from trucewatch.bulletins.brief.showing import shown_words
from trucewatch.bulletins.brief.telling import head_of
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Answer, Question, Statement


MOST_CONTRADICTIONS = 6
"""How many outlets at odds with themselves are told of for one question."""


@dataclass(frozen=True, slots=True)
class Warner:
    """Tells of questions whose verdict is no agreement."""

    teller: Teller

    def warned(self, question: Question) -> tuple[Sentence, ...]:
        """What to be warned of: a dispute or a change."""
        if question.verdict is Verdict.DISPUTED:
            return self._sides(question)
        if question.verdict is Verdict.CHANGED:
            return self._change(question)
        return ()

    def _sides(self, question: Question) -> tuple[Sentence, ...]:
        made, cited = [], []
        for answer in self.teller.ordered(question)[:4]:
            told = self.teller.by(question, answer, beside=True)
            if told is not None:
                made.append(told)
                cited += self.teller.pen.one_each(answer)
        if len(made) < 2:
            return ()
        return self.teller.pen.say(f"disputed: {'; '.join(made)}", cited, question)

    def _change(self, question: Question) -> tuple[Sentence, ...]:
        """What was told before, and what later; a position in printed words."""
        ordered = self.teller.ordered(question)
        last, before = ordered[0], ordered[-1]
        clauses = [self.teller.clause(question, one) for one in (before, last)]
        if all(clauses):
            then, now = (one.alone() if one else None for one in clauses)
        else:
            then, now = self._marked(before), self._marked(last)
        if last is before or then is None or now is None:
            return ()
        cited = self.teller.pen.one_each(before) + self.teller.pen.one_each(last)
        return self.teller.pen.say(f"changed over time: first {then}, then {now}", cited, question)

    def _marked(self, answer: Answer) -> str | None:
        """The fullest short wording of an answer, marked, with whose it is."""
        firsts = set(self.teller.pen.one_each(answer))
        found = [one for one in self.teller.pen.found(answer) if one.id in firsts]
        if not found:
            return None
        one = min(found, key=lambda each: (self._weight(each), each.core))
        told = self.teller.sentence(one)
        n = len({each.outlet for each in found})
        others = f" and {counted(n - 1, 'other')}" if n > 1 else ""
        return f"“{told}” ({self.teller.pen.outlet(one.outlet)}{others})" if told else None

    def _weight(self, one: Statement) -> int:
        """How far a sentence is from what can be quoted whole."""
        return len(shown_words(self.teller.pen.articles[one.article].words(one.passage)))

    def contradictions(self, question: Question) -> tuple[Sentence, ...]:
        """The outlets that contradict themselves, a sentence each, and no more than are read."""
        outlets = sorted({outlet for outlet, _ in question.inconsistent})
        said: tuple[Sentence, ...] = ()
        for outlet in outlets[:MOST_CONTRADICTIONS]:
            said += self.self_contradiction(question, outlet)
        return said

    def self_contradiction(self, question: Question, outlet: str) -> tuple[Sentence, ...]:
        """An outlet that contradicts itself on questions of one kind, in its own words."""
        ways = self._ways([question], outlet)
        if len(ways) < 2:
            kin = [
                q for q in self.teller.pen.story.questions if _kin(q.topic) == _kin(question.topic)
            ]
            ways = self._ways(kin, outlet)
        if len(ways) < 2:
            return ()
        found = sorted(ways.values(), key=lambda one: one.core)[:4]
        told = [f"“{excerpt(run_of(one, self.teller.pen.articles), 8)[0]}”" for one in found]
        text = f"{self.teller.pen.outlet(outlet)} contradicts itself: it prints {listed(told)}"
        return self.teller.pen.say(text, [one.id for one in found], question)

    def _ways(self, questions: Sequence[Question], outlet: str) -> dict[tuple[str, ...], Statement]:
        """The different wordings of one outlet to some questions."""
        ways: dict[tuple[str, ...], Statement] = {}
        answers = [answer for question in questions for answer in question.answers]
        for one in (each for answer in answers for each in self.teller.pen.found(answer)):
            if one.outlet == outlet:
                ways.setdefault(shown_words(run_of(one, self.teller.pen.articles)), one)
        return ways


def _kin(topic: str) -> tuple[str, str]:
    """What makes two topics of one kind: all but the sub-topic."""
    return head_of(topic), topic.partition("@")[2]
