"""Passwords: how they are kept (argon2id), and which are refused.

The rules are those of NIST SP 800-63B and of OWASP ASVS 5.0, V6.2: a length, a list of what is
guessed first, and nothing about capitals or signs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from trucewatch.errors import MissingExtra, Refused

try:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError
except ImportError as error:
    raise MissingExtra("accounts", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST, LONGEST = 12, 256
"""In characters; a sentence is welcome."""

# RFC 9106, section 4, the second choice, for one lane: 64 MiB and three passes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, salt_len=16)
AT_ONCE = 2
"""How many are hashed at the same time: each takes 64 MiB, and others wait."""

COMMON = "common-passwords.txt"
_FEWEST = 5
_slots = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """The password as it is kept, with its parameters and its salt in it."""
    with _slots:
        return HASHER.hash(_same(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether it is the password; where none is kept (None), False after the same time."""
    text = _same(password) if len(password) <= LONGEST else ""
    with _slots:
        try:
            HASHER.verify(kept if kept is not None else _nobodys(), text)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed by other parameters than those of now."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return HASHER.hash("what nobody has chosen")


def check(password: str, *, about: Iterable[str]) -> None:
    """Refuse a password that is short or guessed early; Refused says which rule, never the words.

    `about` are the names that lie close: of the person, of the mission, of the program.
    """
    text = _same(password)
    if len(text) < SHORTEST:
        raise Refused(f"a password has {SHORTEST} characters or more: three words will do")
    if len(text) > LONGEST:
        raise Refused(f"a password has at most {LONGEST} characters")
    plain = text.casefold()
    if len(set(plain)) < _FEWEST or re.fullmatch(r"(.{1,6})\1+.{0,5}", plain):
        raise Refused("the password repeats itself: choose another")
    if plain in common() or _core(plain) in common() or _in_a_row(plain):
        raise Refused("the password is one that is guessed first: choose another")
    for name in about:
        # What is left beside the name must be long enough by itself.
        near = re.sub(r"\W+", "", name.casefold())
        bare = re.sub(r"\W+", "", plain)
        if len(near) > 2 and near in bare and len(bare.replace(near, "")) < SHORTEST // 2:
            raise Refused("the password is little more than a name that lies close: choose another")


def _same(password: str) -> str:
    """One form for what looks alike, whatever the keyboard; nothing is cut off."""
    return unicodedata.normalize("NFKC", password)


@cache
def common() -> frozenset[str]:
    """Passwords and words that are guessed first, in small letters."""
    text = files("trucewatch.app.web.accounts").joinpath(COMMON).read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _core(plain: str) -> str:
    """A password without the digits and signs at its ends, and with letters for signs in it."""
    bare = plain.strip("0123456789!?.,;:-_*+#@$%&/()=' ")
    return bare.translate(str.maketrans("013457@$!", "oieastasi"))


def _in_a_row(plain: str) -> bool:
    """Whether it follows the alphabet, the digits or the rows of a keyboard most of the way."""
    rows = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
    pairs = {row[i : i + 2] for row in rows for i in range(len(row) - 1)}
    pairs |= {pair[::-1] for pair in pairs}
    steps = [plain[i : i + 2] for i in range(len(plain) - 1)]
    return sum(step in pairs for step in steps) >= 0.8 * len(steps)
