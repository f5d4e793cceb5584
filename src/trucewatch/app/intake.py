"""Bytes into the log first, then out of the log into reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch import __version__
from trucewatch.errors import NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import IntakeCount, Quarantined, RawRef, Report
from trucewatch.reports.reader import Delivery
from trucewatch.reports.registry import read_delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Receipt, StoredEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One file as it was taken in: its receipt, and where its records went.

    A file that the log holds already gets its first receipt again, and all its records count as
    duplicates. `reasons` counts why records were quarantined.
    """

    file: str
    receipt: Receipt
    count: IntakeCount
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the records of one log entry went, and why some were quarantined."""

    count: IntakeCount
    reasons: tuple[tuple[str, int], ...]


def ingest(
    mission: Mission,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> tuple[Delivered, ...]:
    """Take files into the log, then read what is new in it.

    Every file is on disk and fsynced in the log before the first of them is parsed. Raises
    NotFound before anything is written when a file or its source is unknown.
    """
    mission.sync_settings()
    configuration = mission.configuration()
    entries = []
    for path in paths:
        if not path.is_file():
            raise NotFound(f"no such file: {path}")
        if source is None:
            owner = configuration.source_of(path.name).id
        elif source in configuration.sources:
            owner = source
        else:
            raise NotFound(
                f"no source {source!r} in sources.toml (known: {', '.join(configuration.sources)})"
            )
        entries.append(
            NewEntry(kind=EntryKind.REPORT, source=owner, payload=path.read_bytes(), name=path.name)
        )
    receipts = mission.log.append(entries, received=mission.now())
    mission.log.publish()
    readings = read_log(mission, configuration, progress=progress)
    return tuple(
        _delivered(configuration, entry, receipt, readings.pop(receipt.index, None))
        for entry, receipt in zip(entries, receipts, strict=True)
    )


def _delivered(
    configuration: Configuration, entry: NewEntry, receipt: Receipt, reading: Reading | None
) -> Delivered:
    """Account for one delivery; None stands for bytes that the log held before."""
    if reading is not None:
        return Delivered(
            file=entry.name, receipt=receipt, count=reading.count, reasons=reading.reasons
        )
    again = sum(1 for _ in read_delivery(_delivery(configuration, entry, receipt.payload)))
    return Delivered(
        file=entry.name,
        receipt=receipt,
        count=IntakeCount(source=entry.source, duplicate=again),
        reasons=(),
    )


def read_log(
    mission: Mission,
    configuration: Configuration,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[int, Reading]:
    """Bring the projection's reports up to the log's end; return what was read, by log index.

    The projection is thrown away and read anew when another code version or other reading
    settings made it: state is a function of the log and the version alone.
    """
    store, log = mission.store, mission.log
    made_by = f"{__version__}+{configuration.reading_digest()[:16]}"
    state = store.state()
    if state is None or state.version != made_by or state.entries > log.size:
        store.clear()
        start = 0
    else:
        start = state.entries
    readings: dict[int, Reading] = {}
    for entry in log.entries(start):
        if entry.kind is EntryKind.REPORT:
            readings[entry.index] = _read_entry(mission, configuration, entry)
        if progress is not None:
            progress("reading", entry.index + 1 - start, log.size - start)
    store.mark_read(log.size, made_by)
    return readings


def _read_entry(mission: Mission, configuration: Configuration, entry: StoredEntry) -> Reading:
    """Read one delivery of the log into the projection."""
    raw = mission.log.payload(entry.payload)
    received = NewEntry(kind=entry.kind, source=entry.source, payload=raw, name=entry.name)
    reports: list[Report] = []
    quarantined: list[Quarantined] = []
    for item in read_delivery(_delivery(configuration, received, entry.payload)):
        if isinstance(item, Report):
            reports.append(item)
        else:
            reference = RawRef(
                payload=entry.payload, pointer=item.pointer, start=item.start, length=item.length
            )
            quarantined.append(Quarantined(source=entry.source, raw=reference, reason=item.reason))
    new, known = mission.store.add_reports(entry.index, reports, quarantined)
    return Reading(
        count=IntakeCount(
            source=entry.source, accepted=new, duplicate=known, quarantined=len(quarantined)
        ),
        reasons=tuple(sorted(Counter(item.reason for item in quarantined).items())),
    )


def _delivery(configuration: Configuration, entry: NewEntry, payload: str) -> Delivery:
    """What a reader is given for one entry."""
    source = configuration.sources[entry.source]
    mapping_name, mapping = configuration.mapping_of(source)
    return Delivery(
        source=source,
        payload=payload,
        raw=entry.payload,
        name=entry.name,
        mapping=mapping,
        mapping_name=mapping_name,
        extent=configuration.extent,
    )
