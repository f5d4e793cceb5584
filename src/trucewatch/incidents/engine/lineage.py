"""Copies laid upon their earliest original, and which sources only copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports

    Ints = NDArray[np.int64]

# A source is an aggregator where more than this share of its reports repeat somebody's.
AGGREGATOR_SHARE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """Which report each report repeats.

    `root` (n,) is the row of the earliest report with the same signature, the row itself where it
    repeats nothing. `aggregator` (S,) marks sources that (nearly) only copy. A report of an
    aggregator that is its own root is a copy whose signature was lost.
    """

    root: Ints
    aggregator: NDArray[np.bool_]


def trace(reports: Reports) -> Lineage:
    """Find copies by equal signature; the one published first is the original."""
    n = len(reports)
    root = _first_of(reports.text, reports.pub)
    copied = root != np.arange(n)
    sources = int(reports.source.max(initial=-1)) + 1
    said = np.bincount(reports.source, minlength=sources)
    repeated = np.bincount(
        reports.source[copied & (reports.source != reports.source[root])], minlength=sources
    )
    aggregator = repeated > AGGREGATOR_SHARE * np.maximum(said, 1)
    return Lineage(root, aggregator)


def _first_of(text: Ints, pub: NDArray[np.float64]) -> Ints:
    """The row first published of each text, for every row; ties go to the first row."""
    order = np.argsort(text, kind="stable")
    same = text[order]
    starts = np.flatnonzero(np.r_[True, same[1:] != same[:-1]]) if len(text) else np.zeros(0, int)
    length = np.diff(np.r_[starts, len(text)])
    root = np.arange(len(text))
    many = np.flatnonzero(length > 1)
    if len(many):
        rows = np.concatenate([np.arange(starts[g], starts[g] + length[g]) for g in many])
        group = np.repeat(np.arange(len(many)), length[many])
        rows = order[rows]
        by = np.lexsort((rows, pub[rows], group))
        first = np.r_[True, group[by][1:] != group[by][:-1]]
        root[rows[by]] = rows[by][first][group[by]]
    return root
