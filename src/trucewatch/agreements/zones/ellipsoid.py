"""Metres on the Earth: a local plane about a point, and the area of a polygon in degrees.

All on the ellipsoid of WGS 84. The plane is the azimuthal equidistant one by Clarke's formula for
the geodesic (Snyder 1987, Map Projections: A Working Manual, USGS PP 1395, pages 199 to 201, the
"Micronesia" form): distance and bearing from its centre are right to centimetres within 300 km.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
_E2 = FLATTENING * (2 - FLATTENING)
_E = float(np.sqrt(_E2))


def to_plane(lon: Array, lat: Array, centre: tuple[float, float]) -> tuple[Array, Array]:
    """Metres east and north of the centre (longitude, latitude), from degrees."""
    phi, phi1 = np.radians(lat), np.radians(centre[1])
    turn = np.radians(lon - centre[0])
    n1 = AXIS_M / np.sqrt(1 - _E2 * np.sin(phi1) ** 2)
    n = AXIS_M / np.sqrt(1 - _E2 * np.sin(phi) ** 2)
    psi = np.arctan((1 - _E2) * np.tan(phi) + _E2 * n1 * np.sin(phi1) / (n * np.cos(phi)))
    east = np.sin(turn) * np.cos(psi)
    north = np.cos(phi1) * np.sin(psi) - np.sin(phi1) * np.cos(psi) * np.cos(turn)
    azimuth = np.arctan2(east, north)
    # The hypotenuse is |sin s|, whichever of its legs vanishes.
    s = np.arcsin(np.clip(np.hypot(east, north), -1, 1))
    g = _E * np.sin(phi1) / np.sqrt(1 - _E2)
    h = _E * np.cos(phi1) * np.cos(azimuth) / np.sqrt(1 - _E2)
    h2 = h * h
    c = (
        n1
        * s
        * (
            1
            - s**2 * h2 * (1 - h2) / 6
            + s**3 / 8 * g * h * (1 - 2 * h2)
            + s**4 / 120 * (h2 * (4 - 7 * h2) - 3 * g * g * (1 - 7 * h2))
            - s**5 / 48 * g * h
        )
    )
    return c * np.sin(azimuth), c * np.cos(azimuth)


def from_plane(x: Array, y: Array, centre: tuple[float, float]) -> tuple[Array, Array]:
    """Degrees of longitude and latitude from metres; longitudes may lie beyond 180."""
    phi1 = np.radians(centre[1])
    n1 = AXIS_M / np.sqrt(1 - _E2 * np.sin(phi1) ** 2)
    azimuth = np.arctan2(x, y)
    a = -_E2 * np.cos(phi1) ** 2 * np.cos(azimuth) ** 2 / (1 - _E2)
    b = 3 * _E2 * (1 - a) * np.sin(phi1) * np.cos(phi1) * np.cos(azimuth) / (1 - _E2)
    d = np.hypot(x, y) / n1
    e = d - a * (1 + a) * d**3 / 6 - b * (1 + 3 * a) * d**4 / 24
    f = 1 - a * e**2 / 2 - b * e**3 / 6
    psi = np.arcsin(
        np.clip(np.sin(phi1) * np.cos(e) + np.cos(phi1) * np.sin(e) * np.cos(azimuth), -1, 1)
    )
    lon = centre[0] + np.degrees(
        np.arcsin(np.clip(np.sin(azimuth) * np.sin(e) / np.cos(psi), -1, 1))
    )
    # Snyder's (1 - e² f sin(phi1) / sin(psi)) tan(psi) / (1 - e²), without its pole at the equator.
    lat = np.degrees(np.arctan((np.sin(psi) - _E2 * f * np.sin(phi1)) / ((1 - _E2) * np.cos(psi))))
    return lon, lat


def ring_area_m2(ring: Array) -> float:
    """The area that a ring of (longitude, latitude) encloses, its edges straight in degrees.

    Never negative. Green's theorem with the authalic latitude (Snyder 1987, equation 3-12); each
    edge by Simpson's rule, right to 1 in 10,000 for edges of up to some degrees.
    """
    lon, lat = np.radians(ring[:, 0]), np.radians(ring[:, 1])
    middle = (lat[1:] + lat[:-1]) / 2
    height = (_authalic(lat[1:]) + 4 * _authalic(middle) + _authalic(lat[:-1])) / 6
    return float(abs(np.sum(height * np.diff(lon))))


def _authalic(lat: Array) -> Array:
    sine = np.sin(lat)
    half = AXIS_M**2 * (1 - _E2) / 2
    result: Array = half * (sine / (1 - _E2 * sine**2) + np.arctanh(_E * sine) / _E)
    return result
