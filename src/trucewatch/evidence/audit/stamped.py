"""The auditor's own reading of time stamps (RFC 3161): of what they are stamps, and no more."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.evidence.audit.records import Problem

FOLDER = "stamped"
LIMIT = 1 << 16
_NAME = re.compile(r"([0-9]{12,19})\.tsr")

_SEQUENCE, _SET, _INTEGER, _OCTETS, _OID, _FIRST = 0x30, 0x31, 0x02, 0x04, 0x06, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TIME_STAMP = bytes.fromhex("2a864886f70d0109100104")
_SHA256 = bytes.fromhex("608648016503040201")
_NULL = b"\x05\x00"


class _Items:
    """What stands one after another within a value in DER; ValueError for anything else."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, tag: int) -> bytes:
        """The content of the next item, which must have this tag."""
        data, at = self._data, self._at
        if len(data) - at < 2 or data[at] != tag:
            raise ValueError("not in the form of a time stamp")
        length, at = data[at + 1], at + 2
        if length > 0x80:
            width = length & 0x7F
            digits = data[at : at + width]
            length, at = int.from_bytes(digits, "big"), at + width
            # One spelling each: no length is written longer than it has to be.
            if not 1 <= width <= 4 or len(digits) != width or length >> (8 * width - 8) == 0:
                raise ValueError("a length is not in its one spelling")
            if length < 0x80:
                raise ValueError("a length is not in its one spelling")
        elif length == 0x80:
            raise ValueError("a length is left open")
        if length > len(data) - at:
            raise ValueError("it breaks off")
        self._at = at + length
        return data[at : self._at]

    def rest(self) -> bytes:
        """What is behind the items that were taken."""
        return self._data[self._at :]


def imprint(data: bytes) -> bytes:
    """The SHA-256 that an answer of an authority puts a time to; ValueError where it does not.

    Who signed it, and whether, is not looked at.
    """
    if len(data) > LIMIT:
        raise ValueError(f"more than {LIMIT} bytes")
    whole = _Items(data)
    response = _Items(whole.take(_SEQUENCE))
    if whole.rest():
        raise ValueError("something stands behind it")
    if _Items(response.take(_SEQUENCE)).take(_INTEGER) != b"\x00":
        raise ValueError("it was not granted")
    token = _Items(response.take(_SEQUENCE))
    signed = _Items(_content(token, _SIGNED_DATA).take(_SEQUENCE))
    signed.take(_INTEGER)
    signed.take(_SET)
    held = _Items(_content(_Items(signed.take(_SEQUENCE)), _TIME_STAMP).take(_OCTETS))
    info = _Items(held.take(_SEQUENCE))
    info.take(_INTEGER)
    info.take(_OID)
    stamped = _Items(info.take(_SEQUENCE))
    algorithm = _Items(stamped.take(_SEQUENCE))
    digest = stamped.take(_OCTETS)
    if algorithm.take(_OID) != _SHA256 or algorithm.rest() not in {b"", _NULL} or len(digest) != 32:
        raise ValueError("it is not of a SHA-256")
    return digest


def _content(items: _Items, kind: bytes) -> _Items:
    """What a value of this kind holds."""
    if items.take(_OID) != kind:
        raise ValueError("not in the form of a time stamp")
    return _Items(items.take(_FIRST))


def signed_text(origin: str, size: int, root: bytes) -> str:
    """What is signed of a checkpoint."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def expected(origin: str, size: int, root: bytes) -> bytes:
    """The SHA-256 of that, which a stamp must name."""
    return hashlib.sha256(signed_text(origin, size, root).encode()).digest()


def stamp_files(folder: Path, problem: Problem) -> Iterator[tuple[int, Path]]:
    """The files of `stamped/` by their sizes; what has no such name is told."""
    for path in sorted((folder / FOLDER).iterdir()) if (folder / FOLDER).is_dir() else []:
        found = _NAME.fullmatch(path.name)
        size = int(found[1]) if found else -1
        if path.is_file() and path.name == f"{size:012}.tsr":
            yield size, path
        else:
            problem(f"{FOLDER}/{path.name}: not the name of a time stamp")


def read_stamp(path: Path) -> bytes:
    """A file, of which no more than one byte too many is read."""
    with path.open("rb") as file:
        return file.read(LIMIT + 1)
