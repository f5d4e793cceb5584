"""What a composer may draw on, for one kind of viewer at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from trucewatch.app.ledger.views import Filters, whole
from trucewatch.bulletins.veil import Veil
from trucewatch.bulletins.views.naming import Names
from trucewatch.commitments import states

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, tzinfo

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Situation
    from trucewatch.bulletins.views import Sight
    from trucewatch.store import Derived


@dataclass(frozen=True, kw_only=True)
class Material:
    """One state of a mission, for one sight.

    A composer makes drafts of it; what of them is seen is for the door to say. `now` is when the
    view is made, and for whoever waits for a delay the last hour at which something was released.
    `incidents` are those that may be known of by then.
    """

    mission: Mission
    configuration: Configuration
    derived: Derived
    situation: Situation
    sight: Sight
    now: datetime
    incidents: Collection[str]

    @property
    def zone(self) -> tzinfo:
        """The zone in which the mission's days run."""
        return self.configuration.zone

    @property
    def at(self) -> datetime:
        """As of when states are told: those outside see how things stood before their delay."""
        return self.now if self.sight.inside else self.now - self.sight.audience.delay

    @cached_property
    def veil(self) -> Veil:
        """What this audience may not learn of sealed sources, whoever is inside included."""
        return Veil(self.situation.sources, self.situation.claims, self.sight.audience)

    @cached_property
    def books(self) -> dict[str, Any]:
        """The ledger as it stood as of `at`."""
        return whole(self.mission, self.at, Filters())

    @cached_property
    def names(self) -> Names:
        """What parties, bodies and states are called: as the agreement says, else the ledger."""
        spelt = {one for row in self.books["statements"] for one in states(row["state"])}
        return Names(self.configuration.agreement, spelt)

    def local(self, moment: datetime | None) -> str | None:
        """A moment in the mission's zone with its offset, to the minute."""
        return None if moment is None else moment.astimezone(self.zone).isoformat("T", "minutes")


def hour_of(mission: Mission, now: datetime) -> datetime:
    """The hour at which a mission is looked at: of a drill, which has a clock of its own, its last.

    What is played lies mostly ahead, so that by the clock of this computer nothing of it would have
    opened yet.
    """
    log = mission.log
    if not mission.configuration().mission.mission.exercise or not log.size:
        return now
    (last,) = log.entries(log.size - 1, log.size)
    return last.received
