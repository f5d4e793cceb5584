"""How many independent origins stand behind something."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.language import Unions
from trucewatch.model import Independence, Tie, content_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from trucewatch.model import Edge, Origin

    Floats = NDArray[np.float64]

EXACT = 10
"""Up to so many unlike origins that hang together, the number is exact; above, from below."""

_PLACES = 6
_SHOWN = 20
_STEPS = 500

# What ties a group of origins: the tie and how sure it is that it makes them one.
_Class = tuple[Tie, str, float]


def source_origin(source: str) -> str:
    """The id of the origin that a source is where it names nobody."""
    return content_id("org", ("source", source))


def effective(
    origins: Iterable[Origin], edges: Iterable[Edge], *, claims: Collection[str] | None = None
) -> Independence:
    """The effective number of independent origins, and what lowers it.

    N = 1 / min over weights w ≥ 0, Σw = 1, of Σ w_i w_j p_ij: how many independent accounts the
    best mean of these is worth, p_ij the probability that i and j are one origin (p_ii = 1). It is
    1ᵀP⁻¹1, the effective number of correlated accounts, with no weight below zero (Kish 1965;
    Leinster and Meckes 2016), and for certain ties the greatest number of origins of which no two
    are tied (Motzkin and Straus 1965). So another origin never lowers it, a stronger tie never
    raises it, and a double of an origin, with its ties, changes nothing.

    `edges` may name claims (or statements), origins or sources; those that share an origin anyway
    say nothing more. Edges with the same tie and the same reason tie all they join to each other.
    Ties of one sort count once, ties of different sorts as independent hints. Only `claims` count
    where given: an origin behind none of them is left out.
    """
    return Ties(origins, edges).behind(claims)


class Ties:
    """The ties between origins, made ready to be asked about many sets of claims."""

    def __init__(self, origins: Iterable[Origin], edges: Iterable[Edge]) -> None:
        self._origins = {o.id: o for o in origins}
        self._of: defaultdict[str, set[str]] = defaultdict(set)
        for one in self._origins.values():
            for claim in one.claims:
                self._of[claim].add(one.id)
        joined: defaultdict[_Class, list[set[str]]] = defaultdict(list)
        for edge in edges:
            if edge.strength > 0:
                joined[edge.tie, edge.reason, edge.strength].append({edge.one, edge.other})
        self._classes: list[tuple[_Class, frozenset[str]]] = []
        self._on: defaultdict[str, list[int]] = defaultdict(list)
        for (tie, reason, strength), pairs in sorted(joined.items()):
            # Two groups with the same words are still two groups.
            for number, names in enumerate(_united(pairs)):
                for name in names:
                    self._on[name].append(len(self._classes))
                self._classes.append(((tie, f"{reason}\x1f{number}", strength), names))
        self._source = {
            source_origin(name): name for name in sorted(self._on) if name not in self._of
        }

    def behind(self, claims: Collection[str] | None = None) -> Independence:
        """The effective number of origins behind some claims, None all; see `effective`."""
        if claims is None:
            stands = {claim: frozenset(ids) for claim, ids in self._of.items()}
            here = set(self._origins)
        else:
            stands = {c: frozenset(self._of[c]) for c in sorted(set(claims)) if c in self._of}
            here = set().union(*stands.values())
        if not here:
            return Independence(number=0.0, across_parties=(), reasons=())
        classes = self._tied(here, stands)
        sides = {o: side for o in here if (side := self._origins[o].party) is not None}
        for party in sorted(set(sides.values())):
            group = frozenset(o for o, side in sides.items() if side == party)
            if len(group) > 1:
                classes[Tie.SAME_PARTY, party, 1.0] = group
        number = 0.0
        for names in _hanging_together(sorted(here), classes):
            number += _number(_alike(names, classes))
        return Independence(
            number=round(number, _PLACES),
            across_parties=tuple(sorted(set(sides.values())))
            if len(set(sides.values())) > 1
            else (),
            reasons=_reasons(classes),
        )

    def _tied(
        self, here: Collection[str], stands: Mapping[str, frozenset[str]]
    ) -> dict[_Class, frozenset[str]]:
        """The groups of origins that are tied, each of two or more."""
        behind = {**stands, **{one: frozenset({one}) for one in here}}
        for one in here:
            if one in self._source:
                behind.setdefault(self._source[one], frozenset({one}))
        found = {}
        for number in sorted({k for name in behind if name in self._on for k in self._on[name]}):
            key, names = self._classes[number]
            sets = [behind[name] for name in sorted(names) if name in behind]
            # Where all stand on a common origin, the tie is that origin and says nothing more.
            if sets and not frozenset.intersection(*sets):
                found[key] = frozenset(min(each) for each in sets)
        return found


def _united(pairs: Iterable[set[str]]) -> list[frozenset[str]]:
    """Sets that have a member in common as one, sorted by their members."""
    sets = Unions()
    for pair in pairs:
        least, *others = sorted(pair)
        sets.find(least)
        for other in others:
            sets.join(least, other)
    return [frozenset(group) for group in sets.groups()]


def _hanging_together(
    names: Sequence[str], classes: Mapping[_Class, frozenset[str]]
) -> list[list[str]]:
    groups = _united([*({name} for name in names), *(set(group) for group in classes.values())])
    return [sorted(group) for group in groups]


def _alike(
    group: Sequence[str], classes: Mapping[_Class, frozenset[str]]
) -> list[tuple[frozenset[_Class], int]]:
    """What ties each sort of origin in a group, and how many there are of the sort.

    What a certain tie makes one is one origin, with the ties of all of them.
    """
    inside = [
        (key, members & frozenset(group))
        for key, members in classes.items()
        if members & frozenset(group)
    ]
    one = _united([*({n} for n in group), *(set(m) for k, m in inside if k[2] >= 1.0)])
    count: defaultdict[frozenset[_Class], int] = defaultdict(int)
    for names in one:
        count[frozenset(k for k, m in inside if m & names and k[2] < 1.0)] += 1
    return sorted(count.items(), key=lambda item: (sorted(item[0]), item[1]))


def _number(sorts: Sequence[tuple[frozenset[_Class], int]]) -> float:
    if len(sorts) == 1:
        ((ties, count),) = sorts
        return 1 / ((1 - _together(ties)) / count + _together(ties))
    tied = np.array([[_together(a & b) for b, _ in sorts] for a, _ in sorts])
    for at, (ties, count) in enumerate(sorts):
        # Equals share their weight evenly: as one, they resemble themselves less than fully.
        own = _together(ties)
        tied[at, at] = (1 - own) / count + own
    if len(sorts) > EXACT:
        return _from_below(tied)
    return max(_within(tied, part) for n in range(len(sorts)) for part in _parts(len(sorts), n + 1))


def _parts(whole: int, size: int) -> Iterable[tuple[int, ...]]:
    return combinations(range(whole), size)


def _within(tied: Floats, part: tuple[int, ...]) -> float:
    """The number at the point where all members of a part have weight, 0 where there is none."""
    inner = tied[np.ix_(part, part)]
    try:
        weight = np.linalg.solve(inner, np.ones(len(part)))
    except np.linalg.LinAlgError:
        # Members that say the same thing twice: a smaller part has the same least.
        return 0.0
    if not (weight > 0).all():
        return 0.0
    return float(weight.sum() ** 2 / (weight @ inner @ weight))


def _from_below(tied: Floats) -> float:
    """A number that is never too high, by replicator steps from even weights.

    Each step of weights by their fitness under 1 − P raises the mean (Baum and Eagon 1967).
    """
    apart = 1 - tied
    weight = np.full(len(tied), 1 / len(tied))
    for _ in range(_STEPS):
        mean = float(weight @ apart @ weight)
        if mean <= 0:
            break
        weight = weight * (apart @ weight) / mean
        weight /= weight.sum()
    return float(1 / (weight @ tied @ weight))


def _together(ties: Iterable[_Class]) -> float:
    """The probability that two origins are one, from all that ties them."""
    best: defaultdict[Tie, float] = defaultdict(float)
    for tie, _, strength in ties:
        best[tie] = max(best[tie], strength)
    return 1 - math.prod(1 - strength for _, strength in sorted(best.items()))


def _reasons(classes: Mapping[_Class, frozenset[str]]) -> tuple[str, ...]:
    said = []
    for (tie, _, strength), group in sorted(classes.items()):
        names = sorted(group)
        listed = ", ".join(names[:_SHOWN])
        if len(names) > _SHOWN:
            listed += f" and {len(names) - _SHOWN} more"
        sure = "taken as one" if strength >= 1 else f"one with probability {strength:.2f}"
        said.append(f"{listed}: {tie.value}, {sure}")
    return tuple(sorted(set(said)))
