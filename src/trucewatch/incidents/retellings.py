"""Reports of one source that tell again of an event it has already told."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.ground import positions
from trucewatch.incidents.rates import act_rates, fire_scarcity
from trucewatch.incidents.wording import acts, likelihood, prior
from trucewatch.model import content_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.parameters import Parameters, SourceParameters
    from trucewatch.model import Source

LOG_TWO_PI = math.log(2 * math.pi)
# Octaves of error in place, from a metre: a vague report does not widen the search of the others.
FINEST = -10


def retold(
    accounts: Iterable[Account], sources: Mapping[str, Source], parameters: Parameters
) -> list[Account]:
    """Accounts with the retellings of each source laid upon the best-stated of them.

    The best-stated (least error, then shortest time, then first published) are looked at first;
    each account goes to the earlier one that it most likely tells again of, or stands for
    itself. Only sources with `retells` above 0 are looked at; the order given changes nothing.
    """
    by_witness: defaultdict[tuple[str, ...], list[Account]] = defaultdict(list)
    out: list[Account] = []
    for account in accounts:
        if parameters.of(sources.get(account.source)).retells and not account.fires:
            by_witness[account.source, *sorted(account.witnesses)].append(account)
        else:
            out.append(account)
    for group in by_witness.values():
        own = parameters.of(sources.get(group[0].source))
        out += group if len(group) == 1 else _of_one_source(group, own, parameters)
    return sorted(out, key=lambda a: a.key)


def _of_one_source(
    group: list[Account], own: SourceParameters, parameters: Parameters
) -> list[Account]:
    ordered = sorted(group, key=_best_stated)
    model = _Model(own, parameters)
    xyz = positions([a.place for a in ordered]).tolist()
    places = [a.place for a in ordered]
    rates = act_rates(places, parameters) - math.log1p(-parameters.fire_share)
    around = list(zip(rates.tolist(), fire_scarcity(places, parameters).tolist(), strict=True))
    heads = _Heads(parameters.gate_sigmas, max(model.variance(a) for a in ordered))
    told: defaultdict[int, list[Account]] = defaultdict(list)
    tellings: list[_Telling] = []
    for i, account in enumerate(ordered):
        this = _Telling(
            tuple(xyz[i]),
            model.error_km(account),
            *account.days,
            model.variance(account),
            account.kind,
        )
        tellings.append(this)
        # Gains are compared to a millionth of a nat, as everywhere: ties go to the better stated.
        best = min(
            ((-round(model.gain(tellings[h], this, *around[i]), 6), h) for h in heads.near(this)),
            default=(0.0, -1),
        )
        if best[0] < 0:
            told[best[1]].append(account)
        else:
            told[i] = []
            # One that would not take up its own double takes up nobody: its place says too little.
            if model.gain(this, replace(this, length=0.0, var=own.tau_days**2), *around[i]) > 0:
                heads.add(i, this)
    return [_one(ordered[head], again) for head, again in told.items()]


def _best_stated(account: Account) -> tuple[float, float, float, str]:
    published = math.inf if account.published is None else account.published
    return account.place.error_m, account.when.length.total_seconds(), published, account.key


@dataclass(frozen=True, slots=True)
class _Telling:
    """An account as numbers: km from the Earth's centre, km, days (middle, length), days²."""

    xyz: tuple[float, ...]
    sigma: float
    t: float
    length: float
    var: float
    kind: str


class _Model:
    """What a retelling weighs against another event, for one source."""

    def __init__(self, own: SourceParameters, parameters: Parameters) -> None:
        self._own = own
        self._least_km = parameters.least_error_m / 1000
        self._kinds = (own.kind_slip, parameters.sign_share, parameters.fire_share)
        told = math.log(own.detection / (1 - own.false_share))
        self._again = math.log(own.retells / (1 - own.retells)) - told

    def error_km(self, account: Account) -> float:
        return max(self._own.place_scale * account.place.error_m / 1000, self._least_km)

    def variance(self, account: Account) -> float:
        return self._own.tau_days**2 + account.days[1] ** 2 / 12

    def gain(self, head: _Telling, other: _Telling, log_rate: float, scarce: float) -> float:
        """Log-odds that `other` tells again of `head`, against another event or a false report.

        log r/(1−r) − log(λ p/(1−φ)) + log N₂(d; σ²) + log N₁(Δt; v) + log Σ_k π_k C C' / (M M'),
        σ² and v the sums of the two variances, M = Σ_k π_k C. λ p/(1−φ) is how densely the
        source's own reports of other events lie there. A source whose own times lie further
        apart than it slips (τ) tells of two events, and the log-odds are −∞.
        """
        if abs(head.t - other.t) - (head.length + other.length) / 2 > self._own.tau_days:
            return -math.inf
        place = head.sigma**2 + other.sigma**2
        time = head.var + other.var
        return (
            self._again
            - log_rate
            - LOG_TWO_PI
            - math.log(place)
            - math.dist(head.xyz, other.xyz) ** 2 / (2 * place)
            - 0.5 * (LOG_TWO_PI + math.log(time) + (head.t - other.t) ** 2 / time)
            + _agreement(head.kind, other.kind, *self._kinds, scarce)
        )


@cache
def _agreement(
    one: str, other: str, slip: float, sign_share: float, fire_share: float, scarce: float
) -> float:
    common = prior(fire_share) * np.exp(scarce * (1 - acts()))
    a, b = likelihood(one, slip, sign_share), likelihood(other, slip, sign_share)
    return math.log(float(a * b @ common) / (float(a @ common) * float(b @ common)))


class _Heads:
    """Accounts that stand, found by cell: those in reach of one lie in at most 16 cells.

    A head lies in the cells of its own octave of error and of every vaguer one, so that each
    account asks at its own octave only. Heads in reach of each other are one, so cells stay
    nearly empty however many reports fall into them.
    """

    def __init__(self, gate_sigmas: float, most_variance: float) -> None:
        self._gate = gate_sigmas * math.sqrt(2)
        self._days = 2 * self._gate * math.sqrt(most_variance)
        self._cells: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)

    def add(self, head: int, telling: _Telling) -> None:
        # Eight octaves: what is 256 times as vague gains nothing by its place.
        for octave in range(_octave(telling.sigma), _octave(telling.sigma) + 8):
            cell = tuple(math.floor(v) for v in self._scaled(telling, octave))
            self._cells[octave, *cell].append(head)

    def near(self, telling: _Telling) -> Iterator[int]:
        octave = _octave(telling.sigma)
        sides = (
            (math.floor(v - 0.5), math.floor(v - 0.5) + 1) for v in self._scaled(telling, octave)
        )
        for cell in product(*sides):
            yield from self._cells.get((octave, *cell), ())

    def _scaled(self, telling: _Telling, octave: int) -> Iterator[float]:
        side = 2 * self._gate * 2.0**octave
        yield from (v / side for v in telling.xyz)
        yield telling.t / self._days


def _octave(sigma_km: float) -> int:
    return max(FINEST, math.ceil(math.log2(sigma_km)))


def _one(head: Account, again: list[Account]) -> Account:
    if not again:
        return head
    every = (head, *again)
    claims = tuple(sorted((c for a in every for c in a.claims), key=lambda c: c.id))
    times = [a.published for a in every if a.published is not None]
    note = (
        f"{len(every)} reports of one source tell of one event again: they count once, "
        "and the best stated of them stands"
    )
    return replace(
        head,
        key=content_id("acc", (c.id for c in claims)),
        claims=claims,
        origins=frozenset().union(*(a.origins for a in every)),
        published=min(times, default=None),
        notes=(*head.notes, note),
    )
