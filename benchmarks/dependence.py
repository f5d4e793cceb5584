"""Dependence learnt from shared errors, on made-up worlds where who copies whom is known.

Two worlds: the generator's own, with every text lost, where five sources copy four others; and one
in which the press also repeats a share of what open sources say, errors and all, and no text tells.
Found pairs of sources are held against the true ones, and P is scored with and without laying the
claims that were found to share an error upon each other.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.associate import associate
from benchmarks.score import joining, sureness
from benchmarks.sections import write_section
from benchmarks.worlds import ROOT, generator, make
from trucewatch.model import Claim, Interval, Point
from trucewatch.origins import learn_dependence

if TYPE_CHECKING:
    from trucewatch.model import Edge

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
OPEN, PRESS, FIRST_COPIER = 2, 3, 5
KM_PER_DEGREE = 6371.0088 * np.pi / 180


def claims_of(d: pl.DataFrame) -> list[Claim]:
    """The reports as claims on a small patch at the equator, without a word of text."""
    return [
        Claim(
            id=f"clm-{row['id']:08}", report="r", source=f"s{row['source']}", kind="shelling",
            place=Point(
                (row["y"] - 400) / KM_PER_DEGREE, (row["x"] - 300) / KM_PER_DEGREE,
                row["loc_sd"] * 1000,
            ),
            when=Interval(
                EPOCH + timedelta(days=row["t0"]), EPOCH + timedelta(days=row["t1"])
            ),
        )
        for row in d.iter_rows(named=True)
    ]  # fmt: skip


def repeating(d: pl.DataFrame, share: float, seed: int) -> pl.DataFrame:
    """Originals alone, and a share of the open sources' reports again as if they were the press's.

    Seven in ten keep the place, the rest lie 1.5 km off; all keep the time and the kind.
    """
    rng = np.random.default_rng(seed)
    own = d.filter(~pl.col("is_copy"))
    said = own.filter(pl.col("source") == OPEN).sort("id")
    again = said.filter(pl.Series(rng.random(len(said)) < share))
    moved = rng.random(len(again)) < 0.3
    n = len(again)
    again = again.with_columns(
        source=pl.lit(PRESS, dtype=again["source"].dtype),
        x=pl.Series(np.where(moved, np.round(again["x"] + rng.normal(0, 1.5, n)), again["x"])),
        y=pl.Series(np.where(moved, np.round(again["y"] + rng.normal(0, 1.5, n)), again["y"])),
        pub=pl.Series(again["pub"].to_numpy() + rng.exponential(0.3, n)),
        id=pl.Series(np.arange(n) + int(d["id"].max()) + 1, dtype=again["id"].dtype),  # type: ignore[arg-type] # ids are integers
        text=pl.Series(np.arange(n) + int(d["text"].max()) + 1, dtype=again["text"].dtype),  # type: ignore[arg-type] # signatures are integers
        is_copy=pl.lit(True),
    )
    return pl.concat([own, again.select(own.columns)])


def depend(edges: tuple[Edge, ...], least: float = 0.05) -> set[tuple[str, str]]:
    """Pairs of sources that are tied."""
    return {
        (e.one, e.other) for e in edges if e.one.startswith("s") and e.strength >= least
    }  # fmt: skip


def laid(d: pl.DataFrame, edges: tuple[Edge, ...]) -> pl.DataFrame:
    """The reports with one signature for claims that rather share an error than not."""
    row_of = {f"clm-{i:08}": k for k, i in enumerate(d["id"].to_list())}
    text, pub = d["text"].to_numpy().copy(), d["pub"].to_numpy()
    tied = sorted(
        (e for e in edges if e.one in row_of and e.strength > 0.5),
        key=lambda e: (-e.strength, e.one, e.other),
    )
    done: set[int] = set()
    for e in tied:
        first, later = sorted((row_of[e.one], row_of[e.other]), key=lambda k: (pub[k], k))
        if later not in done and first not in done:
            text[later] = text[first]
            done.add(later)
    return d.with_columns(text=pl.Series(text))


def scored(d: pl.DataFrame, signed: pl.DataFrame) -> dict[str, float]:
    found = associate(signed)
    event = d["event"].to_numpy()
    return joining(event, found.incident) | sureness(event >= 0, found.p_happened)


def pairs_found(found: set[tuple[str, str]], true: set[tuple[str, str]]) -> dict[str, float]:
    return {
        "found": float(len(found & true)),
        "of": float(len(true)),
        "wrong": float(len(found - true)),
    }


def gains(data: Path) -> dict[str, float]:
    """What is found in a small world without a text, how much of it wrongly, and what it gains.

    The generator lies beside the data; FileNotFoundError where it is absent.
    """
    d = make(data.parent / "bench" / "gen.py", n=2000, scenario="mixed", seed=1).reports
    silent = d.with_columns(text=pl.int_range(pl.len(), dtype=pl.Int64))
    edges = learn_dependence(claims_of(d))
    without, learnt = scored(d, silent), scored(d, laid(silent, edges))
    hit = pairs_found(depend(edges), copying())
    return {
        "pairs found": hit["found"] / hit["of"],
        "wrong": hit["wrong"],
        "pair gained": learnt["pair"] - without["pair"],
        "brier gained": without["brier"] - learnt["brier"],
    }


def copying() -> set[tuple[str, str]]:
    """Pairs of the generator's sources of which one copies, or both copy the same."""
    found = set()
    for copier in range(FIRST_COPIER, 10):
        for other in range(1, 10):
            if other != copier:
                one, two = sorted((f"s{other}", f"s{copier}"))
                found.add((one, two))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--scenario", default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.0, 0.15, 0.4])
    parser.add_argument("--page", type=Path)
    args = parser.parse_args()
    d = make(args.generator, n=args.n, scenario=args.scenario, seed=args.seed).reports
    lines = ["| world | pairs of sources | pair | B³ | Brier | ECE |", "|---|---|---|---|---|---|"]

    def row(name: str, said: str, s: dict[str, float]) -> None:
        cells = " | ".join(f"{s[k]:.3f}" for k in ("pair", "b3", "brier", "ece"))
        lines.append(f"| {name} | {said} | {cells} |")
        print(lines[-1], flush=True)

    edges = learn_dependence(claims_of(d))
    hit = pairs_found(depend(edges), copying())
    said = f"{hit['found']:.0f} of {hit['of']:.0f}, {hit['wrong']:.0f} wrong"
    silent = d.with_columns(text=pl.int_range(pl.len(), dtype=pl.Int64))
    row("as stated, text known", "not asked", scored(d, d))
    row("as stated, no text, nothing learnt", "not asked", scored(d, silent))
    row("as stated, no text, dependence learnt", said, scored(d, laid(silent, edges)))
    row("as stated, text known, dependence learnt too", said, scored(d, laid(d, edges)))
    for share in args.shares:
        world = repeating(d, share, args.seed)
        edges = learn_dependence(claims_of(world))
        hit = pairs_found(depend(edges), {(f"s{OPEN}", f"s{PRESS}")} if share else set())
        said = f"{hit['found']:.0f} of {hit['of']:.0f}, {hit['wrong']:.0f} wrong"
        name = f"the press repeats {100 * share:.0f} %"
        row(f"{name}, nothing learnt", "not asked", scored(world, world))
        row(f"{name}, dependence learnt", said, scored(world, laid(world, edges)))
        true = world.with_columns(text=pl.col("orig"))
        row(f"{name}, true origins", "given", scored(world, true))
        print(json.dumps([[e.one, e.other, e.strength] for e in edges if e.one.startswith("s")]))
    if args.page:
        write_section(ROOT / args.page, "dependence", lines)


if __name__ == "__main__":
    main()
