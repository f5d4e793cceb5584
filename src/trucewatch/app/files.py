"""Files written whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from trucewatch.errors import WriteFailed

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, body: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, and on disk before it is said to be there.

    Never writable by others than its owner, and for a private one not readable either, whatever
    the umask. Raises WriteFailed.
    """
    draft = draft_of(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(draft, flags, 0o600 if private else 0o644), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    except OSError as fault:
        raise WriteFailed(f"cannot write {path}: {fault.strerror}") from fault


def draft_of(path: Path) -> Path:
    """Where a file is written before it has its name; a crash may leave it there."""
    return path.with_name(f".{path.name}.part")


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder and those above it, unless they are there.

    Never writable by others, and a private one for its owner alone. Raises WriteFailed.
    """
    try:
        for folder in reversed([path, *path.parents]):
            if not folder.is_dir():
                folder.mkdir(mode=0o700 if private and folder == path else 0o755)
    except OSError as fault:
        raise WriteFailed(f"cannot make the folder {path}: {fault.strerror}") from fault


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
