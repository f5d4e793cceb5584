"""Sending alerts: made from what may be published, entered in the log, written as files."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import rfc8785

from trucewatch.app.files import make_folder, write_whole
from trucewatch.app.publishing.bulletins import audience_of
from trucewatch.app.publishing.situations import situation_of
from trucewatch.bulletins import Audience, Period, compose, redact, sweep
from trucewatch.bulletins.alerts import (
    Desk,
    Message,
    Scope,
    Sent,
    alerts,
    render_alert_json,
    render_cap,
)
from trucewatch.commitments import known_as, until
from trucewatch.errors import LogDamaged
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import Outcome, Progress
from trucewatch.store import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Bulletin, Situation
    from trucewatch.model import Agreement, Obligation
    from trucewatch.store import Derived

ALERTS = "alerts"
"""The source of the log's entries that hold what was sent, and the folder of the public ones."""

SCHEMA = "trucewatch.sent/1"
FORMATS = {"cap": (".xml", render_cap), "json": (".json", render_alert_json)}
PUBLIC = "public"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 30)

_GONE = Audience(
    name=PUBLIC, grid_m=200_000, delay=timedelta(days=366), show_sources=False, min_count=1
)
"""How an audience is taken that mission.toml no longer names: it only hears what is taken back."""


def send(
    mission: Mission,
    derived: Derived,
    *,
    audience: str = PUBLIC,
    formats: Sequence[str] = ("cap", "json"),
    out: Path | None = None,
) -> dict[str, Any]:
    """Send what `audience` is due, and corrections to everyone who got what they correct.

    Each message is in the log before its files are written, and files that are missing are
    written again from it. Raises NotFound for an unknown audience, and Withheld, before anything
    is sent, where a message would name a sealed source.
    """
    configuration = mission.configuration()
    audience_of(configuration, audience)
    known = sent_before(mission)
    everyone = [audience, *sorted({one.audience for one in known} - {audience})]
    situation = situation_of(mission, configuration, derived)
    # A step may be known to open at an hour that has not come yet: nobody is told of it before.
    due = until(situation.obligations, mission.now())
    situation = replace(situation, obligations=due)
    bulletin = _whole(configuration, situation, known)
    became = _became(known, derived, configuration.agreement)
    claims = {incident.id: incident.claims for incident in derived.incidents}
    made: list[Sent] = []
    for name in everyone:
        gone = name not in configuration.mission.audiences
        readers = replace(_GONE, name=name) if gone else audience_of(configuration, name)
        messages = alerts(
            redact(bulletin, readers),
            _desk(mission, configuration, name),
            at=mission.now(),
            sent=known,
            became=became,
        )
        for one in messages:
            if one.alert.message is Message.CANCEL or name == audience or _corrects(one, gone):
                sweep(bulletin, readers, one.alert)
                made.append(replace(one, claims=_claims(claims, one, known)))
    _enter(mission, made)
    folders = [
        write(
            mission, name, [*known, *made], formats=formats, out=out if name == audience else None
        )
        for name in everyone
    ]
    return {
        "exercise": configuration.mission.mission.exercise,
        "audience": audience,
        "sent": [_row(one, [*known, *made]) for one in made],
        "messages": dict(sorted(Counter(one.alert.message.value for one in made).items())),
        "folder": str(folders[0]),
    }


def _corrects(one: Sent, gone: bool) -> bool:
    return one.alert.message is Message.UPDATE and not gone


def _row(one: Sent, everything: Iterable[Sent]) -> dict[str, Any]:
    info = one.alert.info
    told = [s.alert.info.headline for s in everything if s.chain == one.chain and s.alert.info]
    return {
        "identifier": one.alert.identifier,
        "audience": one.audience,
        "message": one.alert.message.value,
        "status": one.alert.status.value,
        "subject": one.subject,
        "chain": one.chain,
        "certainty": info.certainty if info else None,
        "urgency": info.urgency if info else None,
        "headline": info.headline if info else told[-1],
        "note": one.alert.note,
    }


def sent_before(mission: Mission) -> tuple[Sent, ...]:
    """Every message that the log holds, in its order; LogDamaged for one that cannot be read."""
    return mission.once(_sent_before)


def _sent_before(mission: Mission) -> tuple[Sent, ...]:
    found = []
    for entry in mission.entries():
        if entry.source == ALERTS:
            try:
                data = json.loads(mission.log.payload(entry.payload))
                if data.pop("schema") != SCHEMA:
                    raise ValueError("it is of another schema")
                found.append(decode(Sent, data))
            except (ValueError, KeyError, TypeError) as fault:
                raise LogDamaged(f"log entry {entry.index} is no alert: {fault}") from fault
    return tuple(found)


