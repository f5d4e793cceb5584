"""The logs of other sites: which are named, and how far each was taken over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.federation.copies import FOLDER, origin_of, taken_before
from trucewatch.app.mission import Mission
from trucewatch.errors import LogDamaged
from trucewatch.evidence.audit.forks import read_side

if TYPE_CHECKING:
    from pathlib import Path


def listed(folder: Path) -> dict[str, Any]:
    """The logs that mission.toml names, and how far each was taken over."""
    with Mission.open(folder, readonly=True) as mission:
        sections = mission.configuration().mission.federated
        notes = taken_before(mission.log)
        heads = {origin: read_side(note).head for origin, note in notes.items()}
        return {
            "logs": [
                {
                    "origin": one.origin,
                    "vkey": one.vkey,
                    "folder": one.folder,
                    "size": heads[one.origin].size if one.origin in heads else 0,
                    "root": heads[one.origin].root.hex() if one.origin in heads else "",
                }
                for one in sections
            ],
            "folder": FOLDER,
        }


def listed_lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    if not data["logs"]:
        return ["No other log counts here: 'trucewatch federate add' names one."]
    return [
        line
        for one in data["logs"]
        for line in (
            f"{one['origin']}: {one['size']} entries taken over, from {one['folder']}",
            *([f"  root {one['root']}"] if one["root"] else []),
        )
    ]


def federated_heads(mission: Mission) -> tuple[tuple[str, int, str], ...]:
    """Origin, size and root of every other log whose reports count, up to the mission's size."""
    return mission.once(_federated_heads)


def _federated_heads(mission: Mission) -> tuple[tuple[str, int, str], ...]:
    found: dict[str, tuple[str, int, str]] = {}
    for entry in mission.log.entries(0, mission.size):
        if (origin := origin_of(entry)) is not None:
            head = read_side(mission.log.payload(entry.payload)).head
            if head.origin != origin:
                raise LogDamaged(f"log entry {entry.index} is no checkpoint of {origin!r}")
            found[origin] = (origin, head.size, head.root.hex())
    return tuple(found[origin] for origin in sorted(found))
