"""Passwords that were breached elsewhere: looked up in a file of this machine, and nowhere else.

The file is that of Have I Been Pwned: a line "HASH:COUNT" for each, SHA-1 in hexadecimal, sorted.
It has tens of gigabytes, so it is searched where it lies.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

LONGEST_LINE = 80
_LINE = re.compile(rb"([0-9A-Fa-f]{40}):[0-9]{1,20}\r?\n?")
_NTLM = re.compile(rb"[0-9A-Fa-f]{32}:[0-9]{1,20}\r?\n?")
FIRST, LAST = b"0" * 40, b"F" * 40


class NoList(ValueError):
    """The file cannot be read, or is no such list; the message says what is wrong with it."""


def is_breached(path: Path, password: str) -> bool:
    """Whether a password stands on the list, as it was typed or in the form it is kept in.

    NoList where the list cannot be read, or turns out to be none on the way through it.
    """
    forms = {password, unicodedata.normalize("NFKC", password)}
    return any(stands(path, _hash(form)) for form in sorted(forms))


def check(path: Path) -> None:
    """Look along both edges of the list; NoList where it is none. It is not read whole."""
    stands(path, FIRST)
    stands(path, LAST)


def stands(path: Path, wanted: bytes) -> bool:
    """Whether a hash, in capitals, is one of the list: by halves, some forty reads of a line."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if not size:
                raise NoList("it is empty")
            return _found(file, size, wanted)
    except OSError as fault:
        raise NoList(f"it cannot be read: {fault.strerror}") from None


def _found(file: BinaryIO, size: int, wanted: bytes) -> bool:
    # Lines that begin before `low` are smaller than what is wanted, those from `high` on are not.
    low, high = 0, size
    smallest, largest = FIRST, LAST
    while low < high:
        middle = (low + high) // 2
        start = low if middle == low else _next_line(file, middle)
        if start >= high:
            high = middle
            continue
        held, end = _line(file, start)
        if not smallest <= held <= largest:
            raise NoList("its hashes are not sorted")
        if held < wanted:
            low, smallest = end, held
        else:
            high, largest = start, held
    return low < size and _line(file, low)[0] == wanted


def _next_line(file: BinaryIO, place: int) -> int:
    """Where the first line begins that begins at a place or after it."""
    file.seek(place - 1)
    rest = file.readline(LONGEST_LINE)
    if len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
        raise NoList("a line is none of 'HASH:COUNT'")
    return file.tell()


def _line(file: BinaryIO, start: int) -> tuple[bytes, int]:
    """The hash of the line that begins there, and where the line ends."""
    file.seek(start)
    line = file.readline(LONGEST_LINE)
    found = _LINE.fullmatch(line)
    if found is None:
        ntlm = _NTLM.fullmatch(line) is not None
        raise NoList(
            "its hashes are NTLM: take the list of SHA-1"
            if ntlm
            else "a line is none of 'HASH:COUNT' with a SHA-1 of 40 digits"
        )
    return found.group(1).upper(), file.tell()


def _hash(password: str) -> bytes:
    # No security rests on SHA-1 here: it is what the list is made of.
    made = hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False)
    return made.hexdigest().upper().encode()
