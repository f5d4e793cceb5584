"""The one door from what the mission knows to what a viewer sees; only it makes a `Record`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.views.sight import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trucewatch.bulletins.veil import Veil
    from trucewatch.bulletins.views.sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record as the mission knows it, on its way to the door.

    `exact` holds fields as they are, `coarse` those that have a coarser form for others: what has
    none is hidden from whoever may see it coarsely alone. A composer that knows for whom it works
    may leave exact forms out: then whoever may see them sees the coarse ones. `ended` is when the
    last of what it tells had happened: whoever waits for a delay sees it that much later; None
    tells of nothing recent. `party` is the one party whose own matter it is; None is everybody's.
    """

    sort: str
    id: str
    exact: Mapping[str, Any]
    coarse: Mapping[str, Any] = field(default_factory=dict)
    ended: datetime | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What may be seen of one thing: plain values that JSON can hold, and nothing beside them."""

    sort: str
    id: str
    body: Mapping[str, Any]


class Door:
    """Lets through what a viewer may see at a moment; ValueError for a field without a policy."""

    def __init__(self, sight: Sight, veil: Veil, *, at: datetime, known: frozenset[str]) -> None:
        self._sight, self._veil, self._at, self._known = sight, veil, at, known

    def let_through(self, draft: Draft) -> Record | None:
        """The record as this viewer sees it; None where they may not know of it.

        `known` are the "sort.field" that the policy names for anybody: a field that it forgot
        would be hidden from all without a word, so it is an error.
        """
        sight = self._sight
        if draft.party is not None and not sight.inside and draft.party != sight.party:
            return None
        fresh = draft.ended is not None and draft.ended + sight.audience.delay > self._at
        if fresh and not sight.live:
            return None
        body: dict[str, Any] = {}
        for name, value in {**draft.coarse, **draft.exact}.items():
            if f"{draft.sort}.{name}" not in self._known:
                raise ValueError(f"the policy says nothing of {draft.sort}.{name}")
            rule = sight.rule(draft.sort, name)
            if rule is Rule.EXACT:
                body[name] = value
            elif rule is Rule.COARSE and name in draft.coarse:
                body[name] = draft.coarse[name]
        if not body or (not sight.inside and self._veil.gives_away_any(body)):
            return None
        return Record(sort=draft.sort, id=draft.id, body=body)
