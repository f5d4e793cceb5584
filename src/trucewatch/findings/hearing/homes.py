"""Which incident people spoke of, now that reports have come and gone since."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Incident


class Homes:
    """Finds an incident again by the claims that it had, as its name may have changed."""

    def __init__(self, incidents: Iterable[Incident]) -> None:
        self._claims = {one.id: frozenset(one.claims) for one in incidents}
        self._of = {claim: name for name, claims in self._claims.items() for claim in claims}

    def claims(self, incident: str) -> frozenset[str]:
        """The claims that it has now."""
        return self._claims.get(incident, frozenset())

    def standing(self, claims: Iterable[str]) -> frozenset[str]:
        """Those of some claims that are in an incident now."""
        return frozenset(claims) & self._of.keys()

    def holding(self, claims: Iterable[str]) -> frozenset[str]:
        """The incidents that hold any of some claims now."""
        return frozenset(self._of[claim] for claim in claims if claim in self._of)

    def parts(self, incident: str, claims: Iterable[str]) -> tuple[str, ...]:
        """The incidents that hold something of it now; the first one is what it has become.

        That is the one with most of its claims; of two with as many the one of the same name, then
        the one that comes first by name. None where all of its claims are gone.
        """
        held = Counter(self._of[claim] for claim in set(claims) if claim in self._of)
        if not held and incident in self._claims and not set(claims):
            return (incident,)
        return tuple(sorted(held, key=lambda name: (-held[name], name != incident, name)))
