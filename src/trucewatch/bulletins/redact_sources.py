"""The parts of a published bulletin that speak of sources: made for `redact` alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trucewatch.bulletins import published as pub
from trucewatch.bulletins.counting import hidden_on
from trucewatch.bulletins.wording import plain

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.content import Bulletin
    from trucewatch.bulletins.situation import Audience
    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import (
        Extent,
        IntakeCount,
        Interval,
        Source,
        SourceCoverage,
        Watch,
    )

_MICROSECOND = timedelta(microseconds=1)


class SourceParts:
    """What one audience may learn of the sources of a bulletin."""

    def __init__(self, bulletin: Bulletin, audience: Audience, veil: Veil, zone: ZoneInfo) -> None:
        self.bulletin = bulletin
        self.audience = audience
        self.veil = veil
        self.zone = zone

    def side_claims(self) -> tuple[pub.SideClaim, ...]:
        """What speakers said, from sources that may be named; each only once."""
        said = {
            pub.SideClaim(
                speaker=plain(s.speaker),
                subject=plain(s.subject),
                value=s.value,
                quote=plain(s.quote),
                first_day=local_days(s.when, self.zone)[0],
                last_day=local_days(s.when, self.zone)[1],
                outlet=plain(s.outlet or "") if self.audience.show_sources else "",
                source=self.veil.name(s.source),
            )
            for s in self.bulletin.statements
            if self.veil.is_open(s.source) and not self.veil.gives_away(s.quote + "\n" + s.speaker)
        }
        return tuple(
            sorted(
                said,
                key=lambda s: (
                    s.first_day,
                    s.last_day,
                    s.speaker,
                    s.subject,
                    -(s.value or 0),
                    s.quote,
                    s.outlet,
                    s.source,
                ),
            )
        )

    def visibility(self) -> tuple[pub.Watched, ...]:
        """What was hidden in the period, where, and why; without what sealed sources stated."""
        period = self.bulletin.period
        groups: dict[tuple[str, str], list[Watch]] = {}
        for watch in self.bulletin.watches:
            if self.veil.is_open(watch.source):
                reasons = self.veil.free([watch.reason]) or ("not said",)
                groups.setdefault((_where(watch.where), reasons[0]), []).append(watch)
        rows = []
        for (where, reason), watches in sorted(groups.items()):
            hidden: dict[date, list[float]] = {}
            for step in range((period.last - period.first).days + 1):
                day = period.first + timedelta(days=step)
                if found := hidden_on(watches, day, self.zone):
                    hidden[day] = found
            if hidden:
                rows.append(
                    pub.Watched(
                        where=where,
                        first_day=min(hidden),
                        last_day=max(hidden),
                        hidden_low=min(min(each) for each in hidden.values()),
                        hidden_high=max(max(each) for each in hidden.values()),
                        reason=reason,
                    )
                )
        return tuple(sorted(rows, key=lambda r: (r.where, r.first_day, r.reason)))

    def overpasses(self) -> tuple[pub.Overpass, ...]:
        """How often each satellite left detections in the period."""
        passes: Counter[str] = Counter()
        detections: Counter[str] = Counter()
        for each in self.bulletin.passes:
            passes[plain(each.platform)] += 1
            detections[plain(each.platform)] += each.detections
        return tuple(
            pub.Overpass(platform=name, passes=passes[name], detections=detections[name])
            for name in sorted(passes)
        )

    def contributions(self) -> tuple[pub.Contribution, ...]:
        """One row a source that may be named; all others are one row without figures."""
        rows = [self._contribution(s) for s in self.bulletin.sources if self.veil.is_open(s.id)]
        rows.sort(key=lambda r: (r.name, r.citation, r.distinct or 0))
        return tuple(rows)

    def _contribution(self, source: Source) -> pub.Contribution:
        b = self.bulletin
        party = next((p.name for p in b.agreement.parties if p.id == source.party), "")
        return contribution(
            source,
            intake=[i for i in b.intake if i.source == source.id],
            cover=next((c for c in b.source_coverage if c.source == source.id), None),
            party=plain(party or source.party or ""),
            name=self.veil.name(source.id),
            named=self.audience.show_sources,
        )

    def faults(self) -> tuple[pub.Fault, ...]:
        """Why records of sources that may be named were quarantined."""
        counts: Counter[tuple[str, str]] = Counter(
            (self.veil.name(q.source), plain(q.reason))
            for q in self.bulletin.quarantined
            if self.veil.is_open(q.source) and not self.veil.gives_away(q.reason)
        )
        return tuple(
            pub.Fault(source=source, reason=reason, records=count)
            for (source, reason), count in sorted(counts.items())
        )


def contribution(
    source: Source,
    *,
    intake: list[IntakeCount],
    cover: SourceCoverage | None,
    party: str,
    name: str,
    named: bool,
) -> pub.Contribution:
    """What one source gave, as it is told; licence and citation only where it is `named`."""
    accepted = sum(i.accepted for i in intake)
    quarantined = sum(i.quarantined for i in intake)
    return pub.Contribution(
        name=name,
        kind=source.kind.value,
        party=party,
        distinct=accepted + quarantined,
        accepted=accepted,
        quarantined=quarantined,
        claims=cover.claims if cover else None,
        regions=len(cover.regions) if cover else None,
        first_day=cover.first_day if cover else None,
        last_day=cover.last_day if cover else None,
        delay_days_median=cover.delay_days_median if cover else None,
        delay_days_max=cover.delay_days_max if cover else None,
        licence=plain(source.licence) if named else "",
        citation=plain(source.citation) if named else "",
    )


def local_days(when: Interval, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day of an interval; one that ends at midnight ends before it."""
    first = when.earliest.astimezone(zone).date()
    end = when.latest if not when.length else when.latest - _MICROSECOND
    return first, max(first, end.astimezone(zone).date())


def _where(extent: Extent | None) -> str:
    if extent is None:
        return "everywhere the mission looks"
    return (
        f"{_degrees(extent.west, extent.east, 'WE')}, {_degrees(extent.south, extent.north, 'SN')}"
    )


def _degrees(low: float, high: float, letters: str) -> str:
    def one(x: float) -> str:
        return f"{abs(round(x))}°{letters[x >= 0]}"

    return f"{one(low)} to {one(high)}"
