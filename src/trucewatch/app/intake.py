"""Bytes into the log first, then out of the log into reports."""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from trucewatch import __version__
from trucewatch.app.configuration import SOURCES
from trucewatch.app.federation.copies import TakenEntry
from trucewatch.errors import Locked, NotFound, SourceUnavailable
from trucewatch.evidence import Approved, EntryKind, NewEntry, Receipt
from trucewatch.model import IntakeCount, Quarantined, RawRef, Report
from trucewatch.reports import Delivery, read_delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Concerned, Request, StoredEntry


GROUP_BYTES = 64 * 1024 * 1024
"""How much is held in memory between two appends to the log, beyond one file."""

GROUP_RECORDS = 10_000
"""How many records of one delivery are held in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the records of one log entry went, and why some were quarantined."""

    count: IntakeCount
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Reading):
    """One file as it was taken in: its receipt, and where its records went.

    A file that the log holds already gets its first receipt again, and all its records count as
    duplicates. `reasons` counts why records were quarantined. `erased` says why the file was not
    taken in again, where its bytes were erased: the receipt is that of the entry that held them.
    """

    file: str
    receipt: Receipt
    erased: str = ""


def ingest(
    mission: Mission,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Delivered, ...]:
    """Take files into the log, then read what is new in it.

    Every file is on disk and fsynced in the log before the first of them is parsed. Raises
    NotFound before anything is written when a file or its source is unknown, and
    SourceUnavailable where one cannot be read: what came before it is in the log then, and the
    same call again takes in the rest.
    """
    mission.sync_settings()
    configuration = mission.configuration()
    owners = [_owner(configuration, path, source) for path in paths]
    names = [os.fsencode(path.name).decode("utf-8", "backslashreplace") for path in paths]
    receipts: list[Receipt] = []
    for group in _groups(paths):
        entries = [
            NewEntry(
                kind=EntryKind.REPORT,
                source=owners[position],
                payload=_bytes_of(paths[position]),
                name=names[position],
            )
            for position in group
        ]
        receipts += _append(mission, entries)
        if progress is not None:
            progress("taking in", len(receipts), len(paths))
    mission.log.publish()
    try:
        readings = read_log(mission, configuration, progress=progress)
    except Locked as fault:
        raise Locked(
            f"every file is in the log, but none could be read out of it: {fault}"
        ) from fault
    return tuple(
        _delivered(mission, configuration, name, owner, receipt, readings)
        for name, owner, receipt in zip(names, owners, receipts, strict=True)
    )


def take_in(mission: Mission, entries: Sequence[NewEntry]) -> tuple[Delivered, ...]:
    """Take deliveries that were handed over as bytes into the log together, then read what is new.

    All of them are on disk and fsynced before the first of them is parsed; each gets its receipt as
    by `ingest`. Their source must be registered.
    """
    receipts = _append(mission, entries)
    mission.log.publish()
    configuration = mission.configuration()
    readings = read_log(mission, configuration)
    return tuple(
        _delivered(mission, configuration, entry.name, entry.source, receipt, readings)
        for entry, receipt in zip(entries, receipts, strict=True)
    )


def _append(mission: Mission, entries: Sequence[NewEntry]) -> list[Receipt]:
    """Append deliveries; what has been erased gets the receipt of the entry that held it."""
    digests = [hashlib.sha256(entry.payload).hexdigest() for entry in entries]
    taken = [e for e, d in zip(entries, digests, strict=True) if mission.log.erased(d) is None]
    given = iter(mission.log.append(taken, received=mission.now()))
    return [
        next(given) if (gone := mission.log.erased(digest)) is None else _held(mission, entry, gone)
        for entry, digest in zip(entries, digests, strict=True)
    ]


