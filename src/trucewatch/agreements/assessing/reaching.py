"""How far an incident lies in the time and place of a provision, and of what it excepts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.agreements.holding import length, pieces, throughout, weight
from trucewatch.agreements.zones.placing import NODES, ZoneMap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.agreements.holding import Term
    from trucewatch.model import Exemption, Incident, Window

CERTAIN = 0.95
"""At least this share of time and place: the provision holds. At most 1 minus it: it does not."""

PLACES = 6
"""Shares are rounded to so many places before they are compared: what is printed was judged."""

EXCLUDED = round(1 - CERTAIN, PLACES)


@dataclass(frozen=True)
class Reach:
    """An incident under a term: shares of its time and place, 0 to 1.

    Time is cut where a zone, an exception or the provision itself begins or ends to hold; within
    a piece, place and time are taken to be independent. Sums are of whole microseconds and whole
    points, so a wider zone or window never makes a share smaller, not by a hair.
    """

    incident: Incident
    term: Term
    zones: ZoneMap

    @cached_property
    def time(self) -> float:
        """The share of the time in which the provision holds, wherever it was."""
        return weight(self.incident.when, self.term.holds) / length(self.incident.when)

    @cached_property
    def share(self) -> float:
        """The share of time and place that lies in it, whatever it excepts."""
        return self.left(())

    @property
    def certain(self) -> bool:
        """Whether it lies in it, as far as shares go."""
        return self.share >= CERTAIN

    @property
    def excluded(self) -> bool:
        """Whether it lies outside of it, as far as shares go."""
        return self.share <= EXCLUDED

    def left(self, exceptions: Sequence[Exemption]) -> float:
        """The share that lies in it and in the hours and zones of none of the exceptions."""
        holds = self.term.holds
        if not self.time:
            return 0.0
        windows = [*self.zones.windows(self.term.provision.zones)]
        for one in exceptions:
            windows += [one.window, *self.zones.windows(one.zones)]
        total = sum(
            much * self._points(piece, exceptions)
            for piece in pieces(holds, windows)
            if (much := weight(self.incident.when, piece))
        )
        return round(total / (length(self.incident.when) * NODES), PLACES)

    def _points(self, piece: Window, exceptions: Sequence[Exemption]) -> int:
        """How many of the place's points lie in it in a piece of time."""
        place, codes = self.incident.place, self.term.provision.zones
        within = self.zones.inside(place, codes, piece) if codes else None
        for one in exceptions:
            if not throughout(one.window, piece):
                continue
            if not one.zones:
                return 0
            spared = self.zones.inside(place, one.zones, piece)
            within = ~spared if within is None else within & ~spared
        return NODES if within is None else int(np.count_nonzero(within))
