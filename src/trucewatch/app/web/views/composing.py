"""What views are made of: one state of a mission, and everybody who makes drafts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from trucewatch.app.web.views.judged import judged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Situation
    from trucewatch.bulletins.views import Draft, Sight
    from trucewatch.store import Derived


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One state of a mission, open for reading, for whom drafts are made, and at which moment.

    The mission is closed as soon as the drafts are made: nothing may keep it.
    """

    mission: Mission
    configuration: Configuration
    derived: Derived
    situation: Situation
    sight: Sight
    at: datetime


class Composer(Protocol):
    """Makes the drafts of some sorts of record."""

    def __call__(self, matter: Matter, /) -> Iterable[Draft]:
        """Drafts in any order; nothing of what they hold is seen before the door."""
        ...


COMPOSERS: tuple[Composer, ...] = (judged,)
"""All of them, one line each."""
