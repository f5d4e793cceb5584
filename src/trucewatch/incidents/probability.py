"""P(it happened), as a sum of terms that people can read."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.model import Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.weights import Nodes, Weights

# Above this many independent accounts the odds are beyond `most_log_odds` on any reading.
MOST_ACCOUNTS = 8


def evidence(
    nodes: Nodes, members: Sequence[int], origins: Mapping[int, frozenset[str]]
) -> tuple[int, ...]:
    """The members that count: each brings an origin that no earlier one has brought.

    Accounts with more origins come first, then less trusted and vaguer ones, so that a copy that
    restates its original as surer or more exact than it was gains nothing by it. A node that only
    repeats, or has no origin at all, counts only where nothing else is there.
    """
    order = sorted(
        members,
        key=lambda i: (
            nodes.copier[i] or not origins[i],
            -len(origins[i]),
            -float(nodes.log_false[i]),
            -float(nodes.sigma[i]),
            i,
        ),
    )
    kept, seen = [order[0]], set(origins[order[0]])
    for i in order[1:]:
        if not nodes.copier[i] and origins[i] - seen:
            kept.append(i)
            seen |= origins[i]
    return tuple(sorted(kept))


def log_odds(weights: Weights, kept: Sequence[int], meant: Floats) -> dict[str, float]:
    """The log-odds that the kept accounts tell of one happening, against none of them doing so.

    `meant` (K,) is 1 for the true kinds that count as "it happened" and 0 for the others. With φ
    the false share of a source, c its coverage, p its detection, λ the rate, m accounts, and
    M_i = Σ_k π_k C_i over what is meant: Σ log(M_i / (φ/(1−φ)·Σπ_k C_i + what is not meant))
    + Σ over silent sources log(1−c·p) + [log G − (m−1) log λ] + [log Σ_k π_k Π C − Σ log M_i].
    The detections of those who spoke cancel: a source that reports much also errs much.
    """
    n = weights.nodes
    s = weights.of(tuple(kept))
    closeness = kind = 0.0
    if len(kept) > 1:
        closeness = (
            math.fsum(math.log(1 / (2 * math.pi * n.sigma[i] ** 2)) for i in kept)
            + 0.5 * math.fsum(math.log(1 / (2 * math.pi * n.tvar[i])) for i in kept)
            - math.log(s.place / (2 * math.pi))
            - 0.5 * math.log(s.time / (2 * math.pi))
            - 0.5 * (s.off_place + s.off_time)
            + s.rate / s.place
            - math.fsum(float(n.log_rate[i]) for i in kept)
        )
        kind = math.log(float(s.kinds @ (n.prior * meant))) - math.fsum(
            math.log(_mass(n, i, meant)) for i in kept
        )
    return {
        "accounts": math.fsum(account(n, i, meant) for i in kept),
        "silence": n.silence - math.fsum(float(n.log_unseen[i]) for i in kept),
        "closeness": closeness,
        "kind": kind,
    }


def account(nodes: Nodes, i: int, meant: Floats) -> float:
    """The log-odds that one account by itself tells of what is meant."""
    told = _mass(nodes, i, meant)
    whole = _mass(nodes, i, np.ones_like(meant))
    return math.log(told) - math.log(math.exp(nodes.log_false[i]) * whole + (whole - told))


def _mass(nodes: Nodes, i: int, meant: Floats) -> float:
    return float(nodes.likely[nodes.word[i]] @ (nodes.prior * meant))


def other_readings(weights: Weights, kept: Sequence[int], meant: Floats) -> float:
    """What is gained by allowing that some of the accounts are false and the rest are not.

    The log of the sum over all non-empty subsets of exp(log-odds), less the log-odds of all of
    them: never negative. With it, another independent account can only raise P.
    """
    whole = math.fsum(log_odds(weights, kept, meant).values())
    parts = [
        math.fsum(log_odds(weights, part, meant).values())
        for size in range(1, len(kept) + 1)
        for part in combinations(kept, size)
    ]
    top = max(parts)
    return top - whole + math.log(math.fsum(math.exp(part - top) for part in parts))


def happened(
    weights: Weights,
    members: Sequence[int],
    origins: Mapping[int, frozenset[str]],
    names: Mapping[int, str],
    most: float,
    meant: Floats | None = None,
) -> tuple[float, tuple[Term, ...]]:
    """P(it happened) for one group of nodes, and terms that sum to its log-odds.

    `names` are what to call each node in print; `meant` is as in `log_odds`, None all kinds. The
    log-odds stay within ±`most`: no machine says that it is surer.
    """
    n = weights.nodes
    every = evidence(n, members, origins)
    kept = every[:MOST_ACCOUNTS]
    meant = np.ones_like(n.prior) if meant is None else meant
    parts = log_odds(weights, kept, meant)
    terms = [_account_term(n, i, meant, names[i]) for i in kept]
    if parts["silence"]:
        terms.append(
            _term("silence", parts["silence"], "others who were watching did not report it")
        )
    if len(kept) > 1:
        terms += [
            _term(
                "closeness",
                parts["closeness"],
                f"{len(kept)} independent accounts lie so close in place and time, "
                "against what chance would bring together",
            ),
            _term("kind", parts["kind"], "how well the kinds they name fit one happening"),
            _term(
                "other readings",
                other_readings(weights, kept, meant),
                "some of the accounts may be false and it happened all the same",
            ),
        ]
    terms += [
        _term("repetition", 0.0, f"{names[i]}: has no origin of its own here and adds nothing")
        for i in sorted(set(members) - set(every))
    ]
    if len(every) > len(kept):
        terms.append(
            _term("repetition", 0.0, f"{len(every) - len(kept)} more accounts are not needed")
        )
    total = math.fsum(term.nats for term in terms)
    if abs(total) > most:
        bound = math.copysign(most, total)
        terms.append(
            _term("limit", bound - total, "a sum of such terms is never taken to be surer")
        )
        total = math.fsum(term.nats for term in terms)
    # Thirteen digits keep the log-odds to 1e-9 and drop what machines round differently.
    return round(1 / (1 + math.exp(-total)), 13), tuple(terms)


def _account_term(nodes: Nodes, i: int, meant: Floats, name: str) -> Term:
    odds = math.exp(nodes.log_false[i])
    words = (
        f"{name}: {odds / (1 + odds):.0%} of the accounts of such a source are taken to be false"
    )
    if _mass(nodes, i, 1 - meant) > _mass(nodes, i, meant):
        words += ", and most of what it sees of this kind has no such act behind it"
    return _term("account", account(nodes, i, meant), words)


def _term(name: str, nats: float, words: str) -> Term:
    return Term(name=name, nats=round(nats, 9) + 0.0, words=words)
