"""Reports in, happenings and the probability of each out."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine import copies, learning, lineage
from trucewatch.incidents.engine.arrays import take
from trucewatch.incidents.engine.ground import survey
from trucewatch.incidents.engine.model import table, variances
from trucewatch.incidents.engine.solve import Settings, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports
    from trucewatch.incidents.engine.model import Parameters

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Association:
    """The happening of each of the caller's rows, and P(it happened).

    `incident` (rows,) numbers happenings by their first report in the order of content, so equal
    sets of reports get equal numbers in any order. `seconds` says how long each step took.
    """

    incident: Ints
    p_happened: Floats
    parameters: Parameters
    seconds: dict[str, float] = field(default_factory=dict)


def associate(
    reports: Reports, parameters: Parameters | None = None, settings: Settings | None = None
) -> Association:
    """Associate reports; parameters are learnt from the reports where none are given.

    Given parameters must number sources and kinds as `reports` does.
    """
    how = settings or Settings()
    seconds: dict[str, float] = {}
    clock = perf_counter()

    def done(step: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[step] = now - clock
        clock = now

    n = len(reports)
    if not n:
        raise ValueError("no reports: there is nothing to associate or to learn from")
    origin = lineage.trace(reports)
    alone = origin.root == np.arange(n)
    copier = origin.aggregator[reports.source]
    if not (alone & ~copier).any():
        copier = np.zeros(n, dtype=bool)
    nodes, lost = np.flatnonzero(alone & ~copier), np.flatnonzero(alone & copier)
    told = take(reports, nodes)
    copying = copies.learn(reports, origin, nodes)
    done("lineage")
    if parameters is None:
        parameters, ground = learning.learn(told, most=how.learn_rows, threads=how.threads)
        done("learning")
    else:
        place, _ = variances(told, parameters)
        ground = survey(told.x, told.y, told.t, np.sqrt(place))
        done("density")
    rows = table(told, parameters, ground)
    solved = solve(rows, how)
    seconds.update(solved.seconds)
    clock = perf_counter()
    label, p = solved.label, rows.real_alone
    if how.averaging:
        p = 1 - solved.alone * (1 - rows.real_alone)
    copied = np.bincount(origin.root, minlength=n)[nodes].astype(np.float64) - 1.0
    laid, chance = copies.lay(reports, lost, nodes, label, p, copying, copied)
    full, q = np.arange(n), np.zeros(n)
    full[nodes], q[nodes] = nodes[label], p
    full[lost] = np.where(laid >= 0, nodes[laid], lost)
    q[lost] = np.where(laid >= 0, chance, float(p.mean()))
    incident = np.unique(full[origin.root], return_inverse=True)[1].astype(np.int64)
    done("copies")
    return Association(incident[reports.first], q[origin.root][reports.first], parameters, seconds)
