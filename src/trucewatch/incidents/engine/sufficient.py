"""Partitions as the sums that learning needs of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from trucewatch.incidents.engine.model import OCTAVES, octave, stated_days
from trucewatch.incidents.engine.salience import patterns
from trucewatch.incidents.engine.weights import AT, MT, MX, MY, MZ, A

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports
    from trucewatch.incidents.engine.model import Parameters, Table

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Sufficient:
    """What the M-step needs of one partition; averages of these are averages of partitions.

    `sets` counts the sets of two and more, `joined` and `alone` (S,) the reports of each source
    in such sets and by themselves, `shared` (S, S) the sets in which two sources both are. The
    other sums are over reports in sets.
    """

    sets: float
    joined: Floats
    alone: Floats
    place: Floats
    place_n: Floats
    time: Floats
    time_n: Floats
    confusion: Floats
    prior: Floats
    shared: Floats
    told: Floats

    def plus(self, other: Sufficient) -> Sufficient:
        """The sums of two windows."""
        return Sufficient(
            *(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sufficient))
        )

    def blend(self, new: Sufficient, step: float) -> Sufficient:
        """The average with a new draw of weight `step`."""
        return Sufficient(
            *(
                (1 - step) * getattr(self, f.name) + step * getattr(new, f.name)
                for f in fields(Sufficient)
            )
        )


def total(sums: list[Sufficient]) -> Sufficient:
    """The sums of several windows."""
    whole = sums[0]
    for other in sums[1:]:
        whole = whole.plus(other)
    return whole


def sufficient(
    reports: Reports,
    tab: Table,
    label: Ints,
    p: Parameters,
    core: tuple[float, float],
    lone: NDArray[np.bool_] | None = None,
) -> Sufficient:
    """Sums over one partition, of the sets whose mean time lies in the core.

    Where `lone` (n,) is given, a report that stands alone counts only where it is True.
    """
    n, sources, kinds = len(reports), len(p.detection), p.confusion.shape[1]
    c = np.unique(label, return_inverse=True)[1]
    size = np.bincount(c)
    s = reports.source
    a, at = tab.node[:, A], tab.node[:, AT]
    ca, cat = np.bincount(c, a), np.bincount(c, at)
    mx = np.bincount(c, a * tab.node[:, MX]) / ca
    my = np.bincount(c, a * tab.node[:, MY]) / ca
    mz = np.bincount(c, a * tab.node[:, MZ]) / ca
    mt = np.bincount(c, at * tab.node[:, MT]) / cat
    counted = (mt >= core[0]) & (mt < core[1])
    many = (size[c] > 1) & counted[c]
    single = (size[c] == 1) & counted[c]
    if lone is not None:
        single &= lone
    once = (np.ones(int(many.sum())), (c[many], s[many]))
    among = csr_matrix(once, shape=(len(size), sources))
    off = (tab.node[:, MX] - mx[c]) ** 2 + (tab.node[:, MY] - my[c]) ** 2
    off = (off + (tab.node[:, MZ] - mz[c]) ** 2) / 2 + 1 / ca[c]
    late = (tab.node[:, MT] - mt[c]) ** 2 + 1 / cat[c]
    sd, days = np.maximum(reports.loc_sd, 1e-3), stated_days(reports.width)
    kp, kt = s * OCTAVES + octave(sd), s * OCTAVES + octave(days)
    cells = sources * OCTAVES
    log_kinds = np.zeros((len(size), tab.words.shape[1]))
    np.add.at(log_kinds, c, np.log(np.maximum(tab.words, 1e-300)))
    true = np.exp(log_kinds - log_kinds.max(axis=1, keepdims=True)) * tab.prior
    true /= true.sum(axis=1, keepdims=True)
    true = true.reshape(len(size), kinds, -1).sum(axis=2)
    confusion = np.zeros((sources, kinds, kinds))
    np.add.at(confusion.transpose(0, 2, 1), (s[many], reports.kind[many]), true[c[many]])

    def count(key: Ints, weight: Floats) -> Floats:
        sums = np.bincount(key[many], weight[many], minlength=cells).astype(np.float64)
        return sums.reshape(sources, OCTAVES)

    return Sufficient(
        sets=float(((size > 1) & counted).sum()),
        joined=np.bincount(s[many], minlength=sources).astype(float),
        alone=np.bincount(s[single], minlength=sources).astype(float),
        place=count(kp, off / sd**2),
        place_n=count(kp, np.ones(n)),
        time=count(kt, late / days**2),
        time_n=count(kt, np.ones(n)),
        confusion=confusion,
        prior=true[counted].sum(axis=0),
        shared=np.asarray((among.T @ among).todense()),
        told=patterns(among),
    )
