"""What headlines hold beside the event itself: a named weapon, and figures that someone claims."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.model import kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SMALL = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_HEADLINE_LIMIT = 2000
_ABOUT = r"(?:(?:about|around|almost|nearly|over|more than|at least|up to|some)\s+)?"
_NUMBER = (
    r"(?<![\w.,/-])(?P<n>\d{1,3}(?:[, ]\d{3})+|\d{1,6}|" + "|".join(_SMALL) + r")(?![\w.,/-]*\d)"
)
_NOT_A_QUALITY = (
    r"(?!(?:and|or|in|of|on|by|to|the|killed|dead|die[ds]?|wounded|injured|hours?|days?|weeks?|"
    r"months?|years?|people|persons?|soldiers?|civilians?)\b)"
)
_QUALITY = rf"(?:{_NOT_A_QUALITY}[^\W\d_][\w’'-]*\s+)?"
_BETWEEN = r"(?:\s+(?!times\b)[^\s;:.!?]{1,40}){0,7}?"
_FLAGS = re.IGNORECASE
_BROKEN = (
    r"(?:violat(?:e|es|ed|ing)|breach(?:es|ed|ing)?|break(?:s|ing)?|broke|broken)"
    r"\s+(?:the\s+)?(?:ceasefire|cease-fire|truce)"
)
_TIMES = rf"{_BETWEEN}\s+{_ABOUT}{_NUMBER}\s+times\b(?!\s+(?:more|less|as|higher|lower|over)\b)"

_RECORDED = (
    rf"{_ABOUT}{_NUMBER}\s+{_QUALITY}(?:ceasefire\s+|cease-fire\s+|truce\s+)?violations?\b"
    r"(?:\s+(?:of|by)(?:\s+[^\s;:.,!?]{1,40}){1,4}?(?=\s+recorded))?(?:\s+recorded\b)?"
)
_GRAMMAR = tuple(
    (subject, re.compile(pattern, _FLAGS))
    for subject, pattern in (
        (
            "ceasefire violations",
            _RECORDED,
        ),
        ("ceasefire violations", rf"\b{_BROKEN}\b{_TIMES}"),
        ("clashes", rf"{_ABOUT}{_NUMBER}\s+{_QUALITY}(?:clashes|combat engagements|battles)\b"),
        ("attacks", rf"{_ABOUT}{_NUMBER}\s+{_QUALITY}(?:attacks|assaults)\b"),
        ("attacks", rf"\battack(?:s|ed|ing)?\b{_TIMES}"),
        ("strikes or shots", rf"{_ABOUT}{_NUMBER}\s+{_QUALITY}(?:strikes|airstrikes|shellings)\b"),
        (
            "strikes or shots",
            rf"\b(?:fired?|fires|firing|shell(?:s|ed|ing)?|struck|strikes?)\b{_TIMES}",
        ),
    )
)
_TRUCE = re.compile(r"\b(?:ceasefire|cease-fire|truce)\b", _FLAGS)
# How far back a month may begin; looking further would cost the square of a headline's length.
_MONTH_WIDTH = 16
_DATE_BEFORE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*\Z", _FLAGS
)


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A number that a headline gives for something counted, with the words it stands in."""

    subject: str
    value: int
    quote: str


def figures(headline: str) -> Iterator[Figure]:
    """The figures of one headline.

    They are what somebody said, rounded as they said it ("almost 70" is 70, and the quote says
    so). A number that may be a year or a day of the month is left out.
    """
    headline = " ".join(headline.split())[:_HEADLINE_LIMIT]
    for subject, pattern in _GRAMMAR:
        if subject == "ceasefire violations" and not _TRUCE.search(headline):
            continue
        for match in pattern.finditer(headline):
            text = match["n"]
            if text.isdigit() and len(text) == 4 and text[:2] in {"19", "20"}:
                continue
            start = match.start("n")
            if _DATE_BEFORE.search(headline, max(0, start - _MONTH_WIDTH), start):
                continue
            yield Figure(subject, _value(text), match[0].strip())


def _value(text: str) -> int:
    if text.lower() in _SMALL:
        return _SMALL.index(text.lower()) + 1
    return int(re.sub(r"\D", "", text))


def weapon_kind(headlines: Iterable[str]) -> str | None:
    """The kind of event that the named weapons show, None where they name none or disagree.

    A headline that speaks of weapons as things (a depot, a crew) settles nothing and spoils the
    rest. Weapons agree where their kinds lie on one line of the tree; the vaguest of them is taken.
    """
    pattern, things, kinds = _lexicon()
    naming = [line for line in headlines if pattern.search(line)]
    if any(things.search(line) for line in naming):
        return None
    named = {kinds[match[0].lower()] for line in naming for match in pattern.finditer(line)}
    tree = kind_tree()
    line = sorted(named, key=lambda kind: (len(tree.lineage(kind)), kind))
    if not line or line[0] == "hostile_act":
        return None
    return line[0] if all(tree.is_a(exact, vague) for vague, exact in pairwise(line)) else None


@cache
def _lexicon() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """Patterns of the words for weapons and for weapons as things, and the kind by the word."""
    text = files("trucewatch.reports.ucdp").joinpath("weapons.toml").read_text("utf-8")
    data = tomllib.loads(text)
    things = data.pop("things")["words"]
    kinds = {word: kind for kind, words in data.items() for word in words}
    return _words(kinds), _words(things), kinds


def _words(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    choice = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])", re.IGNORECASE)
