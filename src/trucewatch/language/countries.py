"""Countries, their seats of government and other bodies, as a text names them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language.tokens import Token, tokens
from trucewatch.language.vocabularies import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

# Shorter names are words as well ("us"): they count only as they are printed in the table.
_SHORT = 4


class Form(StrEnum):
    """How a text names a country or a body."""

    NAME = "name"
    ADJECTIVE = "adjective"
    CAPITAL = "capital"
    SEAT = "seat"
    BODY = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A country or body named by the words `first` to `last` (not included) of a sentence.

    `code` is the country's, "" for a body; `name` its usual name, `office` what a seat stands for
    ("presidency"). A capital is a place as often as a government: the sentence must tell.
    """

    first: int
    last: int
    form: Form
    code: str
    name: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    exact: tuple[str, ...] | None
    form: Form
    code: str
    name: str
    office: str


def countries(words: Sequence[Token], language: str = "en") -> tuple[Named, ...]:
    """The countries and bodies that the words of a sentence name, the longest name first read.

    An adjective that two countries share ("Congolese") is the first one's in the table.
    """
    index = _index(language)
    found = []
    at = 0
    while at < len(words):
        entry = next((e for e in index.get(words[at].lower, ()) if _matches(e, words, at)), None)
        if entry is None:
            at += 1
            continue
        end = at + len(entry.words)
        found.append(
            Named(
                first=at,
                last=end,
                form=entry.form,
                code=entry.code,
                name=entry.name,
                office=entry.office,
            )
        )
        at = end
    return tuple(found)


@cache
def adjective(code: str, language: str = "en") -> str:
    """A country's first adjective; its name where it has none.

    Raises KeyError for a code that the table lacks.
    """
    known = vocabulary(language)
    if known is None:
        raise KeyError(code)
    row = known.countries[code]
    first = row[1].split("|")[0]
    return row[0] if first == "-" else first


def country_name(code: str, language: str = "en") -> str:
    """A country's usual name; the code itself in a language without a table.

    Raises KeyError for a code that the table lacks.
    """
    known = vocabulary(language)
    return code if known is None else known.countries[code][0]


def _matches(entry: _Entry, words: Sequence[Token], at: int) -> bool:
    end = at + len(entry.words)
    if end > len(words) or not words[at].capital:
        return False
    if entry.exact is not None:
        return all(words[at + i].text == word for i, word in enumerate(entry.exact))
    return all(words[at + i].lower == word for i, word in enumerate(entry.words))


@cache
def _index(language: str) -> dict[str, tuple[_Entry, ...]]:
    known = vocabulary(language)
    if known is None:
        return {}
    found: dict[str, dict[tuple[str, ...], _Entry]] = {}

    def add(printed: str, form: Form, code: str, name: str, office: str = "") -> None:
        cut = tokens(printed.strip())
        if not cut or printed == "-":
            return
        words = tuple(token.lower for token in cut)
        exact = tuple(token.text for token in cut) if len(printed) < _SHORT else None
        entry = _Entry(words, exact, form, code, name, office)
        found.setdefault(words[0], {}).setdefault(words, entry)

    for printed, (code, office) in known.seats.items():
        add(printed, Form.SEAT, code, known.countries[code][0], office)
    for name, others in known.bodies.items():
        for printed in (name, *others.split("|")):
            add(printed, Form.BODY, "", name)
    for code, (name, adjectives, capital, others) in known.countries.items():
        for printed in (name, *others.split("|")):
            add(printed, Form.NAME, code, name)
        for printed in adjectives.split("|"):
            add(printed, Form.ADJECTIVE, code, name)
        add(capital, Form.CAPITAL, code, name)
    return {
        first: tuple(sorted(entries.values(), key=lambda e: (-len(e.words), e.words)))
        for first, entries in found.items()
    }
