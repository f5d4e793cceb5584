"""Scores the association against the committed floors; 0 all held, 1 one did not, 2 unscored."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.associate import associate
from benchmarks.score import joining, sureness
from benchmarks.worlds import generator, make

FLOORS = Path(__file__).with_name("floors.json")
# Of these less is better, so the committed number is the most that is allowed.
CEILINGS = frozenset({"brier", "ece"})


def shortfalls(scores: dict[str, float], floors: dict[str, float]) -> list[str]:
    """What is worse than committed, in words; a score that was not computed falls short too."""
    out = []
    for name, bound in sorted(floors.items()):
        score = scores.get(name)
        if score is None:
            out.append(f"{name} was not computed")
        elif (score > bound) if name in CEILINGS else (score < bound):
            out.append(f"{name} is {score:.3f}, committed was {bound:.3f}")
    return out


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--generator", type=Path, default=generator())
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--short", action="store_true", help="only the worlds marked short")
    args = parser.parse_args(arguments)
    failed = 0
    for world in json.loads(args.floors.read_text("utf-8"))["association"]:
        if args.short and not world["short"]:
            continue
        try:
            d = make(args.generator, n=world["n"], scenario=world["scenario"], seed=world["seed"])
        except FileNotFoundError as missing:
            print(f"Nothing was scored: {missing}", file=sys.stderr)
            return 2
        found = associate(d)
        truth = d["event"].to_numpy()
        scores = joining(truth, found.incident) | sureness(truth >= 0, found.p_happened)
        line = " ".join(f"{name} {score:.3f}" for name, score in sorted(scores.items()))
        print(f"{world['scenario']} {world['n']} seed {world['seed']}: {line}")
        for words in shortfalls(scores, world["floors"]):
            failed += 1
            print(f"  BELOW THE FLOOR: {words}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
