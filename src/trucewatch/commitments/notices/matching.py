"""Which incidents may have touched what was notified, in time, place and kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.commitments.notices import telling
from trucewatch.commitments.notices.dangers import Danger, danger_of
from trucewatch.commitments.notices.ground import FARTHEST, Route, vectors
from trucewatch.commitments.notices.standing import histories
from trucewatch.model import Nature, NoticeMatch, kind_tree
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from trucewatch.commitments.notices.standing import History, Version
    from trucewatch.model import Entered, Incident

LEAST_SHARE = 0.01
"""A match below this share of time and place is none; it may still be a near miss."""

NEAR_M = 5_000.0
"""So far beside what was notified is still told as a near miss."""

NEAR_S = 7_200.0
"""So long before or after the window is still told as a near miss."""

LIKELY = 0.5
"""What failed in kind or time alone is told only where the place is at least this likely."""


NOTHING = 1e-9
"""A share so small that it cannot make a match with all the others of a notice."""


def match(
    incidents: Iterable[Incident], decisions: Iterable[Entered], *, least: float = LEAST_SHARE
) -> tuple[NoticeMatch, ...]:
    """The incidents that may have touched what was notified, and those that nearly did.

    A notice counts as it stood when the incident happened: by the version that had been entered
    by then, until it was amended or cancelled. What was cancelled or amended afterwards stays
    matched, and what had not been notified yet is at most a near miss. `share` is the probability
    that time and place lie in the notice's: the time evenly spread over what is known of it, the
    place a round Gaussian, the two independent. Only matches (no `near_misses`) and near misses
    are returned, by notice, share and incident; places that are always hot never match.
    """
    known, _ = histories(decisions)
    field = _Field.of(incidents)
    found: list[NoticeMatch] = []
    if field is not None:
        for history in sorted(known.values(), key=lambda one: one.id):
            found += _matches(history, field, least)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Incidents as columns, in the order of their ids; times are seconds since 1970 UTC."""

    incidents: Sequence[Incident]
    kinds: NDArray[np.int64]
    names: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    error: NDArray[np.float64]
    earliest: NDArray[np.float64]
    latest: NDArray[np.float64]
    places: NDArray[np.float64]

    @classmethod
    def of(cls, incidents: Iterable[Incident]) -> _Field | None:
        moving = [one for one in incidents if one.nature is not Nature.STATIC_SOURCE]
        if not moving:
            return None
        moving.sort(key=lambda one: one.id)
        names = tuple(sorted({one.kind for one in moving}))
        numbers = {name: number for number, name in enumerate(names)}
        table = np.array(
            [
                (
                    one.place.lon,
                    one.place.lat,
                    one.place.error_m / EARTH_RADIUS_M,
                    one.when.earliest.timestamp(),
                    one.when.latest.timestamp(),
                )
                for one in moving
            ],
            dtype=np.float64,
        )
        lon, lat, error, earliest, latest = (np.ascontiguousarray(part) for part in table.T)
        return cls(
            incidents=moving,
            kinds=np.array([numbers[one.kind] for one in moving], dtype=np.int64),
            names=names,
            lon=lon,
            lat=lat,
            error=error,
            earliest=earliest,
            latest=latest,
            places=vectors(lon, lat),
        )


@dataclass(slots=True)
class _Pair:
    """What is known so far of one incident and one notice, over the notice's versions."""

    share: float = 0.0
    best: float = -1.0
    told: telling.Told | None = None


def _matches(history: History, field: _Field, least: float) -> list[NoticeMatch]:
    pairs: dict[int, _Pair] = {}
    for version in history.versions:
        _look(history, version, field, pairs, least)
    tree, found = kind_tree(), []
    for row, pair in pairs.items():
        if pair.told is None:
            continue
        incident = field.incidents[row]
        reasons, misses = telling.words(pair.told, history, tree[incident.kind].name, pair.share)
        if not misses and pair.share < least:
            continue
        found.append(
            NoticeMatch(
                notice=history.id,
                version=pair.told.version.number,
                incident=incident.id,
                share=pair.share,
                distance_m=pair.told.distance_m,
                reasons=reasons,
                near_misses=misses,
            )
        )
    return sorted(found, key=lambda one: (bool(one.near_misses), -one.share, one.incident))


