"""Who holds which office, as the articles themselves tell: "Freedonian President Ann Doe"."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import name, words
from trucewatch.origins.vocabulary import BEFORE, Vocabulary, places, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trucewatch.model import Article

_TOKEN = re.compile(r"[^\W_]+")
_LONGEST_NAME = 4
_BEFORE = 4


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """An office and its country (ISO 3166-1 alpha-2); both "" for nobody known."""

    country: str = ""
    office: str = ""


def fold(word: str) -> str:
    """A surname without the endings that transliterations differ in: -y, -yy, -iy, -ij."""
    plain = name(word)
    short = plain.rstrip("yij")
    return short if len(short) > 3 else plain


class Holders:
    """Offices of persons, read in titles; a surname that two persons share tells nothing."""

    def __init__(self, articles: Iterable[Article]) -> None:
        offices: defaultdict[str, set[Held]] = defaultdict(set)
        given: defaultdict[str, set[str]] = defaultdict(set)
        self._seen: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for article in articles:
            for person, held in _titled(article.text, article.language):
                surname = fold(person[-1])
                given[surname].update(person[:-1][-1:])
                offices[surname].add(held)
                if held.country:
                    self._seen[article.id, held.office].add(held.country)
        self._held = {s: h for s, found in offices.items() if (h := _one(found)) is not None}
        self._given = given

    def of(self, person: Sequence[str]) -> Held:
        """The office of a person, given by the plain words of the name, the surname last.

        Another given name is another person.
        """
        if not person:
            return Held()
        surname = fold(person[-1])
        others = self._given.get(surname, set()) - {""}
        if person[-2:-1] and others and person[-2] not in others:
            return Held()
        return self._held.get(surname, Held())

    def only(self, office: str, article: str) -> str:
        """The country whose office it must be, where an article names one holder alone."""
        found = self._seen.get((article, office), set())
        return next(iter(found)) if len(found) == 1 else ""

    def shared(self, person: Sequence[str]) -> bool:
        """Whether a bare surname may be one of two persons."""
        return len(person) == 1 and len(self._given.get(fold(person[0]), ())) > 1

    def full(self, person: Sequence[str]) -> str:
        """A person's key: the surname, with the given name where two share the surname."""
        surname = fold(person[-1])
        if len(self._given.get(surname, ())) > 1 and len(person) > 1:
            return f"{person[0]} {surname}"
        return surname


def _one(found: set[Held]) -> Held | None:
    """The office that all mentions may mean: a country once told holds for where it is left out."""
    named = {h for h in found if h.country}
    rest = {Held("", h.office) for h in named}
    every = named | ({h for h in found if not h.country} - rest)
    return next(iter(every)) if len(every) == 1 else None


def _titled(text: str, language: str) -> Iterator[tuple[list[str], Held]]:
    """Persons with a title before their name."""
    vocab = vocabulary(language)
    titles = vocab.titles()
    if not titles:
        return
    spans = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    plain = [" ".join(words(text[a:b])) for a, b in spans]
    longest = max(map(len, titles))
    i = 0
    while i < len(spans):
        size = next((k for k in range(longest, 0, -1) if tuple(plain[i : i + k]) in titles), 0)
        if not size:
            i += 1
            continue
        start = max(0, i - _BEFORE)
        office = vocab.office(plain[max(0, i - BEFORE) : i + size])
        person = _name_after(text, spans, i + size, vocab)
        if office and person:
            # Only words of the same clause: a comma or a stop before the title cuts them off.
            while start < i and re.search(r"[,;:!?()\n]", text[spans[start][0] : spans[i][0]]):
                start += 1
            country = places(text[spans[start][0] : spans[i][0]], language, last=True).country
            yield person, Held(country, office)
        i += size


def _name_after(
    text: str, spans: Sequence[tuple[int, int]], at: int, vocab: Vocabulary
) -> list[str]:
    found: list[str] = []
    for k in range(at, min(at + _LONGEST_NAME, len(spans))):
        start, end = spans[k]
        gap = text[spans[k - 1][1] : start]
        if not text[start].isupper() or gap not in {" ", "-", ". "}:
            break
        # In a text that writes many words with a capital, "Said" is still no part of a name.
        if vocab.common(plain := name(text[start:end])):
            break
        found.append(plain)
    return found
