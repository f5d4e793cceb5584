"""What the tracing of origins changes: calibration and F1 with it, without it and with the truth.

`on` lays copies with a known signature upon their originals and takes what is left of sources that
mostly copy for copies; `off` takes every report for a witness of its own; `true` is told of each
copy what it is a copy of. Only the column of signatures differs; all else, the learning of the
parameters included, is the same engine on the same reports.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import fmean
from typing import Any

import polars as pl

from benchmarks.associate import associate
from benchmarks.score import joining, sureness
from benchmarks.sections import write_section
from benchmarks.worlds import ROOT, SCENARIOS, World, generator, make

MODES = ("on", "off", "true")
NAMES = {"on": "**origins traced**", "off": "every report a witness", "true": "true origins given"}
SHOWN = ("pair", "pair_own", "b3", "exact", "exact_own", "brier", "ece")
HEAD = ("pair", "pair, no copies", "B³", "exact", "exact, no copies", "Brier", "ECE")


def signed(world: World, mode: str) -> pl.DataFrame:
    """The reports with the signatures of a mode; ValueError for a mode that there is not."""
    d = world.reports
    if mode == "on":
        return d
    if mode == "off":
        return d.with_columns(text=pl.int_range(pl.len(), dtype=pl.Int64))
    if mode == "true":
        return d.with_columns(text=pl.col("orig"))
    raise ValueError(f"no mode is called {mode!r}")


def scores(world: World, mode: str) -> dict[str, float]:
    """F1 of all reports and of originals alone, and how well P is meant, each report one case."""
    found = associate(signed(world, mode))
    event = world.reports["event"].to_numpy()
    own = ~world.reports["is_copy"].to_numpy()
    alone = {f"{k}_own": v for k, v in joining(event[own], found.incident[own]).items()}
    return joining(event, found.incident) | alone | sureness(event >= 0, found.p_happened)


def gains(data: Path) -> dict[str, float]:
    """What a small world gains by traced origins, and what the true ones would still add.

    The generator lies beside the data; FileNotFoundError where it is absent.
    """
    world = make(data.parent / "bench" / "gen.py", n=2000, scenario="mixed", seed=1)
    on, off, true = (scores(world, mode) for mode in MODES)
    return {
        "pair gained": on["pair"] - off["pair"],
        "brier gained": off["brier"] - on["brier"],
        "ece": on["ece"],
        "pair short of the truth": true["pair"] - on["pair"],
    }


def table(rows: list[dict[str, Any]]) -> list[str]:
    """One row a scenario and mode, the mean over its seeds."""
    out = [f"| world | origins | {' | '.join(HEAD)} |", f"|{'---|' * (len(HEAD) + 2)}"]
    kinds = sorted({(row["n"], row["scenario"]) for row in rows})
    for n, scenario in kinds:
        mine = [row for row in rows if (row["n"], row["scenario"]) == (n, scenario)]
        seeds = sorted({row["seed"] for row in mine})
        said = f"{scenario}, {n:,} events, seed{'s' if len(seeds) > 1 else ''} "
        said += ", ".join(map(str, seeds))
        for mode in MODES:
            cells = [
                f"{fmean(row[key] for row in mine if row['mode'] == mode):.3f}" for key in SHOWN
            ]
            out.append(f"| {said} | {NAMES[mode]} | {' | '.join(cells)} |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--scenarios", nargs="+", default=list(SCENARIOS), choices=SCENARIOS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--results", type=Path, required=True, help="JSON lines to add to")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    args = parser.parse_args()
    kept: list[dict[str, Any]] = []
    if args.results.is_file():
        kept = [json.loads(line) for line in args.results.read_text("utf-8").splitlines()]
    for seed in args.seeds:
        for scenario in args.scenarios:
            world = make(args.generator, n=args.n, scenario=scenario, seed=seed)
            for mode in MODES:
                key = {"n": args.n, "scenario": scenario, "seed": seed, "mode": mode}
                if any(key.items() <= row.items() for row in kept):
                    continue
                row = key | scores(world, mode)
                print(json.dumps(row), flush=True)
                kept.append(row)
                args.results.write_text("".join(json.dumps(r) + "\n" for r in kept), "utf-8")
    write_section(args.page, "origins-effect", table(kept))


if __name__ == "__main__":
    main()
