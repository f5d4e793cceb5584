"""Both stretches weighed under every dispersion, and the intervals that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.findings.holding.dispersed import (
    ALPHAS,
    STEP,
    grid_for,
    log_likelihoods,
    quantile,
    ratio_weights,
)
from trucewatch.findings.holding.segments import weigh
from trucewatch.findings.holding.series import gathered, in_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trucewatch.findings.holding.dispersed import Floats
    from trucewatch.findings.holding.segments import Cuts
    from trucewatch.findings.holding.series import Stretch

LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Run:
    """Periods put together for the weighing; `exposure` is days times the share seen."""

    periods: int
    count: int
    days: float
    exposure: float
    start: datetime
    end: datetime


def runs_of(stretch: Stretch, *, adjusted: bool) -> tuple[Run, ...]:
    """The runs of a stretch; where not `adjusted`, all counts as seen."""
    found = []
    for group in gathered(stretch.periods):
        days = [in_days(one.when.length) for one in group]
        seen = [(one.seen or 0.0) if adjusted else 1.0 for one in group]
        found.append(
            Run(
                periods=len(group),
                count=sum(one.count for one in group),
                days=sum(days),
                exposure=sum(d * s for d, s in zip(days, seen, strict=True)),
                start=group[0].when.earliest,
                end=group[-1].when.latest,
            )
        )
    return tuple(found)


class Weighing:
    """The counts of a truce, and of the stretch before it, under every dispersion at once.

    `starts` are the first runs of the stretches of the most probable segmentation, then the end.
    """

    def __init__(self, now: Sequence[Run], old: Sequence[Run]) -> None:
        both = [*now, *old]
        self.runs = tuple(now)
        self._grid = grid_for([r.count for r in both], [r.exposure for r in both])
        self._now = [self._table(now, alpha) for alpha in ALPHAS]
        self._old = [self._table(old, alpha) for alpha in ALPHAS] if old else []
        prior = self._grid.log_prior
        self._cuts: list[Cuts] = [weigh(table, prior) for table in self._now]
        # What was before is weighed with its own changes, so that a trend is no dispersion.
        earlier = [weigh(table, prior).evidence for table in self._old] or [0.0] * len(ALPHAS)
        evidence = np.array([c.evidence for c in self._cuts]) + earlier
        self._weights: Floats = np.exp(evidence - np.logaddexp.reduce(evidence))
        best = int(np.argmax(np.array([c.best_score for c in self._cuts]) + earlier))
        self.starts: tuple[int, ...] = (0, *self._cuts[best].best, len(now))

    def _table(self, runs: Sequence[Run], alpha: float) -> Floats:
        return log_likelihoods(
            [r.count for r in runs],
            [r.days for r in runs],
            [r.exposure for r in runs],
            self._grid,
            alpha,
        )

    @property
    def dispersion(self) -> float:
        """The middle of the dispersions by weight."""
        return ALPHAS[int(np.searchsorted(np.cumsum(self._weights), 0.5))]

    def changed(self, after: int, last: int) -> float:
        """The probability of at least one change at the starts of runs `after` + 1 to `last`."""
        untouched = sum(
            float(weight) * cuts.untouched(after, last)
            for weight, cuts in zip(self._weights, self._cuts, strict=True)
        )
        return min(1.0, max(0.0, 1 - untouched))

    def rate(self, first: int, last: int) -> tuple[float, float]:
        """The interval of the rate over some runs of the truce."""
        return self._rate(self._posterior(self._now, first, last))

    def rate_before(self) -> tuple[float, float]:
        """The interval of the rate before the truce."""
        return self._rate(self._posterior(self._old, 0, None))

    def ratio(self, of: tuple[int, int], over: tuple[int, int] | None) -> tuple[float, float]:
        """The interval of the rate over some runs, to that over others or (None) before it."""
        below = (
            self._posterior(self._old, 0, None)
            if over is None
            else self._posterior(self._now, *over)
        )
        above = self._posterior(self._now, *of)
        # The dispersion is one, so the two rates are independent only under each.
        spread = np.zeros(2 * above.shape[1] - 1)
        for weight, one, other in zip(self._weights, above, below, strict=True):
            if weight > _NEGLIGIBLE:
                spread += weight * ratio_weights(one, other)
        logs = STEP * np.arange(1 - above.shape[1], above.shape[1], dtype=np.float64)
        return quantile(logs, spread, _TAIL), quantile(logs, spread, 1 - _TAIL)

    def _posterior(self, tables: Sequence[Floats], first: int, last: int | None) -> Floats:
        """The weight of each rate (columns) under each dispersion (rows)."""
        logs = np.array([table[first:last].sum(axis=0) for table in tables])
        logs += self._grid.log_prior
        found: Floats = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
        return found

    def _rate(self, posterior: Floats) -> tuple[float, float]:
        mixed = self._weights @ posterior
        logs = self._grid.log_rates
        return quantile(logs, mixed, _TAIL), quantile(logs, mixed, 1 - _TAIL)
