"""What people decide, into the log and out of it again: the one form of all such entries."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import rfc8785

from trucewatch.app.inside import inside, reading_inside
from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import LogDamaged, NotAllowed, NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import (
    Attributed,
    Contacted,
    Decided,
    Determination,
    Dissent,
    Entered,
    Notified,
    Notifying,
    Pledged,
    Reply,
    Review,
    Separated,
    TakenBack,
    United,
)
from trucewatch.store import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Receipt, StoredEntry
    from trucewatch.model import Decision, Person

SCHEMA = "trucewatch.decision/1"
PEOPLE = "people"
"""The source of the entries that people decide; who it was stands in the payload."""

_SORTS: dict[str, tuple[type[Any], EntryKind]] = {
    "review": (Review, EntryKind.REVIEW),
    "separated": (Separated, EntryKind.REVIEW),
    "united": (United, EntryKind.REVIEW),
    "taken_back": (TakenBack, EntryKind.REVIEW),
    "determination": (Determination, EntryKind.DECISION),
    "attributed": (Attributed, EntryKind.DECISION),
    "notified": (Notified, EntryKind.REVIEW),
    "reply": (Reply, EntryKind.REPLY),
    "dissent": (Dissent, EntryKind.REVIEW),
    "decided": (Decided, EntryKind.DECISION),
    "notifying": (Notifying, EntryKind.NOTICE),
    "contacted": (Contacted, EntryKind.NOTICE),
    "pledged": (Pledged, EntryKind.STATEMENT),
}
_PRINTED: dict[type[Any], str] = {Separated: "split", United: "merge", TakenBack: "undo"}

INSIDE = frozenset({EntryKind.NOTICE})
"""Kinds of entry of which nothing may be seen from outside: they have a log of their own."""

KINDS = frozenset(kind for _, kind in _SORTS.values()) - INSIDE


def enter(mission: Mission, decision: Decision, *, by: str) -> Entered:
    """Append one decision of the person `by` to the log.

    A notice or a contact goes into the log of what stays inside: its `index` counts there. Whether
    that person may decide it is the caller's to check before (see `allowed`). NotFound for somebody
    whom mission.toml does not name.
    """
    if not mission.readonly:
        mission.sync_settings()
    person = person_of(mission, by)
    name, (_, kind) = next((n, s) for n, s in _SORTS.items() if isinstance(decision, s[0]))
    at = mission.now()
    whole: dict[str, Any] = {"schema": SCHEMA, "what": name, "by": by, "decision": encode(decision)}
    payload = rfc8785.dumps(whole)
    entry = NewEntry(kind=kind, source=PEOPLE, payload=payload, name=name, media="application/json")
    if kind in INSIDE:
        with inside(mission.folder, mission.log.origin, mission.recipients) as log:
            receipt = _append(log, entry, at)
    else:
        receipt = _append(mission.log, entry, at)
    # Not read back: where payloads are encrypted, whoever decides need not be able to.
    return Entered(
        index=receipt.index, at=receipt.received, by=by, decision=decision, person=person
    )


def _append(log: MissionLog, entry: NewEntry, at: datetime) -> Receipt:
    (receipt,) = log.append([entry], received=at)
    log.publish()
    return receipt


def stays_inside(mission: Mission) -> tuple[Entered, ...]:
    """Notices and contacts, in the order in which they were entered; nothing of it is published."""
    with reading_inside(mission.folder) as log:
        if log is None:
            return ()
        return tuple(
            _read(log, entry)
            for entry in log.entries()
            if is_inside(entry) and log.erased(entry.payload) is None
        )


def allowed(mission: Mission, by: str, roles: frozenset[str], what: str) -> Person:
    """The person, who has one of the roles; NotAllowed, with what to do, for anybody else.

    NotFound for somebody whom mission.toml does not name.
    """
    person = person_of(mission, by)
    if not roles.intersection(person.roles):
        able = sorted(p.id for p in mission.configuration().people.values() if roles & {*p.roles})
        named = ", ".join(able) or "nobody yet"
        raise NotAllowed(
            f"{by!r} may not {what}: it takes the role {' or '.join(sorted(roles))} in [[people]] "
            f"of mission.toml ({named})"
        )
    return person


def person_of(mission: Mission, by: str) -> Person:
    """The person of that id; NotFound, with those there are, for anybody else."""
    people = mission.configuration().people
    if by not in people:
        known = ", ".join(sorted(people)) or "none yet: add [[people]]"
        raise NotFound(f"mission.toml names no person {by!r} (it names: {known})")
    return people[by]


def decisions(log: MissionLog, decided: Iterable[tuple[StoredEntry, str]]) -> tuple[Entered, ...]:
    """What some entries say, in the order of the log, each with who that person was at the time.

    Beside each entry stands the payload of the mission.toml that was in force then. Erased ones are
    left out. Raises LogDamaged for an entry that is not what `enter` writes.
    """
    named: dict[str, dict[str, Person]] = {}
    found = []
    for entry, settings in decided:
        # An erased decision keeps its place in the log; what it said counts no more.
        if log.erased(entry.payload) is not None:
            continue
        if settings not in named:
            named[settings] = _people(log, settings)
        entered = _read(log, entry)
        found.append(replace(entered, person=named[settings].get(entered.by)))
    return tuple(found)


def _people(log: MissionLog, settings: str) -> dict[str, Person]:
    """Those whom one version of mission.toml names, by id."""
    if not settings:
        return {}
    text = log.payload(settings).decode("utf-8-sig")
    return {s.id: s.noun() for s in read_settings(MissionFile, text, file="mission.toml").people}


def called(decision: Decision) -> str:
    """What a sort of decision is called in lists, in one word."""
    return _PRINTED.get(type(decision), type(decision).__name__.lower())


def is_decision(entry: StoredEntry) -> bool:
    """Whether an entry holds what a person decided, rather than a delivery or a settings file."""
    return entry.kind in KINDS and entry.source == PEOPLE


def is_inside(entry: StoredEntry) -> bool:
    """Whether an entry of the log of what stays inside holds a notice or a contact."""
    return entry.kind in INSIDE and entry.source == PEOPLE


def _read(log: MissionLog, entry: StoredEntry) -> Entered:
    try:
        data = json.loads(log.payload(entry.payload))
        cls, kind = _SORTS[data["what"]]
        if data["schema"] != SCHEMA or kind is not entry.kind:
            raise ValueError("it is of another sort than its entry")
        decision: Decision = decode(cls, data["decision"])
        by = data["by"]
    except (ValueError, KeyError, TypeError) as fault:
        raise LogDamaged(f"log entry {entry.index} is no decision: {fault}") from fault
    return Entered(index=entry.index, at=entry.received, by=by, decision=decision)
