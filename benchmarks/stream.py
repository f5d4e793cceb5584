"""How long one report takes to arrive among many: stream.py REPORTS.parquet [--late 2000].

All originals but a few are stored; the few then come one by one, in any order. Parameters are
learnt beforehand. At the end what stands is compared with a batch over the same set, and single
reports are withdrawn again.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.associate import COLUMNS, reports_of
from trucewatch.incidents.engine import Live, Settings, learning, lineage, solve
from trucewatch.incidents.engine.arrays import take
from trucewatch.incidents.engine.model import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from trucewatch.incidents.engine import Reports, Table

    Ints = NDArray[np.int64]


def originals(reports: Reports) -> Reports:
    """The reports that copy nothing, of sources that do not only copy."""
    origin = lineage.trace(reports)
    own = origin.root == np.arange(len(reports))
    return take(reports, own & ~origin.aggregator[reports.source])


def rank_of(reports: Reports) -> NDArray[np.float64]:
    """The order of content as columns."""
    names = ("t", "x", "y", "kind", "loc_sd", "width", "pub", "source", "text")
    return np.column_stack([getattr(reports, name) for name in names]).astype(np.float64)


def some(rows: Table, at: Ints) -> Table:
    """The table of some nodes, one witness each, in the order given."""
    names = ("node", "words", "source", "real_alone", "word", "key")
    return replace(
        rows,
        **{name: getattr(rows, name)[at] for name in names},
        seen_from=np.arange(len(at) + 1),
        seen_by=rows.source[at],
    )


def timed(work: Callable[[int], object], items: Sequence[int]) -> str:
    """Milliseconds of each of many calls: the median, the 99th percentile and the longest."""
    took = []
    for item in items:
        start = time.perf_counter()
        work(item)
        took.append(1000 * (time.perf_counter() - start))
    p50, p99 = np.percentile(took, [50, 99])
    return f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {max(took):.2f} ms of {len(took)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--late", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    d = pl.read_parquet(args.reports, columns=COLUMNS)
    told = originals(reports_of(d))
    how = Settings(threads=2)
    parameters, ground = learning.learn(told, most=how.learn_rows, threads=2)
    rows, rank = table(told, parameters, ground), rank_of(told)
    dice = np.random.default_rng(args.seed)
    late = dice.permutation(len(told))[: args.late]
    early = np.setdiff1d(np.arange(len(told)), late)
    start = time.perf_counter()
    live = Live(some(rows, early), rank[early], how)
    print(f"{len(d)} reports, {len(told)} originals; stored in {time.perf_counter() - start:.1f} s")
    name = np.empty(len(told), dtype=np.int64)
    name[early] = np.arange(len(early))

    def arrive(i: int) -> None:
        at = np.array([i])
        name[i] = live.add(some(rows, at), rank[at])[0]

    # The first calls load what was compiled.
    for i in late[:20].tolist():
        arrive(i)
    print("a new report:", timed(arrive, late[20:].tolist()))
    whole = solve(rows, how)
    back = np.empty(len(told), dtype=np.int64)
    back[name] = np.arange(len(told))
    apart = float(np.abs(live.alone[name] - whole.alone).max())
    other = int((back[live.label[name]] != whole.label).sum())
    print(f"against a batch: {other} other labels, P(alone) apart by {apart:.1e} at most")
    gone = name[dice.permutation(len(told))[: min(200, len(told))]].tolist()
    live.withdraw([gone[0]])
    print("a report withdrawn:", timed(lambda i: live.withdraw([i]), gone[1:]))


if __name__ == "__main__":
    main()
