"""Direct quotations with their speakers; quotation marks of distance are none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.model.statements import Saying
from trucewatch.statements.making import slug, statement
from trucewatch.statements.voices import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.language import Quoted
    from trucewatch.model.statements import Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence

_LEAST = 4
_LONGEST_OF_DISTANCE = 5


def quoted(context: Context) -> Iterator[Statement]:
    """Every quotation of four words or more, and shorter ones whose speaker is told."""
    reading = context.reading
    for quote in reading.quotes:
        sentence = reading.sentence_at(quote.start)
        if sentence is None:
            continue
        voice = context.voices.quoted.get(quote, Voice())
        # A comma before the closing mark is the sentence's that quotes.
        last = quote.last - (reading.text[quote.last - 1] == ",")
        printed = reading.text[quote.first : last]
        size = len(words(printed))
        if size == 0 or (size < _LEAST and voice.speaker is None):
            continue
        if _at_a_distance(context, sentence, quote, printed, told=voice.speaker is not None):
            continue
        topic = "quotation"
        if voice.speaker is not None:
            sort = "quoted-document" if voice.sort == "document" else "quotation"
            topic = f"{sort}@{slug(voice.speaker)}"
        yield statement(
            context,
            Saying.QUOTATION,
            topic,
            sentence,
            0,
            1,
            voice=replace(voice, denied=False),
            actor=voice.speaker,
            quote=printed,
            span=(quote.first, last),
        )


def _at_a_distance(
    context: Context, sentence: Sentence, quote: Quoted, printed: str, *, told: bool
) -> bool:
    """Whether the marks only keep a name or a word at a distance: the “coalition of nations”."""
    size = len(words(printed))
    whole = printed[-1:] in ".!?" and printed[:1].isupper() and size >= _LEAST
    if size > _LONGEST_OF_DISTANCE or whole:
        return False
    at = sentence.index(quote.start)
    before = sentence.lower[at - 1] if at else ""
    return not told or before in context.reading.rules.words["grammar.distance"]
