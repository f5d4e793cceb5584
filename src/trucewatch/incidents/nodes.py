"""Accounts as the arrays that the engine works on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.ground import positions
from trucewatch.incidents.rates import log_rates
from trucewatch.incidents.weights import Nodes
from trucewatch.incidents.wording import likelihood, prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Source


def make_nodes(
    accounts: Sequence[Account], sources: Mapping[str, Source], parameters: Parameters
) -> Nodes:
    """The arrays of accounts that are sorted by key; claimed kinds must be in the tree.

    An interval is a flat distribution: its variance is τ² + length²/12.
    """
    own = [parameters.of(sources.get(a.source)) for a in accounts]
    words = sorted({(a.kind, p.kind_slip) for a, p in zip(accounts, own, strict=True)})
    number = {word: i for i, word in enumerate(words)}
    witnesses = sorted({w for a in accounts for w in a.witnesses})
    bit = {w: i for i, w in enumerate(witnesses)}
    days = np.array([a.days for a in accounts]).reshape(-1, 2)
    tau = np.array([p.tau_days for p in own])
    scaled = [p.place_scale * a.place.error_m for a, p in zip(accounts, own, strict=True)]
    silence = math.fsum(
        math.log1p(-p.coverage * p.detection)
        for p in (parameters.of(sources[s]) for s in sorted(sources))
    )
    # A source that spoke has no silence to count, registered or not.
    unseen = [
        math.log1p(-p.coverage * p.detection) if a.source in sources else 0.0
        for a, p in zip(accounts, own, strict=True)
    ]
    k = len(prior(parameters.fire_share))
    return Nodes(
        xyz=positions([a.place for a in accounts]),
        sigma=np.maximum(np.array(scaled), parameters.least_error_m) / 1000,
        t=days[:, 0],
        tvar=tau**2 + days[:, 1] ** 2 / 12,
        log_rate=log_rates([a.place for a in accounts], parameters),
        word=np.array(
            [number[a.kind, p.kind_slip] for a, p in zip(accounts, own, strict=True)],
            dtype=np.intp,
        ),
        likely=np.array(
            [likelihood(kind, slip, parameters.sign_share) for kind, slip in words]
        ).reshape(-1, k),
        prior=prior(parameters.fire_share),
        witness=np.array([min(bit[w] for w in a.witnesses) for a in accounts], dtype=np.intp),
        masks=tuple(sum(1 << bit[w] for w in sorted(a.witnesses)) for a in accounts),
        log_detect=np.array([math.log(p.detection) for p in own]),
        log_false=np.array([math.log(p.false_share / (1 - p.false_share)) for p in own]),
        log_unseen=np.array(unseen),
        silence=silence,
        copier=tuple(p.copies_only for p in own),
    )
