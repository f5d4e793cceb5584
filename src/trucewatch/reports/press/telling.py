"""What the frame of a page tells of the article: its date, outlet, author and where it is from."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.model import Role
from trucewatch.reports.press.dates import find_date
from trucewatch.reports.press.features import byline
from trucewatch.reports.press.vocabulary import alternatives, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trucewatch.model import Interval
    from trucewatch.reports.press.closing import Judged
    from trucewatch.reports.press.pieces import Piece

_DATED = frozenset({"date", "byline", "counter"})
_NAME = r"[A-Z0-9][\w&'’/-]*(?:\.\w+)*"
_PROPER = re.compile(
    rf"\s*(?:-\s*)?((?:the\s+)?{_NAME}(?:\s+(?:(?:of|for|the|and|&)\s+){{0,2}}{_NAME}){{0,5}})"
)
_DATELINE = re.compile(r"[^\n]{0,80}?\(([A-Za-z][A-Za-z/ -]{1,30})\)\s?[-–—:]")
_SIGNED = re.compile(r"(?:\(|[-–—]\s?)([A-Za-z][A-Za-z/ -]{1,30})\)?\s*$")
_YEAR = re.compile(
    r"\s*(?:©|\(c\)|copyright)?\s*(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?\s*(?:by\s+)?",
    re.IGNORECASE,
)
NAME_CHARACTERS = 60
"""A longer name is no outlet's."""


def date_of(judged: Sequence[Judged]) -> tuple[Interval | None, str]:
    """The date of publication, and where it stands; (None, "") where the page does not say.

    A date above the text comes first, then one in the first words of the text ("PARIS, 6 January
    2026 (…)"), then one below it, but none of a comment or of another headline.
    """
    kept = [i for i, one in enumerate(judged) if one.role not in {None, Role.TITLE}]
    first = kept[0] if kept else len(judged)
    for one in judged[:first]:
        if one.role is None and one.reason in _DATED and not one.under:
            found = find_date(one.line.text[:200])
            if found:
                return found[0], "dateline"
    for i in kept[:3]:
        text = judged[i].shape.text[:100]
        opening = _DATELINE.match(text)
        found = find_date(opening[0]) if opening else None
        if found:
            return found[0], "dateline"
    words = vocabulary().credit["date"]
    for one in judged[first:]:
        low = one.shape.plain
        said = byline(one.shape) is not None or low.startswith(words)
        if one.role is None and one.reason in _DATED and (said or not one.under):
            found = find_date(one.line.text[:200])
            if found:
                return found[0], "trailer"
    return None, ""


def byline_of(judged: Iterable[Judged]) -> str | None:
    """Whoever the page says wrote it, in its own words; None where it does not say."""
    for one in judged:
        name = byline(one.shape) if one.role is None and one.reason in {"byline", "date"} else None
        if name:
            return name
    return None


def outlet_of(judged: Sequence[Judged]) -> str | None:
    """The outlet that the page names as its own; None where it does not say.

    A copyright line comes first, then a byline that names no person, then what an author's
    biography says of whom she writes for.
    """
    for one in judged:
        if one.role is None and one.reason == "legal":
            name = _holder(one.line.text)
            if name:
                return name
    for one in judged:
        name = byline(one.shape) if one.role is None and one.reason in {"byline", "date"} else None
        if name and _is_outlet(name):
            return name
    for one in judged:
        if one.role is None and one.reason == "author":
            for found in _works_for().finditer(one.line.text[:600]):
                name = _proper(one.line.text, found.end())
                if name:
                    return name
    return None


def credits_of(judged: Sequence[Judged], pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The outlets and agencies that the page names as where it has its text from, sorted.

    A picture's credit is none: it says where the picture is from. A sentence of the article that
    merely tells what an agency reported is none, either: it is an attribution of that sentence.
    """
    found: set[str] = set()
    for piece in pieces:
        if piece.role is None and piece.reason != "picture":
            found.update(_said_from(piece.text[:400]))
    kept = [one.shape.text for one in judged if one.role in {Role.PARAGRAPH, Role.QUOTE}]
    for text in kept[:2]:
        found.update(_agencies(_DATELINE.match(text[:160])))
    for text in kept[-2:]:
        found.update(_agencies(_SIGNED.search(text[-60:])))
        found.update(_said_from(text) if len(text) < 200 else ())
    for one in judged:
        if one.role is None and one.shape.count <= 4:
            whole = one.line.text.strip(" ()-–—.")
            if whole.casefold() in vocabulary().agencies and not one.under:
                found.add(vocabulary().agencies[whole.casefold()])
    return tuple(sorted(found))


def _agencies(match: re.Match[str] | None) -> Iterator[str]:
    if match:
        for part in re.split(r"[/,]| and ", match[1]):
            name = vocabulary().agencies.get(part.strip().casefold())
            if name:
                yield name


def _said_from(text: str) -> Iterator[str]:
    for found in _credit().finditer(text):
        name = _proper(text, found.end())
        if name:
            yield vocabulary().agencies.get(name.casefold(), name)
    if text.lstrip().startswith(("©", "(c)", "(C)", "Copyright")):
        name = _holder(text)
        if name and name.casefold() in vocabulary().agencies:
            yield vocabulary().agencies[name.casefold()]


def _holder(text: str) -> str | None:
    """Who holds the rights: "© 2026 The Example Times. All rights reserved." """
    year = _YEAR.search(text[:120])
    return _proper(text, year.end()) if year else None


def _proper(text: str, at: int) -> str | None:
    """The name, in capitals as names are, that stands there; None where there is none."""
    found = _PROPER.match(text[at : at + NAME_CHARACTERS + 20])
    if not found:
        return None
    name = found[1].rstrip(".'’-/&")
    if not name or (name[0].isdigit() and len(name) < 3) or len(name) > NAME_CHARACTERS:
        return None
    return None if name.casefold() in vocabulary().signs["openers"] else name


def _is_outlet(name: str) -> bool:
    """Whether a byline names a desk or a site, not a person: one word, or a word of the trade."""
    words = name.casefold().split()
    return len(words) == 1 or bool(vocabulary().outlet & {*words})


@cache
def _credit() -> re.Pattern[str]:
    inner = alternatives(vocabulary().credit["from"])
    return re.compile(inner.pattern, re.IGNORECASE)


@cache
def _works_for() -> re.Pattern[str]:
    inner = alternatives(vocabulary().biography["for"])
    return re.compile(inner.pattern, re.IGNORECASE)
