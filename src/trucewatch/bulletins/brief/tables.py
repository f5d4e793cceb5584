"""Tables of answers: value, outlets, origins, first seen, wordings, and the verdict with why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import Beginning, Row, Table, Wording
from trucewatch.bulletins.brief.pen import excerpt
from trucewatch.bulletins.brief.phrases import when
from trucewatch.bulletins.brief.showing import shown
from trucewatch.bulletins.brief.telling import value_words

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.content import Sentence
    from trucewatch.bulletins.brief.telling import Teller
    from trucewatch.model import Answer, Question, Variant


def table_of(teller: Teller, question: Question) -> Table:
    """The table of one question; the sentence that tells its verdict stands above it."""
    told: tuple[Sentence, ...] = ()
    for outlet, _ in question.inconsistent:
        told += teller.self_contradiction(question, outlet)
    return Table(
        id=question.id,
        topic=question.topic,
        asked=shown(question.text),
        verdict=question.verdict,
        reasons=tuple(shown(one) for one in question.reasons),
        rows=tuple(_row(teller, question, answer) for answer in teller.ordered(question)),
        inconsistent=tuple(f"{shown(who)}: {shown(why)}" for who, why in question.inconsistent),
        sentences=told,
    )


def _row(teller: Teller, question: Question, answer: Answer) -> Row:
    pen = teller.pen
    return Row(
        value=value_words(question, answer, pen),
        labels=_labels(teller, answer.statements),
        outlets=tuple(shown(one) for one in answer.outlets),
        origins=tuple(
            sorted(
                (
                    Beginning(
                        name=shown(origin.label),
                        labels=_labels(teller, tuple(set(origin.claims) & set(answer.statements))),
                        reasons=tuple(shown(reason) for reason in origin.reasons),
                    )
                    for origin in answer.origins
                ),
                key=lambda one: (one.name, one.labels, one.reasons),
            )
        ),
        independent=answer.independent,
        first=when(answer.first),
        wordings=tuple(
            wording for variant in answer.variants for wording in _wording(teller, variant)
        ),
    )


def _wording(teller: Teller, variant: Variant) -> tuple[Wording, ...]:
    told, _ = excerpt(variant.words)
    if not told:
        return ()
    return (
        Wording(
            words=told,
            labels=_labels(teller, variant.statements),
            citations=teller.pen.cite(sorted(variant.statements)),
        ),
    )


def _labels(teller: Teller, statements: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({teller.pen.label_of(one) for one in statements}, key=_by_letter))


def _by_letter(label: str) -> tuple[int, str]:
    return (len(label), label)
