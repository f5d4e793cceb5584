"""Dates of publication as pages write them, on spans that were cut out; nothing is searched."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from trucewatch.model import Interval
from trucewatch.reports.press.vocabulary import vocabulary

LATE = timedelta(days=2)
"""A page dated later than this after its receipt is not believed: clocks differ, not by more."""

_EARLIEST = 1990
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?(?![\d-])"
)
_NUMERIC = re.compile(r"(?<![\d./])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\d./])")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?\s?(?:UTC|GMT|Z)(?!\w)")


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Day month year; month day, year; month day clock UTC year (as a computer prints it)."""
    names = "|".join(sorted(map(re.escape, vocabulary().months), key=lambda n: (-len(n), n)))
    flags = re.IGNORECASE
    return (
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.)? ?(?:of )?({names})\.?,? (\d{{4}})(?!\d)",
            flags,
        ),
        re.compile(rf"(?<!\w)({names})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", flags),
        re.compile(
            rf"(?<!\w)({names}) (\d{{1,2}}) (\d{{2}}):(\d{{2}}):(\d{{2}}) (?:UTC|GMT) (\d{{4}})"
            r"(?!\d)",
            flags,
        ),
    )


def find_date(text: str) -> tuple[Interval, int, int] | None:
    """The first date in a short text, and its span; None where there is none.

    A moment with its offset from UTC is an instant; a bare day, or a clock without an offset, is
    the whole day in UTC, as the page does not say where it was that day. "05/06/2026" is two
    days, so it is none. Ties go to the one that says more.
    """
    day_first, month_first, computer = _named()
    found: list[tuple[int, int, Interval]] = []

    def add(start: int, end: int, when: Interval | None) -> None:
        if when is not None:
            found.append((start, end, when))

    for m in computer.finditer(text):
        month, day, hour, minute, second, year = m.groups()
        add(m.start(), m.end(), _instant(year, month, day, hour, minute, second))
    for m in _ISO.finditer(text):
        add(m.start(), m.end(), _iso(m))
    for m in day_first.finditer(text):
        add(m.start(), *_with_clock(text, m.end(), m[3], m[2], m[1]))
    for m in month_first.finditer(text):
        add(m.start(), *_with_clock(text, m.end(), m[3], m[1], m[2]))
    for m in _NUMERIC.finditer(text):
        first, mark, second, year = m.groups()
        # With dots the day comes first everywhere; with strokes only a number over 12 tells.
        if mark == "." or int(first) > 12 or first == second:
            add(m.start(), m.end(), _day(year, second, first))
        elif int(second) > 12:
            add(m.start(), m.end(), _day(year, first, second))
    if not found:
        return None
    start, end, when = min(found, key=lambda f: (f[0], -f[1]))
    return when, start, end


def moment(text: str | None) -> Interval | None:
    """A date that stands alone, such as the content of a meta tag; None where it is none."""
    found = find_date(text.strip()[:80]) if text else None
    return found[0] if found else None


def believed(when: Interval | None, received: datetime | None) -> Interval | None:
    """The date, unless it lies after the receipt of the page by more than clocks differ."""
    if when is None or received is None or when.earliest <= received + LATE:
        return when
    return None


def in_zone(when: Interval | None, zone: tzinfo) -> Interval | None:
    """A bare day, which was read as one of UTC, as that day in `zone`; moments stay."""
    if when is None or when.length != timedelta(days=1):
        return when
    day = when.earliest.date()
    return Interval.days(day, day, zone)


def _with_clock(
    text: str, end: int, year: str, month: str, day: str
) -> tuple[int, Interval | None]:
    """A named day, and the clock in UTC where one follows within a few characters."""
    clock = _CLOCK.match(text, end) or _CLOCK.match(text, end + 1) or _CLOCK.match(text, end + 2)
    if clock:
        when = _instant(year, month, day, clock[1], clock[2], clock[3] or "0")
        if when is not None:
            return clock.end(), when
    return end, _day(year, month, day)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else vocabulary().months[text.casefold()]


def _day(year: str, month: str, day: str) -> Interval | None:
    try:
        at = date(int(year), _month(month), int(day))
    except ValueError:
        return None
    return Interval.days(at, at, UTC) if _EARLIEST <= at.year < 9999 else None


def _instant(
    year: str, month: str, day: str, hour: str, minute: str, second: str
) -> Interval | None:
    try:
        at = datetime(
            int(year), _month(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        return None
    return Interval.instant(at) if _EARLIEST <= at.year < 9999 else None


def _iso(match: re.Match[str]) -> Interval | None:
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is None or zone is None:
        return _day(year, month, day)
    offset = timedelta(0)
    if zone[0] in "+-":
        size = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        if size >= timedelta(hours=24):
            return None
        offset = size if zone[0] == "+" else -size
    try:
        at = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or "0"),
            tzinfo=timezone(offset),
        )  # fmt: skip
    except ValueError:
        return None
    return Interval.instant(at) if _EARLIEST <= at.year < 9999 else None
