"""Why it matters and what follows: attributed opinions, and the terms of the mission at hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.telling import SPOKEN, head_of, outlets_of, rank
from trucewatch.language import common, root
from trucewatch.model import Saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.bulletins.brief.at_hand import AtHand, Term
    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Provision, Question, Statement

MOST_OPINIONS = 4
MOST_TERMS = 6
LEAST_LETTERS = 5
MOST_COMMON = 0.1
"""Above this share of articles a word says nothing of what a provision is on."""
LEAST_WORDS = 6


def opinions(
    teller: Teller, questions: Sequence[Question], told: frozenset[str]
) -> tuple[tuple[Question, Statement], ...]:
    """The words of named speakers that are not `told` already, one for each speaker.

    The widest printed come first, and whole sentences before parts of one.
    """
    spoken = []
    for question in questions:
        if head_of(question.topic) == "quotation" and question.id not in told:
            one = _longest(teller, question)
            if one is not None and one.speaker:
                spoken.append((question, one))
    spoken.sort(key=lambda each: (_part(each[1]), -outlets_of(each[0]), rank(each[0])))
    firsts: dict[tuple[str, ...], tuple[Question, Statement]] = {}
    for question, one in spoken:
        firsts.setdefault(shown_words(one.speaker or ""), (question, one))
    return tuple(firsts.values())[:MOST_OPINIONS]


def _part(one: Statement) -> bool:
    """Whether a quotation begins within a sentence."""
    return not (one.quote or "").lstrip("‘'([…. ")[:1].isupper()


def matters(
    teller: Teller,
    spoken: Sequence[tuple[Question, Statement]],
    questions: Sequence[Question],
    at_hand: AtHand | None,
) -> tuple[Sentence, ...]:
    """Opinions, each with its holder, then the provisions and pledges on what the story tells."""
    said: tuple[Sentence, ...] = ()
    for question, one in spoken:
        words, _ = excerpt(one.quote or "")
        text = f"{shown(one.speaker or '')}, in {teller.pen.outlet(one.outlet)}: “{words}”"
        said += teller.pen.say(text, [one.id], question)
    return (*said, *_terms(teller, questions, at_hand))


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
    for provision in _touched(teller, questions, at_hand):
        said += _term(
            teller,
            f"{shown(at_hand.agreement.name)}, provision {shown(provision.id)}",
            terms[f"provision:{provision.id}"],
        )
    return said


def _touched(
    teller: Teller, questions: Sequence[Question], at_hand: AtHand
) -> tuple[Provision, ...]:
    """The provisions on what the story tells, in the order of the agreement.

    Each is held by the words that mark it among the others against those that the facts of the
    story stand on; what shares none is another matter.
    """
    provisions = at_hand.agreement.provisions
    marks = [_telling(one.words) for one in provisions]
    common = Counter(one for found in marks for one in found)
    most = max(2, len(provisions) // 3)
    told: set[str] = set()
    for question in questions:
        if head_of(question.topic) not in {*SPOKEN, "role"}:
            for answer in question.answers:
                for one in teller.pen.found(answer):
                    told |= _telling(teller.pen.articles[one.article].words(one.passage))
    shared = [sum(common[one] <= most for one in found & told) for found in marks]
    ordered = sorted(range(len(provisions)), key=lambda n: (-shared[n], n))
    return tuple(provisions[n] for n in sorted(n for n in ordered[:MOST_TERMS] if shared[n]))


def _telling(text: str) -> set[str]:
    """The roots of the rarer words of a text: what is in many articles tells of no one matter."""
    roots = {root(one) for one in shown_words(text) if len(one) >= LEAST_LETTERS}
    return {one for one in roots if common().get(one, 0.0) < MOST_COMMON}


def _term(teller: Teller, lead: str, term: Term) -> tuple[Sentence, ...]:
    told, _ = excerpt(term.words)
    return teller.pen.say(f"{lead}: “{told}”", [term.id])
