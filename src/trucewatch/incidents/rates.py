"""How often something happens at a place: one rate everywhere, and peaks where there is more."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import pdtrc

from trucewatch.incidents.ground import EARTH_RADIUS_KM, mean_point, positions
from trucewatch.model import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.parameters import Parameters


CELL_M = 10_000.0
# Of a peak that is learnt from the reports that it will judge: the least happenings that must be
# told of there, and the chance that any cell of an even world is taken for one.
LEAST_TOLD, ALARM = 5, 1e-3
# Nats; an error of an eighth of a nat decides nothing.
STEP = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RatePeak:
    """So many acts a day more, spread as a normal density around a point.

    `spread_m` is its standard deviation on each axis. Fires with no act behind them do not count
    in `per_day`: they are as dense there as anywhere. A peak is stated by people or learnt at a
    defined moment, never while incidents are found.
    """

    lat: float
    lon: float
    spread_m: float
    per_day: float

    def __post_init__(self) -> None:
        Point(self.lat, self.lon, self.spread_m)
        if not (math.isfinite(self.per_day) and self.per_day > 0):
            raise ValueError("a peak has more than 0 acts a day")


def act_rates(places: Sequence[Point], parameters: Parameters) -> Floats:
    """Log of acts per km² and day at each place, blurred by the place's own error, (n,).

    λ(x) = λ₀·(1 − fire share) + Σ_j n_j · N(x; x_j, s_j² + σ²): what a report of error σ may lie
    among. It is a function of the place alone, so that no report changes what another is worth.
    """
    rate = np.full(len(places), _plain_acts(parameters))
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


def fire_scarcity(places: Sequence[Point], parameters: Parameters) -> Floats:
    """Log of how much rarer fires with no act behind them are at each place, beside acts, (n,).

    Such fires are as dense in a town under fire as anywhere, so where acts are ten times as dense
    a fire is the likelier an act's sign. In steps of `STEP`, so that there are few different
    values; 0 where there is no peak.
    """
    scarce: Floats = math.log(_plain_acts(parameters)) - act_rates(places, parameters)
    return np.round(scarce / STEP) * STEP + 0.0


def _plain_acts(parameters: Parameters) -> float:
    return parameters.rate_per_km2_day * (1 - parameters.fire_share)


def learn_peaks(
    earlier: Iterable[Point],
    *,
    days: float,
    reported: float,
    cell_m: float = CELL_M,
    least: int = 3,
) -> tuple[RatePeak, ...]:
    """Rate peaks from the places of events of an earlier time, sorted; for people to put in force.

    The events fell in `days` days and are the share `reported` of all acts; fires with no act
    behind them are not among them. Each cell of about `cell_m` with at least `least` events is a
    peak, at their mean, as wide as a cell and their own errors; a cell with fewer stays at the
    constant rate. Never give it the events that are to be joined: what is joined would then
    decide what may be.
    """
    if not (days > 0 and 0 < reported <= 1 and cell_m > 0 and least >= 1):
        raise ValueError("days, reported, cell_m and least are out of range")
    places = list(earlier)
    return tuple(
        sorted(
            _peak([places[i] for i in own], cell_m, len(own) / (days * reported))
            for own in _cells(places, cell_m)
            if len(own) >= least
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What reports say of how much there was: in `days`, so many `reports` of each act.

    `happenings` is how many different ones a report tells of, 1 where nobody tells the same.
    """

    days: float
    reports: float
    happenings: float


def peaks_beside(
    places: Sequence[Point], told: Reported, *, beside: float, held: float
) -> tuple[list[int], tuple[RatePeak, ...]]:
    """Where many more reports lie than `beside` (acts per km² and day) explains, and how many.

    Gives the numbers of the reports in such cells, sorted, and the peaks. A cell is a peak where
    at least `LEAST_TOLD` different happenings are told of, and so many by chance, P(Poisson),
    times the number of cells, at most `ALARM`. What is more than expected counts
    by n/(n + `held`) for n happenings, so that little data give little.
    """
    cells = _cells(places, CELL_M)
    expected = beside * (CELL_M / 1000) ** 2 * told.days * told.reports
    busy: list[int] = []
    peaks = []
    for own in cells:
        n = len(own) * told.happenings
        if n < LEAST_TOLD or len(own) <= expected:
            continue
        if len(cells) * float(pdtrc(math.floor(n) - 1, expected * told.happenings)) > ALARM:
            continue
        more = (len(own) - expected) / (told.days * told.reports) * n / (n + held)
        busy += own
        peaks.append(_peak([places[i] for i in own], CELL_M, more))
    return sorted(busy), tuple(sorted(peaks))


def _cells(places: Sequence[Point], cell_m: float) -> list[list[int]]:
    """Numbers of the places of each cell of about `cell_m`; no order of cells is meant."""
    step = math.degrees(cell_m / 1000 / EARTH_RADIUS_KM)
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for i, place in enumerate(places):
        row = math.floor(place.lat / step)
        # Rows are as many cells long as their own circle of latitude, so that cells are even.
        across = max(1, round(360 / step * math.cos(math.radians((row + 0.5) * step))))
        cells[row, math.floor((place.lon + 180) / 360 * across)].append(i)
    return list(cells.values())


def _peak(places: list[Point], cell_m: float, per_day: float) -> RatePeak:
    ordered = sorted(places, key=lambda p: (p.lat, p.lon, p.error_m))
    middle = mean_point(ordered, [1.0] * len(ordered), 1.0)
    own = math.fsum(p.error_m**2 for p in ordered) / len(ordered)
    return RatePeak(
        lat=round(middle.lat, 5),
        lon=round(middle.lon, 5),
        # A flat cell has a variance of its side squared over twelve on each axis.
        spread_m=round(math.sqrt(cell_m**2 / 12 + own), 1),
        per_day=float(f"{per_day:.6g}"),
    )
