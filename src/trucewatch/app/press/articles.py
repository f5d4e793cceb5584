"""What a mission holds of the press: its articles, and what they report of promises."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.evidence import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.app.press.desk import Delivered
    from trucewatch.evidence import StoredEntry
    from trucewatch.model import Pledge

READER = "press"
"""The reader whose deliveries hold articles."""


def ingested(mission: Mission, configuration: Configuration) -> Iterator[tuple[str, Delivered]]:
    """The press deliveries of the log that still count, each with the source it is of.

    A withdrawn delivery is left out; articles withdrawn one by one are named, to be left out when
    it is read.
    """
    from trucewatch.app.press.desk import Delivered

    press = {one.id: one for one in configuration.sources.values() if one.reader == READER}
    if not press:
        return
    gone = {(target.source, target.name) for target in mission.in_force().withdrawn}
    reports = frozenset(
        target.name for target in mission.in_force().withdrawn if target.what == "report"
    )
    for entry in mission.once(_deliveries):
        if entry.source not in press or mission.log.erased(entry.payload) is not None:
            continue
        if (entry.source, entry.payload) not in gone:
            yield (
                entry.source,
                Delivered(
                    raw=mission.payload(entry.payload),
                    name=entry.name,
                    outlet=press[entry.source].name,
                    source=entry.source,
                    zone=ZoneInfo(press[entry.source].timezone),
                    withdrawn=reports,
                ),
            )


def _deliveries(mission: Mission) -> tuple[StoredEntry, ...]:
    return tuple(entry for entry in mission.entries() if entry.kind is EntryKind.REPORT)


def ledger(mission: Mission, configuration: Configuration) -> tuple[Pledge, ...]:
    """What `commitments.yaml` lists, what people have entered since, and what the press reports.

    What the press reports has the standing "reported" and changes no finding; what people have
    entered on such a line stands in its place. Articles of sources under seal report nothing here,
    as a pledge names its source.
    """
    from trucewatch.commitments import ledger_at, reported

    written = ledger_at(configuration.pledges, mission.decisions())
    held = [
        each
        for source, each in ingested(mission, configuration)
        if not configuration.sources[source].sealed
    ]
    if not held:
        return written
    # The desk takes half a second to load, and most missions have no articles.
    from trucewatch.app.press import desk

    read = desk.read(held)
    found = reported(read.statements.values(), read.articles.values())
    entered = {one.id for one in written}
    return (*written, *(one for one in found if one.id not in entered))
