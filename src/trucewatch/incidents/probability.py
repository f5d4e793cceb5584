"""P(it happened), as a sum of terms that people can read."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.engine.weights import set_value
from trucewatch.incidents.joining import SURE, belonging
from trucewatch.incidents.voices import Trust, bodies
from trucewatch.model import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.nodes import Nodes
    from trucewatch.incidents.voices import Body

# Above this many independent accounts the odds are beyond `most_log_odds` on any reading.
MOST_ACCOUNTS = 8
NO_PARTIES = Trust(frozenset(), party_share=0.0, own_slip=0.0)
ALONE, PARTY_ALONE = "one voice", "one party's word"
REPEATS = "shares a voice with another account, so they count as one"
NO_ORIGIN_WORDS = "has no origin of its own here and adds nothing"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def log_odds(nodes: Nodes, kept: Sequence[Body], meant: Floats) -> dict[str, float]:
    """The log-odds that the kept accounts tell of one happening, against none of them doing so.

    `meant` (K,) is 1 for the true kinds that count as "it happened" and 0 for the others. With φ
    the false share of an account, c a source's coverage, p its detection, λ the rate, m accounts
    and M_i = Σ_k π_k C_i over what is meant: Σ log(M_i / (φ/(1−φ)·Σπ_k C_i + what is not meant))
    + Σ over silent sources log(1−c·p) + [log G − (m−1) log λ] + [log Σ_k π_k Π C − Σ log M_i].
    The detections of those who spoke cancel: a source that reports much also errs much.
    """
    table = nodes.table
    first = [body.first for body in kept]
    closeness = kind = 0.0
    if len(kept) > 1:
        said = table.words[sorted(first)].prod(axis=0)
        # log W holds the geometry, the kinds and what each account weighs alone; the last two go.
        closeness = (
            set_value(table, first)
            - nodes.silence
            - math.log(float(said @ table.prior))
            + math.fsum(float(nodes.apart[i]) for i in first)
        )
        kind = math.log(float(said @ (nodes.kinds_of(sorted(first)) * meant))) - math.fsum(
            math.log(_mass(nodes, i, meant)) for i in first
        )
    return {
        "accounts": math.fsum(account(nodes, body, meant) for body in kept),
        "silence": nodes.silence - math.fsum(float(nodes.log_unseen[i]) for i in first),
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
    return float(nodes.table.words[i] @ (nodes.kinds_of([i]) * meant))


class Readings:
    """The log-odds that it happened on any reading of some accounts; each set is weighed once."""

    def __init__(self, nodes: Nodes, meant: Floats) -> None:
        self._nodes = nodes
        self._meant = meant
        self._known: dict[tuple[Body, ...], float] = {}

    def all_true(self, kept: tuple[Body, ...]) -> float:
        """The log-odds that all of the accounts tell of one happening."""
        known = self._known.get(kept)
        if known is None:
            parts = log_odds(self._nodes, kept, self._meant)
            known = self._known[kept] = math.fsum(parts.values())
        return known

    def some_true(self, kept: tuple[Body, ...]) -> float:
        """The same where some of the accounts may be false and the rest are not.

        The log of the sum over all non-empty subsets of exp(log-odds), so never less than for
        all of them: another independent account can only raise P.
        """
        parts = [
            self.all_true(part)
            for size in range(1, len(kept) + 1)
            for part in combinations(kept, size)
        ]
        top = max(parts)
        return top + math.log(math.fsum(math.exp(part - top) for part in parts))


def happened(
    nodes: Nodes,
    members: Sequence[int],
    voices: Mapping[int, frozenset[str]],
    names: Mapping[int, str],
    most: float,
    meant: Floats | None = None,
    trust: Trust = NO_PARTIES,
    chances: Floats | None = None,
) -> tuple[float, tuple[Term, ...]]:
    """P(it happened) for one group of nodes, and terms that sum to its log-odds.

    `voices` are those of each node, at least one, and `names` what to call it in print; `meant`
    is as in `log_odds`, None all kinds. Nodes that share a voice count as one. `chances` (m, m)
    is P(two of the members are one happening); None joins them for sure. The log-odds stay
    within ±`most`: no machine says that it is surer.
    """
    meant = np.ones_like(nodes.table.prior) if meant is None else meant
    every = bodies(nodes, members, voices, trust)
    kept = every[:MOST_ACCOUNTS]
    readings = Readings(nodes, meant)
    parts = log_odds(nodes, kept, meant)
    terms = [_account_term(nodes, body, meant, names[body.first]) for body in kept]
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
                readings.some_true(kept) - readings.all_true(kept),
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
    if chances is not None:

        def odds(part: Sequence[int]) -> float:
            return readings.some_true(bodies(nodes, part, voices, trust)[:MOST_ACCOUNTS])

        whole = math.fsum(term.nats for term in terms)
        terms += joining(members, chances, whole, odds)
    total = math.fsum(term.nats for term in terms)
    if abs(total) > most:
        bound = math.copysign(most, total)
        terms.append(
            _term("limit", bound - total, "a sum of such terms is never taken to be surer")
        )
        total = math.fsum(term.nats for term in terms)
    # Thirteen digits keep the log-odds to 1e-9 and drop what machines round differently.
    return round(1 / (1 + math.exp(-total)), 13), tuple(terms)


def joining(
    members: Sequence[int], chances: Floats, whole: float, odds: Callable[[Sequence[int]], float]
) -> list[Term]:
    """What P loses because it is not sure that the accounts belong together; [] where it is.

    P = Σ over sets S of contested accounts of Π m_i Π (1−m_i) · P(S and the sure ones), with m_i
    the chance that i belongs. `odds` gives the log-odds of some members, `whole` is that of all
    of them, above which nothing goes. Beyond `MOST_ACCOUNTS` contested accounts those that belong
    least are left out of P.
    """
    if float(chances.min()) >= SURE:
        return []
    belongs = belonging(members, chances, {i: odds([i]) for i in members})
    doubtful = sorted((i for i in members if belongs[i] < SURE), key=lambda i: (-belongs[i], i))
    if not doubtful:
        return []
    sure = [i for i in members if belongs[i] >= SURE]
    doubtful = doubtful[:MOST_ACCOUNTS]
    happens, not_so = [], []
    for part in product((True, False), repeat=len(doubtful)):
        weight = math.prod(
            belongs[i] if belonging_ else 1 - belongs[i]
            for i, belonging_ in zip(doubtful, part, strict=True)
        )
        kept = sorted(sure + [i for i, in_it in zip(doubtful, part, strict=True) if in_it])
        p = 1 / (1 + math.exp(-odds(kept)))
        happens.append(weight * p)
        not_so.append(weight * (1 - p))
    mean = math.log(math.fsum(happens)) - math.log(math.fsum(not_so))
    together = math.prod(belongs.values())
    return [
        _term(
            "joining",
            min(0.0, mean - whole),
            f"in {together:.0%} of the likely readings all of the accounts are of one happening",
        )
    ]


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
