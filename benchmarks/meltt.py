"""The rule of MELTT (Donnay et al. 2019), in a fast form of our own.

Data sets are taken one after the other. A record of the next one may match a record kept so far
if both lie within a window in kilometres and days and agree in every taxonomy at some level; the
score of a match is the mean level of agreement, 0 for the finest. Each record matches once, the
best score first. A matched record is dropped and the earlier one stands for both. Episodes
(records of more than a day) match episodes only.

Two things differ from the R package: that one walks through candidates in the order of their
dates and takes the first free one, here the best score goes first, and ties go to the nearest in
place and time. Both are in the rule's favour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """What the rule looks at: data set, place (km, any number of axes), days, taxonomies.

    Each taxonomy is one column a level, shape (records, levels), the finest level first.
    """

    dataset: Ints
    place: Floats
    start: Floats
    end: Floats
    taxonomies: Sequence[Ints]


def meltt(records: Records, km: float, days: float) -> Ints:
    """The number of the record that stands for each record; its own where it matched none."""
    stands_for = np.arange(len(records.dataset))
    episode = records.start != records.end
    for sort in (False, True):
        mine = np.flatnonzero(episode == sort)
        kept = np.zeros(0, dtype=np.int64)
        for number in np.unique(records.dataset[mine]):
            new = mine[records.dataset[mine] == number]
            if len(kept):
                old_at, new_at = _matches(records, kept, new, km, days)
                stands_for[new[new_at]] = kept[old_at]
                new = np.delete(new, new_at)
            kept = np.concatenate([kept, new])
    return stands_for


def _matches(records: Records, kept: Ints, new: Ints, km: float, days: float) -> tuple[Ints, Ints]:
    """Places in `kept` and in `new` of the records that match."""

    def tree(members: Ints) -> cKDTree:
        scaled = records.start[members, None] * (km / days)
        return cKDTree(np.hstack([records.place[members], scaled]))

    met = tree(kept).sparse_distance_matrix(
        tree(new), km * (1 + 1e-9), p=np.inf, output_type="ndarray"
    )
    a, b = met["i"], met["j"]
    i, j = kept[a], new[b]
    apart = np.sqrt(np.sum((records.place[i] - records.place[j]) ** 2, axis=1))
    first = np.abs(records.start[i] - records.start[j])
    last = np.abs(records.end[i] - records.end[j])
    score = np.zeros(len(i))
    agree = np.ones(len(i), dtype=bool)
    for levels in records.taxonomies:
        same = levels[i] == levels[j]
        agree &= same.any(axis=1)
        score += same.argmax(axis=1) / max(1, levels.shape[1] - 1)
    near = agree & (apart <= km) & (first <= days) & (last <= days)
    a, b = a[near], b[near]
    tie = (apart[near] / km) ** 2 + (first[near] / days) ** 2
    order = np.lexsort((b, a, tie, np.round(score[near], 9)))
    return one_to_one(a[order], b[order])


def one_to_one(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Pairs taken from the front so that no `a` and no `b` is taken twice.

    The same as going through them one by one: a pair that comes first for both of its ends is
    taken whatever comes later.
    """
    taken_a, taken_b = [], []
    while len(a):
        first_a = np.zeros(len(a), dtype=bool)
        first_a[np.unique(a, return_index=True)[1]] = True
        first_b = np.zeros(len(a), dtype=bool)
        first_b[np.unique(b, return_index=True)[1]] = True
        now = first_a & first_b
        taken_a.append(a[now])
        taken_b.append(b[now])
        left = ~np.isin(a, a[now]) & ~np.isin(b, b[now])
        a, b = a[left], b[left]
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate(taken_a).astype(np.int64) if taken_a else none,
        np.concatenate(taken_b).astype(np.int64) if taken_b else none,
    )
