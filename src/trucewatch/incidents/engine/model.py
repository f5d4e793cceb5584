"""What is known of each source, and the nodes as rows of sums."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.incidents.engine.weights import (
    AT,
    LOG_TWO_PI,
    MT,
    MX,
    MY,
    SUMS,
    UNIT,
    A,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports
    from trucewatch.incidents.engine.ground import Ground

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

# Octaves of stated precision: 2^-10 … 2^13 km, and of stated width in days.
LEAST_OCTAVE, OCTAVES = -10, 24
# A width of nothing says nothing about the clock: a tenth of a day is the first guess.
UNSTATED_D = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The model of a set of reports.

    `happenings` is the expected number N; `detection` (S,) the share of happenings a source
    reports and `false` (S,) how many reports of nothing it makes; `place_scale` and `time_scale`
    (S, octaves) multiply the stated error's variance, by octave of the stated error;
    `confusion` (S, K, K) is P(said | true), rows true; `prior` (K,) how common kinds are.
    """

    happenings: float
    detection: Floats
    false: Floats
    place_scale: Floats
    time_scale: Floats
    confusion: Floats
    prior: Floats

    def to_json(self) -> dict[str, object]:
        """The values as plain numbers and lists."""
        return {f.name: np.asarray(getattr(self, f.name)).tolist() for f in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Parameters:
        """Parameters from what `to_json` gave; a missing name is a KeyError."""
        arrays = {f.name: np.asarray(values[f.name], dtype=np.float64) for f in fields(cls)}
        happenings = float(arrays.pop("happenings"))
        return cls(happenings=happenings, **arrays)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Nodes as rows of sums (n, 11), their kind likelihoods (n, K), and what all share.

    `real_alone` (n,) is P(it happened) of a node that nothing joins. `word` (n,) numbers what
    was said by whom, and `pair_kinds` is P(two words | one happening) by such numbers. `lone`
    (S,) is the share of a source's reports that stand alone, `key` (n,) a hash of the content.
    Nodes are in order of time. `seen_by[seen_from[i]:seen_from[i + 1]]` are the witnesses of node
    i in order, numbered from 0, one of them its `source`: nodes with a common one are never joined.
    """

    node: Floats
    words: Floats
    source: Ints
    seen_from: Ints
    seen_by: Ints
    real_alone: Floats
    word: NDArray[np.int32]
    pair_kinds: Floats
    key: NDArray[np.uint64]
    lone: Floats
    prior: Floats
    base: float
    ground: tuple[object, ...]


def octave(stated: Floats) -> Ints:
    """The octave of a stated error, as an index from 0."""
    o = np.floor(np.log2(np.maximum(stated, 2.0**LEAST_OCTAVE)) + 0.5).astype(np.int64)
    return np.clip(o - LEAST_OCTAVE, 0, OCTAVES - 1)


def stated_days(width: Floats) -> Floats:
    """The stated error of time in days: the width, or a first guess where it is nothing."""
    return np.where(width > 0, np.maximum(width, 2.0**LEAST_OCTAVE), UNSTATED_D)


def variances(reports: Reports, p: Parameters) -> tuple[Floats, Floats]:
    """Variance of place (km², on each axis) and of time (days²) of each report."""
    sd = np.maximum(reports.loc_sd, 2.0**LEAST_OCTAVE)
    days = stated_days(reports.width)
    return (
        p.place_scale[reports.source, octave(sd)] * sd**2,
        p.time_scale[reports.source, octave(days)] * days**2,
    )


def keys(*columns: Floats) -> NDArray[np.uint64]:
    """A hash of each row of columns (n,), for chance that depends on content alone.

    Give times and precision. Leave out place, source and kind, so that another origin of
    coordinates or other names give the same chances.
    """
    out = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        out = (out ^ column.astype(np.float64).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        out ^= out >> np.uint64(29)
    return out


def silence(p: Parameters) -> float:
    """Log of the chance that no source reports a happening."""
    return float(np.log1p(-p.detection).sum())


def table(reports: Reports, p: Parameters, ground: Ground) -> Table:
    """Rows of sums of every report as a set of its own."""
    vp, vt = variances(reports, p)
    n, s = len(reports), reports.source
    words = np.ascontiguousarray(p.confusion.transpose(0, 2, 1)[s, reports.kind])
    marginal = words @ p.prior
    odds = p.detection / (1 - p.detection)
    real = p.happenings * odds * math.exp(silence(p))
    alone = np.log(real + p.false)[s] + np.log(marginal)
    alone += ground.at(reports.x, reports.y, reports.t, 1 / vp)
    node = np.zeros((n, SUMS))
    node[:, A], node[:, MX], node[:, MY] = 1 / vp, reports.x, reports.y
    node[:, AT], node[:, MT] = 1 / vt, reports.t
    node[:, UNIT] = (
        np.log(odds)[s] + np.log(1 / vp) + 0.5 * np.log(1 / vt) - 1.5 * LOG_TWO_PI - alone
    )
    sources, kinds = p.confusion.shape[:2]
    likely = p.confusion.transpose(0, 2, 1).reshape(sources * kinds, kinds)
    said = p.happenings * p.detection
    return Table(
        node=node,
        word=(s * kinds + reports.kind).astype(np.int32),
        pair_kinds=(likely * p.prior) @ likely.T,
        key=keys(reports.t, reports.width, reports.pub, reports.loc_sd),
        lone=(real + p.false) / (said + p.false + 1e-9),
        words=words,
        source=s,
        seen_from=np.arange(n + 1),
        seen_by=s,
        real_alone=(real / (real + p.false))[s],
        prior=p.prior,
        base=math.log(p.happenings) + silence(p),
        ground=ground.compiled(),
    )
