"""The next best way to part accounts into happenings, around one of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from trucewatch.incidents.engine.weights import set_value
from trucewatch.incidents.joining import DIGITS as CHANCE_DIGITS
from trucewatch.incidents.joining import pair_chances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Solved
    from trucewatch.incidents.nodes import Nodes

    Group = tuple[int, ...]

# Of more accounts than this only single ones are moved: the ways to split double with each.
MOST_SPLIT = 10
DIGITS = 6
AS_LIKELY = 0.05
# Beyond this nobody gains by a figure, and the model's own errors are larger.
MOST_TIMES = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One other reading of the accounts, all else as it is.

    `how` is "alone", "moved" (to `incident`), "taken" (from it), "merged" (with it) or "split".
    `moved` are the claims that would change place. `nats` is its log W less that of what is shown:
    above 0 it is likelier by itself, and stands aside since most likely readings together speak
    for what is shown. `odds` is e^nats. `chance` is the share of the likely readings in which
    those accounts are so, None where nothing was averaged. `words` say it without a formula.
    """

    how: str
    moved: tuple[str, ...]
    incident: str | None
    nats: float
    odds: float
    chance: float | None
    words: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """The `moved` would be with those `beside` them; `other` is the group it is told by, or ()."""

    how: str
    moved: Group
    beside: Group
    other: Group
    nats: float


class Readings:
    """Every reading that differs by one step from what is shown; each set is weighed once."""

    def __init__(
        self, nodes: Nodes, solved: Solved, accounts: Sequence[Account], groups: Sequence[Group]
    ) -> None:
        self._table = nodes.table
        self._solved = solved
        self._accounts = accounts
        self._home = {i: group for group in groups for i in group}
        self._known: dict[Group, float] = {}

    def near(self, group: Group) -> list[Group]:
        """The other groups with an account near enough to be weighed against this one, sorted."""
        start, target = self._solved.near.start, self._solved.near.target
        around = {j for i in group for j in target[start[i] : start[i + 1]].tolist()}
        return sorted({self._home[j] for j in around} - {group})

    def all(self, group: Group) -> Iterator[_Reading]:
        """Every one of them; none in which one witness would tell of a happening twice."""
        whole = self.weight(group)
        for i in group if len(group) > 1 else ():
            left = self.weight(_without(group, i)) - whole
            yield _Reading("alone", (i,), (), (), left)
            for other in self.near(group):
                if self._may((i,), other):
                    gain = self.weight((*other, i)) - self.weight(other)
                    yield _Reading("moved", (i,), other, other, left + gain)
        for other in self.near(group):
            if self._may(group, other):
                gain = self.weight(group + other) - whole - self.weight(other)
                how = "merged" if len(group) > 1 else "moved"
                yield _Reading(how, group, other, other, gain)
            for j in other if len(other) > 1 else ():
                if self._may((j,), group):
                    gain = self.weight((*group, j)) - whole
                    gain += self.weight(_without(other, j)) - self.weight(other)
                    yield _Reading("taken", (j,), group, other, gain)
        if len(group) <= MOST_SPLIT:
            # The first stays, so that no split is looked at twice; single ones are above.
            for size in range(2, len(group) - 1):
                for part in combinations(group[1:], size):
                    rest = tuple(i for i in group if i not in part)
                    gain = self.weight(part) + self.weight(rest) - whole
                    yield _Reading("split", part, rest, (), gain)

    def best(
        self,
        group: Group,
        incident: Callable[[Group], str],
        name: Callable[[Account], str],
    ) -> Alternative | None:
        """The one of the highest weight; None where there is no other reading at all."""
        ranked = min(self.all(group), key=_rank, default=None)
        if ranked is None:
            return None
        chance = self._chance(ranked)
        other = incident(ranked.other) if ranked.other else None
        nats = round(ranked.nats, DIGITS) + 0.0
        names = _list([name(self._accounts[i]) for i in ranked.moved])
        return Alternative(
            how=ranked.how,
            moved=tuple(sorted(c.id for i in ranked.moved for c in self._accounts[i].claims)),
            incident=other,
            nats=nats,
            odds=round(math.exp(min(nats, math.log(MOST_TIMES))), 9),
            chance=chance,
            words=f"{_reading(ranked, names, other)}; {compared(nats)}{_averaged(nats, chance)}",
        )

    def nearest(self, group: Group) -> dict[Group, float | None]:
        """Each near group with the weight of the best reading that joins something of the two.

        None where none may: each shares a witness, who tells of two.
        """
        best: dict[Group, float | None] = dict.fromkeys(self.near(group))
        for reading in self.all(group):
            if reading.how in {"moved", "taken", "merged"}:
                known = best[reading.other]
                if known is None or reading.nats > known:
                    best[reading.other] = round(reading.nats, DIGITS) + 0.0
        return best

    def weight(self, group: Group) -> float:
        """log W of a set of accounts, relative to each alone."""
        key = tuple(sorted(group))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = set_value(self._table, key)
        return known

    def _may(self, one: Group, other: Group) -> bool:
        seen = frozenset().union(*(self._accounts[i].witnesses for i in one))
        return not any(seen & self._accounts[j].witnesses for j in other)

    def _chance(self, reading: _Reading) -> float | None:
        """In what share of the likely readings it is so, as far as pairs tell."""
        if self._solved.blocks is None:
            return None
        if reading.how == "alone":
            return round(float(self._solved.alone[reading.moved[0]]), CHANCE_DIGITS)
        count = len(reading.moved)
        pairs = pair_chances((*reading.moved, *reading.beside), self._solved)
        joined = float(pairs[:count, count:].max())
        return round(1 - joined if reading.how == "split" else joined, CHANCE_DIGITS)


def _rank(reading: _Reading) -> tuple[float, str, Group, Group]:
    return -round(reading.nats, DIGITS), reading.how, reading.moved, reading.other


def _without(group: Group, member: int) -> Group:
    return tuple(i for i in group if i != member)


def _reading(reading: _Reading, names: str, other: str | None) -> str:
    told = {
        "alone": f"takes the report of {names} for a happening of its own",
        "moved": f"puts the report of {names} with incident {other}",
        "taken": f"puts the report of {names} here and not with incident {other}",
        "merged": f"takes all of this and incident {other} for one happening",
        "split": f"makes two happenings of it, one of them told by {names}",
    }
    return f"The next best reading {told[reading.how]}"


def compared(nats: float) -> str:
    """How likely another reading is beside the one shown, in nats and in times."""
    if abs(nats) < AS_LIKELY:
        return "it is as likely"
    how = "less likely" if nats < 0 else "likelier by itself"
    return f"it is {abs(nats):.1f} nats, {times(abs(nats))}, {how}"


def times(nats: float) -> str:
    """e^nats in words, with two figures that count."""
    ratio = math.exp(min(nats, math.log(MOST_TIMES) + 1))
    if ratio > MOST_TIMES:
        return "more than a million times"
    if ratio < 9.95:
        return f"about {ratio:.1f} times"
    step = 10 ** (math.floor(math.log10(ratio)) - 1)
    return f"about {round(ratio / step) * step:,} times"


def _averaged(nats: float, chance: float | None) -> str:
    if chance is None:
        return "."
    ahead = " That alone does not decide:" if nats >= AS_LIKELY else " Weighed with all others,"
    share = "less than 1%" if chance < 0.01 else f"{chance:.0%}"
    return f".{ahead} it is so in {share} of the likely readings."


def _list(names: Sequence[str]) -> str:
    """Names in print, each once."""
    unique = sorted(set(names))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
