"""Payloads: bytes exactly as received, each in a file named by its own SHA-256."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence.log.storage import Disk, make_folders, parent, place

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = "payload"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def payload_path(digest: str) -> str:
    """Where a payload lies: two hex digits of folder, sixty-two of name."""
    return f"{FOLDER}/{digest[:2]}/{digest[2:]}"


class Payloads:
    """The store of payloads of one log."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folders: set[str] = set()

    def keep(self, payloads: Iterable[tuple[str, bytes]]) -> None:
        """Make payloads durable, each given with its digest; one folder sync for many files.

        What lies there already is read and compared, so that a damaged copy is never adopted
        (LogDamaged), and synced again, as nobody knows how it came to be there.
        """
        touched: set[str] = set()
        for digest, data in payloads:
            path = payload_path(digest)
            folder = parent(path)
            if folder not in self._folders:
                make_folders(self._disk, folder, private=True)
                self._folders.add(folder)
            try:
                found = self._disk.read(path)
            except FileNotFoundError:
                place(self._disk, path, data, private=True)
            else:
                if found != data:
                    raise LogDamaged(f"payload {digest} on disk differs from its name")
                self._disk.sync_file(path)
            touched.add(folder)
        for folder in sorted(touched):
            self._disk.sync_folder(folder)

    def read(self, digest: str) -> bytes:
        """The bytes, hashed again on every read: LogDamaged if they differ, NotFound if absent."""
        if not _DIGEST.fullmatch(digest):
            raise NotFound(f"no payload is called {digest!r}")
        try:
            data = self._disk.read(payload_path(digest))
        except FileNotFoundError as error:
            raise NotFound(f"no payload {digest} in this log") from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise LogDamaged(f"payload {digest} on disk differs from its name")
        return data
