"""All that the mission knows of its incidents and its ground, drafted for one sight."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from trucewatch.bulletins.views.ground import (
    coverage_drafts,
    region_drafts,
    trend_drafts,
    zone_drafts,
)
from trucewatch.bulletins.views.incidents import account_drafts, incident_drafts
from trucewatch.bulletins.views.whole import (
    holding_drafts,
    mission_drafts,
    quarantined_drafts,
    source_drafts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.bulletins.views.door import Draft
    from trucewatch.bulletins.views.material import Outlook


def drafts(outlook: Outlook) -> Iterator[Draft]:
    """What viewers of one sight may ask of at a moment, on its way to `outlook.door`.

    Nothing of this is to be shown as it is. One `Material` serves the outlooks of all sights.
    """
    return chain(
        mission_drafts(outlook),
        region_drafts(outlook),
        zone_drafts(outlook),
        coverage_drafts(outlook),
        trend_drafts(outlook),
        holding_drafts(outlook),
        source_drafts(outlook),
        quarantined_drafts(outlook),
        incident_drafts(outlook),
        account_drafts(outlook),
    )
