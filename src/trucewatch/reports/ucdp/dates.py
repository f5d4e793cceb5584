"""The dates of an event, read only where one reading is possible.

ISO dates are taken as they are. Dates with slashes went through a spreadsheet, which leaves it
open whether month or day stands first; NOTES.md says by what witnesses that is settled.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trucewatch.reports.fields import calendar_day, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

SPANS = {1: (1, 1), 2: (2, 6), 3: (7, 7), 4: (8, 31), 5: (32, 40_000)}
"""Days from first to last, both included, that each `date_prec` stands for (UCDP codebook)."""

LATEST_DAYS = 60
"""A reading that puts the end of an event more days before its first article is not possible.

In the files with ISO dates 97 % of events were in the press within this time.
"""

SLIP_DAYS = 7
"""A reading that puts the event up to so many days after its first article is not taken, but may
be the true one all the same: coders slip (1 event in 60 of the files with ISO dates)."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](.*))?", re.ASCII | re.DOTALL)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (.*))?", re.ASCII | re.DOTALL)
_MIDNIGHT = re.compile(r"00:00(:00(\.0{1,9})?)?Z?|12:00(:00)? AM", re.ASCII)

Span = tuple[date, date]


def days_of(start: str, end: str, prec: int, year: int, published: Iterable[date]) -> Span:
    """The first and last day of an event; ValueError where none or several readings remain.

    `published` are the days of the articles; they decide only between readings of slashed dates.
    """
    pairs = [
        (first, last)
        for first in _readings(start, "date_start")
        for last in _readings(end, "date_end")
    ]
    if "/" not in start and "/" not in end:
        (span,) = pairs
        fault = _contradiction(span, prec, year)
        if fault:
            raise ValueError(fault)
        return span
    earliest = min(published, default=None)
    faults: set[str] = set()
    possible, slips = [], []
    for span in sorted(pairs):
        fault = _contradiction(span, prec, year) or _too_long(span, prec)
        if not fault and _slipped(span, earliest):
            slips.append(span)
        fault = fault or _against_press(span, earliest)
        if fault:
            faults.add(fault)
        else:
            possible.append(span)
    if not possible:
        raise ValueError(f"no reading of the dates is possible: {'; '.join(sorted(faults))}")
    if len(possible) + len(slips) > 1:
        raise ValueError(
            "the dates can be read in two ways: "
            + " or ".join(f"{first} to {last}" for first, last in (possible + slips)[:2])
        )
    return possible[0]


def _readings(text: str, what: str) -> set[date]:
    text = text.strip()
    iso, slashed = _ISO.fullmatch(text), _SLASHED.fullmatch(text)
    match = iso or slashed
    if match is None:
        raise ValueError(f"{what} is not a date: {shown(text)}")
    if match[4] is not None and not _MIDNIGHT.fullmatch(match[4].strip()):
        raise ValueError(f"{what} has a time of day that a bare date has not: {shown(text)}")
    if iso:
        return {calendar_day(int(iso[1]), int(iso[2]), int(iso[3]), what)}
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    found = set()
    for month, day in ((first, second), (second, first)):
        try:
            found.add(calendar_day(year, month, day, what))
        except ValueError:
            continue
    if not found:
        raise ValueError(f"{what} is no day of the calendar: {shown(text)}")
    return found


def _contradiction(span: Span, prec: int, year: int) -> str:
    """Why the row's own columns rule this reading out; empty where they do not."""
    first, last = span
    if last < first:
        return "date_end lies before date_start"
    days = (last - first).days + 1
    least, _most = SPANS[prec]
    if prec == 1 and days != 1:
        return "date_prec says one day, the dates differ"
    if days < least:
        return f"date_prec {prec} says at least {least} days, the dates span {days}"
    if not first.year <= year <= last.year:
        return f"year says {year}, the dates do not"
    return ""


def _too_long(span: Span, prec: int) -> str:
    """Why the precision rules a slashed reading out; an ISO span may be as long as it likes."""
    most = SPANS[prec][1]
    return f"date_prec {prec} says at most {most} days" if (span[1] - span[0]).days >= most else ""


def _slipped(span: Span, earliest: date | None) -> bool:
    """Whether the first article came out shortly before the event, as it does by mistake."""
    return earliest is not None and timedelta(0) < span[0] - earliest <= timedelta(SLIP_DAYS)


def _against_press(span: Span, earliest: date | None) -> str:
    """Why the day of the first article rules a slashed reading out."""
    first, last = span
    if earliest is None:
        return ""
    if earliest < first:
        return "the first article came out before the event"
    if earliest - last > timedelta(days=LATEST_DAYS):
        return f"the first article came out more than {LATEST_DAYS} days after the event"
    return ""
