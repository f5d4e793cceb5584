"""Which articles come from one text: copied, trimmed, or told again in other words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from trucewatch.model import Edge, Tie
from trucewatch.origins.forest import Forest
from trucewatch.origins.likeness import Likeness, Profile, likeness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.model import Article

COPIED = 0.9
# Less than this is not worth an edge.
LEAST = 0.1
# What more articles than this share leads to no candidates: it is a phrase of the trade.
_COMMON = 100
_SHARED = 3
_CANDIDATES = 64
# So many texts are reached from one over others; each has its links to candidates besides.
_FOLLOWED = 256
_PERMUTATIONS = 128
# 16 bands of 8 rows: six in ten of the pairs with a Jaccard index of 0.7 meet in a band, and nearly
# all of those with 0.9 (1 − (1 − J⁸)¹⁶). They are given as the library would integrate for them at
# every call.
_BANDS = (16, 8)
# Log-odds that two articles on one event come from one text: `python -m benchmarks.copying_learn`
# on the training half of the made-up newsrooms (logistic regression, no weight below zero).
BASE = -6.84
WEIGHTS = {"runs": 8.68, "sentences": 4.79, "marks": 1.06, "choice": 6.28, "order": 1.47}


def descent(articles: Iterable[Article]) -> tuple[Edge, ...]:
    """Which articles come from one text, each pair with a probability; sorted, ids of articles.

    A pair says nothing of who was first: the reason names the dates where both are known. It is
    measured on the two alone, so that others change nothing. Pairs under 0.1 are left out, and so
    are those that share too little to be looked at.
    """
    return Descents(articles).edges


class Descents:
    """Descent over a set of articles; of equal texts one, the lowest id, stands for all.

    So a flood of copies neither costs much nor hides what the text shares with others.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        known = {a.id: a for a in articles}
        first: dict[tuple[str, str], str] = {}
        self._first = {
            key: first.setdefault((known[key].text, known[key].language), key)
            for key in sorted(known)
        }
        profiles = {key: Profile(*text) for text, key in first.items()}
        edges = []
        for one, other in sorted(candidates(profiles)):
            edge = _edge(known[one], known[other], profiles[one], profiles[other])
            if edge.strength >= LEAST:
                edges.append(edge)
        sure = Forest(profiles, (edge for edge in edges if edge.strength == 1.0))
        self._certain = {key: group[0] for group in sure.groups() for key in group}
        near: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for edge in edges:
            one, other = self._certain[edge.one], self._certain[edge.other]
            if one != other:
                best = max(edge.strength, near[one].get(other, 0.0))
                near[one][other] = near[other][one] = best
        self._near = near
        same = [
            _edge(known[one], known[key], profiles[one], profiles[one])
            for key, one in self._first.items()
            if key != one
        ]
        self.edges = tuple(sorted((*edges, *same), key=lambda e: (e.one, e.other)))
        self._chances: dict[str, dict[str, float]] = {}

    def text(self, article: str) -> str:
        """The article that stands for all of that text; itself where it is not known."""
        return self._first.get(article, article)

    def certain(self, article: str) -> str:
        """The least article that certainly comes from the same text, over others as well."""
        text = self.text(article)
        return self._certain.get(text, text)

    def chances(self, article: str) -> Mapping[str, float]:
        """For each text that may have one beginning with an article's, with what probability.

        Of texts that certainly are one, `certain` stands for all. Over other articles as well, as
        the product of the links of the surest way there: two that were copied from one are of one
        origin however little they still share. Only the surest few hundred are followed,
        so that a flood costs no more than its size; its own links no text ever loses.
        """
        start = self.certain(article)
        if start not in self._chances:
            self._chances[start] = self._surest(start)
        return self._chances[start]

    def _surest(self, start: str) -> dict[str, float]:
        found: dict[str, float] = {}
        ahead = [(-1.0, start)]
        while ahead:
            chance, here = heappop(ahead)
            if here in found:
                continue
            found[here] = -chance
            if len(found) > _FOLLOWED:
                break
            for other, strength in self._near.get(here, {}).items():
                if other not in found and -chance * strength >= LEAST:
                    heappush(ahead, (chance * strength, other))
        for other, strength in self._near.get(start, {}).items():
            found.setdefault(other, strength)
        return found


def probability(found: Likeness) -> float:
    """The probability that two articles on one event come from one text."""
    odds = BASE + sum(w * getattr(found, name) for name, w in WEIGHTS.items())
    return 1 / (1 + math.exp(-odds))


def _edge(a: Article, b: Article, p: Profile, q: Profile) -> Edge:
    found = likeness(p, q)
    when = _when(a, b)
    equal = p.plain == q.plain
    if found.runs >= COPIED or equal:
        share = 1.0 if equal else found.runs
        return Edge(
            tie=Tie.SAME_TEXT, one=a.id, other=b.id,
            reason=f"{share:.0%} of one text's runs of five words stand in the other{when}",
        )  # fmt: skip
    parts = (
        f"sentences of the shorter one are {found.sentences:.0%} those of the other, "
        f"{found.marks:.0%} of the names and numbers of both are shared, and so are "
        f"{found.choice:.0%} of its other rare words and {found.runs:.0%} of its runs of five words"
    )
    order = f", {found.order:.0%} of what is aligned in one order" if found.order else ""
    return Edge(
        tie=Tie.RETOLD, one=a.id, other=b.id, reason=f"{parts}{order}{when}",
        # Never certain: only the same words are.
        strength=min(0.99, round(probability(found), 4)),
    )  # fmt: skip


def _when(a: Article, b: Article) -> str:
    if a.published is None or b.published is None:
        return ""
    if a.published.latest < b.published.earliest:
        return f"; {a.outlet} published first"
    if b.published.latest < a.published.earliest:
        return f"; {b.outlet} published first"
    return ""


def candidates(profiles: Mapping[str, Profile]) -> set[tuple[str, str]]:
    """Pairs worth a look, (lower id, higher id): they share some words that few others have."""
    # Of few texts nothing is left out below, so that there is nothing to add.
    found = set(_near(profiles)) if len(profiles) > _CANDIDATES else set()
    by_key: defaultdict[object, list[str]] = defaultdict(list)
    for key, profile in sorted(profiles.items()):
        for mark in profile.marks:
            by_key[mark].append(key)
        for run in profile.runs:
            by_key[run].append(key)
    shared: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for holders in by_key.values():
        if 1 < len(holders) <= _COMMON:
            for i, one in enumerate(holders):
                for other in holders[i + 1 :]:
                    shared[one][other] += 1
                    shared[other][one] += 1
    for one, others in shared.items():
        best = sorted(others.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        found.update((min(one, o), max(one, o)) for o, n in best if n >= _SHARED)
    return found


def _near(profiles: Mapping[str, Profile]) -> Iterator[tuple[str, str]]:
    """Near-copies however many there are: a flood of them shares only what is in all of them."""
    # Imported here: it takes a second to load, and most commands read no article.
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=_PERMUTATIONS, params=_BANDS)
    sketches = {}
    for key, profile in sorted(profiles.items()):
        if profile.runs:
            sketch = MinHash(num_perm=_PERMUTATIONS)
            sketch.update_batch(
                [" ".join(run).encode("utf-8", "surrogatepass") for run in profile.runs]
            )
            sketches[key] = sketch
            index.insert(key, sketch)
    for key, sketch in sketches.items():
        # The lowest ids stand for all that fell into one place, so that a flood stays linear.
        for other in sorted(k for k in index.query(sketch) if k != key)[:2]:
            yield min(key, other), max(key, other)
