"""The names that one agreement defines, for those that use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.agreements.reading.checks import Checks
    from trucewatch.documents import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Ids and codes by what they name; `bodies` maps each to what it decides.

    `zones` is None where a file of them could not be read: then no code of one is called unknown.
    """

    parties: frozenset[str]
    guarantors: frozenset[str]
    states: frozenset[str]
    instruments: frozenset[str]
    terms: tuple[str, ...]
    zones: frozenset[str] | None
    regions: frozenset[str]
    bodies: Mapping[str, tuple[str, ...]]

    @property
    def provisions(self) -> frozenset[str]:
        """The ids of `terms`, which keep the order of the file."""
        return frozenset(self.terms)

    @property
    def doers(self) -> frozenset[str]:
        """All that a duty may be of."""
        return self.parties | self.guarantors | self.states | frozenset(self.bodies)


def check_zones(codes: Sequence[str], path: Path, check: Checks, names: Names) -> None:
    """Note each code that is no zone's; that of a region is told as such."""
    zones = names.zones
    if zones is None:
        return
    region = any(code in names.regions and code not in zones for code in codes)
    hint = "; regions are for reporting alone: list its file under zones" if region else ""
    check.known(codes, zones, path, "zone", hint)
