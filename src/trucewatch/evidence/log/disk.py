"""A folder of this machine as the log's disk; POSIX only, because of flock and folder fsync."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from trucewatch.evidence.log.storage import parent
from trucewatch.evidence.log.whole import WholeSync

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class FolderDisk:
    """The real disk. A file that was written stays open until it is synced.

    Linux reports a failed write-back to descriptors that were open at the time, so a file must
    be synced through the descriptor that wrote it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._base = str(root)
        self._written: dict[str, int] = {}
        self._journal: tuple[str, int] | None = None
        self._lock: int | None = None
        self._whole: WholeSync | None = None
        # Folders whose names `sync_all` must see to where there is no syncing the whole.
        self._touched: set[str] = set()

    @classmethod
    def make(cls, root: Path) -> FolderDisk:
        """Make the log's own folder, durably, where it is not there yet."""
        if not root.is_dir():
            root.mkdir(parents=True)
            _sync(root.parent)
        return cls(root)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        """The bytes from `start`; fewer than `length` at the end of the file."""
        with open(f"{self._base}/{path}", "rb") as file:  # noqa: PTH123 -- Path costs as much again
            if start:
                file.seek(start)
            return file.read() if length is None else file.read(length)

    def size(self, path: str) -> int:
        """The length of the file in bytes."""
        return (self._root / path).stat().st_size

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted; none where there is no such folder."""
        try:
            return sorted(os.listdir(self._root / folder))  # noqa: PTH208 -- names, not paths
        except FileNotFoundError:
            return []

    def make_folder(self, path: str, *, private: bool) -> None:
        """Make a folder unless it is there; a private one is for its owner alone."""
        (self._root / path).mkdir(mode=0o700 if private else 0o755, exist_ok=True)
        self._touch(path)

    def write_new(self, path: str, data: bytes, *, private: bool) -> None:
        """Make a file that must not exist yet."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        handle = os.open(self._root / path, flags, 0o600 if private else 0o644)
        self._written[path] = handle
        _write_all(handle, data)

    def write_many(self, files: Iterable[tuple[str, bytes]], *, private: bool) -> None:
        """Make many files that must not exist yet; none is kept open for a sync of its own.

        Where the whole file system cannot be synced, each is synced as it is written.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        mode = 0o600 if private else 0o644
        for path, data in files:
            handle = os.open(f"{self._base}/{path}", flags, mode)
            try:
                _write_all(handle, data)
                if self._whole is None:
                    os.fsync(handle)
            finally:
                os.close(handle)
            self._touch(path)

    def append(self, path: str, data: bytes) -> None:
        """Add bytes at the end of a file that exists; the file stays open for the next."""
        if self._journal is None or self._journal[0] != path:
            if self._journal is not None:
                os.close(self._journal[1])
                self._journal = None
            flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
            self._journal = (path, os.open(self._root / path, flags))
        _write_all(self._journal[1], data)

    def overwrite(self, path: str, start: int, data: bytes) -> None:
        """Write over bytes that exist; the length of the file stays."""
        handle = os.open(self._root / path, os.O_WRONLY | os.O_CLOEXEC)
        self._written[path] = handle
        os.lseek(handle, start, os.SEEK_SET)
        _write_all(handle, data)

    def truncate(self, path: str, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.truncate(self._root / path, size)

    def rename(self, old: str, new: str) -> None:
        """Give the file another name, in the place of whatever has that name now."""
        os.rename(f"{self._base}/{old}", f"{self._base}/{new}")  # noqa: PTH104 -- as in read
        self._touch(new)

    def remove(self, path: str) -> None:
        """Remove one file."""
        (self._root / path).unlink()

    def sync_file(self, path: str) -> None:
        """Return when the bytes of the file would survive a power cut."""
        if path in self._written:
            handle = self._written.pop(path)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        elif self._journal is not None and self._journal[0] == path:
            os.fsync(self._journal[1])
        else:
            _sync(self._root / path)

    def sync_folder(self, path: str) -> None:
        """Return when the names in the folder would survive a power cut; "" is the log itself."""
        _sync(self._root / path)

    def sync_all(self) -> None:
        """Return when all that `write_many`, `rename` and `make_folder` did survives a power cut.

        One call to the system where it can be relied on (see whole), else one for each folder.
        """
        if self._whole is not None:
            self._whole.sync()
        for path in sorted(self._touched):
            _sync(self._root / path)
        self._touched.clear()

    def _touch(self, path: str) -> None:
        """Note that a name in the folder of `path` is new, where `sync_all` goes by folders."""
        if self._whole is None:
            self._touched.add(parent(path))

    def lock(self) -> bool:
        """Become the one writer, by flock on the folder; False where another has the lock."""
        handle = os.open(self._root, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        # Open from here on, so that no failure of a later write goes by unseen.
        self._whole = WholeSync.of(self._root)
        return True

    def close(self) -> None:
        """Release the lock and every open file."""
        handles = [*self._written.values()]
        if self._journal is not None:
            handles.append(self._journal[1])
        if self._lock is not None:
            handles.append(self._lock)
        if self._whole is not None:
            self._whole.close()
        self._written, self._journal, self._lock, self._whole = {}, None, None, None
        for handle in handles:
            os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    """Write every byte: a short write is how a filling disk begins to fail."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
