"""Lists of aims, each item put to the priority that it speaks of."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.model.articles import Role
from trucewatch.model.statements import Saying
from trucewatch.statements.making import hedged, statement
from trucewatch.statements.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.model.statements import Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence
    from trucewatch.statements.voices import Voice

    _Item = tuple[Sentence, int, int]

_LEAST = 2
_MOST_ITEMS = 30
_Row = tuple[str, tuple[re.Pattern[str], ...]]


@cache
def _priorities(language: str) -> tuple[_Row, ...]:
    known = rules(language)
    if known is None:
        return ()
    return tuple(
        (
            row["kind"],
            tuple(
                re.compile(r"\b(?:" + "|".join(re.escape(c) for c in cues.split("|")) + ")")
                for cues in row["cues"]
            ),
        )
        for row in known.topics["priorities"]
    )


def priority(text: str, language: str = "en") -> str | None:
    """The priority that an aim speaks of, by its words; None where none fits."""
    lower = text.lower().replace("’", "'")
    for kind, groups in _priorities(language):
        if all(group.search(lower) for group in groups):
            return kind
    return None


def listings(context: Context) -> Iterator[Statement]:
    """The aims that an article lists, as bullets or in a sentence; one alone is no list."""
    for sentence in context.reading.sentences:
        opened = _opened(context, sentence)
        if opened is None:
            continue
        noun, start = opened
        voice = context.voices.at(sentence, noun)
        items = list(_within(context, sentence, start)) or list(_below(context, sentence))
        found = [
            (where, first, last, kind)
            for where, first, last in items
            for kind in (_kind(context, where, first, last),)
            if kind is not None
        ]
        if len(found) < _LEAST:
            continue
        for where, first, last, kind in found:
            yield _aim(context, where, first, last, kind, voice)


def _aim(
    context: Context, where: Sentence, first: int, last: int, kind: str, voice: Voice
) -> Statement:
    return statement(
        context,
        Saying.LISTING,
        f"priority/{kind}",
        where,
        first,
        last,
        voice=voice,
        value=kind,
        hedged=hedged(context, where, first, last),
    )


def _kind(context: Context, where: Sentence, first: int, last: int) -> str | None:
    start, end = where.span(first, last)
    return priority(context.reading.text[start:end], context.reading.rules.language)


def _opened(context: Context, sentence: Sentence) -> tuple[int, int] | None:
    """Where a list of aims is named, and where its items begin."""
    known = context.reading.rules
    words = sentence.lower
    opens = known.words["lists.opens"]
    for first, end, _ in known.phrases["lists"].all(words, 0, len(words)):
        for at in range(end, len(words)):
            if words[at] == ":" or words[at] in opens:
                start = at + 1
                while start < len(words) and (words[start] == ":" or words[start] in opens):
                    start += 1
                return first, start
    return None


def _within(context: Context, sentence: Sentence, start: int) -> Iterator[_Item]:
    """The items behind the opening words: parts that speak of no priority go with the one before.

    Divided by semicolons where there are any, else by commas.
    """
    words = sentence.lower
    mark = ";" if ";" in words[start:] else ","
    parts: list[list[int]] = []
    first = start
    for at in [*(i for i in range(start, len(words)) if words[i] == mark), len(words)]:
        last = at
        while first < last and words[first] in context.reading.rules.words["grammar.conjunctions"]:
            first += 1
        while last > first and not sentence.tokens[last - 1].word:
            last -= 1
        if first < last:
            if parts and _kind(context, sentence, first, last) is None:
                parts[-1][1] = last
            else:
                parts.append([first, last])
        first = at + 1
    for first, last in parts[:_MOST_ITEMS]:
        yield sentence, first, last


def _below(context: Context, sentence: Sentence) -> Iterator[_Item]:
    """The items on the lines below a sentence that ends with a colon."""
    if sentence.lower[-1] != ":":
        return
    below = context.reading.sentences[sentence.number + 1 :][:_MOST_ITEMS]
    for one in below:
        if one.role is not Role.ITEM:
            return
        yield one, 0, len(one.tokens)
