"""What a kind of viewer may see: an audience, and a rule for each field of each sort of record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.bulletins.situation import Audience


class Rule(StrEnum):
    """How much of a field is seen, in rising order."""

    HIDDEN = "hidden"
    COARSE = "coarse"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What viewers of some roles may see; `rules` maps "sort.field" to a rule.

    A field without a rule is hidden, and so is a sort of record without a visible field. `inside`
    is True for those who work in the mission: they wait for no delay, and open sources are named to
    them; whom the mission sealed stays sealed here for everybody. `party` is whose own matters the
    viewer may see, where the roles speak for a party.
    """

    name: str
    audience: Audience
    rules: Mapping[str, Rule]
    inside: bool = False
    party: str | None = None

    @property
    def live(self) -> bool:
        """Whether nothing is held back for a time: of those inside, and of who has no delay."""
        return self.inside or not self.audience.delay

    def rule(self, sort: str, field: str) -> Rule:
        """The rule of one field; hidden where the policy does not name it."""
        return self.rules.get(f"{sort}.{field}", Rule.HIDDEN)
