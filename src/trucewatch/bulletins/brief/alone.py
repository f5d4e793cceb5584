"""What stands on one origin, folded: by whose word it is, and by which outlet alone prints it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.grounds import origins_of
from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.phrases import listed, with_article
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.telling import SPOKEN, head_of, rank
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Passage, Question

IN_ONE = 3
"""How many answers one sentence tells; more in a row nobody reads."""
MOST_FOLDED = 16
"""How many sentences tell what one outlet alone prints; the tables have the rest."""
SHORTER = 18
"""How many words are quoted of each sentence of a list."""
LEAST_QUOTED = 6
CLAUSES, FIGURES, OTHERS, OFFICES, WORDS = range(5)
"""Kinds of answer in the order in which they are told."""
QUOTED = {FIGURES, OTHERS}


@dataclass(frozen=True, slots=True)
class Item:
    """One answer of one outlet, as a part of a sentence."""

    outlet: str
    kind: int
    whose: str
    text: str
    question: Question
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """Folds single origins into a short list: the figures first, then who is what, then words."""

    teller: Teller

    def widely(self, questions: Iterable[Question]) -> tuple[Sentence, ...]:
        """What several outlets print on the word of one: a sentence for each whose word it is.

        Only what has a clause; the rest has its origin where it is quoted.
        """
        held: dict[str, list[Item]] = {}
        for question in questions:
            main = self.teller.ordered(question)[0]
            made = self.teller.clause(question, main)
            plain = made is not None and not made.noun and head_of(question.topic) != "role"
            if made is None or not plain or len(main.outlets) < 2 or origins_of(main) != 1:
                continue
            whose = main.origins[0].label if len(main.origins) == 1 else ""
            cited = tuple(self.teller.pen.one_each(main))
            held.setdefault(whose, []).append(Item(whose, 0, "", made.alone(), question, cited))
        said: tuple[Sentence, ...] = ()
        for whose in sorted(held, key=lambda one: (not one, rank(held[one][0].question))):
            word = f", {with_article(self.teller.pen.outlet(whose))}" if whose else ""
            said += self._in_one(f"however many print it, from one origin{word}: ", held[whose])
        return said

    def together(
        self, questions: Sequence[Question]
    ) -> tuple[tuple[Sentence, ...], list[Question]]:
        """What the only outlet prints, as few sentences, and the questions that have no clause."""
        items = [(one, self._item(one)) for one in questions]
        plain = [item for _, item in items if item is not None and item.kind == CLAUSES]
        said: tuple[Sentence, ...] = ()
        for at in range(0, len(plain), IN_ONE):
            lead = f"{self.teller.pen.outlet(plain[at].outlet)} prints "
            said += self._in_one(lead, plain[at : at + IN_ONE])
        told = {one.question.id for one in plain}
        return said, [one for one in questions if one.id not in told]

    def alone(
        self, questions: Iterable[Question], told: Iterable[Passage]
    ) -> tuple[tuple[Sentence, ...], int]:
        """What one outlet alone prints, and how many answers of the kind are left to the tables.

        No passage is quoted twice, nor one that is `told` already.
        """
        held: dict[tuple[int, str, str], list[Item]] = {}
        seen = set(told)
        for question in sorted(questions, key=self._weight):
            passages = {one.passage for one in self.teller.pen.found(question.answers[0])}
            item = self._item(question)
            if item is None or (item.kind in QUOTED and passages & seen):
                continue
            seen |= passages if item.kind in QUOTED else set()
            held.setdefault((item.kind, item.outlet, item.whose), []).append(item)
        groups = [
            (self._lead(items[0]), items[at : at + IN_ONE])
            for _, items in sorted(held.items())
            for at in range(0, len(items), IN_ONE)
        ]
        said: tuple[Sentence, ...] = ()
        for lead, items in groups[:MOST_FOLDED]:
            said += self._in_one(lead, items)
        return said, sum(len(items) for _, items in groups[MOST_FOLDED:])

    def _lead(self, item: Item) -> str:
        """How a sentence on one outlet alone opens."""
        outlet = self.teller.pen.outlet(item.outlet)
        if item.kind == WORDS:
            return f"only {outlet} quotes {item.whose}: "
        return f"only {outlet} {'names' if item.kind == OFFICES else 'prints'} "

    def _weight(self, question: Question) -> tuple[object, ...]:
        """Of words, a document's before a speaker's, and long ones before short ones."""
        length = -len(shown_words(question.answers[0].value))
        head = head_of(question.topic)
        return (head != "quoted-document", length if head in SPOKEN else 0, rank(question))

    def _in_one(self, lead: str, items: Sequence[Item]) -> tuple[Sentence, ...]:
        """One sentence for several; what would spoil it for the others is said, or fails, alone."""
        pen = self.teller.pen
        good = [one for one in items if pen.may(f"{lead}{one.text}", one.cited, one.question)]
        bad = [one for one in items if one not in good]
        said: tuple[Sentence, ...] = ()
        texts = [one.text for one in good]
        joined = listed(texts) if not any("“" in text or "," in text for text in texts) else None
        text = f"{lead}{joined or '; '.join(texts)}"
        cited = list(dict.fromkeys(each for one in good for each in one.cited))
        asked = list({one.question.id: one.question for one in good}.values())
        if good and pen.may(text, cited, *asked):
            said += pen.say(text, cited, *asked)
        else:
            bad = list(items)
        for one in bad:
            said += pen.say(f"{lead}{one.text}", one.cited, one.question)
        return said

    def _item(self, question: Question) -> Item | None:
        main = self.teller.ordered(question)[0]
        found = self.teller.pen.found(main)
        if question.verdict is not Verdict.SINGLE_ORIGIN or len(main.outlets) != 1 or not found:
            return None
        head, made = head_of(question.topic), self.teller.clause(question, main)
        one, outlet = found[0], main.outlets[0]
        whose = self.teller.from_whom(main)
        cited = tuple(self.teller.pen.one_each(main))
        if head == "role":
            told = made.text.replace(" is ", " as ", 1) if made else ""
            return Item(outlet, OFFICES, "", told, question, cited) if told else None
        if head in SPOKEN:
            words = next((each for each in found if each.quote), None)
            name = (words.speaker or words.actor) if words else None
            if words is None or not name or len(shown_words(words.quote or "")) < LEAST_QUOTED:
                return None
            told = f"“{excerpt(words.quote or '')[0].rstrip(' .,;:')}”"
            by = with_article(shown(name))
            return Item(outlet, WORDS, by, told, question, (words.id,))
        if made is not None and not made.noun:
            return Item(outlet, CLAUSES, "", f"that {made.alone()}{whose}", question, cited)
        told = self.teller.sentence(one, SHORTER)
        kind = OTHERS if made is None else FIGURES
        return Item(outlet, kind, "", f"“{told}”{whose}", question, cited) if told else None
