"""Sentences on one question: what is answered, by how many, in which words, and on whose word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.grounds import LONGEST_QUOTATION, origins_of
from trucewatch.bulletins.brief.nouns import counted_as, noun_of, run_of
from trucewatch.bulletins.brief.pen import excerpt, window
from trucewatch.bulletins.brief.phrases import (
    Clause,
    amount,
    clause,
    counted,
    number,
    with_article,
)
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.vocabulary import senses, stem
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.pen import Pen
    from trucewatch.model import Answer, Passage, Question, Statement

RANK = (
    "meeting",
    "attendance",
    "delegation-lead",
    "delegation",
    "attends",
    "leads",
    "killed",
    "wounded",
    "troops",
    "territory-share",
    "priority",
    "pledge",
    "position",
    "post",
    "role",
    "quotation",
    "quoted-document",
)
"""Kinds of question in the order in which a story tells them; others come before quotations."""


SPOKEN = frozenset({"quotation", "quoted-document"})
"""Kinds of question that are about words, not about facts."""

# How the reason of a change names the earlier and the later of two answers.
_THEN = re.compile("first “([^”]*)”, then “([^”]*)”")
SHORT = 20
"""How many words of a sentence are quoted where its figure alone tells nothing."""


def head_of(topic: str) -> str:
    """The kind of a question: its topic without sub-topic and person."""
    return topic.partition("@")[0].partition("/")[0]


def rank(question: Question) -> tuple[int, bool, int, str, str]:
    """A key that puts questions in the order of the telling."""
    head = head_of(question.topic)
    place = RANK.index(head) if head in RANK else RANK.index("position")
    return (place, "/" in question.topic, -outlets_of(question), question.topic, question.id)


def outlets_of(question: Question) -> int:
    """How many outlets answer a question at all."""
    return len({one for answer in question.answers for one in answer.outlets})


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells questions of one story with one pen."""

    pen: Pen

    def ordered(self, question: Question) -> list[Answer]:
        """The answers, the most printed first; of a change the latest first."""
        late = _lateness(question)
        return sorted(
            question.answers,
            key=lambda one: (
                -late.get(one.value, 0),
                question.verdict is Verdict.CHANGED and self._old(one),
                -len(one.outlets),
                one.first is None,
                one.first.earliest.isoformat() if one.first else "",
                one.value,
            ),
        )

    def _old(self, answer: Answer) -> bool:
        """Whether an answer is what the articles themselves tell as the state before."""
        found = self.pen.found(answer)
        return bool(found) and all(one.earlier for one in found)

    def clause(self, question: Question, answer: Answer) -> Clause | None:
        """What an answer says in words of our own, None where its topic has no clause."""
        return clause(question, answer, self.pen.found(answer), self.pen.articles)

    def figure(self, answer: Answer, *, of: str = "") -> str:
        """The amount and the noun of an answer, and what stands between: "27 of them officials"."""
        if answer.quantity is None:
            return ""
        noun = counted_as(self.pen.found(answer), self.pen.articles)
        return f"{amount(answer.quantity)}{of} {noun}".strip()

    def alone(self, question: Question, answer: Answer) -> str | None:
        """What an answer says by itself; a quotation where a clause would not say of what."""
        made = self.clause(question, answer)
        return made.alone() if made and not made.noun else self.quoted(answer)

    def by(self, question: Question, answer: Answer, *, beside: bool = False) -> str | None:
        """What an answer says, and how many print it.

        A bare figure is told only `beside` other figures; by itself it would not say of what.
        """
        made, one = self.clause(question, answer), len(answer.outlets) == 1
        if made is None or (made.noun and not beside):
            return self._reported(answer)
        if made.noun and one:
            return self.cited(answer)
        return made.said_by(self.who(answer), one=one)

    def _reported(self, answer: Answer) -> str | None:
        """What has no clause: how many report it, and the words of one of them."""
        n, told = len(answer.outlets), self.quoted(answer)
        found = self.pen.found(answer)
        if told is None or n == 1:
            return told
        if all(one.quote for one in found):
            return f"{told} ({counted(n, 'outlet')})"
        others = "one other tells" if n == 2 else f"{number(n - 1)} others tell"
        return f"{told}, and {others} the same"

    def cited(self, answer: Answer) -> str | None:
        """What one outlet prints, in its own words."""
        found = self.pen.found(answer)
        if not found:
            return None
        told = self.sentence(found[0], SHORT)
        return f"{self.pen.outlet(found[0].outlet)} prints “{told}”" if told else None

    def quoted(self, answer: Answer) -> str | None:
        """An answer in the printed words of one that gives it, marked and attributed.

        A position is quoted with what leads up to it: "gave no sign that it would accept".
        """
        one = self.plainest(answer)
        if one is None:
            return None
        if one.quote:
            told = excerpt(one.quote)[0].rstrip(" .,;:")
            return f"{self._whose(one)}: “{told}”" if told else None
        told = self.sentence(one)
        return f"{self.pen.outlet(one.outlet)} prints “{told}”" if told else None

    def sentence(self, one: Statement, most: int = LONGEST_QUOTATION) -> str:
        """A statement in its sentence: whole where it is short, else its core and what leads to it.

        Whatever denies or reserves a thing stands before it more often than after.
        """
        article = self.pen.articles[one.article]
        whole, fits = excerpt(article.words(one.passage), most)
        if fits:
            return whole.rstrip(" .,;:")
        before = article.text[one.passage.start : one.core.start]
        after = article.text[one.core.end : one.passage.end]
        parts = window(before, article.words(one.core), after, most=most, lead=True)
        return "".join(parts).strip().rstrip(" .,;:")

    def plainest(self, answer: Answer) -> Statement | None:
        """The statement that tells an answer best in its own words."""
        return min(self.pen.found(answer), key=self._plainness, default=None)

    def _plainness(self, one: Statement) -> tuple[bool, bool, bool, int, Passage]:
        """Later before earlier, whole sentences first, and none whose "he" has no name to it."""
        words = shown_words(self.pen.articles[one.article].words(one.passage))
        bent = not one.quote and bool(words) and stem(words[0]) in senses("pronouns")
        cut = not one.quote and len(words) > LONGEST_QUOTATION
        return (one.earlier, bent, cut, self._length(one), one.core)

    def _length(self, one: Statement) -> int:
        return len(shown_words(one.quote or self.pen.articles[one.article].words(one.core)))

    def _whose(self, one: Statement) -> str:
        if one.speaker:
            return shown(one.speaker)
        return f"in the words of {self.pen.outlet(one.outlet)}"

    def point(self, question: Question) -> tuple[Sentence, ...]:
        """The main answer, and in brackets how many print it and from how many origins."""
        main = self.ordered(question)[0]
        told = self.alone(question, main)
        if told is None:
            return ()
        n, k = len(main.outlets), origins_of(main)
        if n == 1:
            text = f"{told}{self.from_whom(main)}"
            return self.pen.say(text, self.pen.one_each(main), question)
        behind = "" if not k else f", {counted(k, 'origin')}"
        if k == 1 and len(main.origins) == 1 and n > 1:
            behind += f": {with_article(self.pen.outlet(main.origins[0].label))}"
        text = f"{told} ({counted(n, 'outlet')}{behind})"
        return self.pen.say(text, self.pen.one_each(main), question)

    def shared(self, question: Question) -> tuple[Sentence, ...]:
        """Who prints the main answer, in which words, and what stands behind it."""
        main = self.ordered(question)[0]
        told = self.by(question, main)
        if told is not None and "“" not in told:
            told += self._named(main) + self._bounded(main)
            told += self.behind(main) + self.from_whom(main)
        return self.pen.say(told, self.pen.one_each(main), question)

    def who(self, answer: Answer) -> str:
        """The outlets of an answer: "all five outlets", "four outlets", or the one by name."""
        n, of = len(answer.outlets), len(self.pen.story.outlets)
        if n == 1:
            return self.pen.outlet(answer.outlets[0])
        if n == of:
            return "both outlets" if n == 2 else f"all {number(n)} outlets"
        return counted(n, "outlet")

    def _named(self, answer: Answer) -> str:
        """That outlets name the counted differently, where they do."""
        nouns = sorted(
            {noun for one in self.pen.found(answer) if (noun := noun_of(one, self.pen.articles))}
        )
        return f"; they name them differently ({', '.join(nouns)})" if len(nouns) > 1 else ""

    def _bounded(self, answer: Answer) -> str:
        """Outlets that put a figure with another bound, in their words."""
        quantity = answer.quantity
        others = {
            one.outlet: one
            for one in reversed(self.pen.found(answer))
            if quantity is not None
            and one.quantity is not None
            and one.quantity.bound is not quantity.bound
        }
        return "".join(
            f"; {self.pen.outlet(outlet)} prints “{excerpt(run_of(one, self.pen.articles))[0]}”"
            for outlet, one in sorted(others.items())[:3]
        )

    def behind(self, answer: Answer) -> str:
        """The origins behind an answer, as the tail of a sentence."""
        n, k = len(answer.outlets), origins_of(answer)
        if n < 2 or not k:
            return ""
        if k == 1:
            by = ""
            if len(answer.origins) == 1:
                by = f", {with_article(self.pen.outlet(answer.origins[0].label))}"
            return f"; all of it goes back to one origin{by}"
        if k < n:
            return f"; behind them are {counted(k, 'origin')}"
        return "; nothing was found that ties them to one another"

    def on_the_word(self, answer: Answer) -> str:
        """The one whose word an answer is, however many print it; nothing where there are more."""
        if len(answer.outlets) > 1 and origins_of(answer) == 1 and len(answer.origins) == 1:
            label = answer.origins[0].label
            if label not in answer.outlets:
                return f", on the word of {with_article(self.pen.outlet(label))}"
        return self.from_whom(answer)

    def from_whom(self, answer: Answer) -> str:
        """Whom one outlet names for what it alone prints; nothing where it stands by itself."""
        if len(answer.origins) != 1 or len(answer.outlets) != 1:
            return ""
        label = answer.origins[0].label
        holders = {shown_words(one.actor) for one in self.pen.found(answer) if one.actor}
        if shown_words(label) in {*holders, shown_words(answer.outlets[0])}:
            return ""
        return f", on the word of {with_article(self.pen.outlet(label))}"

    def renderings(self, question: Question) -> tuple[Sentence, ...]:
        """A quotation, and how another outlet renders the same words."""
        main = self.ordered(question)[0]
        found = [one for one in self.pen.found(main) if one.quote]
        names = {shown(one.speaker) for one in found if one.speaker}
        if not found or not names:
            return self.shared(question)
        speaker = min(names, key=lambda name: (-len(name), name))
        alike = Counter(shown_words(one.quote or "") for one in found)
        ordered = sorted(found, key=lambda one: (-alike[shown_words(one.quote or "")], one.core))
        first = ordered[0]
        told = excerpt(first.quote or "")[0].rstrip(".,;: ")
        text = f"{speaker} is quoted by {self.who(main)}: “{told}”"
        others = [
            one for one in ordered if shown_words(one.quote or "") != shown_words(first.quote or "")
        ]
        if others:
            rendered = excerpt(others[0].quote or "")[0].rstrip(".,;: ")
            text += f"; {self.pen.outlet(others[0].outlet)} renders it “{rendered}”"
        cited = [first.id, *self.pen.one_each(main), *(one.id for one in others[:1])]
        return self.pen.say(text, list(dict.fromkeys(cited)), question)


def _lateness(question: Question) -> dict[str, int]:
    """For each value of a change, before how many others it is told, less after how many.

    The reasons of the verdict say which of two came first; what they do not order stays at nought.
    """
    found: dict[str, int] = {}
    if question.verdict is not Verdict.CHANGED:
        return found
    pairs = [hit.groups() for reason in question.reasons for hit in _THEN.finditer(reason)]
    for one in question.answers:
        for early, late in pairs:
            found[one.value] = found.get(one.value, 0) + _is(one, late) - _is(one, early)
    return found


def _is(answer: Answer, told: str) -> bool:
    """Whether a value told in a reason, which may be cut, is an answer's."""
    return answer.value == told or (told.endswith("…") and answer.value.startswith(told[:-2]))
