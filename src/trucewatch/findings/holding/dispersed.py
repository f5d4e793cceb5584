"""Counts that vary more than independent ones: negative binomial, on grids of rate and dispersion.

The count n of a period of d days, of which the share c could be seen, is taken to be negative
binomial with mean m = λ·d·c and size d/α: each day has a gamma-distributed level of its own
around λ (Greenwood and Yule 1920; Lawless 1987, Can. J. Stat. 15). α = 0 would be Poisson. Seeing
only a share of the events leaves the size as it is, and two days together have the law of their
sum. The log-likelihood, without terms that depend on n alone, is

    ln Γ(n + d/α) − ln Γ(d/α) + (d/α)·ln(d/α) + n·ln m − (n + d/α)·ln(m + d/α)

The prior of a rate is gamma of shape 1/2 (as Jeffreys' for a Poisson rate) whose mean is the rate
of all counts; that of α is even over its logarithm on the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALPHAS: tuple[float, ...] = tuple(float(a) for a in np.geomspace(0.03, 30, 10))
"""The dispersions that are weighed: from near to independent counts to bursts on quiet."""

STEP = 0.04
_LOW, _HIGH = -10.0, 1.6
_SHAPE = 0.5


@dataclass(frozen=True, slots=True)
class Grid:
    """The rates that are weighed, evenly apart in logarithm, and the prior weight of each."""

    log_rates: Floats
    log_prior: Floats


def grid_for(counts: Sequence[int], exposures: Sequence[float]) -> Grid:
    """A grid that reaches past every single period's rate, and down to 1/20,000 of the mean."""
    mean = (sum(counts) + 0.5) / sum(exposures)
    top = max(max((n + 1) / e for n, e in zip(counts, exposures, strict=True)), mean)
    middle = float(np.log(mean))
    steps = int(np.ceil((np.log(top) - middle + _HIGH) / STEP))
    log_rates = middle + STEP * np.arange(int(_LOW / STEP), steps + 1, dtype=np.float64)
    log_prior = _SHAPE * log_rates - _SHAPE * np.exp(log_rates - middle)
    log_prior -= np.logaddexp.reduce(log_prior)
    return Grid(log_rates, log_prior)


def log_likelihoods(
    counts: Sequence[int],
    days: Sequence[float],
    exposures: Sequence[float],
    grid: Grid,
    alpha: float,
) -> Floats:
    """The log-likelihood of each period (rows) at each rate of the grid (columns)."""
    n = np.asarray(counts, dtype=np.float64)[:, None]
    size = np.asarray(days, dtype=np.float64)[:, None] / alpha
    log_mean = grid.log_rates[None, :] + np.log(np.asarray(exposures, dtype=np.float64))[:, None]
    found: Floats = (
        gammaln(n + size)
        - gammaln(size)
        + size * np.log(size)
        + n * log_mean
        - (n + size) * np.logaddexp(log_mean, np.log(size))
    )
    return found


def quantile(log_values: Floats, weights: Floats, share: float) -> float:
    """The value below which `share` of the weight lies, between grid points by a straight line."""
    reached = np.cumsum(weights)
    middles = (reached - weights / 2) / reached[-1]
    return float(np.exp(np.interp(share, middles, log_values)))


def ratio_weights(of: Floats, over: Floats) -> Floats:
    """The weight of each difference of two log rates on one grid, lowest difference first."""
    found: Floats = np.convolve(of, over[::-1])
    return found
