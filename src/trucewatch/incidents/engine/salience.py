"""How unequally happenings are noticed, learnt from which sources tell of the same ones."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.model import noticed, silence

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from trucewatch.incidents.engine.model import Parameters

    Floats = NDArray[np.float64]

# Sources whose patterns are counted; values of salience tried; what unequal ones must gain, nats.
MOST_SOURCES, STEPS_OF_SALIENCE, SALIENCE_PRIOR = 14, 20, 20.0


def patterns(among: csr_matrix) -> Floats:
    """How many sets of two and more each group of sources told of, by the group's bits.

    Beyond MOST_SOURCES nothing is counted, and salience is not learnt.
    """
    sources = among.shape[1]
    if sources > MOST_SOURCES:
        return np.zeros(0)
    group = (among @ (1 << np.arange(sources))).astype(np.int64)
    return np.bincount(group[group > 0], minlength=1 << sources).astype(np.float64)


def salience(told: Floats, p: Parameters) -> float:
    """How unequally happenings are noticed, by which sources tell of the same ones.

    The likeliest of a few values, given what each source detects on the whole and that two or
    more told of it: what stands alone may be false and says nothing of this. As two sources are
    always explained by chance, it takes three.
    """
    group = np.flatnonzero(told)
    if not len(group):
        return 0.0
    spoke = (group[:, None] >> np.arange(len(p.detection)) & 1).astype(np.float64)
    best, value = 0.0, -math.inf
    for step in range(STEPS_OF_SALIENCE):
        now = replace(p, salience=step / STEPS_OF_SALIENCE)
        detection = noticed(now)[1]
        odds, missed = detection / (1 - detection), silence(now)
        each = np.exp(spoke @ np.log(odds).T) @ missed
        several = 1 - float(missed @ (1 + odds.sum(axis=1)))
        weight = float(told[group] @ np.log(each / several)) - SALIENCE_PRIOR * (step > 0)
        if weight > value:
            best, value = now.salience, weight
    return best
