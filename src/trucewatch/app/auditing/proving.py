"""Proofs of entries: written from what is published, and checked without the log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.app.auditing.comparing import check_fork_file, fork_lines, is_fork
from trucewatch.app.auditing.places import log_folder, read_some
from trucewatch.app.configuration import MISSION
from trucewatch.app.files import write_whole
from trucewatch.app.mission import Mission
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence.audit import (
    Mirror,
    check_proof,
    make_proof,
    policy_of,
    read_policy,
)
from trucewatch.evidence.audit.forks import FORK_LIMIT
from trucewatch.evidence.audit.policies import POLICY_LIMIT
from trucewatch.model import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.audit import Policy, ProofCheck

_INDEX = re.compile(r"0|[1-9][0-9]{0,18}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VKEY_LIMIT = 4096


def write_proof(folder: Path, entry: str, out: Path | None) -> dict[str, Any]:
    """Write the proof of an entry: by its index, leaf hash, payload's SHA-256, or what it says.

    That is the id of a report or a claim, which the mission's projection must know. Raises NotFound
    for what no published entry bears. Of several entries the first is proved, and the others are
    named.
    """
    place = log_folder(folder)
    index, *others = _find(folder, place, entry)
    made = make_proof(place, index)
    path = out or folder / f"entry-{index}.tlog-proof"
    write_whole(path, made)
    found = check_proof(made, policy_of(Mirror(place).keys().vkeys()))
    return {**_entry(found), "file": str(path), "others": others}


def _find(folder: Path, place: Path, entry: str) -> list[int]:
    """The entries that somebody means, at least one."""
    if _INDEX.fullmatch(entry):
        return [int(entry)]
    if not _DIGEST.fullmatch(entry):
        return _that_say(folder, entry)
    found = Mirror(place).find(entry)
    if not found:
        raise NotFound(f"no published entry has the leaf hash or the payload {entry}")
    return found


def _that_say(folder: Path, identifier: str) -> list[int]:
    """The entries in which a report stands, or the report of a claim."""
    if not (folder / MISSION).is_file():
        raise NotFound(
            f"{identifier!r} names no entry: give its index, its leaf hash or the SHA-256 of its "
            "payload; reports and claims are known in a mission's folder alone"
        )
    with Mission.open(folder, readonly=True) as mission:
        found = mission.store.find(identifier)
        if not isinstance(found, Claim | Report):
            raise NotFound(
                f"{identifier!r} is no report and no claim: 'explain' names those behind it"
            )
        report = found.report if isinstance(found, Claim) else found.id
        return sorted({index for index, _ in mission.store.report_entries(report)})


def policy_from(
    *, vkeys: Sequence[str], witnesses: Sequence[str], quorum: int | None, policy: Path | None
) -> Policy:
    """The policy of the command line's keys, each a file or the text itself, or of a policy file.

    Raises ConfigurationError for a key or a policy that cannot be read, NotFound without either.
    """
    if policy is not None:
        if vkeys or witnesses or quorum is not None:
            raise ConfigurationError("give a policy or keys, not both", file=str(policy))
        return read_policy(read_some(policy, POLICY_LIMIT), file=str(policy))
    if not vkeys:
        raise NotFound("whose log? Name its key with --vkey, or a policy with --policy")
    try:
        return policy_of(
            [key_text(one) for one in vkeys], [key_text(one) for one in witnesses], quorum
        )
    except ValueError as error:
        raise ConfigurationError(str(error), file="--vkey, --witness or --quorum") from error


def key_text(text: str) -> str:
    """A key as it was typed, or as it stands in the file of that name."""
    if "+" in text and not Path(text).is_file():
        return text
    return read_some(Path(text), _VKEY_LIMIT).decode("utf-8", "replace").removesuffix("\n")


def checked(file: Path, policy: Policy, payload: Path | None) -> dict[str, Any]:
    """Whether the proof in a file holds by a policy, and for the bytes of a payload.

    It may also be the proof of a fork.
    """
    data = read_some(file, FORK_LIMIT)
    if is_fork(data):
        return check_fork_file(file, data, policy)
    try:
        held = None if payload is None else payload.read_bytes()
    except OSError as fault:
        raise NotFound(f"cannot read {payload}: {fault.strerror}") from None
    found = check_proof(data, policy, payload=held)
    return {
        **_entry(found),
        "file": str(file),
        "payload_checked": held is not None,
        "witnesses": len(policy.witnesses),
        "resists_split_view": policy.resists,
    }


def _entry(found: ProofCheck) -> dict[str, Any]:
    leaf = found.leaf
    return {
        "holds": found.holds,
        "reasons": list(found.reasons),
        "origin": found.origin,
        "index": found.index,
        "size": found.size,
        "root": found.root,
        "leaf_hash": found.leaf_hash,
        "kind": leaf.kind if leaf else None,
        "received": _moment(leaf.received) if leaf else None,
        "payload": leaf.payload if leaf else None,
        "length": leaf.length if leaf else None,
        "cosigned": [
            {"witness": one.witness, "at": f"{one.at:%Y-%m-%d %H:%M:%S} UTC"}
            for one in found.cosigned
        ],
        "quorum": found.quorum,
        "not_after": f"{found.not_after:%Y-%m-%d %H:%M:%S} UTC" if found.not_after else None,
    }


def _moment(nanos: int) -> str:
    """A time of the log; as it stands there where no calendar holds it."""
    try:
        return f"{datetime.fromtimestamp(nanos // 10**9, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{nanos} ns"


def proof_lines(data: dict[str, Any]) -> list[str]:
    """What was written, for people."""
    out = [f"Proof of {_what(data)}: {data['file']}"]
    if data["others"]:
        out.append(f"Entries {', '.join(map(str, data['others']))} hold it, too.")
    return out


def check_lines(data: dict[str, Any]) -> list[str]:
    """The verdict, for people."""
    if "fork" in data:
        return fork_lines(data)
    if not data["holds"]:
        return ["THE PROOF DOES NOT HOLD.", *(f"PROBLEM: {why}" for why in data["reasons"])]
    names = [f"{one['witness']} ({one['at']})" for one in data["cosigned"]]
    out = [
        f"The proof holds: {_what(data)}.",
        f"Received {data['received']} by the log's own word.",
        f"Payload of {data['length']:,} bytes with SHA-256 {data['payload']}.",
        "The payload is the one that the entry names."
        if data["payload_checked"]
        else "No payload was held against it.",
    ]
    if data["witnesses"]:
        out.append(f"Cosigned by {len(names)} of {data['witnesses']}: {', '.join(names) or 'none'}")
        if data["not_after"]:
            out.append(f"It certainly stood in the log by {data['not_after']}.")
        if not data["resists_split_view"]:
            out.append("So small a quorum does not resist a split view.")
    else:
        out.append(
            "No witness was asked for: the log's own signature is all that stands behind it."
        )
    return out


def _what(data: dict[str, Any]) -> str:
    return f"entry {data['index']} ({data['kind']}) of {data['origin']} at {data['size']} entries"
