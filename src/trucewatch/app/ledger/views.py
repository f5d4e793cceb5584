"""The ledger as data for people and programs: statements, the matrix, the gap, what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.agreements.moments import read_moment
from trucewatch.app.press.articles import ledger
from trucewatch.commitments import LIMITS, PRIORITIES, falls_due, gap, matrix, overdue, states
from trucewatch.commitments.ledger.gaps import NO_SUM, amount
from trucewatch.commitments.words import DOMAINS
from trucewatch.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal
    from zoneinfo import ZoneInfo

    from trucewatch.app.mission import Mission
    from trucewatch.commitments import Due, Gap, Standing, Sum
    from trucewatch.model import Interval, Pledge

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which statements are looked at; None lets all through."""

    state: str | None = None
    priority: str | None = None
    standing: str | None = None
    domain: str | None = None

    def through(self, pledges: Iterable[Pledge]) -> tuple[Pledge, ...]:
        """Those that pass; NotFound for a word of no statement, as "none" would mislead."""
        every = tuple(pledges)
        for what, word, words in (
            ("state", self.state, {state for one in every for state in states(one.by)}),
            ("priority", self.priority, {one.priority for one in every}),
            ("standing", self.standing, {one.standing for one in every}),
            ("domain", self.domain, {domain for one in every for domain in one.domains}),
        ):
            if word is not None and word not in words:
                known = ", ".join(sorted(words)) or "none"
                raise NotFound(f"no statement has the {what} {word!r}; there are: {known}")
        return tuple(
            one
            for one in every
            if (self.state is None or self.state in states(one.by))
            and self.priority in {None, one.priority}
            and self.standing in {None, one.standing}
            and (self.domain is None or self.domain in one.domains)
        )


def moment(text: str | None, mission: Mission) -> datetime:
    """The time to look at: local or with an offset; a bare day is its end; without one, now.

    Raises NotFound for what is no time.
    """
    if text is None:
        return mission.now()
    zone = _zone(mission)
    stamp = f"{text} 24:00" if len(text) == len("2026-01-06") else text
    apart = stamp.endswith("Z") or stamp[19:20] in {"+", "-"} or stamp[16:17] in {"+", "-"}
    try:
        return read_moment(stamp, None if apart else zone)
    except ValueError as fault:
        raise NotFound(str(fault)) from None


def readiness(mission: Mission, at: datetime, filters: Filters) -> dict[str, Any]:
    """The readiness matrix as data: a row a statement, the cells by state, priority and domain."""
    zone, about = _zone(mission), mission.configuration().mission.mission
    found = matrix(filters.through(_pledges(mission)), at)
    rows = {
        one.pledge.id: statement(one, zone, found.origins[one.pledge.id])
        for cell in found.cells
        for one in cell.entries
    }
    return {
        "mission": about.name,
        "exercise": about.exercise,
        "at": _local(at, zone),
        "timezone": zone.key,
        "statements": [rows[name] for name in sorted(rows, key=lambda n: _order(rows[n]))],
        "origins": len({*found.origins.values()}),
        "cells": [
            {
                "state": cell.by,
                "priority": cell.priority,
                "domain": cell.domain or None,
                "statements": [one.pledge.id for one in cell.entries],
            }
            for cell in found.cells
            if filters.state in {None, cell.by}
        ],
        "told_differently": [
            {
                "item": one.item,
                "differs": list(one.differs),
                "origins": [
                    {"origin": voice, "statements": list(names)} for voice, names in one.voices
                ],
            }
            for one in found.disagreements
        ],
    }


def whole(mission: Mission, at: datetime, filters: Filters) -> dict[str, Any]:
    """All that one page shows: readiness, what is missing of each need, and what falls due."""
    data = readiness(mission, at, filters)
    if mission.configuration().ledger.needs:
        data["needs"] = gaps(mission, at, filters)["needs"]
    awaited = due(mission, at, filters, days=None)
    return {**data, "overdue": awaited["overdue"], "falls_due": awaited["falls_due"]}


def gaps(mission: Mission, at: datetime, filters: Filters) -> dict[str, Any]:
    """The needs beside what is pledged, as data; raises NotFound where nothing is needed."""
    needs = mission.configuration().ledger.needs
    if not needs:
        raise NotFound("commitments.yaml lists no needs: add what the plan needs under 'needs'")
    zone = _zone(mission)
    pledges = filters.through(_pledges(mission))
    found = gap(pledges, needs, at)
    return {
        "at": _local(at, zone),
        "timezone": zone.key,
        "needs": [_need(one, pledges) for one in found],
    }


