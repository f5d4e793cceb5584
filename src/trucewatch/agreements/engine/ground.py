"""The share of many uncertain places in one piece of ground, quickly and with a stated error.

Where no edge is near, the share is what the quadrature of `placing` gives, to the last digit: all
of its points lie on one side. Near an edge it is the exact integral of the round Gaussian over the
polygon, in the plane that touches the sphere at the place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.polygon import orient

from trucewatch.agreements.engine.kernel import look
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from trucewatch.agreements.engine.columns import Bools, Columns, Floats, Ints

ALL_POINTS = 4.25
"""No point of the quadrature lies further out, in standard errors."""

NEAR_M = 10_000.0
NEAR_ERRORS = 5.0
"""Within 10 km or five standard errors of a zone a place is near it, and its pair is kept."""

BASE_ERROR = 0.0035
EDGE_ERROR = 0.0002
"""How far the quadrature of 4,096 points may be from the integral that it stands for.

A part is for any shape, and a part for each unit of the edge around, as `kernel.look` weighs it.
Measured: 0.0031 at most for half planes, where the edge has 3.5 units, 0.008 where a comb has 60,
and 0.024 where it has 1,000."""

_DEGREE_M = float(np.radians(1)) * EARTH_RADIUS_M
_STEEPEST = 75.0
_WIDEST_M = 200_000.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is near each place, row by row.

    `bounds` are boxes (west, south, east, north) around all that is near. `across` and `up` are
    standard errors in a degree. Within `clear` standard errors of the plane lie all points of the
    quadrature, and within `near` what is near. `error` is `bound`.
    """

    bounds: Floats
    across: Floats
    up: Floats
    clear: Floats
    near: Floats
    error: Floats

    @classmethod
    def of(cls, columns: Columns) -> Sight:
        """The sight of each row."""
        wide, high = columns.reach(NEAR_ERRORS, NEAR_M)
        up = _DEGREE_M / columns.error
        across = up * np.cos(np.radians(columns.lat))
        far, _ = columns.reach(ALL_POINTS)
        return cls(
            bounds=np.stack(
                [columns.lon - wide, columns.lat - high, columns.lon + wide, columns.lat + high], 1
            ),
            across=across,
            up=up,
            clear=1.1 * far * across,
            near=np.maximum(NEAR_ERRORS, NEAR_M / columns.error),
            error=bound(columns),
        )


def bound(columns: Columns) -> Floats:
    """The most by which a share near an edge may differ from that of the quadrature.

    To it comes EDGE_ERROR for the edge around. A part is from the number of points, and the rest
    from the plane: the scale of longitude changes over some standard errors by their part of the
    Earth's radius, times the tangent of the latitude. The two densities differ by no more than that
    in all (their total variation), so it holds for any shape. Beyond 75 degrees, 200 km of error,
    and at the date line nothing is promised: 1.
    """
    steep = np.abs(np.tan(np.radians(columns.lat)))
    error = BASE_ERROR + 0.25 * columns.error / EARTH_RADIUS_M * (steep + 1)
    wide, _ = columns.reach(NEAR_ERRORS, NEAR_M)
    wild = (
        (np.abs(columns.lat) > _STEEPEST)
        | (columns.error > _WIDEST_M)
        | (np.abs(columns.lon) + wide > 180)
    )
    return np.where(wild, 1.0, error)


@dataclass(slots=True)
class Ground:
    """A piece of ground; `beyond` is all that lies outside of the shape instead."""

    shape: BaseGeometry
    beyond: bool = False
    _edges: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._edges = edges_of(self.shape)

    def shares(
        self, rows: Ints, columns: Columns, sight: Sight, *, integrate: bool = True
    ) -> tuple[Floats, Floats, Bools]:
        """Each row's share in it, by how much that may differ from the quadrature's, and whether
        it lies in it or near it."""
        share, error = np.zeros(len(rows)), np.zeros(len(rows))
        near = np.zeros(len(rows), dtype=np.bool_)
        if len(self._edges):
            self._look(rows, columns, sight, integrate, share, error, near)
        if self.beyond:
            return 1 - share, error, np.ones(len(rows), dtype=np.bool_)
        return share, error, near

    def _look(
        self,
        rows: Ints,
        columns: Columns,
        sight: Sight,
        integrate: bool,
        share: Floats,
        error: Floats,
        near: Bools,
    ) -> None:
        west, south, east, north = self.shape.bounds
        bounds = sight.bounds[rows]
        wild = sight.error[rows] >= 1
        some = np.flatnonzero(
            (bounds[:, 0] <= east)
            & (bounds[:, 2] >= west)
            & (bounds[:, 1] <= north)
            & (bounds[:, 3] >= south)
            & ~wild
        )
        at = rows[some]
        found, nearest, around = np.empty(len(at)), np.empty(len(at)), np.empty(len(at))
        look(
            columns.lon[at],
            columns.lat[at],
            sight.across[at],
            sight.up[at],
            self._edges,
            found,
            nearest,
            around,
            integrate,
        )
        exact = nearest > sight.clear[at]
        share[some] = np.where(exact, np.round(found), found)
        error[some] = np.where(exact, 0.0, sight.error[at] + EDGE_ERROR * around)
        near[some] = (nearest <= sight.near[at]) | (found > 0.5)
        error[wild], near[wild] = 1.0, True


def edges_of(shape: BaseGeometry) -> Floats:
    """Both ends of every edge in degrees, an edge a row, with the inside on the left hand."""
    found = [np.empty((0, 4))]
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        turned = orient(part)
        for ring in (turned.exterior, *turned.interiors):
            points = shapely.get_coordinates(ring)
            found.append(np.concatenate([points[:-1], points[1:]], axis=1))
    return np.ascontiguousarray(np.concatenate(found))
