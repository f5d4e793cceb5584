"""Syncing a whole file system at once: Linux's `syncfs`, where it can be relied on.

It is relied on from Linux 5.8 on, which reports there what a write-back lost since the descriptor
was opened (an older kernel says nothing of it), and on file systems that are known to carry it
through to the disk: on others (FUSE, 9p, network shares) it may return before anything is durable.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SINCE = (5, 8)
# The magic numbers of statfs(2): ext2 to ext4, XFS, Btrfs, F2FS, bcachefs, ZFS, overlay, tmpfs.
_KINDS = frozenset(
    (0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0xCA451A4E, 0x2FC12FC1, 0x794C7630, 0x01021994)
)
_STATFS_BYTES = 256


class WholeSync:
    """A descriptor through which everything on a file system is synced; make it with `of`."""

    def __init__(self, libc: ctypes.CDLL, handle: int) -> None:
        self._libc = libc
        self._handle = handle

    @classmethod
    def of(cls, root: Path) -> WholeSync | None:
        """The file system of a folder; None where syncing it whole cannot be relied on.

        A folder directly inside that lies on another file system is such a case. Keep it open
        from before the first write on: an earlier failure is not told to it.
        """
        if platform.system() != "Linux" or _kernel(platform.release()) < _SINCE:
            return None
        libc = ctypes.CDLL(None, use_errno=True)
        if not (hasattr(libc, "syncfs") and hasattr(libc, "fstatfs")):
            return None
        devices = {path.stat().st_dev for path in (root, *root.iterdir()) if path.is_dir()}
        handle = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
        if len(devices) != 1 or _kind(libc, handle) not in _KINDS:
            os.close(handle)
            return None
        return cls(libc, handle)

    def sync(self) -> None:
        """Return when every byte and name on the file system would survive a power cut."""
        if self._libc.syncfs(self._handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    def close(self) -> None:
        """Let go of the descriptor."""
        os.close(self._handle)


def _kernel(release: str) -> tuple[int, int]:
    """Major and minor number of a kernel; zeros where its name does not begin with them."""
    found = re.match(r"(\d{1,6})\.(\d{1,6})", release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _kind(libc: ctypes.CDLL, handle: int) -> int:
    """The magic number of a file system: the first word of `struct statfs`; -1 if unknown."""
    found = ctypes.create_string_buffer(_STATFS_BYTES)
    if libc.fstatfs(handle, found) != 0:
        return -1
    return int(ctypes.c_long.from_buffer(found).value) & 0xFFFFFFFF
