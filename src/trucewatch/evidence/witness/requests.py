"""What a log sends to a witness (C2SP tlog-witness, add-checkpoint), read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.merkle import HASH_SIZE
from trucewatch.evidence.tlog.notes import signature, split_note, unbase64

LARGEST_REQUEST = 64 * 1024
"""Bytes of a request; a checkpoint with a hundred cosignatures and 63 hashes takes a quarter."""

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LARGEST_TREE = (1 << 63) - 1
_MOST_HASHES = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A checkpoint, the size that its log believes the witness to know, and the proof of growth.

    `text` is what is signed, `signatures` are the lines below it; nothing is verified yet.
    """

    old: int
    proof: tuple[bytes, ...]
    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[str, ...]


def read_request(body: bytes) -> Request:
    """Read the body of a request; ValueError, in words, for anything but the one form."""
    if len(body) > LARGEST_REQUEST:
        raise ValueError(f"the request is longer than {LARGEST_REQUEST} bytes")
    try:
        head, gap, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise ValueError("the request is not UTF-8") from error
    first, *hashes = head.split("\n")
    old = _OLD.fullmatch(first)
    if old is None or not gap or len(hashes) > _MOST_HASHES:
        raise ValueError(
            "a request is a line 'old SIZE', at most 63 hashes, an empty line and a checkpoint"
        )
    try:
        text, signatures = split_note(note)
        for line in signatures:
            signature(line)
    except LogDamaged as error:
        raise ValueError(str(error)) from error
    origin, size, root = _body(text)
    return Request(
        old=int(old[1]),
        proof=tuple(_hash(line) for line in hashes),
        origin=origin,
        size=size,
        root=root,
        text=text,
        signatures=tuple(signatures),
    )


def _body(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint; ValueError where a line is missing or empty."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise ValueError("a checkpoint has an origin, a size and a root, and no empty line")
    size = int(lines[1])
    if size > _LARGEST_TREE:
        raise ValueError("no log has so many entries")
    return lines[0], size, _hash(lines[2])


def _hash(line: str) -> bytes:
    data = unbase64(line)
    if len(data) != HASH_SIZE:
        raise ValueError("a hash has 32 bytes")
    return data
