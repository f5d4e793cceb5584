"""The auditor's own reading of the log's keys: which key signs which sizes, and who said so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trucewatch.evidence.audit.published import (
    key_id,
    key_material,
    published_key,
    strict_base64,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from trucewatch.evidence.audit.records import Problem

FOLDER = "keychange"
SCHEMA = "trucewatch.key/1"
LIMIT = 65_536
_TEXTS = ("by", "new", "old", "origin", "reason", "root", "schema", "size", "trusted", "why")
_NUMBER = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of key that was signed as it must be. `old` and `new` are type byte and key.

    The entry is number `size`, `root` that of the entries before it. The old key's word counts up
    to `trusted` entries; `planned` is False after a compromise.
    """

    old: bytes
    new: bytes
    size: int
    root: bytes
    trusted: int
    planned: bool
    digest: bytes


class Keyring:
    """The keys of one log, in the order in which they sign it."""

    def __init__(self, name: str, current: bytes, changes: tuple[Change, ...]) -> None:
        self.name = name
        self.current = current
        self.changes = changes

    def at(self, size: int) -> tuple[bytes, ...]:
        """The keys that must have signed the checkpoint of this size: one, or two after a change.

        The first checkpoint behind a planned change bears both, so that who knows only the old key
        can follow.
        """
        behind = [change for change in self.changes if change.size < size]
        if not behind:
            return (self.changes[0].old if self.changes else self.current,)
        last = behind[-1]
        if last.planned and size == last.size + 1:
            return (last.new, last.old)
        return (last.new,)

    def vkeys_at(self, size: int) -> tuple[str, ...]:
        """The same keys as they are published."""
        return tuple(written(self.name, key) for key in self.at(size))

    def known(self) -> tuple[bytes, ...]:
        """Every key that the log ever had, from the first on."""
        return (*(change.old for change in self.changes), self.current)

    def as_of(self, size: int | None) -> Keyring:
        """The keys as the log's first `size` entries tell of them; None: all entries."""
        told = tuple(each for each in self.changes if size is None or each.size < size)
        if len(told) == len(self.changes):
            return self
        return Keyring(self.name, self.changes[len(told)].old, told)

    def reaches(self, size: int) -> bool:
        """Whether the word of a key that signs a checkpoint of this size reaches so far."""
        words = [self.word(key) for key in self.at(size)]
        return any(word is None or size <= word for word in words)

    def vkeys(self) -> tuple[str, ...]:
        """Every key that the log ever had, as they are published; the one in use is the last."""
        return tuple(written(self.name, key) for key in self.known())

    def doubt(self, vkey: str) -> str:
        """Why the present key does not follow from `vkey`, as it is published; empty if it does."""
        vkeys = self.vkeys()
        if vkey not in vkeys:
            return "the log never had the key that you know: it is another log, or made anew"
        for change in self.changes[vkeys.index(vkey) :]:
            if not change.planned:
                return (
                    f"at entry {change.size} the log took a new key as the one before it was "
                    "compromised, and the old key vouches for nothing behind "
                    f"{change.trusted} entries. Ask the mission by another way, and the witnesses, "
                    "for the key that signs now, and check with that"
                )
        return ""

    def word(self, key: bytes) -> int | None:
        """Up to how many entries the signature of a key counts; None without an end.

        KeyError for a key that the log never had.
        """
        for change in self.changes:
            if change.old == key:
                return change.size + 1 if change.planned else change.trusted
        if key != self.current:
            raise KeyError("not a key of this log")
        return None

    def listing(self) -> str:
        """What the file `vkeys` must say: first size, last size or a dash, and key."""
        lines = []
        first = 0
        for key, change in zip(self.known(), (*self.changes, None), strict=True):
            last = self.word(key)
            vkey = written(self.name, key)
            lines.append(f"{first} {'-' if last is None else last} {vkey}\n")
            first = 0 if change is None else change.size + 1
        return "".join(lines)

    def entries(self, roles: Mapping[int, bytes], folder: Path, problem: Problem) -> None:
        """Hold the changes against the log: `roles` are its entries of that kind, with payload."""
        known = {change.size: change for change in self.changes}
        for size, change in known.items():
            if roles.get(size) != change.digest:
                problem(f"{FOLDER}/{size:012}: entry {size} of the log is not this change of key")
        for index in sorted(roles.keys() - known.keys()):
            if _names_key(folder, roles[index].decode()):
                problem(f"entry {index}: it changes the key, and nothing in {FOLDER}/ signs that")


