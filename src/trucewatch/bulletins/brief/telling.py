"""Sentences on one question: what is answered, by how many, in which words, and on whose word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.grounds import LONGEST_QUOTATION, origins_of
from trucewatch.bulletins.brief.pen import excerpt, window
from trucewatch.bulletins.brief.phrases import (
    Clause,
    amount,
    clause,
    counted,
    counted_as,
    listed,
    noun_of,
    number,
    printed,
    run_of,
    when,
    with_article,
)
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.model import Saying, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.pen import Pen
    from trucewatch.model import Answer, Question, Statement

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


# How the reason of a change names the later of two answers.
_THEN = re.compile("first “[^”]*”, then “([^”]*)”")
SHORT = 14
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
        late = _late(question)
        return sorted(
            question.answers,
            key=lambda one: (
                0 if late and one.value.startswith(late) else 1 if late else 0,
                self._old(question, one),
                -len(one.outlets),
                one.first is None,
                one.first.earliest.isoformat() if one.first else "",
                one.value,
            ),
        )

    def _old(self, question: Question, answer: Answer) -> bool:
        """Whether an answer is what the articles themselves tell as the state before."""
        if question.verdict is not Verdict.CHANGED:
            return False
        found = self.pen.found(answer)
        return bool(found) and all(one.earlier for one in found)

    def clause(self, question: Question, answer: Answer) -> Clause | None:
        """What an answer says in words of our own, None where its topic has no clause."""
        return clause(question, answer, self.pen.found(answer), self.pen.articles)

    def figure(self, answer: Answer) -> str:
        """The amount and the noun of an answer: "27 heads of state and government"."""
        if answer.quantity is None:
            return ""
        noun = counted_as(self.pen.found(answer), self.pen.articles)
        return f"{amount(answer.quantity)} {noun}".strip()

    def alone(self, question: Question, answer: Answer) -> str | None:
        """What an answer says by itself; a quotation where its topic has no clause."""
        made = self.clause(question, answer)
        return made.alone() if made else self.quoted(answer)

    def by(self, question: Question, answer: Answer) -> str | None:
        """What an answer says, and how many print it."""
        made = self.clause(question, answer)
        if made is None:
            return self._reported(answer)
        one = len(answer.outlets) == 1
        if made.noun and one:
            return self._cited(answer)
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

    def _cited(self, answer: Answer) -> str | None:
        """What one outlet prints, in its own words."""
        found = self.pen.found(answer)
        if not found:
            return None
        told = excerpt(self._telling(found[0]), SHORT)[0].rstrip(" .,;:")
        return f"{self.pen.outlet(found[0].outlet)} prints “{told}”" if told else None

    def _telling(self, one: Statement) -> str:
        """The core of a statement with what follows in its sentence, where the core is short."""
        article = self.pen.articles[one.article]
        core = article.words(one.core)
        if len(shown_words(core)) >= SHORT // 2:
            return core
        return article.text[one.core.start : max(one.passage.end, one.core.end)]

    def quoted(self, answer: Answer) -> str | None:
        """An answer in the printed words of one that gives it, marked and attributed.

        A position is quoted with what leads up to it: "gave no sign that it would accept".
        """
        found = self.pen.found(answer)
        if not found:
            return None
        one = min(found, key=lambda each: (each.earlier, self._length(each), each.core))
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

    def _length(self, one: Statement) -> int:
        return len(shown_words(one.quote or self.pen.articles[one.article].words(one.core)))

    def _whose(self, one: Statement) -> str:
        if one.speaker:
            return shown(one.speaker)
        return f"in the words of {self.pen.outlet(one.outlet)}"

    def short(self, question: Question) -> tuple[Sentence, ...]:
        """The main answer in a few words."""
        main = self.ordered(question)[0]
        return self.pen.say(self.alone(question, main), self.pen.one_each(main), question)

    def point(self, question: Question) -> tuple[Sentence, ...]:
        """The main answer, and in brackets how many print it and from how many origins."""
        main = self.ordered(question)[0]
        made = self.clause(question, main)
        told = made.alone() if made else self.quoted(main)
        if told is None:
            return ()
        n, k = len(main.outlets), origins_of(main)
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
            told += self._named(main) + self._bounded(main) + self.behind(main)
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

    def warned(self, question: Question) -> tuple[Sentence, ...]:
        """What to be warned of: a dispute, a change, or one origin."""
        if question.verdict is Verdict.DISPUTED:
            return self._sides(question)
        if question.verdict is Verdict.CHANGED:
            return self._change(question)
        if question.verdict is Verdict.SINGLE_ORIGIN:
            return self._alone(question)
        return ()

    def _sides(self, question: Question) -> tuple[Sentence, ...]:
        made, cited = [], []
        for answer in self.ordered(question)[:4]:
            told = self.by(question, answer)
            if told is not None:
                made.append(told)
                cited += self.pen.one_each(answer)
        return self.pen.say("; ".join(made), cited, question) if len(made) > 1 else ()

    def _change(self, question: Question) -> tuple[Sentence, ...]:
        """What was told before, and what later; a position in printed words, with its articles."""
        ordered = self.ordered(question)
        last, before = ordered[0], ordered[-1]
        clauses = [self.clause(question, one) for one in (before, last)]
        if head_of(question.topic) != "position" and all(clauses):
            then, now = (one.alone() if one else None for one in clauses)
        else:
            then, now = self._lettered(before), self._lettered(last)
        if last is before or then is None or now is None:
            return ()
        cited = self.pen.one_each(before) + self.pen.one_each(last)
        return self.pen.say(f"changed over time: first {then}, then {now}", cited, question)

    def _lettered(self, answer: Answer) -> str | None:
        """The fullest short wording of an answer, marked, with the letters of its articles."""
        firsts = set(self.pen.one_each(answer))
        found = [one for one in self.pen.found(answer) if one.id in firsts]
        if not found:
            return None
        one = min(found, key=lambda each: (self._weight(each), each.core))
        told = self.sentence(one)
        letters = sorted({self.pen.labels[each.article] for each in found})
        return f"“{told}” ({listed(letters)})" if told else None

    def _weight(self, one: Statement) -> int:
        """How far a sentence is from what can be quoted whole."""
        return len(shown_words(self.pen.articles[one.article].words(one.passage)))

    def _alone(self, question: Question) -> tuple[Sentence, ...]:
        main = self.ordered(question)[0]
        if len(main.outlets) > 1:
            return self.point(question)
        made = self.clause(question, main)
        outlet = self.pen.outlet(main.outlets[0])
        if made is not None and not made.noun:
            text: str | None = made.said_by(f"only {outlet}", one=True) + self._from(main)
        elif made is not None:
            told = self._cited(main)
            text = told and f"only {told}{self._from(main)}"
        else:
            text = self.quoted(main)
            if text and text.startswith(outlet):
                text = f"only {text}"
            elif text:
                text = f"{text} ({outlet} alone)"
        return self.pen.say(text, self.pen.one_each(main), question)

    def offices(self, questions: Sequence[Question]) -> tuple[Sentence, ...]:
        """Who holds which office, where one outlet alone names the holders: one sentence each."""
        held: dict[str, list[tuple[str, Question, list[str]]]] = {}
        for question in questions:
            main = self.ordered(question)[0]
            made = self.clause(question, main)
            if made is not None and len(main.outlets) == 1:
                told = made.text.replace(" is ", " as ", 1)
                held.setdefault(main.outlets[0], []).append(
                    (told, question, self.pen.one_each(main))
                )
        said: tuple[Sentence, ...] = ()
        for outlet, found in sorted(held.items()):
            text = f"only {self.pen.outlet(outlet)} names {listed([one for one, _, _ in found])}"
            cited = [each for _, _, ids in found for each in ids]
            said += self.pen.say(text, cited, *(question for _, question, _ in found))
        return said

    def _from(self, answer: Answer) -> str:
        """Whom one outlet names for what it alone prints; nothing where it stands by itself."""
        if len(answer.origins) != 1:
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
        told, _ = excerpt(first.quote or "")
        text = f"{speaker} is quoted by {self.who(main)}: “{told}”"
        others = [
            one for one in ordered if shown_words(one.quote or "") != shown_words(first.quote or "")
        ]
        if others:
            rendered, _ = excerpt(others[0].quote or "")
            text += f"; {self.pen.outlet(others[0].outlet)} renders it “{rendered}”"
        cited = [first.id, *self.pen.one_each(main), *(one.id for one in others[:1])]
        return self.pen.say(text, list(dict.fromkeys(cited)), question)

    def self_contradiction(self, question: Question, outlet: str) -> tuple[Sentence, ...]:
        """An outlet that contradicts itself on questions of one kind, in its own words."""
        ways = self._ways([question], outlet)
        if len(ways) < 2:
            kin = [q for q in self.pen.story.questions if _kin(q.topic) == _kin(question.topic)]
            ways = self._ways(kin, outlet)
        if len(ways) < 2:
            return ()
        found = sorted(ways.values(), key=lambda one: one.core)[:4]
        told = [f"“{excerpt(run_of(one, self.pen.articles), 8)[0]}”" for one in found]
        text = f"{self.pen.outlet(outlet)} is not at one with itself: it prints {listed(told)}"
        return self.pen.say(text, [one.id for one in found], question)

    def _ways(self, questions: Sequence[Question], outlet: str) -> dict[tuple[str, ...], Statement]:
        """The different wordings of one outlet to some questions."""
        ways: dict[tuple[str, ...], Statement] = {}
        answers = [answer for question in questions for answer in question.answers]
        for one in (each for answer in answers for each in self.pen.found(answer)):
            if one.outlet == outlet:
                ways.setdefault(shown_words(run_of(one, self.pen.articles)), one)
        return ways


def _late(question: Question) -> str:
    """The later value of a change, as the reason of its verdict has it; "" where there is none."""
    if question.verdict is not Verdict.CHANGED:
        return ""
    found = next((hit for one in question.reasons if (hit := _THEN.search(one))), None)
    return found[1].rstrip(" …") if found else ""


def _kin(topic: str) -> tuple[str, str]:
    """What makes two topics of one kind: all but the sub-topic."""
    return head_of(topic), topic.partition("@")[2]


def value_words(question: Question, answer: Answer, pen: Pen) -> str:
    """The value of an answer as a table shows it."""
    if answer.quantity is not None:
        told = amount(answer.quantity)
        unit = answer.quantity.unit
        return told if not unit or unit == "%" else f"{told} ({shown(unit)})"
    found = pen.found(answer)
    if head_of(question.topic) == "post":
        return when(next((one.when for one in found if one.when is not None), None))
    if any(one.kind is Saying.QUOTATION for one in found):
        return f"“{excerpt(answer.value)[0]}”"
    return printed(answer.value, found, pen.articles) or shown(answer.value)