def _look(
    history: History, version: Version, field: _Field, pairs: dict[int, _Pair], least: float
) -> None:
    """Hold all incidents against one version; each step looks only at what the last one left."""
    notice = version.notice
    window = _Span.of(history, version)
    rows = np.flatnonzero((field.latest >= window.low) & (field.earliest <= window.high))
    if not len(rows):
        return
    route = Route(notice.route, notice.width_m)
    # Chords are exact for what lies close, where the cosine of an angle is not.
    chord = np.linalg.norm(field.places[rows] - route.middle, axis=1)
    away = 2 * np.arcsin(np.clip(chord / 2, 0, 1))
    reach = np.maximum(FARTHEST * field.error[rows], NEAR_M / EARTH_RADIUS_M)
    rows = rows[away <= route.reach + route.width + reach]
    if not len(rows):
        return
    dangers = np.array(
        [danger_of(kind, notice.domain, notice.sort).value for kind in field.names], dtype=np.int64
    )[field.kinds[rows]]
    distance = route.distance(field.places[rows])
    error = field.error[rows]
    beside = distance - route.width
    near = beside <= NEAR_M / EARTH_RADIUS_M
    time = window.share(field.earliest[rows], field.latest[rows])
    harms = dangers != Danger.NONE.value
    # Shares of several versions are added up, so that none of them is too small to be kept.
    needed = least if len(history.versions) == 1 else NOTHING
    most = np.where(beside <= -FARTHEST * error, 1.0, route.most(distance, error))
    asked = harms & (time * most >= needed) | ((time == 0) | ~harms) & (most >= LIKELY)
    kept = asked | harms & near & (time > 0)
    rows, distance, error, beside, near, time, harms, dangers, asked = (
        part[kept] for part in (rows, distance, error, beside, near, time, harms, dangers, asked)
    )
    place = np.zeros(len(rows))
    within = beside <= -FARTHEST * error
    place[within] = 1.0
    unsure = (asked | near) & ~within
    some = rows[unsure]
    place[unsure] = route.share(field.lon[some], field.lat[some], field.error[some])
    gap = window.gap(field.earliest[rows], field.latest[rows])
    both = place * time
    # One thing may fail by little; where two do, it is no near miss but another story.
    keep = harms & ((both >= needed) | (near & (time > 0)) | ((time == 0) & (place >= LIKELY)))
    keep |= ~harms & (both >= LIKELY)
    for at in np.flatnonzero(keep):
        pair = pairs.setdefault(int(rows[at]), _Pair())
        pair.share = min(1.0, pair.share + float(both[at]))
        rank = float(both[at]) if both[at] > 0 else -1.0 + 1e-9 * float(place[at])
        if pair.told is None or rank > pair.best:
            pair.best = rank
            incident = field.incidents[rows[at]]
            pair.told = telling.Told(
                version=version,
                danger=Danger(int(dangers[at])),
                place=float(place[at]),
                time=float(time[at]),
                distance_m=float(distance[at]) * EARTH_RADIUS_M,
                error_m=incident.place.error_m,
                gap_s=float(gap[at]),
                gap_from=window.edge(float(gap[at])),
                when=incident.when,
                least=least,
                near_m=NEAR_M,
            )


@dataclass(frozen=True, slots=True)
class _Span:
    """When a version counts, in seconds: its window, as far as it stood by then.

    From `low` to `high` it may still be a near miss. Where it begins or ends because another
    version takes over, nothing beyond is: the other speaks for that time. Nor is what lies outside
    the window, too, where it begins with being notified or ends with being cancelled.
    """

    start: float
    end: float
    low: float
    high: float
    entered: bool
    cancelled: bool

    @classmethod
    def of(cls, history: History, version: Version) -> _Span:
        window = version.notice.window
        opens = -math.inf if window.start is None else window.start.timestamp()
        closes = math.inf if window.end is None else window.end.timestamp()
        since = version.since.timestamp()
        until = math.inf if version.until is None else version.until.timestamp()
        entered, ended = since > opens, until < closes
        cancelled = ended and history.cancelled == version.until
        start = max(opens, since)
        end = max(start, min(closes, until))
        low, high = start - NEAR_S, end + NEAR_S
        if entered:
            low = max(low, opens) if version.number == 1 else start
        if ended:
            high = min(high, closes) if cancelled else end
        if since >= closes:
            high = closes
        if until <= opens:
            low, high = math.inf, -math.inf
        return cls(start, end, low, high, entered, cancelled)

    def share(
        self, earliest: NDArray[np.float64], latest: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """How much of each span of time lies in this one; an instant lies in it or not."""
        length = latest - earliest
        instant = length <= 0
        common = np.minimum(latest, self.end) - np.maximum(earliest, self.start)
        shares = np.maximum(common, 0) / np.where(instant, 1, length)
        inside = (earliest >= self.start) & (earliest < self.end)
        return np.where(instant, inside, shares).astype(np.float64)

    def gap(
        self, earliest: NDArray[np.float64], latest: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Seconds by which each lies before (negative) or after this span; 0 where they meet."""
        return np.where(
            latest <= self.start, latest - self.start, np.maximum(earliest - self.end, 0.0)
        ).astype(np.float64)

    def edge(self, gap: float) -> str:
        """What the gap is measured from, in words."""
        if gap < 0:
            return "it was notified" if self.entered else "the window"
        return "it was cancelled" if self.cancelled else "the window"
