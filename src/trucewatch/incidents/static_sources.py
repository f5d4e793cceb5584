"""Places that are hot on most days are industry or flares, not violence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from trucewatch.incidents.ground import components, positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.incidents.fires import Pixel
    from trucewatch.incidents.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticSource:
    """A place that is always hot; `days_hot` of the `days_observed` in the set.

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
            "taken for industry or a flare, and no violation"
        )


def find_static(found: Sequence[Pixel], parameters: Parameters) -> list[StaticSource]:
    """Learn the places that are hot on most days, sorted by the first claim's id.

    A pixel is a core where pixels within `static_link_m` of it fall on at least `static_days`
    UTC dates and on more than half of all dates with any pixel. Cores within that distance of
    each other are one place, and so is every other pixel within it of a core. A fire that moves
    on by more than that a day makes no core (the idea of cores: Ester et al. 1996). Days without
    any detection are not known to be observed and are not counted.
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
    core = (hot >= parameters.static_days) & (2 * hot > observed)
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
