"""How often something happens at a place: one rate everywhere, and peaks where there is more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.ground import positions
from trucewatch.model import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RatePeak:
    """So many happenings a day more, spread as a normal density around a point.

    `spread_m` is its standard deviation on each axis; `per_day` counts fires too. A peak is stated
    by people or learnt at a defined moment from an earlier time, never from the set in hand.
    """

    lat: float
    lon: float
    spread_m: float
    per_day: float

    def __post_init__(self) -> None:
        Point(self.lat, self.lon, self.spread_m)
        if not (math.isfinite(self.per_day) and self.per_day > 0):
            raise ValueError("a peak has more than 0 happenings a day")


def log_rates(places: Sequence[Point], parameters: Parameters) -> Floats:
    """Log of happenings per km² and day at each place, blurred by the place's own error, (n,).

    λ(x) = λ₀ + Σ_j n_j · N(x; x_j, s_j² + σ²): what a report of error σ may lie among. It is a
    function of the place alone, so that no report changes what another is worth.
    """
    rate = np.full(len(places), parameters.rate_per_km2_day)
    if places and parameters.rate_peaks:
        xyz = positions(places)
        own = np.array([p.error_m / 1000 for p in places]) ** 2
        for peak in sorted(parameters.rate_peaks):
            spread = peak.spread_m / 1000
            middle = positions([Point(peak.lat, peak.lon, peak.spread_m)])[0]
            var = own + spread**2
            apart = np.sum((xyz - middle) ** 2, axis=1)
            rate += peak.per_day * np.exp(-apart / (2 * var)) / (2 * math.pi * var)
    logs: Floats = np.log(rate)
    return logs
