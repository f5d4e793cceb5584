"""Which incidents a provision and its exceptions mean, by kind, weapon and condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.agreements.conditions.facts import asked, decided, readings
from trucewatch.agreements.engine.columns import coded
from trucewatch.agreements.kinds import Cover, cover_of, may_be_left_by, weapon_cover
from trucewatch.model import Duty, kind_tree

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from trucewatch.agreements.engine.columns import Columns, Ints
    from trucewatch.model import Exemption, Provision

    Covers = NDArray[np.int8]


@dataclass(slots=True)
class Meaning:
    """Covers of many incidents; a condition is asked once for all that look alike to it."""

    columns: Columns
    _facts: dict[str, Ints] = field(default_factory=dict)
    _conditions: dict[str, Covers] = field(default_factory=dict)

    def acts(self, provision: Provision) -> Covers:
        """Whether the provision means each kind of `columns.kinds`, for an act of that kind."""
        return self._by_kind(provision.kinds)

    def signs(self, provision: Provision) -> NDArray[np.bool_]:
        """Whether an act that the provision means may leave each kind of `columns.kinds`."""
        tree = kind_tree()
        return np.array(
            [may_be_left_by(tree, kind, provision.kinds) for kind in self.columns.kinds],
            dtype=np.bool_,
        )

    def arms(self, provision: Provision, rows: Ints) -> Covers:
        """Whether it means the weapons of each row."""
        return self._by_arms(provision.weapons, rows, every=provision.duty is Duty.PERMIT)

    def exceptions(self, exceptions: Sequence[Exemption], rows: Ints) -> Covers:
        """Whether each exception (a column each) means each row's act, as `Covering.spares`."""
        found = np.zeros((len(rows), len(exceptions)), dtype=np.int8)
        for place, one in enumerate(exceptions):
            given = one.kinds or one.weapons or one.condition or one.zones
            if not (given or one.window.start or one.window.end):
                continue
            cover = np.full(len(rows), Cover.NAMED, dtype=np.int8)
            if one.kinds:
                cover = self._by_kind(one.kinds)[self.columns.kind[rows]]
            if one.weapons:
                cover = np.minimum(cover, self._by_arms(one.weapons, rows, every=True))
            some = np.flatnonzero(cover)
            cover[some] = np.minimum(cover[some], self.conditions(one.condition, rows[some]))
            found[:, place] = cover
        return found

    def conditions(self, text: str | None, rows: Ints) -> Covers:
        """Whether a condition holds of each row."""
        if text is None:
            return np.full(len(rows), Cover.NAMED, dtype=np.int8)
        known = self._conditions.setdefault(text, np.full(len(self.columns), -1, dtype=np.int8))
        new = rows[known[rows] < 0]
        if len(new):
            names = sorted(asked(text))
            facts = np.stack([self._fact(name)[new] for name in names] or [np.zeros_like(new)], 1)
            _, first, which = np.unique(facts, axis=0, return_index=True, return_inverse=True)
            made = [self._decided(text, int(row)) for row in new[first]]
            known[new] = np.array(made, dtype=np.int8)[which.reshape(-1)]
        return known[rows]

    def _decided(self, text: str, row: int) -> Cover:
        incident, finding = self.columns.incidents[row], self.columns.findings[row]
        return decided(text, readings(text, incident, finding))

    def _fact(self, name: str) -> Ints:
        """A number for each row: equal where a condition can learn nothing that differs."""
        if name not in self._facts:
            self._facts[name] = coded(_told(name, self.columns))[1]
        return self._facts[name]

    def _by_kind(self, named: Sequence[str]) -> Covers:
        tree = kind_tree()
        return np.array([cover_of(tree, kind, named) for kind in self.columns.kinds], dtype=np.int8)

    def _by_arms(self, named: Sequence[str], rows: Ints, *, every: bool) -> Covers:
        if not named:
            return np.full(len(rows), Cover.NAMED, dtype=np.int8)
        table = np.array(
            [weapon_cover(one, named, every=every) for one in self.columns.weapons], dtype=np.int8
        )
        return table[self.columns.arms[rows]]


def _told(name: str, columns: Columns) -> Sequence[Hashable]:
    """All that `facts.readings` looks at for one fact, row by row."""
    incidents, findings = columns.incidents, columns.findings
    match name:
        case "kinds":
            return [one.kind for one in incidents]
        case "weapons":
            return [(one.kind, one.weapons) for one in incidents]
        case "killed" | "wounded":
            return [one.counts for one in incidents]
        case "earliest" | "latest":
            return [one.when for one in incidents]
        case "state":
            return [one.state for one in findings]
        case "origins":
            return [one.independent_origins for one in findings]
    return list(map(attrgetter(name), incidents))
