"""The vocabulary of a language, one folder of TOML a language beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words by which a language's sentences, numbers, dates and countries are read.

    The tables are as the TOML files have them; `words.toml` of "en" says what each means.
    """

    language: str
    sentences: Mapping[str, frozenset[str]]
    numbers: Mapping[str, Any]
    dates: Mapping[str, Any]
    countries: Mapping[str, tuple[str, ...]]
    seats: Mapping[str, tuple[str, str]]
    bodies: Mapping[str, str]


@cache
def vocabulary(language: str) -> Vocabulary | None:
    """The vocabulary of an ISO 639-1 code; None for a language that has no folder here."""
    if not (language.isascii() and language.isalpha() and len(language) == 2):
        return None
    folder = files("trucewatch.language") / language.lower()
    if not (folder / "words.toml").is_file():
        return None
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    names = tomllib.loads((folder / "countries.toml").read_text("utf-8"))
    return Vocabulary(
        language=language.lower(),
        sentences={key: frozenset(text.split()) for key, text in words["sentences"].items()},
        numbers=words["numbers"],
        dates=words["dates"],
        countries={code: tuple(row) for code, row in names["countries"].items()},
        seats={name: (row[0], row[1]) for name, row in names["seats"].items()},
        bodies=names["bodies"],
    )


def fold(word: str) -> str:
    """A matched word as the tables spell it: lower case, one blank, plain apostrophes.

    A pattern that leaves case aside takes "ſ", "ı" and "İ" for letters that they are not: they
    must come out as those, or a table lacks what its own pattern has matched.
    """
    plain = word.casefold().replace("ı", "i").replace("i\u0307", "i").replace("’", "'")
    return " ".join(plain.split())
