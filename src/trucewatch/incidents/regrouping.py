"""Groups of accounts as people have parted or joined them, on top of what the engine found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.joining import pair_chances, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Solved
    from trucewatch.incidents.ground import Floats
    from trucewatch.model import Regrouped

    Group = tuple[int, ...]
    Pair = tuple[int, int]

# Links are compared to this many digits, so that the last bit of a float decides nothing.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups that are shown as one incident each, sorted, and what people have to do with them.

    `why` says of a group who joined or parted it; `near` are groups that people hold apart from it.
    """

    groups: tuple[Group, ...]
    why: Mapping[Group, tuple[str, ...]]
    near: Mapping[Group, frozenset[Group]]
    _solved: Solved
    _one: Mapping[int, int]

    def chances(self, group: Sequence[int]) -> Floats:
        """P(two members are one happening), as `pair_chances`; 1 where people have said so."""
        found = pair_chances(group, self._solved)
        for a, b in combinations(range(len(group)), 2):
            if self._one.get(group[a], -1) == self._one.get(group[b], -2):
                found[a, b] = found[b, a] = 1.0
        return found


def regrouped(
    solved: Solved, accounts: Sequence[Account], said: Iterable[Regrouped], *, needed: int
) -> Grouping:
    """What the engine found with what people said of it, where `needed` of them must say the same.

    Of two accounts each person has one word, the last; of words that enough people give, the one
    holds that did so last. Where decisions contradict one another by way of others, the youngest
    goes first, and an older one that does not fit is left out whole. An account of which one claim
    is on each side of a split stays with the rest. Where a group is parted, what nobody spoke of
    goes where the engine thinks it likeliest.
    """
    found = parts(solved)
    words = _words(accounts, said)
    if not words:
        return Grouping(tuple(found), {}, {}, solved, {})
    one, apart, holding = _settled(_held(words, needed))
    groups = _applied(found, solved, one, apart)
    home = {i: group for group in groups for i in group}
    why: defaultdict[Group, set[tuple[int, str]]] = defaultdict(set)
    near: defaultdict[Group, set[Group]] = defaultdict(set)
    for (i, j), givers in holding.items():
        for word in givers:
            verb = "set apart from other reports" if word.apart else "joined"
            told = word.index, f"{verb} by decision of {word.office} (log entry {word.index})"
            why[home[i]].add(told)
            why[home[j]].add(told)
        if givers[0].apart:
            near[home[i]].add(home[j])
            near[home[j]].add(home[i])
    return Grouping(
        tuple(groups),
        {group: tuple(words for _, words in sorted(told)) for group, told in why.items()},
        {group: frozenset(others) for group, others in near.items()},
        solved,
        one,
    )


def _words(
    accounts: Sequence[Account], said: Iterable[Regrouped]
) -> dict[Pair, dict[str, Regrouped]]:
    """Of each pair of accounts the last word of each person who spoke of it."""
    home = {claim.id: i for i, account in enumerate(accounts) for claim in account.claims}
    found: defaultdict[Pair, dict[str, Regrouped]] = defaultdict(dict)
    for word in sorted(said, key=lambda each: each.index):
        one = {home[claim] for claim in word.one if claim in home}
        other = {home[claim] for claim in word.other if claim in home}
        if not one or not other:
            continue
        pairs: Iterable[tuple[int, int]]
        if word.apart:
            pairs = product(sorted(one - other), sorted(other))
        else:
            pairs = combinations(sorted(one | other), 2)
        for i, j in pairs:
            found[min(i, j), max(i, j)][word.by] = word
    return found


def _held(
    words: Mapping[Pair, Mapping[str, Regrouped]], needed: int
) -> dict[Pair, tuple[Regrouped, ...]]:
    """The word that holds of each pair, by those who gave it last, the youngest first."""
    held = {}
    for pair, by in words.items():
        sides: defaultdict[bool, list[Regrouped]] = defaultdict(list)
        for word in sorted(by.values(), key=lambda each: -each.index):
            sides[word.apart].append(word)
        enough = [side for side in sides.values() if len(side) >= needed]
        if enough:
            youngest = max(enough, key=lambda side: side[needed - 1].index)
            held[pair] = tuple(youngest[:needed])
    return held


