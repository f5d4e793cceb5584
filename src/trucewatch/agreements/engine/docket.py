"""Every incident under every provision, as arrays; what is plainly outside is only counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.agreements.assessing.bench import SETTLED, Bench
from trucewatch.agreements.engine.columns import Columns
from trucewatch.agreements.engine.judging import CODES, Judge
from trucewatch.model import Duty, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from trucewatch.agreements.engine.judging import Judged
    from trucewatch.model import Agreement, Assessment, Finding, Incident

_THREADS = 2
"""Geometry and arrays let go of the interpreter; what they give does not depend on the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """The pairs of incident and term that are not plainly outside, sorted by both.

    `rows` count into `columns.incidents` and `terms` into `bench.terms`; `outcomes` count into
    `Outcome`. A pair is plainly outside, and only counted, where the kind or the weapon is not
    meant, or where time (by over 24 hours) or place (by over 10 km and five standard errors)
    miss the provision. `shares` near a zone's edge are right to `engine.ground.bound`; those of
    the nouns are those of `assess`, and the outcomes are the same. What people have settled has
    one outcome under every term and no rows.
    """

    columns: Columns
    bench: Bench
    rows: NDArray[np.int32]
    terms: NDArray[np.int32]
    outcomes: NDArray[np.int8]
    shares: NDArray[np.float32]
    settled: dict[int, Outcome]
    looked_up: int

    @property
    def pairs(self) -> int:
        """How many pairs were judged."""
        return len(self.columns) * len(self.bench.terms)

    @property
    def plainly_outside(self) -> int:
        """How many pairs are counted and not kept."""
        return self.pairs - len(self.rows) - len(self.settled) * len(self.bench.terms)

    def tally(self) -> dict[Outcome, int]:
        """How many pairs have each outcome; they add up to `pairs`."""
        found = np.bincount(self.outcomes, minlength=len(CODES)).tolist()
        counts = dict(zip(CODES, found, strict=True))
        for outcome in self.settled.values():
            counts[outcome] += len(self.bench.terms)
        counts[Outcome.OUTSIDE] += self.plainly_outside
        return counts

    def assessments(self, *, examples: bool = False) -> Iterator[Assessment]:
        """The pairs that are kept, one by one as `assess` words them, sorted by both ids.

        With `examples`, an incident that has pairs plainly outside and none that is kept as OUTSIDE
        has the first of them, too: else nothing would say that it was outside of anything.
        """
        outside = CODES.index(Outcome.OUTSIDE)
        bounds = np.searchsorted(self.rows, np.arange(len(self.columns) + 1)).tolist()
        everything = range(len(self.bench.terms))
        for row, incident in enumerate(self.columns.incidents):
            finding = self.columns.findings[row]
            kept = slice(bounds[row], bounds[row + 1])
            chosen = set(everything) if row in self.settled else set(self.terms[kept].tolist())
            if examples and not np.any(self.outcomes[kept] == outside):
                chosen |= set(islice((one for one in everything if one not in chosen), 1))
            for term in sorted(chosen):
                yield self.bench.assess(incident, finding, self.bench.terms[term])


def docket(
    incidents: Iterable[Incident], findings: Iterable[Finding], agreement: Agreement
) -> Docket:
    """Judge all pairs; ValueError where an incident has no finding.

    Where a share lies too near a limit for the fast path, `Bench` decides, so every outcome is
    that of `assess`.
    """
    by_incident = {finding.incident: finding for finding in findings}
    bench = Bench(agreement)
    columns = Columns.of(list(incidents), by_incident)
    settled = {
        row: SETTLED[finding.state]
        for row, finding in enumerate(columns.findings)
        if finding.state in SETTLED
    }
    judge = Judge(bench, columns, settled)
    # What is forbidden hangs on what is permitted, so of that no doubt may remain first.
    permits, others = _parted(bench)
    with ThreadPoolExecutor(_THREADS) as pool:
        judged = list(
            zip(permits, pool.map(judge.term, [bench.terms[p] for p in permits]), strict=True)
        )
        looked_up = _look_up(pool, judge, judged)
        for _, found in judged:
            judge.permit(found)
        rest = list(
            zip(others, pool.map(judge.term, [bench.terms[p] for p in others]), strict=True)
        )
        looked_up += _look_up(pool, judge, rest)
    judged += rest
    rows = np.concatenate([np.empty(0, np.int32), *(one.rows for _, one in judged)])
    terms = np.concatenate(
        [np.empty(0, np.int32), *(np.full(len(one.rows), p, np.int32) for p, one in judged)]
    )
    sorting = np.lexsort((terms, rows))
    outcomes = np.concatenate([np.empty(0, np.int8), *(one.outcomes for _, one in judged)])
    shares = np.concatenate([np.empty(0, np.float32), *(one.shares for _, one in judged)])
    return Docket(
        columns=columns,
        bench=bench,
        rows=rows[sorting],
        terms=terms[sorting],
        outcomes=outcomes[sorting],
        shares=shares[sorting],
        settled={row: one for row, one in settled.items() if one is not Outcome.OUTSIDE},
        looked_up=looked_up,
    )


def _parted(bench: Bench) -> tuple[list[int], list[int]]:
    """The places of the terms that permit, and of all others."""
    permits = [place for place, one in enumerate(bench.terms) if one.provision.duty is Duty.PERMIT]
    return permits, [place for place in range(len(bench.terms)) if place not in set(permits)]


def _look_up(pool: ThreadPoolExecutor, judge: Judge, judged: list[tuple[int, Judged]]) -> int:
    """Let the rules themselves decide the pairs in doubt; how many there were."""
    doubts = sorted(
        (int(found.rows[at]), place, at, number)
        for number, (place, found) in enumerate(judged)
        for at in np.flatnonzero(found.doubt).tolist()
    )
    half = len(doubts) // 2
    parts = [doubts[:half], doubts[half:]]
    for part, decided in zip(parts, pool.map(judge.by_the_rules, parts), strict=True):
        for (_, _, at, number), (outcome, share) in zip(part, decided, strict=True):
            found = judged[number][1]
            found.outcomes[at], found.shares[at] = outcome, share
    return len(doubts)
