"""Sources that share errors more often than chance would have it.

After Dong, Berti-Equille and Srivastava (2009), "Integrating Conflicting Data: The Role of Source
Dependence": to share what is true shows nothing, to share the same error shows copying. The error
looked at is the place: who finds out for himself where something happened puts it somewhere else
by some hundred metres, or at a place that many use; a copier puts it at the very same rare point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from trucewatch.model import Point, Tie
from trucewatch.origins.hints import edge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from trucewatch.model import Claim, Edge

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PRIOR = 0.05
"""The share of pairs of sources taken to be dependent before anything is seen."""

KEPT = 0.7
"""The share of copies that keep the place of what they copy."""

SHARES = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95)
"""What share of the events both report one may have from the other; each as likely as the next."""

LEAST = 10
"""Fewer events that two sources both report say nothing of the two."""

SURE = 0.5
"""Claims are tied one by one only where two sources rather depend than not."""

_EARTH_KM = 6371.0088
_DAYS_APART = 1.5
_SIGMAS = 3.0
_WIDEST_KM = 30.0
_AROUND_KM = 10.0
_MOST_EDGES = 0.99
_CERTAIN = 0.999
_TOWN_NAMED = 3
_TOWN_SHARE = 0.2
_CHUNK = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """Claims as arrays: km from the Earth's middle, days, standard error in km, source, spot."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    xyz: Floats
    t: Floats
    sigma: Floats
    source: Ints
    spot: Ints


def learn_dependence(claims: Iterable[Claim]) -> tuple[Edge, ...]:
    """Ties between sources that share errors, and between claims that share one, sorted.

    A tie of two sources has the probability that, of an event both report, one has it from the
    other: P(they depend) times the share so reported. A tie of two claims that name the very
    same rare point is stronger. Nothing uses these unless they are handed to `graph`: the learning
    is a decision, with a moment and a set of claims. Order and repetition of the claims change
    nothing; claims of instruments, areas and sums of events are left out.
    """
    unique = {
        c.id: c
        for c in claims
        if isinstance(c.place, Point) and c.detection is None and not c.aggregated
    }
    told = _arrays([unique[key] for key in sorted(unique)])
    if len(told.names) < 2:
        return ()
    one, other = _reports_of_one_event(told)
    habit = _habits(told)
    chance = np.maximum(habit[told.source[other], one], habit[told.source[one], other])
    same = told.spot[one] == told.spot[other]
    pairs: Ints = told.source[one] * len(told.names) + told.source[other]
    out: list[Edge] = []
    for pair in np.unique(pairs).tolist():
        at = np.flatnonzero(pairs == pair)
        a, b = (told.names[k] for k in divmod(pair, len(told.names)))
        if len(at) < LEAST:
            continue
        dependent, share = _posterior(same[at], chance[at])
        words = f"{a} and {b} name the very same rare point in {int(same[at].sum())} of {len(at)}"
        strength = min(dependent * share, _MOST_EDGES)
        if strength < 0.01:
            continue
        out.append(edge(Tie.DEPENDENCE, a, b, f"{words} reports of one event", round(strength, 6)))
        if dependent < SURE:
            continue
        for k in at[same[at]].tolist():
            kept = share * KEPT
            sure = dependent * kept / (kept + (1 - kept) * float(chance[k]))
            pair_words = f"the same rare point, and {words}"
            out.append(
                edge(
                    Tie.DEPENDENCE, told.ids[one[k]], told.ids[other[k]], pair_words,
                    round(min(sure, _MOST_EDGES), 6),
                )
            )  # fmt: skip
    return tuple(sorted(out, key=lambda e: (e.one, e.other, e.reason)))


def _arrays(claims: Sequence[Claim]) -> _Told:
    names = sorted({c.source for c in claims})
    number = {name: k for k, name in enumerate(names)}
    places = [c.place for c in claims if isinstance(c.place, Point)]
    lat = np.radians([p.lat for p in places])
    lon = np.radians([p.lon for p in places])
    xyz = _EARTH_KM * np.stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1
    )
    spots = {spot: k for k, spot in enumerate(sorted({_spot(p) for p in places}))}
    return _Told(
        tuple(c.id for c in claims),
        tuple(names),
        xyz.reshape(-1, 3),
        np.array([c.when.middle.timestamp() / 86_400 for c in claims]),
        np.array([p.error_m / 1000 for p in places]),
        np.array([number[c.source] for c in claims], dtype=np.int64),
        np.array([spots[_spot(p)] for p in places], dtype=np.int64),
    )


