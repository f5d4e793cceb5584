"""How figures, days and degrees of belief are put into words; the same in every format."""

from __future__ import annotations

import math
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from trucewatch.model import Window

NBSP = "\u00a0"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

# ICD 203, one row of terms. Under 1 % and over 99 % keep the outermost words.
_TERMS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
)
_LONGEST = 400


def likelihood(p: float) -> str:
    """The word of ICD 203 for a probability; a bound belongs to the higher row."""
    if not 0 <= p <= 1:
        raise ValueError("a probability lies between 0 and 1")
    return next((word for bound, word in _TERMS if p < bound), "almost certain")


def probability(p: float) -> str:
    """A probability as a percentage; never 0 % and never 100 %, as nothing is that sure."""
    if p > 0.99:
        return f">{NBSP}99{NBSP}%"
    if p < 0.01:
        return f"<{NBSP}1{NBSP}%"
    return f"{round(p * 100)}{NBSP}%"


def share(x: float | None) -> str:
    """A share as a whole percentage; None is "not known", never 0 %."""
    if x is None:
        return "not known"
    if 0 < x < 0.005:
        return f"<{NBSP}1{NBSP}%"
    return f"{round(x * 100)}{NBSP}%"


def share_span(low: float | None, high: float | None) -> str:
    """A span of shares, "55–85 %"; one figure where both round to the same."""
    if low is None or high is None:
        return "not known"
    a, b = round(low * 100), round(high * 100)
    return share(low) if a == b else f"{a}–{b}{NBSP}%"


def whole(n: int) -> str:
    """A whole number with narrow spaces between the thousands."""
    return f"{n:,}".replace(",", "\u202f")


def rate(x: float | None) -> str:
    """A rate or an expected count to one decimal; None is "–"."""
    return "–" if x is None else f"{x:.1f}"


def ratio(x: float | None) -> str:
    """A ratio to two decimals; None is "–", and a bound without end is said so."""
    if x is None:
        return "–"
    return "no upper bound" if x == float("inf") else f"{x:.2f}"


def times(x: float | None) -> str:
    """How many times as much, with the two figures that count: "0.34", "5.9", "140"; see ratio."""
    if x is None or x == float("inf"):
        return ratio(x)
    if x < 0.995:
        return f"{x:.2f}"
    if x < 9.95:
        return f"{x:.1f}"
    step = 10 ** (math.floor(math.log10(x)) - 1)
    return whole(round(round(x / step) * step))


def span(low: float | None, high: float | None, form: str = "rate") -> str:
    """An interval, "0.6 to 8.8"; "–" where it is not known."""
    if low is None or high is None:
        return "–"
    say = {"ratio": ratio, "times": times}.get(form, rate)
    return f"{say(low)} to {say(high)}"


def plural(n: int, one: str, many: str = "") -> str:
    """A count with its noun: "no incidents", "1 incident", "1 177 incidents"."""
    if n == 1:
        return f"1 {one}"
    return f"{'no' if n == 0 else whole(n)} {many or one + 's'}"


def day(d: date) -> str:
    """A day, "12 April 2026"; not by the machine's locale."""
    return f"{d.day}{NBSP}{MONTHS[d.month - 1]} {d.year}"


def short_day(d: date) -> str:
    """A day without its year, "12 April"."""
    return f"{d.day}{NBSP}{MONTHS[d.month - 1]}"


def days(first: date, last: date) -> str:
    """A span of days, saying no month or year twice."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{short_day(first)} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment in local time with its offset, as "11 April 2026, 16:00 UTC+03:00"."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{day(local.date())}, {local:%H:%M} UTC{sign}{hours:02d}:{rest:02d}"


def window_days(window: Window, zone: ZoneInfo) -> str:
    """The local days that a window runs over, or "without end" where it is open."""
    if window.empty:
        return "not yet"
    if window.start is None or window.end is None:
        return "without a stated end" if window.start else "without a stated beginning"
    first = window.start.astimezone(zone).date()
    last = (window.end - timedelta(microseconds=1)).astimezone(zone).date()
    return days(first, max(first, last))


def plain(text: str, longest: int = _LONGEST) -> str:
    """Text that came from outside, on one line, with nothing left that could steer a display.

    Control and format characters go (line ends, bidirectional overrides, joiners, lone
    surrogates), runs of blanks become one, and what is longer than `longest` characters is cut.
    """
    if text.isascii() and text.isprintable():
        # By far the most: nothing in it can be other than it looks.
        line = " ".join(text.split())
        return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
    kept = "".join(
        " " if c.isspace() else c
        for c in text
        if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
