"""The facts that outlets share, by weight, and the clauses that a headline is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.phrases import PRIORITIES, listed, number, unslug
from trucewatch.bulletins.brief.telling import SPOKEN, Teller, head_of, rank
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.model import Question

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


@dataclass(frozen=True, slots=True)
class Told:
    """A clause with what it cites and the questions that it is about."""

    text: str
    cited: list[str]
    questions: tuple[Question, ...]
    word: str = ""


def joined(parts: Sequence[Told]) -> tuple[list[str], tuple[Question, ...]]:
    """What clauses cite, and the questions that they are about, together."""
    return (
        [one for part in parts for one in part.cited],
        tuple(one for part in parts for one in part.questions),
    )


class Facts:
    """What outlets share of one story; of one outlet alone, all that it prints."""

    def __init__(self, teller: Teller, questions: Sequence[Question]) -> None:
        self.teller = teller
        self.pen = teller.pen
        self.questions = questions
        # Where one outlet is all there is, what it prints is the story.
        self.lone = len(self.pen.story.outlets) < 2
        least = 1 if self.lone else 2
        self.shared = [one for one in questions if self.main_outlets(one) >= least]
        self.all = [one for one in self.shared if head_of(one.topic) not in SPOKEN]

    def main_outlets(self, question: Question) -> int:
        """How many outlets print the answer that is printed most; of a change, the latest."""
        return len(self.teller.ordered(question)[0].outlets)

    def strongest(self) -> list[Question]:
        """Facts by how many outlets print them; a priority is told with the others of its kind."""
        facts = [one for one in self.all if head_of(one.topic) not in {"priority", "role"}]
        if any(head_of(one.topic) == "priority" for one in self.all):
            # That there are five of them is told with their names.
            facts = [one for one in facts if one.topic != "number-of-priority"]
        facts = [one for one in facts if not self.told_fuller(one)]
        return sorted(facts, key=lambda one: (-self.main_outlets(one), rank(one)))

    def dateline(self) -> Told | None:
        """The town and the day of a meeting that two outlets or more print."""
        for question in self.strongest():
            main = self.teller.ordered(question)[0]
            if head_of(question.topic) == "meeting" and "@" in question.topic:
                place = self.teller.clause(question, main)
                if place is not None and place.line:
                    return Told(place.line, self.pen.one_each(main), (question,))
        return None

    def clauses(self) -> list[Told]:
        """The strongest shared facts as clauses, one of each kind; a whole with its part."""
        clauses: list[Told] = []
        heads: set[str] = set()
        strongest = self.strongest()
        for question in sorted(strongest, key=lambda one: (rank(one), -self.main_outlets(one))):
            head = head_of(question.topic)
            main = self.teller.ordered(question)[0]
            made = self.teller.clause(question, main)
            if made is None or made.noun or head in heads or head not in TELLING:
                continue
            heads.add(head)
            kin = [one for one in strongest if head_of(one.topic) == head] if made.sum else []
            text = made.brief or made.alone()
            word = self.teller.on_the_word(main)
            alone = Told(text, self.pen.one_each(main), (question,), word)
            clause = self._sum(kin) or alone
            if question.verdict is Verdict.DISPUTED:
                clause = replace(clause, text=f"{clause.text} (disputed)")
            clauses.append(clause)
        return list({one.text: one for one in clauses}.values())

    def _sum(self, kin: Sequence[Question]) -> Told | None:
        """A whole and the largest of its parts: "35 participants, 27 of them heads of state"."""
        whole = next((one for one in kin if "/" not in one.topic), None)
        part = next((one for one in kin if "/" in one.topic), None)
        if whole is None or part is None:
            return None
        mains = [self.teller.ordered(one)[0] for one in (whole, part)]
        made = self.teller.clause(whole, mains[0])
        told = made and (made.brief or made.alone())
        if not told or mains[0].quantity is None or mains[1].quantity is None:
            return None
        part_ = self.teller.figure(mains[1], of=" of them")
        if not made or not made.brief:
            # Officials are none of the countries that take part.
            part_ = f"with {self.teller.figure(mains[1])}"
        text = f"{told}, {part_}"
        return Told(text, [one for main in mains for one in self.pen.one_each(main)], (whole, part))

    def priorities(self, *, behind: bool = False) -> tuple[Sentence, ...]:
        """The aims that outlets list, in one sentence for those that the same outlets name.

        With `behind` how many they are, for those on one origin, and whose it is.
        """
        groups: dict[tuple[str, ...], list[Question]] = {}
        for question in self.all:
            if head_of(question.topic) == "priority":
                main = self.teller.ordered(question)[0]
                groups.setdefault(main.outlets, []).append(question)
        said: tuple[Sentence, ...] = ()
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
                tail = self.teller.behind(mains[0])
                if not tail:
                    continue
                text = text.partition(":")[0] + tail
            said += self.pen.say(
                text, [one for main in mains for one in self.pen.one_each(main)], *found
            )
        return said

    def told_fuller(self, question: Question) -> bool:
        """Whether "when was the meeting?" has its answer where the meeting's town is told, too."""
        values = {answer.value for answer in question.answers}
        return "@" not in question.topic and any(
            "@" in other.topic
            and head_of(other.topic) == head_of(question.topic)
            and values <= {answer.value for answer in other.answers}
            for other in self.all
        )


def _kind(question: Question) -> str:
    return question.topic.partition("@")[0].partition("/")[2]


def _place(order: list[str], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)
