"""Payloads: bytes exactly as received, each in a file named by its own SHA-256."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence.log.storage import Disk, make_folders, parent, place, place_many

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "payload"
MISSING, DAMAGED = "missing", "damaged"
# More new files than this are synced with everything on the disk, not each by itself.
FEW = 16
_DIGEST = re.compile(r"[0-9a-f]{64}")


def payload_path(digest: str) -> str:
    """Where a payload lies: two hex digits of folder, sixty-two of name."""
    return f"{FOLDER}/{digest[:2]}/{digest[2:]}"


class Payloads:
    """The store of payloads of one log."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folders: set[str] = set()

    def keep(self, payloads: Mapping[str, bytes]) -> list[str]:
        """Make payloads durable, given by their digest; tells in words what had to be repaired.

        What lies there already is read and compared: a copy that differs is replaced, as the
        bytes in hand are those of the name. One that agrees is synced again, as nobody knows how
        it came to be there.
        """
        wanting: dict[str, bytes] = {}
        found: list[str] = []
        account = []
        for digest, data in payloads.items():
            path = payload_path(digest)
            fault = self.fault(digest, data)
            if fault:
                wanting[path] = data
            else:
                found.append(path)
            if fault == DAMAGED:
                account.append(f"payload {digest} lay there damaged; replaced by the same bytes")
        if len(wanting) > FEW:
            self._place_together(wanting)
        else:
            self._place_each(wanting)
        for path in found:
            self._disk.sync_file(path)
        for folder in sorted({parent(path) for path in found}):
            self._disk.sync_folder(folder)
        return account

    def fault(self, digest: str, data: bytes) -> str:
        """What is wrong with the copy of these bytes on disk: MISSING, DAMAGED or nothing ("")."""
        try:
            return "" if self._disk.read(payload_path(digest)) == data else DAMAGED
        except FileNotFoundError:
            return MISSING

    def fault_of(self, name: str) -> str:
        """What is wrong with the file of this name, by its name alone; as `fault`."""
        try:
            self.read(name)
        except NotFound:
            return MISSING
        except LogDamaged:
            return DAMAGED
        return ""

    def _place_each(self, files: Mapping[str, bytes]) -> None:
        """One sync for each file, and one for each folder."""
        for path, data in files.items():
            folder = parent(path)
            if folder not in self._folders:
                make_folders(self._disk, folder, private=True)
                self._folders.add(folder)
            place(self._disk, path, data, private=True)
        for folder in sorted({parent(path) for path in files}):
            self._disk.sync_folder(folder)

    def _place_together(self, files: Mapping[str, bytes]) -> None:
        """A sync of everything, for all the files."""
        folders = {parent(path) for path in files} - self._folders
        for folder in sorted(folders):
            self._disk.make_folder(folder, private=True)
        place_many(self._disk, files, private=True)
        self._folders |= folders

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
