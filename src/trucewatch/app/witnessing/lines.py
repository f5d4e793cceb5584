"""What commands on witnesses print, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.app.terminal import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trucewatch.evidence.witness import Seen


def listed(data: dict[str, Any]) -> list[str]:
    """How each witness stands, out of what `standing` gave."""
    quorum = data["quorum"]
    count = len(data["witnesses"])
    out = [
        f"{data['origin']}: {data['size']} entries are published",
        "No witness: 'trucewatch witness add' names one."
        if not count
        else f"{count} witness{'es'[: 2 * (count > 1)]}; "
        + ("no quorum is set" if quorum in (None, "none") else f"a quorum is {quorum}"),
    ]
    for one in data["witnesses"]:
        called = one["id"] if one["name"] == one["id"] else f"{one['id']}  {one['name']}"
        out += ["", f"{called}  {one['url']}"]
        if one["size"] is None:
            out.append("  the log holds nothing that it cosigned")
        else:
            out.append(
                f"  cosigned {one['size']} entries at {_time(one['at'], data['zone'])}; "
                f"{one['behind']} behind"
            )
        if one.get("reachable") and not one["words"]:
            holds = one.get("holds")
            out.append(
                "  answers; it has cosigned nothing of this log"
                if holds is None
                else f"  answers; the newest it has cosigned is of {holds} entries"
            )
        if one.get("words"):
            out.append(f"  {clean(one['words'])}")
        if off := one.get("clock_off_s"):
            out.append(f"  its clock is {abs(off)} s {'ahead' if off > 0 else 'behind'}")
    if data["doubt"]:
        out += ["", f"Warning: {data['doubt']}"]
    return out


def listed_data(data: dict[str, Any]) -> dict[str, Any]:
    """The same for JSON: times in UTC."""
    witnesses = [
        one | {"at": one["at"].isoformat() if one["at"] else None} for one in data["witnesses"]
    ]
    return data | {"witnesses": witnesses}


def shown_data(vkey: str, logs: Sequence[Seen]) -> dict[str, Any]:
    """What a witness has seen, for JSON: times in UTC."""
    return {
        "vkey": vkey,
        "logs": [
            {
                "origin": log.origin,
                "digest": log.digest,
                "size": log.size,
                "root": log.root,
                "at": log.at.isoformat() if log.at else None,
                "forks": list(log.forks),
                "doubts": list(log.doubts),
            }
            for log in logs
        ],
    }


def shown(data: dict[str, Any]) -> list[str]:
    """What a witness has seen, for people."""
    out = [f"Key: {data['vkey']}"]
    if not data["logs"]:
        out.append("It watches no log yet: 'trucewatch witness watch' adds one.")
    for log in data["logs"]:
        out += ["", log["origin"]]
        if log["size"] is None:
            out.append("  nothing cosigned yet")
        else:
            out.append(f"  cosigned {log['size']} entries at {log['at']} UTC")
            out.append(f"  root {log['root']}")
        for path in log["forks"]:
            out.append(f"  FORK: it signed two histories; see {path} and -mine beside it")
        for path in log["doubts"]:
            out.append(f"  in doubt: signed, but the proof did not hold; see {path}")
    return out


def _time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"