def _enter(mission: Mission, made: Iterable[Sent]) -> None:
    entries = [
        NewEntry(
            kind=EntryKind.BULLETIN if one.alert.message is Message.ALERT else EntryKind.CORRECTION,
            source=ALERTS,
            payload=rfc8785.dumps({"schema": SCHEMA, **encode(one)}),  # type: ignore[dict-item]  # JSON
            name=f"{ALERTS}/{one.audience}/{one.alert.identifier}",
            media="application/json",
        )
        for one in made
    ]
    if entries:
        mission.log.append(entries, received=mission.now())
        mission.log.publish()


def write(
    mission: Mission,
    audience: str,
    messages: Iterable[Sent],
    *,
    formats: Sequence[str],
    out: Path | None,
) -> Path:
    """Write the files of every message to one audience that are not there as they should be."""
    private = audience != PUBLIC
    folder = out or mission.folder / (f"{ALERTS}-for-{audience}" if private else ALERTS)
    make_folder(folder, private=private)
    for one in messages:
        if one.audience != audience:
            continue
        for kind in formats:
            suffix, render = FORMATS[kind]
            path, body = folder / f"{one.alert.identifier}{suffix}", render(one.alert)
            if not path.is_file() or path.read_bytes() != body:
                write_whole(path, body, private=private)
    return folder


def _whole(configuration: Configuration, situation: Situation, known: Iterable[Sent]) -> Bulletin:
    """One bulletin over all days of what may be told: breaches, and what was told before."""
    zone = configuration.zone
    matter = {one.incident for one in situation.assessments if one.outcome is Outcome.BREACH}
    matter |= {name for one in known for name in (one.subject, *one.alert.incidents)}
    days = [
        moment.astimezone(zone).date()
        for incident in situation.incidents
        if incident.id in matter
        for moment in (incident.when.earliest, incident.when.latest)
    ]
    days += [one.opened.astimezone(zone).date() for one in situation.obligations]
    first = max(FIRST_DAY, min(days, default=FIRST_DAY))
    last = min(LAST_DAY, max(days, default=first))
    return compose(situation, Period(first=first, last=last, title="", number=""), None)


def _desk(mission: Mission, configuration: Configuration, name: str) -> Desk:
    section = configuration.mission.audiences.get(name)
    scope = Scope.PUBLIC if name == PUBLIC else Scope.RESTRICTED
    if section is not None and section.scope is not None:
        scope = Scope(section.scope.capitalize())
    words = f"For {name!r} of {configuration.mission.mission.name} alone"
    return Desk(
        sender=mission.log.origin,
        audience=name,
        scope=scope,
        restriction=(section.restriction if section else "") or words,
        addresses=section.addresses if section else (),
    )


def _became(known: Sequence[Sent], derived: Derived, agreement: Agreement) -> dict[str, str]:
    """How what is gone by its name is called now: an incident by its claims, a step by its own."""
    homes = {claim: incident.id for incident in derived.incidents for claim in incident.claims}
    there = {*homes.values(), *(step.id for step in derived.obligations)}
    last = {one.subject: one for one in known if one.subject not in there}
    found: dict[str, str] = {}
    for subject, one in sorted(last.items()):
        moved = Counter(homes[claim] for claim in one.claims if claim in homes)
        if subject not in one.alert.incidents:
            # A step rests on several incidents; what it was called tells which step it is.
            moved = Counter(
                {
                    step.id: sum(moved[name] for name in step.incidents)
                    for step in derived.obligations
                    if step.progress is not Progress.CANCELLED
                    and subject in _names(step, one.alert.incidents, agreement)
                }
            )
        if moved.total():
            found[subject] = min(moved, key=lambda name: (-moved[name], name))
    return found


def _names(step: Obligation, incidents: Iterable[str], agreement: Agreement) -> frozenset[str]:
    """Every id that a step had or would have had while its response rested on those incidents."""
    return known_as(replace(step, incidents=(*step.incidents, *incidents)), agreement)


def _claims(
    claims: dict[str, tuple[str, ...]], one: Sent, known: Iterable[Sent]
) -> tuple[str, ...]:
    """The claims of the incidents that it speaks of; if all are gone, those it was last sent with.

    For a step these are the claims that its response rests on.
    """
    now = {claim for name in one.alert.incidents for claim in claims.get(name, ())}
    if now:
        return tuple(sorted(now))
    last: tuple[str, ...] = ()
    for earlier in known:
        if earlier.subject == one.subject and earlier.audience == one.audience:
            last = earlier.claims
    return last


def lines(data: dict[str, Any]) -> list[str]:
    """What was sent, for people."""
    mark = "EXERCISE. " if data["exercise"] else ""
    out = [
        f"{mark}{row['message']} to {row['audience']}: {row['headline']} "
        + (f"({row['certainty']}, {row['urgency']})" if row["certainty"] else f"({row['note']})")
        for row in data["sent"]
    ]
    told = ", ".join(f"{count} {name}" for name, count in data["messages"].items())
    out.append(f"{mark}Sent: {told or 'nothing new'}. The files are in {data['folder']}.")
    return out
