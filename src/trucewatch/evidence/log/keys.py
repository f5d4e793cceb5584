"""Changes of the key that signs the log: each is an entry, and the entry is what decides.

The statement of a change is the payload of a `role` entry and lies public as
`keychange/<index of the entry, 12 digits>`. `vkeys` lists every key with the sizes that it signs.
Nothing but one change is under way at a time, and its entry is the last of the journal until it is
through; so what a crash left follows from that entry: with it the change is finished, without it
the key that was made for it is thrown away.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import rfc8785

from trucewatch.errors import EvidenceError, LogDamaged
from trucewatch.evidence.log.storage import exists, make_folders, parent, place_durably
from trucewatch.evidence.tlog.notes import Signer, Verifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.log.storage import Disk

SCHEMA = "trucewatch.key/1"
ENTRY = "key"
"""The name of the entry that changes the key; no other entry may have it with its kind."""

VERIFIER = "vkey"
SIGNER = "key/signing"
NEXT = "key/next"
"""The key that is to sign next, while a change is under way."""

CHANGES = "keychange"
HISTORY = "vkeys"

# A note's text holds no zero byte, so that no signature over one can be taken for another's.
_PREFIX = SCHEMA.encode() + b"\0"
_FIELDS = {
    *("schema", "why", "origin", "old", "new", "size", "root", "trusted", "by", "reason"),
    "signatures",
}
STATEMENT_LIMIT = 65_536
_ROOT = re.compile("[0-9a-f]{64}")


class Why(StrEnum):
    """Why a key goes: by plan, or because somebody else may hold it, or nobody does any more."""

    ROTATION = "rotation"
    COMPROMISE = "compromise"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """The statement that another key signs the log from now on.

    `old` and `new` are verifier keys. The change is entry number `size`, and `root` (hex) is that
    of the entries before it. The old key's signature counts up to `trusted` entries: all of `size`
    after a rotation, and as many as were beyond doubt after a compromise. All of it is published.
    """

    why: Why
    origin: str
    old: str
    new: str
    size: int
    root: str
    trusted: int
    by: str
    reason: str

    def statement(self) -> bytes:
        """What is signed."""
        return _PREFIX + rfc8785.dumps({**self._fields()})

    def _fields(self) -> dict[str, str]:
        return {
            "schema": SCHEMA,
            "why": self.why.value,
            "origin": self.origin,
            "old": self.old,
            "new": self.new,
            "size": str(self.size),
            "root": self.root,
            "trusted": str(self.trusted),
            "by": self.by,
            "reason": self.reason,
        }

    def sign(self, new: Signer, old: Signer | None) -> bytes:
        """The payload of the entry: the statement, signed by the new key, and the old one's word.

        The old key signs a rotation and nothing else: after a compromise its word proves nothing.
        ValueError for more words than any reader of the log would take.
        """
        signatures = {"new": base64.b64encode(new.sign(self.statement())).decode()}
        if self.why is Why.ROTATION:
            if old is None:
                raise EvidenceError("a rotation is signed by the old key, which is not here")
            signatures["old"] = base64.b64encode(old.sign(self.statement())).decode()
        payload = rfc8785.dumps({**self._fields(), "signatures": dict(sorted(signatures.items()))})
        if len(payload) > STATEMENT_LIMIT:
            raise ValueError(f"a change of key takes at most {STATEMENT_LIMIT} bytes of words")
        return payload


def read_change(payload: bytes, *, at: int | None = None) -> KeyChange:
    """Read the payload of a change and check its signatures; LogDamaged for any other bytes.

    `at` is the index of the entry that it must be, where the caller knows it.
    """
    if len(payload) > STATEMENT_LIMIT:
        raise LogDamaged("a change of key is longer than any can be")
    try:
        data = json.loads(payload.decode())
        if not isinstance(data, dict) or set(data) != _FIELDS or rfc8785.dumps(data) != payload:
            raise ValueError("it is not in its one form")
        if not all(isinstance(data[key], str) for key in _FIELDS - {"signatures"}):
            raise ValueError("a field is not a text")
        if not _ROOT.fullmatch(data["root"]):
            raise ValueError("the root is not a SHA-256 in hex")
        change = KeyChange(
            why=Why(data["why"]),
            origin=data["origin"],
            old=data["old"],
            new=data["new"],
            size=int(data["size"]),
            root=data["root"],
            trusted=int(data["trusted"]),
            by=data["by"],
            reason=data["reason"],
        )
        signatures = data["signatures"]
        names = {"new", "old"} if change.why is Why.ROTATION else {"new"}
        if not isinstance(signatures, dict) or set(signatures) != names:
            raise ValueError("it has not the signatures that it needs")
        held = {name: base64.b64decode(signatures[name], validate=True) for name in names}
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise LogDamaged(f"a change of key cannot be read: {error}") from error
    if {**change._fields(), "signatures": signatures} != data:
        raise LogDamaged("a change of key is not in its one form")
    keys = {"old": Verifier.parse(change.old), "new": Verifier.parse(change.new)}
    if any(key.name != change.origin for key in keys.values()) or change.old == change.new:
        raise LogDamaged("a change of key is not from one key of this log to another")
    least = change.size if change.why is Why.ROTATION else 0
    if not least <= change.trusted <= change.size or at not in (None, change.size):
        raise LogDamaged("a change of key does not stand where it says")
    for name, signature in held.items():
        if not keys[name].signed(change.statement(), signature):
            raise LogDamaged(f"a change of key is not signed by the {name} key")
    return change


def change_path(size: int) -> str:
    """Where the statement of the change at entry `size` lies."""
    return f"{CHANGES}/{size:012}"


def read_changes(disk: Disk) -> tuple[KeyChange, ...]:
    """Every change that is published, in the order of the log; LogDamaged unless they are a chain.

    That each is an entry of the log is not looked up here: the auditor does.
    """
    changes: list[KeyChange] = []
    for name in disk.names(CHANGES):
        if not (len(name) >= 12 and name.isascii() and name.isdigit()):
            raise LogDamaged(f"{CHANGES}/{name} is not the name of a change of key")
        change = read_change(disk.read(f"{CHANGES}/{name}"), at=int(name))
        if changes and (changes[-1].new != change.old or changes[-1].size >= change.size):
            raise LogDamaged(f"{CHANGES}/{name} does not follow from the change before it")
        changes.append(change)
    return tuple(changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """A key and the sizes of the checkpoints that it signs, both included.

    `last` is None for the key in use. `why` says what ended the others.
    """

    vkey: str
    first: int
    last: int | None = None
    why: Why | None = None


def history(
    changes: Sequence[KeyChange], current: str, size: int | None = None
) -> tuple[HeldKey, ...]:
    """The keys of a log from its first to `current`, or to the one in use after `size` entries.

    After a rotation the old key signs one checkpoint more, the first that the new one signs.
    """
    keys = []
    if size is not None and any(change.size >= size for change in changes):
        current = next(change.old for change in changes if change.size >= size)
        changes = [change for change in changes if change.size < size]
    first = 0
    for change in changes:
        last = change.size + 1 if change.why is Why.ROTATION else change.trusted
        keys.append(HeldKey(vkey=change.old, first=first, last=last, why=change.why))
        first = change.size + 1
    return (*keys, HeldKey(vkey=current, first=first))


def history_text(keys: Sequence[HeldKey]) -> str:
    """The file `vkeys`: first size, last size or a dash, and key, a line each."""
    return "".join(
        f"{key.first} {'-' if key.last is None else key.last} {key.vkey}\n" for key in keys
    )


def keep_next(disk: Disk, signer: Signer) -> None:
    """Make the key that is to sign next durable, before the log names it."""
    place_durably(disk, NEXT, f"{signer.skey()}\n".encode(), private=True)


def drop_next(disk: Disk) -> None:
    """Throw away what is kept of a change that is through, or that never came to be."""
    disk.remove(NEXT)
    disk.sync_folder(parent(NEXT))


def publish_change(disk: Disk, change: KeyChange, payload: bytes) -> None:
    """Lay the statement out for everybody; readers need it as soon as the new key signs."""
    make_folders(disk, CHANGES, private=False)
    place_durably(disk, change_path(change.size), payload, private=False)


def settle(disk: Disk, new: Signer) -> None:
    """Make the new key the log's own: the public half first, the only other copy last."""
    current = new.verifier.vkey()
    text = history_text(history(read_changes(disk), current))
    place_durably(disk, HISTORY, text.encode(), private=False)
    place_durably(disk, VERIFIER, f"{current}\n".encode(), private=False)
    place_durably(disk, SIGNER, f"{new.skey()}\n".encode(), private=True)
    if exists(disk, NEXT):
        drop_next(disk)
