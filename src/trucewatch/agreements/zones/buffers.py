"""A line and its buffer as a polygon in degrees, right in metres at any latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from trucewatch.agreements.zones.ellipsoid import from_plane, to_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

LONGEST_M = 10_000_000.0
"""What is longer is refused: no front is."""

HIGHEST = 85.0
"""A line beyond this latitude is refused: so near a pole its buffer may hold the pole."""

_PIECE_M = 20_000.0
_STEP_M = 500.0
_DEGREE_M = 111_320.0
_QUARTER = 64
"""Sides of a quarter circle: a round end lies up to 1 in 13,000 of the width too far in."""


def buffered(lines: Sequence[Sequence[tuple[float, float]]], metres: float) -> MultiPolygon:
    """All that lies within so many metres of some lines of (longitude, latitude).

    A line runs straight in degrees from vertex to vertex, as RFC 7946 has it. It is cut into
    short pieces, each widened in a plane of its own. Where the result crosses the date line it is
    cut there. ValueError, in words, for lines that are too long together, too near a pole, or that
    cross the date line themselves.
    """
    paths = [np.asarray(line, dtype=np.float64) for line in lines]
    for vertices in paths:
        if np.abs(vertices[:, 1]).max() + metres / _DEGREE_M > HIGHEST:
            raise ValueError(f"reaches beyond latitude {HIGHEST:g}, where buffers are not drawn")
        if np.abs(np.diff(vertices[:, 0])).max(initial=0) > 180:
            raise ValueError(
                "crosses the date line: end it at 180 and go on at -180 (RFC 7946, 3.1.9)"
            )
    if sum(float(_steps(vertices).sum()) for vertices in paths) > LONGEST_M:
        raise ValueError(f"is longer than {LONGEST_M / 1000:,.0f} km")
    pieces = [_widened(piece, metres) for vertices in paths for piece in _pieces(vertices)]
    return _within_the_world(shapely.union_all(pieces))


def _steps(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Roughly the metres from each vertex to the next; never less than they are by 1 %."""
    middle = np.radians((vertices[1:, 1] + vertices[:-1, 1]) / 2)
    shift = np.diff(vertices, axis=0) * _DEGREE_M
    result: NDArray[np.float64] = np.hypot(shift[:, 0] * np.cos(middle), shift[:, 1])
    return result


def _pieces(vertices: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The line, with a point at least every 500 m, in pieces of about 20 km."""
    counts = np.maximum(1, np.ceil(_steps(vertices) / _STEP_M)).astype(int)
    starts = np.repeat(vertices[:-1], counts, axis=0)
    ends = np.repeat(vertices[1:], counts, axis=0)
    within = np.concatenate([np.arange(count) / count for count in counts])[:, None]
    points = np.vstack([starts + (ends - starts) * within, vertices[-1:]])
    along = np.concatenate([[0.0], np.cumsum(_steps(points))])
    number = np.minimum((along / _PIECE_M).astype(int), int(along[-1] // _PIECE_M))
    pieces = []
    for one in range(int(number[-1]) + 1):
        chosen = np.flatnonzero(number == one)
        # Each piece reaches to the first point of the next, so that nothing is left between.
        last = min(int(chosen[-1]) + 1, len(points) - 1)
        pieces.append(points[int(chosen[0]) : last + 1])
    return pieces


def _widened(piece: NDArray[np.float64], metres: float) -> BaseGeometry:
    centre = (float(piece[len(piece) // 2, 0]), float(piece[len(piece) // 2, 1]))
    x, y = to_plane(piece[:, 0], piece[:, 1], centre)
    points = np.column_stack([x, y])
    path = shapely.Point(points[0]) if len(points) == 1 else LineString(points)
    wide = path.buffer(metres, quad_segs=_QUARTER)
    wide = shapely.segmentize(wide, max(_STEP_M, metres / 10))

    def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(from_plane(xy[:, 0], xy[:, 1], centre))

    return shapely.transform(wide, back)


def _within_the_world(shape: BaseGeometry) -> MultiPolygon:
    """The shape with longitudes from -180 to 180, cut at the date line where it crosses it."""
    parts: list[Polygon] = []
    for turn in (-360, 0, 360):
        part = translate(shape, turn).intersection(box(-180, -90, 180, 90))
        parts += [one for one in shapely.get_parts(part) if isinstance(one, Polygon)]
    return MultiPolygon([one for one in parts if one.area > 0])
