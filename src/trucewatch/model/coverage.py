"""Who could have seen what, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from trucewatch.model.places import Extent
    from trucewatch.model.times import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A statement on visibility: what share of the ground in `where` could be seen in `when`.

    `of` is the kind of source it limits ("satellite"). `where` None means everywhere the mission
    looks. A share of 0.3 under cloud means that 70 % could not be seen, whatever was detected.
    """

    id: str
    report: str
    source: str
    of: str
    where: Extent | None
    when: Interval
    share: float
    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError("a share lies between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One overpass of one satellite, known from its detections.

    A pass that detected nothing leaves no trace in detection files: passes are a lower bound.
    """

    platform: str
    first: datetime
    last: datetime
    detections: int


class Sight(StrEnum):
    """What may be said of a region on a day."""

    REPORTED = "reported"
    QUIET = "quiet"
    UNOBSERVED = "unobserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionDay:
    """One region on one local day: what was seen, and how much of it could be seen.

    `seen_share` is None where nobody stated how much could be seen. QUIET is only said where a
    source that watches could see at least the mission's threshold; silence elsewhere is
    UNOBSERVED. `reporting` names the sources that reported anything from it on that day.
    """

    region: str
    day: date
    sight: Sight
    seen_share: float | None
    passes: int
    incidents: int
    reporting: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage:
    """What one source contributed: claims, regions, span of days and how late it published.

    `delay_days_median` runs from the end of the event to publication; None where unknown.
    """

    source: str
    claims: int
    regions: tuple[tuple[str, int], ...]
    first_day: date | None
    last_day: date | None
    delay_days_median: float | None
    delay_days_max: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Everything that is known about what could be seen in a period."""

    watches: tuple[Watch, ...]
    passes: tuple[Pass, ...]
    region_days: tuple[RegionDay, ...]
    sources: tuple[SourceCoverage, ...]
