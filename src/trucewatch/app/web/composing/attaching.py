"""Pictures that field teams sent with their reports, as records: where they belong, no pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.reporting.pictures import sweep
from trucewatch.bulletins.views import Draft
from trucewatch.evidence import EntryKind
from trucewatch.reports.field import pictures_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.web.composing.material import Material


def attachments(material: Material) -> Iterator[Draft]:
    """A record for each picture and the incident that its report is of, by the SHA-256 as sent.

    None of a source under seal: what a picture shows may tell who took it. None that was erased.
    """
    mission = material.mission
    if not material.sight.inside:
        return
    sources = {
        key: one
        for key, one in material.configuration.sources.items()
        if one.reader == "field" and not one.sealed
    }
    if not sources:
        return
    # A view is made anew when something was erased: what was kept of it goes with it.
    sweep(mission)
    homes = {
        claim: incident.id for incident in material.derived.incidents for claim in incident.claims
    }
    entries = {
        entry.payload: entry
        for entry in mission.log.entries()
        if entry.kind is EntryKind.REPORT and entry.source in sources
    }
    told: set[str] = set()
    reports = (one for key in sorted(sources) for one in mission.store.reports(source=key))
    for report in reports:
        home = next((homes[one.id] for one in report.claims if one.id in homes), None)
        if home is None or mission.log.erased(report.raw.payload) is not None:
            continue
        for digest in pictures_of(mission.payload(report.raw.payload)):
            entry = entries.get(digest)
            if entry is None or digest in told or mission.log.erased(digest) is not None:
                continue
            told.add(digest)
            yield Draft(
                sort="attachment",
                id=digest,
                exact={
                    "id": digest,
                    "incident": home,
                    "report": report.id,
                    "source": sources[report.source].name,
                    "log_index": entry.index,
                    "received": material.local(entry.received),
                },
            )