def _held(mission: Mission, entry: NewEntry, gone: Request) -> Receipt:
    """The receipt of the erased entry of these bytes: of the same source, where it sent them."""
    held = [next(mission.log.entries(c.index, c.index + 1)) for c in concerned(gone)]
    found = min(held, key=lambda stored: (stored.source != entry.source, stored.index))
    return Receipt(
        origin=mission.log.origin,
        index=found.index,
        leaf_hash=found.leaf_hash,
        payload=found.payload,
        received=found.received,
        repeated=True,
    )


def concerned(gone: Request) -> tuple[Concerned, ...]:
    """The entries that an erasure took the payload of; none where it was not approved."""
    return gone.answer.entries if isinstance(gone.answer, Approved) else ()


def _lost(gone: Request, index: int) -> int:
    """How many records an erased entry held."""
    return sum(one.records for one in concerned(gone) if one.index == index)


def _owner(configuration: Configuration, path: Path, source: str | None) -> str:
    """Whose delivery a file is; raises NotFound for what is no plain file or nobody's."""
    try:
        mode = path.stat().st_mode
    except OSError as fault:
        raise NotFound(f"no such file: {path} ({fault.strerror})") from None
    if stat.S_ISDIR(mode):
        raise NotFound(f"{path} is a folder: name the files in it")
    if not stat.S_ISREG(mode):
        raise NotFound(f"{path} is no plain file: save what it gives, and name that file")
    if source is None:
        return configuration.source_of(path.name).id
    if source not in configuration.sources:
        known = ", ".join(configuration.sources) or "none yet"
        raise NotFound(f"no source {source!r} in {SOURCES} (known: {known})")
    return source


def _groups(paths: Sequence[Path]) -> Iterator[list[int]]:
    """Positions of files to append together: few fsyncs, and no more memory than must be."""
    group: list[int] = []
    held = 0
    for position, path in enumerate(paths):
        size = path.stat().st_size
        if group and held + size > GROUP_BYTES:
            yield group
            group, held = [], 0
        group.append(position)
        held += size
    if group:
        yield group


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise SourceUnavailable(f"cannot read {path}: {fault.strerror}") from fault


def _delivered(
    mission: Mission,
    configuration: Configuration,
    name: str,
    source: str,
    receipt: Receipt,
    readings: Mapping[int, Reading],
) -> Delivered:
    """Account for one delivery; what the log held before it is a duplicate, record by record."""
    gone = mission.log.erased(receipt.payload)
    if gone is not None and gone.answered is not None:
        count = IntakeCount(source=source, erased=_lost(gone, receipt.index))
        words = f"not taken in: erased by log entry {gone.answered.index} ({gone.asked.reason})"
        return Delivered(file=name, receipt=receipt, count=count, reasons=(), erased=words)
    if receipt.repeated:
        return _again(mission, configuration, name, source, receipt)
    reading = readings.get(receipt.index)
    if reading is None:
        # Another log of this mission had delivered it before.
        return _again(mission, configuration, name, source, receipt)
    return Delivered(file=name, receipt=receipt, count=reading.count, reasons=reading.reasons)


