"""The zones and conditions of triggers and steps, read for whoever opens obligations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.agreements.conditions.compiling import holds
from trucewatch.agreements.conditions.facts import condition_cover
from trucewatch.agreements.kinds import Cover
from trucewatch.agreements.zones.placing import ZoneMap
from trucewatch.model import Window

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from trucewatch.model import Agreement, Finding, Incident


class AgreementTerms:
    """One agreement's zones and conditions; every answer is that of an assessment.

    What cannot be told is None, and decides nothing.
    """

    def __init__(self, agreement: Agreement) -> None:
        self._zones = ZoneMap(agreement.zones)

    def share(self, incident: Incident, zones: Collection[str]) -> float:
        """The share, 0 to 1, of an incident's place that lies in any of the zones.

        Only zones that hold for the whole time in which it may have happened are counted.
        """
        # An instant is the shortest of windows: an empty one would lie in a zone that just ended.
        first, last = incident.when.earliest, incident.when.latest
        when = Window(first, max(last, first + timedelta(microseconds=1)))
        return float(np.mean(self._zones.inside(incident.place, zones, when)))

    def asks_for(self, condition: str, incident: Incident, finding: Finding) -> bool | None:
        """Whether a trigger's condition holds of one incident, however what is vague is read."""
        cover = condition_cover(condition, incident, finding)
        return {Cover.NAMED: True, Cover.NOT: False}.get(cover)

    def holds(self, condition: str, facts: Mapping[str, object]) -> bool | None:
        """Whether a step's condition holds under the facts of docs/obligations.md."""
        return holds(condition, facts)
