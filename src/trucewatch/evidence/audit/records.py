"""The auditor's own reading of the journal, of leaves and of envelopes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Problem = Callable[[str], None]

KINDS = frozenset(
    (
        *("report", "review", "reply", "notice", "statement", "source", "agreement", "role"),
        *("correction", "withdrawal", "erased", "heartbeat", "bulletin", "parameters", "decision"),
    )
)
MARKED = frozenset(("erased", "role"))
_HEX = rb"([0-9a-f]{64})"
_NUM = rb"(0|-?[1-9][0-9]{0,30})"
# RFC 8785 leaves one spelling of a leaf, so that one pattern is the whole grammar.
LEAF = re.compile(
    rb'\{"clock":"' + _NUM + rb'","envelope":"' + _HEX + rb'","kind":"([a-z]+)","length":"' + _NUM
    + rb'","payload":"' + _HEX + rb'",(?:"policy":"' + _HEX + rb'",)?"previous":(?:null|"' + _HEX
    + rb'"),"received":"' + _NUM + rb'","sequence":"' + _NUM + rb'","source":"' + _HEX
    + rb'","uncertainty":"' + _NUM + rb'","v":1\}'
)  # fmt: skip
_ENVELOPE_KEYS = {"media", "name", "nonce", "salt", "source", "v"}
_HEAD = 32
_FIXED = _HEAD + 32


@dataclass(frozen=True, slots=True)
class Record:
    """What the journal holds of one entry."""

    leaf: bytes
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """The private part of an entry: whose it is, and what the sender called it.

    `salt` (hex) opens the source of all its leaves, and is not shown. `payload` (hex) and `length`
    are of the bytes as received, where they lie encrypted; else None.
    """

    source: str
    name: str
    media: str
    salt: str = field(repr=False)
    payload: str | None = None
    length: int | None = None


def journal_records(folder: Path, problem: Problem, *, start: int = 0) -> Iterator[Record]:
    """The journal's records; stops at the first that does not hold, and says so.

    They begin with the segment that holds entry `start`; the first is entry 0 where none is asked
    for.
    """
    expected = 0
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    while start and len(paths) > 1 and paths[1].name <= f"{start:012}":
        expected = int(paths[1].name) if paths[1].name.isdecimal() else expected
        paths = paths[1:]
    for path in paths:
        if path.name != f"{expected:012}":
            problem(f"journal/{path.name}: a segment that begins with entry {expected} is due here")
            return
        data = path.read_bytes()
        at = batch = left = 0
        while at < len(data):
            index, first, count = (
                int.from_bytes(data[at + 4 : at + 12], "big"),
                int.from_bytes(data[at + 12 : at + 20], "big"),
                int.from_bytes(data[at + 20 : at + 24], "big"),
            )
            middle = at + _FIXED + int.from_bytes(data[at + 24 : at + 28], "big")
            stop = middle + int.from_bytes(data[at + 28 : at + 32], "big")
            if left == 0:
                batch, left = expected, count
            body = data[at + _FIXED : stop]
            if (
                data[at : at + 4] != b"TWJ1"
                or stop > len(data)
                or hashlib.sha256(data[at : at + _HEAD] + body).digest()
                != data[at + _HEAD : at + _FIXED]
                or (index, first, count) != (expected, batch, expected - batch + left)
                or count < 1
            ):
                problem(
                    f"journal/{path.name}: the record of entry {expected} at byte {at} is damaged "
                    f"or unfinished; the {len(data) - at} bytes from there on were not read"
                )
                return
            yield Record(data[at + _FIXED : middle], data[middle:stop])
            expected, left, at = expected + 1, left - 1, stop
        if left:
            problem(f"journal/{path.name}: the batch of entry {batch} is unfinished")
            return


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of kind erased: its index, the hash of its leaf, and its payload's (hex)."""

    index: int
    leaf: bytes
    payload: str


