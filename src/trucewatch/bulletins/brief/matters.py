"""Why it matters and what follows: attributed opinions, and the terms of the mission at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.telling import head_of, outlets_of, rank
from trucewatch.model import Saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.at_hand import AtHand, Term
    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Question, Statement

MOST_OPINIONS = 4
MOST_TERMS = 6
LEAST_WORDS = 6


def matters(
    teller: Teller, questions: Sequence[Question], at_hand: AtHand | None
) -> tuple[Sentence, ...]:
    """Opinions, each with its holder, then the provisions and pledges on the story's questions."""
    return (*_opinions(teller, questions), *_terms(teller, questions, at_hand))


def _opinions(teller: Teller, questions: Sequence[Question]) -> tuple[Sentence, ...]:
    """The words of named speakers; the widest printed first, and one for each speaker."""
    said: tuple[Sentence, ...] = ()
    heard: set[tuple[str, ...]] = set()
    spoken = [one for one in questions if head_of(one.topic) == "quotation"]
    for question in sorted(spoken, key=lambda one: (-outlets_of(one), rank(one))):
        one = _longest(teller, question)
        if one is None or one.speaker is None or shown_words(one.speaker) in heard:
            continue
        told, _ = excerpt(one.quote or "")
        made = teller.pen.say(
            f"{shown(one.speaker)}, in {teller.pen.outlet(one.outlet)}: “{told}”",
            [one.id],
            question,
        )
        if made:
            heard.add(shown_words(one.speaker))
            said += made
        if len(said) == MOST_OPINIONS:
            break
    return said


def _longest(teller: Teller, question: Question) -> Statement | None:
    """The fullest quotation of a question; a word or two in marks is no opinion."""
    found = [
        one
        for answer in question.answers
        for one in teller.pen.found(answer)
        if one.kind is Saying.QUOTATION and one.quote and len(shown_words(one.quote)) >= LEAST_WORDS
    ]
    return max(found, key=lambda one: (len(shown_words(one.quote or "")), one.id), default=None)


def _terms(
    teller: Teller, questions: Sequence[Question], at_hand: AtHand | None
) -> tuple[Sentence, ...]:
    """The pledges and provisions that are on what the story tells of."""
    if at_hand is None:
        return ()
    terms = at_hand.terms()
    kinds = {
        one.topic.partition("@")[0].partition("/")[2]
        for one in questions
        if head_of(one.topic) == "priority"
    }
    said: tuple[Sentence, ...] = ()
    for pledge in sorted(at_hand.pledges, key=lambda one: one.id):
        if pledge.priority in kinds and len(said) < MOST_TERMS:
            term = terms[f"pledge:{pledge.id}"]
            standing = pledge.standing.replace("_", " ")
            text = f"{shown(pledge.by)} ({pledge.stage}, {standing})"
            said += _term(teller, text, term)
    for provision in at_hand.agreement.provisions:
        if len(said) < 2 * MOST_TERMS:
            said += _term(
                teller,
                f"{shown(at_hand.agreement.name)}, provision {shown(provision.id)}",
                terms[f"provision:{provision.id}"],
            )
    return said


def _term(teller: Teller, lead: str, term: Term) -> tuple[Sentence, ...]:
    told, _ = excerpt(term.words)
    return teller.pen.say(f"{lead}: “{told}”", [term.id])
