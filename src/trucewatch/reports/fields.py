"""Small strict parsers for the fields of a record, shared by the readers.

All raise ValueError with a reason that people can read; a reader turns that into a rejection.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.errors import ConfigurationError
from trucewatch.model import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from trucewatch.model import Source

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Dates outside these years are taken for mistakes."""

_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"([+-]?\d{1,18})(?:\.0{1,9})?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?", re.ASCII)
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})", re.ASCII)


def shown(text: str) -> str:
    """A few characters of a bad value, safe to print in a reason."""
    plain = "".join(c if c.isprintable() else "?" for c in text[:25])
    return f"“{plain}…”" if len(text) > 25 else f"“{plain}”"


def filled(fields: Mapping[str, str], name: str) -> str:
    """The value of a field, stripped; ValueError where it is blank or absent."""
    text = fields.get(name, "").strip()
    if not text:
        raise ValueError(f"{name} is blank")
    return text


def number(text: str, low: float, high: float, what: str) -> float:
    """A finite decimal number from `low` to `high`, both included."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{what} is not a number: {shown(text)}")
    # Minus nought is nought: equal places must look equal.
    value = float(text) + 0.0
    if not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{what} is not between {low:g} and {high:g}: {shown(text)}")
    return value


def whole(text: str, low: int, high: int, what: str) -> int:
    """A whole number from `low` to `high`, both included, without separators.

    A fraction of noughts, as a spreadsheet leaves it ("3.0"), is none.
    """
    match = _WHOLE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{what} is not a whole number: {shown(text.strip())}")
    value = int(match[1])
    if not low <= value <= high:
        raise ValueError(f"{what} is not between {low} and {high}: {shown(text.strip())}")
    return value


def calendar_day(year: int, month: int, day: int, what: str) -> date:
    """A day that the calendar has, in a year that makes sense."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{what} has the year {year}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{what} is no day of the calendar") from None


def iso_day(text: str, what: str) -> date:
    """A bare ISO date, YYYY-MM-DD. It is a whole day: make it an interval, never midnight."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{what} is not a date (year-month-day): {shown(text)}")
    return calendar_day(int(match[1]), int(match[2]), int(match[3]), what)


def clock(text: str, what: str) -> time:
    """A time of day, HH:MM or HH:MM:SS with or without a fraction."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{what} is not a time of day: {shown(text)}")
    micro = int(((match[4] or ".0")[1:7]).ljust(6, "0"))
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0), micro)
    except ValueError:
        raise ValueError(f"{what} is no time of day: {shown(text)}") from None


def iso_moment(text: str, what: str, zone: tzinfo) -> Interval:
    """An ISO date and time, "T" or a space between, as an interval.

    Without an offset it is local time in `zone`: an hour that the clocks run through twice gives
    both instants as the interval's ends, an hour that they leave out is a ValueError.
    """
    text = text.strip()
    day, rest = iso_day(text[:10], what), text[11:]
    if text[10:11] not in {"T", " "}:
        raise ValueError(f"{what} is not a date and time: {shown(text)}")
    offset = _OFFSET.search(rest)
    if offset is None:
        return local_moment(datetime.combine(day, clock(rest, what)), what, zone)
    if offset.end() != len(rest):
        raise ValueError(f"{what} is not a date and time: {shown(text)}")
    at = clock(rest[: offset.start()].rstrip(), what).isoformat()
    sign = "+00:00" if offset[1] == "Z" else offset[1]
    try:
        moment = datetime.fromisoformat(f"{day.isoformat()}T{at}{sign}")
    except ValueError:
        raise ValueError(f"{what} has an impossible offset: {shown(text)}") from None
    return Interval.instant(moment)


def local_moment(naive: datetime, what: str, zone: tzinfo) -> Interval:
    """A wall-clock time in `zone` as an interval; see `iso_moment` for when clocks change."""
    first = naive.replace(tzinfo=zone, fold=0)
    second = naive.replace(tzinfo=zone, fold=1)
    gap = (second.utcoffset() or timedelta(0)) - (first.utcoffset() or timedelta(0))
    if gap > timedelta(0):
        raise ValueError(f"{what} lies in an hour that the clocks leave out")
    return Interval(first, second)


def zone_of(source: Source) -> ZoneInfo:
    """The time zone of a source's bare dates; ConfigurationError where there is none such."""
    try:
        return ZoneInfo(source.timezone)
    except (KeyError, ValueError, OSError):
        raise ConfigurationError(
            f"source {source.id}: no time zone is called {source.timezone!r}",
            file="sources.toml",
            field="timezone",
        ) from None
