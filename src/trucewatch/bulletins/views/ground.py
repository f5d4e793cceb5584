"""Regions, zones, what could be seen and the days of the trend, on their way to the door."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.counting import hidden_on
from trucewatch.bulletins.told import few
from trucewatch.bulletins.views.counts import hidden
from trucewatch.bulletins.views.door import Draft
from trucewatch.bulletins.views.values import at_offset
from trucewatch.bulletins.wording import plain
from trucewatch.model import Interval, Sight, Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from trucewatch.bulletins.views.counts import Cell
    from trucewatch.bulletins.views.material import Outlook
    from trucewatch.model import Area, DayCount, Incident, RegionDay

Body = dict[str, Any]


def region_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each of the mission's regions: its outline, its days and its counts."""
    material = outlook.material
    days: defaultdict[str, list[RegionDay]] = defaultdict(list)
    for each in _region_days(outlook):
        days[each.region].append(each)
    counts = _Counts(outlook, _region_days(outlook))
    for area in sorted(material.situation.agreement.regions, key=lambda a: a.code):
        mine = days[area.code]
        seen = [each.seen_share for each in mine if each.seen_share is not None]
        yield Draft(
            sort="region",
            id=area.code,
            exact={
                "id": area.code,
                "name": plain(area.name),
                "polygons": _polygons(area),
                "first_day": min((d.day.isoformat() for d in mine), default=None),
                "last_day": max((d.day.isoformat() for d in mine), default=None),
                "days_reported": sum(d.sight is Sight.REPORTED for d in mine),
                "days_quiet": sum(d.sight is Sight.QUIET for d in mine),
                "days_unobserved": sum(d.sight is Sight.UNOBSERVED for d in mine),
                "seen_low": min(seen, default=None),
                "seen_high": max(seen, default=None),
                "passes": sum(d.passes for d in mine),
                "sources": outlook.reporters(sorted({s for d in mine for s in d.reporting})),
                **counts.of_region(area.code),
            },
        )


def zone_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each zone of the agreement; one that moved stands once for each place."""
    agreement, zone = outlook.material.situation.agreement, outlook.material.zone
    held = defaultdict(list)
    for provision in sorted(agreement.provisions, key=lambda p: p.id):
        for code in provision.zones:
            held[code].append(provision.id)
    seen: Counter[str] = Counter()
    for each in sorted(agreement.zones, key=lambda z: (z.code, repr(z.holds))):
        seen[each.code] += 1
        name = each.code if seen[each.code] == 1 else f"{each.code}.{seen[each.code]}"
        yield Draft(
            sort="zone",
            id=name,
            exact={
                "id": name,
                "code": each.code,
                "name": plain(each.name),
                "drawn": each.drawn.value,
                "polygons": _polygons(each.area),
                "buffer_m": each.buffer_m,
                "holds_from": at_offset(each.holds.start, zone),
                "holds_until": at_offset(each.holds.end, zone),
                "side": outlook.material.bodies.get(each.side or "", each.side),
                "provisions": held[each.code],
            },
        )


def coverage_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each region and local day: whether it was seen, and by how much."""
    material = outlook.material
    days = _region_days(outlook)
    counts = _Counts(outlook, days)
    for each in days:
        reason = outlook.veil.free([each.reason])
        yield Draft(
            sort="coverage",
            id=f"{each.region}.{each.day}",
            exact={
                "id": f"{each.region}.{each.day}",
                "region": each.region,
                "region_name": material.region_name(each.region),
                "first_day": each.day.isoformat(),
                "last_day": each.day.isoformat(),
                "sight": each.sight.value,
                "seen_share": each.seen_share,
                "passes": each.passes,
                "reason": reason[0] if reason else "",
                "sources": outlook.reporters(each.reporting),
                **counts.of_day(each),
            },
            ended=material.end_of(each.day),
        )


