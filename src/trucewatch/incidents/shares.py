"""The weight of a set of accounts, opened into place, time, kind, rate and detection."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from trucewatch.incidents.engine.weights import AT, LOG_TWO_PI, MT, MX, MZ, RATE, A
from trucewatch.model import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.nodes import Nodes

# As terms of a sum: fixed, so that the last bits of a float do not reach what is printed.
DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where the log W of a set comes from, in nats; the parts sum to it.

    `place` and `time` are never positive: half the squared distances, in standard errors. `rate`
    is −log of how many other happenings would lie as close by chance, so it holds the accuracy of
    place and time too. `kind` is how well the words fit one true kind, and `detection` that all of
    them saw it and none is false.
    """

    place: float
    time: float
    kind: float
    rate: float
    detection: float

    def __sub__(self, other: Parts) -> Parts:
        """What changes from another set to this one."""
        return Parts(
            place=self.place - other.place,
            time=self.time - other.time,
            kind=self.kind - other.kind,
            rate=self.rate - other.rate,
            detection=self.detection - other.detection,
        )

    @property
    def nats(self) -> float:
        """Their sum: log W, or the difference of two of them."""
        return math.fsum(astuple(self))


def parts_of(nodes: Nodes, group: Sequence[int]) -> Parts:
    """The parts of log W of a set of nodes, relative to every node alone; all 0 for one node.

    The same integral as `set_value`, with its factors gathered so that each is free of units.
    """
    rows = sorted(group)
    if len(rows) == 1:
        return Parts(place=0.0, time=0.0, kind=0.0, rate=0.0, detection=0.0)
    node, words, prior = nodes.table.node, nodes.table.words, nodes.table.prior
    a, at = node[rows, A], node[rows, AT]
    more, own = len(rows) - 1, [math.log(float(words[i] @ nodes.kinds_of([i]))) for i in rows]
    near = _mean(node[rows, RATE], a)
    return Parts(
        place=-0.5 * math.fsum((a * _squares(node[rows, MX : MZ + 1], a)).tolist()),
        time=-0.5 * math.fsum((at * _squares(node[rows, MT : MT + 1], at)).tolist()),
        kind=math.log(float(words[rows].prod(axis=0) @ prior)) - math.fsum(own),
        rate=near
        - math.fsum(node[rows, RATE].tolist())
        + math.fsum(math.log(v) for v in a.tolist())
        - math.log(math.fsum(a.tolist()))
        + 0.5 * math.fsum(math.log(v) for v in at.tolist())
        - 0.5 * math.log(math.fsum(at.tolist()))
        - 1.5 * more * LOG_TWO_PI,
        # What a node weighs alone holds its word as well, which counts under kind.
        detection=nodes.silence - math.fsum(float(nodes.apart[i]) for i in rows) + math.fsum(own),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one account brings to the log W of a set: log W with it less log W without it.

    Shares do not sum to log W: of two accounts each brings the whole. `km` and `days` are from
    the weighted mean of the others.
    """

    parts: Parts
    km: float
    days: float

    def terms(self) -> tuple[Term, ...]:
        """The parts with their words, largest first as they are written here: they sum to nats."""
        p = self.parts
        chance = math.exp(-p.rate)
        told = (
            ("place", p.place, f"{_far(self.km)} from the others, {_errors(p.place)}"),
            ("time", p.time, f"{_long(self.days)} from the others, {_errors(p.time)}"),
            ("kind", p.kind, "how well its kind fits theirs"),
            ("rate", p.rate, f"by chance {_few(chance)} other happenings would lie as close"),
            (
                "detection",
                p.detection,
                "that all saw it and none is false, against each being false or alone in seeing it",
            ),
        )
        return tuple(Term(name=n, nats=round(v, DIGITS) + 0.0, words=w) for n, v, w in told)


def share_of(nodes: Nodes, group: Sequence[int], member: int) -> Share:
    """What one member brings to a set of two or more."""
    rest = [i for i in sorted(group) if i != member]
    node = nodes.table.node
    middle = [_mean(node[rest, column], node[rest, A]) for column in range(MX, MZ + 1)]
    return Share(
        parts=parts_of(nodes, group) - parts_of(nodes, rest),
        km=math.dist(middle, node[member, MX : MZ + 1].tolist()),
        days=abs(float(node[member, MT]) - _mean(node[rest, MT], node[rest, AT])),
    )


def _mean(values: Floats, weights: Floats) -> float:
    return math.fsum((values * weights).tolist()) / math.fsum(weights.tolist())


def _squares(at: Floats, weights: Floats) -> Floats:
    """Squared distances (n,) of points (n, axes) from their weighted mean."""
    middle = [_mean(at[:, axis], weights) for axis in range(at.shape[1])]
    out: Floats = ((at - middle) ** 2).sum(axis=1)
    return out


def _far(km: float) -> str:
    return f"{km * 1000:.0f} m" if km < 1 else f"{km:.1f} km"


def _long(days: float) -> str:
    return f"{days * 24:.1f} hours" if days < 2 else f"{days:.1f} days"


def _errors(nats: float) -> str:
    return f"{math.sqrt(max(0.0, -2 * nats)):.1f} standard errors"


def _few(number: float) -> str:
    """A small number with two figures that count, never as a power of ten."""
    if number < 1e-4:
        return "fewer than 0.0001"
    return f"{number:.{max(0, 1 - math.floor(math.log10(number)))}f}"
