"""Holds branch coverage at what it has reached: `python tools/ratchet.py coverage.json FLOOR`.

The floor file's first line is a number of per cent; the lines after it say when it was lowered
and why. `--raise` writes what was reached. `--lower-to N --because "…"` is the only way down.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

SLACK = 1.0


def branches(report: dict[str, Any]) -> float:
    """The share of branches that ran, in per cent, rounded down to a tenth.

    Raises ValueError where the report counts no branches: without them the gate means nothing.
    """
    totals = report["totals"]
    if not totals.get("num_branches"):
        raise ValueError("the report counts no branches: run with branch coverage on")
    return math.floor(1000 * totals["covered_branches"] / totals["num_branches"]) / 10


def read_floor(path: Path) -> float:
    """The number on the first line of the floor file."""
    return float(path.read_text("utf-8").splitlines()[0])


def write_floor(path: Path, value: float, because: str | None = None) -> None:
    """Replace the first line, keep the history below it and add to it where a reason is given."""
    history = path.read_text("utf-8").splitlines()[1:] if path.exists() else []
    if because is not None:
        history.append(f"lowered to {value:.1f}: {because}")
    path.write_text("\n".join([f"{value:.1f}", *history]) + "\n", "utf-8")


def judge(reached: float, floor: float) -> tuple[bool, str]:
    """Whether the gate holds, and what to say about it."""
    said = f"branch coverage {reached:.1f} %, floor {floor:.1f} %"
    if reached < floor:
        return False, f"{said}: too low. Test the new branches, or argue for less (--lower-to)."
    if reached > floor + SLACK:
        return True, f"{said}: raise the floor (--raise)."
    return True, f"{said}."


def main(arguments: list[str]) -> int:
    """Check, raise or lower; 0 holds, 1 does not, 2 wrong use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("floor", type=Path)
    parser.add_argument("--raise", dest="up", action="store_true")
    parser.add_argument("--lower-to", type=float)
    parser.add_argument("--because")
    given = parser.parse_args(arguments)
    if (given.lower_to is None) != (given.because is None):
        parser.error("--lower-to and --because go together")
    if given.lower_to is not None:
        write_floor(given.floor, given.lower_to, given.because)
    reached = branches(json.loads(given.report.read_text("utf-8")))
    floor = read_floor(given.floor)
    if given.up and reached > floor:
        write_floor(given.floor, reached)
        floor = reached
    holds, said = judge(reached, floor)
    sys.stdout.write(said + "\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
