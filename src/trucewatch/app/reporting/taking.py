"""Reports of field teams into the log: as they were sent first, read second, with a receipt."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import rfc8785

from trucewatch.app.deciding import allowed
from trucewatch.app.intake import take_in
from trucewatch.app.listing import local
from trucewatch.app.reporting.pictures import LARGEST_PICTURE, TOO_LONG, picture
from trucewatch.errors import NotFound, Refused
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.reports.field import FIELDS, MOST_PICTURES, SCHEMA, media_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission

ROLES = frozenset({"field"})
MOST_BYTES = 200 * 1024
"""The most bytes of all fields together."""


def submit(
    mission: Mission, fields: Mapping[str, str], pictures: Sequence[bytes] = (), *, by: str
) -> dict[str, Any]:
    """Take in one report of a person of a field team, with its pictures, and give its receipt.

    Everything is in the log as it was sent before any of it is read: a report that cannot be used
    is quarantined, and its receipt says why. What was sent before gets its first receipt again.
    Raises NotAllowed for who is in no field team, and Refused, with nothing entered, for a person
    whom no source names and for what is too much.
    """
    mission.sync_settings()
    allowed(mission, by, ROLES, "send reports from the field")
    source = source_of(mission.configuration(), by)
    given = {name: value for name, value in fields.items() if value.strip()}
    if not given:
        raise Refused("a report says something: this one is empty")
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise Refused(f"a report has no field {unknown[0][:40]!r} (it has: {', '.join(FIELDS)})")
    if len(pictures) > MOST_PICTURES:
        raise Refused(f"at most {MOST_PICTURES} pictures go with a report")
    if any(len(one) > LARGEST_PICTURE for one in pictures):
        raise Refused(f"a picture is too large: {TOO_LONG}")
    digests = list(dict.fromkeys(hashlib.sha256(one).hexdigest() for one in pictures))
    try:
        payload = rfc8785.dumps({"schema": SCHEMA, "by": by, "fields": given, "pictures": digests})
    except rfc8785.CanonicalizationError:
        raise Refused("a field is not UTF-8 text") from None
    if len(payload) > MOST_BYTES:
        raise Refused(f"it is too long: at most {MOST_BYTES // 1024} KiB without the pictures")
    entries = [
        NewEntry(
            kind=EntryKind.REPORT,
            source=source,
            payload=raw,
            name=f"picture-{digest[:12]}",
            media=media_of(raw) or "application/octet-stream",
        )
        for digest, raw in {hashlib.sha256(one).hexdigest(): one for one in pictures}.items()
    ]
    entries.append(
        NewEntry(
            kind=EntryKind.REPORT,
            source=source,
            payload=payload,
            name="report.json",
            media="application/json",
        )
    )
    taken = take_in(mission, entries)[-1]
    return {**receipt(mission, taken.receipt.index, by=by), "known_before": taken.receipt.repeated}


def source_of(configuration: Configuration, person: str) -> str:
    """The id of the source for which somebody reports; Refused, with what to do, for nobody's."""
    for section in configuration.sources_file.source:
        if person in section.people:
            return section.id
    raise Refused(
        f"no source reports by {person!r}: add them to the 'people' of a [[source]] with the "
        "reader 'field' in sources.toml"
    )


def receipt(mission: Mission, index: int, *, by: str) -> dict[str, Any]:
    """What became of a report that this person sent, by its log index, for print.

    Names the entry, its leaf's hash and its time, so that it can be proved to be in the log.
    NotFound for what somebody else sent, and for what is no report.
    """
    none = NotFound(f"no report of yours has the log index {index}")
    if not 0 <= index < mission.log.size:
        raise none
    (entry,) = mission.log.entries(index, index + 1)
    configuration = mission.configuration()
    section = next((s for s in configuration.sources_file.source if s.id == entry.source), None)
    gone = mission.log.erased(entry.payload) is not None
    if section is None or section.reader != "field" or entry.kind is not EntryKind.REPORT or gone:
        raise none
    raw = mission.log.payload(entry.payload)
    # A picture is an entry of its own.
    if media_of(raw) is not None or not raw.startswith(b"{"):
        raise none
    try:
        sent = json.loads(raw)
    except ValueError:
        raise none from None
    if sent.get("schema") != SCHEMA or sent.get("by") != by:
        raise none
    reasons = [
        one.reason for one in mission.store.quarantined() if one.raw.payload == entry.payload
    ]
    shown = [(digest, picture(mission, digest)) for digest in sent["pictures"]]
    return {
        "log": mission.log.origin,
        "log_index": entry.index,
        "leaf_hash": entry.leaf_hash,
        "payload": entry.payload,
        "received": local(entry.received, configuration.zone),
        "zone": configuration.mission.mission.timezone,
        "source": section.name,
        "outcome": "quarantined" if reasons else "accepted",
        "reason": reasons[0] if reasons else "",
        "fields": {name: sent["fields"][name] for name in FIELDS if name in sent["fields"]},
        "pictures": [{"sha256": digest, "refused": one.refused} for digest, one in shown],
        "pictures_refused": sum(bool(one.refused) for _, one in shown),
    }
