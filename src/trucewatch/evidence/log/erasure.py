"""What is written in the log when a payload is to go: asked by one person, approved by another.

The payloads of these entries lie in the clear also where others are encrypted, so that an auditor
without a key can tell an erasure from a loss. A nonce keeps their published hash from being
confirmed by a guess.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rfc8785

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.entries import EntryKind, StoredEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "trucewatch.erasure/1"
LASTING = frozenset(
    {
        EntryKind.ERASED,
        EntryKind.ROLE,
        EntryKind.HEARTBEAT,
        EntryKind.BULLETIN,
        EntryKind.CORRECTION,
        EntryKind.WITHDRAWAL,
        EntryKind.PARAMETERS,
    }
)
"""Kinds of entry whose payloads are never erased: what everything else is checked by."""

_DIGEST = re.compile("[0-9a-f]{64}")
_NONCE = re.compile("[0-9a-f]{32}")
_NUMBER = re.compile("0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that the payload with this SHA-256 (hex) be erased, wherever it stands in the log.

    `replaced_by` are entries that hold the same delivery without what is to go.
    """

    by: str
    reason: str
    payload: str
    replaced_by: tuple[int, ...] = ()
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One entry that loses its payload: how many records that held, and who had decided it."""

    index: int
    records: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The second person's word; `request` and `leaf` name the entry that asked.

    `files` are the names (SHA-256, hex) under which the payload lies: one, or several where each
    entry has it encrypted anew.
    """

    by: str
    request: int
    leaf: str
    payload: str
    entries: tuple[Concerned, ...]
    files: tuple[str, ...]
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The word that a request is not to be carried out, which ends it."""

    by: str
    request: int
    leaf: str
    reason: str
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))


Step = Asked | Approved | Declined


def encode_step(step: Step) -> bytes:
    """The payload of an ERASED entry, as canonical JSON (RFC 8785); numbers are strings."""
    fields: dict[str, Any] = {"schema": SCHEMA, "by": step.by, "nonce": step.nonce}
    if isinstance(step, Asked):
        fields |= {
            "what": "asked",
            "reason": step.reason,
            "payload": step.payload,
            "replaced_by": [str(index) for index in step.replaced_by],
        }
    else:
        fields |= {"request": str(step.request), "leaf": step.leaf}
        if isinstance(step, Declined):
            fields |= {"what": "refused", "reason": step.reason}
        else:
            fields |= {
                "what": "approved",
                "payload": step.payload,
                "entries": [
                    {"index": str(one.index), "records": str(one.records), "by": one.by}
                    for one in step.entries
                ],
                "files": list(step.files),
            }
    return rfc8785.dumps(fields)


def decode_step(payload: bytes) -> Step:
    """Read a payload; LogDamaged unless it is exactly what `encode_step` writes."""
    try:
        read = json.loads(payload)
        step = _step(read)
        whole = encode_step(step) == payload
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise LogDamaged(f"an erasure in the log cannot be read: {fault}") from fault
    if not whole:
        raise LogDamaged("an erasure in the log is not in its one form")
    return step


def _step(read: dict[str, Any]) -> Step:
    by, nonce = _text(read["by"]), _match(_NONCE, read["nonce"])
    if read["what"] == "asked":
        return Asked(
            by=by,
            nonce=nonce,
            reason=_text(read["reason"]),
            payload=_match(_DIGEST, read["payload"]),
            replaced_by=tuple(_number(index) for index in read["replaced_by"]),
        )
    request, leaf = _number(read["request"]), _match(_DIGEST, read["leaf"])
    if read["what"] == "refused":
        return Declined(
            by=by, nonce=nonce, request=request, leaf=leaf, reason=_text(read["reason"])
        )
    return Approved(
        by=by,
        nonce=nonce,
        request=request,
        leaf=leaf,
        payload=_match(_DIGEST, read["payload"]),
        entries=tuple(
            Concerned(
                index=_number(one["index"]), records=_number(one["records"]), by=_text(one["by"])
            )
            for one in read["entries"]
        ),
        files=tuple(_match(_DIGEST, name) for name in read["files"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a field is not a text")
    return value


def _match(pattern: re.Pattern[str], value: object) -> str:
    text = _text(value)
    if not pattern.fullmatch(text):
        raise ValueError("a field has not the form that it must have")
    return text


def _number(value: object) -> int:
    return int(_match(_NUMBER, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the log has it, with what became of it: `answer` is None while it waits."""

    entry: StoredEntry
    asked: Asked
    answer: Approved | Declined | None = None
    answered: StoredEntry | None = None

    @property
    def erased(self) -> bool:
        """Whether the payload is gone, or going."""
        return isinstance(self.answer, Approved)


def answers(step: Approved | Declined, request: Request) -> bool:
    """Whether a step answers a request that waits; nobody approves what he asked for himself."""
    return (
        request.answer is None
        and request.entry.leaf_hash == step.leaf
        and not (
            isinstance(step, Approved)
            and (step.by == request.asked.by or step.payload != request.asked.payload)
        )
    )


def fault_of(
    step: Step, requests: Mapping[int, Request], concerned: Mapping[int, StoredEntry]
) -> str | None:
    """Why a step cannot be taken, in words; None where it can.

    `requests` are those that the log has, by index, and `concerned` all entries of the payload.
    """
    if not step.by.strip():
        return "nobody stands for it"
    if isinstance(step, Asked):
        return _unfit(step.payload, requests, concerned)
    request = requests.get(step.request)
    if request is None or request.entry.leaf_hash != step.leaf:
        return f"entry {step.request} asks for no erasure"
    if request.answer is not None:
        return f"the request of entry {step.request} has been answered before"
    if isinstance(step, Declined):
        return None
    if step.by == request.asked.by:
        return f"{step.by!r} asked for it: a second person approves"
    if step.payload != request.asked.payload:
        return f"entry {step.request} asks for another payload"
    if {one.index for one in step.entries} != concerned.keys():
        return "it does not name every entry that holds the payload"
    if set(step.files) != {entry.stored for entry in concerned.values()}:
        return "it does not name the files in which the payload lies"
    return _unfit(step.payload, requests, concerned)


def _unfit(
    payload: str, requests: Mapping[int, Request], concerned: Mapping[int, StoredEntry]
) -> str | None:
    """Why the payload of these entries is not one that can be erased."""
    if not concerned:
        return "no entry of the log has this payload"
    if any(entry.length == 0 for entry in concerned.values()):
        return "it is empty: there is nothing to erase"
    if any(one.erased and one.asked.payload == payload for one in requests.values()):
        return "it has been erased before"
    lasting = sorted(entry.index for entry in concerned.values() if entry.kind in LASTING)
    if lasting:
        kind = concerned[lasting[0]].kind.value
        return f"entry {lasting[0]} is of kind {kind}, by which the rest is checked"
    return None
