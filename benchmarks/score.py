"""How well reports were joined and how well P(it happened) is meant, against a known truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 10


def joining(truth: NDArray[np.int64], found: NDArray[np.int64]) -> dict[str, float]:
    """F1 of pairs, B-cubed and exactly right groups of two or more (Bagga and Baldwin 1998)."""
    t, p = (np.unique(each, return_inverse=True)[1].astype(np.int64) for each in (truth, found))
    in_truth, in_found = np.bincount(t), np.bincount(p)
    cell, both = np.unique(t * len(in_found) + p, return_counts=True)
    real, made = in_truth[cell // len(in_found)], in_found[cell % len(in_found)]

    def pairs(sizes: NDArray[np.int64]) -> float:
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


def sureness(truth: NDArray[np.bool_], said: NDArray[np.float64]) -> dict[str, float]:
    """Brier score and expected calibration error in ten even bins, each report one case."""
    y = truth.astype(float)
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    error = sum(
        float(np.mean(bins == b) * abs(y[bins == b].mean() - said[bins == b].mean()))
        for b in np.unique(bins)
    )
    return {"brier": float(np.mean((said - y) ** 2)), "ece": error, "base": float(y.mean())}


def _part(right: float, whole: float) -> float:
    return right / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
