"""The names that one agreement defines, for those that use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Ids and codes by what they name; `bodies` maps each to what it decides."""

    parties: frozenset[str]
    guarantors: frozenset[str]
    states: frozenset[str]
    instruments: frozenset[str]
    provisions: frozenset[str]
    zones: frozenset[str]
    regions: frozenset[str]
    bodies: Mapping[str, tuple[str, ...]]

    @property
    def doers(self) -> frozenset[str]:
        """All that a duty may be of."""
        return self.parties | self.guarantors | self.states | frozenset(self.bodies)
