"""The mission at hand: the terms of its agreement and what states have promised under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model import Agreement, Pledge


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A provision or a pledge as a brief may cite it.

    `words` are its own; `text` is all that a sentence on it may be made from.
    """

    id: str
    name: str
    words: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """A mission's agreement and commitments, without which nothing is said of what follows."""

    name: str
    agreement: Agreement
    pledges: tuple[Pledge, ...] = ()

    def terms(self) -> dict[str, Term]:
        """Every provision and pledge by an id of its own."""
        found = [_provision(self.agreement, n) for n in range(len(self.agreement.provisions))]
        found += [_pledge(one) for one in self.pledges]
        return {one.id: one for one in found}


def _provision(agreement: Agreement, n: int) -> Term:
    one = agreement.provisions[n]
    standing = {i.id: i.standing for i in agreement.instruments}.get(one.instrument, "reported")
    name = f"{agreement.name}, provision {one.id} ({standing.replace('_', ' ')})"
    name += f", from {one.source}" if one.source else ""
    return Term(id=f"provision:{one.id}", name=name, words=one.words, text=f"{name} {one.words}")


def _pledge(one: Pledge) -> Term:
    name = f"Commitments, {one.id}: {one.by} ({one.stage}, {one.standing.replace('_', ' ')})"
    name += f", from {one.source}" if one.source else ""
    return Term(
        id=f"pledge:{one.id}",
        name=name,
        words=one.what,
        text=f"{name} {one.priority} {one.what} {one.source} {' '.join(one.caveats)}",
    )
