"""Statements made of what was read: spans, identifiers, and what every sort has in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import name
from trucewatch.model.identity import content_id
from trucewatch.model.statements import Quantity, Statement

if TYPE_CHECKING:
    from trucewatch.language import Dated, Number
    from trucewatch.model.statements import Saying, Stance
    from trucewatch.statements.names import People
    from trucewatch.statements.reading import Reading, Sentence
    from trucewatch.statements.voices import Voice, Voices

_GAP = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Context:
    """All that was read of one article."""

    reading: Reading
    people: People
    voices: Voices


def slug(text: str) -> str:
    """A name as it stands in a topic: "French presidency" gives "french-presidency"."""
    return "-".join(name(text).split())


def quantity(context: Context, number: Number, unit: str) -> Quantity:
    """A number as a quantity of a unit, its words as printed."""
    words = context.reading.text[number.start : number.end]
    return Quantity(
        low=number.low,
        high=number.high,
        bound=number.bound,
        unit=unit,
        words=_GAP.sub(" ", words),
    )


def statement(
    context: Context,
    kind: Saying,
    topic: str,
    sentence: Sentence,
    first: int,
    last: int,
    *,
    voice: Voice,
    value: str | None = None,
    quantity: Quantity | None = None,
    stance: Stance | None = None,
    actor: str | None = None,
    about: str | None = None,
    dated: Dated | None = None,
    quote: str | None = None,
    span: tuple[int, int] | None = None,
    negated: bool = False,
    hedged: bool = False,
    earlier: bool = False,
) -> Statement:
    """A statement on the words `first` to `last` of a sentence, or on a `span` of the text."""
    reading = context.reading
    start, end = sentence.span(first, last) if span is None else span
    core = reading.passage(start, end)
    article = reading.article
    when_words = None if dated is None else reading.text[dated.start : dated.end]
    identity = content_id(
        "stm", [article.id, kind.value, topic, str(start), str(end), value or "", quote or ""]
    )
    return Statement(
        id=identity,
        article=article.id,
        outlet=article.outlet,
        kind=kind,
        passage=reading.around(start, end),
        core=core,
        topic=topic,
        value=value,
        quantity=quantity,
        stance=stance,
        actor=actor,
        about=about,
        speaker=voice.speaker,
        via=voice.via,
        when=None if dated is None else dated.when,
        when_words=when_words,
        quote=quote,
        negated=negated != voice.denied,
        hedged=hedged,
        earlier=earlier,
    )


def hedged(context: Context, sentence: Sentence, first: int, last: int) -> bool:
    """Whether a run of words is put as possible only."""
    hedges = context.reading.rules.words["saying.hedges"]
    return not hedges.isdisjoint(sentence.lower[first:last])
