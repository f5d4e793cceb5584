"""The integral of a round Gaussian over a polygon, compiled.

Seen from its middle, an edge at distance h cuts off T(h, b/h) - T(h, a/h), where a and b are its
ends along its own line, T is Owen's function (Owen 1956), and all lengths are standard errors. All
that is compiled stands in this one file: what is kept of a function would not see another change.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROOT = math.sqrt(0.5)
_TURN = 2 * math.pi
_ROOT_PI = math.sqrt(math.pi)
_FAR = 5.0
"""Beyond it an edge cuts off less than 4 in a million; it is left out."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_FEW, _FEW_WEIGHTS = np.polynomial.legendre.leggauss(4)


@njit(cache=True, error_model="numpy")
def owens_t(h: float, a: float) -> float:
    """Owen's T(h, a) for h of at least 0, to about 1e-9; a may be infinite.

    Above 1 the reflection T(h, a) = (P(h) + P(ah)) / 2 - P(h) P(ah) - T(ah, 1 / a) keeps what is
    integrated smooth, where P is the normal distribution (Owen 1956, 2.3).
    """
    if h == 0 and a != a:
        return 0.0
    side = 1.0 if a >= 0 else -1.0
    long = abs(a)
    rest = 0.0
    if long > 1:
        along = long * h
        if h == 0 and math.isinf(long):
            return side * 0.25
        if along > 8:
            return side * 0.25 * math.erfc(h * _ROOT)
        one, two = 0.5 * math.erfc(-h * _ROOT), 0.5 * math.erfc(-along * _ROOT)
        rest = 0.5 * (one + two) - one * two
        h, long = along, 1 / long
    total = 0.0
    for step in range(_NODES.size):
        x = 0.5 * long * (_NODES[step] + 1)
        square = 1 + x * x
        total += _WEIGHTS[step] * math.exp(-0.5 * h * h * square) / square
    total *= 0.5 * long / _TURN
    return side * (rest - total if rest > 0 else total)


@njit(cache=True, error_model="numpy")
def _short(h: float, start: float, long: float) -> float:
    """The same difference of T for an edge that is no longer than it is far, nor than 1."""
    total = 0.0
    for step in range(_FEW.size):
        along = start + 0.5 * long * (_FEW[step] + 1)
        square = h * h + along * along
        total += _FEW_WEIGHTS[step] * math.exp(-0.5 * square) / square
    return 0.5 * long * h * total / _TURN


@njit(cache=True, error_model="numpy", nogil=True)
def look(
    lon: Floats,
    lat: Floats,
    across: Floats,
    up: Floats,
    edges: Floats,
    share: Floats,
    nearest: Floats,
    around: Floats,
    integrate: bool,
) -> None:
    """Fill in each place's share of the polygon, how far the nearest edge is, and how much edge
    there is around.

    `around` is the length of all edges, weighed by exp(-r²/4) at r standard errors; a straight line
    through the place has 2 √π. Without `integrate` the share is 1 inside and 0 outside, and
    `around` is 0.

    `edges` has a row an edge: longitude and latitude of both ends, the inside on the left hand.
    `across` and `up` are standard errors in a degree of longitude and of latitude, and `nearest`
    is in standard errors.
    """
    for row in range(lon.size):
        inside = False
        least = np.inf
        lost = 0.0
        much = 0.0
        for edge in range(edges.shape[0]):
            ax, ay = (
                (edges[edge, 0] - lon[row]) * across[row],
                (edges[edge, 1] - lat[row]) * up[row],
            )
            bx, by = (
                (edges[edge, 2] - lon[row]) * across[row],
                (edges[edge, 3] - lat[row]) * up[row],
            )
            cross = ax * by - ay * bx
            if (ay > 0) != (by > 0) and (cross > 0) == (by > ay):
                inside = not inside
            dx, dy = bx - ax, by - ay
            square = dx * dx + dy * dy
            if square == 0:
                continue
            away = cross * cross / square
            if away >= least and away >= _FAR * _FAR:
                continue
            start, stop = ax * dx + ay * dy, bx * dx + by * dy
            beside = 0.0
            long = math.sqrt(square)
            if start > 0:
                beside = start / long
            elif stop < 0:
                beside = -stop / long
            least = min(least, away + beside * beside)
            if away >= _FAR * _FAR or beside >= _FAR:
                continue
            if not integrate:
                continue
            h = math.sqrt(away)
            ends = math.erf(0.5 * stop / long) - math.erf(0.5 * start / long)
            much += _ROOT_PI * math.exp(-0.25 * away) * ends
            if square <= min(1.0, away + beside * beside):
                cut = _short(h, start / long, long)
            else:
                cut = owens_t(h, stop / long / h) - owens_t(h, start / long / h)
            if cross > 0:
                lost += cut
            elif cross < 0:
                lost -= cut
        whole = 1.0 if inside else 0.0
        if least == 0:
            # Right on an edge or a corner: as much as it sees of the polygon all around.
            whole = 0.0
            for edge in range(edges.shape[0]):
                ax, ay = (
                    (edges[edge, 0] - lon[row]) * across[row],
                    (edges[edge, 1] - lat[row]) * up[row],
                )
                bx, by = (
                    (edges[edge, 2] - lon[row]) * across[row],
                    (edges[edge, 3] - lat[row]) * up[row],
                )
                cross = ax * by - ay * bx
                if cross != 0:
                    whole += math.atan2(cross, ax * bx + ay * by) / _TURN
        share[row] = min(1.0, max(0.0, whole - lost))
        nearest[row] = math.sqrt(least)
        around[row] = much