def _spot(place: Point) -> tuple[float, float]:
    return round(place.lat, 6), round(place.lon, 6)


def _reports_of_one_event(told: _Told) -> tuple[Ints, Ints]:
    """Pairs of claims of two sources that may tell of one event, each with the lower source first.

    Each claim of the higher source is paired with the nearest of the lower one alone, so that a
    busy place does not count many times.
    """
    scale = _WIDEST_KM / _DAYS_APART
    points = np.column_stack([told.xyz, told.t * scale])
    trees = [cKDTree(points[told.source == k]) for k in range(len(told.names))]
    rows = [np.flatnonzero(told.source == k) for k in range(len(told.names))]
    found_one: list[Ints] = []
    found_other: list[Ints] = []
    for a in range(len(told.names)):
        for b in range(a + 1, len(told.names)):
            far, nearest = trees[a].query(points[rows[b]], distance_upper_bound=_WIDEST_KM)
            near = np.flatnonzero(np.isfinite(far))
            i, j = rows[a][np.atleast_1d(nearest)[near]], rows[b][near]
            km = np.linalg.norm(told.xyz[i] - told.xyz[j], axis=1)
            kept = (km <= _SIGMAS * np.hypot(told.sigma[i], told.sigma[j])) & (
                np.abs(told.t[i] - told.t[j]) <= _DAYS_APART
            )
            found_one.append(i[kept])
            found_other.append(j[kept])
    return np.concatenate(found_one), np.concatenate(found_other)


def _habits(told: _Told) -> Floats:
    """How likely each source, by its habit, names the point of each claim: (sources, claims).

    The share of its other claims within 10 km that lie at the very point, and no less than that
    share among all sources: where nobody has told of anything else around, nothing is known. A
    point that it names three times or more, and for a fifth of what lies around, stands for a
    town: two at one town have copied nothing.
    """
    everybody = _at_and_around(told, np.arange(len(told.ids)))
    pooled = everybody[0] / everybody[1]
    habit = np.empty((len(told.names), len(told.ids)))
    for k in range(len(told.names)):
        at_point, around = _at_and_around(told, np.flatnonzero(told.source == k))
        # One of them is its report of the event itself.
        own = np.maximum(at_point - 1, 0) / np.maximum(around - 1, 1)
        town = (at_point >= _TOWN_NAMED) & (own >= _TOWN_SHARE)
        habit[k] = np.where(town, _CERTAIN, np.minimum(np.maximum(own, pooled), _CERTAIN))
    return habit


def _at_and_around(told: _Told, of: Ints) -> tuple[Floats, Floats]:
    """How many of some claims lie at the point of each claim, and how many within 10 km of it."""
    tree = cKDTree(told.xyz[of])
    around = np.concatenate(
        [
            np.atleast_1d(tree.query_ball_point(part, _AROUND_KM, return_length=True))
            for part in np.array_split(told.xyz, max(1, len(told.ids) // _CHUNK))
        ]
    )
    at_point = np.bincount(told.spot[of], minlength=int(told.spot.max()) + 1)[told.spot]
    return at_point.astype(np.float64), around.astype(np.float64)


def _posterior(same: NDArray[np.bool_], chance: Floats) -> tuple[float, float]:
    """P(the two sources depend) and the mean share that one has from the other, if they do.

    Of an event that one has from the other the point is the same with `KEPT`, else by habit.
    """
    free = math.fsum(np.log(np.where(same, chance, 1 - chance)).tolist())
    logs = []
    for share in SHARES:
        kept = share * KEPT
        each = np.where(same, kept + (1 - kept) * chance, (1 - kept) * (1 - chance))
        logs.append(math.fsum(np.log(each).tolist()) - free)
    top = max(*logs, 0.0)
    weights = [math.exp(log - top) * PRIOR / len(SHARES) for log in logs]
    whole = math.fsum(weights)
    dependent = whole / (whole + math.exp(-top) * (1 - PRIOR))
    share = math.fsum(w * s for w, s in zip(weights, SHARES, strict=True)) / whole if whole else 0.0
    return dependent, share
