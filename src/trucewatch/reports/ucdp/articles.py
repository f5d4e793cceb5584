"""The columns that say who told it: `source_article` and `source_original`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.model import Attribution, Interval
from trucewatch.reports.fields import iso_day

if TYPE_CHECKING:
    from datetime import date, tzinfo

# An item begins with a quote at the start or after ";", and has a date within 200 characters.
# Headlines hold quotes and semicolons of their own, unescaped, so nothing else is a boundary.
_ITEM = re.compile(r'(?:\A|;)\s*"([^"]{0,200}?),\s*(\d{4}-\d{2}-\d{2})\s*,', re.ASCII)

_MARK = re.compile(r"[();\n]")

# "Memorial book x3" is one informant with three entries.
_TIMES = re.compile(r"\s*\(?\bx\s?\d{1,3}\)?\Z", re.ASCII | re.IGNORECASE)

VOICE_LIMIT = 10_000
"""The most pairs of article and informant of one event; in all the files at hand 23 is the most."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article behind an event; `day` is None where its date is no day of the calendar."""

    outlet: str
    day: date | None
    headline: str

    def published(self, zone: tzinfo) -> Interval | None:
        """The whole local day of publication."""
        return None if self.day is None else Interval.days(self.day, self.day, zone)


def articles(text: str) -> tuple[Article, ...]:
    """The items of `source_article`: quoted "outlet,date,headline", joined by ";".

    A text of another shape gives none: what cannot be told apart is not guessed.
    """
    starts = list(_ITEM.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)][: len(starts)]
    return tuple(
        Article(match[1].strip(), _day(match[2]), _headline(text[match.end() : end]))
        for match, end in zip(starts, ends, strict=True)
    )


def _day(text: str) -> date | None:
    try:
        return iso_day(text, "the date of an article")
    except ValueError:
        return None


def _headline(text: str) -> str:
    return text.strip().removesuffix('"').strip()


def informants(text: str) -> tuple[str, ...]:
    """The informants that `source_original` lists, each in its own words.

    They are told apart at ";" and at the end of a line outside brackets, never at commas: "head of
    X, Y Z" is one person. How often one is listed ("x3") is no part of who it is.
    """
    cuts, depth = [-1], 0
    for mark in _MARK.finditer(text):
        if mark[0] == "(":
            depth += 1
        elif mark[0] == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            cuts.append(mark.start())
    # A bracket that never closes hides the rest; then every mark counts.
    parts = (
        re.split(r"[;\n]", text)
        if depth
        else [text[a + 1 : b] for a, b in pairwise([*cuts, len(text)])]
    )
    named = (_TIMES.sub("", part.strip()) for part in parts)
    return tuple(dict.fromkeys(part for part in named if part))


def attributions(
    items: tuple[Article, ...], informed: tuple[str, ...], zone: tzinfo
) -> tuple[Attribution, ...]:
    """One attribution for each article, and for each informant behind it.

    The source does not say which article rests on which of several informants, so each article
    stands with each of them: the outlets never look like origins beside their informants.
    ValueError for more of them than one event can have.
    """
    if len(informed) * max(1, len(items)) > VOICE_LIMIT:
        told = f"{len(items)} articles and {len(informed)} informants"
        raise ValueError(f"it names {told}: too many for one event")
    behind: tuple[str | None, ...] = informed or (None,)
    if not items:
        return tuple(Attribution(informant=who) for who in informed)
    return tuple(
        Attribution(
            outlet=item.outlet or None,
            published=item.published(zone),
            headline=item.headline or None,
            informant=who,
        )
        for item in items
        for who in behind
    )
