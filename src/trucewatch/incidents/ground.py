"""Places as points in space, so that no map projection and no date line gets in the way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from trucewatch.model import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

EARTH_RADIUS_KM = 6371.0088


def positions(places: Sequence[Point]) -> Floats:
    """Earth-centred positions, shape (n, 3), in kilometres.

    Straight lines through the Earth stand for distances along it: 1 m short at 100 km.
    """
    lat = np.radians([p.lat for p in places])
    lon = np.radians([p.lon for p in places])
    return np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    ).reshape(-1, 3) * (EARTH_RADIUS_KM)


def mean_point(places: Sequence[Point], weights: Sequence[float], error_m: float) -> Point:
    """The weighted mean on the sphere; exact sums, so the order of the places is no matter."""
    xyz = positions(places)
    x, y, z = (
        math.fsum(w * float(v) for w, v in zip(weights, xyz[:, axis], strict=True))
        for axis in range(3)
    )
    lat = math.degrees(math.atan2(z, math.hypot(x, y)))
    return Point(lat, math.degrees(math.atan2(y, x)), error_m)


def components(n: int, first: Ints, second: Ints) -> Ints:
    """The connected component of each of `n` things, numbered by the first thing in it."""
    links = coo_matrix((np.ones(len(first), dtype=np.int8), (first, second)), shape=(n, n))
    _, label = connected_components(links, directed=False)
    lowest = np.full(n, n, dtype=np.intp)
    np.minimum.at(lowest, label, np.arange(n, dtype=np.intp))
    return lowest[label]
