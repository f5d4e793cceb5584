"""Groups of articles, how alike two of them are, and whether they are likelier one than two.

A trait is either of an event or noise. Of an event it stands in each of its articles with a chance
of its own, drawn from a Beta law; as noise it comes by chance, as often as in any article. The
gain is the log Bayes factor for one event against two (Heller and Ghahramani 2005, "Bayesian
hierarchical clustering"). What one article alone says costs little however many there are; a rare
trait in all of one group and none of the other speaks against them the louder the more they are:
so two like events part by their names.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trucewatch.stories.traits import Traits

# The part of an article's traits that the event gives it; the rest are the writer's. From 0.05 to
# 0.15 changes little on the half of the benchmark's topics that this was chosen on.
OWN = 0.1
# A trait of an event stands in about a third of its articles: some are two lines long.
ALPHA, BETA = 1.0, 2.0


@lru_cache(maxsize=262144)
def _chance(k: int, n: int, share: float) -> float:
    """The log chance that of the n articles of an event k given ones have a trait of that share."""
    drawn = _beta(ALPHA + k, BETA + n - k) - _beta(ALPHA, BETA)
    # The shares of both sorts add up to the trait's own share in one article.
    of_events = OWN * share * (ALPHA + BETA) / ALPHA
    by_chance = share * (1.0 - OWN) / (1.0 - of_events)
    one = log(of_events) + drawn
    other = log1p(-of_events) + k * log(by_chance) + (n - k) * log1p(-by_chance)
    high = max(one, other)
    return high + log(exp(one - high) + exp(other - high))


def _beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


@lru_cache(maxsize=262144)
def _both(k: int, j: int, m: int, n: int, share: float) -> float:
    """What a trait of both bunches adds to what was counted for each as if the other lacked it."""
    added = _chance(k + j, m + n, share) - _chance(k, m + n, share) - _chance(j, m + n, share)
    return added + _chance(0, n, share) + _chance(0, m, share)


def unit(traits: Iterable[str], shares: Mapping[str, float]) -> dict[str, float]:
    """A vector of length 1 with -log of its share as each trait's weight; empty without traits."""
    weights = {trait: -log(min(shares[trait], 1.0)) for trait in traits}
    length = sqrt(sum(w * w for w in weights.values()))
    return {trait: w / length for trait, w in weights.items()} if length else {}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(w * other[trait] for trait, w in one.items() if trait in other)


@dataclass(slots=True)
class Bunch:
    """Articles taken together: in how many each trait is, and the sums of their vectors.

    `sums` weigh a trait by how rare it is among the articles at hand, `plain` by how rare it is in
    the press at large.
    """

    members: list[int]
    counts: dict[str, int]
    sums: dict[str, float]
    plain: dict[str, float]
    first: datetime | None
    last: datetime | None
    # How many traits are in k articles and have a given share: what the chances are summed over.
    spectrum: Counter[tuple[int, float]]
    # What `apart` found since the last change.
    _apart: dict[int, float] = field(default_factory=dict)

    def apart(self, others: int) -> float:
        """The gain by joining so many other articles if they had no trait of this bunch."""
        gain = self._apart.get(others)
        if gain is None:
            n = len(self.members)
            gain = 0.0
            for (k, share), many in self.spectrum.items():
                together = _chance(k, n + others, share)
                gain += many * (together - _chance(k, n, share) - _chance(0, others, share))
            self._apart[others] = gain
        return gain

    def add(self, other: Bunch, shares: Mapping[str, float]) -> None:
        """Take in the articles of another bunch, which must not be used after."""
        for trait, k in other.counts.items():
            share = shares[trait]
            before = self.counts.get(trait, 0)
            if before:
                self.spectrum[before, share] -= 1
                if not self.spectrum[before, share]:
                    del self.spectrum[before, share]
            self.counts[trait] = before + k
            self.spectrum[before + k, share] += 1
            self.sums[trait] = self.sums.get(trait, 0.0) + other.sums.get(trait, 0.0)
            self.plain[trait] = self.plain.get(trait, 0.0) + other.plain.get(trait, 0.0)
        self.members += other.members
        self.first = min((t for t in (self.first, other.first) if t is not None), default=None)
        self.last = max((t for t in (self.last, other.last) if t is not None), default=None)
        self._apart.clear()


class Bunches:
    """What compares and joins groups under the traits of one set of articles."""

    def __init__(self, traits: Traits) -> None:
        self._shares = traits.shares
        self._usual = traits.usual

    def one(
        self, member: int, traits: Iterable[str], span: tuple[datetime | None, datetime | None]
    ) -> Bunch:
        """A group of one article."""
        counts = dict.fromkeys(traits, 1)
        spectrum = Counter((1, self._shares[trait]) for trait in counts)
        sums, plain = unit(counts, self._shares), unit(counts, self._usual)
        return Bunch([member], counts, sums, plain, *span, spectrum)

    def likeness(self, one: Bunch, other: Bunch) -> float:
        """The mean cosine between the articles of the two, as rare as traits are at hand."""
        return _dot(one.sums, other.sums) / (len(one.members) * len(other.members))

    def plain_likeness(self, one: Bunch, other: Bunch) -> float:
        """The same as rare as traits are in the press: it does not hang on what else is at hand."""
        return _dot(one.plain, other.plain) / (len(one.members) * len(other.members))

    def gain(self, one: Bunch, other: Bunch) -> float:
        """The log odds that the two are one event, even beforehand; traits in neither say nothing.

        Counts every trait as if only one of the two had it, then corrects for those of both.
        """
        if len(one.counts) > len(other.counts):
            one, other = other, one
        m, n = len(one.members), len(other.members)
        gain = one.apart(n) + other.apart(m)
        theirs = other.counts
        for trait, k in one.counts.items():
            if trait in theirs:
                gain += _both(k, theirs[trait], m, n, self._shares[trait])
        return gain

    def join(self, one: Bunch, other: Bunch) -> Bunch:
        """The two as one; the larger is changed in place and returned."""
        if len(one.counts) < len(other.counts):
            one, other = other, one
        one.add(other, self._shares)
        return one
