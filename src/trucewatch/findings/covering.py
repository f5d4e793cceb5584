"""Who could have seen what: passes, regions by day, and the reach and delay of each source."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median
from typing import TYPE_CHECKING

from trucewatch.findings.regions import RegionMap
from trucewatch.findings.seeing import STATED, seen_by_kind
from trucewatch.model import (
    Coverage,
    Interval,
    Nature,
    Pass,
    RegionDay,
    Sight,
    SourceCoverage,
    Window,
    utc,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Area, Claim, Incident, Source, Watch

PASS_GAP = timedelta(minutes=20)
"""Detections of one platform no further apart than this belong to one pass."""

_DAY = timedelta(days=1)
_PLACES = 6


def cover(
    claims: Iterable[Claim],
    watches: Iterable[Watch],
    incidents: Iterable[Incident],
    *,
    sources: Mapping[str, Source],
    regions: Sequence[Area],
    days: Sequence[date],
    zone: tzinfo,
    quiet_threshold: float,
) -> Coverage:
    """What could be seen of every region on every local day, and what each source contributed.

    Silence is QUIET only where a source that watches has data for that day, is stated to have
    seen at least `quiet_threshold` (above 0, at most 1) of the region, and nothing was reported
    and no heat seen; all other silence is UNOBSERVED. ValueError for another threshold: at 0
    everything that nobody saw would be quiet.
    """
    if not 0 < quiet_threshold <= 1:
        raise ValueError("quiet_threshold must lie above 0 and at most at 1")
    ordered = sorted(claims, key=lambda one: one.id)
    stated = tuple(sorted(watches, key=lambda one: one.id))
    seen_passes = passes(ordered)
    region_map = RegionMap(regions)
    watching = _kinds_watching(ordered, sources, days, zone)
    records = _by_region_day(incidents, region_map, days, zone)
    days_made: list[RegionDay] = []
    for day in sorted(set(days)):
        window = Window.days(day, day, zone)
        look = _Look(
            span=Interval.days(day, day, zone),
            kinds=watching.get(day, frozenset()),
            passes=sum(window.contains(one.first) for one in seen_passes),
        )
        for code in region_map.codes:
            lat, lon = region_map.heart(code)
            seen = seen_by_kind(stated, lat, lon, look.span)
            days_made.append(
                _region_day(code, day, records[code, day], look, seen, quiet_threshold)
            )
    return Coverage(
        watches=stated,
        passes=seen_passes,
        region_days=tuple(sorted(days_made, key=lambda one: (one.region, one.day))),
        sources=_sources(ordered, region_map, sources, zone),
    )


def passes(claims: Iterable[Claim]) -> tuple[Pass, ...]:
    """The overpasses that left detections: a lower bound, as one that saw nothing leaves none."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for claim in claims:
        if claim.detection is not None:
            times[claim.detection.platform].append(claim.detection.at)
    found: list[Pass] = []
    for platform in sorted(times):
        run: list[datetime] = []
        for at in sorted(times[platform]):
            if run and at - run[-1] > PASS_GAP:
                found.append(_pass(platform, run))
                run = []
            run.append(at)
        found.append(_pass(platform, run))
    return tuple(sorted(found, key=lambda one: (one.first, one.platform)))


def _pass(platform: str, run: Sequence[datetime]) -> Pass:
    return Pass(platform=platform, first=run[0], last=run[-1], detections=len(run))


@dataclass(slots=True)
class _Record:
    """What was reported of one region on one day."""

    sure: int = 0
    unsure: int = 0
    fires: int = 0
    sources: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Look:
    """Who looked at the mission's area on one day: kinds of source that have data, and passes."""

    span: Interval
    kinds: frozenset[str]
    passes: int


def _by_region_day(
    incidents: Iterable[Incident], region_map: RegionMap, days: Sequence[date], zone: tzinfo
) -> dict[tuple[str, date], _Record]:
    records: dict[tuple[str, date], _Record] = defaultdict(_Record)
    wanted = set(days)
    for incident in incidents:
        code = region_map.of_incident(incident)
        if code is None:
            continue
        for day, share in local_days(incident.when, zone):
            if day not in wanted:
                continue
            record = records[code, day]
            record.sources.update(incident.sources)
            if incident.nature is Nature.EVENT:
                record.sure += share == 1
                record.unsure += share < 1
            record.fires += incident.nature is Nature.FIRE
    return records


def _kinds_watching(
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    days: Iterable[date],
    zone: tzinfo,
) -> dict[date, frozenset[str]]:
    """By local day, the kinds of source that watch, have data, and did not stop in its first hours.

    A source whose data begin or end in the middle of a day watched that day if at least half of
    it (`STATED`) lies between its first and its last claim.
    """
    by_source: dict[str, list[Interval]] = defaultdict(list)
    for claim in claims:
        source = sources.get(claim.source)
        if source is not None and source.kind.watches:
            by_source[source.id].append(claim.when)
    watching: dict[date, set[str]] = defaultdict(set)
    for source_id, times in by_source.items():
        span = Window(min(one.earliest for one in times), max(one.latest for one in times))
        with_data = {day for when in times for day, _ in local_days(when, zone)}
        for day in with_data.intersection(days):
            if Interval.days(day, day, zone).share_within(span) >= STATED:
                watching[day].add(sources[source_id].kind.value)
    return {day: frozenset(kinds) for day, kinds in watching.items()}


