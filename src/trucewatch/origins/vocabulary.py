"""The words of attribution, one folder a language; a language without one knows names alone."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from trucewatch.language import Form, countries, tokens, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 6
# Words before a title that belong to it.
BEFORE = 3


class Vocabulary:
    """One language's words of attribution; runs of words are looked up, never parts of words."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._runs = {
            kind: frozenset(words(text) for text in found)
            for kind, found in data.items()
            if isinstance(found, list)
        }
        self._other = self._runs.get("other", frozenset())
        self._offices: dict[tuple[str, ...], str] = {
            words(text): office
            for office, found in data.get("offices", {}).items()
            for text in found
        }
        self.articles = self.flat("articles")
        self._common = frozenset(
            w
            for run in (*(r for runs in self._runs.values() for r in runs), *self._offices)
            for w in run
        )

    def flat(self, kind: str) -> frozenset[str]:
        """The single words of a kind, however many words a phrase of it has."""
        return frozenset(w for run in self._runs.get(kind, ()) for w in run)

    def common(self, word: str) -> bool:
        """Whether a word is one of attribution, so that a capital makes it no name."""
        return word in self._common

    def find(self, kind: str, text: Sequence[str]) -> tuple[int, int] | None:
        """Where the first and longest phrase of a kind stands in a text."""
        return _find(self._runs.get(kind, frozenset()), text)

    def office(self, text: Sequence[str]) -> str | None:
        """The office that a text names, unless another word makes it another ("vice", "former")."""
        at = _find(self._offices, text)
        if at is None or self._made_other(text, at[0]):
            return None
        return self._offices[tuple(text[at[0] : at[1]])]

    def other_office(self, text: Sequence[str]) -> bool:
        """Whether a text names an office that another word makes another one."""
        at = _find(self._offices, text)
        return at is not None and self._made_other(text, at[0])

    def _made_other(self, text: Sequence[str], at: int) -> bool:
        # "A former French president": a country may stand between.
        return any((word,) in self._other for word in text[max(0, at - BEFORE) : at])

    def titles(self) -> frozenset[tuple[str, ...]]:
        """All phrases that name an office."""
        return frozenset(self._offices)

    def without_saying(self, text: Sequence[str]) -> tuple[str, ...]:
        """A text without the words at its ends that only announce an attribution."""
        saying, honorifics = (self._runs.get(k, frozenset()) for k in ("saying", "honorifics"))
        rest = tuple(text)
        before: tuple[str, ...] = ()
        while rest != before:
            before = rest
            for size in range(min(_LONGEST, len(rest)), 0, -1):
                if rest[:size] in saying:
                    rest = rest[size:]
                if rest and rest[-size:] in saying:
                    rest = rest[:-size]
            while rest and (rest[0] in self.articles or rest[:1] in honorifics):
                rest = rest[1:]
        return rest


def _find(
    phrases: frozenset[tuple[str, ...]] | dict[tuple[str, ...], Any], text: Sequence[str]
) -> tuple[int, int] | None:
    for i in range(len(text)):
        for size in range(min(_LONGEST, len(text) - i), 0, -1):
            if tuple(text[i : i + size]) in phrases:
                return i, i + size
    return None


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language (ISO 639-1); an unknown language has an empty one."""
    # The language's code chooses a folder; whatever is no folder of ours is no path.
    folder = resources.files("trucewatch.origins")
    known = {entry.name for entry in folder.iterdir() if entry.is_dir()}
    if language not in known:
        language = "en" if language == "und" else ""
    if not language:
        return Vocabulary({})
    text = (folder / language / "words.toml").read_text("utf-8")
    return Vocabulary(tomllib.loads(text))


@dataclass(frozen=True, slots=True)
class Places:
    """What countries and bodies a text names; "" for none.

    `country` is an ISO 3166-1 alpha-2 code, the last one named where `last` was asked for; `office`
    is set where a seat stands for it (a palace, a street); `words` are the plain words taken up.
    """

    country: str = ""
    office: str = ""
    body: str = ""
    words: frozenset[str] = frozenset()


def places(text: str, language: str, *, last: bool = False) -> Places:
    """The country, seat or body that a text names first, or last."""
    cut = tokens(text)
    found = countries(cut, language)
    if not found:
        return Places()
    taken = frozenset(
        w for named in found for token in cut[named.first : named.last] for w in words(token.text)
    )
    with_code = [named for named in found if named.code]
    seat = next((named for named in found if named.form is Form.SEAT), None)
    one = seat or (with_code[-1 if last else 0] if with_code else None)
    return Places(
        country=one.code if one else "",
        office=seat.office if seat else "",
        body=next((named.name for named in found if named.form is Form.BODY), ""),
        words=taken,
    )
