"""Parameters learnt from reports without labels, by stochastic approximation EM with priors."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.arrays import take
from trucewatch.incidents.engine.candidates import Graph, graph
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import (
    OCTAVES,
    Parameters,
    noticed,
    silence,
    table,
    variances,
)
from trucewatch.incidents.engine.partition import greedy
from trucewatch.incidents.engine.salience import salience
from trucewatch.incidents.engine.sampling import draw
from trucewatch.incidents.engine.sufficient import Sufficient, sufficient, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports
    from trucewatch.incidents.engine.ground import Ground

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FIRST_DETECTION, FIRST_FALSE, FIRST_ACCURACY = 0.4, 0.2, 0.8
# Candidates are gated by the errors believed so far, so they are sought anew in these rounds.
REBUILT = frozenset({0, 2, 5, 10, 16})
STRIDE = 1.7
# Wider than for the partition: what is left out here makes the errors learnt too small.
LEARN_GATE, LEARN_SLACK = 4.5, 9.0
SCALE_PRIOR, CONFUSION_PRIOR, DETECTION_PRIOR = 20.0, 20.0, 2.0
# In reports; of 30, 100 and 300 it calibrates best over dense worlds and those with few reports.
FALSE_PRIOR = 100.0


def first_guess(reports: Reports) -> Parameters:
    """Where learning starts: stated errors believed, all sources alike."""
    sources, kinds = len(reports.sources), len(reports.kinds)
    said = np.bincount(reports.source, minlength=sources).astype(float)
    detection = np.where(said > 0, FIRST_DETECTION, 1e-6)
    confusion = np.full((kinds, kinds), (1 - FIRST_ACCURACY) / max(kinds - 1, 1))
    np.fill_diagonal(confusion, FIRST_ACCURACY if kinds > 1 else 1.0)
    happenings = said.sum() * (1 - FIRST_FALSE) / detection.sum()
    prior = np.bincount(reports.kind, minlength=kinds) + 1.0
    return Parameters(
        happenings=float(happenings),
        detection=detection * said / max(float(said.max()), 1.0) * 1.5 + 1e-6,
        false=FIRST_FALSE * said + 1e-3,
        place_scale=np.ones((sources, OCTAVES)),
        time_scale=np.ones((sources, OCTAVES)),
        confusion=np.repeat(confusion[None], sources, axis=0),
        prior=prior / prior.sum(),
    )


def rates(q: Sufficient, p: Parameters, mass: float) -> tuple[float, Floats, Floats]:
    """N, detection and false reports that explain who joined whom and who stood alone.

    EM for the truncated pattern: sets of two and more are seen, single nodes are real or false,
    and what nobody reported is counted from the chance of it. A source's share of false reports
    is drawn to that of all sources (a beta prior): where happenings are dense, a vague source
    could be thought to be always right, since there is always something near.
    """
    detection, false, happenings = p.detection.copy(), p.false * mass, p.happenings * mass
    for _ in range(200):
        now = replace(p, detection=detection)
        by_class, missed = noticed(now)[1], silence(now)
        unseen = float(missed.sum())
        real = happenings * (missed @ (by_class / (1 - by_class)))
        share = real / (real + false)
        seen = q.sets + float((q.alone * share).sum())
        happenings = seen / max(1 - unseen, 1e-6)
        said = q.joined + q.alone
        wrong = q.alone * (1 - share)
        wrong = (wrong + FALSE_PRIOR * wrong.sum() / said.sum()) / (said + FALSE_PRIOR) * said
        detection = np.clip((said - wrong) / (happenings + DETECTION_PRIOR), 1e-6, 0.98)
        false = wrong + 1e-3
    return happenings / mass, detection, false / mass


def maximise(q: Sufficient, p: Parameters, mass: float) -> Parameters:
    """Parameters from the sums of partitions of a share `mass` of all time."""
    happenings, detection, false = rates(q, p, mass)
    place = (q.place + SCALE_PRIOR) / (q.place_n + SCALE_PRIOR)
    time = (q.time + SCALE_PRIOR) / (q.time_n + SCALE_PRIOR)
    kinds = len(q.prior)
    guess = np.full((kinds, kinds), (1 - FIRST_ACCURACY) / max(kinds - 1, 1))
    np.fill_diagonal(guess, FIRST_ACCURACY if kinds > 1 else 1.0)
    confusion = q.confusion + CONFUSION_PRIOR * guess
    confusion /= confusion.sum(axis=2, keepdims=True)
    prior = q.prior + 1.0
    return Parameters(
        salience=salience(q.told, replace(p, detection=detection)),
        happenings=happenings,
        detection=detection,
        false=false,
        place_scale=place,
        time_scale=time,
        confusion=confusion,
        prior=prior / prior.sum(),
    )


def leap(old: Parameters, new: Parameters, stride: float) -> Parameters:
    """Go `stride` times as far as EM did in N, detection and falsehood, on their log scales.

    EM creeps where single nodes may be real or false (over-relaxation: Salakhutdinov and
    Roweis 2003). Only while warming up; the last rounds are plain.
    """

    def on(a: Floats, b: Floats) -> Floats:
        return a * np.clip((b / a) ** stride, 0.2, 5.0)

    odds = on(old.detection / (1 - old.detection), new.detection / (1 - new.detection))
    return replace(
        new,
        happenings=float(on(np.array(old.happenings), np.array(new.happenings))),
        detection=np.clip(odds / (1 + odds), 1e-6, 0.98),
        false=on(old.false, new.false),
    )


def windows(
    t: Floats, most: int, count: int, halo: float
) -> list[tuple[NDArray[np.bool_], tuple[float, float]]]:
    """Stretches of time with about `most` rows in all, each with the core that may be counted.

    The local density stays whole. Within `halo` days of the ends partners may be missing, so
    only happenings in the core count. Up to twice `most` rows are taken whole: two windows of a
    short time are mostly ends.
    """
    n = len(t)
    if n <= 2 * most:
        return [(np.ones(n, dtype=bool), (-math.inf, math.inf))]
    order = np.sort(t)
    out = []
    for w in range(count):
        middle = int((w + 0.5) * n / count)
        each = most // count // 2
        start = float(order[max(middle - each, 0)])
        end = float(order[min(middle + each, n - 1)])
        if end - start < 7 * halo:
            start, end = (start + end) / 2 - 3.5 * halo, (start + end) / 2 + 3.5 * halo
        out.append(((t >= start) & (t <= end), (start + halo, end - halo)))
    return out


def climb(
    reports: Reports,
    start: Parameters,
    step: Callable[[Sufficient, Parameters, float], Parameters],
    *,
    lone: NDArray[np.bool_] | None = None,
    most: int = 30_000,
    rounds: int = 24,
    warm: int = 10,
    threads: int = 1,
    trace: list[Parameters] | None = None,
) -> tuple[Parameters, Sufficient, float]:
    """Parameters that `step` makes of partitions drawn from `start` on, by stochastic EM.

    Draws partitions of a sample of the reports, and moves the parameters towards what they say
    in ever smaller steps (Delyon, Lavielle and Moulines 1999). Soft draws over all candidates:
    the best partition joins what is likely as if it were sure, and a list of the nearest
    candidates leaves out the wide ones; either makes errors shrink round by round. `lone` is as
    in `sufficient`. Gives the averaged sums too, and the share of all time that they cover.
    """
    p = start
    vp, vt = variances(reports, p)
    ground = survey(reports.x, reports.y, reports.t, np.sqrt(vp))
    halo = 2 * float(np.sqrt(np.quantile(vt, 0.95)))
    spans = windows(reports.t, most, 2, halo)
    parts = [take(reports, inside) for inside, _ in spans]
    counts = [None if lone is None else lone[inside] for inside, _ in spans]
    mass = sum(float(np.mean((reports.t >= c[0]) & (reports.t < c[1]))) for _, c in spans)
    near: dict[int, Graph] = {}
    labels = [np.zeros(0, dtype=np.int64)] * len(parts)

    def one(w: int) -> Sufficient:
        tab = table(parts[w], p, ground)
        if k in REBUILT:
            near[w] = graph(tab, gate=LEARN_GATE, slack=LEARN_SLACK)
            if k == 0:
                labels[w] = greedy(tab, near[w])
        _, labels[w] = draw(tab, near[w], labels[w], sweeps=1)
        return sufficient(parts[w], tab, labels[w], p, spans[w][1], counts[w])

    with ThreadPoolExecutor(threads) as pool:
        k = 0
        sums = total(list(pool.map(one, range(len(parts)))))
        p = step(sums, p, mass)
        for k in range(1, rounds):
            new = total(list(pool.map(one, range(len(parts)))))
            sums = new if k < warm else sums.blend(new, 1 / (k - warm + 1))
            new_p = step(sums, p, mass)
            p = leap(p, new_p, STRIDE) if 2 <= k < warm else new_p
            if trace is not None:
                trace.append(p)
    return p, sums, mass


def learn(
    reports: Reports,
    *,
    most: int = 30_000,
    rounds: int = 24,
    warm: int = 10,
    threads: int = 1,
    trace: list[Parameters] | None = None,
) -> tuple[Parameters, Ground]:
    """Learn the parameters of original reports (no copies), and the density of happenings."""
    p, _, _ = climb(
        reports,
        first_guess(reports),
        maximise,
        most=most,
        rounds=rounds,
        warm=warm,
        threads=threads,
        trace=trace,
    )
    vp, _ = variances(reports, p)
    return p, survey(reports.x, reports.y, reports.t, np.sqrt(vp))
