"""Accounts as a table that the engine works on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.model import Table, keys
from trucewatch.incidents.engine.weights import (
    AT,
    LOG_TWO_PI,
    MT,
    MX,
    MY,
    MZ,
    RATE,
    SUMS,
    UNIT,
    A,
)
from trucewatch.incidents.fires import THERMAL
from trucewatch.incidents.ground import positions
from trucewatch.incidents.rates import act_rates, fire_scarcity
from trucewatch.incidents.wording import acts, likelihood, prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Source

# The engine's ground is flat here: the rate at each place is a number of the node's own.
FLAT = (
    np.zeros((1, 1, 1), dtype=np.float32), np.zeros(0), 0.0, 0.0, 1.0,
    np.zeros(1, dtype=np.float32), 0.0, 1.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the engine must know of one account.

    `sigma` in km on each axis, `days` its middle and length in days, `tau` in days. `word` names
    a row of likelihoods, P(word | true kind). `own` is the witness of the original, and `witnesses`
    are all, sorted. `log_rate` is the log of happenings per km² and day
    there, were fires as many times more than acts as they are anywhere. `log_false` is the log of
    the odds that such a report is false; `log_unseen` is log(1 − coverage·p) of its own source.
    Detection p itself cancels: a source that reports much reports as much more that is false.
    """

    xyz: tuple[float, float, float]
    sigma: float
    days: tuple[float, float]
    tau: float
    word: int
    own: int
    witnesses: tuple[int, ...]
    log_rate: float
    log_false: float
    log_unseen: float
    published: float | None = None
    copier: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Accounts as rows of a table, and what only P(it happened) must know of them.

    `sigma` (n,) in km on each axis, `tvar` in days². `apart` (n,) is what a node by itself weighs
    less than its own geometry, rate and detection say; `silence` the sum over all sources of
    log(1 − coverage·p). `rare` (n, K) is the log of how much rarer true kinds are at the
    node's place than the prior says. `copier` marks nodes that only repeat.
    """

    table: Table
    sigma: Floats
    tvar: Floats
    log_false: Floats
    log_unseen: Floats
    apart: Floats
    rare: Floats
    silence: float
    copier: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.copier)

    def kinds_of(self, members: Sequence[int]) -> Floats:
        """How common each true kind is where a set of nodes lies, (K,), beside their words.

        The words of the table hold half of `rare` each, which is right for two pixels and wrong
        for one or three; this puts it right.
        """
        precision = self.table.node[list(members), A]
        share = precision / math.fsum(precision.tolist()) - 0.5
        more: Floats = self.table.prior * np.exp(share @ self.rare[list(members)])
        return more


def in_order(accounts: Sequence[Account]) -> list[Account]:
    """Accounts in the order of the table: by time, then by what they say, then by key.

    Place and source come last, in the key, so that chance depends on neither.
    """

    def content(account: Account) -> tuple[float, float, float, float, str, str]:
        middle, length = account.days
        published = -math.inf if account.published is None else account.published
        return middle, length, account.place.error_m, published, account.kind, account.key

    return sorted(accounts, key=content)


def make_nodes(
    accounts: Sequence[Account], sources: Mapping[str, Source], parameters: Parameters
) -> Nodes:
    """The table of accounts that are `in_order`; claimed kinds must be in the tree."""
    own = [parameters.of(sources.get(a.source)) for a in accounts]
    scarce = fire_scarcity([a.place for a in accounts], parameters).tolist()
    said = [
        (a.kind, p.kind_slip, rare if a.kind == THERMAL else 0.0)
        for a, p, rare in zip(accounts, own, scarce, strict=True)
    ]
    words = sorted(set(said))
    number = {word: i for i, word in enumerate(words)}
    witness = {w: i for i, w in enumerate(sorted({w for a in accounts for w in a.witnesses}))}
    silence = math.fsum(
        math.log1p(-p.coverage * p.detection)
        for p in (parameters.of(sources[s]) for s in sorted(sources))
    )
    xyz = positions([a.place for a in accounts]).tolist()
    rates = act_rates([a.place for a in accounts], parameters) - math.log1p(-parameters.fire_share)
    told = [
        Told(
            xyz=tuple(at),
            sigma=max(p.place_scale * a.place.error_m, parameters.least_error_m) / 1000,
            days=a.days,
            tau=p.tau_days,
            word=number[word],
            own=min(witness[w] for w in a.witnesses if w.split("\x1f")[0] == a.source),
            witnesses=tuple(sorted(witness[w] for w in a.witnesses)),
            log_rate=rate,
            log_false=math.log(p.false_share / (1 - p.false_share)),
            # A source that spoke has no silence to count, registered or not.
            log_unseen=math.log1p(-p.coverage * p.detection) if a.source in sources else 0.0,
            published=a.published,
            copier=p.copies_only,
        )
        for a, p, word, at, rate in zip(accounts, own, said, xyz, rates.tolist(), strict=True)
    ]
    likely = [likelihood(kind, slip, parameters.sign_share) for kind, slip, _ in words]
    rare = [rare * (1 - acts()) for _, _, rare in words]
    kinds = prior(parameters.fire_share)
    return nodes_of(told, np.array(likely), kinds, silence, np.array(rare))


def nodes_of(
    told: Sequence[Told],
    likely: Floats,
    kinds: Floats,
    silence: float,
    rare: Floats | None = None,
) -> Nodes:
    """The table of what is known of each account, in order of time.

    `likely` (words, K) are the likelihoods of the words and `kinds` (K,) how common true kinds
    are; `rare` (words, K) is the log of how much rarer they are at the place of such a word, None
    nowhere. An interval is a flat distribution: its variance is τ² + length²/12.
    """

    def column(name: str) -> Floats:
        return np.array([getattr(t, name) for t in told], dtype=np.float64)

    n = len(told)
    sigma, log_rate = column("sigma"), column("log_rate")
    unseen, false = column("log_unseen"), column("log_false")
    days = np.array([t.days for t in told]).reshape(-1, 2)
    tvar = column("tau") ** 2 + days[:, 1] ** 2 / 12
    word = np.array([t.word for t in told], dtype=np.int32)
    likely = likely.reshape(-1, len(kinds))
    rare = np.zeros_like(likely) if rare is None else rare.reshape(likely.shape)
    common = likely * np.exp(rare) @ kinds
    # What holds once for a set is split over its nodes, as if each set had two.
    likely = likely * np.exp(rare / 2)
    # Alone, a node is a real happening that the others missed, or a false report.
    missed = silence - unseen
    alone = np.log(common)[word] + np.logaddexp(missed, false)
    place, time = 1 / sigma**2, 1 / tvar
    node = np.zeros((n, SUMS))
    node[:, A], node[:, AT], node[:, MT], node[:, RATE] = place, time, days[:, 0], log_rate
    node[:, [MX, MY, MZ]] = np.array([t.xyz for t in told]).reshape(-1, 3)
    node[:, UNIT] = np.log(place) + 0.5 * np.log(time) - 1.5 * LOG_TWO_PI
    node[:, UNIT] -= unseen + alone + log_rate
    sources = np.array([t.own for t in told], dtype=np.int64)
    published = np.array([-1.0 if t.published is None else t.published for t in told])
    table = Table(
        node=node,
        words=np.ascontiguousarray(likely[word]),
        source=sources,
        seen_from=np.cumsum([0, *(len(t.witnesses) for t in told)], dtype=np.int64),
        seen_by=np.array([w for t in told for w in t.witnesses], dtype=np.int64),
        real_alone=1 / (1 + np.exp(false - missed)),
        word=word,
        pair_kinds=(likely * kinds) @ likely.T,
        key=keys(days[:, 0], days[:, 1], published, sigma),
        lone=_lone(sources, np.exp(missed), np.exp(false)),
        prior=kinds,
        base=silence,
        ground=FLAT,
    )
    return Nodes(
        table, sigma, tvar, false, unseen, unseen + alone, rare[word], silence,
        tuple(t.copier for t in told),
    )  # fmt: skip


def _lone(sources: NDArray[np.int64], missed: Floats, false: Floats) -> Floats:
    """The share of each source's reports that stand alone: false, or missed by all others."""
    lone: Floats = np.ones(int(sources.max(initial=-1)) + 1)
    lone[sources] = (missed + false) / (1 + false)
    return lone
