"""Public keys that people write into `mission.toml`, checked before anything rests on them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

LOG, WITNESS = b"\x01", b"\x04"
"""The types of Ed25519 keys: what a log signs with, and what cosigns (C2SP signed-note)."""

_USES = {LOG: ("log", "signatures"), WITNESS: ("witness", "cosignatures")}
_PLAIN = re.compile(r"[!-~]{1,500}")


def checked_key(vkey: str, use: bytes) -> str:
    """A key in one line, name+hash+key, as it was given; ValueError for one that is not of `use`.

    A key under which anybody can sign is refused as well.
    """
    whose, what = _USES[use]
    form = f"the key of a {whose} is one line: name+hash+key"
    name, stated, encoded = [*vkey.split("+", 2), "", ""][:3]
    try:
        key = base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError(form) from None
    if key[:1] != use or len(key) != 33:
        raise ValueError(f"the key of a {whose} is for Ed25519 {what}: its type is {use.hex()}")
    # The name of a log's key must be its origin, which is held against it where both stand.
    if use == WITNESS and not _PLAIN.fullmatch(name):
        raise ValueError(form)
    if hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != stated:
        raise ValueError(f"the key of this {whose} does not match its own hash")
    # Only a mission that names keys pays for the library.
    from trucewatch.evidence.tlog.notes import public_key

    public_key(key[1:])
    return vkey
