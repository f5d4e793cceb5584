"""From counts over time to a verdict on a truce, with every figure that it stands on."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.findings.holding.rules import EVEN, LEAST_SEEN, SURE, allowance, verdict
from trucewatch.findings.holding.series import Stretch, in_days, within
from trucewatch.findings.holding.weighing import Weighing, runs_of
from trucewatch.model import ChangePoint, Course, Level, TruceCourse, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.findings.holding.weighing import Run
    from trucewatch.model import Counted

_PLACES = 6
_SILENT_BEFORE = "all before the truce: nothing was told, which is no count of nought"
_NO_RATE_BEFORE = "no period before the truce was counted"


def follow(
    counts: Iterable[Counted],
    *,
    truce: Window,
    before: Window | None = None,
    source: str,
    what: str,
    notes: tuple[str, ...] = (),
) -> TruceCourse:
    """The verdict on a truce from the counts of one source; a pure function of their set.

    `before` is the stretch whose rate the truce is held against; it ends where the truce starts
    at the latest. A truce without an end is looked at up to the last counted period. ValueError
    for a truce without a start, or a `before` that reaches into it or has no start.
    """
    listed = sorted(set(counts), key=lambda one: (one.when, one.part, one.count))
    if truce.start is None:
        raise ValueError("a truce needs a start")
    if before is not None and (
        before.start is None or before.end is None or before.end > truce.start
    ):
        raise ValueError("what was before a truce has a start, and ends where the truce starts")
    end = truce.end
    if end is None:
        end = max((one.when.latest for one in listed), default=truce.start)
    window = Window(truce.start, max(end, truce.start))
    during = within(listed, window)
    earlier = within(listed, before) if before is not None else Stretch((), ())
    if earlier.periods and earlier.silent:
        earlier = Stretch((), (*earlier.left_out, _SILENT_BEFORE))
    blank = TruceCourse(
        source=source,
        what=what,
        verdict=Course.UNOBSERVED,
        reasons=(),
        window=window,
        series=earlier.periods + during.periods,
        left_out=earlier.left_out + during.left_out,
        before=None,
        levels=(),
        changes=(),
        rise=None,
        ratio=None,
        low=None,
        high=None,
        allowance=None,
        dispersion=None,
        notes=notes,
    )
    unobserved = _unobserved(during)
    if unobserved is not None:
        return replace(blank, reasons=(unobserved,))
    return _weighed(blank, during, earlier, before)


def _unobserved(during: Stretch) -> str | None:
    """Why nothing can be said of the truce, or None."""
    if not during.periods:
        return "no whole period of the truce was counted: 0 days"
    if during.silent:
        return (
            f"nothing was told of {during.days:.1f} days, and nobody stated what could be seen: "
            "silence is no count of nought"
        )
    seen = [(one.seen, in_days(one.when.length)) for one in during.periods]
    if all(share is not None for share, _ in seen):
        mean = sum((share or 0.0) * days for share, days in seen) / during.days
        if mean < LEAST_SEEN:
            return f"only {mean:.1%} of the counted time and ground could be seen"
    return None


def _weighed(
    blank: TruceCourse, during: Stretch, earlier: Stretch, before: Window | None
) -> TruceCourse:
    # Shares that some periods state and others do not cannot be put on one scale.
    adjusted = all(one.seen is not None for one in during.periods + earlier.periods)
    runs, old_runs = runs_of(during, adjusted=adjusted), runs_of(earlier, adjusted=adjusted)
    weighing = Weighing(runs, old_runs)
    spans = tuple(pairwise(weighing.starts))
    levels = tuple(_level(blank.window, weighing, span, adjusted=adjusted) for span in spans)
    old_level = None
    seen_now = _seen(blank.window, runs, adjusted=adjusted)
    seen = seen_now
    if before is not None and old_runs:
        low, high = weighing.rate_before()
        old_level = _rated(before, old_runs, low, high, adjusted=adjusted)
        seen = min(seen_now, _seen(before, old_runs, adjusted=adjusted))
    factor, factor_now = allowance(seen), allowance(seen_now)
    low, high = 0.0, float("inf")
    if old_level is not None:
        low, high = weighing.ratio(spans[-1], None)
        # The prior keeps both off their edges; a count of nought does not.
        low = low / factor if levels[-1].count else 0.0
        high = high * factor if old_level.count else float("inf")
    rise = _rise(weighing, spans, levels)
    if rise is not None:
        risen = rise.probability >= SURE and rise.low / factor_now > 1
        perhaps = rise.probability > EVEN and rise.low > 1
    else:
        # Where no single cut is likely, many together may be; which way they go is then open.
        risen, perhaps = False, weighing.changed(0, len(runs) - 1) > EVEN
    word, why = verdict(
        ratio=None if old_level is None else (low, high), upwards=risen, perhaps_upwards=perhaps
    )
    ratio = None
    if old_level is not None and old_level.per_day:
        ratio = round(levels[-1].per_day / old_level.per_day, _PLACES)
    return replace(
        blank,
        verdict=word,
        reasons=_reasons(why, adjusted=adjusted, seen=seen, factor=factor, old=old_level),
        before=old_level,
        levels=levels,
        changes=tuple(_change(weighing, spans, at) for at in range(1, len(spans))),
        rise=rise,
        ratio=ratio,
        low=round(low, _PLACES) if old_level is not None else None,
        high=round(high, _PLACES) if high != float("inf") else None,
        allowance=round(factor, _PLACES),
        dispersion=round(weighing.dispersion, _PLACES),
    )


def _seen(window: Window, runs: Sequence[Run], *, adjusted: bool) -> float:
    """The share of a stretch, in time and ground together, that was seen; 0 if nobody stated it."""
    if not adjusted or window.start is None or window.end is None or window.start == window.end:
        return 0.0
    return min(1.0, sum(run.exposure for run in runs) / in_days(window.end - window.start))


def _level(window: Window, weighing: Weighing, span: tuple[int, int], *, adjusted: bool) -> Level:
    """The rate over one stretch; the first and last reach to the edges of the truce."""
    first, last = span
    runs = weighing.runs
    own = Window(
        window.start if first == 0 else runs[first].start,
        window.end if last == len(runs) else runs[last].start,
    )
    return _rated(own, runs[first:last], *weighing.rate(first, last), adjusted=adjusted)


def _rated(
    window: Window, runs: Sequence[Run], low: float, high: float, *, adjusted: bool
) -> Level:
    count, exposure = sum(run.count for run in runs), sum(run.exposure for run in runs)
    start, end = window.start, window.end
    length = in_days(end - start) if start is not None and end is not None else 0.0
    return Level(
        window=window,
        periods=sum(run.periods for run in runs),
        days=round(sum(run.days for run in runs), _PLACES),
        of_days=round(length, _PLACES),
        count=count,
        seen=round(_seen(window, runs, adjusted=True), _PLACES) if adjusted else None,
        adjusted=adjusted,
        per_day=round(count / exposure, _PLACES),
        low=round(low, _PLACES) if count else 0.0,
        high=round(high, _PLACES),
    )


def _change(weighing: Weighing, spans: Sequence[tuple[int, int]], at: int) -> ChangePoint:
    """The change at the start of stretch `at`, looked for up to its neighbours' middles."""
    (start, cut), (_, end) = spans[at - 1], spans[at]
    lowest = (start + cut) // 2 if at > 1 else 0
    highest = (cut + end) // 2 if at < len(spans) - 1 else len(weighing.runs) - 1
    first, last = cut - 1, cut
    probability = weighing.changed(first, last)
    while probability < SURE and (first > lowest or last < highest):
        first, last = max(lowest, first - 1), min(highest, last + 1)
        probability = weighing.changed(first, last)
    return _between(weighing, spans[at - 1], spans[at], (first, last), probability)


