"""From a mission to what viewers of one sight may see of it: composed, and through the door."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from trucewatch.app.listing import current
from trucewatch.app.publishing.situations import situation_of
from trucewatch.app.web import composing
from trucewatch.app.web.policy import policy
from trucewatch.bulletins.views import Material, Outlook, drafts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins.views import Record, Sight
    from trucewatch.store import Derived


@dataclass(frozen=True, slots=True)
class Ground:
    """One state of a mission, read once for the views of all sights.

    Where a report stands in the log is for those inside alone: `outside` does not know it.
    """

    configuration: Configuration
    derived: Derived
    inside: Material
    outside: Material


def ground_of(mission: Mission) -> Ground:
    """The state that a mission is in; NotFound where nothing has been derived yet."""
    configuration, derived = mission.configuration(), current(mission)
    situation = situation_of(mission, configuration, derived)
    return Ground(
        configuration,
        derived,
        inside=Material(situation=situation, entries=mission.store.entries_of_all()),
        outside=Material(situation=situation),
    )


def records_of(mission: Mission, ground: Ground, sight: Sight, *, at: datetime) -> Iterator[Record]:
    """All that viewers of a sight may see at a moment, in no order; the mission stays open."""
    outlook = Outlook(ground.inside if sight.inside else ground.outside, sight, at=at)
    door = outlook.door(policy().known)
    beside = composing.Material(
        mission=mission,
        configuration=ground.configuration,
        derived=ground.derived,
        situation=outlook.material.situation,
        sight=sight,
        now=outlook.at,
        incidents=outlook.incidents.keys(),
    )
    composed = (composer(beside) for composer in composing.COMPOSERS)
    for draft in chain(drafts(outlook), *composed):
        record = door.let_through(draft)
        if record is not None:
            yield record
