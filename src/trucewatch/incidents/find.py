"""The way from claims to incidents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.accounts import of_claims, of_fire
from trucewatch.incidents.assemble import Builder
from trucewatch.incidents.engine import Settings, solve
from trucewatch.incidents.engine.weights import set_value
from trucewatch.incidents.fires import find_fires, pixels
from trucewatch.incidents.nodes import Told, in_order, make_nodes, nodes_of
from trucewatch.incidents.parameters import Parameters
from trucewatch.incidents.placing import placing
from trucewatch.incidents.regions import Regions
from trucewatch.incidents.regrouping import regrouped as as_people_say
from trucewatch.incidents.static_sources import find_static
from trucewatch.incidents.voices import Voices
from trucewatch.incidents.wording import ALERT
from trucewatch.model import Area, content_id, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Solved
    from trucewatch.incidents.nodes import Nodes
    from trucewatch.incidents.regrouping import Grouping
    from trucewatch.incidents.static_sources import StaticSource
    from trucewatch.model import Claim, Incident, Origin, Regrouped, Source

# Accounts are shown as one incident above this mean chance of their pairs to belong together: half
# of the F1 that is reached is the threshold with the highest F1 of pairs (Lipton, Elkan and
# Naryanaswamy 2014), and 0.79 to 0.91 are reached where the truth is known.
AGREEMENT = 0.4


@dataclass(frozen=True, slots=True)
class Association:
    """What was made of a set of claims, before it is written down as incidents.

    `accounts` took part in the joining, in the order of `nodes` and `solved`, which are None
    where there are none, as is `grouping`, what people made of it. `apart` are claims that are
    joined to nothing, with the reasons.
    """

    build: Builder
    static: list[StaticSource]
    accounts: list[Account]
    nodes: Nodes | None
    solved: Solved | None
    grouping: Grouping | None
    apart: list[tuple[list[Claim], list[str]]]


def find_incidents(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    *,
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    parameters: Parameters,
    regrouped: Iterable[Regrouped] = (),
    needed: int = 1,
) -> tuple[Incident, ...]:
    """The happenings that a set of claims describes, sorted by (when.earliest, id).

    Order and repetition of the claims change nothing. Every claim is in exactly one incident,
    save air-raid alerts: an alert is a warning, so it is in none. `regrouped` is what people have
    parted and joined, which holds once `needed` of them have said the same.
    """
    found = associate(
        claims,
        origins,
        sources=sources,
        regions=regions,
        parameters=parameters,
        regrouped=regrouped,
        needed=needed,
    )
    found.build.static(found.static)
    if found.nodes is not None and found.solved is not None and found.grouping is not None:
        found.build.joined(found.accounts, found.nodes, found.solved, found.grouping)
    for group, reasons in found.apart:
        found.build.apart(group, reasons)
    return found.build.incidents()


def associate(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    *,
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    parameters: Parameters,
    regrouped: Iterable[Regrouped] = (),
    needed: int = 1,
) -> Association:
    """The accounts that a set of claims gives and how likely each is joined to each other."""
    found = _prepared(claims, origins, sources, regions, parameters)
    if found.nodes is None:
        return found
    solved = solve(found.nodes.table, _settings(parameters))
    grouping = as_people_say(solved, found.accounts, regrouped, needed=needed)
    return replace(found, solved=solved, grouping=grouping)


def inseparable(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    *,
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    parameters: Parameters,
) -> tuple[tuple[frozenset[str], str], ...]:
    """Claims that no word of people can part, by their ids, and why they take part in no joining.

    Each account is one such set, with "" where it may be joined to others; a place that is always
    hot, and claims too vague to be joined by place or time, have the reason.
    """
    found = _prepared(claims, origins, sources, regions, parameters)
    return (
        *((frozenset(c.id for c in account.claims), "") for account in found.accounts),
        *(
            (frozenset(pixel.claim.id for pixel in place.pixels), place.reason)
            for place in found.static
        ),
        *((frozenset(c.id for c in group), reasons[0]) for group, reasons in found.apart),
    )


def _prepared(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    parameters: Parameters,
) -> Association:
    """The accounts, before anything is joined."""
    unique = {c.id: c for c in claims if c.kind != ALERT}
    origins = sorted(origins, key=lambda o: (o.id, o.party or ""))
    by_claim = _origins_of(origins)
    voices = Voices(origins, sources, parameters)
    ordered = [unique[key] for key in sorted(unique)]
    ground = Regions(regions)
    build = Builder(sources, by_claim, voices, ground, parameters)

    hot = [p for p in pixels(ordered) if not p.claim.aggregated]
    static = find_static(hot, parameters)
    settled = {p.claim.id for place in static for p in place.pixels}
    fires = find_fires((p for p in hot if p.claim.id not in settled), parameters)
    settled |= {p.claim.id for fire in fires for p in fire.pixels}

    placed = placing((c for c in ordered if c.id not in settled), sources, ground, parameters)
    apart: dict[str, str] = {}
    for claim in placed.claims:
        reason = _stands_apart(claim, parameters)
        if reason:
            apart[claim.id] = reason
    rest = [c for c in placed.claims if c.id not in apart]
    joined = in_order(
        [
            *(of_fire(fire, by_claim) for fire in fires),
            *map(placed.noted, of_claims(rest, by_claim, sources, parameters)),
        ]
    )

    nodes = make_nodes(joined, sources, parameters) if joined else None
    return Association(
        build,
        static,
        joined,
        nodes,
        None,
        None,
        [
            (group, [apart[group[0].id], *placed.why(group[0].id)])
            for group in _revisions(c for c in placed.claims if c.id in apart)
        ],
    )


def get_ready() -> None:
    """Load the compiled functions of the engine, or compile them where no run has done it yet.

    `find_incidents` does it by itself; this is for a caller that wants to say why it takes long.
    """
    told = [
        Told(
            xyz=(0.0, 0.0, 0.0), sigma=1.0, days=(0.0, 0.0), tau=1.0, word=0, own=i, witnesses=(i,),
            log_rate=-7.0, log_false=-2.0, log_unseen=0.0,
        )
        for i in range(2)
    ]  # fmt: skip
    table = nodes_of(told, np.array([[0.5, 0.5]]), np.array([0.5, 0.5]), 0.0).table
    solve(table, _settings(Parameters()))
    set_value(table, (0, 1))


def _settings(parameters: Parameters) -> Settings:
    """Fixed bounds on the work: what is found never depends on the machine that finds it."""
    return Settings(
        gate=parameters.gate_sigmas,
        slack=parameters.slack_nats,
        chains=2,
        burn=10,
        sweeps=40,
        agreement=AGREEMENT,
    )


def _origins_of(origins: Iterable[Origin]) -> dict[str, frozenset[str]]:
    out: defaultdict[str, set[str]] = defaultdict(set)
    for origin in origins:
        for claim in origin.claims:
            out[claim].add(origin.id)
    return {claim: frozenset(ids) for claim, ids in out.items()}


def _stands_apart(claim: Claim, parameters: Parameters) -> str:
    """Why a claim is joined to nothing in this form of the association; "" where it may be."""
    if claim.aggregated:
        return "sums up several events, so it is joined to none of them"
    if isinstance(claim.place, Area):
        return "its place is known only as a wide area, so it is not joined by place"
    if claim.place.error_m > parameters.widest_error_m:
        return (
            f"its place is known only to {claim.place.error_m / 1000:.0f} km, "
            "so it is not joined by place"
        )
    if claim.when.length.total_seconds() > 86_400 * parameters.longest_span_days:
        return (
            f"its time is known only to {claim.when.length.total_seconds() / 86_400:.1f} days, "
            "so it is not joined by time"
        )
    if claim.kind not in kind_tree():
        return "its kind is not in the tree of kinds, so it is joined to nothing"
    return ""


def _revisions(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims that stand apart, those of one source with one external id together."""
    groups: defaultdict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.source, claim.external_id or content_id("own", [claim.id])].append(claim)
    return list(groups.values())
