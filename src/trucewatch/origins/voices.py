"""Whose word a statement is, by the attributing words of the article itself."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language import adjective, name, names_nobody, words
from trucewatch.model import Saying, Stance
from trucewatch.origins.holders import Holders
from trucewatch.origins.vocabulary import Vocabulary, places, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Article, Informant, Source, Statement


class Known(IntEnum):
    """How well a voice is known; the less it is, the less it may be counted apart."""

    NAMED = 0
    LOOSE = 1
    NOBODY = 2


@dataclass(frozen=True, slots=True, order=True)
class Voice:
    """Somebody whose word a statement is; equal keys are one voice.

    `country` (ISO 3166-1 alpha-2) and `office` are "" where the words do not tell.
    """

    key: tuple[str, ...]
    label: str
    known: Known
    country: str = ""
    office: str = ""
    party: str = ""
    person: str = ""

    def may_be(self, other: Voice) -> bool:
        """Whether this voice, loosely named, may be the other: nothing speaks against it."""
        if other.key[0] == "observer":
            return False
        if self.person:
            # A minister of a country that is not told is the ministry's voice, and nobody else's.
            same = other.person in {"", self.person} and other.office == self.office
            return same and (not self.country or other.country in {"", self.country})
        if self.key[0] == "document" or other.key[0] == "document":
            return self.key[0] == other.key[0] or self.key == NOBODY
        if self.office and other.office and self.office != other.office:
            return False
        return not self.country or not other.country or self.country == other.country


NOBODY = ("nobody",)
# Characters of an attribution that are read: nobody needs more to say who speaks.
_LONGEST = 300
# What only who holds it can tell.
_HELD = frozenset({Saying.POSITION, Saying.PLEDGE})


class Recogniser:
    """Tells whose word a statement is.

    A mission's informants come first. Without them a person speaks for the office that any of the
    articles gives them ("Freedonian President Ann Doe"), and so do their spokesmen.
    """

    def __init__(
        self,
        articles: Mapping[str, Article],
        *,
        informants: Sequence[Informant] = (),
        sources: Mapping[str, Source] | None = None,
    ) -> None:
        self._articles = articles
        self._holders = Holders(articles.values())
        self._party = {
            name(text): source.party
            for source in sorted((sources or {}).values(), key=lambda s: s.id)
            for text in (source.id, source.name)
            if source.party
        }
        phrases = [(name(p), i) for i in informants for p in i.words if name(p)]
        self._phrases = [
            (re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)"), informant)
            # The longest phrase is tried first, so that "state police" is not taken for "state".
            for phrase, informant in sorted(phrases, key=lambda p: (-len(p[0]), p[0], p[1].id))
        ]
        self._of = cache(self._resolve)

    def chain(self, statement: Statement) -> tuple[Voice, ...]:
        """The voices that a statement names, sorted; none where the outlet tells it as its own."""
        article = self._articles.get(statement.article)
        language = article.language if article else "und"
        topic, _, whom = statement.topic.partition("@")
        if topic == "quoted-document":
            label = statement.speaker or whom.replace("-", " ")
            return (_document(whom, label, vocabulary(language)),)
        texts = [t for t in (statement.speaker, *statement.via) if t and t.strip()]
        # Who is asked for something has not said a word by that.
        if not texts and statement.kind in _HELD and statement.stance is not Stance.ASKED:
            texts = [t for t in (statement.actor or whom,) if t.strip()]
        found: set[Voice] = set()
        for text in texts:
            voice = self._of(text, statement.outlet, statement.article, language)
            # The speaker comes first: the words of the attribution name nobody better.
            if voice.key not in {v.key for v in found}:
                found.add(voice)
        named = {v for v in found if v.known is Known.NAMED}
        if named:
            return tuple(sorted(named))
        loose = {v for v in found if v.known is Known.LOOSE}
        return tuple(sorted(loose or found))

    def own(self, statement: Statement) -> bool:
        """Whether its words give it to a reporter of the very outlet that prints them."""
        article = self._articles.get(statement.article)
        vocab = vocabulary(article.language if article else "und")
        key = ("observer", house(statement.outlet, vocab))
        return any(v.key == key for v in self.chain(statement))

    def _resolve(self, text: str, outlet: str, article: str, language: str) -> Voice:
        vocab = vocabulary(language)
        text = text[:_LONGEST]
        whole = words(text)
        # "States" says something in "the minister states", and nothing in a country's own name.
        named = places(text, language).words.issuperset(whole)
        rest = whole if named and whole else vocab.without_saying(whole)
        label = _label(text, rest)
        own = vocab.find("own", rest)
        if own is not None and (own == (0, len(rest)) or vocab.find("observers", rest)):
            # Before the informants: "our reporter in the north" does not speak for the north.
            return Voice(("observer", house(outlet, vocab)), label, Known.NAMED)
        plain = name(text)
        for phrase, informant in self._phrases:
            if phrase.search(plain):
                return Voice(
                    ("informant", informant.id), informant.name, Known.NAMED,
                    party=informant.party or "",
                )  # fmt: skip
        if names_nobody(" ".join(rest)):
            return Voice(NOBODY, label or text, Known.NOBODY)
        return _observer(rest, label, language, vocab) or self._person_or_office(
            rest, label, article, language, vocab
        )

    def _person_or_office(
        self, rest: Sequence[str], text: str, article: str, language: str, vocab: Vocabulary
    ) -> Voice:
        place = places(text, language)
        if place.office:
            return _office(place.country, place.office, text)
        person = [w for w in _names(text, vocab) if w not in place.words]
        mouth = vocab.find("mouths", rest)
        if mouth is not None:
            # A mouth's own name says nothing: "X's spokesman, John Doe" is X.
            before, after = rest[: mouth[0]], rest[mouth[1] :]
            whose = tuple(w for w in before if w != "s")
            rest = whose or tuple(w for w in after if w not in {"for", "of", *vocab.articles})
            person = [w for w in person if w in rest]
        held = self._holders.of(person)
        office = vocab.office(rest)
        if office is not None:
            where = place.country or held.country or self._holders.only(office, article)
            if where or not person:
                return _office(where, office, text)
        other = vocab.other_office(rest)
        if held.country and not other:
            return _office(held.country, held.office, text)
        if vocab.find("documents", rest) is not None and not person:
            return _document(" ".join(rest), text, vocab)
        if vocab.find("classes", rest) is not None or not rest:
            # Of a country or a body one can at least say that it is no other's.
            whose_class = place.country or name(place.body)
            if not whose_class:
                return Voice(NOBODY, text, Known.NOBODY)
            return Voice(("class", whose_class), text, Known.LOOSE, whose_class)
        if person:
            who = self._holders.full(person)
            if self._holders.shared(person):
                return Voice(("person", who), text, Known.LOOSE)
            post = office or held.office
            known = Known.LOOSE if post and not place.country else Known.NAMED
            return Voice(("person", who), text, known, place.country, post, person=who)
        if place.country and not other:
            return Voice(("country", place.country), text, Known.LOOSE, place.country)
        plain = " ".join(rest)
        return Voice(("name", plain), text, Known.NAMED, party=self._party.get(plain) or "")


def _observer(rest: Sequence[str], label: str, language: str, vocab: Vocabulary) -> Voice | None:
    """A reporter of a house that is named; whose reporters saw it is where it begins."""
    at = vocab.find("observers", rest)
    if at is None:
        return None
    named = [w for w in _names(label, vocab) if w in rest[: at[0]]]
    if not named or places(label, language).words & {*named}:
        # "Reporters", "foreign reporters": whose they are is not said.
        return Voice(NOBODY, label, Known.NOBODY)
    return Voice(("observer", " ".join(named)), label, Known.NAMED)


def house(outlet: str, vocab: Vocabulary) -> str:
    """An outlet's name as it is compared: "The Examiner" is "Examiner", "A" remains."""
    found = words(outlet)
    return " ".join([w for w in found if w not in vocab.articles] or found)


