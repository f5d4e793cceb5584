"""Reports as columns, in an order that is a function of their content alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """`n` reports, sorted by content: middle of the time, place, type, precision, and last source.

    `x`, `y` and `loc_sd` in km; `t` (the middle), `width` and `pub` in days; `source`, `kind`
    and `text` are numbers from 0. `row` (n,) is where each stood in the caller's columns;
    rows equal in every column are one report, and `first` (rows,) is the report of each row.
    """

    source: Ints
    x: Floats
    y: Floats
    loc_sd: Floats
    t: Floats
    width: Floats
    kind: Ints
    pub: Floats
    text: Ints
    row: Ints
    first: Ints
    sources: Ints
    kinds: Ints

    def __len__(self) -> int:
        return len(self.row)


def by_content(
    *,
    source: Ints,
    x: Floats,
    y: Floats,
    loc_sd: Floats,
    t0: Floats,
    t1: Floats,
    kind: Ints,
    pub: Floats,
    text: Ints,
) -> Reports:
    """Sort columns by content and drop repeated rows; source, kind and text are any integers.

    Values that are not finite, errors not above zero and times that run backwards are a
    ValueError: they belong in quarantine, not here.
    """
    for name, column in (("x", x), ("y", y), ("t0", t0), ("t1", t1), ("pub", pub)):
        if not np.isfinite(column).all():
            raise ValueError(f"{name} has values that are no finite numbers")
    if not (np.asarray(loc_sd) > 0).all() or not np.isfinite(loc_sd).all():
        raise ValueError("loc_sd has values that are not above zero")
    if not (np.asarray(t1) >= t0).all():
        raise ValueError("t1 lies before t0")
    start, end = (np.asarray(each, dtype=np.float64) for each in (t0, t1))
    t, width = (start + end) / 2, end - start
    columns: list[NDArray[Any]] = [text, source, pub, width, loc_sd, kind, y, x, t]
    order = np.lexsort(columns)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for column in columns:
        in_order = np.asarray(column)[order]
        new[1:] |= in_order[1:] != in_order[:-1]
    row = order[new]
    first = np.empty(len(order), dtype=np.int64)
    first[order] = np.cumsum(new) - 1
    sources, s = np.unique(source, return_inverse=True)
    kinds, k = np.unique(kind, return_inverse=True)
    return Reports(
        source=s[row].astype(np.int64),
        x=np.asarray(x, dtype=np.float64)[row],
        y=np.asarray(y, dtype=np.float64)[row],
        loc_sd=np.asarray(loc_sd, dtype=np.float64)[row],
        t=t[row],
        width=width[row],
        kind=k[row].astype(np.int64),
        pub=np.asarray(pub, dtype=np.float64)[row],
        text=np.asarray(text)[row].astype(np.int64),
        row=row,
        first=first,
        sources=sources,
        kinds=kinds,
    )


def take(reports: Reports, rows: Ints | NDArray[np.bool_]) -> Reports:
    """Some of the reports, in the same order; numbers keep their meaning."""
    columns = ("source", "x", "y", "loc_sd", "t", "width", "kind", "pub", "text", "row")
    return replace(reports, **{name: getattr(reports, name)[rows] for name in columns})
