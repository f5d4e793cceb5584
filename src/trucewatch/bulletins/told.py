"""How an incident is told to an audience: one rule for bulletins, pages and whatever else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.veil import cell_centre, spread
from trucewatch.bulletins.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.bulletins.situation import Audience
    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import Assessment, Finding, Incident, Origin, Point

MOST_REASONS = 3
UNNAMED = "The reasons rest on a source that is not named."
NO_REGION = "no region can be told"
ELSEWHERE = "outside the mission's regions"


def cell_of(place: Point, audience: Audience) -> tuple[float, float, float]:
    """Latitude, longitude and spread in metres of the cell that holds an anchor; see `Anchors`."""
    lat, lon = cell_centre(place.lat, place.lon, audience.grid_m)
    return lat, lon, spread(place.error_m, audience.grid_m)


def few(count: int, least: int) -> str:
    """A count in words; one that is under the smallest that is told is "fewer than" that."""
    return f"fewer than {least}" if 0 < count < least else whole(count)


def reasons_of(
    veil: Veil, incident: Incident, finding: Finding | None, assessments: Iterable[Assessment]
) -> tuple[str, ...]:
    """A few reasons in the words of the stages; none where a sealed source had a part."""
    if not all(veil.is_open(s) for s in incident.sources):
        return (UNNAMED,)
    # How reports were joined speaks of distances and of other reports: that stays inside.
    found = [] if finding is None else list(finding.reasons[:1])
    for each in assessments:
        found += each.reasons
    return tuple(dict.fromkeys(veil.free(found)))[:MOST_REASONS]


def labels_of(
    veil: Veil, audience: Audience, origins: Mapping[str, Origin], ids: Iterable[str]
) -> tuple[str, ...]:
    """The labels of origins that rest on nothing but sources that may be named."""
    if not audience.show_sources:
        return ()
    known = [origins[i] for i in sorted(set(ids)) if i in origins]
    open_ones = [o for o in known if all(veil.is_open_claim(c) for c in o.claims)]
    return tuple(sorted(set(veil.free(o.label for o in open_ones))))
