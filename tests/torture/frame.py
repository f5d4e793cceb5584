"""The tries of the evidence log: how often each is made, with which seeds, and what counts.

A row is one promise. Its tries must all hold, and each of its saboteurs, a log from which one
guard was taken, must be caught. A test module of this folder takes its row with `row(...)` and
hands the `torture` fixture one function: it makes one try and raises where the promise breaks.

    POWER = row("simulated power loss")

    @POWER.tries(parts=20)
    def test_power_cuts_lose_nothing(torture):
        torture(lambda random, _: storm(SimDisk, random))

    @POWER.saboteur("no sync at all", tries=400, share=0.95)
    def test_a_disk_that_never_syncs_is_caught(torture):
        torture(lambda random, _: storm(ForgetfulDisk, random))

The counts of `ROWS` are those of every CI run, always with the same seeds. `make torture` sets
TRUCEWATCH_TORTURE, a factor for all counts, and TRUCEWATCH_TORTURE_SEED, anything that makes the
seeds others. A failure names both, and the number to give as TRUCEWATCH_TORTURE_TRY.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import pytest

from trucewatch.errors import TrucewatchError

Attempt = Callable[[Random, int], object]
FAILURES = (AssertionError, TrucewatchError, OSError, pytest.fail.Exception)
"""What a broken promise looks like; anything else is a fault of the try and stops it."""
CRASHES = (ValueError, LookupError, TypeError)
"""How else a log from which a guard was taken may come to grief."""

FACTOR = int(os.environ.get("TRUCEWATCH_TORTURE", "1"))
SEED = os.environ.get("TRUCEWATCH_TORTURE_SEED", "ci")
ONLY = os.environ.get("TRUCEWATCH_TORTURE_TRY")


@dataclass(frozen=True)
class Row:
    """One promise, and how often a CI run tries it."""

    name: str
    count: int
    must: str

    def tries(self, *, parts: int = 1, traced: int = 0) -> pytest.MarkDecorator:
        """Make the row's tries in `parts` tests of about one length, for all cores.

        Coverage is taken of the first part, or of a part before it with the first `traced` tries.
        """
        return _marked(self, "", self.count * FACTOR, parts, 0.0, traced)

    def saboteur(
        self, name: str, *, tries: int, share: float = 0.0, parts: int = 1
    ) -> pytest.MarkDecorator:
        """Try a broken log; more than `share` of the tries, and one at least, must catch it."""
        return _marked(self, name, tries * FACTOR, parts, share)


ROWS = {
    row.name: row
    for row in (
        Row("kill -9 at random points", 200, "0 acknowledged lost, 0 doubled, fsck clean"),
        Row("simulated power loss", 20_000, "0 lost"),
        Row("disk full at every write", 100, "no false receipt; reads stay up; recovers"),
        Row("fsync fails at every sync", 100, "the process stops, nothing is tried again, 0 lost"),
        Row("a flipped bit before signing", 200, "nothing wrong is ever signed"),
        Row("bit flips anywhere in the log", 2_000, "all detected"),
        Row("clock ±1 h, ±10 y, backwards", 50, "no reorder, no back-date, no missed deadline"),
        Row(
            "split view with f ≤ quorum bound / above it",
            200,
            "detected always / must succeed (proves the test bites)",
        ),
        Row("readers beside a writer", 200, "every look is of one state, and none goes back"),
        Row(
            "duplicate, late, shuffled delivery",
            500,
            "same incidents, same findings, same receipt",
        ),
        Row(
            "malformed input per reader",
            10_000,
            "0 crashes; accepted + duplicate + quarantined = received",
        ),
        Row(
            "zip bombs, deep nesting, huge numbers, bad encodings, SSRF links",
            100,
            "bounded time and memory; 0 network calls",
        ),
        Row("role matrix: role × field × state × operation, enumerated", 2_376, "0 leaks"),
        Row(
            "two worlds that differ only in what role R may not see",
            200,
            "R's responses identical, counts, errors and ETags included",
        ),
        Row("canary in every secret field", 40, "0 hits in outputs, logs and tiles"),
        Row(
            "role matrix of the application: role × field × state × operation, enumerated",
            53_100,
            "0 leaks",
        ),
        Row(
            "role matrix of the application: role × route × state, enumerated",
            2_320,
            "each is answered as the table says; what is refused leaves no trace",
        ),
        Row(
            "two worlds seen through the application by role R",
            2_000,
            "R's view is the same, record by record",
        ),
        Row("canary in every secret field, asked for by every role", 10, "0 hits"),
        Row("flood from one origin", 1, "finding level unchanged, others' intake not delayed 2×"),
    )
}


def row(name: str) -> Row:
    """The row of that name: counts stand in one place, here."""
    return ROWS[name]


@dataclass(frozen=True)
class Part:
    """Some of the tries of a row, or of one of its saboteurs: those numbered [start, stop)."""

    row: Row
    saboteur: str
    start: int
    stop: int
    share: float

    def numbers(self) -> Iterator[int]:
        """The numbers of the tries to make."""
        for number in range(self.start, self.stop):
            if ONLY is None or int(ONLY) == number:
                yield number

    def random(self, number: int) -> Random:
        """The dice of one try: the same for the same seed, row, saboteur and number."""
        return Random(f"{SEED}/{self.row.name}/{self.saboteur}/{number}")


@dataclass(frozen=True)
class Figures:
    """What was seen in one part; `failures` are those of the log, or of the saboteur.

    `note` says how the tries were made where a machine decides that.
    """

    row: str
    saboteur: str
    tries: int
    failures: int
    seconds: float
    note: str = ""


def _marked(
    row: Row, saboteur: str, count: int, parts: int, share: float, traced: int = 0
) -> pytest.MarkDecorator:
    cuts = [traced + (count - traced) * number // parts for number in range(parts + 1)]
    params = []
    for place, (start, stop) in enumerate(pairwise([0, *cuts] if traced else cuts)):
        part = Part(row, saboteur, start, stop, share)
        # The first part shows which lines run; the rest would pay twice and more for being told so
        # again, and a saboteur runs what the row itself runs.
        marks = [pytest.mark.no_cover] if place or saboteur else []
        name = f"{saboteur or 'tries'} {start}-{stop - 1}"
        params.append(pytest.param(part, marks=marks, id=name.replace("/", " ")))
    return pytest.mark.parametrize("torture", params, indirect=True)


def attempt_all(
    part: Part, attempt: Attempt, note: str = ""
) -> tuple[Figures, list[tuple[int, BaseException]]]:
    """Make the tries of a part; what failed comes with its number."""
    failed: list[tuple[int, BaseException]] = []
    ends = (*FAILURES, *CRASHES) if part.saboteur else FAILURES
    made = 0
    start = time.perf_counter()
    for number in part.numbers():
        made += 1
        try:
            attempt(part.random(number), number)
        except ends as failure:
            failed.append((number, failure))
        except BaseException as fault:
            fault.add_note(f"in try {number} with the seed {SEED!r}")
            raise
    seconds = time.perf_counter() - start
    return Figures(part.row.name, part.saboteur, made, len(failed), round(seconds, 3), note), failed


def judge(part: Part, figures: Figures, failed: list[tuple[int, BaseException]]) -> None:
    """Fail where a promise was broken or a saboteur got away."""
    if not part.saboteur and failed:
        number, first = failed[0]
        raise AssertionError(
            f"{part.row.name}: {len(failed)} of {figures.tries} tries failed. The first again: "
            f"TRUCEWATCH_TORTURE={FACTOR} TRUCEWATCH_TORTURE_SEED={SEED} "
            f"TRUCEWATCH_TORTURE_TRY={number}"
        ) from first
    if part.saboteur and figures.tries:
        needed = max(1, math.floor(part.share * figures.tries) + 1 if part.share else 1)
        assert len(failed) >= needed, (
            f"{part.row.name}: the saboteur ({part.saboteur}) was caught in {len(failed)} of "
            f"{figures.tries} tries; {needed} are needed. The try has no teeth"
        )
