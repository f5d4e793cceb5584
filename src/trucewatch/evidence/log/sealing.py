"""Payloads encrypted to the keys of a mission's roles, each as one age file of its own.

age makes a fresh file key for every file, so the same bytes are never the same ciphertext. What is
public of an entry is the ciphertext's hash and length: nobody without an identity can confirm a
guess, and the auditor needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import Locked, LogDamaged, MissingExtra
from trucewatch.evidence.log.entries import EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucewatch.evidence.log.entries import NewEntry

SEALED = frozenset(
    {
        EntryKind.REPORT,
        EntryKind.REVIEW,
        EntryKind.REPLY,
        EntryKind.DECISION,
        EntryKind.NOTICE,
    }
)
"""Kinds of entry whose payloads are encrypted; the rest is needed by those without a key."""


class Sealer:
    """Encrypts to age recipients ("age1…"); MissingExtra without pyrage, ValueError for no key."""

    def __init__(self, recipients: Sequence[str]) -> None:
        try:
            from pyrage import RecipientError, encrypt, x25519
        except ImportError as error:
            raise MissingExtra("encrypting payloads", "encryption") from error
        try:
            self._recipients = [x25519.Recipient.from_str(each) for each in recipients]
        except RecipientError as error:
            raise ValueError("not a public key of age") from error
        self._encrypt = encrypt

    def seal(self, payload: bytes) -> bytes:
        """The payload as an age file to all recipients; any one identity opens it."""
        return bytes(self._encrypt(payload, self._recipients))


def sealer_of(
    entries: Sequence[NewEntry], recipients: Callable[[], Sequence[str]]
) -> Sealer | None:
    """What encrypts these entries; None where none of them is to be encrypted."""
    keys = recipients() if any(entry.kind in SEALED for entry in entries) else ()
    return Sealer(keys) if keys else None


class Opener:
    """Decrypts with age identities ("AGE-SECRET-KEY-1…"), which it never shows.

    MissingExtra without pyrage, ValueError for what is no identity.
    """

    def __init__(self, identities: Sequence[str]) -> None:
        try:
            from pyrage import DecryptError, IdentityError, decrypt, x25519
        except ImportError as error:
            raise MissingExtra("reading encrypted payloads", "encryption") from error
        try:
            self._identities = [x25519.Identity.from_str(each) for each in identities]
        except IdentityError:
            # Without the cause: it may quote the key.
            raise ValueError("not an identity of age") from None
        self._decrypt, self._refused = decrypt, DecryptError

    def open(self, data: bytes) -> bytes:
        """The payload of an age file; Locked where no identity of ours opens it."""
        try:
            return bytes(self._decrypt(data, self._identities))
        except self._refused as error:
            if str(error) == "No matching keys found":
                raise Locked("this payload is encrypted to other keys than yours") from None
            raise LogDamaged(f"an encrypted payload cannot be opened: {error}") from error


def locked(digest: str) -> Locked:
    """What is raised where a payload is encrypted and nobody has named an identity."""
    return Locked(
        f"payload {digest} is encrypted: name the file of an age identity that opens it with "
        "'trucewatch --identity FILE …' or TRUCEWATCH_IDENTITY"
    )
