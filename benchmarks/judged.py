"""Precision and recall on pairs of records of September 2022 that were judged by hand.

`judged.csv` holds who was compared, by the sources' own numbers, what the engine of that day did
with the pair (`drawn_as`), the verdict (same, different, cannot tell) and why. `python -m
benchmarks.judged` scores the engine that is installed now; `--draw N` draws N joined and N nearly
joined pairs anew and prints the raw words side by side, to be judged. No value of the model is
fitted to these verdicts; they have only shown which part of its structure was wrong.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.september import incidents_of, names, september
from benchmarks.worlds import generator
from trucewatch.incidents import Parameters
from trucewatch.model import Claim, Point, distance_m, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.september import Month
    from trucewatch.model import Incident

JUDGED = Path(__file__).with_name("judged.csv")
VERDICTS = ("same", "different", "cannot tell")
SEED = 20220901
DAY_S = 86_400.0
# Dates slip by a quarter of a day (one standard error) before anybody's interval is counted.
TAU_DAYS = 0.25
# What is drawn of pairs with no, one and two satellite pixels: pixels are many and teach little.
SHARES = (0.8, 0.1, 0.1)
PIXELS = frozenset({"modis", "viirs"})
# Records known less well than this have hundreds of neighbours that nobody could judge.
WIDEST_KM, LONGEST_DAYS = 15.0, 3.1

Pair = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """One pair; `weight` is how many such pairs of its kind each drawn one stands for."""

    pair: Pair
    drawn_as: str
    weight: float
    verdict: str


def read(path: Path) -> list[Judgement]:
    """Raises ValueError, with the line, for an unknown verdict or a pair that comes twice."""
    out: list[Judgement] = []
    seen: set[Pair] = set()
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            pair = ordered(
                f"{row['left_source']}:{row['left_id']}",
                f"{row['right_source']}:{row['right_id']}",
            )
            if row["verdict"] not in VERDICTS or pair in seen:
                raise ValueError(f"{path.name}, line {line}: {row['verdict']!r} for {pair}")
            seen.add(pair)
            out.append(Judgement(pair, row["drawn_as"], float(row["stands_for"]), row["verdict"]))
    return out


def ordered(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)


def joined_pairs(incidents: Iterable[Incident], name: dict[str, str]) -> set[Pair]:
    """Pairs of records of two sources that are in one incident."""
    out = set()
    for incident in incidents:
        mine = sorted({name[c] for c in incident.claims if c in name})
        out |= {
            (a, b)
            for i, a in enumerate(mine)
            for b in mine[i + 1 :]
            if a.split(":")[0] != b.split(":")[0]
        }
    return out


def near_pairs(month: Month, joined: set[Pair], name: dict[str, str]) -> set[Pair]:
    """For each record the nearest of another source that it was not joined with.

    Near is by the two records' own errors in place and time, within the gate of the engine, kinds
    that agree; sums of several events and very vague records are left out. No engine's own value
    is used, so that another engine can be scored on them.
    """
    gate = Parameters().gate_sigmas
    tree = kind_tree()
    claims = [
        c
        for c in sorted(month.claims, key=lambda c: c.id)
        if isinstance(c.place, Point)
        and c.kind in tree
        and c.kind != "air_raid_alert"
        and not c.aggregated
        and c.place.error_m / 1000 <= WIDEST_KM
        and c.when.length.total_seconds() / DAY_S <= LONGEST_DAYS
    ]
    t = np.array([c.when.middle.timestamp() / DAY_S for c in claims])
    long = np.array([c.when.length.total_seconds() / DAY_S for c in claims])
    var = TAU_DAYS**2 + long**2 / 12
    lat, lon, km = (np.array([_place(c)[k] for c in claims]) for k in range(3))
    out = set()
    for i, one in enumerate(claims):
        dx = (lon - lon[i]) * np.cos(np.radians(lat[i])) * 111.2
        apart = (dx**2 + ((lat - lat[i]) * 111.2) ** 2) / (km**2 + km[i] ** 2)
        between = (t - t[i]) ** 2 / (var + var[i])
        for j in np.argsort(apart + between, kind="stable"):
            if apart[j] + between[j] > 2 * gate**2:
                break
            other = claims[j]
            pair = ordered(name[one.id], name[other.id])
            if (
                other.source != one.source
                and max(apart[j], between[j]) <= gate**2
                and tree.compatible(one.kind, other.kind)
                and pair not in joined
            ):
                out.add(pair)
                break
    return out


def _place(claim: Claim) -> tuple[float, float, float]:
    if not isinstance(claim.place, Point):
        raise TypeError("only claims with a point are near to anything")
    return claim.place.lat, claim.place.lon, claim.place.error_m / 1000


def draw(pairs: set[Pair], size: int) -> list[tuple[Pair, float]]:
    """A sample with a fixed seed, and how many pairs each drawn one stands for."""
    strata: list[list[Pair]] = [[], [], []]
    for pair in sorted(pairs):
        strata[sum(p.split(":")[0] in PIXELS for p in pair)].append(pair)
    out = []
    for part, share in zip(strata, SHARES, strict=True):
        taken = random.Random(SEED).sample(part, min(round(size * share), len(part)))
        out += [(pair, len(part) / len(taken)) for pair in sorted(taken)]
    return out


def scores(judged: Sequence[Judgement], joined: set[Pair]) -> dict[str, float]:
    """Precision and recall of what is joined now; "cannot tell" counts on neither side.

    Recall is of the pairs that were drawn: what lies further off than the nearest neighbour was
    never looked at. Weighted, each pair counts for as many as it was drawn from.
    """
    same = [j for j in judged if j.verdict == "same"]
    sure = [j for j in judged if j.verdict != "cannot tell" and j.pair in joined]
    right = [j for j in same if j.pair in joined]
    return {
        "same": len(same),
        "joined": len(sure),
        "precision": len(right) / len(sure) if sure else float("nan"),
        "recall": len(right) / len(same) if same else float("nan"),
        "weighted recall": _weight(right) / _weight(same) if same else float("nan"),
    }


def _weight(judged: Iterable[Judgement]) -> float:
    return sum(j.weight for j in judged)


def _words(claim: Claim) -> str:
    lat, lon, km = _place(claim) if isinstance(claim.place, Point) else (0.0, 0.0, -1.0)
    counts = " ".join(f"{c.what}={c.best}" for c in claim.counts)
    said = "; ".join(
        " | ".join(part for part in (a.outlet, a.informant, a.headline) if part)
        for a in claim.attributions
    )
    return (
        f"{claim.kind} {lat:.4f},{lon:.4f} ±{km:.2f} km "
        f"{claim.when.earliest:%m-%d %H:%M}–{claim.when.latest:%m-%d %H:%M} "
        f"[{claim.region or ''}] {counts}\n      {claim.text[:700]}\n      {said[:500]}"
    )


def show(month: Month, name: dict[str, str], drawn: Iterable[tuple[str, Pair, float]]) -> None:
    """Print both records of each pair; their words are only shown, never kept."""
    by_name = {name[c.id]: c for c in month.claims}
    for number, (drawn_as, pair, stands_for) in enumerate(drawn, start=1):
        one, other = (by_name[p] for p in pair)
        apart = (
            distance_m(one.place, other.place) / 1000
            if isinstance(one.place, Point) and isinstance(other.place, Point)
            else float("nan")
        )
        print(f"#{number} {drawn_as} {stands_for:.3f} {apart:.1f} km apart")
        for label, claim in zip(pair, (one, other), strict=True):
            print(f"  {label}\n      {_words(claim)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=generator().parents[1] / "data")
    parser.add_argument("--judged", type=Path, default=JUDGED)
    parser.add_argument("--draw", type=int, help="draw so many of each sort, and show them")
    args = parser.parse_args()
    month = september(args.data)
    name = names(month.claims)
    joined = joined_pairs(incidents_of(month), name)
    if args.draw:
        near = near_pairs(month, joined, name)
        show(
            month,
            name,
            [
                (words, pair, weight)
                for words, pairs in (("joined", joined), ("near", near))
                for pair, weight in draw(pairs, args.draw)
            ],
        )
        return
    judged = read(args.judged)
    for verdict in VERDICTS:
        drawn = [j for j in judged if j.verdict == verdict]
        now = sum(j.pair in joined for j in drawn)
        print(f"{verdict}: {len(drawn)}, of them joined now {now}")
    for pixels, words in enumerate(("two records", "a record and a pixel", "two pixels")):
        part = [j for j in judged if sum(p.split(":")[0] in PIXELS for p in j.pair) == pixels]
        found = " ".join(f"{name} {value:.3g}" for name, value in scores(part, joined).items())
        print(f"{words}: {found}")


if __name__ == "__main__":
    main()