def _rise(
    weighing: Weighing, spans: Sequence[tuple[int, int]], levels: Sequence[Level]
) -> ChangePoint | None:
    """The last stretch against the calmest one before it in the truce; None without a change.

    How many changes lie between them may be open, so the probability is that of any.
    """
    if len(spans) < 2:
        return None
    calmest = min(range(len(spans) - 1), key=lambda at: levels[at].per_day)
    first, last = spans[calmest][0], len(weighing.runs) - 1
    probability = weighing.changed(first, last)
    return _between(weighing, spans[calmest], spans[-1], (first, last), probability)


def _between(
    weighing: Weighing,
    old: tuple[int, int],
    new: tuple[int, int],
    around: tuple[int, int],
    probability: float,
) -> ChangePoint:
    runs = weighing.runs
    low, high = weighing.ratio(new, old)
    rates = []
    for first, last in (old, new):
        part = runs[first:last]
        rates.append(sum(r.count for r in part) / sum(r.exposure for r in part))
    return ChangePoint(
        at=runs[new[0]].start,
        earliest=runs[around[0]].end,
        latest=runs[around[1]].start,
        probability=round(probability, _PLACES),
        ratio=round(rates[1] / rates[0], _PLACES) if rates[0] else None,
        low=round(low, _PLACES),
        high=round(high, _PLACES),
    )


def _reasons(
    why: str, *, adjusted: bool, seen: float, factor: float, old: Level | None
) -> tuple[str, ...]:
    if adjusted:
        sight = f"{seen:.0%} of the time and ground was seen"
    else:
        sight = "nobody stated what could be seen, so rates are of what was counted"
    if old is None:
        # Only the interval of now over before is widened, and here there is none.
        stands = f"a rise is told only where it withstands a factor of {factor:.2f}"
        return why, _NO_RATE_BEFORE, f"{sight}: {stands}"
    return why, f"{sight}: the interval of now over before is widened {factor:.2f}× both ways"