def read_log(
    mission: Mission,
    configuration: Configuration,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[int, Reading]:
    """Bring the projection's reports up to the log's end; return what was read, by log index.

    The projection is thrown away and read anew when another code version or other reading
    settings made it: state is a function of the log and the version alone. All of it is one
    transaction: a process that dies leaves the projection as it was.
    """
    store, size = mission.store, mission.size
    made_by = read_by(mission, configuration)
    readings: dict[int, Reading] = {}
    with store.batch():
        start = 0
        # Not by `state`, which looks at every report: a flood would hold up all who come after it.
        if store.version() == made_by and store.entries_read() <= size:
            start = store.entries_read()
        else:
            store.clear()
        for entry in mission.entries(start):
            if isinstance(entry, TakenEntry) and entry.source not in configuration.sources:
                _set_aside(mission, entry)
            elif entry.kind is EntryKind.REPORT:
                readings[entry.index] = _read_entry(mission, configuration, entry)
            if progress is not None:
                progress("reading", entry.index + 1 - start, size - start)
        store.mark_read(size, made_by)
    return readings


def read_by(mission: Mission, configuration: Configuration) -> str:
    """What the projection's reports hang on beside the log: read by another, they are read anew."""
    made_by = f"{__version__}+{configuration.reading_digest()[:16]}"
    if erased := mission.erased_digest():
        made_by += f"+{erased}"
    return made_by


def _again(
    mission: Mission, configuration: Configuration, name: str, source: str, receipt: Receipt
) -> Delivered:
    """A delivery whose bytes were here before: every record of it is a duplicate."""
    raw = mission.payload(receipt.payload)
    items = read_delivery(_delivery(configuration, source, name, raw, receipt.payload))
    count = IntakeCount(source=source, duplicate=sum(1 for _ in items))
    return Delivered(file=name, receipt=receipt, count=count, reasons=())


def _set_aside(mission: Mission, entry: TakenEntry) -> None:
    """Quarantine a delivery of another log whole: nobody here knows how its source is read."""
    reason = (
        f"the log {entry.origin!r} has it from {entry.source!r}, a source that is not in {SOURCES}"
    )
    record = Quarantined(
        source=entry.source,
        raw=RawRef(payload=entry.payload, pointer="the whole delivery", start=0, length=0),
        reason=reason,
    )
    mission.store.add_reports(entry.index, [], [record])


def count_records(mission: Mission, entry: StoredEntry) -> int:
    """How many records a delivery of the log holds, as they are read under the settings in force.

    0 for a source that is no longer registered.
    """
    configuration = mission.configuration()
    if entry.source not in configuration.sources:
        return 0
    raw = mission.payload(entry.payload)
    return sum(
        1
        for _ in read_delivery(
            _delivery(configuration, entry.source, entry.name, raw, entry.payload)
        )
    )


def erased_records(mission: Mission) -> dict[str, int]:
    """How many records of each source were in payloads that are erased, as far as it is known."""
    found: Counter[str] = Counter()
    for gone in mission.in_force().erased.values():
        for one in concerned(gone):
            (entry,) = mission.log.entries(one.index, one.index + 1)
            if entry.kind is EntryKind.REPORT:
                found[entry.source] += one.records
    return dict(found)


def _read_entry(mission: Mission, configuration: Configuration, entry: StoredEntry) -> Reading:
    """Read one delivery of the log into the projection, some records at a time."""
    gone = mission.log.erased(entry.payload)
    if gone is not None:
        lost = IntakeCount(source=entry.source, erased=_lost(gone, entry.index))
        return Reading(count=lost, reasons=())
    raw = mission.payload(entry.payload)
    items = read_delivery(_delivery(configuration, entry.source, entry.name, raw, entry.payload))
    count = IntakeCount(source=entry.source)
    reasons: Counter[str] = Counter()
    while some := list(islice(items, GROUP_RECORDS)):
        quarantined = [
            Quarantined(
                source=entry.source,
                raw=RawRef(
                    payload=entry.payload,
                    pointer=item.pointer,
                    start=item.start,
                    length=item.length,
                ),
                reason=item.reason,
            )
            for item in some
            if not isinstance(item, Report)
        ]
        reports = [item for item in some if isinstance(item, Report)]
        new, known = mission.store.add_reports(entry.index, reports, quarantined)
        count += IntakeCount(
            source=entry.source, accepted=new, duplicate=known, quarantined=len(quarantined)
        )
        reasons.update(item.reason for item in quarantined)
    return Reading(count=count, reasons=tuple(sorted(reasons.items())))


def _delivery(
    configuration: Configuration, source_id: str, name: str, raw: bytes, payload: str
) -> Delivery:
    """What a reader is given for one entry."""
    source = configuration.sources[source_id]
    mapping_name, mapping = configuration.mapping_of(source)
    return Delivery(
        source=source,
        payload=payload,
        raw=raw,
        name=name,
        mapping=mapping,
        mapping_name=mapping_name,
        extent=configuration.extent,
    )
