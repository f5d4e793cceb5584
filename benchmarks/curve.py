"""Speed and memory from ten thousand reports to ten million: curve.py [--most 10000000].

Worlds of one year follow each other, so that the density stays what it is in one of them; fewer
reports are the first days of one. Parameters are learnt from each file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl

from benchmarks.compare import run
from benchmarks.worlds import SCENARIOS, generator, make

EVENTS_A_YEAR, DAYS = 100_000, 365.0
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def years(script: Path, scenario: str, reports: int, path: Path) -> int:
    """Write so many reports, year after year; gives how many there are."""
    parts: list[pl.DataFrame] = []
    count = 0
    while count < reports:
        year = len(parts)
        world = make(script, n=EVENTS_A_YEAR, scenario=scenario, seed=year + 1)
        shown = world.shown.sort("pub", "id")
        late = DAYS * year
        parts.append(
            shown.with_columns(
                pl.col("id") + count,
                pl.col("t0") + late,
                pl.col("t1") + late,
                pl.col("pub") + late,
                pl.col("text") + 10 * EVENTS_A_YEAR * year,
            )
        )
        count += len(shown)
    whole = pl.concat(parts).head(reports)
    whole.write_parquet(path)
    return len(whole)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--scenario", default="uniform", choices=SCENARIOS)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    print("| reports | seconds | reports a second | MB at the peak |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "in.parquet", Path(name) / "out.parquet"
        for size in (s for s in SIZES if s <= args.most):
            n = years(args.generator, args.scenario, size, path)
            command = [sys.executable, "-m", "benchmarks.associate", str(path), str(out)]
            cost = run([*command, "--threads", str(args.threads)], 3600.0)
            seconds, mb = cost["seconds"], cost["mb"]
            print(f"| {n:,} | {seconds:.1f} | {n / seconds:,.0f} | {mb:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
