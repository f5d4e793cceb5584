"""Tables of answers: value, outlets, origins, first seen, wordings, and the verdict with why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import Beginning, Row, Table, Wording
from trucewatch.bulletins.brief.nouns import noun_of, run_of
from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.phrases import amount, printed, when
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.telling import head_of
from trucewatch.bulletins.brief.warning import MOST_CONTRADICTIONS, Warner
from trucewatch.model import Saying

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.pen import Pen
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Answer, Question


def table_of(teller: Teller, question: Question) -> Table:
    """The table of one question; the sentence that tells its verdict stands above it."""
    return Table(
        id=question.id,
        topic=question.topic,
        asked=shown(question.text),
        verdict=question.verdict,
        reasons=tuple(teller.pen.reason(one) for one in _as_shown(teller.pen, question)),
        rows=tuple(_row(teller, question, answer) for answer in teller.ordered(question)),
        inconsistent=tuple(
            f"{teller.pen.outlet(who)}: {teller.pen.reason(why)}"
            for who, why in question.inconsistent[:MOST_CONTRADICTIONS]
        ),
        sentences=Warner(teller).contradictions(question),
    )


def _as_shown(pen: Pen, question: Question) -> tuple[str, ...]:
    """The reasons of a verdict, with answers of names called as the table calls them."""
    called = {
        f"“{one.value}”": f"“{value_words(question, one, pen).strip('“”')}”"
        for one in question.answers
        if one.quantity is None
    }
    reasons = question.reasons
    for value in sorted(called, key=len, reverse=True):
        reasons = tuple(reason.replace(value, called[value]) for reason in reasons)
    return reasons


def _row(teller: Teller, question: Question, answer: Answer) -> Row:
    pen = teller.pen
    return Row(
        value=value_words(question, answer, pen),
        labels=_labels(teller, answer.statements),
        outlets=tuple(pen.outlet(one) for one in answer.outlets),
        origins=tuple(
            sorted(
                (
                    Beginning(
                        name=pen.outlet(origin.label),
                        labels=_labels(teller, tuple(set(origin.claims) & set(answer.statements))),
                        reasons=tuple(pen.reason(reason) for reason in origin.reasons),
                    )
                    for origin in answer.origins
                ),
                key=lambda one: (one.name, one.labels, one.reasons),
            )
        ),
        independent=answer.independent,
        first=when(answer.first),
        wordings=_wordings(teller, answer),
    )


def _wordings(teller: Teller, answer: Answer) -> tuple[Wording, ...]:
    """The wordings of an answer, those of a figure with the noun that it counts."""
    pen = teller.pen
    told: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    of = {one: variant.words for variant in answer.variants for one in variant.statements}
    for one in pen.found(answer):
        words = run_of(one, pen.articles) if one.quantity is not None else of.get(one.id, "")
        shown_as, _ = excerpt(words)
        if shown_as:
            told.setdefault(shown_words(shown_as), (shown_as, []))[1].append(one.id)
    return tuple(
        Wording(words=words, labels=_labels(teller, tuple(ids)), citations=pen.cite(ids))
        for words, ids in told.values()
    )


def _labels(teller: Teller, statements: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({teller.pen.label_of(one) for one in statements}, key=_by_letter))


def _by_letter(label: str) -> tuple[int, str]:
    return (len(label), label)


def value_words(question: Question, answer: Answer, pen: Pen) -> str:
    """The value of an answer as a table shows it."""
    if answer.quantity is not None:
        nouns = {noun for one in pen.found(answer) if (noun := noun_of(one, pen.articles))}
        told = amount(answer.quantity, in_words=False)
        return f"{told} {min(nouns)}" if len(nouns) == 1 else told
    found = pen.found(answer)
    if head_of(question.topic) == "post":
        return when(next((one.when for one in found if one.when is not None), None))
    if any(one.kind is Saying.QUOTATION for one in found):
        return f"“{excerpt(answer.value)[0]}”"
    return printed(answer.value, found, pen.articles) or shown(answer.value)
