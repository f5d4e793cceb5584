"""Places that are hot more often than fires explain are industry or flares, not violence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import pdtrc

from trucewatch.incidents.ground import components, positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.incidents.fires import Pixel
    from trucewatch.incidents.ground import Floats, Ints
    from trucewatch.incidents.parameters import Parameters

# Hot days of a works come in spells of weather and of shifts: no more of them than this count as
# drawn at random.
SPELLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticSource:
    """A place hot too often for fires; `days_hot` of the `days_observed` in the set.

    `declared` is True where the provider itself marks the place as static.
    """

    pixels: tuple[Pixel, ...]
    days_hot: int
    days_observed: int
    declared: bool

    @property
    def reason(self) -> str:
        """Why it is taken for a static source, in plain words."""
        if self.declared:
            return "the provider declares this place a static source of heat"
        return (
            f"hot on {self.days_hot} of the {self.days_observed} days with any detection: "
            "more than the fires around it explain, so taken for industry or a flare, "
            "and no violation"
        )


def find_static(found: Sequence[Pixel], parameters: Parameters) -> list[StaticSource]:
    """Learn the places that fires alone do not explain, sorted by the first claim's id.

    A pixel is a core where pixels within `static_link_m` of it fall on K UTC dates, K at least
    `static_days`, more than fires explain, and spread over the time as a fire is not:

    - P(Poisson(μ) ≥ K − 1) is at most `static_false_alarm`: of places where fires come and go, at
      most that share is taken for static; μ is what they bring after a first day, see `expected`.
    - One long fire has its days in one run, so r, the share of the dates from the first hot one
      to the last, must be one that k dates drawn at random stay within with a chance,
      k·r^(k−1) − (k−1)·r^k, above `static_run`: that share of static places is lost. k is K, or
      `SPELLS` where that is less.

    Cores within the link of each other are one place, and so is every other pixel within it of a
    core (the idea of cores: Ester et al. 1996). Dates without any detection are not known to be
    observed and are not counted.
    """
    ordered = sorted(found, key=lambda p: p.claim.id)
    if not ordered:
        return []
    xyz = positions([p.place for p in ordered])
    dates = [p.detection.at.astimezone(UTC).toordinal() for p in ordered]
    days, day = np.unique(np.array(dates), return_inverse=True)
    n, observed = len(ordered), len(days)
    link = parameters.static_link_m / 1000
    pairs = cKDTree(xyz).query_pairs(link, output_type="ndarray")
    first = np.concatenate([pairs[:, 0], pairs[:, 1], np.arange(n)])
    second = np.concatenate([pairs[:, 1], pairs[:, 0], np.arange(n)])
    seen = np.unique(first * observed + day[second])
    hot = np.bincount(seen // observed, minlength=n)
    core = hot >= parameters.static_days
    asked = np.flatnonzero(core)
    fires = expected(xyz, asked, hot, np.bincount(first, minlength=n), observed, parameters)
    own = np.searchsorted(seen, asked * observed), np.searchsorted(seen, (asked + 1) * observed)
    ratio = (seen[own[1] - 1] - seen[own[0]] + 1) / observed
    spells = np.minimum(hot[asked], SPELLS)
    spread = spells * ratio ** (spells - 1) - (spells - 1) * ratio**spells
    core[asked] = (pdtrc(hot[asked] - 2, fires) <= parameters.static_false_alarm) & (
        spread > parameters.static_run
    )
    core |= np.array([p.detection.declared_static is True for p in ordered])
    both = core[pairs[:, 0]] & core[pairs[:, 1]]
    label = components(n, pairs[both, 0], pairs[both, 1])
    place = np.where(core, label, -1)
    if core.any():
        cores = np.flatnonzero(core)
        away, nearest = cKDTree(xyz[cores]).query(xyz[~core], distance_upper_bound=link)
        within = np.asarray(away) <= link
        place[np.flatnonzero(~core)[within]] = label[cores[np.asarray(nearest)[within]]]
    return [
        StaticSource(
            pixels=tuple(ordered[i] for i in members),
            days_hot=len(set(day[members].tolist())),
            days_observed=observed,
            declared=any(ordered[i].detection.declared_static is True for i in members),
        )
        for members in (np.flatnonzero(place == p) for p in sorted(set(place.tolist()) - {-1}))
    ]


def expected(
    xyz: Floats, asked: Ints, hot: Ints, crowd: Ints, observed: int, parameters: Parameters
) -> Floats:
    """How many more hot days fires bring to a place that was hot once, shape like `asked`.

    μ = 2ρ + (days − 1) · q. ρ is `fire_persistence`, the chance that a fire burns within the link
    on the next day too. q is the daily rate of fires in a circle of the link's radius, from the
    pixels in the ring around it, out to `static_ring_m`: Σ min(`hot`, their median) / `crowd`.
    `hot` (n,) is on how many dates, and `crowd` (n,) how many, pixels lie within the link of
    each. So a works in the ring weighs no more than a place where fires come and go, and where
    all around burns often, burning often is no sign of industry.
    """
    link, ring = parameters.static_link_m / 1000, parameters.static_ring_m / 1000
    tree = cKDTree(xyz)
    near = tree.query_ball_point(xyz[asked], ring)
    inner = tree.query_ball_point(xyz[asked], 2 * link)
    hot_days = np.zeros(len(asked))
    for at, (all_of, within) in enumerate(zip(near, inner, strict=True)):
        around = np.setdiff1d(all_of, within)
        if len(around):
            usual = np.minimum(hot[around], _median(hot[around], 1 / crowd[around]))
            hot_days[at] = math.fsum((usual / crowd[around]).tolist())
    share = link**2 / (ring**2 - (2 * link) ** 2)
    mean: Floats = 2 * parameters.fire_persistence + (observed - 1) * hot_days * share / observed
    return mean


def _median(values: Ints, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    # A hair less than half, so that rounding does not decide between two values.
    return float(values[order][np.searchsorted(below, 0.499999 * below[-1])])
