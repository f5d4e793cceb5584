"""The step from partitions to parameters: what reports say, beside what people have stated."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from trucewatch.incidents.engine import Parameters as Model
from trucewatch.incidents.engine.model import LEAST_OCTAVE, OCTAVES, octave
from trucewatch.incidents.fires import THERMAL
from trucewatch.incidents.wording import likelihood, true_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucewatch.incidents.engine import Reports
    from trucewatch.incidents.engine.sufficient import Sufficient
    from trucewatch.incidents.parameters import SourceParameters

    Floats = NDArray[np.float64]

WEIGHT = 10.0
"""What is stated weighs as much as so many reports that other sources confirm."""

LEAST_SHARE, MOST_SHARE = 0.001, 0.98
LEAST_SCALE, MOST_SCALE = 0.2, 5.0
SHORTEST_TAU, LONGEST_TAU = 0.003, 5.0
ROUNDS = 300
DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rests:
    """What the rates of each source (S,) rest on: reports, and the weights 0 to 1 of the data.

    `beyond_one` counts the happenings that a source shares with its second most frequent
    partner. Three sources that meet are the least from which detection and falsehood can be told
    apart; two leave as many unknowns as equations, and one more.
    """

    beyond_one: Floats
    detection: Floats
    false: Floats


def rests_on(sums: Sufficient) -> Rests:
    """How much the sums weigh against what is stated."""
    shared = sums.shared.copy()
    np.fill_diagonal(shared, 0.0)
    beyond = np.sort(shared, axis=1)[:, -2]
    return Rests(beyond, sums.joined / (sums.joined + WEIGHT), beyond / (beyond + WEIGHT))


class Fit:
    """Parameters of the engine's model from sums over partitions, and back to those in force.

    Detection and falsehood move from what is stated by the weight of the reports that others
    confirm, on the scale of log-odds, so that a source with few of them stays near it. Errors of
    place and time have `WEIGHT` made-up reports that err as stated. The confusion of kinds is
    stated; how common kinds are is learnt to tell chance from sense, and is not handed on.
    """

    def __init__(
        self,
        reports: Reports,
        own: Sequence[SourceParameters],
        words: Sequence[str],
        sign_share: float,
    ) -> None:
        self._own = own
        self._said = np.array([p.detection for p in own])
        self._false_said = np.array([p.false_share for p in own])
        self._told = np.bincount(reports.source, minlength=len(own)).astype(np.float64)
        self._confusion, self._prior = _kinds(words, own, sign_share)
        cells = len(own) * OCTAVES
        cell = reports.source * OCTAVES + octave(reports.width)
        n = np.bincount(cell, minlength=cells)
        squares = np.bincount(cell, reports.width**2, minlength=cells)
        centre = np.tile(np.exp2(2.0 * (np.arange(OCTAVES) + LEAST_OCTAVE)), len(own))
        # The mean squared width (days²) of each source's reports in each octave.
        self._width2 = np.where(n > 0, squares / np.maximum(n, 1), centre).reshape(-1, OCTAVES)

    def start(self) -> Model:
        """What is stated, with as many happenings as fit the number of reports."""
        real = self._told * (1 - self._false_said)
        happenings = float(real.sum() / self._said.sum())
        return Model(
            happenings=happenings,
            detection=np.clip(real / max(happenings, 1.0), 1e-6, MOST_SHARE),
            false=self._told * self._false_said + 1e-3,
            place_scale=_wide([p.place_scale**2 for p in self._own]),
            time_scale=self._time_scale([p.tau_days for p in self._own]),
            confusion=self._confusion,
            prior=self._prior,
        )

    def step(self, q: Sufficient, p: Model, mass: float) -> Model:
        """The M-step, in the form that the engine calls: sums of a share `mass` of all time."""
        found = self._rates(q, p, mass)
        prior = np.where(self._prior > 0, q.prior + 1.0, 0.0)
        return Model(
            happenings=found.happenings / mass,
            detection=found.detection,
            false=found.false / mass,
            place_scale=_wide(self._places(q)),
            time_scale=self._time_scale(self._times(q)),
            confusion=self._confusion,
            prior=prior / prior.sum(),
        )

    def values(self, q: Sufficient, p: Model, mass: float) -> list[SourceParameters]:
        """The parameters of each source; rounded, so that the last bits of a machine are lost."""
        found = self._rates(q, p, mass)
        detection = _blend(self._said, found.detection, rests_on(q).detection)
        return [
            replace(
                own,
                detection=rounded(float(detection[s])),
                false_share=rounded(float(found.false_share[s])),
                place_scale=rounded(math.sqrt(place)),
                tau_days=rounded(tau),
            )
            if q.joined[s] > 0
            else own
            for s, (own, place, tau) in enumerate(
                zip(self._own, self._places(q), self._times(q), strict=True)
            )
        ]

    def _rates(self, q: Sufficient, p: Model, mass: float) -> _Rates:
        """N, detection and falsehood that explain who joined whom and who stood alone.

        As the engine's own step does it, save that each false share is held by what is stated.
        """
        weight = rests_on(q).false
        told = np.maximum(q.joined + q.alone, 1e-9)
        detection, false, happenings = p.detection.copy(), p.false * mass, p.happenings * mass
        share = self._false_said
        for _ in range(ROUNDS):
            unseen = math.exp(float(np.log1p(-detection).sum()))
            real = happenings * unseen * detection / (1 - detection)
            share = _blend(self._false_said, q.alone * false / (real + false) / told, weight)
            # A share that is stated may be more than stood alone at all.
            false = np.minimum(share * told, q.alone) + 1e-3
            lone = np.maximum(q.alone - false, 0.0)
            # Where nobody meets anybody nothing is counted; one happening keeps the logs finite.
            happenings = max(q.sets + float(lone.sum()), 1.0) / max(1 - unseen, 1e-6)
            detection = np.clip((q.joined + lone) / (happenings + 1.0), 1e-6, MOST_SHARE)
        return _Rates(happenings, detection, false, share)

    def _places(self, q: Sufficient) -> list[float]:
        """The factor on each source's stated variance of place."""
        first = np.array([p.place_scale**2 for p in self._own])
        found = (q.place.sum(axis=1) + WEIGHT * first) / (q.place_n.sum(axis=1) + WEIGHT)
        return [float(v) for v in np.clip(found, LEAST_SCALE**2, MOST_SCALE**2)]

    def _times(self, q: Sufficient) -> list[float]:
        """The τ of each source in days: the most likely beside τ² + width²/12 of each octave."""
        stated = (q.time_n > 0).astype(np.float64)
        late = stated * q.time / np.maximum(q.time_n, 1e-9) * self._width2
        out = []
        for s, own in enumerate(self._own):

            def cost(log_tau: float, s: int = s, first: float = own.tau_days) -> float:
                tau2 = math.exp(2 * log_tau)
                var = tau2 + self._width2[s] / 12
                misfit = q.time_n[s] * (np.log(var) + late[s] / var)
                return float(misfit.sum()) + WEIGHT * (2 * log_tau + first**2 / tau2)

            bounds = (math.log(SHORTEST_TAU), math.log(LONGEST_TAU))
            found = minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 1e-6})
            out.append(math.exp(float(found.x)))
        return out

    def _time_scale(self, taus: Sequence[float]) -> Floats:
        tau2 = np.array(taus)[:, None] ** 2
        scale: Floats = (tau2 + self._width2 / 12) / self._width2
        return scale


