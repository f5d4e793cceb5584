"""What the situation is, in the sentences of the bulletins, from what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.speaking import decimal_words, number_words
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import mark as N_  # noqa: N812  # the usual name of a mark
from trucewatch.bulletins.saying import FEWER, MORE, Facts, over_time
from trucewatch.bulletins.situation import Period
from trucewatch.bulletins.wording import share_span
from trucewatch.model import ALWAYS, Rate, RateRatio

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

Body = dict[str, Any]

# The headline is made of these.
PHRASES = (
    N_("No full day of the truce has been counted"),
    N_("None reported on the whole days of the truce"),
    N_("None reported on the whole days of the truce, in too short a time to tell"),
    N_("Fewer, not none"),
    N_("Fewer reported, not none"),
    N_("More, not fewer"),
    N_("More reported, not fewer"),
    N_("About as many as before"),
)
TAILS = (
    N_("; how much could be seen is not known"),
    N_("; and much of it unobserved"),
    N_("; and part of it unobserved"),
)
VERDICTS = (
    N_("holding"),
    N_("eroding"),
    N_("collapsed"),
    N_("unobserved"),
    N_("cannot be told"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How much could be seen: region-days in all, of each sort, and what satellites missed."""

    days: int
    reported: int
    quiet: int
    unobserved: int
    hidden_low: float | None
    hidden_high: float | None

    @property
    def share(self) -> float | None:
        """The share of region-days that nobody watched; None where none is on record."""
        return self.unobserved / self.days if self.days else None


def sight_of(regions: Iterable[Mapping[str, Any]], days: Iterable[Mapping[str, Any]]) -> Sight:
    """The sight of all regions over the days of the trend."""
    regions, days = list(regions), list(days)
    lows = [day["hidden_low"] for day in days if day.get("hidden_low") is not None]
    highs = [day["hidden_high"] for day in days if day.get("hidden_high") is not None]

    def counted(name: str) -> int:
        return sum(region.get(name) or 0 for region in regions)

    reported, quiet = counted("days_reported"), counted("days_quiet")
    unobserved = counted("days_unobserved")
    return Sight(
        days=reported + quiet + unobserved,
        reported=reported,
        quiet=quiet,
        unobserved=unobserved,
        hidden_low=min(lows, default=None),
        hidden_high=max(highs, default=None),
    )


def headline(mission: Mapping[str, Any], seen: Sight, zone: ZoneInfo) -> str:
    """The headline in the language that is spoken, as the bulletin of a truce would say it."""
    said = over_time(_facts(mission, seen, zone))
    first, semicolon, rest = said.partition(";")
    return _(first) + (_(semicolon + rest) if semicolon else "")


def sentences(mission: Mapping[str, Any], seen: Sight) -> list[tuple[str, str]]:
    """The sentences below it, each with the part of the page that it rests on."""
    return [(words, "trend") for words in _trend(mission)] + [(_unseen(seen), "unseen")]


def _rate(mission: Mapping[str, Any], period: str) -> Body | None:
    """The rate of a period, if any whole day lies in it."""
    return next(
        (r for r in mission.get("rates") or () if r["period"] == period and r["days"]), None
    )


def _ratio(mission: Mapping[str, Any], of: str, over: str) -> Body | None:
    return next(
        (
            r
            for r in mission.get("ratios") or ()
            if (r["of"], r["over"]) == (of, over) and r["ratio"] is not None
        ),
        None,
    )


def _trend(mission: Mapping[str, Any]) -> list[str]:
    before, during = _rate(mission, "before"), _rate(mission, "during")
    if before is None or during is None:
        return [
            _(
                "Whether it is more or less than before the truce cannot be told: that takes a "
                "full day, from midnight to midnight, before it and one within it, and one of the "
                "two is missing."
            )
        ]
    against = _ratio(mission, "during", "before")
    point = 1.0 if against is None else against["ratio"]
    said = (
        _("Reported events fell from %(before)s a day before the truce to %(during)s in it.")
        if point <= FEWER
        else _("Reported events rose from %(before)s a day before the truce to %(during)s in it.")
        if point >= MORE
        else _("Reported events went from %(before)s a day before the truce to %(during)s in it.")
    )
    words = [said % {"before": decimal_words(before["per_day"]), "during": _told(during)}]
    if against is not None and not _sure(against):
        words.append(_("Chance alone could explain the difference."))
    after = _rate(mission, "after")
    if after is not None:
        words.append(_("After it they came to %(after)s a day.") % {"after": _told(after)})
    return [" ".join(words)]


def _told(rate: Body) -> str:
    """A rate with its 95 % interval."""
    interval = {"low": decimal_words(rate["low"]), "high": decimal_words(rate["high"])}
    return (
        decimal_words(rate["per_day"])
        + " ("
        + _("95 %% interval %(low)s to %(high)s") % interval
        + ")"
    )


def _sure(ratio: Body) -> bool:
    """Whether the interval of a ratio leaves out 1."""
    low, high = ratio["low"], ratio["high"]
    return (low is not None and low > 1) or (high is not None and high < 1)


def _unseen(seen: Sight) -> str:
    parts = []
    if seen.hidden_low is not None and seen.hidden_high is not None:
        span = share_span(seen.hidden_low, seen.hidden_high)
        parts.append(_("%(span)s of the ground was hidden from satellites.") % {"span": span})
    if seen.days:
        counts = {
            "dark": number_words(seen.unobserved),
            "total": number_words(seen.days),
            "quiet": number_words(seen.quiet),
        }
        parts.append(
            _(
                "%(dark)s of %(total)s region-days (one region on one day) were unobserved, and "
                "%(quiet)s watched and quiet."
            )
            % counts
        )
    if not parts:
        parts.append(_("Nobody has stated how much could be seen."))
    return " ".join([*parts, _("Silence from what nobody saw is not quiet.")])


def _facts(mission: Mapping[str, Any], seen: Sight, zone: ZoneInfo) -> Facts:
    """What the headline rests on; it names no day and no hour, so none is given."""
    day = date.fromisoformat(mission.get("first_day") or "2000-01-01")
    return Facts(
        period=Period(first=day, last=day, title="", number=""),
        previous=None,
        zone=zone,
        truce=ALWAYS,
        figures={
            "region_days": seen.days,
            "region_days_unobserved": seen.unobserved,
            "hidden_low": seen.hidden_low,
            "hidden_high": seen.hidden_high,
        },
        rates=tuple(
            Rate(
                period=each["period"],
                window=ALWAYS,
                days=each["days"],
                count=each["count"],
                per_day=each["per_day"],
                low=each["low"],
                high=each["high"],
                left_out=tuple(each["left_out"]),
            )
            for each in mission.get("rates") or ()
        ),
        ratios=tuple(
            RateRatio(**{name: each[name] for name in ("of", "over", "ratio", "low", "high")})
            for each in mission.get("ratios") or ()
        ),
        hidden_by="",
    )
