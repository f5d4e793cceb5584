"""Where a claim is taken to be before anything is joined: areas as points, default points wide."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import pdtrc

from trucewatch.incidents.rates import act_rates
from trucewatch.model import Area, Point, distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.incidents.regions import Regions
    from trucewatch.model import Claim, Source

DAY_S = 86_400.0
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placing:
    """Claims as they enter the joining, sorted by id; why each place was changed, by claim id.

    `regions` holds the region of each claim that was placed by an area: the point that stands
    for an area need not lie in the region of that name.
    """

    claims: tuple[Claim, ...]
    notes: Mapping[str, str]
    regions: Mapping[str, str]

    def why(self, claim: str) -> list[str]:
        """Why the place of a claim was changed; [] where it was not."""
        return [self.notes[claim]] if claim in self.notes else []

    def noted(self, account: Account) -> Account:
        """The account with what was made of the places of its claims."""
        notes = sorted({self.notes[c.id] for c in account.claims if c.id in self.notes})
        # All of its claims must say so: one exact point tells of the region better than a name.
        regions = {self.regions.get(c.id) for c in account.claims}
        region = next(iter(regions)) if len(regions) == 1 else None
        return replace(account, notes=(*account.notes, *notes), region=region)


def placing(
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    regions: Regions,
    parameters: Parameters,
) -> Placing:
    """Claims with a small area as a point, and with default points as wide as they truly are.

    An area takes part as a normal density of its middle and spread where that is at most
    `widest_error_m`; a wider one is left as it is. A sum of several events is left as it is too.
    """
    ordered = sorted(claims, key=lambda c: c.id)
    notes: dict[str, str] = {}
    named: dict[str, str] = {}
    placed: list[Claim] = []
    for claim in ordered:
        if isinstance(claim.place, Area) and not claim.aggregated:
            point, region = regions.stand_in(claim.place)
            if point.error_m <= parameters.widest_error_m:
                where = claim.place.name or claim.place.code
                notes[claim.id] = f"somewhere in {where}: the point only stands for the area"
                if region is not None:
                    named[claim.id] = region
                placed.append(replace(claim, place=point))
                continue
        placed.append(claim)
    wide = _default_points(placed, sources, regions, parameters)
    out = []
    for claim in placed:
        if claim.id in wide and isinstance(claim.place, Point):
            error, days = wide[claim.id]
            notes[claim.id] = (
                f"its source puts happenings of {days} days at this one point, far more than at "
                f"its other places: taken for a default, and known to {error / 1000:.0f} km"
            )
            place = Point(claim.place.lat, claim.place.lon, error)
            out.append(replace(claim, place=place))
        else:
            out.append(claim)
    return Placing(tuple(out), notes, named)


def _default_points(
    claims: Sequence[Claim],
    sources: Mapping[str, Source],
    regions: Regions,
    parameters: Parameters,
) -> dict[str, tuple[float, int]]:
    """The wider error in metres, and the days told of, of each claim at a default point.

    Only of sources that do not watch: a sensor or a patrol that always reports from where it
    stands is no liar.
    """
    spots: defaultdict[str, defaultdict[Spot, list[Claim]]]
    spots = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        source = sources.get(claim.source)
        watching = claim.detection is not None or (source is not None and source.kind.watches)
        if isinstance(claim.place, Point) and not claim.aggregated and not watching:
            spots[claim.source][claim.place.lat, claim.place.lon].append(claim)
    out: dict[str, tuple[float, int]] = {}
    for source_id, own in spots.items():
        days = {spot: len({_day(c) for c in told}) for spot, told in own.items()}
        detection = parameters.of(sources.get(source_id)).detection
        for spot in _too_many(days, parameters):
            told = own[spot]
            if _by_chance(told, days[spot], detection, parameters) > parameters.default_alarm:
                continue
            error = _around(spot, days, regions)
            for claim in told:
                if isinstance(claim.place, Point) and error > claim.place.error_m:
                    out[claim.id] = error, days[spot]
    return out


def _day(claim: Claim) -> int:
    return math.floor(claim.when.middle.timestamp() / DAY_S)


def _too_many(days: Mapping[Spot, int], parameters: Parameters) -> list[Spot]:
    """Spots with far more days than the source's other spots, sorted.

    Places differ much in how often they are hit, so days at a spot are taken to be geometric,
    the widest law of a given mean: P(D ≥ d) = (1 − 1/m)^(d − 1), m the mean of the other spots
    with one day more among them. Times the number of spots it is at most `default_alarm`.
    """
    whole, spots = sum(days.values()), len(days)
    out = []
    for spot in sorted(days):
        if days[spot] < parameters.default_days or spots < 2:
            continue
        mean = (whole - days[spot] + 1) / (spots - 1)
        if spots * (1 - 1 / mean) ** (days[spot] - 1) <= parameters.default_alarm:
            out.append(spot)
    return out


def _by_chance(told: Sequence[Claim], days: int, detection: float, parameters: Parameters) -> float:
    """P(the rate in force brings so many days of acts to so small a place), 2πσ² its area."""
    places = [c.place for c in told if isinstance(c.place, Point)]
    widest = max(places, key=lambda p: p.error_m)
    numbers = [_day(c) for c in told]
    rate = math.exp(float(act_rates([widest], parameters)[0]))
    area = 2 * math.pi * (widest.error_m / 1000) ** 2
    expected = rate * detection * area * (max(numbers) - min(numbers) + 1)
    return float(pdtrc(days - 1, expected))


def _around(spot: Spot, days: Mapping[Spot, int], regions: Regions) -> float:
    """How far, as a standard error on each axis, what is told of at a default point may be.

    The spread of the region around it, seen from the point; where no region is known, that of
    the source's other places, each counted for its days.
    """
    middle = Point(*spot, 1.0)
    centre = regions.around(middle)
    if centre is not None:
        return math.hypot(centre.error_m, distance_m(middle, centre) / math.sqrt(2))
    others = sorted(other for other in days if other != spot)
    apart = np.array([distance_m(middle, Point(*other, 1.0)) for other in others])
    counts = np.array([days[other] for other in others])
    return math.sqrt(math.fsum((counts * apart**2).tolist()) / int(counts.sum()) / 2)
