"""The sections of a brief: which questions each of them tells, and in which order.

Each thing is told where it helps most, and at length only there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.alone import LEAST_QUOTED, Folder
from trucewatch.bulletins.brief.content import UNSURE, Note, Sentence
from trucewatch.bulletins.brief.facts import TELLING, Facts, Told, joined
from trucewatch.bulletins.brief.grounds import origins_of
from trucewatch.bulletins.brief.phrases import counted, listed, number, when
from trucewatch.bulletins.brief.showing import shown, shown_words
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
LONE = "All of it stands on one outlet alone."
AS_ITS_WORD = "What one outlet prints is told here as its own word, and not as known from others."
NO_FURTHER = "Nothing further is shared."
NOT_FIRM = "Nothing that the outlets share is known from more than one origin."
WARNINGS = (
    (Verdict.DISPUTED, "is disputed", "are disputed"),
    (Verdict.CHANGED, "has changed over time", "have changed over time"),
    (Verdict.SINGLE_ORIGIN, "stands on one origin alone", "stand on one origin alone"),
)
ADVICE = (
    (Verdict.DISPUTED, "disputed answers: give each with its outlets."),
    (Verdict.CHANGED, "changed over time: give the later answer, with its day."),
)
NARRATED = (TELLING - {"position"}) | {"meeting"}
"""Kinds of question that the story tells; the other facts are points."""
OPENINGS = ((Verdict.DISPUTED, "disputed"), (Verdict.CHANGED, "changed over time"))
LONGEST_HEADLINE = 20
MOST_POINTS = 10
MOST_TOLD = 8
MOST_RENDERED = 3
MOST_FIRM = 3
MOST_NAMED = 4
MOST_WARNED = 24


def share(n: int, of: int) -> str:
    """A count in words as a share of all: "two", "both", "all three"."""
    if n == of > 1:
        return "both" if n == 2 else f"all {number(n)}"
    return number(n)


class Sections:
    """The sections of a brief, each from the questions it is about."""

    def __init__(self, teller: Teller, questions: Sequence[Question]) -> None:
        self.teller = teller
        self.warner = Warner(teller)
        self.folder = Folder(teller)
        self.facts = Facts(teller, questions)
        self.pen = teller.pen
        self.questions = questions

    def headline(self) -> Sentence | Note:
        """Where and when, and the strongest shared facts, in a line without a full stop."""
        clauses = self.facts.clauses()
        opened = self.facts.dateline()
        tries = [(opened, clauses[:2]), (opened, clauses[:1]), (None, clauses[:2])]
        for line, chosen in [*tries, (None, clauses[:1])]:
            told = "; ".join(one.text for one in chosen)
            text = f"{line.text}: {told}" if line and chosen else told
            if len(shown_words(text)) > LONGEST_HEADLINE and len(chosen) > 1:
                continue
            parts = [*([line] if line and chosen else []), *chosen]
            if chosen and self.facts.lone:
                text += f" ({self.pen.outlet(self.pen.story.outlets[0])} alone)"
            said = self._one(Told(text, *joined(parts)))
            if said:
                return replace(said[0], text=said[0].text.removesuffix("."))
        return self._printed() or Note(text=NO_HEADLINE)

    def _printed(self) -> Sentence | None:
        """What most outlets print, in their words, where words of our own can tell nothing."""
        found = [one for one in self.questions if head_of(one.topic) not in {*SPOKEN, "role"}]
        for question in sorted(found, key=lambda one: (-self.facts.main_outlets(one), rank(one))):
            main = self.teller.ordered(question)[0]
            one = self.teller.plainest(main)
            if one is None:
                continue
            disputed = "; disputed" if question.verdict is Verdict.DISPUTED else ""
            text = f"“{self.teller.sentence(one)}” ({self.pen.outlet(one.outlet)}{disputed})"
            if self.pen.may(text, self.pen.one_each(main), question):
                said = self.pen.say(text, self.pen.one_each(main), question)
                return replace(said[0], text=said[0].text.removesuffix("."))
        return None

    def _one(self, told: Told) -> tuple[Sentence, ...]:
        return self.pen.say(told.text, told.cited, *told.questions)

    def glance(self, headline: Sentence | Note) -> Said:
        """What was read, what most print beyond the headline, and what to be warned of."""
        told_of = set(headline.questions) if isinstance(headline, Sentence) else set()
        said: Said = self.pen.note(self._read())
        for told in self.facts.clauses()[:4]:
            if not {one.id for one in told.questions} <= told_of:
                said += self._one(replace(told, text=told.text + told.word))
        said += self.facts.priorities()[:1]
        for verdict, opening in OPENINGS:
            said += self._named(verdict, opening)
        return said + self.pen.note(self._verdicts())

    def _named(self, verdict: Verdict, opening: str) -> tuple[Sentence, ...]:
        """Which questions have a verdict, by what they ask: "who leads the delegation (Kenya)"."""
        parts = []
        for question in (one for one in self.questions if one.verdict is verdict):
            whose, colon, asked = shown(question.text).rstrip("?").partition(": ")
            text = asked if colon else whose
            text = f"{text[:1].lower()}{text[1:]}{f' ({whose})' if colon else ''}"
            text = text.removeprefix("which ").removesuffix(" are there")
            cited = [each for one in question.answers for each in self.pen.one_each(one)]
            if self.pen.may(f"{opening}: {text}", cited, question):
                parts.append(Told(text, cited, (question,)))
        told = f"{opening}: {'; '.join(one.text for one in parts[:MOST_NAMED])}"
        return self._one(Told(told, *joined(parts[:MOST_NAMED]))) if parts else ()

    def _verdicts(self) -> str:
        """How many questions have which verdict to be warned of."""
        told, of = [], len(self.questions)
        for verdict, one, many in WARNINGS:
            n = sum(question.verdict is verdict for question in self.questions)
            if n == 1 == of:
                return f"The one question that the articles answer {one}."
            if n:
                told.append(f"{share(n, of)} {one if n == 1 else many}")
        if not of:
            return "The articles answer no question of the desk."
        asked = counted(of, "question")
        if not told:
            return f"Of {asked} that the articles answer, none is disputed or on one origin alone."
        return f"Of {asked} that the articles answer, {listed(told)}."

    def _read(self) -> str:
        articles = self.pen.articles.values()
        dates = sorted({one.published for one in articles if one.published is not None})
        undated = sum(one.published is None for one in articles)
        told = counted(len(articles), "article")
        told += f" from {counted(len(self.pen.story.outlets), 'outlet')}"
        if dates:
            first, last = when(dates[0]), when(dates[-1])
            told += f", dated {first}" if first == last else f", dated {first} to {last}"
            if undated:
                told += f" ({number(undated)} without a date)"
        else:
            told += ", none with a date"
        if any(self.pen.unnamed(one.outlet) for one in articles):
            told += "; an outlet without a name is told by the letter of its article"
        return f"{told[:1].upper()}{told[1:]}."

    def story(self) -> tuple[Said, ...]:
        """What happened and who took part, told at length, then words in two renderings."""
        facts: Said = ()
        narrated = self._narrated()
        if self.facts.lone:
            facts, narrated = self.folder.together(narrated)
        for question in narrated:
            facts += self.teller.shared(question)
        words: Said = ()
        for question in self._rendered():
            words += self.teller.renderings(question)
        told = tuple(one for one in (facts, words) if one)
        return told or (self.pen.note(NO_HEADLINE + "."),)

    def _narrated(self) -> list[Question]:
        """The facts of the story in the order of the telling; the first of the others if none."""
        facts = self.facts.strongest()
        told = [one for one in facts if head_of(one.topic) in NARRATED][:MOST_TOLD]
        return sorted(told or facts[:2], key=rank)

    def _rendered(self) -> list[Question]:
        """Quotations that outlets give in different words, the widest printed first."""
        found = []
        for question in self.facts.shared:
            main = self.teller.ordered(question)[0]
            ways = {shown_words(one.words) for one in main.variants}
            long = len(shown_words(main.value)) >= LEAST_QUOTED
            if head_of(question.topic) in SPOKEN and len(ways) > 1 and long:
                found.append(question)
        return sorted(found, key=lambda one: (-outlets_of(one), rank(one)))[:MOST_RENDERED]

    def _pointed(self) -> list[Question]:
        told = {one.id for one in self._narrated()}
        rest = [one for one in self.facts.strongest() if one.id not in told]
        return sorted(rest[:MOST_POINTS], key=rank)

    def points(self) -> Said:
        """The further facts, positions and figures that two outlets or more print, a line each."""
        said: Said = ()
        for question in self._pointed():
            said += self.teller.point(question)
        return said or self.pen.note(NO_FURTHER)

    def told(self) -> frozenset[str]:
        """The questions that the story and the points tell."""
        asked = (*self._narrated(), *self._pointed(), *self._rendered())
        return frozenset(one.id for one in asked)

    def unsure(self, opinions: frozenset[str]) -> Said:
        """What is disputed, what changed, and what stands on one origin.

        `opinions` are the questions whose words stand in the section on why it matters.
        """
        said: Said = self.pen.note(LONE) if self.facts.lone else ()
        for verdict in (Verdict.DISPUTED, Verdict.CHANGED):
            for question in self.questions:
                if question.verdict is verdict:
                    said += self.warner.warned(question)
        for question in self.questions:
            said += self.warner.contradictions(question)
        single = [one for one in self.questions if self._single(one) and one.id not in opinions]
        said = (*said[:MOST_WARNED], *self.folder.widely(single))
        said += self.facts.priorities(behind=True)
        told = self.told() if self.facts.lone else frozenset()
        moved = (one for one in self.questions if one.verdict in {*UNSURE[:2]})
        before = [one.passage for q in moved for a in q.answers for one in self.pen.found(a)]
        for question in (*self._narrated(), *self._pointed()):
            made = self.teller.clause(question, main := self.teller.ordered(question)[0])
            one = self.teller.plainest(main)
            if one is not None and (made is None or made.noun):
                before.append(one.passage)
        alone, rest = self.folder.alone((one for one in single if one.id not in told), before)
        said += alone
        if rest:
            answers = counted(rest, "further answer")
            said += self.pen.note(f"In the tables: {answers} of one outlet alone.")
        return said or self.pen.note(NOTHING_UNSURE)

    def _single(self, question: Question) -> bool:
        """Whether one origin is news, and not told in one sentence with others of its kind."""
        aims = any(head_of(one.topic) == "priority" for one in self.facts.all)
        return (
            question.verdict is Verdict.SINGLE_ORIGIN
            and not (aims and question.topic == "number-of-priority")
            and not (aims and head_of(question.topic) == "priority" and self._several(question))
            and not self.facts.told_fuller(question)
        )

    def _several(self, question: Question) -> bool:
        return self.facts.lone or self.facts.main_outlets(question) >= 2

    def tables(self) -> tuple[Table, ...]:
        """Every question's table, those to be warned of first."""
        order = [*UNSURE, Verdict.COMPATIBLE, Verdict.AGREED]
        ordered = sorted(self.questions, key=lambda one: (order.index(one.verdict), rank(one)))
        return tuple(table_of(self.teller, one) for one in ordered)

    def takeaways(self) -> Said:
        """What to keep: the firmest, how far the sources carry, and what has no one answer."""
        several = [one for one in self.questions if outlets_of(one) >= 2]
        if not several:
            return self.pen.note(AS_ITS_WORD if self.facts.lone and self.questions else SILENT)
        said: Said = self._firm()
        if all(origins_of(answer) < 2 for one in several for answer in one.answers):
            said += self.pen.note(NOT_FIRM)
        n, of = sum(one.verdict is Verdict.SINGLE_ORIGIN for one in several), len(several)
        if n:
            told = f"Of {number(of)} questions that more than one outlet answers, {number(n)}"
            if n == of:
                which = "The one question" if n == 1 else f"{share(n, of)} questions"
                told = f"{which[:1].upper()}{which[1:]} that more than one outlet answers"
            said += self.pen.note(
                f"{told} {'goes' if n == 1 else 'go'} back to one origin: "
                "what is printed often is not therefore known from many."
            )
        for verdict, advice in ADVICE:
            n = sum(one.verdict is verdict for one in self.questions)
            if n:
                asked = counted(n, "question")
                has = "has" if n == 1 else "have"
                said += self.pen.note(f"{asked[:1].upper()}{asked[1:]} {has} {advice}")
        return said

    def _firm(self) -> Said:
        """What is known from more than one origin, in one sentence."""
        parts: dict[str, Told] = {}
        for question in self.facts.strongest():
            main = self.teller.ordered(question)[0]
            text = self.teller.alone(question, main)
            firm = question.verdict in {Verdict.AGREED, Verdict.COMPATIBLE}
            if firm and text and origins_of(main) >= 2:
                told = Told(text, self.pen.one_each(main), (question,))
                parts.setdefault(told.text, told)
        kept = list(parts.values())[:MOST_FIRM]
        text = f"known from more than one origin: {'; '.join(one.text for one in kept)}"
        return self._one(Told(text, *joined(kept))) if kept else ()
