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


def fitting(one: str, other: str, lasting: int = 0) -> bool | None:
    """Whether one day can be both, or one lies within `lasting` days of the other.

    None where either is no day.
    """
    if without_year(other):
        one, other = other, one
    span = _span(other)
    if span is None:
        return one == other if without_year(one) and without_year(other) else None
    mine = [_span(each) for each in _years(one, span)] if without_year(one) else [_span(one)]
    if None in mine:
        return None
    room = timedelta(days=lasting)
    return any(
        each is not None and each[0] - room <= span[1] and span[0] <= each[1] + room
        for each in mine
    )


def _years(value: str, span: tuple[date, date]) -> list[str]:
    """A day without its year in every year of a span."""
    named = [f"{year}{value[1:]}" for year in range(span[0].year, span[1].year + 1)]
    # 29 February is a day of some years only.
    return [one for one in named if is_day(one)]


def _span(value: str) -> tuple[date, date] | None:
    first, _, last = value.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return None
