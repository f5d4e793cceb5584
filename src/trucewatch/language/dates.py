"""Words that date something, resolved against the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language.vocabularies import fold, vocabulary
from trucewatch.model.times import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# A publication known no better than this dates no "on Tuesday".
_LONGEST = timedelta(days=45)
# A day and the hours by which its zone may be unknown.
_ONE_DAY = timedelta(hours=37)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Words that date something, `text[start:end]`.

    `when` is None where the words could not be resolved; `day` is then still the month and day
    ("--12-31") where they give them, and "2025-12-31" where the year is known as well.
    """

    start: int
    end: int
    when: Interval | None
    day: str | None


def dates(
    text: str,
    *,
    published: Interval | None = None,
    future: bool = False,
    language: str = "en",
) -> tuple[Dated, ...]:
    """The dates of a text in their order: full, without a year, weekdays, feasts, "last week".

    `future` says that the sentence speaks of what is to come; "on Tuesday" is otherwise the last
    one, the day of publication included. What lacks a year is the nearest such day. Days are taken
    as whole days in UTC, since the press names no zone. Where `published` is several days long, so
    is what is resolved by it; where it is None, only what dates itself is.
    """
    grammar = _grammar(language)
    if grammar is None:
        return ()
    days = _days_of(published)
    found = []
    for match in grammar.pattern.finditer(text):
        dated = _dated(match, grammar, days, future=future)
        if dated is not None:
            found.append(dated)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Grammar:
    pattern: re.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    feasts: Mapping[str, str]
    days: Mapping[str, tuple[int, int]]
    spans: Mapping[str, tuple[str, int]]
    small: Mapping[str, int]
    units: Mapping[str, str]
    back: frozenset[str]
    on: frozenset[str]
    same: frozenset[str]


def _days_of(published: Interval | None) -> tuple[date, date] | None:
    if published is None or published.length > _LONGEST:
        return None
    if published.length <= _ONE_DAY:
        return published.middle.date(), published.middle.date()
    last = published.latest - timedelta(microseconds=1)
    return published.earliest.date(), last.date()


def _dated(
    match: re.Match[str], grammar: _Grammar, days: tuple[date, date] | None, *, future: bool
) -> Dated | None:
    kind = match.lastgroup
    words = fold(match.group())
    start, end = match.span()
    span: tuple[date, date] | None = None
    month_day: tuple[int, int] | None = None
    if kind == "iso":
        span = _exact(*(int(part) for part in words.split("-")))
        if span is None:
            return None
    elif kind == "day" or kind == "month":
        month = grammar.months[fold(match["m1"] or match["m2"])]
        day = int(match["d1"] or match["d2"])
        year = match["y1"] or match["y2"]
        if not 1 <= day <= monthrange(2024, month)[1]:
            return None
        month_day = (month, day)
        if year:
            span = _exact(int(year), month, day)
    elif kind == "monthyear":
        month, year_number = grammar.months[fold(match["m3"])], int(match["y3"])
        last = monthrange(year_number, month)[1]
        span = date(year_number, month, 1), date(year_number, month, last)
    elif kind == "feast":
        first, second = grammar.feasts[fold(match["f"])].split("-")
        month_day = (int(first), int(second))
        if match["y4"]:
            span = _exact(int(match["y4"]), *month_day)
    if span is None and days is not None:
        moves = _moves(kind, match, words, month_day, grammar, future=future)
        try:
            spans = [moves(day) for day in days]
            span = min(s[0] for s in spans), max(s[1] for s in spans)
        except (OverflowError, ValueError):
            span = None
    when = None if span is None else _interval(*span)
    label = None
    if span is not None and span[0] == span[1]:
        label = span[0].isoformat()
    elif month_day is not None and span is None:
        label = f"--{month_day[0]:02}-{month_day[1]:02}"
    return Dated(start=start, end=end, when=when, day=label)


def _interval(first: date, last: date) -> Interval | None:
    try:
        return Interval.days(first, last, UTC)
    except (ValueError, OverflowError):
        return None


