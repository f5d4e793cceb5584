"""The weight of "these accounts are one happening", in closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from trucewatch.incidents.ground import Floats, Ints

TWO_PI = 2 * math.pi


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """`n` accounts as arrays, in an order that is a function of their content alone.

    `xyz` (n, 3) in km and `sigma` (n,) in km on each axis; `t` (n,) in days and `tvar` in days²;
    `log_rate` (n,) log of happenings per km² and day there. `word` (n,) indexes the rows of
    `likely` (U, K), P(word | true kind), and `prior` is (K,). `witness` (n,) numbers the source
    of each node and `masks` are bit sets of all its witnesses: two nodes with a common witness
    are two happenings. `log_detect` and
    `log_false` (n,) are log p and log of the odds that the source's report is false;
    `log_unseen` (n,) is log(1 − coverage·p) of its own source, `silence` the sum of that over all
    sources. `copier` marks nodes that only repeat.
    """

    xyz: Floats
    sigma: Floats
    t: Floats
    tvar: Floats
    log_rate: Floats
    word: Ints
    likely: Floats
    prior: Floats
    witness: Ints
    masks: tuple[int, ...]
    log_detect: Floats
    log_false: Floats
    log_unseen: Floats
    silence: float
    copier: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.masks)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """The sums that log w needs of a set of nodes; two sums of disjoint sets add up.

    `place` and `time` are Σ1/σ², `xyz` and `t` the weighted means, `off_place` and `off_time`
    the weighted squared distances to them, `kinds` the product of kind likelihoods (K,).
    """

    members: tuple[int, ...]
    mask: int
    unit: float
    rate: float
    place: float
    xyz: tuple[float, float, float]
    off_place: float
    time: float
    t: float
    off_time: float
    kinds: Floats

    def __add__(self, other: Sums) -> Sums:
        place, time = self.place + other.place, self.time + other.time
        (ax, ay, az), (bx, by, bz) = self.xyz, other.xyz
        share = other.place / place
        dx, dy, dz = bx - ax, by - ay, bz - az
        dt = other.t - self.t
        return Sums(
            self.members + other.members,
            self.mask | other.mask,
            self.unit + other.unit,
            self.rate + other.rate,
            place,
            (ax + share * dx, ay + share * dy, az + share * dz),
            self.off_place + other.off_place + self.place * share * (dx * dx + dy * dy + dz * dz),
            time,
            self.t + dt * other.time / time,
            self.off_time + other.off_time + self.time * other.time / time * dt * dt,
            self.kinds * other.kinds,
        )


class Weights:
    """log w of sets of nodes, relative to every node standing alone.

    `value` of one node is 0, so a join is worth value(a + b) − value(a) − value(b) nats.
    """

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self._marginal = np.log(nodes.likely @ nodes.prior)
        place = 1 / nodes.sigma**2
        time = 1 / nodes.tvar
        # Alone, a node is a real happening that the others missed, or a false report.
        alone = (
            nodes.log_rate
            + nodes.log_detect
            + self._marginal[nodes.word]
            + np.logaddexp(nodes.silence - nodes.log_unseen, nodes.log_false)
        )
        unit = (
            nodes.log_detect
            - nodes.log_unseen
            + np.log(place / TWO_PI)
            + 0.5 * np.log(time / TWO_PI)
            - alone
        )
        self._unit = unit
        self._place = place
        self._time = time
        self._singles: dict[int, Sums] = {}

    def single(self, i: int) -> Sums:
        """The sums of one node."""
        known = self._singles.get(i)
        if known is None:
            known = self._singles[i] = self._sums(i)
        return known

    def _sums(self, i: int) -> Sums:
        n = self.nodes
        x, y, z = n.xyz[i].tolist()
        return Sums(
            (i,),
            n.masks[i],
            float(self._unit[i]),
            float(n.log_rate[i] * self._place[i]),
            float(self._place[i]),
            (x, y, z),
            0.0,
            float(self._time[i]),
            float(n.t[i]),
            0.0,
            n.likely[n.word[i]],
        )

    def of(self, members: tuple[int, ...]) -> Sums:
        """The sums of several nodes, added in the order of the nodes."""
        first, *others = sorted(members)
        total = self.single(first)
        for i in others:
            total += self.single(i)
        return total

    def value(self, s: Sums) -> float:
        """log w(s) − Σ log w(each alone), in nats; 0 for one node."""
        if len(s.members) == 1:
            return 0.0
        return (
            self.nodes.silence
            + s.rate / s.place
            + s.unit
            - math.log(s.place / TWO_PI)
            - 0.5 * math.log(s.time / TWO_PI)
            - 0.5 * (s.off_place + s.off_time)
            + math.log(float(s.kinds @ self.nodes.prior))
        )

    def pair_values(self, first: Ints, second: Ints) -> Floats:
        """`value` of many pairs at once, shape like `first`."""
        n = self.nodes
        a, b = self._place[first], self._place[second]
        u, v = self._time[first], self._time[second]
        apart = np.sum((n.xyz[first] - n.xyz[second]) ** 2, axis=1)
        between = (n.t[first] - n.t[second]) ** 2
        kinds = np.log((n.likely * n.prior) @ n.likely.T)
        value: Floats = (
            n.silence
            + (n.log_rate[first] * a + n.log_rate[second] * b) / (a + b)
            + self._unit[first]
            + self._unit[second]
            - np.log((a + b) / TWO_PI)
            - 0.5 * np.log((u + v) / TWO_PI)
            - 0.5 * (apart * a * b / (a + b) + between * u * v / (u + v))
            + kinds[n.word[first], n.word[second]]
        )
        return value
