"""Recall on real pairs: pairs.py --left civharm.json --right events.csv --truth pairs.csv.

The truth lists records of the two data sets that cite one post; a pair that it does not list may
still be the same incident, so precision rests on a sample of 50 that the engine joined and the
truth does not list, judged by hand (`judged_pairs.csv`; `--sample` draws another).
The hard part are strict pairs that differ in both place and wording.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.judged import VERDICTS
from benchmarks.judged import read as judgements
from benchmarks.real import civharm, eyes_on_russia, parameters
from benchmarks.worlds import generator
from trucewatch.incidents import Parameters, find_incidents
from trucewatch.model import Claim, Point, distance_m
from trucewatch.model.places import EARTH_RADIUS_M
from trucewatch.origins import find_origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.real import ReadIn

Pair = tuple[str, str]
JUDGED = Path(__file__).with_name("judged_pairs.csv")
# The draw that speaks for what is joined now; verdicts of the one before it are kept.
DRAWN_AS = "told again"
SAME_PLACE_KM = 0.001
DAY_S = 86_400.0
SEED = 20220901


@dataclass(frozen=True)
class Truth:
    """Pairs by the two sources' own ids; `hard` is a part of `strict`."""

    strict: frozenset[Pair]
    hard: frozenset[Pair]


def read_truth(path: Path) -> Truth:
    """Strict pairs, and those of them that differ in place (over a metre) and in wording."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rule"] == "strict"]

    def pairs(chosen: Iterable[dict[str, str]]) -> frozenset[Pair]:
        return frozenset((row["civharm_id"], row["eor_entry"]) for row in chosen)

    hard = (
        row
        for row in rows
        if float(row["distance_km"]) > SAME_PLACE_KM and row["identical_text"] != "1"
    )
    return Truth(pairs(rows), pairs(hard))


def joined(left: ReadIn, right: ReadIn) -> set[Pair]:
    """Pairs of records, one of each side, that the engine puts into one incident."""
    sources = {each.source.id: each.source for each in (left, right)}
    claims = (*left.claims, *right.claims)
    origins = find_origins(claims, informants=(), sources=sources)
    incidents = find_incidents(
        claims, origins, sources=sources, regions=(), parameters=parameters()
    )
    by_id = {claim.id: claim for claim in claims}
    out = set()
    for incident in incidents:
        names: dict[str, list[str]] = {left.source.id: [], right.source.id: []}
        for key in incident.claims:
            names[by_id[key].source].append(by_id[key].external_id or "")
        out |= {(a, b) for a in names[left.source.id] for b in names[right.source.id]}
    return out


def plain(left: ReadIn, right: ReadIn, km: float, days: int) -> set[Pair]:
    """All pairs within `km` and `days` of each other: the join to beat."""
    a, b = _placed(left.claims), _placed(right.claims)
    near = _tree(a).query_ball_tree(_tree(b), km)
    return {
        (one.external_id or "", b[j].external_id or "")
        for one, found in zip(a, near, strict=True)
        for j in found
        if abs((one.when.middle - b[j].when.middle).total_seconds()) <= days * DAY_S * 1.05
    }


def candidates(left: ReadIn, right: ReadIn, parameters: Parameters) -> set[Pair]:
    """All pairs within the engine's gate of their own stated errors in place and time."""
    a, b = _placed(left.claims), _placed(right.claims)
    most = parameters.gate_sigmas * np.hypot(
        max(_error_km(c) for c in a), max(_error_km(c) for c in b)
    )
    near = _tree(a).query_ball_tree(_tree(b), float(most))
    out = set()
    for one, found in zip(a, near, strict=True):
        for other in (b[j] for j in found):
            reach = np.hypot(_error_km(one), _error_km(other))
            spread = np.sqrt(sum(c.when.length.total_seconds() ** 2 / 12 for c in (one, other)))
            gap = abs((one.when.middle - other.when.middle).total_seconds())
            if _apart_km(one, other) <= parameters.gate_sigmas * reach and gap <= (
                parameters.gate_sigmas * spread
            ):
                out.add((one.external_id or "", other.external_id or ""))
    return out


def recall(found: set[Pair], truth: frozenset[Pair]) -> float:
    return len(found & truth) / len(truth)


def recall_of_left(found: set[Pair], truth: frozenset[Pair]) -> float:
    """The share of left records with a true pair that got at least one of theirs."""
    real = {a for a, _ in truth}
    return len({a for a, _ in found & truth}) / len(real)


