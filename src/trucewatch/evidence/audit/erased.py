"""The auditor's own reading of erasures: which payloads may be gone, and by whose word."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from trucewatch.evidence.audit.published import WIDTH, split_bundle, tile_path
from trucewatch.evidence.audit.records import Step, journal_records, read_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trucewatch.evidence.audit.records import Problem

SCHEMA = "trucewatch.erasure/1"
_LASTING = ("erased", "role", "heartbeat", "bulletin", "correction", "withdrawal", "parameters")
_HEX = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_KEYS = {
    "asked": {"reason", "payload", "replaced_by"},
    "refused": {"request", "leaf", "reason"},
    "approved": {"request", "leaf", "payload", "entries", "files"},
}


@dataclass(frozen=True, slots=True)
class Erasing:
    """A request and its answer, if one came: the steps, and the fields of their payloads.

    An answer that is there holds: what it approves is erased.
    """

    step: Step
    asked: dict[str, Any]
    answer: Step | None = None
    answered: dict[str, Any] | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The names (hex) of the payloads that are erased by it."""
        approved = self.answered is not None and self.answered["what"] == "approved"
        return tuple(self.answered["files"]) if approved and self.answered is not None else ()


def erasures(folder: Path, steps: Iterable[Step], problem: Problem) -> list[Erasing]:
    """Every request among some steps, in order, with its answer.

    A step that does not hold is a problem, and is as if it were not there.
    """
    found: dict[int, Erasing] = {}
    for step in steps:
        try:
            fields = _read(folder, step)
            if fields is None:
                continue
            if fields["what"] == "asked":
                found[step.index] = Erasing(step, fields)
                continue
            request = found.get(int(fields["request"]))
            if request is None or request.step.leaf.hex() != fields["leaf"]:
                raise ValueError(f"entry {fields['request']} asks for no erasure")
            if request.answer is not None:
                raise ValueError(f"entry {fields['request']} was answered before")
            if fields["what"] == "approved":
                _check(folder, fields, request.asked)
            found[request.step.index] = Erasing(request.step, request.asked, step, fields)
        except ValueError as fault:
            problem(f"entry {step.index}: no step of an erasure that holds: {fault}")
    return list(found.values())


def erased_files(folder: Path, steps: Iterable[Step], problem: Problem) -> dict[bytes, int]:
    """The names (hex) of payloads that two people's word has erased, each with the entry."""
    return {
        name.encode(): one.answer.index
        for one in erasures(folder, steps, problem)
        if one.answer is not None
        for name in one.files
    }


def _check(folder: Path, fields: dict[str, Any], request: dict[str, Any]) -> None:
    """Hold an approval against its request and the entries that it names; ValueError if it fails.

    Who approves must not be who asked, and what goes must be what was asked for and what the
    entries hold.
    """
    if not fields["by"].strip() or fields["by"] == request["by"]:
        raise ValueError("one person alone asked for it and approved it")
    if fields["payload"] != request["payload"]:
        raise ValueError("another payload was asked for")
    names = set()
    for one in fields["entries"]:
        leaf = _leaf(folder, int(one["index"]))
        kind, name = leaf.get("kind"), leaf.get("payload")
        if kind in _LASTING or not isinstance(name, str):
            raise ValueError(f"entry {one['index']} is not one that can be erased")
        if fields["payload"] not in (name, _plain(folder, int(one["index"]), leaf)):
            raise ValueError(f"entry {one['index']} does not hold the payload that was asked for")
        names.add(name)
    if not names or names != set(fields["files"]):
        raise ValueError("the files are not those that its entries hold")


def _leaf(folder: Path, index: int) -> dict[str, Any]:
    """The leaf of a published entry; empty where it cannot be read, which is told elsewhere."""
    number, offset = divmod(index, WIDTH)
    where = tile_path("entries", number, WIDTH)
    whole, parts = folder / "tile" / where, folder / "tile" / f"{where}.p"
    paths = [whole] if whole.is_file() else sorted(parts.iterdir()) if parts.is_dir() else []
    for path in paths:
        leaves = split_bundle(path.read_bytes())
        if offset < len(leaves):
            found = json.loads(leaves[offset])
            return found if isinstance(found, dict) else {}
    return {}


def _plain(folder: Path, index: int, leaf: dict[str, Any]) -> str | None:
    """The SHA-256 (hex) of an entry's payload as received, where it lies encrypted; else None.

    What is wrong with the journal, from which it is read, is told elsewhere.
    """
    segments = (folder / "journal").iterdir() if (folder / "journal").is_dir() else ()
    firsts = [int(path.name) for path in segments if path.name.isdecimal()]
    begins = max((first for first in firsts if first <= index), default=0)
    records = journal_records(folder / "journal", lambda _: None, start=index)
    record = next(islice(records, index - begins, None), None)
    if record is None:
        return None
    stated = hashlib.sha256(b"trucewatch/envelope/1\0" + record.envelope).hexdigest()
    if stated != leaf.get("envelope"):
        return None
    envelope = read_envelope(record.envelope)
    return None if envelope is None else envelope.payload


def _read(folder: Path, step: Step) -> dict[str, Any] | None:
    """What a step says; None where its payload is not whole, which is told elsewhere.

    ValueError unless it is the object it should be in its one spelling (RFC 8785), which for texts
    alone is JSON with sorted keys and no spaces.
    """
    try:
        data = (folder / "payload" / step.payload[:2] / step.payload[2:]).read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(data).hexdigest() != step.payload:
        return None
    try:
        fields = json.loads(data)
        spelling = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except RecursionError as fault:
        raise ValueError("nested too deeply") from fault
    if spelling.encode() != data or not isinstance(fields, dict):
        raise ValueError("not in its one form")
    keys = _KEYS.get(str(fields.get("what")))
    if keys is None or fields.keys() != keys | {"schema", "what", "by", "nonce"}:
        raise ValueError("not the fields of a step")
    entries, lists = fields.get("entries", []), ("entries", "files", "replaced_by")
    if (
        fields["schema"] != SCHEMA
        or not all(isinstance(fields[key], list) for key in lists if key in fields)
        or not all(isinstance(fields[key], str) for key in fields.keys() - set(lists))
        or not all(_HEX.fullmatch(fields[key]) for key in ("leaf", "payload") if key in fields)
        or not all(isinstance(n, str) and _HEX.fullmatch(n) for n in fields.get("files", []))
        or not _NUMBER.fullmatch(fields.get("request", "0"))
        or not all(_is_concerned(one) for one in entries)
        or not all(_is_number(index) for index in fields.get("replaced_by", []))
    ):
        raise ValueError("a field has not the form that it must have")
    return fields


def _is_concerned(one: object) -> bool:
    if not isinstance(one, dict) or one.keys() != {"index", "records", "by"}:
        return False
    return _is_number(one["index"]) and _is_number(one["records"]) and isinstance(one["by"], str)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None