def _exact(year: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def _moves(
    kind: str | None,
    match: re.Match[str],
    words: str,
    month_day: tuple[int, int] | None,
    grammar: _Grammar,
    *,
    future: bool,
) -> Callable[[date], tuple[date, date]]:
    """How the words lead from a day of publication to the days they mean."""
    if month_day is not None:
        return lambda day: _nearest(day, *month_day, future=future)
    if kind == "weekday":
        wanted = grammar.weekdays[fold(match["w"])]
        which = fold(match["which"] or "")
        forward = which in grammar.on or (future and which not in grammar.back)
        other = bool(which) and which not in grammar.same
        return lambda day: _weekday(day, wanted, forward=forward, other=other)
    if kind == "ago":
        number = fold(match["n"])
        count = int(number) if number.isdigit() else grammar.small[number]
        unit = grammar.units[fold(match["u"])]
        return lambda day: _ago(day, count, unit)
    if words in grammar.days:
        first, last = grammar.days[words]
        return lambda day: (day + timedelta(first), day + timedelta(last))
    if words in grammar.spans:
        unit, step = grammar.spans[words]
        return lambda day: _span(day, unit, step)
    raise ValueError(words)


def _nearest(day: date, month: int, number: int, *, future: bool) -> tuple[date, date]:
    """The nearest such day, a few days' grace against the sense of the sentence."""
    found = [_exact(year, month, number) for year in (day.year - 1, day.year, day.year + 1)]
    known = [span[0] for span in found if span is not None]
    if not known:
        raise ValueError("no such day")
    best = min(known, key=lambda one: (abs(one - day) * (1 if (one > day) == future else 1.5), one))
    return best, best


def _weekday(day: date, number: int, *, forward: bool, other: bool) -> tuple[date, date]:
    """The last or the coming such weekday; `other` rules out the day itself ("last Tuesday")."""
    away = (number - day.weekday()) % 7 if forward else (day.weekday() - number) % 7
    if other and not away:
        away = 7
    found = day + timedelta(away if forward else -away)
    return found, found


def _ago(day: date, count: int, unit: str) -> tuple[date, date]:
    if unit == "day":
        found = day - timedelta(count)
        return found, found
    if unit == "week":
        # "Two weeks ago" is no day: half a week to either side.
        found = day - timedelta(7 * count)
        return found - timedelta(3), found + timedelta(3)
    return _span(day, unit, -count)


def _span(day: date, unit: str, step: int) -> tuple[date, date]:
    if unit == "weekend":
        saturday = day - timedelta((day.weekday() - 5) % 7) + timedelta(7 * step)
        return saturday, saturday + timedelta(1)
    if unit == "week":
        monday = day - timedelta(day.weekday()) + timedelta(7 * step)
        return monday, monday + timedelta(6)
    if unit == "month":
        months = day.year * 12 + day.month - 1 + step
        year, month = divmod(months, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
    return date(day.year + step, 1, 1), date(day.year + step, 12, 31)


def _any(words: Iterable[str]) -> str:
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in longest)


@cache
def _grammar(language: str) -> _Grammar | None:
    known = vocabulary(language)
    if known is None:
        return None
    table = known.dates
    months: dict[str, int] = {}
    for key in ("months", "short_months"):
        months |= {word: number for number, word in enumerate(table[key].split(), 1)}
    months |= {
        word: int(number)
        for word, number in (pair.split(":") for pair in table["other_months"].split())
    }
    weekdays: dict[str, int] = {}
    for key in ("weekdays", "short_weekdays"):
        weekdays |= {word: number for number, word in enumerate(table[key].split())}
    long_days = _any(table["weekdays"].split())
    month, whole = _any(months), _any(table["months"].split())
    feasts = {name.replace("’", "'"): day for name, day in table["feasts"].items()}
    which = _any([*table["back"].split(), *table["on"].split(), *table["same"].split()])
    pattern = (
        r"(?<![\w-])(?:"
        r"(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
        rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{month})\b\.?"
        rf"(?:,?\s+(?P<y1>(?:19|20)\d\d)(?!\d))?(?P<day>)"
        rf"|(?P<m2>{month})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)"
        rf"(?:,?\s+(?P<y2>(?:19|20)\d\d)(?!\d))?(?P<month>)"
        rf"|(?P<m3>{whole})\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)(?!\d)(?P<monthyear>)"
        rf"|(?P<f>{_any(feasts)})\b(?:,?\s+(?P<y4>(?:19|20)\d\d)(?!\d))?(?P<feast>)"
        rf"|(?:(?P<which>{which})\s+)?(?P<w>{long_days})\b(?P<weekday>)"
        rf"|(?P<n>\d{{1,3}}|{_any(table['small'])})\s+(?P<u>{_any(table['units'])})\s+"
        rf"(?:{_any(table['ago'].split())})\b(?P<ago>)"
        rf"|(?:{_any([*table['days'], *table['spans']])})\b(?P<relative>)"
        r")"
    )
    return _Grammar(
        re.compile(pattern, re.IGNORECASE),
        months,
        weekdays,
        feasts,
        {name: (row[0], row[1]) for name, row in table["days"].items()},
        {name: (row[0], row[1]) for name, row in table["spans"].items()},
        table["small"],
        table["units"],
        frozenset(table["back"].split()),
        frozenset(table["on"].split()),
        frozenset(table["same"].split()),
    )
