"""What there is to tell now, each thing once: breaches, and steps that wait for a decision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.bulletins.alerts.nouns import Circle, Info
from trucewatch.bulletins.wording import days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from trucewatch.bulletins.published import Due, Item, Published

CERTAINTY = {
    "verified": "Observed",
    "corroborated": "Likely",
    "reported": "Possible",
    "allegation": "Possible",
}
"""How each rung of the ladder is told; what stands on no rung is not told at all."""

SOON = timedelta(hours=1)
"""The standard calls "expected" what is to be answered within the next hour."""

BREACH = "breach"
_AT_ONCE = datetime.min.replace(tzinfo=UTC)
OVER = frozenset({"cancelled"})
SETTLED = frozenset({"done", "declined", "taken"})
_NOTHING_FOLLOWS = (
    "For information. Nothing follows by itself: each step waits for the recorded decision of "
    "the body that is named."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be told of one subject, and from when on it may be."""

    subject: str
    incidents: tuple[str, ...]
    info: Info
    not_before: datetime


def drafts(p: Published, *, at: datetime) -> dict[str, Draft]:
    """Everything that an alert may be sent of, by subject.

    What is told of a step depends on the hour `at`, as its deadline comes near.
    """
    told = {
        item.id: item for item in p.incidents if item.outcome == BREACH and item.state in CERTAINTY
    }
    codes = {area.name: area.code for area in p.outlines}
    found = {one.id: _of_breach(p, one, codes) for one in told.values()}
    for due in p.obligations:
        if due.progress not in OVER and all(one in told for one in due.incidents):
            found[due.id] = _of_step(p, due, [told[one] for one in due.incidents], codes, at)
    return found


def why_not(p: Published, subject: str) -> str:
    """Why something that was told once is told no longer, in a sentence."""
    for item in (*p.incidents, *p.set_aside):
        if item.id == subject:
            if item.outcome != BREACH:
                return f"It is not held to be a breach any longer: {item.outcome}."
            return f"It is {item.state} as things stand."
    if any(due.id == subject for due in p.obligations):
        return "What opened this step no longer stands."
    return "It no longer stands: no report that counts describes it."


def _of_breach(p: Published, item: Item, codes: Mapping[str, str]) -> Draft:
    when = days(item.first_day, item.last_day)
    terms = sorted(held.provision for held in item.held if held.outcome == BREACH)
    return Draft(
        subject=item.id,
        incidents=(item.id,),
        info=Info(
            event="Breach of a ceasefire, as reported",
            # It has happened, and the delay for this audience has run.
            urgency="Past",
            # The mission grades no severity, so none is told.
            severity="Unknown",
            certainty=CERTAINTY[item.state],
            sender_name=p.mission,
            headline=_marked(p, f"{item.kind}, {item.region}, {when}: {item.state}"),
            description=_marked(
                p,
                f"{item.kind} in {item.region}, {when} ({p.zone}). State: {item.state}. Held to "
                f"be a breach of {', '.join(terms)} of {p.agreement}. "
                f"{'Provisional: no named person has reviewed it. ' if item.provisional else ''}"
                f"Responsibility: {_attribution(item)}.",
            ),
            instruction=_marked(p, _NOTHING_FOLLOWS),
            facts=(
                ("state", item.state),
                ("provisional", "yes" if item.provisional else "no"),
                ("attribution", _attribution(item)),
                ("likelihood", item.likelihood),
                ("provisions", ", ".join(terms)),
                ("standard", item.standard),
                ("days", when),
            ),
            areas=(_circle(p, item, codes),),
        ),
        not_before=_release(p, item.last_day),
    )


def _of_step(
    p: Published, due: Due, items: list[Item], codes: Mapping[str, str], at: datetime
) -> Draft:
    weakest = min(items, key=lambda one: _RUNGS.index(one.state))
    areas = {(one.cell.lat, one.cell.lon, one.region): one for one in items}
    return Draft(
        subject=due.id,
        incidents=tuple(sorted(due.incidents)),
        info=Info(
            event="Step of a response, waiting for a decision",
            urgency=_urgency(due, at),
            severity="Unknown",
            certainty=CERTAINTY[weakest.state],
            sender_name=p.mission,
            headline=_marked(p, f"Step of a response ({due.standing}), {due.progress}: {due.duty}"),
            description=_marked(
                p,
                f"{due.duty} (of {', '.join(due.duty_of)}). Due: {due.due}. "
                f"{due.decided_by} decides. It is {due.progress}; the text that sets it out is "
                f"{due.standing}"
                + (f". Approvals not on record: {', '.join(due.missing)}" if due.missing else "")
                + ".",
            ),
            instruction=_marked(p, _NOTHING_FOLLOWS),
            facts=(
                ("progress", due.progress),
                ("due", due.due),
                ("decided-by", due.decided_by),
                ("duty-of", ", ".join(due.duty_of)),
                ("standing", due.standing),
                ("approvals-missing", ", ".join(due.missing) or "none"),
            ),
            areas=tuple(_circle(p, areas[key], codes) for key in sorted(areas)),
        ),
        not_before=max(_release(p, one.last_day) for one in items),
    )


_RUNGS = tuple(reversed(CERTAINTY))


def _urgency(due: Due, at: datetime) -> str:
    if due.progress in SETTLED:
        return "Past"
    if due.due_at is None:
        return "Unknown"
    if due.due_at <= at:
        return "Immediate"
    return "Expected" if due.due_at - at <= SOON else "Future"


def _circle(p: Published, item: Item, codes: Mapping[str, str]) -> Circle:
    """Around the centre of the cell: half its diagonal, and the standard error in whole cells."""
    radius = (p.grid_m * math.sqrt(0.5) + item.cell.spread_m) / 1000
    return Circle(
        words=f"{item.region}; a cell of {p.grid_m / 1000:g} km and its error, not a place",
        lat=item.cell.lat,
        lon=item.cell.lon,
        radius_km=round(radius, 1),
        code=codes.get(item.region, ""),
    )


def _attribution(item: Item) -> str:
    """Whether anybody has said who did it: withheld, or by which body's word whom."""
    heard = item.heard
    if heard is None or not heard.responsible:
        return str(item.attribution)
    return f"{heard.responsible}, {item.attribution} by {heard.body} ({heard.standard})"


def _marked(p: Published, words: str) -> str:
    return f"EXERCISE. {words}" if p.exercise else words


def _release(p: Published, day: date) -> datetime:
    """From when on something of that local day may be told.

    The delay runs from the end of the day, or the hour of the message would tell that of the event.
    A mission that sets no delay holds nothing back from these readers.
    """
    delay = p.not_before - _end(p.last_day, p.zone)
    return _end(day, p.zone) + delay if delay else _AT_ONCE


def _end(day: date, zone: str) -> datetime:
    """The end of a local day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
