"""Days as answers: "2025-12-31", a run of them with "/", or "--12-31" without its year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model import Interval

_NO_YEAR = re.compile(r"--\d\d-\d\d")


def days(when: Interval) -> tuple[date, date]:
    """The first and the last day of an interval.

    A day of some zone lies across two days of UTC, so half a day is left off either end.
    """
    half = min(timedelta(hours=12), when.length / 2)
    return (when.earliest + half).date(), (when.latest - half).date()


def without_year(value: str) -> bool:
    """Whether a value is a day of any year."""
    return _NO_YEAR.fullmatch(value) is not None


def is_day(value: str) -> bool:
    """Whether a value is a day, or a run of days, with the year."""
    return _span(value) is not None


def fitting(one: str, other: str) -> bool | None:
    """Whether one day can be both; None where either is no day."""
    if without_year(other):
        one, other = other, one
    span = _span(other)
    if without_year(one) and without_year(other):
        return one == other
    if span is None:
        return None
    first, last = span
    if without_year(one):
        years = range(first.year, last.year + 1)
        return any(first.isoformat() <= f"{year}{one[1:]}" <= last.isoformat() for year in years)
    mine = _span(one)
    return None if mine is None else mine[0] <= last and first <= mine[1]


def _span(value: str) -> tuple[date, date] | None:
    first, _, last = value.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
