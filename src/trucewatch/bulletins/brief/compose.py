"""One story into a brief: what is agreed, what is disputed, and who said it first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import UNSURE, Brief, LeftOut, Note, Read, Sentence
from trucewatch.bulletins.brief.grounds import origins_of
from trucewatch.bulletins.brief.matters import matters
from trucewatch.bulletins.brief.pen import Pen, excerpt, safe_link
from trucewatch.bulletins.brief.phrases import (
    PRIORITIES,
    counted,
    listed,
    number,
    unslug,
    when,
)
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.tables import table_of
from trucewatch.bulletins.brief.telling import Teller, head_of, outlets_of, rank
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.bulletins.brief.at_hand import AtHand
    from trucewatch.bulletins.brief.content import Table
    from trucewatch.model import Article, Question, Statement, Story

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
    {"attendance", "delegation", "leads", "killed", "wounded", "troops", "attends", "position"}
)
"""Kinds of question that a headline may be made of."""
LEAST_QUOTED = 6
MOST_ALONE = 8
MOST_POINTS = 10
MOST_TOLD = 8
MOST_WARNED = 24


def compose_brief(
    story: Story,
    *,
    articles: Mapping[str, Article],
    statements: Mapping[str, Statement],
    at_hand: AtHand | None = None,
    left_out: LeftOut | None = None,
    number_of: tuple[int, int] = (1, 1),
) -> Brief:
    """The brief of one story whose verdicts are settled.

    A sentence that its citations do not support is left out and counted in `left_out`, so a brief
    may be short, but says nothing of its own. The order of the inputs changes nothing.
    """
    pen = Pen(
        story,
        articles=articles,
        statements=statements,
        terms={} if at_hand is None else at_hand.terms(),
    )
    composer = _Composer(Teller(pen), sorted(story.questions, key=rank))
    headline, glance = composer.headline(), composer.glance()
    told, points = composer.story(), composer.points()
    unsure, tables = composer.unsure(), composer.tables()
    why = matters(composer.teller, composer.questions, at_hand) or pen.note(SILENT)
    takeaways = composer.takeaways()
    seen = left_out or LeftOut()
    return Brief(
        id=story.id,
        headline=headline,
        glance=_once(glance),
        story=tuple(_once(paragraph) for paragraph in told),
        points=_once(points),
        unsure=_once(unsure),
        matters=_once(why),
        takeaways=_once(takeaways),
        tables=tables,
        articles=tuple(_read(pen, one) for one in pen.articles.values()),
        citations=pen.citations(),
        left_out=replace(seen, sentences=tuple(sorted(pen.failed.items()))),
        mission=None if at_hand is None else shown(at_hand.name),
        number=number_of[0],
        of=number_of[1],
        reasons=tuple(shown(reason) for reason in story.reasons),
    )


def _once(said: Said) -> Said:
    """Each sentence once: two questions may have one answer."""
    seen: dict[str, Sentence | Note] = {}
    for one in said:
        seen.setdefault(one.text, one)
    return tuple(seen.values())


def _read(pen: Pen, article: Article) -> Read:
    title, _ = excerpt(article.title)
    reasons = sorted({piece.reason for piece in article.dropped})
    return Read(
        label=pen.labels[article.id],
        id=article.id,
        outlet=pen.outlet(article.outlet),
        title=title,
        published=when(article.published),
        dated_by=shown(article.dated_by),
        language=shown(article.language),
        link=article.link if safe_link(article.link) else None,
        credits=tuple(shown(one) for one in article.credits),
        dropped=tuple(
            (shown(reason), sum(piece.reason == reason for piece in article.dropped))
            for reason in reasons
        ),
        payload=article.raw.payload,
    )


class _Composer:
    """The sections of a brief, each from the questions it is about."""

    def __init__(self, teller: Teller, questions: Sequence[Question]) -> None:
        self.teller = teller
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
        """The strongest shared facts, in a line without a full stop."""
        clauses = self._clauses()
        for n in (2, 1):
            said = self.pen.say(
                "; ".join(text for text, _, _ in clauses[:n]),
                [one for _, cited, _ in clauses[:n] for one in cited],
                *(question for _, _, asked in clauses[:n] for question in asked),
            )
            if said:
                return replace(said[0], text=said[0].text.removesuffix("."))
        return Note(text=NO_HEADLINE)

    def _clauses(self) -> list[tuple[str, list[str], tuple[Question, ...]]]:
        """The strongest shared facts as clauses, one of each kind; a whole with its part."""
        clauses: list[tuple[str, list[str], tuple[Question, ...]]] = []
        heads: set[str] = set()
        strongest = self._strongest()
        for question in strongest:
            head = head_of(question.topic)
            main = self.teller.ordered(question)[0]
            made = self.teller.clause(question, main)
            if made is None or made.noun or head in heads or head not in TELLING:
                continue
            heads.add(head)
            kin = [one for one in strongest if head_of(one.topic) == head] if made.sum else []
            clauses.append(self._sum(kin) or (made.alone(), self.pen.one_each(main), (question,)))
        return sorted(clauses, key=lambda one: rank(one[2][0]))

    def _sum(self, kin: Sequence[Question]) -> tuple[str, list[str], tuple[Question, ...]] | None:
        """A whole and the largest of its parts: "35 take part, 27 heads of state among them"."""
        whole = next((one for one in kin if "/" not in one.topic), None)
        part = next((one for one in kin if "/" in one.topic), None)
        if whole is None or part is None:
            return None
        mains = [self.teller.ordered(one)[0] for one in (whole, part)]
        text = f"{self.teller.alone(whole, mains[0])}, {self.teller.figure(mains[1])} among them"
        return text, [one for main in mains for one in self.pen.one_each(main)], (whole, part)

    def glance(self) -> Said:
        """What was read, what most print, and what to be warned of."""
        said: Said = self.pen.note(self._read())
        for text, cited, asked in self._clauses()[:4]:
            said += self.pen.say(text, cited, *asked)
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
                    said += self.teller.warned(question)
        for question in self.questions:
            for outlet, _ in question.inconsistent:
                said += self.teller.self_contradiction(question, outlet)
        roles = [one for one in self.questions if head_of(one.topic) == "role"]
        alone = [one for one in roles if one.verdict is Verdict.SINGLE_ORIGIN]
        said = (*said[:MOST_WARNED], *self._priorities(behind=True), *self.teller.offices(alone))
        words: Said = ()
        for question in self.questions:
            if self._quoted_once(question) and len(words) < MOST_ALONE:
                words += self.teller.warned(question)
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
                said += self.teller.warned(question)[:1]
        return said or self.pen.note(SILENT)


SPOKEN = frozenset({"quotation", "quoted-document"})
"""Kinds of question that are about words, not about facts."""


def _kind(question: Question) -> str:
    return question.topic.partition("@")[0].partition("/")[2]


def _place(order: list[str], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)
