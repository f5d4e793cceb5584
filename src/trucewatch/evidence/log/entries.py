"""What an entry is: the public leaf, the private envelope, and the nouns that callers see."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.merkle import leaf_hash

LEAF_LIMIT = 65_535
ENVELOPE_LIMIT = 1 << 20
ERASING = b'"kind":"erased"'
"""What the leaf of an erasure holds, and no other: a source's name stands hashed in a leaf."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,30}")
_LENGTH = re.compile(r"0|[1-9][0-9]{0,17}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LEAF_FIELDS = {
    *("clock", "envelope", "kind", "length", "payload", "previous", "received", "sequence"),
    *("source", "uncertainty", "v"),
}
_ENVELOPE_FIELDS = {"media", "name", "nonce", "salt", "source", "v"}
_SEALED_FIELDS = {*_ENVELOPE_FIELDS, "length", "payload"}
# Python escapes in a text what RFC 8785 has escaped, and spells it so.
_quoted = json.JSONEncoder(ensure_ascii=False).encode


class EntryKind(StrEnum):
    """What an entry is about; readers of the log pass over kinds that do not concern them."""

    REPORT = "report"
    REVIEW = "review"
    REPLY = "reply"
    NOTICE = "notice"
    STATEMENT = "statement"
    SOURCE = "source"
    AGREEMENT = "agreement"
    ROLE = "role"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ERASED = "erased"
    HEARTBEAT = "heartbeat"
    BULLETIN = "bulletin"
    PARAMETERS = "parameters"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What is to be recorded; `payload` is kept byte for byte.

    `name` and `media` are what the sender called it; they stay private with the source. A text
    that UTF-8 cannot hold (a surrogate from a file name) is refused with ValueError.
    """

    kind: EntryKind
    source: str
    payload: bytes
    name: str = ""
    media: str = "application/octet-stream"

    def __post_init__(self) -> None:
        if not self.source:
            raise ValueError("an entry has a source")
        for text in (self.source, self.name, self.media):
            try:
                size = len(text.encode())
            except UnicodeEncodeError as error:
                raise ValueError(f"not a text that UTF-8 can hold: {text!r}") from error
            if size > 4096:
                raise ValueError("source, name and media are at most 4096 bytes long")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry of the log. `sequence` counts the entries of its source from 0.

    `payload` is the SHA-256 (hex) of the bytes as received, and `stored` the name under which they
    lie: another one where they are encrypted. `received` never runs backwards along the log, so it
    may be later than what the clock said.
    """

    index: int
    kind: EntryKind
    source: str
    sequence: int
    payload: str
    stored: str
    length: int
    name: str
    media: str
    received: datetime
    leaf_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The log's word that an entry is durable at `index`; it is not yet published.

    `repeated` marks a report that was recorded before: the receipt is then that of the first.
    """

    origin: str
    index: int
    leaf_hash: str
    payload: str
    received: datetime
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The public part of an entry. Times are nanoseconds since 1970 UTC; digests are hex.

    `received` is the later of `clock` and the `received` before it. `previous` is the leaf hash
    of the same source's entry before, None at sequence 0.
    """

    kind: EntryKind
    source: str
    sequence: int
    previous: str | None
    payload: str
    length: int
    received: int
    uncertainty: int
    clock: int
    envelope: str
    policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The private part of an entry. One `salt` serves a source, one `nonce` an entry (hex).

    Neither is shown: who has them can open, or confirm by a guess, what the leaf hides.

    `payload` and `length` are those of the bytes as received, where what lies beside the log is
    encrypted (version 2); None where they lie there as they are (version 1).
    """

    source: str
    name: str
    media: str
    salt: str = field(repr=False)
    nonce: str = field(repr=False)
    payload: str | None = None
    length: int = 0


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since 1970 UTC; exact, as a datetime counts microseconds."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def moment(nanos: int) -> datetime:
    """The time in UTC; LogDamaged for one that no calendar holds."""
    try:
        return _EPOCH + timedelta(microseconds=nanos // 1000)
    except OverflowError as error:
        raise LogDamaged("a time in the log lies outside the calendar") from error


def source_commitment(source: str, salt: str) -> str:
    """What the leaf says of the source: a name that only the salt can open."""
    return hashlib.sha256(
        b"trucewatch/source/1\0" + bytes.fromhex(salt) + source.encode()
    ).hexdigest()


def envelope_commitment(envelope: bytes) -> str:
    """What the leaf says of the envelope; salt and nonce inside keep it from being guessed."""
    return hashlib.sha256(b"trucewatch/envelope/1\0" + envelope).hexdigest()


def encode_leaf(leaf: Leaf) -> bytes:
    """The leaf as canonical JSON (RFC 8785). Numbers are strings: JCS is exact only to 2**53.

    Spelt out, as that is ten times quicker than a serialiser: the keys stand in their order, and
    a kind, a digest or a number holds nothing that JSON escapes.
    """
    policy = "" if leaf.policy is None else f'"policy":"{leaf.policy}",'
    previous = "null" if leaf.previous is None else f'"{leaf.previous}"'
    return (
        f'{{"clock":"{leaf.clock}","envelope":"{leaf.envelope}","kind":"{leaf.kind.value}",'
        f'"length":"{leaf.length}","payload":"{leaf.payload}",{policy}"previous":{previous},'
        f'"received":"{leaf.received}","sequence":"{leaf.sequence}","source":"{leaf.source}",'
        f'"uncertainty":"{leaf.uncertainty}","v":1}}'
    ).encode()


def encode_envelope(envelope: Envelope) -> bytes:
    """The envelope as canonical JSON (RFC 8785), spelt out as the leaf is."""
    if envelope.payload is not None:
        return (
            f'{{"length":"{envelope.length}","media":{_quoted(envelope.media)},'
            f'"name":{_quoted(envelope.name)},"nonce":{_quoted(envelope.nonce)},'
            f'"payload":"{envelope.payload}","salt":{_quoted(envelope.salt)},'
            f'"source":{_quoted(envelope.source)},"v":2}}'
        ).encode()
    return (
        f'{{"media":{_quoted(envelope.media)},"name":{_quoted(envelope.name)},'
        f'"nonce":{_quoted(envelope.nonce)},"salt":{_quoted(envelope.salt)},'
        f'"source":{_quoted(envelope.source)},"v":1}}'
    ).encode()


def decode_leaf(data: bytes) -> Leaf:
    """Read a leaf; LogDamaged unless it is exactly what `encode_leaf` would write."""
    fields = _object(data, "leaf")
    if set(fields) - {"policy"} != _LEAF_FIELDS or fields["v"] != 1:
        raise LogDamaged("a leaf has not the fields of version 1")
    previous = fields["previous"]
    try:
        leaf = Leaf(
            kind=EntryKind(_text(fields["kind"])),
            source=_digest(fields["source"]),
            sequence=_number(fields["sequence"]),
            previous=None if previous is None else _digest(previous),
            payload=_digest(fields["payload"]),
            length=_number(fields["length"]),
            received=_number(fields["received"]),
            uncertainty=_number(fields["uncertainty"]),
            clock=_number(fields["clock"]),
            envelope=_digest(fields["envelope"]),
            policy=_digest(fields["policy"]) if "policy" in fields else None,
        )
    except ValueError as error:
        raise LogDamaged(f"a leaf cannot be read: {error}") from error
    if encode_leaf(leaf) != data:
        raise LogDamaged("a leaf is not in canonical form")
    return leaf


def decode_envelope(data: bytes) -> Envelope:
    """Read an envelope; LogDamaged unless it is exactly what `encode_envelope` would write."""
    fields = _object(data, "envelope")
    sealed = fields.get("v") == 2
    if set(fields) != (_SEALED_FIELDS if sealed else _ENVELOPE_FIELDS) or fields["v"] not in (1, 2):
        raise LogDamaged("an envelope has not the fields of version 1 or 2")
    envelope = Envelope(
        **{name: _text(fields[name]) for name in ("source", "name", "media", "salt", "nonce")},
        payload=_digest(fields["payload"]) if sealed else None,
        length=_length(fields["length"]) if sealed else 0,
    )
    if encode_envelope(envelope) != data or not _DIGEST.fullmatch(envelope.salt):
        raise LogDamaged("an envelope is not in canonical form")
    return envelope


def stored_entry(index: int, leaf: bytes, envelope: bytes) -> StoredEntry:
    """Put the public and the private part of an entry together; LogDamaged if unreadable."""
    public, private = decode_leaf(leaf), decode_envelope(envelope)
    return StoredEntry(
        index=index,
        kind=public.kind,
        source=private.source,
        sequence=public.sequence,
        payload=private.payload or public.payload,
        stored=public.payload,
        length=public.length if private.payload is None else private.length,
        name=private.name,
        media=private.media,
        received=moment(public.received),
        leaf_hash=leaf_hash(leaf).hex(),
    )


def _object(data: bytes, what: str) -> dict[str, Any]:
    """A JSON object whose keys are all different."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            raise ValueError("a key stands twice")
        return found

    try:
        # UnicodeDecodeError and JSONDecodeError are ValueErrors; deep nesting is RecursionError.
        value = json.loads(data.decode(), object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise LogDamaged(f"a {what} is not proper JSON: {error}") from error
    if not isinstance(value, dict):
        raise LogDamaged(f"a {what} is not a JSON object")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise LogDamaged("a field is not a text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise LogDamaged("a field holds half of a character") from error
    return value


def _number(value: object) -> int:
    text = _text(value)
    if not _NUMBER.fullmatch(text):
        raise LogDamaged("a field is not a decimal number")
    return int(text)


def _length(value: object) -> int:
    text = _text(value)
    if not _LENGTH.fullmatch(text):
        raise LogDamaged("a length is not a count of bytes")
    return int(text)


def _digest(value: object) -> str:
    text = _text(value)
    if not _DIGEST.fullmatch(text):
        raise LogDamaged("a field is not a SHA-256 in hex")
    return text
