"""The receipt of one entry: what the log promised, and who stands behind it by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.obligations.listing import times
from trucewatch.errors import NotFound
from trucewatch.model import Grade

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission


def receipt(mission: Mission, index: int) -> dict[str, Any]:
    """What the log says of one entry; NotFound where it has no such entry.

    `covered_by` is the log entry of the cosigned checkpoint that gives the grade; None where none
    does. It holds the name and the source of a delivery, so it is for the mission's own people.
    """
    entry = next(mission.entries(index), None) if 0 <= index < mission.size else None
    if entry is None:
        raise NotFound(f"the log has {mission.size} entries, numbered from 0: there is no {index}")
    zone = mission.configuration().zone
    grades = mission.grades()
    held, best = grades.of(index), grades.best(index)
    gone = {one.asked.payload for one in mission.log.erasures() if one.erased}
    return {
        "origin": mission.log.origin,
        "entry": entry.index,
        "kind": entry.kind.value,
        "source": entry.source,
        "name": entry.name,
        "received": times(entry.received, zone),
        "payload": entry.payload,
        "length": entry.length,
        "erased": entry.payload in gone,
        "leaf_hash": entry.leaf_hash,
        "zone": mission.configuration().mission.mission.timezone,
        "grade": held.grade.value,
        "cosigned": [{"witness": one.witness, "at": times(one.at, zone)} for one in held.by],
        "not_after": times(held.not_after, zone),
        "own_word": held.grade is not grades.seen(index).grade,
        "covered_by": None if best is None else best.entry.index,
        "quorum": None if best is None else best.quorum,
        "witnesses": None if best is None else best.witnesses,
        "resists_split_view": None if best is None else best.resists,
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    out = [
        f"{data['origin']}, log entry {data['entry']}: {data['kind']} of {data['source']}"
        + (f", {data['name']}" if data["name"] else ""),
        f"  received {_time(data['received'])}; local times are those of {data['zone']}",
        f"  payload {data['payload']}, {data['length']} bytes"
        + (", erased since: 'trucewatch erase --list' says why" if data["erased"] else ""),
        f"  leaf    {data['leaf_hash']}",
        f"  grade   {data['grade']}{_why(data)}",
    ]
    out += [f"  cosigned by {one['witness']}, {_time(one['at'])}" for one in data["cosigned"]]
    if data["not_after"] is not None:
        out.append(f"  it stood in the log by {_time(data['not_after'])}, whatever its keeper says")
    if data["resists_split_view"] is False and data["quorum"] is not None:
        out.append("  this quorum does not resist a split view")
    out.append(f"To prove it to others: 'trucewatch audit proof {data['entry']}'")
    return out


def _why(data: dict[str, Any]) -> str:
    """What the grade stands on."""
    if data["own_word"]:
        return ": this mission declares that its own log suffices"
    if data["grade"] == Grade.RECORDED:
        return ": no witness has cosigned a checkpoint that covers it"
    asked = "" if data["quorum"] is None else f", {data['quorum']} are needed"
    return (
        f": {len(data['cosigned'])} of {data['witnesses']} witnesses{asked} "
        f"(log entry {data['covered_by']})"
    )


def _time(moment: dict[str, str]) -> str:
    local = moment["local"].replace("T", " ")
    return f"{local} ({moment['utc'].replace('T', ' ').replace('Z', ' UTC')})"
