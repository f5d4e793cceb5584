"""The key that signs the log: changed by plan, replaced after a theft, and its history told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.auditing.places import log_folder
from trucewatch.app.deciding import allowed
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.inside import INSIDE
from trucewatch.app.mission import Mission
from trucewatch.errors import ConfigurationError, NotFound, Refused
from trucewatch.evidence import Log, Why
from trucewatch.evidence.audit.standing import Standing, judge
from trucewatch.model import Grade

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from trucewatch.evidence import HeldKey, KeyChange

WHO = frozenset({"lead"})
NOTE_LIMIT = 1 << 18

_WHY = {
    None: "in use",
    Why.ROTATION: "changed by plan",
    Why.COMPROMISE: "compromised",
}


def rotate(
    folder: Path, *, by: str, reason: str, inside: bool = False, now: Callable[[], datetime]
) -> dict[str, Any]:
    """Have a new key sign the log from now on, with the word of the old one.

    `inside` means the log of what stays inside. NotAllowed for anybody but a lead, NotFound for a
    person or a log that is not there, Refused without a reason.
    """
    where, _ = _asked(folder, by, reason, now, inside=inside)
    with Log.open(where) as log:
        try:
            made = log.change_key(
                why=Why.ROTATION, by=by, reason=reason.strip(), source=OPERATOR, received=now()
            )
        except ValueError as fault:
            raise Refused(str(fault)) from fault
        return _told(log, made)


def compromised(
    folder: Path,
    *,
    by: str,
    reason: str,
    up_to: int | None = None,
    inside: bool = False,
    now: Callable[[], datetime],
) -> dict[str, Any]:
    """Replace a key that somebody else may hold, or that is lost; it signs nothing more.

    The old key's word counts up to `up_to` entries; without it, as far as a quorum of witnesses
    has cosigned, or as far as the log is published where nobody cosigned anything. Refused for
    more than are published; otherwise as `rotate`.
    """
    where, sure = _asked(folder, by, reason, now, inside=inside)
    trusted = sure if up_to is None else up_to
    with Log.open(where, keyless=True) as log:
        try:
            made = log.change_key(
                why=Why.COMPROMISE,
                by=by,
                reason=reason.strip(),
                source=OPERATOR,
                received=now(),
                trusted=trusted,
            )
        except ValueError as fault:
            raise Refused(str(fault)) from fault
        return _told(log, made)


def _asked(
    folder: Path, by: str, reason: str, now: Callable[[], datetime], *, inside: bool
) -> tuple[Path, int | None]:
    """The log, for somebody who may change its key, and how far a quorum has cosigned it."""
    if not reason.strip():
        raise Refused("a change of key has a reason: it is published with it")
    # For reading only: a key that may be stolen, or is gone, is not to sign anything first.
    with Mission.open(folder, now=now, readonly=True) as mission:
        allowed(mission, by, WHO, "change the log's key")
        beats = mission.grades().beats
    where = folder / (INSIDE if inside else "evidence")
    if inside and not where.is_dir():
        raise NotFound("there is no log of what stays inside")
    sizes = [one.checkpoint.size for one in beats if one.witnessed.grade is Grade.FINDING]
    return where, None if inside or not sizes else max(sizes)


def _told(log: Log, made: KeyChange) -> dict[str, Any]:
    """What was changed, for JSON."""
    return {
        "why": made.why.value,
        "origin": made.origin,
        "old": made.old,
        "new": made.new,
        "log_index": made.size,
        "trusted": made.trusted,
        "by": made.by,
        "reason": made.reason,
        "account": list(log.account),
    }


def change_lines(data: dict[str, Any]) -> list[str]:
    """What was changed and what is to be done now, for people."""
    planned = data["why"] == Why.ROTATION.value
    did = "A new key signs" if planned else "The old key is out of use, and a new one signs"
    lines = [
        f"{did} {data['origin']!r} from log entry {data['log_index']} on:",
        f"  {data['new']}",
    ]
    if planned:
        lines.append("The first checkpoint bears both names, so that who knows the old can follow.")
    else:
        lines += [
            f"The old key's word counts for the first {data['trusted']} entries and no further.",
            "Nothing that it signed vouches for the new one: tell everybody by another way.",
        ]
    return [
        *lines,
        "Next: every witness runs 'trucewatch witness watch DIR VKEY' with the new key.",
        "Keep a copy of key/signing apart.",
        *data["account"],
    ]


def listed(folder: Path) -> dict[str, Any]:
    """Every key that the log had, and the sizes that each signs."""
    with Log.open(log_folder(folder), readonly=True) as log:
        return {
            "origin": log.origin,
            "keys": [_one(key) for key in log.key_history()],
        }


def _one(key: HeldKey) -> dict[str, Any]:
    return {
        "vkey": key.vkey,
        "first": key.first,
        "last": key.last,
        "why": None if key.why is None else key.why.value,
        "standing": _WHY[key.why],
    }


def list_lines(data: dict[str, Any]) -> list[str]:
    """The keys, for people."""
    lines = [f"Keys of {data['origin']!r}, by the sizes of the checkpoints that they sign:"]
    for key in data["keys"]:
        reach = "on" if key["last"] is None else f"to {key['last']}"
        lines.append(f"  from {key['first']} {reach}: {key['standing']}")
        lines.append(f"    {key['vkey']}")
    return lines


def checked(folder: Path, file: Path) -> dict[str, Any]:
    """What a checkpoint that somebody was shown is worth, by the log's published files.

    NotFound where there is no such file, ConfigurationError for one that holds no checkpoint of
    this log.
    """
    try:
        with file.open("rb") as opened:
            note = opened.read(NOTE_LIMIT + 1)
    except OSError as fault:
        raise NotFound(f"cannot read {file}: {fault.strerror}") from fault
    try:
        shown = judge(log_folder(folder), note)
    except ValueError as fault:
        raise ConfigurationError(str(fault), file=file.name) from fault
    return {
        "standing": shown.standing.value,
        "good": shown.standing is Standing.COUNTS,
        "size": shown.size,
        "root": shown.root,
        "signers": list(shown.signers),
        "words": shown.words,
    }


def checked_lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    return [
        f"{data['standing'].upper()}: {data['words']}",
        f"It says that the first {data['size']} entries have the root {data['root']}",
        *(f"Signed by {vkey}" for vkey in data["signers"]),
        *(
            ["Keep this file and a copy of the log: together they prove it to anybody."]
            if data["standing"] == Standing.FORK.value
            else []
        ),
    ]
