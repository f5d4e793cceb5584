"""Asking for an erasure, answering one, and what is gone then."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trucewatch.app.alone import alone
from trucewatch.app.configuration import MISSION
from trucewatch.app.deciding import PEOPLE, allowed
from trucewatch.app.in_force import OPERATOR, SETTINGS
from trucewatch.app.inside import inside as open_inside
from trucewatch.app.inside import reading_inside
from trucewatch.app.intake import count_records
from trucewatch.errors import Erased, NotFound, Refused
from trucewatch.evidence import (
    Approved,
    Asked,
    Concerned,
    Declined,
    EntryKind,
    NewEntry,
    encode_step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Request, StoredEntry
    from trucewatch.model import Person

ROLES = frozenset({"lead", "reviewer"})
"""The roles that ask for an erasure, approve one or refuse it."""

_NUMBER = re.compile("[0-9]{1,18}")
_DIGEST = re.compile("[0-9a-f]{64}")
_DECIDED = frozenset(
    (
        *(EntryKind.REVIEW, EntryKind.REPLY, EntryKind.DECISION),
        *(EntryKind.NOTICE, EntryKind.STATEMENT),
    )
)


@contextmanager
def erasing(mission: Mission, *, within: bool) -> Iterator[MissionLog]:
    """The log that is meant: the evidence, or what stays inside; NotFound where that is empty."""
    if not within and mission.readonly:
        yield mission.log
        return
    if not within:
        # What is being derived was read before, and must not be written behind an erasure.
        with alone(mission.folder):
            yield mission.log
        return
    if mission.readonly:
        with reading_inside(mission.folder) as log:
            if log is None:
                raise NotFound("nothing has been entered inside yet")
            yield log
        return
    if not (mission.folder / "inside" / "vkey").is_file():
        raise NotFound("nothing has been entered inside yet")
    with open_inside(mission.folder, mission.log.origin, mission.recipients) as log:
        yield log


def held_by(log: MissionLog, identifier: str) -> tuple[StoredEntry, ...]:
    """Every entry that holds the payload of the entry that is named.

    An entry is named by its index, its leaf's hash, or its payload's; NotFound for anything else.
    """
    if _NUMBER.fullmatch(identifier) or _DIGEST.fullmatch(identifier):
        names = {identifier}
        for entry in log.entries():
            if names & {str(entry.index), entry.leaf_hash, entry.payload}:
                return tuple(one for one in log.entries() if one.payload == entry.payload)
    raise NotFound(f"no entry of the log is {identifier!r}: name its index or one of its hashes")


def ask(
    mission: Mission,
    log: MissionLog,
    entries: tuple[StoredEntry, ...],
    *,
    by: str,
    reason: str,
    replacement: bytes | None,
) -> Request:
    """Enter that these entries' payload should be erased; a second person answers.

    A replacement is entered first, as a delivery of each source that sent the payload. Refused
    where it cannot be erased, NotAllowed for somebody who may not ask, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("an erasure has a reason")
    allowed(mission, by, ROLES, "ask for an erasure")
    check(mission, log, entries)
    replaced = _replace(mission, log, entries, replacement) if replacement is not None else ()
    asked = Asked(
        by=by, reason=reason.strip(), payload=entries[0].payload, replaced_by=tuple(replaced)
    )
    return _enter(mission, log, asked)


def check(mission: Mission, log: MissionLog, entries: tuple[StoredEntry, ...]) -> None:
    """Refuse what cannot be erased: a settings file that is in force, or mission.toml ever.

    What the log itself refuses is told by `Log.append`.
    """
    payload = entries[0].payload
    found = log.erased(payload)
    if found is not None and found.answered is not None:
        raise Erased(
            payload,
            entry=found.answered.index,
            at=found.answered.received,
            reason=found.asked.reason,
        )
    for entry in entries:
        if entry.kind not in SETTINGS or entry.source != OPERATOR:
            continue
        if entry.name == MISSION:
            raise Refused(
                f"entry {entry.index} is {MISSION}: it tells who could decide, so no version goes"
            )
        if payload in mission.in_force().settings.values():
            raise Refused(
                f"entry {entry.index} is {entry.name} as it is in force: change the file and run "
                "before the old version can be erased"
            )
    waiting = [r for r in log.erasures() if r.answer is None and r.asked.payload == payload]
    if waiting:
        raise Refused(f"entry {waiting[0].entry.index} has asked for it already: answer that")


