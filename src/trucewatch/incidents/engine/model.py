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
# Three classes of salience, with the mean and the spread of the shares they stand for.
SHARES, LEVELS = np.array([0.25, 0.5, 0.25]), np.array([-1.0, 0.0, 1.0])
MOST_DETECTED = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """The model of a set of reports.

    `happenings` is the expected number N; `detection` (S,) the share of happenings a source
    reports and `false` (S,) how many reports of nothing it makes; `place_scale` and `time_scale`
    (S, octaves) multiply the stated error's variance, by octave of the stated error;
    `confusion` (S, K, K) is P(said | true), rows true; `prior` (K,) how common kinds are.
    `salience` is how unequally happenings are noticed: a quarter of them by `1 − salience` times
    as many as the rest, a quarter by `1 + salience` times.
    """

    happenings: float
    detection: Floats
    false: Floats
    place_scale: Floats
    time_scale: Floats
    confusion: Floats
    prior: Floats
    salience: float = 0.0

    def to_json(self) -> dict[str, object]:
        """The values as plain numbers and lists."""
        return {f.name: np.asarray(getattr(self, f.name)).tolist() for f in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Parameters:
        """Parameters from what `to_json` gave; a missing name is a KeyError."""
        arrays = {f.name: np.asarray(values[f.name], dtype=np.float64) for f in fields(cls)}
        happenings, salience = (float(arrays.pop(name)) for name in ("happenings", "salience"))
        return cls(happenings=happenings, salience=salience, **arrays)


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


def noticed(p: Parameters) -> tuple[Floats, Floats]:
    """The classes of salience: their shares (Z,), and what each source detects of them (Z, S).

    One class where all happenings are noticed alike.
    """
    if p.salience == 0:
        return np.ones(1), p.detection[None]
    times = 1 + p.salience * LEVELS
    return SHARES, np.minimum(times[:, None] * p.detection, MOST_DETECTED)


def silence(p: Parameters) -> Floats:
    """P(a happening of a class that no source reports), times the share of the class, (Z,)."""
    shares, detection = noticed(p)
    missed: Floats = shares * np.exp(np.log1p(-detection).sum(axis=1))
    return missed


def table(reports: Reports, p: Parameters, ground: Ground) -> Table:
    """Rows of sums of every report as a set of its own.

    What is not known of a happening, its kind and its class of salience, is one list of K·Z.
    """
    vp, vt = variances(reports, p)
    n, s = len(reports), reports.source
    detection = noticed(p)[1]
    missed = silence(p)
    unseen = float(missed.sum())
    odds = p.detection / (1 - p.detection)
    more = (detection / (1 - detection) / odds).T
    sources, kinds = p.confusion.shape[:2]
    said = p.confusion.transpose(0, 2, 1).reshape(sources * kinds, kinds)
    likely = said[:, :, None] * np.repeat(more, kinds, axis=0)[:, None, :]
    likely = likely.reshape(sources * kinds, -1)
    prior = (p.prior[:, None] * (missed / unseen)).ravel()
    word = s * kinds + reports.kind
    words = np.ascontiguousarray(likely[word])
    real = p.happenings * odds * unseen * (more @ (missed / unseen))
    alone = np.log(real + p.false)[s] + np.log((said @ p.prior)[word])
    alone += ground.at(reports.x, reports.y, reports.t, 1 / vp)
    node = np.zeros((n, SUMS))
    node[:, A], node[:, MX], node[:, MY] = 1 / vp, reports.x, reports.y
    node[:, AT], node[:, MT] = 1 / vt, reports.t
    node[:, UNIT] = (
        np.log(odds)[s] + np.log(1 / vp) + 0.5 * np.log(1 / vt) - 1.5 * LOG_TWO_PI - alone
    )
    expected = p.happenings * p.detection
    return Table(
        node=node,
        word=word.astype(np.int32),
        pair_kinds=(likely * prior) @ likely.T,
        key=keys(reports.t, reports.width, reports.pub, reports.loc_sd),
        lone=(real + p.false) / (expected + p.false + 1e-9),
        words=words,
        source=s,
        seen_from=np.arange(n + 1),
        seen_by=s,
        real_alone=(real / (real + p.false))[s],
        prior=prior,
        base=math.log(p.happenings * unseen),
        ground=ground.compiled(),
    )
