"""Deconfliction for those inside: notices entered, listed and held against incidents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trucewatch.app.deciding import allowed, enter, stays_inside
from trucewatch.app.listing import current
from trucewatch.commitments.notices import (
    DISCLAIMERS,
    contacts_at,
    match,
    notices_at,
    read_contact,
    read_notice,
    read_notices,
    read_reason,
    stray_acts,
)
from trucewatch.errors import NotAllowed, NotFound, RecordRejected
from trucewatch.model import Contacted, NoticeAct, NoticeState, Notifying, content_id, kind_tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.model import Contact, Entered, Incident, Notice, NoticeMatch, NoticeStatus

DESK = frozenset({"desk", "lead"})
"""The roles that may enter notices and contacts."""

ENTERED = "nothing was changed"


def desk(mission: Mission, by: str) -> None:
    """Refuse whoever may not work at the desk: NotAllowed or NotFound, saying what to do."""
    try:
        allowed(mission, by, DESK, "enter notices or contacts")
    except (NotAllowed, NotFound) as fault:
        raise type(fault)(f"{fault}; a changed mission.toml counts from the next 'run'") from None


def add(mission: Mission, fields: Mapping[str, Any], *, by: str) -> dict[str, Any]:
    """Enter one notice; RecordRejected, naming the field, where it is none."""
    desk(mission, by)
    zone = mission.configuration().zone
    notice = read_notice(fields, zone=zone, now=mission.now())
    return _added(mission, [notice], [], by=by)


def add_all(mission: Mission, raw: bytes, *, by: str) -> dict[str, Any]:
    """Enter the notices of a JSON or GeoJSON text; bad ones are refused one by one and counted."""
    desk(mission, by)
    read = read_notices(raw, zone=mission.configuration().zone, now=mission.now())
    return _added(mission, read.notices, read.refused, by=by)


def _added(
    mission: Mission, notices: Sequence[Notice], refused: Sequence[RecordRejected], *, by: str
) -> dict[str, Any]:
    known = {one.notice.id: one.state for one in _standing(mission)}
    turned_down = [{"where": one.pointer, "reason": one.reason} for one in refused]
    entered: set[str] = set()
    for notice in notices:
        # What was cancelled may be notified again, as a notice of its own.
        while known.get(notice.id) is NoticeState.CANCELLED:
            notice = replace(notice, id=content_id("ntc", [notice.id, "again"]))
        if notice.id in known:
            reason = f"the same notice was entered before, as {notice.id}"
            turned_down.append({"where": notice.id, "reason": reason})
            continue
        enter(mission, Notifying(act=NoticeAct.SUBMIT, id=notice.id, notice=notice), by=by)
        known[notice.id] = NoticeState.SUBMITTED
        entered.add(notice.id)
    rows = [
        row(status, mission.configuration().zone)
        for status in _standing(mission)
        if status.notice.id in entered
    ]
    return {
        "received": len(rows) + len(turned_down),
        "entered": len(rows),
        "refused": len(turned_down),
        "notices": rows,
        "refusals": turned_down,
        "disclaimers": list(DISCLAIMERS),
    }


def act(
    mission: Mission, identifier: str, done: NoticeAct, *, by: str, reason: str = ""
) -> dict[str, Any]:
    """Acknowledge or cancel a notice. NotFound for one that is not known, or is cancelled."""
    desk(mission, by)
    reason = read_reason(reason)
    status = _open(mission, identifier)
    if done is NoticeAct.ACKNOWLEDGE and status.state is NoticeState.ACKNOWLEDGED:
        raise NotFound(f"{identifier} is acknowledged already: {ENTERED}")
    enter(mission, Notifying(act=done, id=identifier, notice=None, reason=reason), by=by)
    return _one(mission, identifier)


def amend(
    mission: Mission, identifier: str, changes: Mapping[str, Any], *, by: str, reason: str = ""
) -> dict[str, Any]:
    """Put a changed version in place of the last; its acknowledgement is withdrawn by that."""
    desk(mission, by)
    reason = read_reason(reason)
    status = _open(mission, identifier)
    if not changes:
        raise RecordRejected("name what changes: every option of 'notice add'", pointer="notice")
    zone = mission.configuration().zone
    fields = {**_fields(status.notice), **changes}
    notice = read_notice(fields, zone=zone, now=mission.now(), known_as=identifier)
    enter(
        mission,
        Notifying(act=NoticeAct.AMEND, id=identifier, notice=notice, reason=reason),
        by=by,
    )
    return _one(mission, identifier)


def _standing(mission: Mission) -> tuple[NoticeStatus, ...]:
    entries = stays_inside(mission)
    return notices_at(entries, _now(mission, entries))


def _now(mission: Mission, entries: Sequence[Entered]) -> datetime:
    """The time now, or that of the last entry where the clock was set back: none may vanish."""
    return max([mission.now(), *(one.at for one in entries[-1:])])


def _open(mission: Mission, identifier: str) -> NoticeStatus:
    found = {one.notice.id: one for one in _standing(mission)}
    if identifier not in found:
        raise NotFound(f"no notice {identifier!r}: 'trucewatch notice list' shows those there are")
    if found[identifier].state is NoticeState.CANCELLED:
        raise NotFound(f"{identifier} is cancelled: submit a new notice with 'notice add'")
    return found[identifier]


def _fields(notice: Notice) -> dict[str, Any]:
    """A notice as the fields that it can be read from again; the time of submission is new."""
    window = notice.window
    return {
        "organisation": notice.organisation,
        "contact": notice.contact,
        "sort": notice.sort,
        "domain": notice.domain,
        "place": notice.place,
        "route": [list(point) for point in notice.route],
        "width_m": notice.width_m,
        "from": None if window.start is None else window.start.isoformat(),
        "to": None if window.end is None else window.end.isoformat(),
        "emergency": notice.emergency,
        "note": notice.note,
    }


def _one(mission: Mission, identifier: str) -> dict[str, Any]:
    data = listing(mission)
    data["notices"] = [one for one in data["notices"] if one["id"] == identifier]
    return {"notices": data["notices"], "disclaimers": data["disclaimers"]}


def listing(mission: Mission) -> dict[str, Any]:
    """Every notice as it stands now, and the acts that found none."""
    entries = stays_inside(mission)
    at = _now(mission, entries)
    zone = mission.configuration().zone
    strays = [
        {"entry": one.index, "by": one.by, "act": one.decision.act.value, "id": one.decision.id}
        for one in stray_acts(entries, at)
        if isinstance(one.decision, Notifying)
    ]
    return {
        "notices": [row(status, zone) for status in notices_at(entries, at)],
        "strays": strays,
        "disclaimers": list(DISCLAIMERS),
    }


def row(status: NoticeStatus, zone: tzinfo) -> dict[str, Any]:
    """One notice as data, its times in the mission's zone."""
    notice = status.notice
    return {
        "id": notice.id,
        "state": status.state.value,
        **_fields(notice),
        "from": _local(notice.window.start, zone),
        "to": _local(notice.window.end, zone),
        "submitted": _local(notice.submitted, zone),
        "lead_hours": round(status.lead_hours, 2),
        "late": status.late,
        "acknowledged": _local(status.acknowledged, zone),
        "versions": len(status.versions),
        "reasons": list(status.reasons),
        "zone": str(zone),
    }


