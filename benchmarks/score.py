"""How well reports were joined and how well P(it happened) is meant, against a known truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BINS = 10
CELL_KM = 50.0


def joining(truth: Ints, found: Ints) -> dict[str, float]:
    """F1 of pairs, B-cubed and exactly right groups of two or more (Bagga and Baldwin 1998)."""
    t, p = (np.unique(each, return_inverse=True)[1].astype(np.int64) for each in (truth, found))
    in_truth, in_found = np.bincount(t), np.bincount(p)
    cell, both = np.unique(t * len(in_found) + p, return_counts=True)
    real, made = in_truth[cell // len(in_found)], in_found[cell % len(in_found)]

    def pairs(sizes: Ints) -> float:
        return float(np.sum(sizes * (sizes - 1)) / 2)

    right = int(np.sum((both == real) & (both == made) & (both > 1)))
    shared = pairs(both)
    return {
        "pair": _f1(_part(shared, pairs(in_found)), _part(shared, pairs(in_truth))),
        "b3": _f1(float(np.sum(both**2 / made)) / len(t), float(np.sum(both**2 / real)) / len(t)),
        "exact": _f1(
            _part(right, int(np.sum(in_found > 1))), _part(right, int(np.sum(in_truth > 1)))
        ),
    }


def sureness(truth: NDArray[np.bool_], said: Floats) -> dict[str, float]:
    """Brier score, expected calibration error in ten even bins, and AUC; each report one case.

    AUC is NaN where everything or nothing is true (Mann and Whitney 1947, ties count half).
    """
    y = truth.astype(float)
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    error = sum(
        float(np.mean(bins == b) * abs(y[bins == b].mean() - said[bins == b].mean()))
        for b in np.unique(bins)
    )
    true = int(truth.sum())
    false = len(truth) - true
    above = float(rankdata(said)[truth].sum()) - true * (true + 1) / 2
    return {
        "brier": float(np.mean((said - y) ** 2)),
        "ece": error,
        "auc": above / (true * false) if true and false else float("nan"),
        "base": float(y.mean()),
    }


def counting(truth: Sequence[Floats], found: Sequence[Floats], weight: Floats) -> dict[str, float]:
    """RMSE and correlation of counts by cell and day, in cells of 50 km (about 0.5°).

    `truth` and `found` are x and y in km and t in days, one entry an incident; each found one
    counts as much as its `weight`. The grid is the box around both, empty cells included.
    """
    all_of = [np.concatenate([a, b]) for a, b in zip(truth, found, strict=True)]
    sides = (CELL_KM, CELL_KM, 1.0)
    edges = [
        np.arange(np.floor(v.min() / side), np.floor(v.max() / side) + 2) * side
        for v, side in zip(all_of, sides, strict=True)
    ]
    real = np.histogramdd(np.column_stack(truth), edges)[0].ravel()
    made = np.histogramdd(np.column_stack(found), edges, weights=weight)[0].ravel()
    spread = real.std() > 0 and made.std() > 0
    return {
        "rmse": float(np.sqrt(np.mean((made - real) ** 2))),
        "r": float(np.corrcoef(real, made)[0, 1]) if spread else float("nan"),
    }


def _part(right: float, whole: float) -> float:
    return right / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
