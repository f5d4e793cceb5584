"""How a truce goes over time: what was counted, at what rate, and in what word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.times import Interval, Window


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PeriodCount:
    """What a source says it counted in one period and region: observations, never incidents.

    `region` is the source's own word. `parts` are counts among `count`, by name. `previous` is
    what the same report gives for the period before. `seen` is the share of time and ground that
    it says could be seen; None is not said. A count of 0 is a statement that 0 was counted; a
    period of which nothing is said has no PeriodCount at all.
    """

    id: str
    report: str
    source: str
    what: str
    region: str
    when: Interval
    count: int
    parts: tuple[tuple[str, int], ...] = ()
    previous: int | None = None
    seen: float | None = None
    notes: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Counted:
    """One period of a series: how many were counted, and what share of it could be seen.

    `part` tells apart counts of the same period that add up, such as two regions. `seen` None is
    "nobody stated it". `stated` is False where no source said the number, so that a nought is
    only silence: nobody told of anything.
    """

    when: Interval
    count: int
    part: str = ""
    seen: float | None = None
    stated: bool = True

    def __post_init__(self) -> None:
        if not self.when.length:
            raise ValueError("a period has a length")
        if self.count < 0:
            raise ValueError("a count is never below nought")
        if self.seen is not None and not 0 <= self.seen <= 1:
            raise ValueError("a share lies between 0 and 1")


class Course(StrEnum):
    """How a truce goes, in a word; `docs/findings.md` has the rule of each.

    UNTOLD is that there are counts, but they do not settle it; UNOBSERVED that there are none, or
    too few to speak of.
    """

    HOLDING = "holding"
    ERODING = "eroding"
    COLLAPSED = "collapsed"
    UNOBSERVED = "unobserved"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One rate over a stretch of periods: violations a day, with its 95 % interval.

    `days` are those counted, `of_days` the length of the stretch. Where `adjusted`, `per_day` is
    for the whole ground, else for what was counted. `seen` is the share of the stretch, in time
    and ground together, that could be seen; None where that is not stated.
    """

    window: Window
    periods: int
    days: float
    of_days: float
    count: int
    seen: float | None
    adjusted: bool
    per_day: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """Where the rate changes: at the start of a period.

    `probability` is that of at least one change between `earliest` and `latest`. `ratio` is the
    rate after over the rate before, with its 95 % interval; None where nothing was counted before.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    probability: float
    ratio: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TruceCourse:
    """A verdict on how a truce goes, and every figure that it stands on.

    `levels` are the stretches of the truce between its change points; the last is where it
    stands now, and `ratio` is that rate over the one before the truce. Its interval is widened by
    `allowance`, both ways, for what could not be seen; `high` None is without bound. `rise` holds
    the last stretch against the calmest one earlier in the truce, its interval not widened.
    `dispersion` is α of the counts: a day of mean m has the variance m + α·m². The verdict is of
    what was counted, and of nobody's guilt.
    """

    source: str
    what: str
    verdict: Course
    reasons: tuple[str, ...]
    window: Window
    series: tuple[Counted, ...]
    left_out: tuple[str, ...]
    before: Level | None
    levels: tuple[Level, ...]
    changes: tuple[ChangePoint, ...]
    rise: ChangePoint | None
    ratio: float | None
    low: float | None
    high: float | None
    allowance: float | None
    dispersion: float | None
    notes: tuple[str, ...] = ()
