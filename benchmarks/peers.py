"""Plain ways to join reports, to be compared with; they get the same text signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def by_text(d: pl.DataFrame) -> Ints:
    """The signature of the wording alone."""
    return np.unique(d["text"].to_numpy(), return_inverse=True)[1].astype(np.int64)


def plain_join(d: pl.DataFrame, km: float, days: float) -> Ints:
    """Everything within `km` and `days` of each other, and what that connects."""
    pairs = _near(d, km, days)
    return _connected(d, pairs)


def st_dbscan(d: pl.DataFrame, km: float, days: float, least: int) -> Ints:
    """Density-connected reports (after Birant and Kut 2007, without their third radius).

    A report is a core with `least` reports, itself among them, within reach; a report on the
    edge goes to its first core in the order of the file.
    """
    pairs = _near(d, km, days)
    core = np.bincount(pairs.ravel(), minlength=len(d)) + 1 >= least
    both = pairs[core[pairs].all(axis=1)]
    one = pairs[core[pairs].sum(axis=1) == 1]
    edge = np.where(core[one[:, 0]], one[:, 1], one[:, 0])
    _, first = np.unique(edge, return_index=True)
    return _connected(d, np.concatenate([both, one[first]]))


def _near(d: pl.DataFrame, km: float, days: float) -> Ints:
    t = (d["t0"] + d["t1"]).to_numpy() / 2
    xy = np.column_stack([d["x"].to_numpy(), d["y"].to_numpy()])
    scaled = np.column_stack([xy, t * (km / days)])
    pairs = cKDTree(scaled).query_pairs(km, p=np.inf, output_type="ndarray")
    near = np.sum((xy[pairs[:, 0]] - xy[pairs[:, 1]]) ** 2, axis=1) <= km**2
    return np.asarray(pairs[near], dtype=np.int64)


def _connected(d: pl.DataFrame, pairs: Ints) -> Ints:
    text = by_text(d)
    first = np.unique(text, return_index=True)[1]
    same = np.column_stack([np.arange(len(d)), first[text]])
    links = np.concatenate([pairs, same])
    graph = coo_matrix(
        (np.ones(len(links), dtype=np.int8), (links[:, 0], links[:, 1])), shape=(len(d), len(d))
    )
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