def replacement(path: Path) -> bytes:
    """The bytes of a file that stands in for what is erased; NotFound where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise NotFound(f"cannot read {path}: {fault.strerror}") from None


def _replace(
    mission: Mission, log: MissionLog, entries: tuple[StoredEntry, ...], replacement: bytes
) -> list[int]:
    """Enter the delivery without what is to go, once for each source that sent it."""
    sent = {entry.source: entry for entry in entries if entry.kind is EntryKind.REPORT}
    if len(sent) != len({entry.source for entry in entries}) or not sent:
        raise Refused("only a delivery can be replaced")
    if not replacement or hashlib.sha256(replacement).hexdigest() == entries[0].payload:
        raise Refused("the replacement is the same file, or an empty one")
    given = [
        NewEntry(
            kind=EntryKind.REPORT,
            source=source,
            payload=replacement,
            name=entry.name,
            media=entry.media,
        )
        for source, entry in sorted(sent.items())
    ]
    receipts = log.append(given, received=mission.now())
    return [receipt.index for receipt in receipts]


def waiting_for(log: MissionLog, identifier: str) -> Request:
    """The request that waits, named by its own index or by the entry that it is about.

    NotFound where none waits there.
    """
    for request in log.erasures():
        if request.answer is None and str(request.entry.index) == identifier:
            return request
    payload = held_by(log, identifier)[0].payload
    for request in log.erasures():
        if request.answer is None and request.asked.payload == payload:
            return request
    raise NotFound(f"no erasure of entry {identifier} waits for an answer: see 'erase --list'")


def approve(mission: Mission, log: MissionLog, request: Request, *, by: str) -> Request:
    """Enter the second person's approval; the payload is gone on return, the projection as well.

    NotAllowed for somebody who may not approve; Refused for the one who asked, or for somebody of
    the same body.
    """
    same_word(mission, allowed(mission, by, ROLES, "approve an erasure"), request.asked.by)
    entries = tuple(e for e in log.entries() if e.payload == request.asked.payload)
    if request.asked.payload in mission.in_force().settings.values():
        raise Refused("it is a settings file that is in force again")
    step = Approved(
        by=by,
        request=request.entry.index,
        leaf=request.entry.leaf_hash,
        payload=request.asked.payload,
        entries=tuple(
            Concerned(
                index=entry.index,
                records=_records(mission, log, entry),
                by=_decided_by(log, entry),
            )
            for entry in entries
        ),
        files=tuple(sorted({entry.stored for entry in entries})),
    )
    done = _enter(mission, log, step, request)
    if log is mission.log:
        mission.forget_projection()
    return done


def same_word(mission: Mission, person: Person, asked_by: str) -> None:
    """Refuse a second word that is the first one over again: the same person, or the same body."""
    if person.id == asked_by:
        raise Refused(f"{asked_by!r} asked for it: a second person approves")
    asker = mission.configuration().people.get(asked_by)
    if person.body is not None and asker is not None and asker.body == person.body:
        raise Refused(f"{person.id!r} and {asked_by!r} are of one body, {person.body!r}")


def decline(
    mission: Mission, log: MissionLog, request: Request, *, by: str, reason: str
) -> Request:
    """Enter that a request is not carried out; who asked may take it back this way."""
    if not reason.strip():
        raise ValueError("a refusal has a reason")
    allowed(mission, by, ROLES, "refuse an erasure")
    step = Declined(
        by=by,
        request=request.entry.index,
        leaf=request.entry.leaf_hash,
        reason=reason.strip(),
    )
    return _enter(mission, log, step, request)


def _enter(
    mission: Mission, log: MissionLog, step: Asked | Approved | Declined, of: Request | None = None
) -> Request:
    entry = NewEntry(
        kind=EntryKind.ERASED,
        source=PEOPLE,
        payload=encode_step(step),
        name="erasure",
        media="application/json",
    )
    (receipt,) = log.append([entry], received=mission.now())
    log.publish()
    index = receipt.index if of is None else of.entry.index
    return next(request for request in log.erasures() if request.entry.index == index)


def _records(mission: Mission, log: MissionLog, entry: StoredEntry) -> int:
    """How many records a delivery holds, as its reader counts them now; 0 for anything else."""
    if entry.kind is not EntryKind.REPORT or log is not mission.log:
        return 0
    return count_records(mission, entry)


def _decided_by(log: MissionLog, entry: StoredEntry) -> str:
    """Who made a decision; nobody for anything else."""
    if entry.kind not in _DECIDED or entry.source != PEOPLE:
        return ""
    return str(json.loads(log.payload(entry.payload))["by"])


def lying_about(mission: Mission, entry: StoredEntry) -> list[Path]:
    """Files of the mission's folder, outside its logs, that are the payload to the byte."""
    logs = {mission.folder / "evidence", mission.folder / "inside"}
    found = []
    for path in sorted(mission.folder.rglob("*")):
        if logs.intersection(path.parents) or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size == entry.length:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == entry.payload:
                    found.append(path)
    return found