def _office(country: str, office: str, label: str) -> Voice:
    known = Known.NAMED if country else Known.LOOSE
    return Voice(("office", country, office), label, known, country, office)


def _document(text: str, label: str, vocab: Vocabulary) -> Voice:
    """A document by what tells it from others; "the text" alone may be any."""
    rest = [w for w in words(text) if w not in vocab.articles and w not in vocab.flat("documents")]
    known = Known.NAMED if rest else Known.LOOSE
    return Voice(("document", " ".join(sorted(set(rest)))), label, known)


def _names(text: str, vocab: Vocabulary) -> list[str]:
    """The words of a text that are written with a capital and are no title."""
    found = []
    for token in re.findall(r"[^\W\d_]+", text):
        plain = name(token)
        if token[0].isupper() and plain and not vocab.common(plain):
            found.append(plain)
    return found


def _label(text: str, rest: Sequence[str]) -> str:
    """The run of the printed words that the plain words came from."""
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\W_]+", text)]
    plain = [name(text[a:b]) for a, b in spans]
    size = len(rest)
    for i in range(len(plain) - size + 1):
        if size and tuple(plain[i : i + size]) == tuple(rest):
            return text[spans[i][0] : spans[i + size - 1][1]]
    return text.strip()


def title(voice: Voice, label: str) -> str:
    """What an origin is called: an office by its country, anybody else as printed."""
    if voice.key[0] == "office" and voice.country:
        return f"{adjective(voice.country)} {voice.office}"
    return label


def gather(voices: Iterable[Voice]) -> dict[tuple[str, ...], str]:
    """One label a voice: the longest of the printed ones, the first by spelling among equals."""
    labels: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for voice in voices:
        labels[voice.key].add(voice.label)
    return {key: min(found, key=lambda s: (-len(s), s)) for key, found in labels.items()}
