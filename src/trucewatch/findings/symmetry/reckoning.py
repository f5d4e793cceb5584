"""Intervals and tests for small counts. Each test gives the same for its groups in any order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, gammaincinv, ndtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Z = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""

_SAME = 1 + 1e-7
"""Outcomes as likely as the one seen, but for rounding, count as at least as extreme."""


def wilson(count: int, among: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); ValueError for none or more than all."""
    if not 0 <= count <= among or not among:
        raise ValueError("a share is of something, and of no more than all of it")
    share, square = count / among, Z * Z
    middle = (share + square / (2 * among)) / (1 + square / among)
    half = share * (1 - share) / among + square / (4 * among * among)
    reach = Z * math.sqrt(half) / (1 + square / among)
    # At the ends the bound is the share itself, which rounding must not leave out.
    low = 0.0 if count == 0 else middle - reach
    return low, 1.0 if count == among else middle + reach


def per_exposure(count: int, exposure: float) -> tuple[float, float]:
    """The exact 95 % interval of a rate (Garwood 1936)."""
    low = float(gammaincinv(count, 0.025)) if count else 0.0
    return low / exposure, float(gammaincinv(count + 1, 0.975)) / exposure


def median(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """The median and its exact 95 % interval from the order of the values; None for under six."""
    ordered = sorted(values)
    size = len(ordered)
    middle = (ordered[(size - 1) // 2] + ordered[size // 2]) / 2
    below, tail = 0, 0.5**size
    chance = tail
    while tail <= 0.025 and below < size // 2:
        below += 1
        chance *= (size - below + 1) / below
        tail += chance
    if not below:
        return middle, None, None
    return middle, ordered[below - 1], ordered[size - below]


def fisher(one: tuple[int, int], other: tuple[int, int]) -> float:
    """How likely shares so far apart are if there is no difference (Fisher's exact, two-sided).

    Each group is (count, among).
    """
    (a, n), (b, m) = sorted((one, other))
    total = a + b
    counts = np.arange(max(0, total - m), min(n, total) + 1)
    chances = _choose(n, counts) + _choose(m, total - counts) - _choose(n + m, total)
    return _as_extreme(chances, a - int(counts[0]))


def poisson(one: tuple[int, float], other: tuple[int, float]) -> float:
    """The same for two rates, each (count, exposure): given their sum the first is binomial."""
    (a, exposure), (b, opposite) = sorted((one, other))
    total, share = a + b, exposure / (exposure + opposite)
    counts = np.arange(total + 1)
    chances = _choose(total, counts) + counts * math.log(share)
    chances = chances + (total - counts) * math.log1p(-share)
    return _as_extreme(np.asarray(chances), a)


def mann_whitney(one: Sequence[float], other: Sequence[float]) -> float:
    """The same for two sets of values by their ranks (normal approximation, ties corrected)."""
    first, second = sorted((sorted(one), sorted(other)))
    n, m = len(first), len(second)
    values = np.array(first + second)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    away = abs(float(ranks[:n].sum()) - n * (n + m + 1) / 2)
    ties = float((counts.astype(np.float64) ** 3 - counts).sum())
    variance = n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1)))
    if variance <= 0:
        return 1.0
    return min(1.0, 2 * float(ndtr(-max(0.0, away - 0.5) / math.sqrt(variance))))


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance, corrected for how many were looked at (Holm 1979), in the order given."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    corrected, worst = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(chances) - rank) * chances[place]))
        corrected[place] = worst
    return corrected


def unseen_share(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The difference of shares that would be found four times in five with groups so large."""
    (a, n), (b, m) = sorted((one, other))
    # Near none and near all the approximation would promise too much.
    pooled = min(0.9, max(0.1, (a + b) / (n + m)))
    return min(1.0, (Z + 0.8416) * math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))


def _choose(n: int, k: NDArray[np.int64] | int) -> NDArray[np.float64]:
    return np.asarray(-np.log(n + 1) - betaln(n - np.asarray(k) + 1, np.asarray(k) + 1))


def _as_extreme(chances: NDArray[np.float64], at: int) -> float:
    seen = float(chances[at])
    kept = chances[chances <= seen + math.log(_SAME)]
    return min(1.0, float(np.exp(kept).sum()))
