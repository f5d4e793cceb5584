"""Spans of time: when something happened, and when a term is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


def utc(moment: datetime) -> datetime:
    """Convert to UTC.

    Raises ValueError for a naive time: guessing a zone moves an event across a truce's edge. So
    does a time that is in no year from 1 to 9999 by then.
    """
    if moment.utcoffset() is None:
        raise ValueError("a time must carry a UTC offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time lies outside the calendar of UTC") from None


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """What is known of a time: not before `earliest`, not after `latest`, both in UTC.

    An instant has both the same. A bare date is a whole local day (see `day`), never midnight.
    """

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "earliest", utc(self.earliest))
        object.__setattr__(self, "latest", utc(self.latest))
        if self.latest < self.earliest:
            raise ValueError("latest lies before earliest")

    @classmethod
    def instant(cls, moment: datetime) -> Interval:
        """An interval of no length."""
        return cls(moment, moment)

    @classmethod
    def days(cls, first: date, last: date, zone: tzinfo) -> Interval:
        """The local days from `first` to `last`, both included, as they run in `zone`.

        A day is 23 or 25 hours long where the clocks change. ValueError where it ends outside the
        calendar.
        """
        if last < first:
            raise ValueError("the last day lies before the first")
        if last == date.max:
            raise ValueError("the last day has no end in the calendar")
        start = datetime.combine(first, time.min, tzinfo=zone)
        end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
        return cls(start, end)

    @property
    def length(self) -> timedelta:
        """Latest minus earliest."""
        return self.latest - self.earliest

    @property
    def middle(self) -> datetime:
        """The midpoint; never show it where the interval is what is known."""
        return self.earliest + self.length / 2

    def share_within(self, window: Window) -> float:
        """The share, 0 to 1, of this interval that lies in `window`, time spread evenly over it.

        An instant lies in a half-open window that starts at it, and not in one that ends at it.
        """
        if not self.length:
            return 1.0 if window.contains(self.earliest) else 0.0
        start = self.earliest if window.start is None else max(self.earliest, window.start)
        end = self.latest if window.end is None else min(self.latest, window.end)
        return max(timedelta(0), end - start) / self.length


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span [start, end) in UTC in which something holds; None is an open end."""

    start: datetime | None
    end: datetime | None

    def __post_init__(self) -> None:
        if self.start is not None:
            object.__setattr__(self, "start", utc(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", utc(self.end))
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError("a window ends before it starts")

    @classmethod
    def days(cls, first: date, last: date, zone: tzinfo) -> Window:
        """The local days from `first` to `last`, both included."""
        span = Interval.days(first, last, zone)
        return cls(span.earliest, span.latest)

    @property
    def empty(self) -> bool:
        """Whether no moment lies in it: it holds never, or not yet."""
        return self.start is not None and self.start == self.end

    def overlap(self, other: Window) -> Window:
        """What lies in both; an empty window where they do not meet, never an error."""
        starts = [one for one in (self.start, other.start) if one is not None]
        ends = [one for one in (self.end, other.end) if one is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        if start is not None and end is not None and end < start:
            return Window(start, start)
        return Window(start, end)

    def contains(self, moment: datetime) -> bool:
        """Whether an instant lies in the window; the end itself does not."""
        moment = utc(moment)
        return (self.start is None or self.start <= moment) and (
            self.end is None or moment < self.end
        )
