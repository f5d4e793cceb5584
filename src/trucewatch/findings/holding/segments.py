"""Where a rate changes: every way to cut a series into stretches, weighed exactly.

Each boundary between two periods is a change with the same prior probability, such that no change
at all has probability one half. The sums over all segmentations are exact, by recursion over the
end of the last stretch (Barry and Hartigan 1993; Fearnhead 2006, Stat. Comput. 16), once for each
dispersion of the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.findings.holding.dispersed import Floats

PRIOR_NO_CHANGE = 0.5
_NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class Cuts:
    """The weighing of one series under one dispersion; `evidence` is its log marginal likelihood.

    `stretch[s, t]` is the log weight of periods s to t-1 as one stretch, prior included.
    """

    stretch: Floats
    forward: Floats
    backward: Floats
    evidence: float
    best: tuple[int, ...]
    best_score: float

    def untouched(self, after: int, last: int) -> float:
        """The posterior probability of no change at the boundaries `after` + 1 to `last`.

        Boundary b is the start of period b; 0 <= `after` < `last` < the number of periods.
        """
        ways = (
            self.forward[: after + 1, None]
            + self.stretch[: after + 1, last + 1 :]
            + self.backward[None, last + 1 :]
        )
        return float(np.exp(np.logaddexp.reduce(ways, axis=None) - self.evidence))


def weigh(log_likelihoods: Floats, log_prior: Floats) -> Cuts:
    """Weigh every segmentation of the periods whose log-likelihoods by rate are the rows."""
    n = len(log_likelihoods)
    change, stay = _log_priors(n)
    sums = np.vstack([np.zeros(log_likelihoods.shape[1]), np.cumsum(log_likelihoods, axis=0)])
    stretch = np.full((n + 1, n + 1), _NEVER)
    for start in range(n):
        summed = np.logaddexp.reduce(sums[start + 1 :] - sums[start] + log_prior, axis=1)
        # Inside a stretch nothing changes; its own start is a change unless the series starts.
        stretch[start, start + 1 :] = summed + stay * np.arange(n - start)
        if start:
            stretch[start, start + 1 :] += change
    forward = np.full(n + 1, _NEVER)
    forward[0] = 0.0
    score = forward.copy()
    came_from = [0] * (n + 1)
    for end in range(1, n + 1):
        forward[end] = np.logaddexp.reduce(forward[:end] + stretch[:end, end])
        ways = score[:end] + stretch[:end, end]
        came_from[end] = int(np.argmax(ways))
        score[end] = ways[came_from[end]]
    backward = np.full(n + 1, _NEVER)
    backward[n] = 0.0
    for start in range(n - 1, -1, -1):
        backward[start] = np.logaddexp.reduce(stretch[start, start + 1 :] + backward[start + 1 :])
    return Cuts(
        stretch=stretch,
        forward=forward,
        backward=backward,
        evidence=float(forward[n]),
        best=_path(came_from),
        best_score=float(score[n]),
    )


def _log_priors(periods: int) -> tuple[float, float]:
    """The log prior of a change, and of none, at one boundary."""
    if periods < 2:
        return _NEVER, 0.0
    stay = float(np.log(PRIOR_NO_CHANGE)) / (periods - 1)
    return float(np.log(-np.expm1(stay))), stay


def _path(came_from: Sequence[int]) -> tuple[int, ...]:
    """The starts of all stretches but the first, in order."""
    starts = []
    at = len(came_from) - 1
    while came_from[at] > 0:
        at = came_from[at]
        starts.append(at)
    return tuple(reversed(starts))
