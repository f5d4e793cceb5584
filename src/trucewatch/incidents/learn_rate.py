"""How often something happens, learnt from the reports: one rate between peaks, and the peaks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from trucewatch.incidents.fitting import WEIGHT, rounded
from trucewatch.incidents.rates import CELL_M, RatePeak, Reported, peaks_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Reports
    from trucewatch.incidents.parameters import Parameters

    Floats = NDArray[np.float64]

NEAR, LEAST_REACH_KM = 50, 1.0
LEAST_OUTSIDE = 30
"""Fewer reports between the peaks than this say nothing of the rate there."""
ROUNDS = 3


def learn_rate(
    reports: Reports,
    accounts: Sequence[Account],
    *,
    happenings: float,
    told: float,
    sets: float,
    stated: Parameters,
) -> tuple[float, tuple[RatePeak, ...]]:
    """Happenings per km² and day between the peaks, and the peaks, sorted.

    `reports` are the columns of `accounts`; they tell of `told` different happenings of the
    `happenings` that there were, and `sets` of these were told more than once. Where peaks are
    stated, rate and peaks stay as stated.
    """
    if stated.rate_peaks:
        return stated.rate_per_km2_day, stated.rate_peaks
    # A place known worse than a cell says nothing of which cell it was.
    exact = [accounts[i].place for i in reports.row.tolist()]
    sharp = np.array([p.error_m <= CELL_M for p in exact], dtype=np.bool_)
    seen = Reported(
        days=_days(reports),
        reports=float(sharp.sum()) / happenings,
        happenings=told / len(reports),
    )
    outside = np.ones(len(reports), dtype=np.bool_)
    rate = stated.rate_per_km2_day
    peaks: tuple[RatePeak, ...] = ()
    for _ in range(ROUNDS):
        rate = stated.rate_per_km2_day
        if outside.sum() >= LEAST_OUTSIDE:
            rate = _between(reports, outside, happenings / len(reports), sets, stated)
        acts = rate * (1 - stated.fire_share)
        busy, peaks = peaks_beside(
            [place for place, known in zip(exact, sharp.tolist(), strict=True) if known],
            seen, beside=acts, held=WEIGHT,
        )  # fmt: skip
        before, outside = outside, np.ones(len(reports), dtype=np.bool_)
        outside[np.flatnonzero(sharp)[busy]] = False
        if np.array_equal(before, outside):
            break
    return rate, peaks


def _between(
    reports: Reports, outside: NDArray[np.bool_], each: float, sets: float, stated: Parameters
) -> float:
    """Happenings per km² and day where these reports are, fires with no act behind them included.

    The geometric mean over reports of the density there, from the distance to the `NEAR`th
    report (Loftsgaarden and Quesenberry 1965), times happenings per report. On the log scale,
    with what is stated as the prior.
    """
    n = int(outside.sum())
    near = min(NEAR, n - 1)
    places = np.column_stack([reports.x, reports.y])[outside]
    reach = np.asarray(cKDTree(places).query(places, k=[near + 1])[0]).ravel()
    area = math.pi * np.maximum(reach, LEAST_REACH_KM) ** 2
    density = math.log(near / _days(reports)) - math.fsum(np.log(area).tolist()) / n
    found = density + math.log(each) - math.log(1 - stated.fire_share)
    weight = sets / (sets + WEIGHT)
    said = math.log(stated.rate_per_km2_day)
    return rounded(math.exp((1 - weight) * said + weight * found))


def _days(reports: Reports) -> float:
    """How many days the reports span, but for their outermost; at least one."""
    first, last = np.quantile(reports.t, [0.05, 0.95])
    return max(float(last - first) / 0.9, 1.0)
