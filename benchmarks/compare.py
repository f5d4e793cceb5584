"""Ours beside plain ways to join, on one world; writes the table in docs/benchmarks.md."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.associate import associate
from benchmarks.peers import by_text, plain_join, st_dbscan
from benchmarks.score import joining, sureness
from benchmarks.worlds import ROOT, generator, make

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from benchmarks.peers import Ints

PAGE = ROOT / "docs" / "benchmarks.md"
START, END = "<!-- table: start -->", "<!-- table: end -->"

PEERS: dict[str, Callable[[pl.DataFrame], Ints]] = {
    "text signature alone": by_text,
    "5 km, 2 days, connected": lambda d: plain_join(d, 5.0, 2.0),
    "ST-DBSCAN, 2 km, 0.5 d, 2 reports": lambda d: st_dbscan(d, 2.0, 0.5, 2),
}


def table(d: pl.DataFrame) -> list[str]:
    """The rows of the comparison, as Markdown."""
    truth = d["event"].to_numpy()
    rows = [
        "| method | pair F1 | B-cubed F1 | exact F1 | Brier | ECE | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, peer in PEERS.items():
        start = time.perf_counter()
        s = joining(truth, peer(d))
        took = time.perf_counter() - start
        rows.append(
            f"| {name} | {s['pair']:.3f} | {s['b3']:.3f} | {s['exact']:.3f} | – | – | {took:.1f} |"
        )
    for density in ("uniform", "local"):
        found = associate(d, density)
        s = joining(truth, found.incident) | sureness(truth >= 0, found.p_happened)
        rows.append(
            f"| first form, {density} density | {s['pair']:.3f} | {s['b3']:.3f} "
            f"| {s['exact']:.3f} | {s['brier']:.3f} | {s['ece']:.3f} | {found.seconds:.1f} |"
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--scenario", default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path, default=PAGE)
    args = parser.parse_args()
    d = make(args.generator, n=args.n, scenario=args.scenario, seed=args.seed)
    head = f"World: {args.scenario}, {args.n:,} events, {len(d):,} reports, seed {args.seed}."
    text = "\n".join([START, "", head, "", *table(d), "", END])
    page = args.page.read_text("utf-8")
    before, rest = page.split(START, 1)
    args.page.write_text(before + text + rest.split(END, 1)[1], "utf-8")
    print(text)


if __name__ == "__main__":
    main()