def matches(mission: Mission, *, incident: str | None = None) -> dict[str, Any]:
    """Incidents that may have touched what was notified, and those that nearly did.

    NotFound before the first run, and for an incident that there is not.
    """
    derived = current(mission)
    incidents = derived.incidents
    if incident is not None:
        incidents = tuple(one for one in incidents if one.id == incident)
        if not incidents:
            raise NotFound(f"no incident {incident!r}: 'trucewatch incidents' lists them")
    known = {one.id: one for one in incidents}
    zone = mission.configuration().zone
    found = match(incidents, stays_inside(mission))
    rows = [_match_row(one, known[one.incident], zone) for one in found]
    return {
        "matches": [one for one in rows if not one["near_misses"]],
        "near_misses": [one for one in rows if one["near_misses"]],
        "disclaimers": list(DISCLAIMERS),
    }


def _match_row(found: NoticeMatch, incident: Incident, zone: tzinfo) -> dict[str, Any]:
    return {
        "notice": found.notice,
        "version": found.version,
        "incident": found.incident,
        "kind": incident.kind,
        "kind_name": kind_tree()[incident.kind].name,
        "earliest": _local(incident.when.earliest, zone),
        "latest": _local(incident.when.latest, zone),
        "zone": str(zone),
        "share": round(found.share, 4),
        "distance_m": round(found.distance_m),
        "reasons": list(found.reasons),
        "near_misses": list(found.near_misses),
    }


def contact(
    mission: Mission,
    *,
    at: datetime,
    parties: Sequence[str],
    channel: str,
    subject: str,
    outcome: str,
    answered: bool,
    by: str,
) -> dict[str, Any]:
    """Enter a contact between parties; RecordRejected, naming the field, where it is none."""
    desk(mission, by)
    configuration = mission.configuration()
    made = read_contact(
        at=at,
        parties=parties,
        channel=channel,
        subject=subject,
        outcome=outcome,
        answered=answered,
        known=[party.id for party in configuration.agreement.parties],
        now=mission.now(),
    )
    enter(mission, Contacted(contact=made), by=by)
    return {"contacts": [_contact_row(made, configuration.zone)]}


def contacts(mission: Mission) -> dict[str, Any]:
    """The hotline's log, by time."""
    zone = mission.configuration().zone
    entries = stays_inside(mission)
    found = contacts_at(entries, _now(mission, entries))
    return {"contacts": [_contact_row(one, zone) for one in found]}


def _contact_row(one: Contact, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _local(one.at, zone),
        "zone": str(zone),
        "parties": list(one.parties),
        "channel": one.channel,
        "subject": one.subject,
        "outcome": one.outcome,
        "answered": one.answered,
    }


def _local(moment: datetime | None, zone: tzinfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")
