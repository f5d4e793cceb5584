"""Access denied: how often, and by which party as those who were denied it say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.findings.poisson import rate_interval
from trucewatch.model import AccessRate, State, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.model import Claim, Finding, Incident, Party, Rate, Source

DENIED = "access_denied"
_NOT_COUNTED = frozenset({State.REFUTED, State.DUPLICATE, State.SUPERSEDED})
_PLACES = 6


def access_denied(
    incidents: Iterable[Incident],
    findings: Iterable[Finding],
    claims: Iterable[Claim],
    *,
    parties: Iterable[Party],
    sources: Mapping[str, Source],
    over: Rate | None,
) -> tuple[AccessRate, ...]:
    """The rate of denied access for each party, by id, and last for nobody or more than one named.

    Whom a source names is its allegation and no attribution, and what a party's own source names
    counts for nobody. Every party has a row, with zero if it has none; empty where access was never
    denied. `over` is the rate whose whole days are
    counted over: an incident must lie within its window. Without whole days there is no rate.
    """
    known = sorted(party.id for party in parties)
    aligned = {one for one, source in sources.items() if source.party is not None}
    named = {
        claim.id: claim.alleged
        for claim in claims
        if claim.alleged and claim.source in sources and claim.source not in aligned
    }
    aside = {finding.incident for finding in findings if finding.state in _NOT_COUNTED}
    tree = kind_tree()
    denied = [
        one
        for one in incidents
        if one.id not in aside and tree.is_a(one.kind, DENIED) and _within(one, over)
    ]
    if not denied:
        return ()
    by: dict[str | None, list[Incident]] = {party: [] for party in known}
    by[None] = []
    for one in denied:
        by[_who(one, named, frozenset(known))].append(one)
    return tuple(
        _row(party, found, 0 if over is None else over.days) for party, found in by.items()
    )


def _within(incident: Incident, over: Rate | None) -> bool:
    return over is None or incident.when.share_within(over.window) >= 1


def _who(
    incident: Incident, named: Mapping[str, tuple[str, ...]], parties: frozenset[str]
) -> str | None:
    """The one party that is named; two sources that name different ones name nobody."""
    said = {party for claim in incident.claims for party in named.get(claim, ())}
    return next(iter(said)) if len(said) == 1 and said <= parties else None


def _row(party: str | None, found: list[Incident], days: int) -> AccessRate:
    low, high = rate_interval(len(found), days) if days else (None, None)
    return AccessRate(
        party=party,
        incidents=len(found),
        observations=sum(one.observations for one in found),
        days=days,
        per_day=round(len(found) / days, _PLACES) if days else None,
        low=None if low is None else round(low, _PLACES),
        high=None if high is None else round(high, _PLACES),
    )
