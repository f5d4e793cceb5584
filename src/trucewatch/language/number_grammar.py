"""How a language puts numbers: the patterns made of its vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language.vocabularies import vocabulary
from trucewatch.model.statements import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIGITS = r"\d{1,3}+(?:[,\u00a0\u202f\u2009]\d{3}(?!\d))++(?:\.\d++)?|\d++(?:\.\d++)?"
_DASH = r"\s?[–—]\s?|-(?=\d)"


@dataclass(frozen=True, slots=True)
class NumberGrammar:
    """The patterns and tables by which one number, and what stands around it, is read."""

    start: re.Pattern[str]
    one: re.Pattern[str]
    more: re.Pattern[str]
    join: re.Pattern[str]
    between: re.Pattern[str]
    bound: re.Pattern[str]
    after: re.Pattern[str]
    unit: re.Pattern[str]
    values: Mapping[str, float]
    scales: Mapping[str, float]
    bounds: Mapping[str, Bound]
    afters: Mapping[str, Bound]
    money: Mapping[str, str]
    words: Mapping[str, frozenset[str]]


def _any(phrases: Iterable[str]) -> str:
    longest = sorted({p.strip() for p in phrases if p.strip()}, key=lambda p: (-len(p), p))
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest)


def _split(table: Mapping[str, str]) -> dict[str, Bound]:
    return {
        phrase.strip(): Bound(name) for name, text in table.items() for phrase in text.split("|")
    }


@cache
def number_grammar(language: str) -> NumberGrammar | None:
    """The grammar of a language's numbers; None without a vocabulary."""
    known = vocabulary(language)
    if known is None:
        return None
    table = known.numbers
    values: dict[str, float] = {}
    for first, key in ((1.0, "ones"), (10.0, "teens")):
        values |= {word: first + i for i, word in enumerate(table[key].split())}
    tens = {word: 10.0 * (i + 2) for i, word in enumerate(table["tens"].split())}
    for ten, value in tens.items():
        values |= {f"{ten} {one}": value + i + 1 for i, one in enumerate(table["ones"].split())}
    values |= tens
    scales = {word: float(value) for word, value in table["scales"].items()}
    written = _any(word for word in scales if len(word) > 2)
    letters = _any(word for word in scales if len(word) <= 2)
    word = _any(values).replace(r"\s+", r"[-\s]")
    scale = rf"[\s-](?:{written})\b|\s?(?:{letters})\b"
    money = _any(table["money"])
    joins = _any([*table["between_joins"].split(), table["joins"], table["pairs"]])
    lists = (
        "labels", "before_years", "not_one", "fractions", "vague", "half", "joins", "pairs",
        "between_joins",
    )  # fmt: skip
    ignore = re.IGNORECASE
    return NumberGrammar(
        start=re.compile(
            rf"(?:(?<!\w)(?:{money})\s?)?(?<![\w.,:/#@+])(?<!\w-)(?:\d|(?:{word})\b"
            rf"|an?(?=[\s-](?:{written})\b))",
            ignore,
        ),
        one=re.compile(
            rf"(?P<money>{money})?\s?(?P<value>{_DIGITS}|(?:{word})\b|an?(?=[\s-](?:{written})\b))"
            rf"(?P<scale>(?<=\d)(?:{scale}))?",
            ignore,
        ),
        more=re.compile(rf"[\s-](?P<and>and\s+)?(?P<part>{written}|{word})\b", ignore),
        join=re.compile(
            rf"{_DASH}|\s+(?:{joins})\s+",
            ignore,
        ),
        between=re.compile(rf"\b(?:{_any(table['betweens'].split())})\s+$", ignore),
        bound=re.compile(
            rf"(?<!\w)({_any(_split(table['bounds']))})\s+(?:(?:a|an|the|of)\s+)?$", ignore
        ),
        after=re.compile(rf"\+|\s+(?:{_any(_split(table['after']))})\b", ignore),
        unit=re.compile(
            rf"\s?%|\s+(?:{_any([*table['percent'].split('|'), *table['money_words']])})\b", ignore
        ),
        values=values,
        scales=scales,
        bounds=_split(table["bounds"]),
        afters=_split(table["after"]),
        money={k.lower(): v for k, v in (table["money"] | table["money_words"]).items()},
        words={key: frozenset(table[key].split()) for key in lists},
    )