def due(mission: Mission, at: datetime, filters: Filters, *, days: int | None) -> dict[str, Any]:
    """What is awaited and what is overdue, as data; `days` is how far to look ahead."""
    zone = _zone(mission)
    pledges = filters.through(_pledges(mission))
    within = None if days is None else timedelta(days=days)
    return {
        "at": _local(at, zone),
        "timezone": zone.key,
        "overdue": [_due(one, zone) for one in overdue(pledges, at)],
        "falls_due": [_due(one, zone) for one in falls_due(pledges, at, within=within)],
    }


def statement(one: Standing, zone: ZoneInfo, origin: str) -> dict[str, Any]:
    """One statement as it stands, as data."""
    pledge, shown = one.pledge, one.shown
    return {
        "id": pledge.id,
        "state": pledge.by,
        "item": pledge.item or None,
        "priority": pledge.priority,
        "domains": list(pledge.domains),
        "what": pledge.what,
        "stage": shown.name,
        "certain": one.rung is not None,
        "perhaps": sorted({rung.name for rung in one.perhaps} - {shown.name}),
        "stage_said": day_words(shown.said, zone),
        "stage_source": shown.source,
        "stages": [
            {"stage": rung.name, "said": day_words(rung.said, zone), "source": rung.source}
            for rung in pledge.stages
        ],
        "standing": pledge.standing,
        "valid": one.valid,
        "authorised": one.authorisation.word,
        "approvals": [
            {
                "body": each.body,
                "kind": each.kind,
                "state": each.state,
                "said": day_words(each.said, zone),
                "due": day_words(each.due, zone),
                "source": each.source or pledge.source,
            }
            for each in one.authorisation.latest
        ],
        "amount": amount_of(pledge),
        "limits": {code: LIMITS.get(code, code) for code in pledge.limits},
        "caveats": list(pledge.caveats),
        "basing": pledge.basing,
        "due": day_words(pledge.due, zone),
        "said_by": pledge.said_by or None,
        "occasion": pledge.occasion or None,
        "outlet": pledge.outlet or None,
        "credits": pledge.credits or None,
        "origin": origin,
        "source": pledge.source,
    }


def amount_of(pledge: Pledge) -> dict[str, str | None] | None:
    """The quantity of a statement in decimal; None where it gives no number."""
    if pledge.low is None and pledge.high is None:
        return None
    return {
        "low": None if pledge.low is None else plain(amount(pledge.low)),
        "high": None if pledge.high is None else plain(amount(pledge.high)),
        "unit": pledge.unit,
    }


def plain(value: Decimal) -> str:
    """A decimal without exponent and without noughts at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day_words(said: Interval | None, zone: ZoneInfo) -> str | None:
    """The days of a span in a zone; a day of another zone is the one in which most of it lies."""
    if said is None:
        return None
    if said.length < _DAY + 2 * _HOUR:
        return said.middle.astimezone(zone).date().isoformat()
    first = _day(said.earliest + _DAY / 2, zone)
    last = _day(said.latest - _DAY / 2, zone)
    return first.isoformat() if first == last else f"{first} – {last}"


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _need(one: Gap, pledges: Iterable[Pledge]) -> dict[str, Any]:
    need, known = one.need, {each.id: each for each in pledges}
    uncounted = [known[name] for name, reason in one.left if reason.startswith(NO_SUM)]
    return {
        "id": need.id,
        "priority": need.priority,
        "what": need.what,
        "low": None if need.low is None else plain(amount(need.low)),
        "high": None if need.high is None else plain(amount(need.high)),
        "unit": need.unit,
        "domains": list(need.domains),
        "standing": need.standing,
        "source": need.source,
        "lines": [
            {
                **_sum(line.sum),
                "missing_low": plain(line.short_low),
                "missing_high": None if line.short_high is None else plain(line.short_high),
                "domains": {name: _sum(part) for name, part in line.domains},
            }
            for line in one.lines
        ],
        "without_a_number": {
            domain: [
                {"statement": each.id, "state": each.by}
                for each in uncounted
                if domain in each.domains
            ]
            for domain in need.domains or DOMAINS
        },
        "adds_nothing": [{"statement": name, "reason": reason} for name, reason in one.left],
    }


def _sum(one: Sum) -> dict[str, Any]:
    return {
        "stage": one.stage,
        "standing": one.standing,
        "low": plain(one.low),
        "high": None if one.high is None else plain(one.high),
        "statements": list(one.pledges),
    }


def _due(one: Due, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "statement": one.pledge,
        "state": one.by,
        "kind": one.kind,
        "what": one.what,
        "when": day_words(one.when, zone),
        "source": one.source,
    }


def _order(row: dict[str, Any]) -> tuple[str, int, str, str]:
    known = row["priority"] in PRIORITIES
    place = PRIORITIES.index(row["priority"]) if known else len(PRIORITIES)
    return (row["state"], place, row["priority"], row["id"])


def _pledges(mission: Mission) -> tuple[Pledge, ...]:
    return ledger(mission, mission.configuration())


def _zone(mission: Mission) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(mission.configuration().mission.mission.timezone)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes")
