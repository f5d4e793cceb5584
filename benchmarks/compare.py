"""Ours beside other ways to join, on the same files in one run; writes docs/benchmarks.md.

Each method is a process of its own that gets a Parquet file without the columns of truth.
`--results` keeps one line a world and method, so that a long comparison can be done in parts:
worlds that are in it already are not run again, and the page is made from all of them.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from benchmarks.peers import FAVOURED, METHODS, originals
from benchmarks.score import counting, joining, sureness
from benchmarks.tables import write_page
from benchmarks.worlds import AS_STATED, CHANGES, ROOT, SCENARIOS, World, generator, make

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OURS = "ours"
# The share of groups whose truth an auditor is taken to know, for methods without a P of theirs.
AUDITED = 0.2
MOST_WITNESSES = 6
STATED = re.compile(r"([\d.]+) s\b")


def run(command: list[str], limit_s: float) -> dict[str, float]:
    """Run to the end: seconds the program states, seconds of the process, peak memory in MB.

    Raises CalledProcessError, with what it wrote, where it fails or outlasts the limit.
    """
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 - ours
        late, peak = False, 0.0
        while (status := process.poll()) is None:
            peak = max(peak, _peak_mb(process.pid))
            if not late and time.perf_counter() - begin > limit_s:
                late = True
                process.kill()
            time.sleep(0.02)
        wall = time.perf_counter() - begin
        said.seek(0)
        words = said.read()
    if status:
        raise subprocess.CalledProcessError(status, command, words[-2000:])
    stated = STATED.findall(words)
    return {
        "seconds": float(stated[-1]) if stated else wall,
        "process_s": wall,
        "mb": peak,
    }


def _peak_mb(pid: int) -> float:
    """Peak resident memory so far; 0 where the system does not tell.

    Not `ru_maxrss`: a child starts with the peak of the process that it was forked from.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def summary(d: pl.DataFrame, group: Ints) -> pl.DataFrame:
    """Place, time and number of witnesses of each group, by one rule for every method.

    Of the originals only: the mean place weighted by the stated precision, and the middle of the
    shortest interval.
    """
    first, _ = originals(d.with_columns(group=pl.Series(group)))
    weight = pl.col("loc_sd") ** -2
    return (
        first.sort("id")
        .with_columns(length=pl.col("t1") - pl.col("t0"), mid=(pl.col("t0") + pl.col("t1")) / 2)
        .group_by("group")
        .agg(
            x=(pl.col("x") * weight).sum() / weight.sum(),
            y=(pl.col("y") * weight).sum() / weight.sum(),
            t=pl.col("mid").sort_by("length", "id").first(),
            witnesses=pl.col("source").n_unique(),
        )
        .sort("group")
    )


def audited(group: Ints, witnesses: Ints, truth: NDArray[np.bool_]) -> tuple[Floats, Any]:
    """P by the number of witnesses, from a fifth of the groups, and the rows left to score."""
    rng = np.random.default_rng(7)
    known = rng.random(int(group.max()) + 1)[group] < AUDITED
    level = np.minimum(witnesses, MOST_WITNESSES)
    p = np.zeros(len(group))
    for each in np.unique(level):
        at = known & (level == each)
        p[level == each] = (truth[at].sum() + 1) / (at.sum() + 2)
    return p, ~known


