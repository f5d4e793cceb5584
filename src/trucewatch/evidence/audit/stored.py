"""The files of payloads, hashed anew."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "payload"
_PIECE = 1 << 16


class StoredFile(NamedTuple):
    """A file under `payload/`: its path there, its length in bytes, and its SHA-256 (hex)."""

    where: str
    size: int
    digest: str


def stored_names(folder: Path) -> list[str]:
    """The folders and files directly in `payload/` of a log, sorted."""
    try:
        return sorted(os.listdir(folder / FOLDER))  # noqa: PTH208 -- names, not paths
    except FileNotFoundError:
        return []


def hash_stored(folder: Path, name: str) -> list[StoredFile]:
    """Hash every file of one folder in `payload/`, or one file, in the order of the names."""
    base = folder / FOLDER
    if (base / name).is_dir():
        return _hash_folder(f"{base}/", f"{name}/")
    return [_hash(f"{base}/", name)]


def _hash_folder(base: str, prefix: str) -> list[StoredFile]:
    found: list[StoredFile] = []
    with os.scandir(base + prefix) as entries:
        inside = sorted((entry.name, entry.is_dir()) for entry in entries)
    for name, is_folder in inside:
        if is_folder:
            found += _hash_folder(base, f"{prefix}{name}/")
        else:
            found.append(_hash(base, prefix + name))
    return found


def _hash(base: str, where: str) -> StoredFile:
    digest = hashlib.sha256()
    size = 0
    with open(base + where, "rb", buffering=0) as file:  # noqa: PTH123 -- Path costs as much again
        while data := file.read(_PIECE):
            digest.update(data)
            size += len(data)
    return StoredFile(where, size, digest.hexdigest())
