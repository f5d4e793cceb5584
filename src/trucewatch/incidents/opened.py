"""An incident, opened: what each account brings to it, and the next best way to join them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.incidents.alternatives import Readings
from trucewatch.incidents.find import associate
from trucewatch.incidents.identity_of import incident_id
from trucewatch.incidents.joining import belonging
from trucewatch.incidents.shares import DIGITS, share_of
from trucewatch.model import kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.alternatives import Alternative
    from trucewatch.incidents.find import Association
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import (
        Area,
        Claim,
        Incident,
        Interval,
        Origin,
        Point,
        Regrouped,
        Source,
        Term,
    )

# More than these crowd a picture, and what is so much worse tells nothing.
MOST_NEAR = 6
UNDER_SEAL = "a source under seal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one account brings to an incident.

    `name` is what print may call it, and where `sealed` its place must not be shown either.
    `nats` is log W with it less log W without it, and `parts` sum to that; shares of several
    accounts do not sum to log W. `belongs` is the chance that it is of the happening that the
    incident is about. `probability_without` is P(it happened) without it, None for a lone one.
    """

    claims: tuple[str, ...]
    name: str
    sealed: bool
    kind: str
    place: Point
    when: Interval
    nats: float
    parts: tuple[Term, ...]
    belongs: float
    probability_without: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An incident near enough to be weighed against this one, and not joined.

    `nats` is the best log W of a reading that joins something of the two, less that of what is
    shown; None where none may, because one witness tells of both.
    """

    incident: str
    names: tuple[str, ...]
    sealed: bool
    place: Point
    when: Interval
    nats: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An incident with its accounts, its neighbours and the best alternative.

    `log_w` is relative to each account by itself, 0 for a lone one. `near` holds the likeliest
    neighbours first, `near_in_all` counts them all. `alternative` is None where nothing else is
    near enough to be weighed.
    """

    incident: str
    log_w: float
    accounts: tuple[Contribution, ...]
    near: tuple[Neighbour, ...]
    near_in_all: int
    alternative: Alternative | None


def open_incident(
    identifier: str,
    incidents: Iterable[Incident],
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    *,
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    parameters: Parameters,
    regrouped: Iterable[Regrouped] = (),
    needed: int = 1,
) -> Opened | None:
    """Open one of the incidents that `find_incidents` made, all else being the same.

    The joining is done again, as it keeps nothing; it takes as long as it first did. None where
    the incident is not among what is found now: it was made of other claims or parameters. An
    incident that is joined to nothing, such as a static source, has one account and no neighbour.
    """
    by_id = {i.id: i for i in incidents}
    incident = by_id.get(identifier)
    if incident is None:
        return None
    found = associate(
        claims,
        origins,
        sources=sources,
        regions=regions,
        parameters=parameters,
        regrouped=regrouped,
        needed=needed,
    )
    told = set(incident.claims)
    for account in found.accounts:
        if not told.isdisjoint(c.id for c in account.claims):
            return _joined(found, incident, by_id, sources)
    return _lone(found, incident, sources)


def _joined(
    found: Association,
    incident: Incident,
    by_id: Mapping[str, Incident],
    sources: Mapping[str, Source],
) -> Opened | None:
    nodes, solved, accounts, build = found.nodes, found.solved, found.accounts, found.build
    grouping = found.grouping
    if nodes is None or solved is None or grouping is None:
        return None
    groups = grouping.groups
    names = {group: incident_id(c for i in group for c in accounts[i].claims) for group in groups}
    group = next((g for g in groups if names[g] == incident.id), None)
    if group is None or _claims(accounts, group) != incident.claims:
        return None

    def happened(members: tuple[int, ...]) -> tuple[float, tuple[Term, ...]]:
        chances = grouping.chances(members)
        return build.happened(accounts, nodes, members, incident.nature, chances)

    if happened(group) != (incident.probability, incident.terms):
        return None
    shares = {i: share_of(nodes, group, i) for i in group} if len(group) > 1 else {}
    chances = grouping.chances(group)
    belongs = belonging(group, chances, {i: happened((i,))[0] for i in group})
    readings = Readings(nodes, solved, accounts, groups)
    nearest = readings.nearest(group)
    if any(names[other] not in by_id for other in nearest):
        return None
    near = [
        _neighbour(by_id[names[other]], [accounts[i] for i in other], nats, found, sources)
        for other, nats in nearest.items()
    ]
    near.sort(key=lambda n: (n.nats is None, -(n.nats or 0.0), n.incident))
    return Opened(
        incident=incident.id,
        log_w=round(readings.weight(group), DIGITS) + 0.0,
        accounts=tuple(
            Contribution(
                claims=tuple(c.id for c in accounts[i].claims),
                name=_name(found, accounts[i].source, accounts[i].claims, sources),
                sealed=_sealed(accounts[i].claims, sources),
                kind=kind_tree()[accounts[i].kind].name,
                place=accounts[i].place,
                when=accounts[i].when,
                nats=round(shares[i].parts.nats, DIGITS) + 0.0 if shares else 0.0,
                parts=shares[i].terms() if shares else (),
                belongs=belongs[i],
                probability_without=(
                    happened(tuple(j for j in group if j != i))[0] if len(group) > 1 else None
                ),
            )
            for i in group
        ),
        near=tuple(near[:MOST_NEAR]),
        near_in_all=len(near),
        alternative=readings.best(
            group,
            names.__getitem__,
            lambda account: _name(found, account.source, account.claims, sources),
        ),
    )


def _lone(found: Association, incident: Incident, sources: Mapping[str, Source]) -> Opened | None:
    """What takes no part in the joining: a static source, or claims too vague to be joined."""
    apart = [[p.claim for p in place.pixels] for place in found.static]
    apart += [group for group, _ in found.apart]
    claims = next((g for g in apart if tuple(sorted(c.id for c in g)) == incident.claims), None)
    if claims is None:
        return None
    own = Contribution(
        claims=incident.claims,
        name=_name(found, claims[0].source, claims, sources),
        sealed=_sealed(claims, sources),
        kind=kind_tree()[incident.kind].name,
        place=incident.place,
        when=incident.when,
        nats=0.0,
        parts=(),
        belongs=1.0,
        probability_without=None,
    )
    return Opened(
        incident=incident.id, log_w=0.0, accounts=(own,), near=(), near_in_all=0, alternative=None
    )


def _neighbour(
    incident: Incident,
    members: Sequence[Account],
    nats: float | None,
    found: Association,
    sources: Mapping[str, Source],
) -> Neighbour:
    return Neighbour(
        incident=incident.id,
        names=tuple(sorted({_name(found, a.source, a.claims, sources) for a in members})),
        sealed=any(_sealed(a.claims, sources) for a in members),
        place=incident.place,
        when=incident.when,
        nats=nats,
    )


def _claims(accounts: Sequence[Account], group: Sequence[int]) -> tuple[str, ...]:
    return tuple(sorted(c.id for i in group for c in accounts[i].claims))


def _sealed(claims: Iterable[Claim], sources: Mapping[str, Source]) -> bool:
    """Whether any of the claims is of a source under seal: a copy tells of its original."""
    return any((s := sources.get(c.source)) is not None and s.sealed for c in claims)


def _name(
    found: Association, source: str, claims: Sequence[Claim], sources: Mapping[str, Source]
) -> str:
    """As print may call it, with the platform that saw it, which tells two satellites apart."""
    if _sealed(claims, sources):
        return UNDER_SEAL
    platforms = sorted({c.detection.platform for c in claims if c.detection is not None})
    return found.build.name(source) + (f" ({', '.join(platforms)})" if platforms else "")
