"""A term as slices of time, each with the ground on which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from trucewatch.agreements.assessing.reaching import PLACES
from trucewatch.agreements.engine.columns import ends
from trucewatch.agreements.engine.ground import Ground, Sight
from trucewatch.agreements.holding import pieces, throughout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from trucewatch.agreements.engine.columns import Bools, Columns, Floats, Ints
    from trucewatch.agreements.holding import Term
    from trucewatch.agreements.zones.placing import ZoneMap
    from trucewatch.model import Exemption

Key = tuple[tuple[int, ...] | None, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Slice:
    """A span in microseconds, and its ground; None is everywhere."""

    start: int
    end: int
    ground: Ground | None


class Survey:
    """The slices of terms; the same ground is worked out once."""

    def __init__(self, zones: ZoneMap, columns: Columns) -> None:
        self.zones = zones
        self.columns = columns
        self.sight = Sight.of(columns)
        self._grounds: dict[Key, Ground | None] = {}

    def slices(self, term: Term, exceptions: Sequence[Exemption]) -> tuple[Slice, ...]:
        """Where the term holds and none of the exceptions does, slice by slice."""
        codes = term.provision.zones
        windows = [*self.zones.windows(codes)]
        for one in exceptions:
            windows += [one.window, *self.zones.windows(one.zones)]
        found: list[Slice] = []
        for piece in pieces(term.holds, windows):
            holding = [one for one in exceptions if throughout(one.window, piece)]
            if any(not one.zones for one in holding):
                continue
            within = self.zones.shapes(codes, piece) if codes else None
            if within == ():
                continue
            spared = tuple(
                shape for one in holding for shape in self.zones.shapes(one.zones, piece)
            )
            start, end = ends(piece)
            found.append(Slice(start, end, self._ground(within, spared)))
        return tuple(found)

    def anywhen(self, term: Term) -> Ground | None:
        """All ground on which the term holds at any time."""
        codes = term.provision.zones
        if not codes:
            return None
        shapes = tuple(
            shape
            for piece in pieces(term.holds, self.zones.windows(codes))
            for shape in self.zones.shapes(codes, piece)
        )
        return self._ground(shapes, ())

    def _ground(
        self, within: tuple[BaseGeometry, ...] | None, spared: tuple[BaseGeometry, ...]
    ) -> Ground | None:
        # A shape lives as long as its map of zones, so its id tells it.
        key = (
            None if within is None else tuple(sorted({id(one) for one in within})),
            tuple(sorted({id(one) for one in spared})),
        )
        if key not in self._grounds:
            self._grounds[key] = _made(within, spared)
        return self._grounds[key]

    def shares(self, rows: Ints, slices: Sequence[Slice]) -> tuple[Floats, Floats, Bools]:
        """Each row's share of time and place, rounded, the most by which it may be off, and
        whether it is in the ground, or near it, at any of its time."""
        share, error = np.zeros(len(rows)), np.zeros(len(rows))
        near = np.zeros(len(rows), dtype=np.bool_)
        for one in slices:
            part = self.times(rows, one.start, one.end)
            some = np.flatnonzero(part)
            if one.ground is None:
                share += part
                near[some] = True
                continue
            place, doubt, close = one.ground.shares(rows[some], self.columns, self.sight)
            share[some] += part[some] * place
            error[some] += part[some] * doubt
            near[some] |= close
        return np.round(share, PLACES), error, near

    def near(self, rows: Ints, ground: Ground | None) -> Bools:
        """Which rows lie in a ground or near it."""
        if ground is None:
            return np.ones(len(rows), dtype=np.bool_)
        return ground.shares(rows, self.columns, self.sight, integrate=False)[2]

    def times(self, rows: Ints, start: int, end: int) -> Floats:
        """The share of each row's time that lies in [start, end), as `Interval.share_within`."""
        earliest, latest = self.columns.earliest[rows], self.columns.latest[rows]
        long = latest - earliest
        part = np.maximum(0, np.minimum(latest, end) - np.maximum(earliest, start))
        at_once = (start <= earliest) & (earliest < end)
        return np.where(long == 0, at_once.astype(np.float64), part / np.maximum(long, 1))


def _made(
    within: tuple[BaseGeometry, ...] | None, spared: tuple[BaseGeometry, ...]
) -> Ground | None:
    taken = shapely.union_all(spared) if spared else None
    if within is None:
        return None if taken is None else Ground(taken, beyond=True)
    whole = within[0] if len(within) == 1 else shapely.union_all(within)
    return Ground(whole if taken is None else shapely.difference(whole, taken))
