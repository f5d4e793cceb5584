"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.language.vocabularies import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLOSERS = "\"'”’»›)\\]}"
# A run of stops, what closes after it, and a gap. The look-behind starts it only at the beginning
# of a run, which keeps a long run of stops linear.
_END = re.compile(rf"(?<![.!?…])([.!?…]++)[{_CLOSERS}]*+\.?(\s++)")
_OPENERS = "\"'“‘„‚«‹([{–—-•*>"
_BEFORE = re.compile(r"\S{1,24}$")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
# No abbreviation is longer.
_LONGEST = 24


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The sentences of a text as spans, in order, without the blanks around them.

    A line is never joined to the next, so headings and items of a list are sentences of their own.
    In a language without a vocabulary every full stop before a capital ends one.
    """
    known = vocabulary(language)
    words = None if known is None else known.sentences
    found: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start, last = line.span()
        for match in _END.finditer(text, start, last):
            if match.end() < last and _ends(text, start, match, last, words):
                _add(found, text, start, match.start(2))
                start = match.end()
        _add(found, text, start, last)
    return found


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


def _ends(
    text: str,
    start: int,
    match: re.Match[str],
    last: int,
    table: Mapping[str, frozenset[str]] | None,
) -> bool:
    at = match.end()
    while at < last and at < match.end() + 4 and text[at] in _OPENERS:
        at += 1
    if at >= last or text[at].islower():
        return False
    if match.group(1) != ".":
        return True
    before = _BEFORE.search(text, max(start, match.start() - _LONGEST), match.start())
    if before is None:
        return True
    word = before.group().lstrip("\"'“‘„«([")
    if word.isdigit() and before.start() == start:
        return False
    lower = word.lower()
    if table is None:
        return True
    if lower in table["titles"] or (len(word) == 1 and word.isupper() and word != "I"):
        return False
    if lower not in table["short"] and "." not in lower:
        return True
    following = _LETTERS.match(text, at)
    return following is not None and following.group().lower() in table["starters"]
