"""Counts put in order: one for each period, what is left out and why, and the exposure of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from trucewatch.model import Counted, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from trucewatch.model import Window

MOST = 120
"""More periods than this are put together in runs of equal number, so that time stays bounded."""

LEAST_SHARE = 0.01
"""A count of a period of which less than this share could be seen says nothing of the rest."""

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Stretch:
    """Periods in order that do not overlap, of one part, and the reasons for those left out."""

    periods: tuple[Counted, ...]
    left_out: tuple[str, ...]

    @property
    def days(self) -> float:
        """How long the periods are together, in days of 24 hours."""
        return sum(in_days(one.when.length) for one in self.periods)

    @property
    def silent(self) -> bool:
        """Whether nothing was told, by nobody who said that they looked."""
        return all(one.count == 0 and not one.stated and one.seen is None for one in self.periods)


def in_days(length: timedelta) -> float:
    """A length of time in days of 24 hours."""
    return length.total_seconds() / _DAY_S


def within(counts: Iterable[Counted], window: Window) -> Stretch:
    """The periods that lie wholly in the window, their parts added up.

    A period that reaches over the edge, overlaps another, lacks a part that at least half of the
    periods have, or of which next to nothing could be seen, is left out with the reason. So are the
    counts of a rarer part: one stray name must not undo all periods that lack it. Counts that
    differ for one part of one period are both left out: nobody here knows which is right.
    """
    listed = sorted(set(counts), key=_order)
    parts = _usual(listed)
    kept: list[Counted] = []
    left_out: list[str] = []
    for when, group in groupby(listed, key=lambda one: one.when):
        share = when.share_within(window)
        if not share:
            continue
        whole = _added(when, [one for one in group if one.part in parts], parts)
        if share < 1:
            left_out.append(f"{_named(when)}: lies only partly in the stretch")
        elif isinstance(whole, str):
            left_out.append(f"{_named(when)}: {whole}")
        else:
            kept.append(whole)
    clear, overlapping = _apart(kept)
    rare = sorted({one.part for one in listed if one.when.share_within(window)} - parts)
    if rare:
        named = ", ".join(name or "the rest" for name in rare)
        left_out.append(f"counts of {named}: less than half of the periods have any")
    return Stretch(clear, tuple(left_out) + overlapping)


def _usual(counts: Sequence[Counted]) -> set[str]:
    """The parts of which at least half of the periods have a count."""
    pairs = {(one.when, one.part) for one in counts}
    periods = len({when for when, _ in pairs})
    return {part for part, n in Counter(part for _, part in pairs).items() if 2 * n >= periods}


def _order(one: Counted) -> tuple[Interval, str, int, bool, float, bool]:
    return (one.when, one.part, one.count, one.seen is None, one.seen or 0.0, one.stated)


def _added(when: Interval, group: Sequence[Counted], parts: set[str]) -> Counted | str:
    """The sum over the parts of one period, or why there is none."""
    there = [one.part for one in group]
    if not there:
        return "it has none of the usual counts"
    if len(set(there)) < len(there):
        return "two counts of it differ"
    missing = sorted(parts - set(there))
    if missing:
        return f"nothing is said of {', '.join(name or 'the rest' for name in missing)}"
    shares = [one.seen for one in group]
    known = [share for share in shares if share is not None]
    seen = sum(sorted(known)) / len(shares) if len(known) == len(shares) else None
    if seen is not None and seen < LEAST_SHARE:
        return f"{seen:.1%} of it could be seen, which is next to nothing"
    return Counted(
        when=when,
        count=sum(one.count for one in group),
        seen=seen,
        stated=all(one.stated for one in group),
    )


def _apart(periods: Sequence[Counted]) -> tuple[tuple[Counted, ...], tuple[str, ...]]:
    """The periods without any that overlaps another: its count could be in both."""
    clash: set[Interval] = set()
    reach: Counted | None = None
    for one in periods:
        if reach is not None and one.when.earliest < reach.when.latest:
            clash |= {one.when, reach.when}
        if reach is None or one.when.latest > reach.when.latest:
            reach = one
    return (
        tuple(one for one in periods if one.when not in clash),
        tuple(f"{_named(when)}: overlaps another period" for when in sorted(clash)),
    )


def _named(when: Interval) -> str:
    return f"{when.earliest:%Y-%m-%dT%H:%MZ}/{when.latest:%Y-%m-%dT%H:%MZ}"


def gathered(periods: Sequence[Counted]) -> tuple[tuple[Counted, ...], ...]:
    """The periods in at most `MOST` runs of equal number."""
    size = -(-len(periods) // MOST) or 1
    return tuple(tuple(periods[at : at + size]) for at in range(0, len(periods), size))