def reasons(missed: Iterable[Pair], left: ReadIn, right: ReadIn, found: set[Pair]) -> Counter[str]:
    """Why true pairs were not joined, by the first of four reasons that holds."""
    by_left, by_right = _by_number(left.claims), _by_number(right.claims)
    partners: defaultdict[str, int] = defaultdict(int)
    for a, b in found:
        partners[a] += 1
        partners[b] += 1
    out: Counter[str] = Counter()
    for a, b in missed:
        if a not in by_left or b not in by_right:
            out["a record was rejected by the reader"] += 1
            continue
        one, other = by_left[a], by_right[b]
        days = abs((one.when.middle - other.when.middle).total_seconds()) / DAY_S
        if _apart_km(one, other) > 1 or days > 2:
            out["over 1 km or 2 days apart"] += 1
        elif partners[a] or partners[b]:
            out["one of the two went to another record"] += 1
        else:
            out["both stayed alone"] += 1
    return out


def precision(found: set[Pair], truth: Truth, path: Path) -> tuple[float, int, int, int]:
    """Share of joined pairs that are right, and of the judged ones: same, different, unclear.

    Listed pairs are right; of the others the judged ones that are still joined speak for all.
    """
    judged = [j for j in judgements(path) if j.drawn_as == DRAWN_AS and _numbers(j.pair) in found]
    same, different, unclear = (sum(j.verdict == v for j in judged) for v in VERDICTS)
    listed = len(found & truth.strict)
    share = same / (same + different) if same + different else float("nan")
    return (listed + share * (len(found) - listed)) / len(found), same, different, unclear


def _numbers(pair: Pair) -> Pair:
    a, b = (part.split(":", 1)[1] for part in pair)
    return a, b


def sample(found: set[Pair], truth: Truth, size: int) -> list[Pair]:
    """Joined pairs that the truth does not list, drawn with a fixed seed, for judging by hand."""
    unknown = sorted(found - truth.strict)
    return sorted(random.Random(SEED).sample(unknown, min(size, len(unknown))))


def _by_number(claims: Sequence[Claim]) -> dict[str, Claim]:
    return {c.external_id or "": c for c in claims}


def _placed(claims: Sequence[Claim]) -> list[Claim]:
    return [c for c in claims if isinstance(c.place, Point)]


def _error_km(claim: Claim) -> float:
    return claim.place.error_m / 1000 if isinstance(claim.place, Point) else float("inf")


def _apart_km(one: Claim, other: Claim) -> float:
    if not (isinstance(one.place, Point) and isinstance(other.place, Point)):
        return float("inf")
    return distance_m(one.place, other.place) / 1000


def _tree(claims: Sequence[Claim]) -> cKDTree:
    points = [c.place for c in claims if isinstance(c.place, Point)]
    lat, lon = (np.radians([getattr(p, name) for p in points]) for name in ("lat", "lon"))
    unit = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return cKDTree(unit * EARTH_RADIUS_M / 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    data = generator().parents[1] / "data"
    parser.add_argument(
        "--left", type=Path, default=data / "bellingcat-civilian-harm" / "civharm.json"
    )
    parser.add_argument("--right", type=Path, default=data / "cir-eyes-on-russia" / "events.csv")
    parser.add_argument("--truth", type=Path, default=data / "match-truth-shared-url" / "pairs.csv")
    parser.add_argument("--judged", type=Path, default=JUDGED)
    parser.add_argument("--sample", type=int, default=0, help="print so many pairs to judge")
    args = parser.parse_args()
    left, right = civharm(args.left), eyes_on_russia(args.right)
    truth = read_truth(args.truth)
    print(
        f"{len(left.claims)} and {len(right.claims)} records read, "
        f"{left.rejected} and {right.rejected} rejected; "
        f"{len(truth.strict)} strict pairs, {len(truth.hard)} of them hard"
    )
    ours = joined(left, right)
    answers = {
        "plain join, 0.3 km and 1 day": plain(left, right, 0.3, 1),
        "candidates of the engine's gate": candidates(left, right, Parameters()),
        "joined by the engine": ours,
    }
    print("answer | recall of all | of the hard part | left records | pairs a true pair")
    for name, found in answers.items():
        print(
            f"{name} | {recall(found, truth.strict):.3f} | {recall(found, truth.hard):.3f} | "
            f"{recall_of_left(found, truth.strict):.3f} | {len(found) / len(truth.strict):.2f}"
        )
    share, *verdicts = precision(ours, truth, args.judged)
    shown = ", ".join(f"{n} {v}" for n, v in zip(verdicts, VERDICTS, strict=True))
    print(f"precision by the judged sample: {share:.3f} (of unlisted pairs still joined: {shown})")
    for name, part in (("all", truth.strict), ("hard", truth.hard)):
        for words, count in sorted(reasons(part - ours, left, right, ours).items()):
            print(f"missed of {name}: {count} {words}")
    for a, b in sample(ours, truth, args.sample):
        print(f"to judge: {a} {b}")


if __name__ == "__main__":
    main()
