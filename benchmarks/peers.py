"""Other ways to join reports, each a process of its own: peers.py METHOD IN.parquet OUT.parquet.

Every method gets the same text signatures: reports of one signature are laid upon the one that
was published first, and the method joins what is left. A method marked as favoured sees the truth
(`--truth`) to choose its settings or to learn; that is more than it would have in the field.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from benchmarks.meltt import Records, meltt
from benchmarks.score import joining

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

Setting = TypeVar("Setting")
# Settings of favoured methods are chosen on this many reports of the start of the world, which
# has the density of the whole.
ENOUGH = 40_000
MELTT_WINDOWS = [(km, days) for km in (5.0, 10.0, 20.0, 30.0) for days in (0.7, 1.0, 1.5)]
ONE_A_DAY_KM = (1.0, 2.0, 5.0, 10.0)


def originals(d: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """The first published report of each signature, and for each report the row of its first."""
    first = d.sort("pub", "id").unique("text", keep="first").sort("id")
    row = dict(zip(first["text"].to_list(), range(len(first)), strict=True))
    return first, np.array([row[text] for text in d["text"].to_list()], dtype=np.int64)


def by_text(d: pl.DataFrame) -> Ints:
    """The signature of the wording alone: each original by itself."""
    return np.arange(len(d))


def plain_join(d: pl.DataFrame, km: float, days: float) -> Ints:
    """Everything within `km` and `days` of each other, and what that connects."""
    return connected(len(d), _near(d, km, days))


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
    return connected(len(d), np.concatenate([both, one[first]]))


def one_a_day(d: pl.DataFrame, km: float) -> Ints:
    """One event a day, place and kind, as VIINA counts; a place is a square of `km`."""
    keys = np.column_stack(
        [
            np.floor(d["x"].to_numpy() / km),
            np.floor(d["y"].to_numpy() / km),
            np.floor(_middle(d)),
            d["type"].to_numpy(),
        ]
    ).astype(np.int64)
    return np.unique(keys, axis=0, return_inverse=True)[1].ravel().astype(np.int64)


def by_meltt(d: pl.DataFrame, km: float, days: float) -> Ints:
    """MELTT's rule; the taxonomy is the type, then the pair of types that are easily confused."""
    kind = d["type"].to_numpy().astype(np.int64)
    middle = _middle(d)
    place = np.column_stack([d["x"].to_numpy(), d["y"].to_numpy()])
    levels = [np.column_stack([kind, kind // 2])]
    records = Records(d["source"].to_numpy().astype(np.int64), place, middle, middle, levels)
    return meltt(records, km, days)


def connected(n: int, pairs: Ints) -> Ints:
    """The component of each of `n` things that `pairs` connect."""
    links = (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1]))
    graph = coo_matrix(links, shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def chosen(
    join: Callable[[pl.DataFrame, Setting], Ints],
    settings: Sequence[Setting],
    d: pl.DataFrame,
    truth: Ints,
) -> Setting:
    """The setting with the best B-cubed F1 on the start of the world: favoured by the truth."""
    start = np.argsort(d["t0"].to_numpy(), kind="stable")[:ENOUGH]
    part = d[np.sort(start)]
    return max(settings, key=lambda s: joining(truth[np.sort(start)], join(part, s))["b3"])


def _middle(d: pl.DataFrame) -> Floats:
    return np.asarray((d["t0"] + d["t1"]).to_numpy() / 2)


def _near(d: pl.DataFrame, km: float, days: float) -> Ints:
    xy = np.column_stack([d["x"].to_numpy(), d["y"].to_numpy()])
    scaled = np.column_stack([xy, _middle(d) * (km / days)])
    pairs = cKDTree(scaled).query_pairs(km, p=np.inf, output_type="ndarray")
    near = np.sum((xy[pairs[:, 0]] - xy[pairs[:, 1]]) ** 2, axis=1) <= km**2
    return np.asarray(pairs[near], dtype=np.int64)


def run(method: str, d: pl.DataFrame, truth: Ints | None) -> tuple[Ints, float]:
    """Group of each original by a method in `METHODS`, and the seconds of its last run alone.

    Choosing a setting is left out of the seconds. Raises ValueError where a favoured method
    gets no truth.
    """
    plain = PLAIN.get(method)
    start = time.perf_counter()
    if plain is not None:
        return plain(d), time.perf_counter() - start
    if truth is None:
        raise ValueError(f"{method} is favoured: it needs --truth")
    if method.startswith("splink"):
        # Imported here: the plain ways need neither splink nor DuckDB.
        from benchmarks.splinked import by_splink

        return by_splink(d, truth, labels=method == "splink-trained")
    if method == "meltt":
        window = chosen(lambda part, s: by_meltt(part, *s), MELTT_WINDOWS, d, truth)
        start = time.perf_counter()
        return by_meltt(d, *window), time.perf_counter() - start
    km = chosen(one_a_day, ONE_A_DAY_KM, d, truth)
    start = time.perf_counter()
    return one_a_day(d, km), time.perf_counter() - start


PLAIN: dict[str, Callable[[pl.DataFrame], Ints]] = {
    "text": by_text,
    "plain": lambda d: plain_join(d, 5.0, 2.0),
    "st-dbscan": lambda d: st_dbscan(d, 2.0, 0.5, 2),
}
FAVOURED = ("one-a-day", "meltt", "splink", "splink-trained")
METHODS = (*PLAIN, *FAVOURED)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("reports", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--truth", type=Path, help="parquet with a column event, same rows")
    args = parser.parse_args()
    d = pl.read_parquet(args.reports)
    known = pl.read_parquet(args.truth)["event"].to_numpy() if args.truth else None
    begin = time.perf_counter()
    first, row = originals(d)
    collapse = time.perf_counter() - begin
    truth = None
    if known is not None:
        by_id = dict(zip(d["id"].to_list(), known.tolist(), strict=True))
        truth = np.array([by_id[i] for i in first["id"].to_list()], dtype=np.int64)
    groups, seconds = run(args.method, first, truth)
    pl.DataFrame({"id": d["id"], "incident": groups[row]}).write_parquet(args.out)
    print(f"{len(d)} reports, {len(np.unique(groups))} groups, {collapse + seconds:.3f} s")


if __name__ == "__main__":
    main()
