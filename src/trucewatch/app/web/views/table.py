"""The columns of one sort of record, asked as a whole: what a query lets through, and counts."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.app.web.views.columns import NO_DAY
from trucewatch.app.web.views.spots import Mercator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from trucewatch.app.web.views.view import Query

_FORMS = {"lat": "<f8", "lon": "<f8", "first": "<i4", "last": "<i4", "probability": "<f8"}


class Coded:
    """One field: `rows` and `codes` are pairs of a record and the number of a value of it."""

    __slots__ = ("_of_one", "codes", "rows", "values")

    def __init__(self, values: list[str], rows: bytes, codes: bytes) -> None:
        self.values = values
        self.rows: NDArray[np.int32] = np.frombuffer(rows, dtype="<i4")
        self.codes: NDArray[np.int32] = np.frombuffer(codes, dtype="<i4")
        self._of_one: NDArray[np.int32] | None = None

    def of_each(self, size: int) -> NDArray[np.int32]:
        """The number of the first value of every record; that of no value is `len(values)`."""
        if self._of_one is None:
            out = np.full(size, len(self.values), dtype=np.int32)
            out[self.rows[::-1]] = self.codes[::-1]
            self._of_one = out
        return self._of_one


class Table:
    """`size` records; ValueError for columns that are not as long as that."""

    def __init__(
        self,
        size: int,
        *,
        numbers: Iterable[Sequence[Any]],
        coded: Iterable[Sequence[Any]],
    ) -> None:
        self.size = size
        found = {name: np.frombuffer(raw, dtype=_FORMS[name]) for name, raw in numbers}
        self.lat, self.lon, self.first, self.last, self.probability = (
            found[name] for name in _FORMS
        )
        self.fields = {
            name: Coded(json.loads(values), rows, codes) for name, values, rows, codes in coded
        }
        if any(len(column) != size for column in found.values()):
            raise ValueError("a column is not as long as its sort")

    @cached_property
    def mercator(self) -> Mercator:
        """Where the records lie on the map."""
        return Mercator(self)

    def mask(self, query: Query) -> NDArray[np.bool_]:
        """Which records a query lets through, its text left aside."""
        mask = np.ones(self.size, dtype=np.bool_)
        if query.bbox is not None:
            west, south, east, north = query.bbox
            mask &= (self.lat >= south) & (self.lat <= north)
            if west <= east:
                mask &= (self.lon >= west) & (self.lon <= east)
            else:
                # A box across the date line.
                mask &= (self.lon >= west) | (self.lon <= east)
        if query.first is not None:
            mask &= self.last >= query.first.toordinal()
        if query.last is not None:
            mask &= (self.first <= query.last.toordinal()) & (self.first != NO_DAY)
        if query.whole_days:
            mask &= self.first != NO_DAY
            if query.first is not None:
                mask &= self.first >= query.first.toordinal()
            if query.last is not None:
                mask &= self.last <= query.last.toordinal()
        if query.least_probability is not None:
            mask &= self.probability >= query.least_probability
        for name, wanted in (query.where or {}).items():
            mask &= self._having(name, wanted)
        return mask

    def _having(self, name: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
        out = np.zeros(self.size, dtype=np.bool_)
        field = self.fields.get(name)
        if field is None:
            return out
        codes = [code for code, value in enumerate(field.values) if value in set(wanted)]
        out[field.rows[np.isin(field.codes, codes)]] = True
        return out

    def only(self, rows: Sequence[int]) -> NDArray[np.bool_]:
        """These records and no others."""
        out = np.zeros(self.size, dtype=np.bool_)
        out[rows] = True
        return out

    def tally(self, name: str, rows: NDArray[np.int64]) -> dict[str, int]:
        """How many of these records have each value of a field; those without it are not told."""
        field = self.fields.get(name)
        if field is None:
            return {}
        chosen = np.zeros(self.size, dtype=np.bool_)
        chosen[rows] = True
        counts = np.bincount(field.codes[chosen[field.rows]], minlength=len(field.values))
        told = zip(field.values, counts.tolist(), strict=True)
        return dict(sorted((value, count) for value, count in told if count))
