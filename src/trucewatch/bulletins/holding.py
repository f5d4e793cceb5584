"""What a bulletin says of sources that count: whether the truce holds by their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins import published as pub
from trucewatch.bulletins.wording import plain, rate, span, times, whole, window_days
from trucewatch.model import Course

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import Level, TruceCourse, Window

_SETTLED = frozenset({Course.HOLDING, Course.ERODING, Course.COLLAPSED})


def courses_until(courses: Iterable[TruceCourse], period: Window) -> tuple[TruceCourse, ...]:
    """Those of sources that count, as far as they tell of nothing later than the period.

    A course looks at the whole truce so far: in the bulletin of an earlier day it would tell
    readers what they may not know yet. Of incidents the rates of a bulletin tell already.
    """
    return tuple(
        sorted(
            (
                one
                for one in set(courses)
                if any(each.stated for each in one.series) and _ended(one.window, period)
            ),
            key=lambda one: (one.source, one.what),
        )
    )


def _ended(window: Window, period: Window) -> bool:
    return period.end is None or (window.end is not None and window.end <= period.end)


def course_rows(
    courses: Iterable[TruceCourse], veil: Veil, zone: ZoneInfo
) -> tuple[pub.CourseRow, ...]:
    """What an audience may read of them; nothing of a source that may not be named."""
    return tuple(_row(one, veil, zone) for one in courses if veil.is_open(one.source))


def headline(said: str, rows: Iterable[pub.CourseRow]) -> str:
    """The headline of single events, after the word of those who count, where they give one.

    A headline of fewer events alone would hide that a monitor counts more and more shots.
    """
    words = sorted({row.verdict for row in rows if row.verdict in _SETTLED})
    if not words:
        return said
    word = " and ".join(words).capitalize()
    return f"{word} by what is counted; single events: {said[:1].lower()}{said[1:]}"


def _row(one: TruceCourse, veil: Veil, zone: ZoneInfo) -> pub.CourseRow:
    source = veil.name(one.source)
    return pub.CourseRow(
        source=source,
        what=plain(one.what),
        verdict=one.verdict.value,
        words=_words(one, source),
        reasons=veil.free(one.reasons),
        before=None if one.before is None else _level(one.before, zone),
        levels=tuple(_level(level, zone) for level in one.levels),
        ratio=one.ratio,
        low=one.low,
        high=one.high,
    )


def _words(one: TruceCourse, source: str) -> str:
    """The verdict in a sentence or two, with the figures that it stands on."""
    said = [f"By the {plain(one.what)} that {source} counted: {one.verdict.value}."]
    if not one.levels:
        return " ".join([*said, f"{one.reasons[0][:1].upper()}{one.reasons[0][1:]}."])
    now = one.levels[-1]
    said.append(
        f"Now {rate(now.per_day)} a day (95 % interval {span(now.low, now.high)}; "
        f"{whole(now.count)} in {rate(now.days)} counted days)"
    )
    if one.before is not None:
        high = float("inf") if one.high is None else one.high
        said[-1] += (
            f", about {times(one.ratio)} times the rate before "
            f"(95 % interval {span(one.low, high, 'times')})"
        )
    elif one.rise is not None:
        said[-1] += (
            f", about {times(one.rise.ratio)} times the calmest stretch of the truce before it "
            f"(95 % interval {span(one.rise.low, one.rise.high, 'times')})"
        )
    said[-1] += "."
    return " ".join(said)


def _level(level: Level, zone: ZoneInfo) -> pub.LevelRow:
    return pub.LevelRow(
        words=window_days(level.window, zone),
        counted_days=level.days,
        days=level.of_days,
        count=level.count,
        seen=level.seen,
        per_day=level.per_day,
        low=level.low,
        high=level.high,
    )
