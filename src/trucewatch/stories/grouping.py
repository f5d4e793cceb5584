"""Which articles tell of one event."""

from __future__ import annotations

import heapq
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from trucewatch.stories.bunches import Bunch, Bunches
from trucewatch.stories.neighbours import neighbours
from trucewatch.stories.traits import traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Article, Statement

# Articles of one story are published within this time of one another, all of them; an article
# weeks later on the same dispute is another story, whatever it repeats.
APART = timedelta(days=14)
# Mean cosine between the articles of two groups that one story must have, as rare as words are in
# the press: articles on two events of one dispute share its people and places and mostly lie below,
# wordings of one story by several outlets above 0.25.
LEAST_LIKENESS = 0.2
# Below this cosine, as rare as words are at hand, nothing is looked at.
NEGLIGIBLE = 0.02
# Two groups are one when that is likelier than not: the log odds are above nought.
LIKELIER = 0.0
_NEVER = datetime.max.replace(tzinfo=UTC)


def group(
    articles: Iterable[Article], statements: Iterable[Statement]
) -> tuple[tuple[str, ...], ...]:
    """The ids of the articles of each story, sorted; every article is in exactly one.

    Groups are joined from the bottom up, those of the highest mean cosine first, while their
    traits are likelier to come from one event than from two (see `bunches`), and only if all of
    their articles were published within 14 days; an article without a date stands in nobody's
    way. A pure function of the two sets: order and repetition change nothing.
    """
    by_id = {article.id: article for article in articles}
    ids = sorted(by_id)
    chosen = [by_id[key] for key in ids]
    found = traits(chosen, {s for s in statements if s.article in by_id})
    order = sorted(range(len(ids)), key=lambda i: (_span(chosen[i])[0] or _NEVER, i))
    near = neighbours(found.of, found.shares, order)
    bunches = Bunches(found)
    alive = {i: bunches.one(i, found.of[i], _span(chosen[i])) for i in range(len(ids))}
    _join_all(alive, near, bunches)
    return tuple(sorted(tuple(ids[i] for i in sorted(b.members)) for b in alive.values()))


def _join_all(alive: dict[int, Bunch], near: Sequence[frozenset[int]], bunches: Bunches) -> None:
    """Join until no two are likelier one; a group is named by its lowest article.

    What lies on the heap may be out of date: it is measured again when it comes up. By joining,
    a mean cosine never gets above the larger of the two it is made of, and that one is on the
    heap too: so what comes up and is up to date is the highest of all.
    """
    root = list(range(len(near)))
    # Pairs that are alike and likelier two than one, for as long as neither changes.
    refused: defaultdict[int, set[int]] = defaultdict(set)
    heap: list[tuple[float, int, int, int]] = []
    measured: dict[tuple[int, int], int] = {}

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def offer(i: int, j: int) -> None:
        if i == j or i not in alive or j not in alive or j in refused[i]:
            return
        i, j = min(i, j), max(i, j)
        size = len(alive[i].members) + len(alive[j].members)
        if measured.get((i, j)) == size:
            return
        measured[i, j] = size
        cosine = bunches.likeness(alive[i], alive[j])
        if cosine >= NEGLIGIBLE and _close(alive[i], alive[j]):
            heapq.heappush(heap, (-round(cosine, 12), i, j, size))

    for i, others in enumerate(near):
        for j in sorted(others):
            # Two groups have no higher mean cosine than their likest articles: what lies below
            # here may be left out.
            if i < j and bunches.plain_likeness(alive[i], alive[j]) >= LEAST_LIKENESS:
                offer(i, j)
    while heap:
        _, a, b, size = heapq.heappop(heap)
        i, j = sorted((find(a), find(b)))
        if i == j:
            continue
        if (i, j) != (a, b) or len(alive[i].members) + len(alive[j].members) != size:
            offer(i, j)
            continue
        if j in refused[i]:
            continue
        one, other = alive[i], alive[j]
        if bunches.plain_likeness(one, other) < LEAST_LIKENESS:
            continue
        if bunches.gain(one, other) <= LIKELIER:
            refused[i].add(j)
            refused[j].add(i)
            continue
        root[j] = i
        alive[i] = bunches.join(alive[i], alive.pop(j))
        again = (refused.pop(i, set()) | refused.pop(j, set())) - {i, j}
        for k in sorted(again):
            refused[k] -= {i, j}
            offer(i, k)


def _span(article: Article) -> tuple[datetime | None, datetime | None]:
    when = article.published
    return (when.earliest, when.latest) if when is not None else (None, None)


def _close(one: Bunch, other: Bunch) -> bool:
    """Whether the articles of both may all lie within APART of one another."""
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return True
    return max(one.last, other.last) - min(one.first, other.first) <= APART
