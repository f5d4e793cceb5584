"""Which numbers count nothing, and which are a part of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model.statements import Bound

if TYPE_CHECKING:
    from trucewatch.language import Number
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence

_FARTHEST = 14


def is_name(context: Context, sentence: Sentence, number: Number, first: int) -> bool:
    """Whether a number names something: a magnitude, an address, an hour, a version, a score."""
    words = sentence.lower
    labels = frozenset(context.reading.rules.topics["labels"]["before"].split())
    plain = number.bound is Bound.EXACT and not number.unit
    if plain and first and words[first - 1] in labels:
        return True
    text = context.reading.text[number.start : number.end]
    # No body and no thing is counted in tenths; "1.5 million" is.
    return plain and "." in text and text.replace(".", "").isdigit()


def tells(context: Context, sentence: Sentence, first: int, last: int) -> bool:
    """Whether those counted only say the rest: "two diplomats familiar with the talks said"."""
    known = context.reading.rules
    words = sentence.lower
    if words[last - 1] not in known.words["figures.tellers"]:
        return False
    opens = first == 0 or words[first - 1] in {",", "–", "—", "”", '"'}
    for at in range(last, min(len(words), last + _FARTHEST)):
        if words[at] in known.words["saying.speech"]:
            return opens
        if words[at] in {",", ";"} or words[at] in known.words["saying.plain"]:
            return False
    return False


def is_part(context: Context, sentence: Sentence, first: int) -> bool:
    """Whether a number is of the one before: "…, among them 14 children"."""
    known = context.reading.rules
    if not first:
        return False
    if sentence.lower[first - 1].endswith("ing"):
        return known.verbs["figures.include"].at(sentence.lower, first - 1) is not None
    named = known.phrases["among"].all(sentence.lower, max(0, first - 2), first)
    return bool(named) and named[-1][1] == first
