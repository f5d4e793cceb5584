"""Which ruling holds: a pure function of what reviewers said, in the order of the log."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import Effect, Ruling, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SETS: Mapping[Ruling, State] = {
    Ruling.CONFIRM: State.VERIFIED,
    Ruling.REFUTE: State.REFUTED,
    Ruling.UNVERIFIABLE: State.UNVERIFIABLE,
    Ruling.EXEMPT: State.EXEMPT,
    Ruling.DUPLICATE: State.DUPLICATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One ruling that counts: by whom, and of which claims.

    `other` is what the incident is said to duplicate, by its name of today.
    """

    index: int
    by: str
    ruling: Ruling
    other: str | None
    claims: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The ruling that holds, by those who gave it last; as many as the mission asks for."""

    ruling: Ruling
    other: str | None
    given: tuple[Given, ...]

    @property
    def since(self) -> int:
        """The log index from which it holds in its present form."""
        return max(one.index for one in self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What the rulings on one incident come to.

    `waiting` are those that need a second reviewer; `asked` is the index of the last question
    that no ruling has answered.
    """

    held: Held | None
    waiting: tuple[Given, ...]
    effects: Mapping[int, Effect]
    asked: int | None


def rule(given: Iterable[Given], *, needed: int) -> Bench:
    """What the rulings come to where `needed` different reviewers must give the same one.

    Each reviewer has one word, the last; RELEASE takes it back, and ASK leaves it as it stands. Of
    rulings that enough reviewers give, the one holds whose last `needed` words are the youngest.
    ValueError where `needed` is below 1.
    """
    if needed < 1:
        raise ValueError("at least one reviewer is needed")
    words: dict[str, Given] = {}
    effects: dict[int, Effect] = {}
    asked: int | None = None
    for one in sorted(given, key=lambda each: each.index):
        effects[one.index] = Effect.RECORDED
        if one.ruling is Ruling.ASK:
            asked = one.index
            continue
        before = words.pop(one.by, None)
        if before is not None:
            taken_back = one.ruling is Ruling.RELEASE
            effects[before.index] = Effect.TAKEN_BACK if taken_back else Effect.SUPERSEDED
        if one.ruling is not Ruling.RELEASE:
            words[one.by] = one
            asked = None
    return _settled(words.values(), needed, effects, asked)


def _settled(
    words: Iterable[Given], needed: int, effects: dict[int, Effect], asked: int | None
) -> Bench:
    groups: dict[tuple[Ruling, str | None], list[Given]] = defaultdict(list)
    for one in sorted(words, key=lambda each: -each.index):
        groups[one.ruling, one.other].append(one)
    enough = [group for group in groups.values() if len(group) >= needed]
    youngest = max(enough, key=lambda group: group[needed - 1].index, default=None)
    held = None
    if youngest is not None:
        first = youngest[0]
        held = Held(ruling=first.ruling, other=first.other, given=_oldest_first(youngest[:needed]))
    waiting = []
    for group in groups.values():
        for one in group:
            if group is youngest:
                effects[one.index] = Effect.HOLDS
            elif len(group) >= needed or (held is not None and one.index < held.since):
                effects[one.index] = Effect.SUPERSEDED
            else:
                effects[one.index] = Effect.WAITS
                waiting.append(one)
    return Bench(held=held, waiting=_oldest_first(waiting), effects=effects, asked=asked)


def _oldest_first(given: Sequence[Given]) -> tuple[Given, ...]:
    return tuple(sorted(given, key=lambda one: one.index))
