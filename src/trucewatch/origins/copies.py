"""Which claims are copies of one story."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.language import LEAST_WORDS, link, shingles, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trucewatch.model import Claim

CONTAINED = 0.9
# A headline such as "one resident killed in the region last day" returns every day.
APART = timedelta(days=3)
# A run of words in more texts than this is a phrase of the trade; it leads to no candidates.
COMMON = 100


class _Stories:
    """Union-find over claims in the order of their ids; the root is the lowest."""

    def __init__(self, n: int) -> None:
        self._root = list(range(n))
        self.reasons: defaultdict[int, set[str]] = defaultdict(set)

    def find(self, i: int) -> int:
        while self._root[i] != i:
            self._root[i] = self._root[self._root[i]]
            i = self._root[i]
        return i

    def join(self, i: int, j: int, reason: str) -> None:
        for one in (i, j):
            self.reasons[one].add(reason)
        i, j = self.find(i), self.find(j)
        self._root[max(i, j)] = min(i, j)


def stories(claims: Sequence[Claim]) -> list[tuple[tuple[Claim, ...], tuple[str, ...]]]:
    """Claims that tell one story, with the reasons; claims without a copy are left out.

    `claims` are sorted by id and unique. Same link, same headline, same text, nine tenths of one
    text in the other, or the same external id in one source. Claims of one source with different
    external ids are different events to that source and are never tied to each other directly.
    """
    found = _Stories(len(claims))
    by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, claim in enumerate(claims):
        for key in sorted(set(_keys(claim))):
            by_key[key].append(i)
    for (what, *_), group in sorted(by_key.items()):
        # A chain in order of time: each is tied to the nearest before it that may be its copy.
        ordered = sorted(group, key=lambda i: (claims[i].when, claims[i].id))
        for at, i in enumerate(ordered):
            for j in reversed(ordered[max(0, at - COMMON) : at]):
                if _may_be_copies(claims[i], claims[j]):
                    found.join(i, j, f"the same {what}")
                    break
    for i, j in _contained(claims):
        if _may_be_copies(claims[i], claims[j]):
            found.join(i, j, "nine tenths or more of one text stand in the other")
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for i in range(len(claims)):
        groups[found.find(i)].append(i)
    return [
        (
            tuple(claims[i] for i in group),
            tuple(sorted(set().union(*(found.reasons[i] for i in group)))),
        )
        for group in groups.values()
        if len(group) > 1
    ]


def _keys(claim: Claim) -> Iterator[tuple[str, ...]]:
    if claim.external_id is not None:
        yield "external id in one source", claim.source, claim.external_id
    text = words(claim.text)
    if len(text) >= LEAST_WORDS:
        yield "text", " ".join(text)
    for attribution in claim.attributions:
        if attribution.link and (address := link(attribution.link)):
            yield "link", address
        headline = words(attribution.headline or "")
        if len(headline) >= LEAST_WORDS:
            yield "headline", " ".join(headline)


def _may_be_copies(a: Claim, b: Claim) -> bool:
    if a.source == b.source and None not in {a.external_id, b.external_id}:
        return a.external_id == b.external_id
    first, second = (a, b) if a.when <= b.when else (b, a)
    return second.when.earliest - first.when.latest <= APART


def _contained(claims: Sequence[Claim]) -> Iterable[tuple[int, int]]:
    """Pairs of texts of which one holds nine tenths of the other's runs of five words."""
    runs = {i: s for i, c in enumerate(claims) if c.detection is None and (s := shingles(c.text))}
    # One of each text is enough: equal texts are already one story.
    first_of: dict[frozenset[tuple[str, ...]], int] = {}
    for i, s in runs.items():
        first_of.setdefault(s, i)
    posts: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for s, i in first_of.items():
        for run in s:
            posts[run].append(i)
    for s, i in first_of.items():
        shared: defaultdict[int, int] = defaultdict(int)
        for run in s:
            if len(posts[run]) <= COMMON:
                for j in posts[run]:
                    if j > i:
                        shared[j] += 1
        for j in sorted(shared):
            both, least = s & runs[j], min(len(s), len(runs[j]))
            if len(both) >= CONTAINED * least:
                yield i, j