def _region_day(
    code: str,
    day: date,
    record: _Record,
    look: _Look,
    seen: Mapping[str, float],
    quiet_threshold: float,
) -> RegionDay:
    sight, reason = _sight(record, look, seen, quiet_threshold)
    return RegionDay(
        region=code,
        day=day,
        sight=sight,
        # Two kinds of watcher saw together at least what the better placed of them saw.
        seen_share=max(seen.values(), default=None),
        passes=look.passes,
        incidents=record.sure + record.unsure,
        reporting=tuple(sorted(record.sources)),
        reason=reason,
    )


def _sight(
    record: _Record, look: _Look, seen: Mapping[str, float], quiet_threshold: float
) -> tuple[Sight, str]:
    events = record.sure + record.unsure
    if events:
        words = f"{events} event{'s' if events > 1 else ''} reported"
        if record.unsure:
            words += f", {record.unsure} of them perhaps on another day"
        return Sight.REPORTED, words
    if record.fires:
        return Sight.UNOBSERVED, (
            f"no event reported, but heat seen ({record.fires} "
            f"fire{'s' if record.fires > 1 else ''}): what burned is not known"
        )
    if not seen:
        return Sight.UNOBSERVED, "nothing reported, and nobody stated what could be seen"
    best = max(seen.values())
    watching = {kind: share for kind, share in seen.items() if kind in look.kinds}
    if not watching:
        kinds = " or ".join(seen)
        return Sight.UNOBSERVED, (
            f"nothing reported; {100 * best:.0f} % could be seen, "
            f"but no {kinds} has data for that day"
        )
    share = max(watching.values())
    if share < quiet_threshold:
        return Sight.UNOBSERVED, (
            f"nothing reported, but only {100 * share:.0f} % could be seen "
            f"({100 * quiet_threshold:.0f} % needed to call it quiet)"
        )
    # Kinds, not names: a reason is printed, and a sealed source is never named in print.
    return Sight.QUIET, (
        f"nothing reported, and {100 * share:.0f} % could be seen by {' or '.join(watching)}"
    )


def _sources(
    claims: Sequence[Claim], region_map: RegionMap, sources: Mapping[str, Source], zone: tzinfo
) -> tuple[SourceCoverage, ...]:
    """One entry for every source that is registered or has claims, silent ones included."""
    by_source: dict[str, list[tuple[Claim, str | None]]] = {one: [] for one in sources}
    for claim, region in zip(claims, region_map.of_claims(claims), strict=True):
        by_source.setdefault(claim.source, []).append((claim, region))
    return tuple(_source(source, by_source[source], zone) for source in sorted(by_source))


def _source(
    source: str, placed: Sequence[tuple[Claim, str | None]], zone: tzinfo
) -> SourceCoverage:
    spans = [first_and_last(claim.when, zone) for claim, _ in placed]
    delays = [delay for claim, _ in placed if (delay := delay_days(claim)) is not None]
    return SourceCoverage(
        source=source,
        claims=len(placed),
        regions=tuple(sorted(Counter(region for _, region in placed if region).items())),
        first_day=min((first for first, _ in spans), default=None),
        last_day=max((last for _, last in spans), default=None),
        delay_days_median=round(median(delays), _PLACES) if delays else None,
        delay_days_max=round(max(delays), _PLACES) if delays else None,
    )


def delay_days(claim: Claim) -> float | None:
    """Days from the end of the event to its first publication; None where no date is given.

    End is set against end, so that two bare dates give whole days. An event whose end is known
    only as "by then" may seem to end after the publication: that is no delay, and 0.
    """
    published = [one.published for one in claim.attributions if one.published is not None]
    if not published:
        return None
    first = min(one.latest for one in published)
    return max(0.0, (first - claim.when.latest) / _DAY)


def first_and_last(when: Interval, zone: tzinfo) -> tuple[date, date]:
    """The first and the last local day on which an interval may lie; its end is not in it."""
    first, end = when.earliest.astimezone(zone).date(), when.latest.astimezone(zone).date()
    ends_at_midnight = utc(datetime.combine(end, time.min, tzinfo=zone)) == when.latest
    return first, max(first, end - _DAY) if ends_at_midnight else end


def local_days(when: Interval, zone: tzinfo) -> list[tuple[date, float]]:
    """The local days on which an interval may lie, each with its share of the interval."""
    first, last = first_and_last(when, zone)
    found: list[tuple[date, float]] = []
    for step in range((last - first).days + 1):
        day = first + step * _DAY
        share = when.share_within(Window.days(day, day, zone))
        if share:
            found.append((day, share))
    return found
