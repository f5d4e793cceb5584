"""P(it happened), as a sum of terms that people can read."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.voices import Trust, bodies
from trucewatch.model import Term

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.voices import Body
    from trucewatch.incidents.weights import Nodes, Weights

# Above this many independent accounts the odds are beyond `most_log_odds` on any reading.
MOST_ACCOUNTS = 8
NO_PARTIES = Trust(frozenset(), party_share=0.0, own_slip=0.0)
ALONE, PARTY_ALONE = "one voice", "one party's word"
REPEATS = "shares a voice with another account, so they count as one"
NO_ORIGIN_WORDS = "has no origin of its own here and adds nothing"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def log_odds(weights: Weights, kept: Sequence[Body], meant: Floats) -> dict[str, float]:
    """The log-odds that the kept accounts tell of one happening, against none of them doing so.

    `meant` (K,) is 1 for the true kinds that count as "it happened" and 0 for the others. With φ
    the false share of an account, c a source's coverage, p its detection, λ the rate, m accounts
    and M_i = Σ_k π_k C_i over what is meant: Σ log(M_i / (φ/(1−φ)·Σπ_k C_i + what is not meant))
    + Σ over silent sources log(1−c·p) + [log G − (m−1) log λ] + [log Σ_k π_k Π C − Σ log M_i].
    The detections of those who spoke cancel: a source that reports much also errs much.
    """
    n = weights.nodes
    first = [body.first for body in kept]
    s = weights.of(tuple(first))
    closeness = kind = 0.0
    if len(kept) > 1:
        closeness = (
            math.fsum(math.log(1 / (2 * math.pi * n.sigma[i] ** 2)) for i in first)
            + 0.5 * math.fsum(math.log(1 / (2 * math.pi * n.tvar[i])) for i in first)
            - math.log(s.place / (2 * math.pi))
            - 0.5 * math.log(s.time / (2 * math.pi))
            - 0.5 * (s.off_place + s.off_time)
            + s.rate / s.place
            - math.fsum(float(n.log_rate[i]) for i in first)
        )
        kind = math.log(float(s.kinds @ (n.prior * meant))) - math.fsum(
            math.log(_mass(n, i, meant)) for i in first
        )
    return {
        "accounts": math.fsum(account(n, body, meant) for body in kept),
        "silence": n.silence - math.fsum(float(n.log_unseen[i]) for i in first),
        "closeness": closeness,
        "kind": kind,
    }


def account(nodes: Nodes, body: Body, meant: Floats) -> float:
    """The log-odds that one account by itself tells of what is meant."""
    told = _mass(nodes, body.first, meant)
    whole = _mass(nodes, body.first, np.ones_like(meant))
    false = body.false_share / (1 - body.false_share)
    return math.log(told) - math.log(false * whole + (whole - told))


def _mass(nodes: Nodes, i: int, meant: Floats) -> float:
    return float(nodes.likely[nodes.word[i]] @ (nodes.prior * meant))


def other_readings(weights: Weights, kept: Sequence[Body], meant: Floats) -> float:
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
    voices: Mapping[int, frozenset[str]],
    names: Mapping[int, str],
    most: float,
    meant: Floats | None = None,
    trust: Trust = NO_PARTIES,
) -> tuple[float, tuple[Term, ...]]:
    """P(it happened) for one group of nodes, and terms that sum to its log-odds.

    `voices` are those of each node, at least one, and `names` what to call it in print; `meant`
    is as in `log_odds`, None all kinds. Nodes that share a voice count as one. The log-odds stay
    within ±`most`: no machine says that it is surer.
    """
    n = weights.nodes
    every = bodies(n, members, voices, trust)
    kept = every[:MOST_ACCOUNTS]
    meant = np.ones_like(n.prior) if meant is None else meant
    parts = log_odds(weights, kept, meant)
    terms = [_account_term(n, body, meant, names[body.first]) for body in kept]
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
    shared = {i for body in every for i in body.members}
    terms += [
        _term("repetition", 0.0, f"{names[i]}: {REPEATS if i in shared else NO_ORIGIN_WORDS}")
        for i in sorted(set(members) - {body.first for body in every})
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


def _account_term(nodes: Nodes, body: Body, meant: Floats, name: str) -> Term:
    words = f"{name}, {_standing(body)} are taken to be false"
    if _mass(nodes, body.first, 1 - meant) > _mass(nodes, body.first, meant):
        words += ", and most of what it sees of this kind has no such act behind it"
    return _term("account", account(nodes, body, meant), words)


def _standing(body: Body) -> str:
    """What an account stands on, without a name: a voice may be under seal."""
    share = f"{body.false_share:.0%} of such accounts"
    if body.voices == 1:
        return f"{PARTY_ALONE if body.party_voices else ALONE} alone: {share}"
    many = f"{_number(body.voices)} independent voices"
    if body.party_voices == body.voices:
        return f"{many}, each of them a party's: {share}"
    if body.party_voices:
        return f"{many}, {_number(body.party_voices)} of them a party's: {share}"
    return f"{many}: {share}"


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _term(name: str, nats: float, words: str) -> Term:
    return Term(name=name, nats=round(nats, 9) + 0.0, words=words)
