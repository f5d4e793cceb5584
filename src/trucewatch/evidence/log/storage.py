"""The one door to the disk: what the log asks of it, and the atomic write made from that."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from trucewatch.errors import LogDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Disk(Protocol):
    """Files of one log, named by paths relative to its folder, with "/" between the parts.

    Nothing is durable until `sync_file` (the bytes) and `sync_folder` (the name) have returned, or
    `sync_all` for both.
    Every method raises OSError as the system does; FileNotFoundError where a file is absent.
    """

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        """The bytes from `start`; fewer than `length` at the end of the file."""
        ...

    def size(self, path: str) -> int:
        """The length of the file in bytes."""
        ...

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; none where there is no such folder."""
        ...

    def make_folder(self, path: str, *, private: bool) -> None:
        """Make a folder unless it is there; a private one is for its owner alone."""
        ...

    def write_new(self, path: str, data: bytes, *, private: bool) -> None:
        """Make a file that must not exist yet."""
        ...

    def write_many(self, files: Iterable[tuple[str, bytes]], *, private: bool) -> None:
        """Make many files that must not exist yet; it is `sync_all` that makes them durable."""
        ...

    def append(self, path: str, data: bytes) -> None:
        """Add bytes at the end of a file that exists."""
        ...

    def overwrite(self, path: str, start: int, data: bytes) -> None:
        """Write over bytes that exist; the length of the file stays."""
        ...

    def truncate(self, path: str, size: int) -> None:
        """Cut the file to `size` bytes."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give the file another name, in the place of whatever has that name now."""
        ...

    def remove(self, path: str) -> None:
        """Remove one file."""
        ...

    def sync_file(self, path: str) -> None:
        """Return when the bytes of the file would survive a power cut."""
        ...

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder would survive a power cut; "" is the log itself."""
        ...

    def sync_all(self) -> None:
        """Return when all that `write_many`, `rename` and `make_folder` did survives a power cut.

        It may have to write out what others wrote on the same disk, so it is for many files.
        """
        ...

    def lock(self) -> bool:
        """Become the one writer; False where another has the lock."""
        ...

    def close(self) -> None:
        """Release the lock and every open file."""
        ...


SCRATCH = "tmp"


def parent(path: str) -> str:
    """The folder that a path lies in; "" is the log's own folder."""
    return path.rpartition("/")[0]


def exists(disk: Disk, path: str) -> bool:
    """Whether there is such a file."""
    try:
        disk.size(path)
    except FileNotFoundError:
        return False
    return True


def make_folders(disk: Disk, path: str, *, private: bool) -> None:
    """Make a folder and those above it; each name is durable on return, old or new.

    One sync a level is paid; keep a note of what was made where many files follow.
    """
    above = ""
    for part in path.split("/"):
        here = f"{above}/{part}" if above else part
        disk.make_folder(here, private=private)
        disk.sync_folder(above)
        above = here


def place(disk: Disk, path: str, data: bytes, *, private: bool) -> None:
    """Put a whole file at `path`, in the place of what was there: all of it or nothing.

    The name is durable only after `sync_folder(parent(path))`, which is left to the caller so
    that many files in one folder cost one sync. LogDamaged where it reads back otherwise than
    written: it then gets no name, so that opening the log anew heals it.
    """
    scratch = f"{SCRATCH}/{hashlib.sha256(path.encode()).hexdigest()[:32]}"
    disk.write_new(scratch, data, private=private)
    disk.sync_file(scratch)
    if disk.read(scratch) != data:
        raise LogDamaged(f"{path} reads back otherwise than written, and was not put in its place")
    disk.rename(scratch, path)


def place_many(disk: Disk, files: Mapping[str, bytes], *, private: bool) -> None:
    """Put many whole files, each durable on return; two syncs of everything, whatever their number.

    The bytes are durable before any of them gets its name, so no name ever stands for a part.
    """
    scratch = {path: f"{SCRATCH}/{number}" for number, path in enumerate(files)}
    disk.write_many(((scratch[path], data) for path, data in files.items()), private=private)
    disk.sync_all()
    for path, here in scratch.items():
        disk.rename(here, path)
    disk.sync_all()


def place_durably(disk: Disk, path: str, data: bytes, *, private: bool) -> None:
    """Put a whole file at `path` and return when it would survive a power cut."""
    place(disk, path, data, private=private)
    disk.sync_folder(parent(path))


def clear_scratch(disk: Disk) -> None:
    """Remove what a crash left half written; it never had a name that anything refers to."""
    for name in disk.names(SCRATCH):
        disk.remove(f"{SCRATCH}/{name}")
