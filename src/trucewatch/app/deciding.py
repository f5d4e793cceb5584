"""What people decide, into the log and out of it again: the one form of all such entries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import rfc8785

from trucewatch.errors import LogDamaged, NotFound
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
)
from trucewatch.store import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Log, StoredEntry
    from trucewatch.model import Decision, Person

SCHEMA = "trucewatch.decision/1"
PEOPLE = "people"
"""The source of the entries that people decide; who it was stands in the payload."""

_SORTS: dict[str, tuple[type[Any], EntryKind]] = {
    "review": (Review, EntryKind.REVIEW),
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
KINDS = frozenset(kind for _, kind in _SORTS.values())


def enter(mission: Mission, decision: Decision, *, by: str) -> Entered:
    """Append one decision of the person `by` to the log.

    Whether that person may decide it is the caller's to check before. NotFound for somebody whom
    mission.toml does not name.
    """
    mission.sync_settings()
    person_of(mission, by)
    name, (_, kind) = next((n, s) for n, s in _SORTS.items() if isinstance(decision, s[0]))
    at = mission.now()
    whole: dict[str, Any] = {"schema": SCHEMA, "what": name, "by": by, "decision": encode(decision)}
    payload = rfc8785.dumps(whole)
    entry = NewEntry(kind=kind, source=PEOPLE, payload=payload, name=name, media="application/json")
    (receipt,) = mission.log.append([entry], received=at)
    mission.log.publish()
    stored = next(mission.log.entries(receipt.index, receipt.index + 1))
    return _read(mission.log, stored)


def person_of(mission: Mission, by: str) -> Person:
    """The person of that id; NotFound, with those there are, for anybody else."""
    people = mission.configuration().people
    if by not in people:
        known = ", ".join(sorted(people)) or "none yet: add [[people]]"
        raise NotFound(f"mission.toml names no person {by!r} (it names: {known})")
    return people[by]


def decisions(log: Log, entries: Iterable[StoredEntry]) -> tuple[Entered, ...]:
    """The decisions among some entries, in the order of the log.

    Raises LogDamaged for one that is not what `enter` writes.
    """
    return tuple(_read(log, entry) for entry in entries if is_decision(entry))


def is_decision(entry: StoredEntry) -> bool:
    """Whether an entry holds what a person decided, rather than a delivery or a settings file."""
    return entry.kind in KINDS and entry.source == PEOPLE


def _read(log: Log, entry: StoredEntry) -> Entered:
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
