"""What two articles have in common, measured so that a third changes nothing."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trucewatch.language import common, root, sentences, shingles, tokens, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Sentence = tuple[Mapping[str, float], float]


# A word on no list of common words is taken to stand in one article of two hundred.
_RARE = 0.005
_LEAST_WORDS = 4
_ALIGNED = 0.4


@dataclass(frozen=True)
class Profile:
    """An article as it is compared. Weights are those of a fixed list of common words, never of
    the articles at hand: one article more must not change what two others share."""

    text: str
    language: str

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Its words, without case and marks."""
        return words(self.text)

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """All runs of five words."""
        return shingles(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """For each sentence of some length its roots with their weights in nats, and the sum."""
        found = (words(self.text[a:b]) for a, b in sentences(self.text, self.language))
        weighed = (weights(s) for s in found if len(s) >= _LEAST_WORDS)
        return tuple((w, sum(w.values())) for w in weighed)

    @cached_property
    def marks(self) -> frozenset[str]:
        """Names and numbers: words with a capital inside a sentence, and digits."""
        found: set[str] = set()
        for start, end in sentences(self.text, self.language):
            for at, token in enumerate(tokens(self.text, start, end)):
                if token.text[0].isdigit() or (at and token.capital and len(token.text) > 1):
                    found.update(words(token.text))
        return frozenset(found)

    @cached_property
    def choice(self) -> frozenset[str]:
        """Roots of words that are neither common nor names nor numbers: how the writer put it."""
        return frozenset(map(root, self.plain)) - common().keys() - frozenset(map(root, self.marks))


def weights(text: Iterable[str]) -> dict[str, float]:
    """The roots of words, each with minus the logarithm of the share of articles that hold it."""
    known = common()
    return {r: -math.log(known.get(r, _RARE)) for r in map(root, text)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two articles share, each 0 to 1.

    `runs` of five words and the writer's `choice` of words are shares of the smaller article's;
    `marks` (names, numbers) are shared ones over all of both, as a long article has more of any
    event's; `sentences` is the mean, by weight, of how far each of the smaller article's sentences
    is that of the other which is most like it; `order` how far sentences that are aligned follow
    one another in both alike. Shared quotations are no part: who is quoted is their beginning.
    """

    runs: float
    sentences: float
    marks: float
    choice: float
    order: float


def likeness(a: Profile, b: Profile) -> Likeness:
    """What two articles share; the same whichever comes first."""
    one, other = sorted((a, b), key=lambda p: (_weight(p), p.text))
    aligned, order = _aligned(one.sentences, other.sentences)
    every = a.marks | b.marks
    return Likeness(
        runs=_share(a.runs, b.runs), sentences=aligned, order=order,
        marks=len(a.marks & b.marks) / len(every) if every else 0.0,
        choice=_share(a.choice, b.choice),
    )  # fmt: skip


def _weight(profile: Profile) -> float:
    return sum(weight for _, weight in profile.sentences)


def _share(a: frozenset[object], b: frozenset[object]) -> float:
    least = min(len(a), len(b))
    return len(a & b) / least if least else 0.0


def _aligned(small: Sequence[Sentence], large: Sequence[Sentence]) -> tuple[float, float]:
    """The mean Dice index of each sentence's best partner, and the order of those that have one."""
    total = found = 0.0
    places = []
    for words_of, weight in small:
        best, at = max(
            (
                (2 * sum(w for r, w in words_of.items() if r in t) / (weight + other), -k)
                for k, (t, other) in enumerate(large)
            ),
            default=(0.0, 0),
        )
        total += weight
        found += weight * best
        if best >= _ALIGNED:
            places.append(-at)
    return (found / total, _forward(places)) if total else (0.0, 0.0)


def _forward(places: Sequence[int]) -> float:
    """The longest run of places that rise, over all sentences that are aligned; 0 under three."""
    if len(places) < 3:
        return 0.0
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails) / len(places)