def scores(world: World, found: pl.DataFrame) -> dict[str, float]:
    """Everything that is scored of one method's answer; rows are matched by id."""
    d = world.reports.join(found, on="id", how="left", maintain_order="left")
    if d["incident"].null_count() or len(d) != len(world.reports):
        raise ValueError("an answer must have each report once")
    group = np.unique(d["incident"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    event = d["event"].to_numpy()
    own = ~d["is_copy"].to_numpy()
    without = joining(event[own], group[own])
    out = joining(event, group) | {f"{name}_own": value for name, value in without.items()}
    each = summary(d.drop("incident"), group)
    witnesses = np.ones(int(group.max()) + 1, dtype=np.int64)
    witnesses[each["group"].to_numpy()] = each["witnesses"].to_numpy()
    if "p_happened" in d.columns:
        p = d["p_happened"].to_numpy()
        sure = sureness(event >= 0, p)
    else:
        p, rest = audited(group, witnesses[group], event >= 0)
        sure = sureness((event >= 0)[rest], p[rest])
    if "happenings" in d.columns:
        of_group = np.bincount(group, d["happenings"].to_numpy()).astype(np.float64)
    else:
        of_group = np.zeros(len(witnesses))
        of_group[group] = p
    truth = tuple(world.events[name].to_numpy().astype(float) for name in ("x", "y", "t"))
    place = tuple(each[name].to_numpy() for name in ("x", "y", "t"))
    counted = counting(truth, place, of_group[each["group"].to_numpy()])
    return out | sure | counted


def compare(world: World, methods: list[str], limit_s: float, threads: int) -> list[dict[str, Any]]:
    """One row a method; a method that fails has its error instead of scores."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world.shown.write_parquet(folder / "in.parquet")
        world.reports.select("event").write_parquet(folder / "truth.parquet")
        for method in methods:
            out = folder / f"{method}.parquet"
            files = [str(folder / "in.parquet"), str(out)]
            if method == OURS:
                command = [sys.executable, "-m", "benchmarks.associate", *files]
                command += ["--threads", str(threads)] if threads else []
            else:
                command = [sys.executable, "-m", "benchmarks.peers", method, *files]
                if method in FAVOURED:
                    command += ["--truth", str(folder / "truth.parquet")]
            try:
                cost = run(command, limit_s)
            except subprocess.CalledProcessError as failed:
                print(f"  {method}: failed\n{failed.output}", file=sys.stderr)
                rows.append({"method": method, "failed": True})
                continue
            row = {"method": method} | cost | scores(world, pl.read_parquet(out))
            shown = " ".join(f"{k} {row[k]:.3f}" for k in ("pair", "b3", "exact", "ece", "seconds"))
            print(f"  {method}: {shown}", flush=True)
            rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--n", type=int, nargs="+", default=[10_000])
    parser.add_argument("--scenarios", nargs="+", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--changes", nargs="+", default=[AS_STATED], choices=list(CHANGES))
    parser.add_argument("--methods", nargs="+", default=[*METHODS, OURS], choices=[*METHODS, OURS])
    parser.add_argument("--threads", type=int, default=0, help="for ours; 0: its own default")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds a method and world")
    parser.add_argument("--results", type=Path, help="JSON lines to add to and make the page from")
    parser.add_argument("--again", nargs="*", default=[], help="methods to run again")
    parser.add_argument("--machine", default="2 cores, shared with other work")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    args = parser.parse_args()
    kept: list[dict[str, Any]] = []
    if args.results and args.results.is_file():
        kept = [json.loads(line) for line in args.results.read_text("utf-8").splitlines()]
    for n in args.n:
        for change in args.changes:
            for scenario in args.scenarios:
                for seed in args.seeds:
                    key = {"n": n, "scenario": scenario, "change": change, "seed": seed}
                    kept = [
                        r
                        for r in kept
                        if not (key.items() <= r.items() and r["method"] in args.again)
                    ]
                    done = {r["method"] for r in kept if key.items() <= r.items()}
                    methods = [m for m in args.methods if m not in done]
                    if not methods:
                        continue
                    world = make(args.generator, n=n, scenario=scenario, seed=seed, change=change)
                    print(f"{scenario} {n} seed {seed}, {change}: {len(world.reports)} reports")
                    rows = compare(world, methods, args.limit, args.threads)
                    kept += [key | {"reports": len(world.reports)} | row for row in rows]
                    if args.results:
                        lines = [json.dumps(_plain(row), sort_keys=True) for row in kept]
                        args.results.write_text("\n".join(lines) + "\n", "utf-8")
    write_page(args.page, kept, args.machine)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """NaN is no JSON: None stands for it."""
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()}


if __name__ == "__main__":
    main()
