"""Voices behind accounts, and how often an account that stands on them is false."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.nodes import Nodes
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Origin, Source

PARTY = "party\x1f"
# The name of a source that stands for an account of which nobody knows the origin.
NO_ORIGIN = "no origin\x1f"


@dataclass(frozen=True, slots=True)
class Trust:
    """What the false share of a voice depends on beside the source that repeats it.

    `party` are the voices that speak for a side, all with a false share of at least
    `party_share`, whichever side it is. `own_slip` is the part of every false share that is the
    reporting source's own error; no number of voices takes it away.
    """

    party: frozenset[str]
    party_share: float
    own_slip: float


@dataclass(frozen=True, slots=True)
class Body:
    """Accounts that share voices, directly or through each other: one piece of evidence.

    `first` stands for them all; it alone gives place, time and kind. `voices` is how many
    independent voices they have together and `party_voices` how many of these speak for a side.
    `false_share` is P(all of them are false), which is what the account of `first` is judged by.
    """

    first: int
    members: tuple[int, ...]
    voices: int
    party_voices: int
    false_share: float


class Voices:
    """Who speaks in accounts: each party is one voice, however many offices it has."""

    def __init__(
        self, origins: Iterable[Origin], sources: Mapping[str, Source], parameters: Parameters
    ) -> None:
        self._of_origin = {
            o.id: f"origin\x1f{o.id}" if o.party is None else PARTY + o.party for o in origins
        }
        sides = {voice for voice in self._of_origin.values() if voice.startswith(PARTY)}
        sides |= {NO_ORIGIN + s.id for s in sources.values() if s.party is not None}
        self.trust = Trust(
            frozenset(sides),
            dict(parameters.by_kind).get(SourceKind.PARTY, parameters.unknown_source).false_share,
            parameters.own_slip,
        )

    def behind(self, account: Account) -> frozenset[str]:
        """The voices of its origins, at least one; without any origin its source is the voice."""
        voices = frozenset(self._of_origin[origin] for origin in account.origins)
        return voices or frozenset({NO_ORIGIN + account.source})


def bodies(
    nodes: Nodes,
    members: Sequence[int],
    voices: Mapping[int, frozenset[str]],
    trust: Trust,
) -> tuple[Body, ...]:
    """The independent pieces of evidence among the members, sorted by the account that stands.

    Accounts with a common voice are one body, since its other voices do not make their places or
    times independent. The vaguest stands for a body, so that a copy makes nothing look more
    exact. A voice is as false as its least trusted repeater says, so that none gains by being
    repeated. A node that only repeats, or has no origin, counts only where nothing else is there.
    """

    def seniority(i: int) -> tuple[float, float, float, int]:
        return -float(nodes.sigma[i]), -float(nodes.tvar[i]), -float(nodes.log_false[i]), i

    ordered = sorted(members, key=seniority)
    counted = [
        i
        for i in ordered
        if not nodes.copier[i] and not any(voice.startswith(NO_ORIGIN) for voice in voices[i])
    ]
    groups = _sharing(counted, voices) if counted else [ordered[:1]]
    return tuple(sorted((_body(nodes, g, voices, trust) for g in groups), key=lambda b: b.first))


def _sharing(ordered: Sequence[int], voices: Mapping[int, frozenset[str]]) -> list[list[int]]:
    """Groups that share voices, directly or through each other; the order within is kept."""
    groups: list[tuple[list[int], frozenset[str]]] = []
    for i in ordered:
        touched = [g for g in groups if g[1] & voices[i]]
        groups = [g for g in groups if not g[1] & voices[i]]
        members = [m for group, _ in touched for m in group]
        groups.append(([*members, i], voices[i].union(*(heard for _, heard in touched))))
    place = {i: at for at, i in enumerate(ordered)}
    return [sorted(group, key=place.__getitem__) for group, _ in groups]


def _body(
    nodes: Nodes, group: Sequence[int], voices: Mapping[int, frozenset[str]], trust: Trust
) -> Body:
    shares: dict[str, float] = {}
    for i in group:
        own = 1 / (1 + math.exp(-float(nodes.log_false[i])))
        for voice in voices[i]:
            least = trust.party_share if voice in trust.party else 0.0
            shares[voice] = max(own, least, shares.get(voice, 0.0))
    return Body(
        first=group[0],
        members=tuple(sorted(group)),
        voices=len(shares),
        party_voices=len(trust.party & shares.keys()),
        false_share=false_share(shares.values(), trust.own_slip),
    )


def false_share(shares: Iterable[float], own_slip: float) -> float:
    """How often an account is false that stands on voices with these false shares, one or more.

    s + (1−s)·Π (φ_v−s)/(1−s): its source slips with s, or else every voice is false. One voice
    alone gives its own φ, since a stated share holds the slip already; s is no more than the
    least of them.
    """
    ordered = sorted(shares)
    if len(ordered) == 1:
        return ordered[0]
    slip = min(own_slip, ordered[0])
    return slip + (1 - slip) * math.prod((share - slip) / (1 - slip) for share in ordered)
