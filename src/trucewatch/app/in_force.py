"""What the log of a mission puts in force: settings, decisions, withdrawals, and what counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.configuration import MISSION
from trucewatch.app.deciding import is_decision
from trucewatch.app.federation.copies import TakenEntry
from trucewatch.app.withdrawal import Withdrawal, Withdrawn, leaves_of
from trucewatch.app.witnessing.grades import Grades, grades, is_heartbeat
from trucewatch.evidence import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.withdrawal import Target
    from trucewatch.evidence import Request, StoredEntry

OPERATOR = "operator"
"""The source of the entries that the mission's own people make."""

SETTINGS = frozenset({EntryKind.AGREEMENT, EntryKind.SOURCE, EntryKind.STATEMENT})
"""The kinds of entry that hold a settings file."""

WITHDRAWN = hashlib.sha256(b"").hexdigest()
"""The payload of an entry that takes a settings file out of force: an empty one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the log puts in force up to its end.

    `settings` are the payloads of the latest settings files, `reporting` the sources that have
    delivered, `issued` the seals of bulletins by name (`seals` all of them,
    in order), `corrections` the records of what changed
    from one issue to the next, `withdrawn` what no longer counts, and `parameters` the entries of
    parameters, of which the last is in force, and `decided` those of what people decided, each with
    the payload of the mission.toml that was in force then. `grades` say how far each entry can be
    trusted. `erased` are the payloads that two people have had erased, each with its request.
    `records` and `root` name the same evidence without regard to the order in which it came.
    """

    settings: dict[str, str]
    reporting: frozenset[str]
    issued: dict[str, StoredEntry]
    seals: tuple[StoredEntry, ...]
    corrections: tuple[StoredEntry, ...]
    withdrawn: dict[Target, Withdrawn]
    parameters: tuple[StoredEntry, ...]
    decided: tuple[tuple[StoredEntry, str], ...]
    grades: Grades
    erased: dict[str, Request]
    records: int
    root: str


def read_in_force(
    log: MissionLog,
    entries: Iterable[StoredEntry],
    size: int,
    has_triggers: Callable[[dict[str, str]], bool],
) -> InForce:
    """What the first `size` entries of a log put in force; `entries` are those, in order.

    `has_triggers` says whether the agreement among some settings opens anything. It is asked only
    where the log holds cosigned checkpoints.
    """
    settings: dict[str, str] = {}
    seals: list[StoredEntry] = []
    corrections: list[StoredEntry] = []
    withdrawn: dict[Target, Withdrawn] = {}
    parameters: list[StoredEntry] = []
    by_people: list[tuple[StoredEntry, str]] = []
    reporting: set[str] = set()
    leaves: set[str] = set()
    beats: list[tuple[StoredEntry, int]] = []
    last = -1
    missions: list[tuple[int, str]] = []
    evidence: list[int] = []
    for entry in entries:
        if is_heartbeat(entry):
            beats.append((entry, last))
            continue
        last = entry.index
        if entry.kind is EntryKind.REPORT:
            if not isinstance(entry, TakenEntry):
                reporting.add(entry.source)
            evidence.append(entry.index)
            leaves.add(f"report\0{entry.source}\0{entry.payload}")
        elif entry.kind is EntryKind.BULLETIN and entry.source == OPERATOR:
            seals.append(entry)
        elif entry.kind is EntryKind.CORRECTION and entry.source == OPERATOR:
            corrections.append(entry)
        elif entry.kind is EntryKind.WITHDRAWAL and entry.source == OPERATOR:
            decided = Withdrawal.decode(log.payload(entry.payload))
            withdrawn.pop(decided.target, None)
            if decided.stands:
                withdrawn[decided.target] = Withdrawn(withdrawal=decided, entry=entry)
        elif is_decision(entry):
            by_people.append((entry, settings.get(MISSION, "")))
            evidence.append(entry.index)
        elif entry.kind is EntryKind.PARAMETERS and entry.source == OPERATOR:
            parameters.append(entry)
        elif entry.kind in SETTINGS and entry.source == OPERATOR:
            settings[entry.name] = entry.payload
            if entry.name == MISSION and entry.payload != WITHDRAWN:
                missions.append((entry.index, entry.payload))
    settings = {name: payload for name, payload in settings.items() if payload != WITHDRAWN}
    leaves |= {f"setting\0{name}\0{payload}" for name, payload in settings.items()}
    leaves |= leaves_of(withdrawn)
    erased = {
        request.asked.payload: request
        for request in log.erasures()
        if request.erased and request.answered and request.answered.index < size
    }
    leaves |= {f"erased\0{payload}" for payload in erased}
    leaves |= {f"parameters\0{entry.payload}" for entry in parameters[-1:]}
    # Decisions have an order, that of the log, and no other entry moves them within it.
    leaves |= {f"decision\0{place}\0{e.payload}" for place, (e, _) in enumerate(by_people)}
    graded = grades(log, beats, missions, size=size, end=last)
    if graded.beats and has_triggers(settings):
        # Since when a clock runs stands in print: what that rests on is evidence too.
        founding = graded.founding(evidence)
        leaves |= {f"heartbeat\0{one.entry.payload}" for one in founding}
    return InForce(
        settings=settings,
        reporting=frozenset(reporting),
        issued={entry.name: entry for entry in seals},
        seals=tuple(seals),
        corrections=tuple(corrections),
        withdrawn=withdrawn,
        parameters=tuple(parameters),
        decided=tuple(by_people),
        grades=graded,
        erased=erased,
        records=len(leaves),
        root=evidence_root(leaves),
    )


def evidence_root(leaves: set[str]) -> str:
    """One hash for a set of evidence, whatever the order in which it came.

    SHA-256 over the sorted SHA-256 digests of the leaves, behind a prefix of its own.
    """
    digests = sorted(hashlib.sha256(leaf.encode("utf-8")).digest() for leaf in leaves)
    return hashlib.sha256(b"trucewatch/evidence-root/1\0" + b"".join(digests)).hexdigest()
