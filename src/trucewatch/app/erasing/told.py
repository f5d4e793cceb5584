"""What is said of erasures: what goes, whose word it was, and what nobody here can take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.errors import NotFound
from trucewatch.evidence import Approved, EntryKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.mission import Mission
    from trucewatch.evidence import Request, StoredEntry

_BEYOND = (
    (
        "Back-ups and copies of this folder, other states' among them: erase there as well. What "
        "is put back here is removed again; an older copy of the whole log knows of no erasure."
    ),
    (
        "Bulletins, corrections, alerts and briefs that were issued stay as they were sealed. The "
        "next issue says that an entry was erased, and drops what rested on it."
    ),
    "The blocks of the disk until they are written over, and snapshots: use an encrypted volume.",
    (
        "In the log, kind, time, length and hash of the payload are public, and source and file "
        "name stand in the journal. Whoever has the same bytes can show that they were here."
    ),
)
UNPROVEN = "Who --by names is not proven: nobody logs in yet."


def remains(mission: Mission, entries: Sequence[StoredEntry]) -> list[str]:
    """Where the bytes, or what was said by them, can still be when they are erased here."""
    url = mission.configuration().mission.storage.url
    out = list(_BEYOND)
    if "://" in url:
        out.append("PostgreSQL's own log (WAL), its base back-ups and its replicas.")
    if any(entry.kind is EntryKind.REPORT for entry in entries):
        out.append("Other deliveries that tell the same in other bytes, and what the sender has.")
    return out


def asked_data(
    mission: Mission,
    entries: Sequence[StoredEntry],
    *,
    step: str,
    request: Request | None,
    copies: Sequence[Path],
) -> dict[str, Any]:
    """One step, for people and for JSON; `request` is None where nothing was entered."""
    zone = mission.configuration().zone
    return {
        "step": step,
        "payload_sha256": entries[0].payload,
        "length": entries[0].length,
        "entries": [_entry(entry, request, zone) for entry in entries],
        **({} if request is None else _request(request, zone)),
        "copies_in_folder": [str(path) for path in copies],
        "remains": remains(mission, entries),
    }


def _entry(entry: StoredEntry, request: Request | None, zone: tzinfo) -> dict[str, Any]:
    answer = request.answer if request is not None else None
    known = answer.entries if isinstance(answer, Approved) else ()
    found = next((one for one in known if one.index == entry.index), None)
    return {
        "log_index": entry.index,
        "kind": entry.kind.value,
        "source": entry.source,
        "name": entry.name,
        "received": _time(entry.received, zone),
        **({"records": found.records} if found is not None and found.records else {}),
        **({"decided_by": found.by} if found is not None and found.by else {}),
    }


def _request(request: Request, zone: tzinfo) -> dict[str, Any]:
    asked, answer, answered = request.asked, request.answer, request.answered
    data: dict[str, Any] = {
        "request": request.entry.index,
        "state": state(request),
        "asked_by": asked.by,
        "asked": _time(request.entry.received, zone),
        "reason": asked.reason,
        "replaced_by": list(asked.replaced_by),
    }
    if answer is not None and answered is not None:
        data |= {
            "answered_by": answer.by,
            "answered": _time(answered.received, zone),
            "log_index": answered.index,
        }
        if not isinstance(answer, Approved):
            data["refusal"] = answer.reason
    return data


def state(request: Request) -> str:
    """How a request stands: waiting, erased or refused."""
    if request.answer is None:
        return "waiting"
    return "erased" if request.erased else "refused"


def listed(mission: Mission, log: MissionLog) -> dict[str, Any]:
    """Every request of a log, with what became of it."""
    zone = mission.configuration().zone
    found = []
    for request in log.erasures():
        row = {**_request(request, zone), "payload_sha256": request.asked.payload}
        if isinstance(request.answer, Approved):
            gone = (log.entries(one.index, one.index + 1) for one in request.answer.entries)
            row["entries"] = [_entry(next(each), request, zone) for each in gone]
        found.append(row)
    return {"erasures": found}


def erased_entry(mission: Mission, index: int) -> dict[str, Any]:
    """Why an entry is erased and by whose word; NotFound for one that is not."""
    for entry in mission.log.entries(index, index + 1):
        request = mission.log.erased(entry.payload)
        if request is not None:
            zone = mission.configuration().zone
            return {**_request(request, zone), "entries": [_entry(entry, request, zone)]}
    raise NotFound(f"log entry {index} is not erased; of others 'explain' tells by their ids")


def erased_lines(data: dict[str, Any]) -> list[str]:
    """Why an entry is erased, for people."""
    return [f"Erased: {row}" for row in _rows(data["entries"])] + [
        f"  {line}" for line in (*_whose(data), UNPROVEN)
    ]


def _time(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def step_lines(data: dict[str, Any]) -> list[str]:
    """One step, for people."""
    number = len(data["entries"])
    what = "1 entry holds" if number == 1 else f"{number} entries hold"
    heads = {
        "dry-run": f"Nothing was entered. {what} this payload, and would lose it:",
        "asked": f"Asked for: {what} this payload, and would lose it:",
        "refused": f"Refused: {what} this payload as before:",
        "approved": "Erased, from " + ("1 entry:" if number == 1 else f"{number} entries:"),
    }
    out = [heads[data["step"]]]
    out += [f"  {row}" for row in _rows(data["entries"])]
    out.append(f"  payload {data['payload_sha256']}, {data['length']:,} bytes")
    if "request" in data:
        out += [f"  {line}" for line in _whose(data)]
    if data["step"] == "refused":
        return [*out, UNPROVEN]
    if data["copies_in_folder"]:
        out.append("The same bytes lie here, and stay until you remove them:")
        out += [f"  {path}" for path in data["copies_in_folder"]]
    out.append("What an erasure here does not reach:")
    out += [f"  {line}" for line in data["remains"]]
    if data["step"] == "asked":
        out.append(
            f"Next: another person, 'trucewatch erase {data['request']} --approve --by PERSON'."
        )
    if data["step"] == "approved":
        out.append("Next: 'trucewatch run' brings everything up to date without it.")
    return [*out, UNPROVEN]


def _rows(entries: Sequence[dict[str, Any]]) -> list[str]:
    out = []
    for row in entries:
        more = f", {row['records']:,} records" if "records" in row else ""
        more += f", decided by {row['decided_by']}" if "decided_by" in row else ""
        name = f" {row['name']}" if row["name"] else ""
        out.append(
            f"log entry {row['log_index']}: {row['kind']} of {row['source']}{name}, "
            f"{row['received']}{more}"
        )
    return out


def _whose(data: dict[str, Any]) -> list[str]:
    out = [f"asked by {data['asked_by']}, {data['asked']} (entry {data['request']})"]
    if "answered_by" in data:
        word = "approved" if data["state"] == "erased" else "refused"
        out.append(
            f"{word} by {data['answered_by']}, {data['answered']} (entry {data['log_index']})"
        )
    out.append(f"reason: {data['reason']}")
    if "refusal" in data:
        out.append(f"refused because: {data['refusal']}")
    if data["replaced_by"]:
        named = ", ".join(str(index) for index in data["replaced_by"])
        out.append(f"the same delivery without it: log entry {named}")
    return out


def list_lines(data: dict[str, Any]) -> list[str]:
    """Every request, for people."""
    if not data["erasures"]:
        return ["Nothing has been asked to be erased."]
    out = []
    for row in data["erasures"]:
        out.append(f"Entry {row['request']}: {row['state']}, payload {row['payload_sha256']}")
        out += [f"  {line}" for line in _whose(row)]
        out += [f"  {line}" for line in _rows(row.get("entries", ()))]
    return [*out, UNPROVEN]
