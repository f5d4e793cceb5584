"""The seal of a bulletin: all that depends on when and in which order things arrived."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, TypedDict

import rfc8785

from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trucewatch.bulletins.situation import Evidence
    from trucewatch.model import Cosigned, Grade

SEAL_SCHEMA = "trucewatch.seal/1"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Checkpoint(TypedDict):
    """The log as it stood at the time of issue; `note` is the signed checkpoint, whole."""

    origin: str
    size: int
    root: str
    note: str


class Federated(TypedDict):
    """Another log whose reports count too: its name, and how far it was taken over."""

    origin: str
    size: int
    root: str


class Corrects(TypedDict):
    """The issue that this one stands in place of: its stem, and the SHA-256 (hex) of its seal.

    `record` is the SHA-256 of the log's own account of what changed, `files` those of the files
    that tell readers, by name.
    """

    stem: str
    seal: str
    record: str
    files: dict[str, str]


class Witnessing(TypedDict):
    """How far witnesses stand behind what a bulletin rests on, at the time of issue.

    `cosigned` are their names and times, and `note` is the signed checkpoint that they cosigned:
    its first `size` entries. All three are empty or None where nobody has. `not_after` is by when
    all of it certainly stood in the log, None below finding grade. `quorum` is how many of
    `witnesses` must have cosigned, "none" where the mission declares its own log to suffice, None
    where it says nothing; `resists` whether that many keep anybody from showing two logs.
    """

    grade: Grade
    cosigned: tuple[Cosigned, ...]
    not_after: datetime | None
    quorum: int | str | None
    witnesses: int
    resists: bool
    size: int | None
    note: str


def seal(
    *,
    bodies: Mapping[str, bytes],
    issued: datetime,
    checkpoint: Checkpoint,
    evidence: Evidence,
    corrects: Corrects | None = None,
    exercise: bool = False,
    witnessing: Witnessing | None = None,
    federated: Sequence[Federated] = (),
) -> bytes:
    """The seal as canonical JSON (RFC 8785); `bodies` maps a file's name to its bytes.

    A first issue corrects nothing, and its seal does not speak of it. Only that of a drill says
    whether it is one, only that of a mission with witnesses (`witnessing`) what they said, and only
    where other logs count are they named.

    Raises ValueError for no body, for a file name with anything but letters, digits, dot, dash
    and underscore, and for a time without an offset.
    """
    if not bodies:
        raise ValueError("a seal names at least one body")
    for name in (*bodies, *(corrects["files"] if corrects else ())):
        if not _FILE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a plain file name")
    later: dict[str, Any] = {} if corrects is None else {"corrects": {**corrects}}
    if exercise:
        later["exercise"] = True
    if witnessing is not None:
        later["witnessing"] = witnessing_json(witnessing)
    if federated:
        later["federated"] = [{**one} for one in federated]
    return rfc8785.dumps(
        {
            **later,
            "schema": SEAL_SCHEMA,
            "bodies": {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()},
            "issued": _second(issued),
            "checkpoint": {
                "origin": checkpoint["origin"],
                "size": checkpoint["size"],
                "root": checkpoint["root"],
                "note": checkpoint["note"],
            },
            "evidence": {
                "origin": evidence.origin,
                "size": evidence.size,
                "root": evidence.root,
                "version": evidence.version,
            },
        }
    )


def witnessing_json(said: Witnessing) -> dict[str, Any]:
    """What witnesses said, in the form of the seal: what is not known is left out."""
    found: dict[str, Any] = {
        "grade": said["grade"].value,
        "cosigned": [{"witness": one.witness, "at": _second(one.at)} for one in said["cosigned"]],
        "quorum": said["quorum"],
        "witnesses": said["witnesses"],
        "resists_split_view": said["resists"],
    }
    if said["not_after"] is not None:
        found["not_after"] = _second(said["not_after"])
    if said["size"] is not None:
        found |= {"size": said["size"], "note": said["note"]}
    return found


def _second(moment: datetime) -> str:
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%SZ")
