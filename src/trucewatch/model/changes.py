"""What became of incidents between two states of the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of the incidents that share claims, by how their claims moved."""

    UNCHANGED = "unchanged"
    REVISED = "revised"
    RENAMED = "renamed"
    GROWN = "grown"
    SHRUNK = "shrunk"
    EXCHANGED = "exchanged"
    SPLIT = "split"
    MERGED = "merged"
    REGROUPED = "regrouped"
    NEW = "new"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Claims that were in one incident and are in one now; None: they were, or are, in none."""

    before: str | None
    after: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Incidents that share claims, as they were called before and as they are called after.

    `moves` account for every claim of all of them. `aspects` names what is said otherwise of one
    incident that is still one: its name, kind, place, time or probability. `why` quotes claims:
    it is for those inside, and never published as it stands.
    """

    fate: Fate
    before: tuple[str, ...]
    after: tuple[str, ...]
    moves: tuple[Move, ...]
    aspects: tuple[str, ...]
    why: tuple[str, ...]
