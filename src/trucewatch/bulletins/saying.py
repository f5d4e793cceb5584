"""What a bulletin says first: sentences made from its figures by rules, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.content import Clause
from trucewatch.bulletins.wording import (
    days,
    moment,
    plural,
    rate,
    ratio,
    share_span,
    short_day,
    span,
    window_days,
)
from trucewatch.model import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.situation import Period
    from trucewatch.model import Rate, RateRatio, Window

MUCH = 0.5
PART = 0.2
FEWER = 0.8
MORE = 1.25
"""A ratio between these two is "about as many"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The figures that the sentences are made from; `hidden_by` is a word such as "cloud"."""

    period: Period
    previous: Period | None
    zone: ZoneInfo
    truce: Window
    figures: Mapping[str, float | int | None]
    rates: tuple[Rate, ...]
    ratios: tuple[RateRatio, ...]
    hidden_by: str

    @property
    def one_day(self) -> bool:
        """Whether the period is a single day."""
        return self.period.first == self.period.last

    def number(self, name: str) -> float:
        """A figure that is always known."""
        return self.figures[name] or 0

    def count(self, name: str) -> int:
        """A count that is always known."""
        return int(self.figures[name] or 0)

    def rate(self, period: str) -> Rate | None:
        """The rate of a period, if any whole day lies in it."""
        return next((r for r in self.rates if r.period == period and r.days), None)

    def ratio(self, of: str, over: str) -> RateRatio | None:
        """One rate over another, if it is known."""
        return next(
            (r for r in self.ratios if (r.of, r.over) == (of, over) and r.ratio is not None), None
        )


def say(facts: Facts) -> tuple[str, tuple[Clause, ...]]:
    """The headline, and the sentences below it; each names the figures that it rests on."""
    if facts.one_day:
        clauses = (_day(facts), *_trend(facts), _origins(facts), *_sight(facts), *_heat(facts))
        return _day_headline(facts) + _unseen(facts), clauses
    clauses = (*_trend(facts), _day(facts), _origins(facts), *_sight(facts), *_heat(facts))
    return over_time(facts), clauses


def over_time(facts: Facts) -> str:
    """The headline of more than a day: it needs the rates, their ratios and what was unseen."""
    return _trend_headline(facts) + _unseen(facts)


def _trend_headline(facts: Facts) -> str:
    during, against = facts.rate("during"), facts.ratio("during", "before")
    if during is None:
        return "No full day of the truce has been counted"
    if against is None:
        told = f"{plural(during.count, 'event')} reported in the truce, nothing to compare with"
        return told.capitalize()
    if not during.count:
        tail = "" if _fell(against) else ", in too short a time to tell"
        return f"None reported on the whole days of the truce{tail}"
    # "Reported" stays in the headline as long as chance alone could have made the difference.
    point = against.ratio or 0
    if point <= FEWER:
        return "Fewer, not none" if _fell(against) else "Fewer reported, not none"
    if point >= MORE:
        return "More, not fewer" if _rose(against) else "More reported, not fewer"
    return "About as many as before"


def _fell(against: RateRatio) -> bool:
    return against.high is not None and against.high < 1


def _rose(against: RateRatio) -> bool:
    return against.low is not None and against.low > 1


def _day_headline(facts: Facts) -> str:
    firm, day = facts.count("incidents"), short_day(facts.period.first)
    if firm:
        return f"{plural(firm, 'incident')} reported for {day}"
    if facts.count("incidents_possible"):
        return f"No incident certainly on {day}; some may fall on it"
    return f"No incident reported for {day}, which is not to say that it was quiet"


def _unseen(facts: Facts) -> str:
    """The tail of the headline on what could not be seen."""
    region_days = facts.number("region_days")
    dark = facts.number("region_days_unobserved") / region_days if region_days else None
    low, high = facts.figures["hidden_low"], facts.figures["hidden_high"]
    if dark is None and low is None:
        return "; how much could be seen is not known"
    worst = max(x for x in (dark, low) if x is not None)
    if worst >= MUCH:
        return "; and much of it unobserved"
    widest = max(x for x in (dark, high) if x is not None)
    return "; and part of it unobserved" if widest >= PART else ""


def _trend(facts: Facts) -> tuple[Clause, ...]:
    before, during, after = (facts.rate(p) for p in ("before", "during", "after"))
    if before is None or during is None:
        return (
            Clause(
                text=(
                    "Whether it is more or less than before the truce cannot be told: that takes "
                    "a full day, from midnight to midnight, before it and one within it, and one "
                    "of the two is missing."
                ),
                figures=(),
                section="rates",
            ),
        )
    against = facts.ratio("during", "before")
    change = "went"
    tail = "."
    if against is not None:
        point = against.ratio or 0
        change = "fell" if point <= FEWER else "rose" if point >= MORE else "went"
        tail = (
            f": a ratio of {ratio(against.ratio)} "
            f"(95 % interval {span(against.low, against.high, 'ratio')})"
        )
        sure = _fell(against) or _rose(against)
        tail += "." if sure else "; the interval holds 1, so chance alone could explain it."
    text = (
        f"Reported events {change} from {rate(before.per_day)} a day before the truce "
        f"({window_days(before.window, facts.zone)}; 95 % interval "
        f"{span(before.low, before.high)}) to {rate(during.per_day)} a day during it "
        f"({window_days(during.window, facts.zone)}; {span(during.low, during.high)}){tail}"
    )
    clauses = [
        Clause(
            text=text,
            figures=("rate.before", "rate.during", "ratio.during.before"),
            section="rates",
        )
    ]
    if after is not None:
        again = facts.ratio("after", "during")
        word = "came to"
        if again is not None:
            point = again.ratio or 0
            word = "rose again to" if point >= MORE else "fell to" if point <= FEWER else word
        clauses.append(
            Clause(
                text=(
                    f"After the truce they {word} {rate(after.per_day)} a day "
                    f"({window_days(after.window, facts.zone)}; "
                    f"{span(after.low, after.high)})."
                ),
                figures=("rate.after", "ratio.after.during"),
                section="rates",
            )
        )
    return tuple(clauses)


def _day(facts: Facts) -> Clause:
    """What the period holds, beside the previous one."""
    firm, expected = facts.count("incidents"), facts.number("incidents_expected")
    verb, on = "falls" if firm == 1 else "fall", days(facts.period.first, facts.period.last)
    text = f"{plural(firm, 'incident').capitalize()} certainly {verb} on {on}"
    if facts.count("incidents_possible"):
        text += f", and {rate(expected)} are expected with those whose day is not known"
    before = facts.figures["incidents_previous"]
    if before is not None and facts.previous is not None:
        earlier = days(facts.previous.first, facts.previous.last)
        text += f" ({earlier}: {plural(int(before), 'incident')})"
    text += f". {_breaches(facts)}"
    if not Interval.days(facts.period.first, facts.period.last, facts.zone).share_within(
        facts.truce
    ):
        text += ": the truce did not run at the time"
    if open_ones := facts.count("incidents_undetermined"):
        noun = "more incident" if facts.count("incidents_breach") else "incident"
        text += f"; for {plural(open_ones, noun)} it cannot be told"
    return Clause(
        text=text + ".",
        figures=(
            "incidents",
            "incidents_expected",
            "incidents_previous",
            "observed_violations",
            "incidents_breach",
            "incidents_undetermined",
        ),
        section="regions",
    )


def _breaches(facts: Facts) -> str:
    """How many incidents are held to be a breach, and the observations that they count."""
    breach = facts.count("incidents_breach")
    if not breach:
        return "None is held to be a breach"
    seen = plural(facts.count("observed_violations"), "observed violation")
    held = "is provisionally held to be a breach"
    many = "are provisionally held to be breaches"
    return f"{plural(breach, 'incident')}, with {seen}, {held if breach == 1 else many}"


def _origins(facts: Facts) -> Clause:
    two, one = facts.count("incidents_two_origins"), facts.count("incidents_one_origin")
    if not two + one:
        text = "There is no incident to corroborate."
    elif not two:
        text = (
            "None of them rests on two or more independent voices: "
            f"{'it rests' if one == 1 else f'all {one} rest'} on one, or on a single party's word."
        )
    else:
        text = (
            f"{two} of {two + one} {'rests' if two == 1 else 'rest'} on two or more independent "
            "voices."
        )
    return Clause(
        text=text, figures=("incidents_two_origins", "incidents_one_origin"), section="incidents"
    )


def _sight(facts: Facts) -> tuple[Clause, ...]:
    parts = []
    low, high = facts.figures["hidden_low"], facts.figures["hidden_high"]
    if low is not None and high is not None:
        hid = facts.hidden_by.capitalize()
        parts.append(f"{hid} hid {share_span(low, high)} of the ground from satellites")
    total, dark = facts.count("region_days"), facts.count("region_days_unobserved")
    if total:
        thing = "regions" if facts.one_day else "region-days (one region on one day)"
        quiet = facts.count("region_days_quiet")
        parts.append(
            f"{dark} of {total} {thing} were unobserved, and {quiet or 'none'} "
            f"{'was' if quiet < 2 else 'were'} watched and quiet"
        )
    if not parts:
        parts.append("Nobody has stated how much could be seen")
    return (
        Clause(
            text="; ".join(parts) + ". Silence from what nobody saw is not quiet.",
            figures=("hidden_low", "hidden_high", "region_days_unobserved", "region_days"),
            section="unseen",
        ),
    )


def _heat(facts: Facts) -> tuple[Clause, ...]:
    fires, static = facts.count("fires"), facts.count("static_sources")
    if not fires + static:
        return ()
    return (
        Clause(
            text=(
                f"Satellites saw {plural(fires, 'fire')} that no report ties to an event, and "
                f"{plural(static, 'place')} that {'is' if static == 1 else 'are'} always hot; "
                "neither is counted as an incident."
            ),
            figures=("fires", "static_sources"),
            section="fires",
        ),
    )


def truce_words(truce: Window, zone: ZoneInfo) -> str:
    """The hours of the truce in local time."""
    if truce.empty:
        return "not yet: no hours are known"
    start = "no stated beginning" if truce.start is None else moment(truce.start, zone)
    end = "no stated end" if truce.end is None else moment(truce.end, zone)
    return f"{start} – {end}"
