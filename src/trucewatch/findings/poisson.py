"""Exact intervals for counts that come independently of one another."""

from __future__ import annotations

import math

from scipy.special import betaincinv, gammaincinv

LEVEL = 0.95


def rate_interval(count: int, days: int) -> tuple[float, float]:
    """The exact interval (per day) for a rate, from a count over whole days (Garwood 1936).

    Half the quantiles of chi-squared with 2n and 2n + 2 degrees of freedom, written as gamma
    quantiles; no event in d days gives [0, 3.69/d]. ValueError for no days.
    """
    if days < 1 or count < 0:
        raise ValueError("a rate needs at least one day and a count")
    tail = (1 - LEVEL) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low / days, float(gammaincinv(count + 1, 1 - tail)) / days


def ratio_interval(
    count: int, days: int, over: int, over_days: int
) -> tuple[float | None, float | None, float | None]:
    """The ratio of two rates, its lowest and its highest value (exact, conditional binomial).

    Given the sum of both counts, the first is binomial; its Clopper-Pearson interval is carried
    over to the ratio (Przyborowski and Wilenski 1940). None: no days, no events at all, or a
    denominator of zero, where only the lowest value can be told.
    """
    if days < 1 or over_days < 1 or count + over == 0:
        return None, None, None
    tail = (1 - LEVEL) / 2
    scale = over_days / days
    low = float(betaincinv(count, over + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, over, 1 - tail)) if over else 1.0
    highest = scale * high / (1 - high) if high < 1 else math.inf
    return (
        scale * count / over if over else None,
        scale * low / (1 - low),
        highest if math.isfinite(highest) else None,
    )
