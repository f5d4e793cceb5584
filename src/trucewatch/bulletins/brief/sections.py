"""The sections of a brief: which questions each of them tells, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import UNSURE, Note, Sentence
from trucewatch.bulletins.brief.grounds import origins_of
from trucewatch.bulletins.brief.phrases import (
    PRIORITIES,
    counted,
    listed,
    number,
    unslug,
    when,
)
from trucewatch.bulletins.brief.showing import shown_words
from trucewatch.bulletins.brief.tables import table_of
from trucewatch.bulletins.brief.telling import SPOKEN, Teller, head_of, outlets_of, rank
from trucewatch.bulletins.brief.warning import Warner
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.content import Table
    from trucewatch.model import Question

Said = tuple[Sentence | Note, ...]

NO_HEADLINE = "The articles share nothing that the desk can tell"
NOTHING_UNSURE = "Nothing disputed, changed or on one origin alone was found."
SILENT = "Nothing can be said on this from what is at hand."
WARNINGS = (
    (Verdict.DISPUTED, "is disputed", "are disputed"),
    (Verdict.CHANGED, "has changed over time", "have changed over time"),
    (Verdict.SINGLE_ORIGIN, "stands on one origin alone", "stand on one origin alone"),
)
TELLING = frozenset(
    {
        "attendance",
        "delegation-lead",
        "delegation",
        "leads",
        "killed",
        "wounded",
        "troops",
        "attends",
        "position",
    }
)
"""Kinds of question that a headline may be made of."""
LONGEST_HEADLINE = 20
LEAST_QUOTED = 6
MOST_ALONE = 8
MOST_POINTS = 10
MOST_TOLD = 8
MOST_WARNED = 24


@dataclass(frozen=True, slots=True)
class Told:
    """A clause with what it cites and the questions that it is about."""

    text: str
    cited: list[str]
    questions: tuple[Question, ...]


def _joined(parts: Sequence[Told]) -> tuple[list[str], tuple[Question, ...]]:
    return (
        [one for part in parts for one in part.cited],
        tuple(one for part in parts for one in part.questions),
    )


class Sections:
    """The sections of a brief, each from the questions it is about."""

    def __init__(self, teller: Teller, questions: Sequence[Question]) -> None:
        self.teller = teller
        self.warner = Warner(teller)
        self.pen = teller.pen
        self.questions = questions
        self._shared = [one for one in questions if self._main_outlets(one) >= 2]
        self._facts = [one for one in self._shared if head_of(one.topic) not in SPOKEN]

    def _main_outlets(self, question: Question) -> int:
        return len(self.teller.ordered(question)[0].outlets)

    def _strongest(self) -> list[Question]:
        """Facts by how many outlets print them; a priority is told with the others of its kind."""
        facts = [one for one in self._facts if head_of(one.topic) not in {"priority", "role"}]
        if any(head_of(one.topic) == "priority" for one in self._facts):
            # That there are five of them is told with their names.
            facts = [one for one in facts if one.topic != "number-of-priority"]
        return sorted(facts, key=lambda one: (-self._main_outlets(one), rank(one)))

    def headline(self) -> Sentence | Note:
        """Where and when, and the strongest shared facts, in a line without a full stop."""
        clauses = self._clauses()
        opened = self._dateline()
        tries = [(opened, clauses[:2]), (opened, clauses[:1]), (None, clauses[:2])]
        for line, chosen in [*tries, (None, clauses[:1])]:
            told = "; ".join(one.text for one in chosen)
            text = f"{line.text}: {told}" if line and chosen else told
            if len(shown_words(text)) > LONGEST_HEADLINE and len(chosen) > 1:
                continue
            parts = [*([line] if line and chosen else []), *chosen]
            said = self._one(Told(text, *_joined(parts)))
            if said:
                return replace(said[0], text=said[0].text.removesuffix("."))
        return Note(text=NO_HEADLINE)

    def _one(self, told: Told) -> tuple[Sentence, ...]:
        return self.pen.say(told.text, told.cited, *told.questions)

    def _dateline(self) -> Told | None:
        """The town and the day of a meeting that two outlets or more print."""
        for question in self._strongest():
            main = self.teller.ordered(question)[0]
            if head_of(question.topic) == "meeting" and "@" in question.topic:
                place = self.teller.clause(question, main)
                if place is not None and place.line:
                    return Told(place.line, self.pen.one_each(main), (question,))
        return None

    def _clauses(self) -> list[Told]:
        """The strongest shared facts as clauses, one of each kind; a whole with its part."""
        clauses: list[Told] = []
        heads: set[str] = set()
        strongest = self._strongest()
        for question in sorted(strongest, key=lambda one: (rank(one), -self._main_outlets(one))):
            head = head_of(question.topic)
            main = self.teller.ordered(question)[0]
            made = self.teller.clause(question, main)
            if made is None or made.noun or head in heads or head not in TELLING:
                continue
            heads.add(head)
            kin = [one for one in strongest if head_of(one.topic) == head] if made.sum else []
            alone = Told(made.alone(), self.pen.one_each(main), (question,))
            clauses.append(self._sum(kin) or alone)
        return list({one.text: one for one in clauses}.values())

    def _sum(self, kin: Sequence[Question]) -> Told | None:
        """A whole and the largest of its parts: "35 take part, 27 heads of state among them"."""
        whole = next((one for one in kin if "/" not in one.topic), None)
        part = next((one for one in kin if "/" in one.topic), None)
        if whole is None or part is None:
            return None
        mains = [self.teller.ordered(one)[0] for one in (whole, part)]
        text = f"{self.teller.alone(whole, mains[0])}, {self.teller.figure(mains[1])} among them"
        return Told(text, [one for main in mains for one in self.pen.one_each(main)], (whole, part))

    def glance(self) -> Said:
        """What was read, what most print, and what to be warned of."""
        said: Said = self.pen.note(self._read())
        for told in self._clauses()[:4]:
            said += self._one(told)
        said += self._priorities()[:1]
        return said + self.pen.note(self._verdicts())

    def _verdicts(self) -> str:
        """How many questions have which verdict to be warned of."""
        told = []
        for verdict, one, many in WARNINGS:
            n = sum(question.verdict is verdict for question in self.questions)
            if n:
                told.append(f"{number(n)} {one if n == 1 else many}")
        asked = counted(len(self.questions), "question")
        if not told:
            return f"Of {asked} that the articles answer, none is disputed or on one origin alone."
        return f"Of {asked} that the articles answer, {listed(told)}."

    def _read(self) -> str:
        articles = self.pen.articles.values()
        dates = sorted({one.published for one in articles if one.published is not None})
        undated = sum(one.published is None for one in articles)
        told = counted(len(articles), "article")
        told += f" of {counted(len(self.pen.story.outlets), 'outlet')}"
        if dates:
            first, last = when(dates[0]), when(dates[-1])
            told += f", dated {first}" if first == last else f", dated {first} to {last}"
            if undated:
                told += f" ({number(undated)} without a date)"
        else:
            told += ", none with a date"
        return f"{told[:1].upper()}{told[1:]}."

    def _priorities(self, *, behind: bool = False) -> Said:
        """The aims that outlets list, in one sentence for those that the same outlets name.

        With `behind` only those on one origin, and whose it is.
        """
        groups: dict[tuple[str, ...], list[Question]] = {}
        for question in self._facts:
            if head_of(question.topic) == "priority":
                main = self.teller.ordered(question)[0]
                groups.setdefault(main.outlets, []).append(question)
        said: Said = ()
        for _, found in sorted(groups.items(), key=lambda item: (-len(item[0]), item[0])):
            order = list(PRIORITIES)
            found.sort(key=lambda one: (_place(order, _kind(one)), one.topic))
            mains = [self.teller.ordered(one)[0] for one in found]
            kinds = [PRIORITIES.get(_kind(one), unslug(_kind(one))) for one in found]
            aims = f"{number(len(kinds))} aims: " if len(kinds) > 1 else "one aim: "
            verb = "name" if len(mains[0].outlets) > 1 else "names"
            text = f"{self.teller.who(mains[0])} {verb} {aims}{listed(kinds)}"
            if behind:
                if any(one.verdict is not Verdict.SINGLE_ORIGIN for one in found):
                    continue
                text += self.teller.behind(mains[0])
            said += self.pen.say(
                text, [one for main in mains for one in self.pen.one_each(main)], *found
            )
        return said

    def story(self) -> tuple[Said, ...]:
        """What is shared, told at length, then the aims, then who is quoted: a paragraph each."""
        facts: Said = ()
        for question in sorted(self._strongest()[:MOST_TOLD], key=rank):
            facts += self.teller.shared(question)
        quoted = [one for one in self._shared if head_of(one.topic) in SPOKEN]
        words: Said = ()
        for question in sorted(quoted, key=lambda one: (self._weight(one), rank(one)))[:3]:
            words += self.teller.renderings(question)
        told = tuple(one for one in (facts, self._priorities(), words) if one)
        return told or (self.pen.note(NO_HEADLINE + "."),)

    def _weight(self, question: Question) -> tuple[bool, int]:
        """A quotation of some words before one of a word or two; then the widest printed."""
        main = self.teller.ordered(question)[0]
        return len(shown_words(main.value)) < LEAST_QUOTED, -outlets_of(question)

    def points(self) -> Said:
        """What two outlets or more print, a line each."""
        said: Said = ()
        for question in sorted(self._strongest()[:MOST_POINTS], key=rank):
            said += self.teller.point(question)
        return said + self._priorities() or self.pen.note(NO_HEADLINE + ".")

    def unsure(self) -> Said:
        """What is disputed, what changed, and what stands on one origin."""
        said: Said = ()
        for verdict in UNSURE:
            for question in self.questions:
                if question.verdict is verdict and not self._told_elsewhere(question):
                    said += self.warner.warned(question)
        for question in self.questions:
            said += self.warner.contradictions(question)
        roles = [one for one in self.questions if head_of(one.topic) == "role"]
        alone = [one for one in roles if one.verdict is Verdict.SINGLE_ORIGIN]
        said = (*said[:MOST_WARNED], *self._priorities(behind=True), *self.warner.offices(alone))
        words: Said = ()
        for question in self.questions:
            if self._quoted_once(question) and len(words) < MOST_ALONE:
                words += self.warner.warned(question)
        return (*said, *words) or self.pen.note(NOTHING_UNSURE)

    def _quoted_once(self, question: Question) -> bool:
        """A quotation that one outlet alone prints."""
        single = question.verdict is Verdict.SINGLE_ORIGIN and self._main_outlets(question) == 1
        return single and head_of(question.topic) in SPOKEN

    def _told_elsewhere(self, question: Question) -> bool:
        """Whether one origin is no news, or is told in one sentence with others of its kind.

        That the words of one speaker come from one speaker is no warning.
        """
        if question.verdict is not Verdict.SINGLE_ORIGIN:
            return False
        head, several = head_of(question.topic), self._main_outlets(question) >= 2
        if question.topic == "number-of-priority":
            return any(head_of(one.topic) == "priority" for one in self._facts)
        return (
            self._told_fuller(question)
            or head in {*SPOKEN, "role"}
            or (head == "priority" and several)
        )

    def _told_fuller(self, question: Question) -> bool:
        """Whether "when was the meeting?" has its answer where the meeting's town is told, too."""
        values = {answer.value for answer in question.answers}
        return "@" not in question.topic and any(
            "@" in other.topic
            and head_of(other.topic) == head_of(question.topic)
            and values <= {answer.value for answer in other.answers}
            for other in self._facts
        )

    def tables(self) -> tuple[Table, ...]:
        """Every question's table, those to be warned of first."""
        order = [*UNSURE, Verdict.COMPATIBLE, Verdict.AGREED]
        ordered = sorted(self.questions, key=lambda one: (order.index(one.verdict), rank(one)))
        return tuple(table_of(self.teller, one) for one in ordered)

    def takeaways(self) -> Said:
        """What to keep: the firmest, and how far the sources carry."""
        several = [one for one in self.questions if outlets_of(one) >= 2]
        one = [question for question in several if question.verdict is Verdict.SINGLE_ORIGIN]
        said: Said = ()
        if several:
            said += self.pen.note(
                f"Of {counted(len(several), 'question')} that more than one outlet answers, "
                f"{number(len(one))} {'goes' if len(one) == 1 else 'go'} back to one origin: "
                "what is printed often is not therefore known from many."
            )
        firm = [
            question
            for question in self._strongest()
            if origins_of(self.teller.ordered(question)[0]) >= 2
            and question.verdict in {Verdict.AGREED, Verdict.COMPATIBLE}
        ]
        for question in firm[:2]:
            said += self.teller.point(question)
        for question in self.questions:
            if question.verdict is Verdict.CHANGED:
                said += self.warner.warned(question)[:1]
        return said or self.pen.note(SILENT)


def _kind(question: Question) -> str:
    return question.topic.partition("@")[0].partition("/")[2]


def _place(order: list[str], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)
