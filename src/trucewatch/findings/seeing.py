"""What share of a place could be seen, from the statements on visibility."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Extent, Interval, Watch

STATED = 0.5
"""A span counts as stated when statements cover at least this share of it."""

_PLACES = 6


def holds(extent: Extent | None, lat: float, lon: float) -> bool:
    """Whether a place lies in an extent; None is everywhere."""
    return extent is None or (
        extent.west <= lon <= extent.east and extent.south <= lat <= extent.north
    )


def _breadth(extent: Extent | None) -> float:
    """The size of an extent, to tell which of two is the more specific."""
    if extent is None:
        return math.inf
    height = math.sin(math.radians(extent.north)) - math.sin(math.radians(extent.south))
    return height * (extent.east - extent.west)


def seen_by_kind(
    watches: Iterable[Watch], lat: float, lon: float, span: Interval
) -> dict[str, float]:
    """The share, 0 to 1, that each kind of source could see of a place in a span of time.

    Of the statements on one kind the most specific speaks, and among equals the lowest: a doubt
    never makes a place better watched. A span longer than a statement has the mean over the time
    that is stated; a kind is left out where less than half of the span is stated.
    """
    holding: dict[str, list[Watch]] = {}
    for watch in watches:
        if holds(watch.where, lat, lon):
            holding.setdefault(watch.of, []).append(watch)
    found: dict[str, float] = {}
    for kind in sorted(holding):
        narrowest = min(_breadth(watch.where) for watch in holding[kind])
        speaking = [watch for watch in holding[kind] if _breadth(watch.where) == narrowest]
        share = _mean(speaking, span)
        if share is not None:
            found[kind] = share
    return found


def _mean(watches: list[Watch], span: Interval) -> float | None:
    """The mean over the stated time of the lowest share stated at each moment."""
    if not span.length:
        at = [w.share for w in watches if w.when.earliest <= span.earliest < w.when.latest]
        return round(min(at), _PLACES) if at else None
    inside = [w for w in watches if w.when.earliest < span.latest and w.when.latest > span.earliest]
    edges = sorted(
        {span.earliest, span.latest}
        | {max(span.earliest, w.when.earliest) for w in inside}
        | {min(span.latest, w.when.latest) for w in inside}
    )
    stated = total = 0.0
    for start, end in pairwise(edges):
        at = [w.share for w in inside if w.when.earliest <= start and end <= w.when.latest]
        if at:
            seconds = (end - start).total_seconds()
            stated += seconds
            total += seconds * min(at)
    if not stated or stated < STATED * span.length.total_seconds():
        return None
    return round(total / stated, _PLACES)
