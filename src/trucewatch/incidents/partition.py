"""Which accounts belong together: greedy joining, then moves of single accounts."""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.incidents.candidates import near_pairs
from trucewatch.incidents.ground import components

if TYPE_CHECKING:
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.incidents.weights import Sums, Weights

# Gains are compared to a millionth of a nat, so that the last bit of a float, which another
# machine or a shift of all places may change, decides nothing.
DIGITS = 6
LEAST_GAIN = 10.0**-DIGITS
PASSES = 10

Neighbours = dict[int, set[int]]


def partition(weights: Weights, parameters: Parameters) -> tuple[list[tuple[int, ...]], Neighbours]:
    """Part all nodes into happenings; gives the groups and who was near whom.

    Each connected component is solved by itself, so a report changes nothing out of its reach.
    """
    n = len(weights.nodes)
    near: Neighbours = defaultdict(set)
    first, second, _ = near_pairs(weights, parameters)
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        near[i].add(j)
        near[j].add(i)
    label = components(n, first, second).tolist()
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for i in range(n):
        parts[label[i]].append(i)
    groups = [group for members in parts.values() for group in solve(weights, tuple(members), near)]
    return sorted(groups), near


def solve(weights: Weights, members: tuple[int, ...], near: Neighbours) -> list[tuple[int, ...]]:
    """The groups of one connected component, each sorted; a pure function of its nodes."""
    if len(members) == 1:
        return [members]
    groups = _joined(weights, members, near)
    home = {i: number for number, group in groups.items() for i in group.members}
    before: set[int] | None = None
    for _ in range(PASSES):
        stirred: set[int] = set()
        for i in members:
            around = {home[j] for j in near[i]} | {home[i]}
            # Where nothing has changed since the last look, there is nothing to gain now.
            if before is None or around & (before | stirred):
                stirred |= _moved(weights, i, groups, home, around)
        if not stirred:
            break
        before = stirred
    return [tuple(sorted(group.members)) for group in groups.values()]


def _joined(weights: Weights, members: tuple[int, ...], near: Neighbours) -> dict[int, Sums]:
    """Join the two groups that gain most until nothing gains; ties by the lowest node."""
    groups = {i: weights.single(i) for i in members}
    value = dict.fromkeys(members, 0.0)
    links = {i: set(near[i]) for i in members}
    version = dict.fromkeys(members, 0)
    heap: list[tuple[float, int, int, int, int]] = []

    def offer(a: int, b: int) -> None:
        if groups[a].mask & groups[b].mask:
            return
        gain = round(weights.value(groups[a] + groups[b]) - value[a] - value[b], DIGITS)
        if gain > 0:
            a, b = min(a, b), max(a, b)
            heapq.heappush(heap, (-gain, a, b, version[a], version[b]))

    for i in members:
        for j in links[i]:
            if i < j:
                offer(i, j)
    while heap:
        _, a, b, seen_a, seen_b = heapq.heappop(heap)
        if version.get(a) != seen_a or version.get(b) != seen_b:
            continue
        groups[a] = groups[a] + groups.pop(b)
        value[a] = weights.value(groups[a])
        version[a] += 1
        del version[b]
        links[a] |= links.pop(b)
        links[a] -= {a, b}
        for other in links[a]:
            links[other].discard(b)
            links[other].add(a)
            offer(a, other)
    return groups


def _moved(
    weights: Weights, i: int, groups: dict[int, Sums], home: dict[int, int], around: set[int]
) -> set[int]:
    """Move node `i` to the group around it, or to a place of its own, where the whole gains most.

    Gives the names of the groups that changed.
    """
    here = home[i]
    there = sorted(around - {here})
    left = tuple(m for m in groups[here].members if m != i)
    if not left and not there:
        return set()
    own = weights.single(i)
    rest = weights.of(left) if left else None
    leaving = (weights.value(rest) if rest else 0.0) - weights.value(groups[here])
    best, target = LEAST_GAIN, here
    if rest and round(leaving, DIGITS) > best:
        # Groups are named by a node of theirs; one that leaves for itself needs a free name.
        best, target = round(leaving, DIGITS), min(0, *groups) - 1
    for number in there:
        group = groups[number]
        if group.mask & own.mask:
            continue
        gain = round(leaving + weights.value(group + own) - weights.value(group), DIGITS)
        if gain > best:
            best, target = gain, number
    if target == here:
        return set()
    if rest:
        groups[here] = rest
    else:
        del groups[here]
    groups[target] = weights.of((*groups[target].members, i)) if target in groups else own
    home[i] = target
    return {here, target}
