"""Times as other people write them, widened to what they really say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from trucewatch.model import Interval
from trucewatch.reports.fields import calendar_day, local_moment, shown

if TYPE_CHECKING:
    from datetime import tzinfo

    from trucewatch.reports.generic.mapping import Precision

_COARSE: tuple[Precision, ...] = ("instant", "minute", "hour", "day", "week", "month", "year")
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<clock>\d\d:\d\d(?P<second>:\d\d(?:[.,]\d{1,9})?)?)"
    r"\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_ISO_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_ISO_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_WEEK = timedelta(days=6)
_LENGTH = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


def read_time(
    text: str, formats: tuple[str, ...], zone: tzinfo, precision: Precision | None
) -> Interval:
    """What a written time says: never finer than its text, nor finer than `precision`.

    A time without an offset is local to `zone`; an hour that the clocks show twice covers both,
    and one that they leave out is refused.
    A "week" is any week that holds the date, so it reaches six days to each side; "month" and
    "year" are those of the calendar. Raises ValueError with a reason for people.
    """
    text = text.strip()
    if len(text) > 64:
        raise ValueError(f"the time is too long to be one: {shown(text)}")
    for pattern in formats:
        try:
            moment, carried = _parse(text, pattern)
        except (ValueError, OverflowError):
            continue
        calendar_day(moment.year, moment.month, moment.day, "the time")
        return _widen(moment, carried if precision is None else _coarser(carried, precision), zone)
    raise ValueError(f"the time {shown(text)} is not in the form {' or '.join(formats)[:80]}")


def _parse(text: str, pattern: str) -> tuple[datetime, Precision]:
    if pattern == "iso":
        return _iso(text)
    if pattern in {"epoch", "epoch_ms"}:
        if not _NUMBER.fullmatch(text):
            raise ValueError("not a number")
        seconds = float(text) / (1000 if pattern == "epoch_ms" else 1)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), "instant"
    return datetime.strptime(text, pattern), _carried(pattern)  # noqa: DTZ007 - see _widen


def _iso(text: str) -> tuple[datetime, Precision]:
    """ISO 8601 in its usual shapes; `fromisoformat` alone also takes weeks and bare digits."""
    if _ISO_YEAR.fullmatch(text):
        return datetime.combine(date(int(text), 1, 1), time.min), "year"
    if _ISO_MONTH.fullmatch(text):
        return datetime.combine(date.fromisoformat(f"{text}-01"), time.min), "month"
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError("not ISO 8601")
    day = date.fromisoformat(found["date"])
    if found["clock"] is None:
        return datetime.combine(day, time.min), "day"
    clock = found["clock"].replace(",", ".")
    moment = datetime.combine(day, time.fromisoformat(clock))
    if found["zone"] is not None:
        moment = moment.replace(tzinfo=time.fromisoformat(f"00:00{found['zone']}").tzinfo)
    return moment, "instant" if found["second"] else "minute"


def _carried(pattern: str) -> Precision:
    """How exact a time in this strptime pattern can be at best."""
    if any(part in pattern for part in ("%c", "%S", "%X", "%T")):
        return "instant"
    if "%M" in pattern:
        return "minute"
    if "%H" in pattern or "%I" in pattern:
        return "hour"
    if any(part in pattern for part in ("%d", "%j", "%x", "%D", "%u", "%w", "%a", "%A")):
        return "day"
    return "month" if any(part in pattern for part in ("%m", "%b", "%B")) else "year"


def _coarser(a: Precision, b: Precision) -> Precision:
    return _COARSE[max(_COARSE.index(a), _COARSE.index(b))]


def _widen(moment: datetime, told: Precision, zone: tzinfo) -> Interval:
    if told in {"instant", "minute", "hour"}:
        keep = moment if told == "instant" else moment.replace(second=0, microsecond=0)
        if told == "hour":
            keep = keep.replace(minute=0)
        length = _LENGTH.get(told, timedelta(0))
        if keep.tzinfo is None:
            span = local_moment(keep, "the time", zone)
        else:
            span = Interval.instant(keep)
        return Interval(span.earliest, span.latest + length)
    day = (moment if moment.tzinfo is None else moment.astimezone(zone)).date()
    first = last = day
    if told == "week":
        first, last = day - _WEEK, day + _WEEK
    elif told == "month":
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    elif told == "year":
        first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
    return Interval.days(first, last, zone)
