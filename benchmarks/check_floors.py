"""Scores the association against the committed floors; 0 all held, 1 one did not, 2 unscored."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    assessing,
    boilerplate,
    copying,
    coreference,
    dependence,
    evidence,
    judged,
    meltt_crash,
    origins_effect,
    pairs,
    truces,
    ucdp_origins,
    web,
)
from benchmarks.associate import associate
from benchmarks.meltt import meltt
from benchmarks.real import civharm, eyes_on_russia
from benchmarks.score import joining, sureness
from benchmarks.september import incidents_of, names, september
from benchmarks.worlds import generator, make

Scorers = dict[str, Callable[[Path], dict[str, float]]]

FLOORS = Path(__file__).with_name("floors.json")
# Of these less is better, so the committed number is the most that is allowed.
CEILINGS = frozenset(
    {
        "brier",
        "ece",
        "over",
        "pair short of the truth",
        "claims off",
        "wrong",
        "false alarms",
        "seconds",
        "MiB",
        "single append, p99 ms",
        "open to read, seconds",
        "open to write, seconds",
        "first append after, seconds",
        "writer's peak of memory, MiB",
        "calls of the API, p95 ms",
    }
)


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
    parser.add_argument("--data", type=Path, default=generator().parents[1] / "data")
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--short", action="store_true", help="only the worlds marked short")
    args = parser.parse_args(arguments)
    failed = 0
    for world in json.loads(args.floors.read_text("utf-8"))["association"]:
        if args.short and not world["short"]:
            continue
        try:
            d = make(
                args.generator, n=world["n"], scenario=world["scenario"], seed=world["seed"]
            ).reports
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
    if not args.short:
        floors = json.loads(args.floors.read_text("utf-8"))
        failed += _real(floors["real"], args.data)
        failed += _real(floors["desk"], args.data, DESK)
        failed += _real(floors["speed"], args.data, SPEED)
    return 1 if failed else 0


def _real(floors: dict[str, dict[str, float]], data: Path, scorers: Scorers | None = None) -> int:
    """Score the real data; how many floors are not held. Absent data are said and not scored."""
    failed = 0
    for name, floor in floors.items():
        try:
            scores = (scorers or REAL)[name](data)
        except FileNotFoundError as missing:
            print(f"{name}: not scored, {missing.filename or missing} is absent")
            continue
        print(f"{name}: " + " ".join(f"{key} {value:.3f}" for key, value in scores.items()))
        for words in shortfalls(scores, floor):
            failed += 1
            print(f"  BELOW THE FLOOR: {words}")
    return failed


def _pairs(data: Path) -> dict[str, float]:
    left = civharm(data / "bellingcat-civilian-harm" / "civharm.json")
    right = eyes_on_russia(data / "cir-eyes-on-russia" / "events.csv")
    truth = pairs.read_truth(data / "match-truth-shared-url" / "pairs.csv")
    found = pairs.joined(left, right)
    return {
        "recall": pairs.recall(found, truth.strict),
        "recall of the hard part": pairs.recall(found, truth.hard),
        "left records": pairs.recall_of_left(found, truth.strict),
        "precision": pairs.precision(found, truth, pairs.JUDGED)[0],
    }


def _judged(data: Path) -> dict[str, float]:
    month = september(data)
    found = judged.joined_pairs(incidents_of(month), names(month.claims))
    records = [
        j
        for j in judged.read(judged.JUDGED)
        if not any(part.split(":")[0] in judged.PIXELS for part in j.pair)
    ]
    return judged.scores(records, found)


def _crash(data: Path) -> dict[str, float]:
    rows, records = meltt_crash.read(data / "meltt-crash")
    rule = meltt_crash.pairs(meltt(records, meltt_crash.KM, meltt_crash.DAYS))
    ours = meltt_crash.pairs(meltt_crash.by_engine(rows, records))
    return {"pairs of the rule": float(len(rule & ours)), "pairs": float(len(ours))}


REAL: Scorers = {"pairs": _pairs, "judged": _judged, "crash": _crash}
SPEED: Scorers = {
    "assessing": assessing.scores,
    "evidence": evidence.scores,
    "web": web.scores,
}
DESK: Scorers = {
    "boilerplate": boilerplate.scores,
    "dependence": dependence.gains,
    "ucdp": ucdp_origins.scores,
    "effect": origins_effect.gains,
    "copying": copying.scores,
    "coreference": coreference.scores,
    "grouping": coreference.scores_of_articles,
    "truces": lambda _: truces.scores(),
}


if __name__ == "__main__":
    sys.exit(main())