@dataclass(frozen=True, slots=True)
class _Rates:
    """N in the part of time that was looked at; detection, false reports and shares, each (S,)."""

    happenings: float
    detection: Floats
    false: Floats
    false_share: Floats


def _blend(said: Floats, found: Floats, weight: Floats) -> Floats:
    """Between two shares, on the scale of log-odds."""
    found = np.clip(found, LEAST_SHARE, MOST_SHARE)
    odds = (1 - weight) * np.log(said / (1 - said)) + weight * np.log(found / (1 - found))
    between: Floats = 1 / (1 + np.exp(-odds))
    return between


def _wide(variances: Sequence[float]) -> Floats:
    """One factor for every octave of the stated error."""
    return np.repeat(np.array(variances)[:, None], OCTAVES, axis=1)


def rounded(value: float) -> float:
    """To four significant digits: no parameter is known better."""
    return float(f"{value:.{DIGITS}g}")


def _kinds(
    words: Sequence[str], own: Sequence[SourceParameters], sign_share: float
) -> tuple[Floats, Floats]:
    """P(word | true kind), (S, K, K) with true kinds in rows, and how common these are (K,).

    True kinds that no word tells apart are taken as one; rows or columns of zeros fill the square.
    Fires with no act behind them are left out.
    """
    acts = np.array([kind != THERMAL for kind in true_kinds()])
    table = np.array([[likelihood(w, p.kind_slip, sign_share)[acts] for w in words] for p in own])
    alike, of = np.unique(table.reshape(-1, int(acts.sum())), axis=1, return_inverse=True)
    classes = alike.shape[1]
    size = max(classes, len(words))
    confusion = np.zeros((len(own), size, size))
    confusion[:, :classes, : len(words)] = alike.reshape(len(own), len(words), classes).transpose(
        0, 2, 1
    )
    prior = np.zeros(size)
    prior[:classes] = np.bincount(of.ravel(), minlength=classes) / acts.sum()
    return confusion, prior
