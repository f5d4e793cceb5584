"""Foreign words inside a paragraph: "Read more from …" with the headlines that it leads to."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.reports.press.vocabulary import alternatives, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

_GLUED = re.compile(r"[^\W\d_]*[^\W\d_A-Z](?=[A-Z][^\W\d_])|[.!?'’”\"](?=[A-Z][a-z])")
_WORD_START = re.compile(r"(?<=[\s])[^\W\d_][\w'’]*")
_STOP = re.compile(r"\.[\"'’”)]{0,3}(?:\s|$)")
_SENTENCE_END = ".!?…\"'”’)»"
LONGEST = 500
"""The most characters that are cut out at one place: longer, and it is no list of headlines."""
LEAST_HEADLINE = 3
"""A headline has more words than this."""


def cut(text: str) -> Iterator[tuple[str, str | None]]:
    """The parts of a paragraph in order: (words, None) to keep, (words, reason) to drop.

    Together they are the paragraph. What is cut begins, after the end of a sentence, with a
    phrase that leads to other pages, and ends where the next sentence of the article begins. Where
    that cannot be told nothing is cut: the article's own words come first.
    """
    at = 0
    for match in _leads().finditer(text):
        if match.start() < at or not _after_sentence(text, match.start()):
            continue
        if not match[0][0].isupper():
            continue
        end = _end_of_links(text, match.end())
        if end is None:
            continue
        if text[at : match.start()].strip():
            yield text[at : match.start()], None
        yield text[match.start() : end], "related"
        at = end
    if text[at:].strip():
        yield text[at:], None


def _after_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before[-1] in _SENTENCE_END


def _end_of_links(text: str, at: int) -> int | None:
    """Where the article goes on; None where that cannot be told."""
    stop = _STOP.search(text, at, at + LONGEST)
    if stop is None:
        return len(text) if len(text) <= at + LONGEST else None
    # Headlines end without a full stop: the next one ends a sentence of the article.
    glued = [m.end() for m in _GLUED.finditer(text, at, stop.start()) if _is_glue(text, m.end())]
    begin = glued[-1] if glued else at
    capitals = [
        word
        for word in _WORD_START.finditer(text, begin, stop.start())
        if word[0][0].isupper()
        and len(text[begin : word.start()].split()) > LEAST_HEADLINE
        and not _leads_on(text[begin : word.start()])
    ]
    openers = vocabulary().signs["openers"]
    begun = [word for word in capitals if word[0].casefold() in openers] or capitals
    return begun[0].start() if begun else None


def _is_glue(text: str, at: int) -> bool:
    """Whether two lines run together here, and it is no name such as "McDonald" or "eBay"."""
    word_start = at
    while word_start > 0 and not text[word_start - 1].isspace():
        word_start -= 1
    return (at - word_start >= 3 and text[word_start:at] != "Mac") or text[at - 1] in ".!?'’”\""


def _leads_on(before: str) -> bool:
    """Whether the last word is one that no headline ends with."""
    return before.split()[-1].casefold() in vocabulary().signs["small"]


@cache
def _leads() -> re.Pattern[str]:
    """A leading phrase up to its colon, with a name of at most sixty characters where one fits."""
    leads = vocabulary().leads
    named, direct = alternatives(leads["named"]).pattern, alternatives(leads["plain"]).pattern
    return re.compile(rf"(?:{named}\s[^:.!?\n]{{1,60}}|{direct}\s?):\s?", re.IGNORECASE)