def written(name: str, key: bytes) -> str:
    """A key as it is published."""
    return f"{name}+{key_id(name, key).hex()}+{base64.b64encode(key).decode()}"


def _names_key(folder: Path, payload: str) -> bool:
    """Whether a payload says that it changes the key, in whatever form."""
    try:
        with (folder / "payload" / payload[:2] / payload[2:]).open("rb") as file:
            data = json.loads(file.read(LIMIT + 1).decode())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("schema") == SCHEMA


def read_keyring(folder: Path, problem: Problem) -> Keyring | None:
    """The keys of the log in `folder`; None, and problems, unless they are one signed chain.

    That each change is an entry of the log is checked by `entries`, once those have been read.
    """
    found = published_key(folder, problem)
    if found is None:
        return None
    name, current = found
    changes: list[Change] = []
    whole = True
    for path in _files(folder / FOLDER):
        where = f"{FOLDER}/{path.name}"
        try:
            if not path.is_file() or not re.fullmatch("[0-9]{12,19}", path.name):
                raise ValueError("not the name of a change of key")
            change = read_statement(path.read_bytes(), name)
            if path.name != f"{change.size:012}":
                raise ValueError(f"it is the change at entry {change.size}")
            if changes and (changes[-1].new, True) != (change.old, changes[-1].size < change.size):
                raise ValueError("it does not go on from the change before it")
        except ValueError as error:
            problem(f"{where}: {error}")
            whole = False
            continue
        changes.append(change)
    ring = Keyring(name, current, tuple(changes))
    if whole and changes and changes[-1].new != current:
        problem("vkey: no change that was signed leads to this key")
        whole = False
    if whole and not _listed(folder, ring):
        problem("vkeys: not what the changes of key make it")
    return ring if whole else None


def _files(folder: Path) -> Iterable[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else ()


def _listed(folder: Path, ring: Keyring) -> bool:
    path = folder / "vkeys"
    if not ring.changes:
        return not path.exists()
    try:
        return path.read_bytes() == ring.listing().encode()
    except FileNotFoundError:
        return False


def read_statement(data: bytes, name: str) -> Change:
    """Read a change of key of the log `name` and check who signed it; ValueError with the fault."""
    if len(data) > LIMIT:
        raise ValueError("longer than any change of key")
    fields = _object(data)
    signatures = fields.pop("signatures", None)
    texts = {key: value for key, value in fields.items() if isinstance(value, str)}
    if sorted(texts) != sorted(_TEXTS) or len(texts) != len(fields) or texts["schema"] != SCHEMA:
        raise ValueError("not a change of key of version 1")
    if texts["origin"] != name:
        raise ValueError("a change of another log's key")
    needed = {"rotation": ["new", "old"], "compromise": ["new"]}.get(texts["why"])
    if not isinstance(signatures, dict) or sorted(signatures) != needed:
        raise ValueError("nobody signed it, or not those who must")
    keys = {which: key_material(texts[which], name) for which in ("old", "new")}
    text = SCHEMA.encode() + b"\0" + _spelling(texts)
    for which in needed:
        signature = signatures[which]
        if not isinstance(signature, str) or not _signed(keys[which], text, signature):
            raise ValueError(f"the {which} key did not sign it")
    numbers = [texts["size"], texts["trusted"]]
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ValueError("a size is not a decimal number")
    size, trusted = (int(number) for number in numbers)
    if not re.fullmatch("[0-9a-f]{64}", texts["root"]):
        raise ValueError("the root is not a SHA-256 in hex")
    if keys["old"] == keys["new"] or trusted > size or (len(needed) == 2 and trusted < size):
        raise ValueError("what it says cannot be")
    digest = hashlib.sha256(data).hexdigest().encode()
    root = bytes.fromhex(texts["root"])
    return Change(keys["old"], keys["new"], size, root, trusted, len(needed) == 2, digest)


def _object(data: bytes) -> dict[str, object]:
    """A JSON object in the one spelling that RFC 8785 leaves to texts and objects of texts."""

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(items)
        if len(found) != len(items):
            raise ValueError("a key stands twice")
        return found

    try:
        fields = json.loads(data.decode(), object_pairs_hook=pairs)
    except RecursionError:
        raise ValueError("not a change of key") from None
    if not isinstance(fields, dict) or _spelling(fields) != data:
        raise ValueError("not in its one form")
    return fields


def _spelling(fields: Mapping[str, object]) -> bytes:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def _signed(key: bytes, text: bytes, signature: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(strict_base64(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
