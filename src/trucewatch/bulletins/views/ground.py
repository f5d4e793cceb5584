"""Regions, zones, what could be seen and the days of the trend, on their way to the door."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.counting import hidden_on
from trucewatch.bulletins.told import few
from trucewatch.bulletins.views.door import Draft
from trucewatch.bulletins.views.values import at_offset
from trucewatch.bulletins.wording import plain
from trucewatch.model import Interval, Sight, Window

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from trucewatch.bulletins.views.material import Outlook
    from trucewatch.model import Area, DayCount, Incident, RegionDay

Body = dict[str, Any]


def region_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each of the mission's regions: its outline, its days and its counts."""
    material = outlook.material
    days: defaultdict[str, list[RegionDay]] = defaultdict(list)
    for each in _region_days(outlook):
        days[each.region].append(each)
    counts = _Counts(outlook)
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
                "sources": list(outlook.veil.reporters({s for d in mine for s in d.reporting})),
                **counts.told("incidents", counts.by_region[area.code]),
                **counts.told("observations", counts.observations[area.code]),
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
    counts = _Counts(outlook)
    for each in _region_days(outlook):
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
                "sources": list(outlook.veil.reporters(each.reporting)),
                **counts.told("incidents", counts.by_region_day[each.region, each.day]),
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
    """How many events, and observations, by region and day: of what may be known of alone."""

    def __init__(self, outlook: Outlook) -> None:
        self._least = 0 if outlook.sight.inside else outlook.audience.min_count
        material = outlook.material
        self.by_region: Counter[str] = Counter()
        self.observations: Counter[str] = Counter()
        self.by_region_day: Counter[tuple[str, date]] = Counter()
        for incident in outlook.incidents.values():
            code = material.region_code(incident.region)
            if code is None or not material.is_counted_event(incident):
                continue
            self.by_region[code] += 1
            self.observations[code] += incident.observations
            first, last = material.days[incident.id]
            if first == last:
                self.by_region_day[code, first] += 1

    def told(self, name: str, count: int) -> Body:
        """A count as a number, None where it is too small to be told, and in words."""
        small = 0 < count < self._least
        return {name: None if small else count, f"{name}_words": few(count, self._least)}


def _polygons(area: Area) -> list[list[list[list[float]]]]:
    """As GeoJSON writes a MultiPolygon: longitude first."""
    return [[[[lon, lat] for lon, lat in ring] for ring in part] for part in area.polygons]
