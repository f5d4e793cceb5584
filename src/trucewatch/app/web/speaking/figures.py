"""Days, moments and numbers in the language that is spoken; times always name their zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from trucewatch.app.web.speaking.catalogues import current, gettext, in_english, mark
from trucewatch.bulletins import wording

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LIKELIHOODS = (
    mark("almost no chance"),
    mark("very unlikely"),
    mark("unlikely"),
    mark("roughly even chance"),
    mark("likely"),
    mark("very likely"),
    mark("almost certain"),
)
_NOT_KNOWN = mark("not known")


def _day(given: date | str) -> date:
    return date.fromisoformat(given[:10]) if isinstance(given, str) else given


def _moment(given: datetime | str, zone: ZoneInfo | None) -> datetime:
    at = datetime.fromisoformat(given) if isinstance(given, str) else given
    return at if zone is None else at.astimezone(zone)


def day_words(given: date | str | None, *, year: bool = True) -> str:
    """A day, "12 April 2026", from a date or its ISO form; None is not known."""
    if given is None:
        return gettext(_NOT_KNOWN)
    if in_english():
        return wording.day(_day(given)) if year else wording.short_day(_day(given))
    if year:
        return format_date(_day(given), "d MMMM y", locale=current())
    return format_date(_day(given), "d MMMM", locale=current())


def days_words(first: date | str | None, last: date | str | None) -> str:
    """A span of days; one day where both are the same."""
    if first is None or last is None:
        return gettext(_NOT_KNOWN)
    a, b = _day(first), _day(last)
    if in_english():
        return wording.days(a, b)
    if a == b:
        return day_words(a)
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{day_words(b)}"
    return f"{day_words(a, year=a.year != b.year)} – {day_words(b)}"


def clock_words(given: datetime | str, zone: ZoneInfo | None = None) -> str:
    """The time of a day, "16:00 UTC+03:00"; in the offset that it carries, or in a zone."""
    at = _moment(given, zone)
    return f"{at:%H:%M} {zone_words(at)}"


def zone_words(at: datetime) -> str:
    """The offset of a moment, "UTC+03:00"."""
    minutes = round((at.utcoffset() or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"


def moment_words(given: datetime | str | None, zone: ZoneInfo | None = None) -> str:
    """A moment, "11 April 2026, 16:00 UTC+03:00"; None is not known."""
    if given is None:
        return gettext(_NOT_KNOWN)
    at = _moment(given, zone)
    return f"{day_words(at.date())}, {clock_words(at)}"


def number_words(value: float | None) -> str:
    """A whole number with its thousands apart; None is "–"."""
    if value is None:
        return "–"
    if in_english():
        return wording.whole(round(value))
    return str(format_decimal(round(value), locale=current()))


def decimal_words(value: float | None, digits: int = 1) -> str:
    """A number to some decimals, always as many; None is "–"."""
    if value is None:
        return "–"
    form = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(value, format=form, locale=current()))


def signed_words(value: float, digits: int = 1) -> str:
    """A number with its sign, "+1.5" or "−0.3"; what rounds to nothing is "0"."""
    rounded = round(value, digits)
    if not rounded:
        return "0"
    return ("+" if rounded > 0 else "\u2212") + decimal_words(abs(rounded), digits)


def percent_words(share: float | None) -> str:
    """A share as a whole percentage, never 0 % of what is not nothing; None is not known."""
    return gettext(_NOT_KNOWN) if share is None else wording.share(share)


def probability_words(p: float | None) -> str:
    """A probability as a percentage, never 0 % or 100 %; None is not known."""
    return gettext(_NOT_KNOWN) if p is None else wording.probability(p)


def likelihood_words(p: float | None) -> str:
    """The word for a probability in the language that is spoken; None is not known."""
    return gettext(_NOT_KNOWN) if p is None else gettext(wording.likelihood(p))