def trend_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each local day of the trend, oldest first."""
    situation, zone = outlook.material.situation, outlook.material.zone
    passes = Counter(p.first.astimezone(zone).date() for p in set(situation.coverage.passes))
    unobserved: Counter[date] = Counter()
    regions: Counter[date] = Counter()
    for each in set(situation.coverage.region_days):
        regions[each.day] += 1
        unobserved[each.day] += each.sight is Sight.UNOBSERVED
    fresh = _fresh(outlook)
    watches = sorted(set(situation.coverage.watches), key=lambda w: w.id)
    for count in sorted(set(situation.compliance.days), key=lambda d: d.day):
        if not outlook.may_know(count.day):
            continue
        span = Interval.days(count.day, count.day, zone)
        window = Window(span.earliest, span.latest)
        hidden = hidden_on(watches, count.day, zone)
        yield Draft(
            sort="trend",
            id=count.day.isoformat(),
            exact={
                "id": count.day.isoformat(),
                "first_day": count.day.isoformat(),
                "last_day": count.day.isoformat(),
                "firm": count.firm,
                "expected": _expected(count, fresh, window),
                "thermal": count.thermal,
                "static": count.static,
                "passes": passes[count.day],
                "truce_share": round(span.share_within(situation.agreement.truce), 6),
                "hidden_low": min(hidden, default=None),
                "hidden_high": max(hidden, default=None),
                "unobserved": unobserved[count.day],
                "regions": regions[count.day],
            },
            ended=span.latest,
        )


def _region_days(outlook: Outlook) -> list[RegionDay]:
    days = set(outlook.material.situation.coverage.region_days)
    return sorted(
        (each for each in days if outlook.may_know(each.day)), key=lambda d: (d.region, d.day)
    )


def _fresh(outlook: Outlook) -> list[Incident]:
    """The events that count and that may not be known of yet."""
    material = outlook.material
    return [
        incident
        for incident in material.situation.incidents
        if incident.id not in outlook.incidents and material.is_counted_event(incident)
    ]


def _expected(count: DayCount, fresh: list[Incident], day: Window) -> float:
    """What is expected of a day, without events that may not be known of yet."""
    hidden = sum(incident.when.share_within(day) for incident in fresh)
    return round(max(0.0, count.expected - hidden), 6)


class _Counts:
    """How many events, and observations, by region and day: of what may be known of alone.

    Small ones are not told, nor what would give them away beside the sums.
    """

    def __init__(self, outlook: Outlook, days: list[RegionDay]) -> None:
        self._least = 0 if outlook.sight.inside else outlook.audience.min_count
        material = outlook.material
        self.incidents: Counter[str] = Counter(dict.fromkeys(material.regions, 0))
        self.observations: Counter[str] = Counter(dict.fromkeys(material.regions, 0))
        self.days: Counter[Cell] = Counter({(d.region, d.day.isoformat()): 0 for d in days})
        for incident in outlook.incidents.values():
            code = material.region_code(incident.region)
            if code not in material.regions or not material.is_counted_event(incident):
                continue
            self.incidents[code] += 1
            self.observations[code] += incident.observations
            first, last = material.days[incident.id]
            if first == last and (code, first.isoformat()) in self.days:
                self.days[code, first.isoformat()] += 1
        self._hidden = hidden(self.days, self._least)
        # Observations of one incident are at least as many: where these are small, so may they be.
        self._hidden_regions = {
            name
            for counts in (self.incidents, self.observations)
            for name, _ in hidden({(each, ""): n for each, n in counts.items()}, self._least)
        }

    def of_region(self, code: str) -> Body:
        """The counts of a region over all days."""
        kept = code not in self._hidden_regions
        return {
            **self._told("incidents", self.incidents[code], kept=kept),
            **self._told("observations", self.observations[code], kept=kept),
        }

    def of_day(self, each: RegionDay) -> Body:
        """The count of a region on a day."""
        cell = (each.region, each.day.isoformat())
        return self._told("incidents", self.days[cell], kept=cell not in self._hidden)

    def _told(self, name: str, count: int, *, kept: bool) -> Body:
        """A count as a number and in words; None, and no bound, where it is not told."""
        words = few(count, 0) if kept else NOT_TOLD
        return {name: count if kept else None, f"{name}_words": words}


NOT_TOLD = "not told: small counts could be worked out from it"
"""In words, what is a small count or covers one: which of the two it is tells too much."""


def _polygons(area: Area) -> list[list[list[list[float]]]]:
    """As GeoJSON writes a MultiPolygon: longitude first."""
    return [[[[lon, lat] for lon, lat in ring] for ring in part] for part in area.polygons]
