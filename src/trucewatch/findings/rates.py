"""Counts by day, and rates before, during and after a truce."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from trucewatch.findings.poisson import rate_interval, ratio_interval
from trucewatch.model import Compliance, DayCount, Interval, Nature, Rate, RateRatio, Window, utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Incident

_PLACES = 6
_ONE = timedelta(days=1)
_NOBODY = "no source has told of any event"
_ALWAYS = (
    "Only what sources reported is counted: a source of lethal events leaves out all others.",
    "Fewer reports can mean fewer events or fewer eyes: read them beside the coverage.",
    "Reports come late, above all for the latest days: a figure can still rise.",
    "The intervals take events to come one by one; attacks come in groups, so they are too narrow.",
)


def compliance(
    incidents: Iterable[Incident],
    *,
    truce: Window,
    zone: tzinfo,
    days: Sequence[date],
    baseline_days: int,
) -> Compliance:
    """What was reported by day, and the rates before, during and after the truce.

    `days` are the local days (of `zone`) that the sources reach; a rate never counts a day outside
    them, as a day without data is no day without events. Only incidents of nature EVENT are in
    the rates; heat is counted apart. ValueError where `baseline_days` is below 1.
    """
    if baseline_days < 1:
        raise ValueError("baseline_days must be at least 1")
    ordered = sorted(incidents, key=lambda one: one.id)
    events = [one for one in ordered if one.nature is Nature.EVENT]
    reached = sorted(set(days))
    periods = _periods(truce, zone, reached, baseline_days)
    if not events:
        # Where nobody tells of events, none told of is no rate of nought.
        periods = tuple(replace(one, whole=(), left_out=(_NOBODY,)) for one in periods)
    rates = tuple(_rate(period, events, zone) for period in periods)
    by_name = {rate.period: rate for rate in rates}
    return Compliance(
        days=tuple(_day(day, ordered, zone) for day in reached),
        rates=rates,
        ratios=(
            _ratio(by_name["during"], by_name["before"]),
            _ratio(by_name["after"], by_name["during"]),
        ),
        caveats=_caveats(rates, events),
    )


def _day(day: date, incidents: Sequence[Incident], zone: tzinfo) -> DayCount:
    window = Window.days(day, day, zone)
    shares: dict[Nature, list[float]] = {nature: [] for nature in Nature}
    for incident in incidents:
        share = incident.when.share_within(window)
        if share:
            shares[incident.nature].append(share)
    events = shares[Nature.EVENT]
    return DayCount(
        day=day,
        firm=sum(share == 1 for share in events),
        expected=round(sum(sorted(events)), _PLACES),
        thermal=len(shares[Nature.FIRE]),
        static=len(shares[Nature.STATIC_SOURCE]),
    )


@dataclass(frozen=True, slots=True)
class _Period:
    """A period: its own span, its whole local days, and those left out with the reason."""

    name: str
    span: Window
    whole: tuple[date, ...]
    left_out: tuple[str, ...]


def _periods(
    truce: Window, zone: tzinfo, reached: Sequence[date], baseline_days: int
) -> tuple[_Period, ...]:
    shares = {day: Interval.days(day, day, zone).share_within(truce) for day in reached}
    partial = [day for day, share in shares.items() if 0 < share < 1]
    before: list[date] = []
    after: list[date] = []
    # What does not hold yet has no days before it and none after it.
    if truce.start is not None and not truce.empty:
        first = truce.start.astimezone(zone).date()
        before = [first - _ONE * step for step in range(baseline_days, 0, -1)]
    if truce.end is not None and not truce.empty:
        end = truce.end.astimezone(zone)
        # A truce that ends at midnight leaves the new day whole.
        midnight = datetime.combine(end.date(), time.min, tzinfo=zone)
        # As instants: where the clocks change at midnight, the day begins at one o'clock.
        last = end.date() if utc(midnight) == truce.end else end.date() + _ONE
        after = [last + _ONE * step for step in range(baseline_days)]
    return (
        _around("before", Window(None, truce.start), before, reached),
        _Period(
            "during",
            truce,
            tuple(day for day, share in shares.items() if share == 1),
            tuple(f"{day}: lies only partly in the truce" for day in partial),
        ),
        _around("after", Window(truce.end, None), after, reached),
    )


def _around(name: str, span: Window, wanted: Sequence[date], reached: Sequence[date]) -> _Period:
    return _Period(
        name,
        span,
        tuple(day for day in wanted if day in reached),
        tuple(f"{day}: outside the days looked at" for day in wanted if day not in reached),
    )


def _runs(days: Sequence[date], zone: tzinfo) -> list[Window]:
    """The days as unbroken spans, so that an event is never counted on a day in between."""
    runs: list[list[date]] = []
    for day in days:
        if runs and runs[-1][-1] + _ONE == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [Window.days(run[0], run[-1], zone) for run in runs]


def _rate(period: _Period, events: Sequence[Incident], zone: tzinfo) -> Rate:
    runs = _runs(period.whole, zone)
    if not runs:
        return Rate(
            period=period.name,
            window=period.span,
            days=0,
            count=0,
            per_day=None,
            low=None,
            high=None,
            left_out=period.left_out,
        )
    count = sum(any(one.when.share_within(run) == 1 for run in runs) for one in events)
    days = len(period.whole)
    low, high = rate_interval(count, days)
    return Rate(
        period=period.name,
        window=Window(runs[0].start, runs[-1].end),
        days=days,
        count=count,
        per_day=round(count / days, _PLACES),
        low=round(low, _PLACES),
        high=round(high, _PLACES),
        left_out=period.left_out,
    )


def _ratio(of: Rate, over: Rate) -> RateRatio:
    ratio, low, high = (
        None if value is None else round(value, _PLACES)
        for value in ratio_interval(of.count, of.days, over.count, over.days)
    )
    return RateRatio(of=of.period, over=over.period, ratio=ratio, low=low, high=high)


def _caveats(rates: Sequence[Rate], events: Sequence[Incident]) -> tuple[str, ...]:
    """What these figures cannot say, in plain words."""
    caveats = list(_ALWAYS)
    counted = [rate.window for rate in rates if rate.days]
    unsure = sum(any(0 < one.when.share_within(window) < 1 for window in counted) for one in events)
    if unsure:
        caveats.append(
            f"{unsure} event{'s' if unsure > 1 else ''} may lie inside a period or outside it, as "
            "the day is not known exactly: counted in no rate where that is so."
        )
    short = next(rate for rate in rates if rate.period == "during")
    if not events:
        caveats.append(
            "No source has told of any event, so nothing is known of how many there were."
        )
    elif short.days < 3:
        caveats.append(
            f"The truce holds {short.days or 'no'} whole local day{'' if short.days == 1 else 's'}:"
            " so short a span carries little weight."
        )
    return tuple(caveats)
