"""Routes on the sphere: how far a place lies from one, and how much of its error lies on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NODES = 1024
"""Points of the quadrature: the share of a half-plane is then right to 0.006."""

FARTHEST = 5.0
"""Standard errors beyond which nothing of a place is looked for: 4 in a million lies there."""

_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_PAIRS_AT_ONCE = 128


def vectors(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors (n × 3) of places in degrees."""
    east, north = np.radians(lon), np.radians(lat)
    return np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1
    )


@cache
def _nodes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Radius in standard errors and bearing of points of equal weight (Vogel's sunflower).

    The radii are the mid-quantiles of the Rayleigh law, so they stand evenly for a round Gaussian.
    """
    step = np.arange(NODES, dtype=np.float64)
    return np.sqrt(-2 * np.log1p(-(step + 0.5) / NODES)), step * _GOLDEN_ANGLE


class Route:
    """One notified place or way, with all that is reckoned of it once.

    Everything is done with unit vectors, so neither a pole nor the 180th meridian is special. The
    legs are great circles.
    """

    def __init__(self, points: Sequence[tuple[float, float]], width_m: float) -> None:
        lon, lat = (np.array(part, dtype=np.float64) for part in zip(*points, strict=True))
        self.places = vectors(lon, lat)
        self.width = width_m / EARTH_RADIUS_M
        starts, ends = self.places[:-1], self.places[1:]
        normals = np.cross(starts, ends)
        length = np.linalg.norm(normals, axis=1)
        kept = length > 1e-12
        self._normals = normals[kept] / length[kept, None]
        self._starts = np.cross(self._normals, starts[kept])
        self._ends = np.cross(ends[kept], self._normals)
        middle = self.places.mean(axis=0)
        size = np.linalg.norm(middle)
        self.middle = middle / size if size > 1e-9 else self.places[0]
        # A leg bulges beyond its ends by less than half its length.
        legs = np.arcsin(np.clip(length, 0, 1)).max(initial=0.0)
        self.reach = float(_angle(self.places @ self.middle).max() + legs / 2)
        way = float(np.arctan2(length, (starts * ends).sum(axis=1)).sum())
        self._area = 2 * self.width * way + np.pi * self.width**2

    def distance(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The angle (radians) from each place to the nearest point of the route."""
        chords = np.linalg.norm(places[:, None, :] - self.places[None, :, :], axis=2)
        best = 2 * np.arcsin(np.clip(chords.min(axis=1) / 2, 0, 1))
        if len(self._normals):
            across = np.arcsin(np.clip(np.abs(places @ self._normals.T), 0, 1))
            beside = (places @ self._starts.T >= 0) & (places @ self._ends.T >= 0)
            best = np.minimum(best, np.where(beside, across, np.inf).min(axis=1))
        return np.asarray(best, dtype=np.float64)

    def most(
        self, distance: NDArray[np.float64], error: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What the share of each place cannot exceed; angles, for the distance and the error.

        No more than what lies farther out than the nearest edge, and no more than the greatest
        density times the whole ground.
        """
        out = np.maximum(distance - self.width, 0) / error
        beyond = np.exp(-(out**2) / 2)
        dense = self._area / (2 * np.pi * error**2)
        return np.asarray(beyond * np.minimum(1, dense), dtype=np.float64)

    def _holds(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each place lies within the width: as `distance`, without the arcs."""
        # Points of the route by places: numpy is many times faster along the long axis.
        inside: NDArray[np.bool_] = (self.places @ places.T).max(axis=0) >= np.cos(self.width)
        if len(self._normals):
            left = np.flatnonzero(~inside)
            some = places[left].T
            across = np.abs(self._normals @ some) <= np.sin(self.width)
            across &= (self._starts @ some >= 0) & (self._ends @ some >= 0)
            inside[left] = across.any(axis=0)
        return inside

    def share(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], error: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The probability that each place lies within the route's width; errors in radians.

        The nodes depend on the place alone, so a wider route never has a smaller share.
        """
        found = np.empty(len(lon))
        for start in range(0, len(lon), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            spread = _spread(lon[part], lat[part], error[part])
            found[part] = self._holds(spread).reshape(-1, NODES).mean(axis=1)
        return found


def _spread(
    lon: NDArray[np.float64], lat: NDArray[np.float64], error: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Unit vectors of the nodes of each place, NODES after NODES."""
    radius, bearing = _nodes()
    east = np.radians(lon)
    here = vectors(lon, lat)
    to_east = np.stack([-np.sin(east), np.cos(east), np.zeros_like(east)], axis=-1)
    to_north = np.cross(here, to_east)
    angle = np.minimum(radius[None, :] * error[:, None], np.pi)[..., None]
    turn = bearing[None, :, None]
    way = np.cos(turn) * to_north[:, None, :] + np.sin(turn) * to_east[:, None, :]
    spread: NDArray[np.float64] = np.cos(angle) * here[:, None, :] + np.sin(angle) * way
    return spread.reshape(-1, 3)


def _angle(cosine: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.arccos(np.clip(cosine, -1, 1))