def _settled(
    held: Mapping[Pair, tuple[Regrouped, ...]],
) -> tuple[dict[int, int], set[Pair], dict[Pair, tuple[Regrouped, ...]]]:
    """Who is one (by its first account), who is apart, and whose word holds, without contradiction.

    The youngest decision goes first; an older one that contradicts is left out whole.
    """
    decisions: defaultdict[tuple[int, ...], list[Pair]] = defaultdict(list)
    for pair, givers in held.items():
        decisions[tuple(word.index for word in givers)].append(pair)
    one: dict[int, int] = {}
    apart: set[Pair] = set()
    holding: dict[Pair, tuple[Regrouped, ...]] = {}

    def lead(i: int, leader: Mapping[int, int]) -> int:
        while leader.get(i, i) != i:
            i = leader[i]
        return i

    for indexes in sorted(decisions, reverse=True):
        pairs, tried, kept = decisions[indexes], dict(one), set(apart)
        givers = held[pairs[0]]
        for i, j in pairs:
            if givers[0].apart:
                kept.add((i, j))
            else:
                a, b = sorted((lead(i, tried), lead(j, tried)))
                tried.setdefault(a, a)
                tried[b] = a
        if any(lead(i, tried) == lead(j, tried) for i, j in kept):
            continue
        one, apart = tried, kept
        holding |= dict.fromkeys(pairs, givers)
    return {i: lead(i, one) for i in one}, apart, holding


def _applied(
    found: Sequence[Group], solved: Solved, one: Mapping[int, int], apart: set[Pair]
) -> list[Group]:
    """The engine's groups with what must be together joined, and what must be apart parted."""
    leader = list(range(len(found)))

    def lead(g: int) -> int:
        while leader[g] != g:
            g = leader[g]
        return g

    of = {i: g for g, group in enumerate(found) for i in group}
    for i, first in one.items():
        a, b = sorted((lead(of[i]), lead(of[first])))
        leader[b] = a
    bound: defaultdict[int, list[Group]] = defaultdict(list)
    for g, group in enumerate(found):
        bound[lead(g)].append(group)
    out: list[Group] = []
    for groups in bound.values():
        members = tuple(sorted(i for group in groups for i in group))
        barred = {pair for pair in apart if pair[0] in set(members) and pair[1] in set(members)}
        if barred:
            out += _parted(groups, barred, one, lambda group: pair_chances(group, solved))
        else:
            out.append(members)
    return sorted(out)


def _parted(
    groups: Sequence[Group],
    apart: set[Pair],
    one: Mapping[int, int],
    chances: Callable[[Group], Floats],
) -> list[Group]:
    """Accounts of some groups, joined again from the likeliest on as far as nobody is held apart.

    Average linkage under constraints: the mean chance over the pairs that the engine had in one
    group. Ties go to the first accounts, which are in the order of what they tell.
    """
    members = sorted(i for group in groups for i in group)
    blocks: defaultdict[int, list[int]] = defaultdict(list)
    for i in members:
        blocks[one.get(i, i)].append(i)
    clusters = sorted(blocks.values())
    at = {i: k for k, cluster in enumerate(clusters) for i in cluster}
    size = len(clusters)
    total, count = np.zeros((size, size)), np.zeros((size, size))
    barred = np.eye(size, dtype=bool)
    for group in groups:
        seen = chances(group)
        for a, b in combinations(range(len(group)), 2):
            i, j = at[group[a]], at[group[b]]
            for k, m in ((i, j), (j, i)):
                total[k, m] += seen[a, b]
                count[k, m] += 1
    for i, j in apart:
        barred[at[i], at[j]] = barred[at[j], at[i]] = True
    while True:
        free = (count > 0) & ~barred
        if not free.any():
            break
        mean = np.where(free, np.round(total / np.maximum(count, 1), DIGITS), -1.0)
        # The first of the highest: rows and columns are in the order of their first accounts.
        k, m = divmod(int(np.argmax(mean)), size)
        k, m = min(k, m), max(k, m)
        clusters[k] = sorted(clusters[k] + clusters[m])
        clusters[m] = []
        for matrix in (total, count):
            matrix[k] += matrix[m]
            matrix[:, k] += matrix[:, m]
            matrix[m] = matrix[:, m] = 0
        barred[k] |= barred[m]
        barred[:, k] |= barred[:, m]
        barred[m] = barred[:, m] = True
    return [tuple(cluster) for cluster in clusters if cluster]
