"""Records on a map: single where there are few, counted by cells where there are many.

All of it is worked out of positions as the viewers see them, so a cell of a map tells nothing that
the list of records does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.app.web.views.view import Unanswerable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from trucewatch.app.web.views.table import Table

DEEPEST = 16
CELLS = 16
"""A tile has so many cells along each side: of 32 pixels where it is drawn with 512."""
FEW = 150
"""With no more records than this a tile shows each at its own place."""
WIDE, HIGH = 42 / 512, 18 / 512
"""Marks nearer than this lie over one another, in tiles: drawn with 512 pixels, or up to twice."""
TOLD = ("state", "nature", "kind", "region", "likelihood", "outcome")
"""What a single record says of itself, where its viewers see it."""
_STATE = "state"


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the web's Mercator map; Unanswerable for one that does not exist."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= DEEPEST:
            raise Unanswerable(f"the map has the depths 0 to {DEEPEST}")
        if not (0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise Unanswerable("there is no such tile at this depth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One mark on the map, in degrees: `count` records, by their states where these are seen.

    `box` is west, south, east, north of the positions of all that it counts.

    `row` is the number of the record where there is one alone, and `told` what it says of itself;
    several at the very same place cannot be drawn apart however deep one looks: they are `stacked`.
    """

    lat: float
    lon: float
    count: int
    box: tuple[float, float, float, float]
    states: Mapping[str, int] = field(default_factory=dict)
    row: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    stacked: bool = False


class Mercator:
    """Positions of a table on the map, from 0 to 1 eastwards and southwards; NaN for none."""

    def __init__(self, table: Table) -> None:
        self.x = (table.lon + 180) / 360
        with np.errstate(invalid="ignore"):
            sine = np.sin(np.radians(np.clip(table.lat, -85.05, 85.05)))
        self.y = 0.5 - np.arctanh(sine) / (2 * math.pi)


def spots_in(
    table: Table, rows: NDArray[np.int64], tile: Tile, *, apart: bool = False
) -> list[Spot]:
    """The marks of one tile for these records, the fullest last so that they are drawn on top.

    With `apart` those that would lie over one another where it is drawn are one, which stands where
    the fullest of them does.
    """
    places = table.mercator
    side = 2.0**tile.z
    across, down = places.x[rows] * side - tile.x, places.y[rows] * side - tile.y
    inside = (across >= 0) & (across < 1) & (down >= 0) & (down < 1)
    rows, across, down = rows[inside], across[inside], down[inside]
    if len(rows) == 0:
        return []
    if len(rows) <= FEW or tile.z == DEEPEST:
        here = np.column_stack((table.lat[rows], table.lon[rows]))
        _, groups = np.unique(here, axis=0, return_inverse=True)
    else:
        cells = (down * CELLS).astype(np.int64) * CELLS + (across * CELLS).astype(np.int64)
        # Numbered without sorting them: there may be as many as the mission has records.
        filled = np.bincount(cells, minlength=CELLS * CELLS) > 0
        groups = (np.cumsum(filled) - 1)[cells]
    groups = groups.reshape(-1)
    counts = np.bincount(groups)
    lat = np.round(np.bincount(groups, weights=table.lat[rows]) / counts, 5)
    lon = np.round(np.bincount(groups, weights=table.lon[rows]) / counts, 5)
    if apart and tile.z < DEEPEST:
        x, y = (np.bincount(groups, weights=each) / counts for each in (across, down))
        seeds, joined = _merged(x, y, counts)
        groups, lat, lon = joined[groups], lat[seeds], lon[seeds]
    return _marks(table, rows, groups, lat, lon)


def _merged(
    x: NDArray[np.float64], y: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which groups stand on the map, and for every group the number of the one that it is part of.

    The fullest stand, and take in what would lie over them; of equals the more western stands.
    """
    seeds: list[int] = []
    joined = np.empty(len(counts), dtype=np.int64)
    at = np.empty((2, len(counts)))
    for group in np.lexsort((y, x, -counts)).tolist():
        taken = at[:, : len(seeds)]
        far = np.maximum(np.abs(taken[0] - x[group]) / WIDE, np.abs(taken[1] - y[group]) / HIGH)
        nearest = int(far.argmin()) if len(far) else 0
        if len(far) and far[nearest] < 1:
            joined[group] = nearest
            continue
        joined[group] = len(seeds)
        at[:, len(seeds)] = x[group], y[group]
        seeds.append(group)
    return np.array(seeds, dtype=np.int64), joined


def _marks(
    table: Table,
    rows: NDArray[np.int64],
    groups: NDArray[np.int64],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
) -> list[Spot]:
    counts = np.bincount(groups)
    # Of a group of one this is its row.
    row = np.bincount(groups, weights=rows)
    states = _States(table, rows, groups, len(counts))
    edges = _edges(table, rows, groups, len(counts))
    out = []
    for at in np.argsort(counts, kind="stable").tolist():
        count = int(counts[at])
        west, south, east, north = box = edges(at)
        if count == 1:
            only = int(row[at])
            out.append(
                Spot(
                    lat=float(table.lat[only]),
                    lon=float(table.lon[only]),
                    count=1,
                    box=box,
                    states=states.of(at),
                    row=only,
                    told=_told(table, only),
                )
            )
            continue
        out.append(
            Spot(
                lat=float(lat[at]),
                lon=float(lon[at]),
                count=count,
                box=box,
                states=states.of(at),
                stacked=west == east and south == north,
            )
        )
    return out


def _edges(
    table: Table, rows: NDArray[np.int64], groups: NDArray[np.int64], size: int
) -> Callable[[int], tuple[float, float, float, float]]:
    """West, south, east, north of the records of each group."""
    low, high = np.full((2, size), np.inf), np.full((2, size), -np.inf)
    for at, degrees in enumerate((table.lon[rows], table.lat[rows])):
        np.minimum.at(low[at], groups, degrees)
        np.maximum.at(high[at], groups, degrees)
    edges = np.concatenate((low, high)).T.tolist()

    def box(group: int) -> tuple[float, float, float, float]:
        west, south, east, north = edges[group]
        return west, south, east, north

    return box


class _States:
    """How many records of each group are in each state."""

    def __init__(
        self, table: Table, rows: NDArray[np.int64], groups: NDArray[np.int64], size: int
    ) -> None:
        column = table.fields.get(_STATE)
        self._values = [] if column is None else column.values
        width = len(self._values) + 1
        codes = 0 if column is None else column.of_each(table.size)[rows]
        flat = np.bincount(groups * width + codes, minlength=size * width)
        self._counts = flat.reshape(size, width)

    def of(self, group: int) -> dict[str, int]:
        told = zip(self._values, self._counts[group].tolist(), strict=False)
        return {value: count for value, count in told if count and value}


def _told(table: Table, row: int) -> dict[str, str]:
    out = {}
    for name in TOLD:
        column = table.fields.get(name)
        if column is not None:
            code = int(column.of_each(table.size)[row])
            if code < len(column.values) and column.values[code]:
                out[name] = column.values[code]
    return out
