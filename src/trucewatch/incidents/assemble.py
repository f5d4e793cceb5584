"""Groups of accounts, written down as incidents."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.incidents.accounts import Account, of_fire, stand_in
from trucewatch.incidents.fires import THERMAL, find_fires
from trucewatch.incidents.ground import mean_point
from trucewatch.incidents.identity_of import incident_id
from trucewatch.incidents.nodes import make_nodes
from trucewatch.incidents.probability import happened
from trucewatch.incidents.reasons import nearest_rejected, why_joined
from trucewatch.incidents.said import counts_said, weapons_said
from trucewatch.incidents.voices import bodies
from trucewatch.incidents.wording import acts, most_exact
from trucewatch.model import Area, Incident, Interval, Nature, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.engine import Solved
    from trucewatch.incidents.ground import Floats
    from trucewatch.incidents.nodes import Nodes
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.incidents.regions import Regions
    from trucewatch.incidents.regrouping import Grouping
    from trucewatch.incidents.static_sources import StaticSource
    from trucewatch.incidents.voices import Voices
    from trucewatch.model import Claim, Source, Term


class Builder:
    """Makes incidents; holds what all of them need."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        origins: Mapping[str, frozenset[str]],
        voices: Voices,
        regions: Regions,
        parameters: Parameters,
    ) -> None:
        self._sources = sources
        self._origins = origins
        self._voices = voices
        self._regions = regions
        self._parameters = parameters
        self._found: list[Incident] = []

    def joined(
        self,
        accounts: Sequence[Account],
        nodes: Nodes,
        solved: Solved,
        grouping: Grouping,
    ) -> None:
        """Add an incident for each happening that the engine, and people, made of the accounts."""
        groups = grouping.groups
        home = {i: group for group in groups for i in group}
        for group in groups:
            members = [accounts[i] for i in group]
            reasons = [
                *why_joined(nodes.table, group, members),
                *grouping.why.get(group, ()),
                *nearest_rejected(
                    nodes.table,
                    group,
                    home,
                    solved.near,
                    accounts,
                    barred=grouping.near.get(group, frozenset()),
                ),
            ]
            only_fire = all(a.kind == THERMAL for a in members)
            nature = Nature.FIRE if only_fire else Nature.EVENT
            self._add(accounts, nodes, group, nature, reasons, chances=grouping.chances(group))

    def static(self, places: Iterable[StaticSource]) -> None:
        """Add one incident for each place that is always hot; it is never a violation."""
        for place in places:
            fires = find_fires(place.pixels, self._parameters)
            one = replace(
                of_fire(fires[0], self._origins),
                place=_spread([f.place for f in fires]),
                when=_hull([f.when for f in fires]),
            )
            claims = tuple(p.claim for p in place.pixels)
            account = replace(
                one,
                claims=claims,
                fires=len(fires),
                origins=frozenset().union(*(self._origins.get(c.id, frozenset()) for c in claims)),
            )
            self._alone(account, Nature.STATIC_SOURCE, [place.reason], None)

    def apart(self, claims: Sequence[Claim], reasons: Sequence[str]) -> None:
        """Add one incident for claims that are joined to nothing, for the reasons given."""
        first = claims[0]
        region: str | None = None
        place = first.place
        reasons = list(reasons)
        if isinstance(place, Area):
            where = place
            place, region = self._regions.stand_in(where)
            reasons.append(
                f"somewhere in {where.name or where.code}: the point only stands for the area"
            )
        nature = Nature.FIRE if first.kind == THERMAL else Nature.EVENT
        self._alone(stand_in(claims, place, self._origins), nature, reasons, region)

    def incidents(self) -> tuple[Incident, ...]:
        """Everything added so far, with regions, sorted by (when.earliest, id)."""
        codes = self._regions.codes([i.place for i in self._found])
        limit = self._parameters.widest_error_m
        placed = (
            # Where the error is as wide as a region, the point says nothing of which one.
            i if i.region is not None or i.place.error_m > limit else replace(i, region=code)
            for i, code in zip(self._found, codes, strict=True)
        )
        return tuple(sorted(placed, key=lambda i: (i.when.earliest, i.id)))

    def _alone(
        self, account: Account, nature: Nature, reasons: list[str], region: str | None
    ) -> None:
        nodes = make_nodes([account], self._sources, self._parameters)
        self._add([account], nodes, (0,), nature, reasons, region=region)

    def _add(
        self,
        accounts: Sequence[Account],
        nodes: Nodes,
        group: tuple[int, ...],
        nature: Nature,
        reasons: list[str],
        *,
        region: str | None = None,
        chances: Floats | None = None,
    ) -> None:
        members = [accounts[i] for i in group]
        voices = {i: self._voices.behind(accounts[i]) for i in group}
        kept = [accounts[b.first] for b in bodies(nodes, group, voices, self._voices.trust)]
        probability, terms = self.happened(accounts, nodes, group, nature, chances)
        said = {c.id: c for a in members for c in a.claims}
        self._found.append(
            Incident(
                id=incident_id(c for a in members for c in a.claims),
                nature=nature,
                kind=most_exact([a.kind for a in kept]),
                place=self._place(kept),
                when=_when([a.when for a in kept]),
                region=region or _region(kept),
                probability=probability,
                claims=tuple(sorted(said)),
                sources=tuple(sorted({c.source for c in said.values()})),
                origins=tuple(sorted(frozenset().union(*(a.origins for a in members)))),
                observations=_observations(members, nature),
                terms=terms,
                reasons=tuple(reasons),
                weapons=weapons_said(said.values()),
                counts=counts_said(said.values()),
            )
        )

    def happened(
        self,
        accounts: Sequence[Account],
        nodes: Nodes,
        group: Sequence[int],
        nature: Nature,
        chances: Floats | None,
    ) -> tuple[float, tuple[Term, ...]]:
        """P(it happened) of some accounts, for what an incident of that nature is about."""
        return happened(
            nodes,
            group,
            {i: self._voices.behind(accounts[i]) for i in group},
            {i: self.name(accounts[i].source) for i in group},
            self._parameters.most_log_odds,
            acts() if nature is Nature.EVENT else None,
            self._voices.trust,
            chances,
        )

    def name(self, identifier: str) -> str:
        """What a source is called in print, by its id; one under seal is not named."""
        source = self._sources.get(identifier)
        if source is None:
            return "an unregistered source"
        return "a source under seal" if source.sealed else source.name

    def _place(self, accounts: Sequence[Account]) -> Point:
        """The mean weighted by precision; one account keeps its place untouched."""
        if len(accounts) == 1:
            return accounts[0].place
        p = self._parameters
        errors = [
            max(p.least_error_m, p.of(self._sources.get(a.source)).place_scale * a.place.error_m)
            for a in accounts
        ]
        weights = [1 / e**2 for e in errors]
        mean = mean_point([a.place for a in accounts], weights, 1.0)
        # Rounded to a centimetre and a millimetre, so that machines agree to the byte.
        return Point(
            round(mean.lat, 7), round(mean.lon, 7), round(1 / math.sqrt(math.fsum(weights)), 3)
        )


def _spread(places: Sequence[Point]) -> Point:
    own = math.sqrt(math.fsum(p.error_m**2 for p in places) / len(places))
    mean = mean_point(places, [1.0] * len(places), own)
    return Point(round(mean.lat, 7), round(mean.lon, 7), round(own, 3))


def _region(accounts: Sequence[Account]) -> str | None:
    """The region of the best-placed account where that is an area; else the place tells."""
    return min(accounts, key=lambda a: (a.place.error_m, a.key)).region


def _hull(spans: Sequence[Interval]) -> Interval:
    return Interval(min(s.earliest for s in spans), max(s.latest for s in spans))


def _when(spans: Sequence[Interval]) -> Interval:
    """What all spans share; where they share nothing, the span of them all."""
    start, end = max(s.earliest for s in spans), min(s.latest for s in spans)
    return Interval(start, end) if start <= end else _hull(spans)


def _observations(members: Sequence[Account], nature: Nature) -> int:
    """How many single observations the claims count; reports of one happening add nothing."""
    if nature is not Nature.EVENT:
        return max(1, sum(a.fires for a in members))
    stated = [
        count.best
        for a in members
        for c in a.claims
        if (count := c.count("observations")) is not None and count.best is not None
    ]
    return max([1, *stated])
