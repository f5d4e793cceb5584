"""Times as people write them in an agreement, made exact or refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MOMENT = re.compile(
    r"(?P<day>[12]\d{3}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?P<offset>Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_CALENDAR = re.compile(r"(?P<number>[1-9]\d{0,2}) calendar days?", re.ASCII)
_SPAN = re.compile(r"(?P<number>[1-9]\d{0,4}) (?P<unit>minute|hour|day)s?", re.ASCII)


def read_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError, in words, where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is not an IANA time zone such as 'Europe/Paris' or 'UTC'"
        ) from None


def read_moment(text: str, zone: ZoneInfo | None) -> datetime:
    """One instant in UTC, from "2026-04-12 24:00" and a zone, or with an offset of its own.

    24:00 is the end of that day, however long the day is. ValueError, in words, for a bare date,
    a time with neither offset nor zone, an offset that the zone contradicts, and a local time
    that the clocks skip or show twice.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a time such as '2026-04-11 16:00'")
    if found["hour"] is None:
        raise ValueError(
            f"{text!r} is a bare date: write the hour (00:00 is its beginning, 24:00 its end)"
        )
    clock = (int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    at_end = clock == (24, 0, 0)
    try:
        day = date.fromisoformat(found["day"]) + timedelta(days=at_end)
        local = datetime.combine(day, time() if at_end else time(*clock))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time of any day") from None
    if found["offset"] is not None:
        moment = local.replace(tzinfo=_offset(found["offset"])).astimezone(UTC)
        if zone is not None and moment.astimezone(zone).replace(tzinfo=None) != local:
            raise ValueError(f"{text!r} has an offset that {zone.key} does not have at that time")
        return moment
    if zone is None:
        raise ValueError(f"{text!r} needs an offset such as +03:00, or a timezone beside it")
    return _localised(local, zone, text, at_end=at_end)


def has_offset(text: str) -> bool:
    """Whether a time says its own offset from UTC, and so needs no zone."""
    found = _MOMENT.fullmatch(text)
    return found is not None and found["offset"] is not None


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(f"{text} is not an offset from UTC")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _localised(local: datetime, zone: ZoneInfo, text: str, *, at_end: bool) -> datetime:
    first = local.replace(tzinfo=zone, fold=0)
    moment = first.astimezone(UTC)
    # The end of a day is one instant even where the clocks change at midnight: fold 0 is it.
    if at_end:
        return moment
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(f"{text!r} does not exist in {zone.key}: the clocks skip it")
    if local.replace(tzinfo=zone, fold=1).utcoffset() != first.utcoffset():
        raise ValueError(f"{text!r} happens twice in {zone.key}: write the offset")
    return moment


def read_calendar(text: str) -> timedelta | None:
    """The whole local days of "3 calendar days"; None for a length of any other sort."""
    found = _CALENDAR.fullmatch(text)
    return None if found is None else timedelta(days=int(found["number"]))


def read_span(text: str) -> timedelta:
    """A length of time from "30 minutes", "24 hours" or "3 days".

    A day has 24 hours here, so that "3 days" and "72 hours" are one length, whatever the clocks
    do meanwhile; `read_calendar` reads days that are those of the calendar.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        hint = "; '3 calendar days' go with the `after` of a step alone" if "day" in text else ""
        raise ValueError(f"{text!r} is not a length such as '24 hours' or '3 days'{hint}")
    return timedelta(**{f"{found['unit']}s": int(found["number"])})