@dataclass(slots=True)
class Chain:
    """What must hold from entry to entry: times, and each source's numbers and hashes."""

    problem: Problem
    kinds: dict[str, int] = field(default_factory=dict)
    lengths: dict[bytes, int] = field(default_factory=dict)
    erasing: list[Step] = field(default_factory=list)
    roles: dict[int, bytes] = field(default_factory=dict)
    _sources: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    _names: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _commitments: dict[str, bytes] = field(default_factory=dict)
    _time: int | None = None

    def leaf(self, index: int, leaf: bytes, leaf_hash: bytes, *, published: bool) -> None:
        """Check one leaf against all that came before it."""
        match = LEAF.fullmatch(leaf)
        if match is None:
            self.problem(f"entry {index}: the leaf is not a leaf of version 1 in canonical form")
            return
        clock, _, kind, length, payload, _, previous, received, sequence, source, doubt = (
            match.groups()
        )
        word = kind.decode()
        if word not in KINDS:
            self.problem(f"entry {index}: no such kind: {word}")
        if published:
            self.kinds[word] = self.kinds.get(word, 0) + 1
        if word in MARKED:
            self.mark(word, index, leaf_hash, payload, published=published)
        time = int(received)
        if time != (int(clock) if self._time is None else max(int(clock), self._time)):
            self.problem(f"entry {index}: its time is not the later of its clock's and the last")
        self._time = time
        if doubt.startswith(b"-") or length.startswith(b"-"):
            self.problem(f"entry {index}: a negative length or uncertainty")
        count, last = self._sources.get(source, (0, None))
        if int(sequence) != count:
            self.problem(
                f"entry {index}: number {int(sequence)} of its source where {count} is due"
            )
        if previous != last:
            self.problem(f"entry {index}: it does not name the entry of its source before it")
        self._sources[source] = (count + 1, leaf_hash.hex().encode())
        if self.lengths.setdefault(payload, int(length)) != int(length):
            self.problem(f"entry {index}: its payload had another length before")

    def mark(
        self, kind: str, index: int, leaf_hash: bytes, payload: bytes, *, published: bool
    ) -> None:
        """Keep an entry of one of the MARKED kinds, each of which is looked at by itself later."""
        if kind == "role":
            self.roles[index] = payload
        elif published:
            self.erasing.append(Step(index, leaf_hash, payload.decode()))

    def envelope(self, index: int, record: Record) -> None:
        """Check that the envelope is the one the leaf commits to, and opens its source."""
        match = LEAF.fullmatch(record.leaf)
        if match is None:
            return
        stated = hashlib.sha256(b"trucewatch/envelope/1\0" + record.envelope).hexdigest()
        if stated.encode() != match[2]:
            self.problem(f"entry {index}: the envelope is not the one the leaf commits to")
            return
        opened = read_envelope(record.envelope)
        if opened is None:
            self.problem(f"entry {index}: the envelope cannot be read")
            return
        source, commitment = opened.source, match[10]
        if self._names.get(commitment) == (source, opened.salt):
            return
        if source_commitment(opened) != commitment.decode():
            self.problem(f"entry {index}: the salt does not open the source of the leaf")
            return
        self._names[commitment] = source, opened.salt
        if self._commitments.setdefault(source, commitment) != commitment:
            self.problem(f"entry {index}: its source had another commitment before")


def source_commitment(envelope: Envelope) -> str:
    """What the leaf says of the source of this envelope."""
    secret = bytes.fromhex(envelope.salt) + envelope.source.encode()
    return hashlib.sha256(b"trucewatch/source/1\0" + secret).hexdigest()


def read_envelope(data: bytes) -> Envelope | None:
    """What an envelope says; None unless it is the object it should be, in its one spelling.

    For texts alone that is JSON with sorted keys and no spaces.
    """
    repeated = False

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        found = dict(items)
        repeated = repeated or len(found) != len(items)
        return found

    try:
        fields = json.loads(data.decode(), object_pairs_hook=pairs)
        spelling = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        if spelling.encode() != data:
            return None
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or repeated:
        return None
    sealed = fields.keys() == _ENVELOPE_KEYS | {"payload", "length"}
    if not sealed and fields.keys() != _ENVELOPE_KEYS:
        return None
    source, name, media, salt = (str(fields[key]) for key in ("source", "name", "media", "salt"))
    # In Python 1.0 and true are 1 as well.
    version = type(fields["v"]) is int and fields["v"] == (2 if sealed else 1)
    texts = all(isinstance(value, str) for key, value in fields.items() if key != "v")
    if not texts or not version or not re.fullmatch("[0-9a-f]{64}", salt):
        return None
    if not sealed:
        return Envelope(source, name, media, salt)
    payload, length = fields["payload"], fields["length"]
    if not re.fullmatch("[0-9a-f]{64}", payload) or not re.fullmatch("0|[1-9][0-9]{0,17}", length):
        return None
    return Envelope(source, name, media, salt, payload, int(length))
